"""From timed turns to medians and ratios; pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from visualnn.bench.competitor import FAMILIES, OURS, Competitor
from visualnn.bench.workload import Workload


class Sample(NamedTuple):
    """One timed turn."""

    us: float  # wall time of an update, in microseconds
    updates: int
    cpu: float  # CPUs that the competitor used
    others: float | None  # CPUs that everybody else used; None where nobody says


@dataclass(frozen=True, slots=True)
class Standing:
    """What one competitor reached."""

    competitor: Competitor
    samples: list[Sample] = field(default_factory=list)

    @property
    def us(self) -> float:
        """The median."""
        return median(sample.us for sample in self.samples)

    @property
    def others(self) -> float | None:
        """The median load by others; None where nobody says."""
        known = [sample.others for sample in self.samples if sample.others is not None]
        return median(known) if known else None


@dataclass(frozen=True, slots=True)
class Result:
    """What came out for one workload."""

    workload: Workload
    standings: list[Standing]
    peaks: dict[int, list[float]] = field(default_factory=dict)  # by threads: floating-point operations per second

    def best(self, family: str) -> Standing | None:
        """The fastest configuration of a family; None if it did not take part."""
        return fastest(standing for standing in self.standings if standing.competitor.family == family)

    @property
    def ratios(self) -> dict[str, float]:
        """How many times longer than we each family takes; below 1 it is faster."""
        ours = self.best(OURS)
        if ours is None:
            return {}
        bests = {family: best for family in FAMILIES[1:] if (best := self.best(family)) is not None}
        return {family: best.us / ours.us for family, best in bests.items()}

    def share(self, standing: Standing) -> float | None:
        """Of the machine's peak on as many threads; None where that is not known."""
        peaks = self.peaks.get(standing.competitor.threads)
        return flops(self.workload, standing.us) / median(peaks) if peaks else None


def fastest(standings: Iterable[Standing]) -> Standing | None:
    """The one with the smallest median, among those that were timed at all."""
    return min((standing for standing in standings if standing.samples), key=lambda s: s.us, default=None)


def flops(workload: Workload, us: float) -> float:
    """Floating-point operations per second in the matrix products, if an update takes `us` microseconds."""
    return workload.flops / us * 1e6


def turn_order(count: int, round_number: int) -> Sequence[int]:
    """Who comes when in a round: forwards, then backwards, so that nobody always follows the same neighbour."""
    return range(count) if round_number % 2 == 0 else range(count - 1, -1, -1)
