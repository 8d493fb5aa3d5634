"""The losses of a run as a curve to draw, with the axes they need."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Vector
from visualnn.scene.formula import MINUS, number
from visualnn.scene.scales import Scale, loss_scale, update_scale

EMPTY = "Press play to train."

Updates = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Record:
    """A run's losses up to now, the latest as the last entry, and the axes they need."""

    updates: Updates = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    losses: Vector = field(default_factory=lambda: np.empty(0))
    goal: float | None = None
    is_log: bool = True

    @cached_property
    def across(self) -> Scale:
        """The axis of updates."""
        return update_scale(int(self.updates[-1]) if self.updates.size else 0)

    @cached_property
    def up(self) -> Scale:
        """The axis of losses."""
        known = self.losses[np.isfinite(self.losses) & ((self.losses > 0) | (not self.is_log))]
        low, high = (float(known.min()), float(known.max())) if known.size else (0.1, 1.0)
        return loss_scale(low, high, self.is_log)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been trained."""
        return not self.updates.size or self.updates[-1] == 0

    def nearest(self, update: float) -> int | None:
        """The index of the recorded update nearest to this one."""
        if not self.updates.size:
            return None
        after = int(np.searchsorted(self.updates, update))
        candidates = [i for i in (after - 1, after) if 0 <= i < self.updates.size]
        return min(candidates, key=lambda i: abs(float(self.updates[i]) - update))

    def until(self, update: int, loss: float) -> Record:
        """The losses recorded before an update, and that one's as the latest."""
        before = int(np.searchsorted(self.updates, update))
        updates, losses = np.append(self.updates[:before], update), np.append(self.losses[:before], loss)
        return replace(self, updates=updates, losses=losses)

    def label(self, index: int) -> str:
        """A point in words."""
        return f"{significant(float(self.losses[index]))} at update {self.updates[index]:,}"

    def sentence(self) -> str:
        """The latest point in words."""
        if self.is_empty:
            return EMPTY
        return f"Update {self.updates[-1]:,}: loss {significant(float(self.losses[-1]))}"

    def broken_at(self) -> int | None:
        """The first update whose loss is no longer a number."""
        broken = np.flatnonzero(~np.isfinite(self.losses))
        return int(self.updates[broken[0]]) if broken.size else None


def thinned(x: Updates, y: Vector, end: float, columns: int) -> tuple[Vector, Vector]:
    """At most two points for each of `columns` equal parts of 0 … `end`, its lowest and its highest: no spike is lost.

    `x` must rise. What is not a finite number is left out; a part with nothing else becomes a NaN, a gap in the line.
    """
    y = np.where(np.isfinite(y), y, np.nan)
    if x.size <= 2 * columns and _sparse(x, end, columns):
        return x.astype(np.float64), y
    starts = np.unique(np.searchsorted(x, np.arange(columns) * (end / columns)))
    starts = starts[starts < x.size]
    low, high = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    last = np.append(starts[1:], x.size) - 1
    falls = y[starts] > y[last]
    thin_y = np.column_stack([np.where(falls, high, low), np.where(falls, low, high)]).ravel()
    thin_x = np.column_stack([x[starts], x[last]]).ravel().astype(np.float64)
    kept = np.ones(thin_x.size, dtype=bool)
    kept[1::2] = last > starts
    return thin_x[kept], thin_y[kept]


def _sparse(x: Updates, end: float, columns: int) -> bool:
    """Whether no part has more than two points as it is."""
    return x.size < 3 or bool(((x[2:] - x[:-2]) * columns >= end).all())


def significant(value: float, digits: int = 4) -> str:
    """`value` with exactly so many significant digits: 0.1492, 26.04, 3.100e−6."""
    if value == 0 or not isfinite(value):
        return number(value, 0)
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -5 < power < 6:
        return f"{value:,.{max(0, digits - 1 - power)}f}".replace("-", MINUS)
    return f"{mantissa}e{power}".replace("-", MINUS)
