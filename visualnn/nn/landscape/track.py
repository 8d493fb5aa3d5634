"""Where a runner of a race has been so far: what moved, how high it was, and what its optimizer remembered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix, Vector
from visualnn.nn.options import Options
from visualnn.nn.training import Stop


@dataclass(frozen=True, eq=False)
class Track:
    """A run, moment by moment. Compared by identity; the arrays are read-only.

    `places` are what moves: the two numbers of a surface of two, or all parameters of a network. Of a long run of a
    large network not every update is kept; the first and the last always are.
    """

    options: Options
    updates: NDArray[np.int64]  # (moments,), rising from 0
    places: Matrix  # (moments, 2) or (moments, parameters)
    losses: Vector  # (moments,), true: over all rows, without penalties
    slopes: Matrix | None = None  # (moments, 2), as the optimizer gets them for the next update; None of a network
    memory: NDArray[np.float64] | None = None  # (moments, slots, 2), what it remembers then; None of a network
    stop: Stop | None = None  # why it went no further; None: it could
    rates: Vector | None = None  # (moments,), of the next update, its schedule included; None of a network

    def __post_init__(self) -> None:
        for array in (self.updates, self.places, self.losses, self.slopes, self.memory, self.rates):
            if array is not None:
                array.setflags(write=False)

    @property
    def last(self) -> int:
        """The last update that is known."""
        return int(self.updates[-1])

    def moment(self, update: int) -> int:
        """The number of the last moment that is not after an update."""
        return max(0, int(np.searchsorted(self.updates, update, side="right")) - 1)

    def first_below(self, level: float) -> int | None:
        """The first update whose loss is known to be below a level."""
        with np.errstate(invalid="ignore"):
            below = np.flatnonzero(self.losses < level)
        return int(self.updates[below[0]]) if below.size else None
