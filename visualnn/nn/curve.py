"""A bounded record of the losses of a run, that one thread writes while others read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Vector

CURVE_CAPACITY = 65_536


@dataclass(frozen=True, eq=False, slots=True)
class CurveView:
    """A curve as it was at one update: its numbers never change again. Reading it costs no copy."""

    losses: Vector  # loss[0], loss[stride], loss[2·stride], …
    stride: int

    @property
    def updates(self) -> NDArray[np.int64]:
        """The update each loss belongs to."""
        return np.arange(len(self.losses), dtype=np.int64) * self.stride


class LossCurve:
    """Every `stride`-th loss of a run. When `capacity` is full, every second one goes and the stride doubles.

    One thread writes; others may call `view`. Numbers that have been written are never overwritten in place: thinning
    and growing make a new table, so a view stays right.
    """

    def __init__(self, capacity: int | None = CURVE_CAPACITY) -> None:
        self.capacity = capacity
        self.era = 0
        self.clear()

    def clear(self) -> None:
        """Empty, with a new era."""
        self.era += 1
        size = 1024 if self.capacity is None else min(self.capacity, 1024)
        self._table = (self.era, 1, np.full(size, np.nan))

    @property
    def stride(self) -> int:
        """Updates from one kept loss to the next."""
        return self._table[1]

    @property
    def values(self) -> Vector:
        """The table a kernel writes into: ``loss[t]`` at ``t // stride`` for each t divisible by the stride."""
        return self._table[2]

    def room(self, update: int) -> int:
        """Makes room, and says how many updates from `update` on can be recorded before it must be asked again."""
        era, stride, values = self._table
        while update >= len(values) * stride:
            if self.capacity is None or 2 * len(values) <= self.capacity:
                values = np.concatenate([values, np.full_like(values, np.nan)])
            else:
                values = np.concatenate([values[::2], np.full_like(values[1::2], np.nan)])
                stride *= 2
        self._table = (era, stride, values)
        return len(values) * stride - update

    def cut(self, update: int) -> None:
        """Forgets the losses from an update on, in a new era; what was seen of them stays as it was."""
        _era, stride, values = self._table
        self._begin(stride, values, -(-update // stride))

    def take(self, view: CurveView) -> None:
        """Goes on where another curve was, in a new era."""
        size = max(1024, len(view.losses))
        self._begin(view.stride, np.resize(view.losses, 1 << (size - 1).bit_length()), len(view.losses))

    def _begin(self, stride: int, values: Vector, known: int) -> None:
        """A table of its own with the first `known` of these values."""
        own = np.full_like(values, np.nan)
        own[:known] = values[:known]
        self.era += 1
        self._table = (self.era, stride, own)

    def view(self, update: int, era: int | None = None) -> CurveView | None:
        """The losses before `update`; None if they belong to another era than `era`."""
        now, stride, values = self._table
        if era is not None and era != now:
            return None
        view = values[: -(-update // stride)]
        view.setflags(write=False)
        return CurveView(view, stride)
