"""What is written down of a descent, moment by moment; read as arrays, at any time and at hardly any price.

A moment is one tuple in a list. Arrays that are handed out are views of larger ones, of which only places further on
are ever written, so that they never change.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix, Vector

ROOM = 64  # moments at first
LOSS, RATE, X, Y, BY_X, BY_Y, MEMORY = range(7)  # of a moment; of the memory x comes before y, slot by slot

Moment = tuple[float, ...]


class Pages(NamedTuple):
    """All that is written, one column after the other."""

    updates: NDArray[np.int64]  # (moments,)
    places: Matrix  # (moments, 2)
    losses: Vector  # (moments,)
    slopes: Matrix  # (moments, 2)
    memory: NDArray[np.float64]  # (moments, slots, 2)
    rates: Vector  # (moments,), of the next update

    def until(self, end: int) -> Pages:
        """So many moments, read-only."""
        updates, places, losses, slopes, memory, rates = self
        views = Pages(updates[:end], places[:end], losses[:end], slopes[:end], memory[:end], rates[:end])
        for view in views:
            view.setflags(write=False)
        return views


class Logbook:
    """One moment for each update. For one thread; what was read belongs to any."""

    def __init__(self, slots: int) -> None:
        self._fresh: list[Moment] = []
        self._written = 0
        self._pages = _blank(ROOM, slots)
        self.write = self._fresh.append

    def read(self) -> Pages:
        """All moments so far."""
        first, self._written = self._written, self._written + len(self._fresh)
        if self._fresh:
            self._make_room()
            self._enter(np.array(self._fresh), slice(first, self._written))
            self._fresh.clear()
        return self._pages.until(self._written)

    def _make_room(self) -> None:
        room = len(self._pages.updates)
        if self._written > room:
            old, self._pages = self._pages, _blank(max(2 * room, self._written), self._pages.memory.shape[1])
            for page, known in zip(self._pages, old, strict=True):
                page[:room] = known

    def _enter(self, moments: Matrix, rows: slice) -> None:
        pages = self._pages
        pages.losses[rows], pages.rates[rows] = moments[:, LOSS], moments[:, RATE]
        pages.places[rows], pages.slopes[rows] = moments[:, X:BY_X], moments[:, BY_X:MEMORY]
        pages.memory[rows] = moments[:, MEMORY:].reshape(len(moments), -1, 2)


def _blank(room: int, slots: int) -> Pages:
    pair, one = (room, 2), room
    updates = np.arange(room, dtype=np.int64)
    return Pages(updates, np.empty(pair), np.empty(one), np.empty(pair), np.empty((room, slots, 2)), np.empty(one))
