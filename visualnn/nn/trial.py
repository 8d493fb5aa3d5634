"""A short run beside the real one: would the network learn with other options?

Whoever offers to mend a training has tried it first. The work is bounded; nobody waits meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from visualnn.nn.data import Dataset
from visualnn.nn.diagnosis import dead_units
from visualnn.nn.errors import VisualNNError
from visualnn.nn.mask import Mask
from visualnn.nn.network import Network, Vector
from visualnn.nn.options import Options
from visualnn.nn.statistics import statistics
from visualnn.nn.training import Stop, Training

WORK = 2**26  # multiplications of one trial, about a tenth of a second: there may be twenty
FEWEST = 20  # updates that say something
MOST = 1_000
FALLS = 0.9  # of the first loss: what has fallen less in a trial has not learned

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Ground:
    """What a trial begins with: a network, rows, what is switched off, and weights (None: those of the options)."""

    network: Network
    data: Dataset
    start: Vector | None = None
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """How a short run went."""

    updates: int
    first: float  # loss over all rows
    last: float
    blocked: bool  # a layer is 0 for all rows: nothing before it can learn

    @property
    def learned(self) -> bool:
        """Whether going on is worth it."""
        return bool(np.isfinite(self.last)) and self.last <= FALLS * self.first and not self.blocked


def affordable(network: Network, data: Dataset, options: Options) -> int:
    """Updates of a trial, 0 where so few are possible that they say nothing."""
    batch = min(options.batch_size or data.rows, data.rows)
    room = WORK - 4 * network.parameter_count * data.rows  # the loss is looked at twice
    updates = room // (3 * network.parameter_count * batch)
    return min(MOST, updates) if updates >= FEWEST else 0


@np.errstate(all="ignore")  # it may explode
def trial(ground: Ground, options: Options, updates: int) -> Trial | None:
    """Up to so many updates; None where too few are affordable."""
    updates = min(updates, affordable(ground.network, ground.data, options))
    if not updates:
        return None
    training = Training(ground.network, ground.data, options, ground.start, mask=ground.mask)
    first, stop = training.full_loss(), training.run(updates)
    last = np.inf if stop is Stop.DIVERGED else training.full_loss()
    return Trial(updates, first, last, is_blocked(ground, training.parameters, options.loss))


def is_blocked(ground: Ground, parameters: Vector, loss: str) -> bool:
    """Whether a layer is 0 for all rows, so that no slope gets through."""
    seen = statistics(ground.network, parameters, np.zeros_like(parameters), ground.data, loss, mask=ground.mask)
    dead = dead_units(ground.network, seen)
    return dead is not None and dead.blocked is not None


def first_that_works(candidates: Iterable[T], tried: Callable[[T], Trial | None], below: float = np.inf) -> T | None:
    """The first candidate whose trial learns and ends below a loss; the very first where trials are not affordable."""
    for candidate in candidates:
        try:
            found = tried(candidate)
        except VisualNNError:
            continue  # such options cannot train
        if found is None or (found.learned and found.last < below):
            return candidate
    return None
