"""A run so far, with all that is known of it: what its trouble is told from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from visualnn.engine.report import Report
from visualnn.nn.network import Vector
from visualnn.nn.readings import NO_READINGS, Readings
from visualnn.nn.training import Snapshot
from visualnn.project import Project

JUMPED = 2.0  # times: a loss that rose more in one go has jumped
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


class Jump(NamedTuple):
    """A loss that rose from update to update."""

    first: int  # the update before which it began
    last: int
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class Course:
    """A project, where its run is, and what was measured; `start` None: random weights of the seed."""

    project: Project
    snapshot: Snapshot
    report: Report | None = None
    readings: Readings = NO_READINGS
    start: Vector | None = None
    rates: tuple[tuple[int, float], ...] = ()  # from which update on which rate was set

    @cached_property
    def losses(self) -> Vector:
        """Of the run so far, the present one last."""
        return np.append(self.snapshot.curve.losses, self.snapshot.loss)

    @cached_property
    def updates(self) -> NDArray[np.int64]:
        """The update each of them belongs to."""
        return np.append(self.snapshot.curve.updates, self.snapshot.update)

    def rate_at(self, update: int) -> float:
        """The rate that was set when this update was done."""
        rates = [rate for first, rate in self.rates if first <= update]
        return rates[-1] if rates else self.project.options.optimizer.rate

    @cached_property
    def jump(self) -> Jump | None:
        """The rise to the highest loss there was; None if it is no jump."""
        losses = np.where(np.isfinite(self.losses), self.losses, -np.inf)
        last = first = int(losses.argmax())
        while first > 0 and losses[first - 1] < losses[first]:
            first -= 1
        before, after = float(losses[first]), float(losses[last])
        if first == last or not after > JUMPED * before:
            return None
        return Jump(int(self.updates[first]), int(self.updates[last]), before, after)

    @property
    def loss_name(self) -> str:
        """What the curve shows: with small batches each loss is that of one."""
        size = self.project.options.batch_size
        return "batch loss" if size is not None and size < self.project.data.rows else "loss"


def counted(count: int, noun: str) -> str:
    """Two steps, 30 steps."""
    return f"{in_words(count)} {noun}{'' if count == 1 else 's'}"


def in_words(count: int) -> str:
    """Small numbers as words."""
    return COUNTS[count] if count < len(COUNTS) else f"{count:,}"
