"""From timed turns to medians, ratios and verdicts; pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from visualnn.bench.gpu.cases import Case
from visualnn.bench.gpu.goals import verdicts
from visualnn.bench.table import significant, times

OURS, CPU, EAGER, GRAPH = "gpu", "cpu", "eager", "graph"
FRAME_US = 16_000.0

Values = Mapping[str, Any]
Samples = list[dict[str, Any]]  # what `turns.Watch.turn` said, one after another


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out for one case: the turns of everybody who took part, by name; ours are of all networks at once."""

    case: Case
    samples: dict[str, Samples] = field(default_factory=dict)
    prepared: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def us(self, name: str) -> float | None:
        """The median for an update of one network; None for who did not take part."""
        found: list[float] = [sample["us"] for sample in self.samples.get(name, ())]
        if not found:
            return None
        return median(found) / (self.case.networks if name in (OURS, CPU) else 1)

    @property
    def graph_us(self) -> float | None:
        """The better one of PyTorch's graphs."""
        found = [self.us(name) for name in self.samples if name.startswith(GRAPH)]
        return min((us for us in found if us is not None), default=None)

    def measured(self, others: Sequence[Values] = ()) -> dict[str, float]:
        """What the goals are about; only what is known. `others` are the `values` of the cases before this one."""
        ours = self.us(OURS)
        if ours is None:
            return {}
        rivals = {EAGER: self.us(EAGER), GRAPH: self.graph_us, CPU: self.us(CPU)}
        found = {name: us / ours for name, us in rivals.items() if us is not None}
        found |= {"us": ours, "updates_per_s": 1e6 / ours, "updates_per_frame": FRAME_US / (ours * self.case.networks)}
        if self.case.large:
            found["tflops"] = self.case.workload.flops / ours * 1e-6
        alone, exact = _us_of(others, "tiny"), _us_of(others, "wide")
        if self.case.networks > 1 and alone is not None:
            found["alone"] = alone / ours / self.case.networks
        if self.case.tf32 and exact is not None:
            found["float32"] = exact / ours
        return found

    def values(self, others: Sequence[Values] = ()) -> dict[str, Any]:
        """For JSON, with every turn."""
        measured = self.measured(others)
        return {
            "name": self.case.name,
            "what": self.case.describe(),
            **self.case.values(),
            "flops": self.case.workload.flops,
            "floor_us": self.case.floor_us,
            "us_per_update": {name: self.us(name) for name in self.samples},
            "call_ms": _median(self.samples.get(OURS, []), "call_ms"),
            "measured": measured,
            "goals": verdicts(self.case.goals, measured),
            "prepared": self.prepared,
            "samples": self.samples,
            "errors": self.errors,
        }


def advice(outcome: Outcome) -> str:
    """CPU or GPU: one sentence; empty where one of them is not known."""
    ours, cpu = outcome.us(OURS), outcome.us(CPU)
    if ours is None or cpu is None:
        return ""
    both = f"An update takes {significant(ours)} µs on the GPU, {significant(cpu)} on the processor"
    if cpu > 1.1 * ours:
        return f"{both}: the GPU is {times(cpu / ours)} as fast."
    if ours > 1.1 * cpu:
        return f"{both}: the GPU does not pay here."
    return f"{both}: it makes no difference."


def _us_of(others: Sequence[Values], name: str) -> float | None:
    return next((other["measured"].get("us") for other in others if other["name"] == name), None)


def _median(samples: Samples, key: str) -> float | None:
    return median(sample[key] for sample in samples) if samples else None
