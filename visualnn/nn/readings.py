"""How well a network did as it learned, measured now and then: a value that the engine's gauge makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Vector

COLUMNS = ("train_loss", "test_loss", "train_right", "test_right", "train_miss", "test_miss")


@dataclass(frozen=True, eq=False, slots=True)
class Readings:
    """A value of each kind for every update at which there was a reading; NaN where there is nothing to measure."""

    updates: NDArray[np.int64]
    train_loss: Vector  # over all rows, without dropout
    test_loss: Vector
    train_right: Vector  # shares of the rows, 0 to 1
    test_right: Vector
    train_miss: Vector  # mean absolute errors
    test_miss: Vector

    @classmethod
    def of(cls, updates: NDArray[np.int64], values: NDArray[np.float64]) -> Readings:
        """From a table with a column a reading, its rows in the order of `COLUMNS`."""
        return cls(updates, *values)

    def chosen(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Readings:
        """Some of them."""
        return Readings(self.updates[rows], *(getattr(self, column)[rows] for column in COLUMNS))

    def thinned(self, most: int) -> Readings:
        """At most so many, evenly taken, the last among them."""
        count = len(self.updates)
        if count <= most:
            return self
        return self.chosen(np.unique(np.linspace(0, count - 1, most).round().astype(np.intp)))


NO_READINGS = Readings.of(np.empty(0, dtype=np.int64), np.empty((len(COLUMNS), 0)))
