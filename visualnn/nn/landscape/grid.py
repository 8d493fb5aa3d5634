"""Heights over a window: a coarse picture first, then finer ones, in portions between which one may stop.

The places of a coarse picture are those of every second row and column of the finer one, so nothing is computed twice:
25, 49, 97. Who wants no more lets the generator go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from visualnn.nn.errors import VisualNNError
from visualnn.nn.landscape.window import Window
from visualnn.nn.network import Matrix, Vector

COARSEST = 25  # places along a side of the first picture, at least
LARGEST = 2001
WORK = 2**23  # multiplications of a portion, some milliseconds
MOST_POINTS = 2048  # of a portion


class Heights(Protocol):
    """Anything with a height everywhere: a `surfaces.Classic`, a `ground.Ground`."""

    def heights(self, xs: Vector, ys: Vector) -> Vector:
        """The losses at these points."""
        ...


@dataclass(frozen=True, eq=False)
class Grid:
    """The heights over a window, row by row from its lower edge. Compared by identity; the array is read-only."""

    window: Window
    heights: Matrix  # (size, size); what is not finite is so

    def __post_init__(self) -> None:
        self.heights.setflags(write=False)

    @property
    def size(self) -> int:
        """Places along a side."""
        return len(self.heights)

    @cached_property
    def xs(self) -> Vector:
        """Where its columns are."""
        return self.window.xs(self.size)

    @cached_property
    def ys(self) -> Vector:
        """Where its rows are."""
        return self.window.ys(self.size)

    @cached_property
    def unknown(self) -> int:
        """Places whose height is not a finite number."""
        return int((~np.isfinite(self.heights)).sum())

    @cached_property
    def lowest(self) -> tuple[float, float, float] | None:
        """x, y and height of the lowest place; None where no height is finite."""
        if self.unknown == self.heights.size:
            return None
        row, column = np.unravel_index(
            np.nanargmin(np.where(np.isfinite(self.heights), self.heights, np.nan)), self.heights.shape
        )
        return float(self.xs[column]), float(self.ys[row]), float(self.heights[row, column])

    @property
    def is_flat(self) -> bool:
        """Whether all heights are the same to twelve digits, as where a neuron is dead."""
        known = self.heights[np.isfinite(self.heights)]
        return bool(known.size and np.ptp(known) <= 1e-12 * np.abs(known).max())


@dataclass(frozen=True, eq=False, slots=True)
class Portion:
    """How far a survey is; with a picture where one has become whole."""

    done: int  # places
    places: int
    grid: Grid | None = None


def survey(surface: Heights, window: Window, size: int = 97) -> Iterator[Portion]:
    """The heights in portions; the last one holds the grid of `size` places along a side."""
    if not 2 <= size <= LARGEST:
        raise VisualNNError(f"A grid has from 2 to {LARGEST:,} places along a side, not {size:,}.")
    xs, ys = window.xs(size), window.ys(size)
    heights, known = np.full((size, size), np.nan), np.zeros((size, size), dtype=np.bool_)
    portion, done = portion_of(surface), 0
    for stride in strides(size):
        wanted = np.zeros_like(known)
        wanted[::stride, ::stride] = True
        rows, columns = np.nonzero(wanted & ~known)
        for first in range(0, rows.size, portion):
            these = rows[first : first + portion], columns[first : first + portion]
            heights[these] = surface.heights(xs[these[1]], ys[these[0]])
            done += these[0].size
            if first + portion < rows.size:
                yield Portion(done, heights.size)
        known |= wanted
        yield Portion(done, heights.size, Grid(window, heights[::stride, ::stride].copy()))


def losses(surface: Heights, window: Window, size: int = 97) -> Grid:
    """The heights, all at once."""
    *_before, last = survey(surface, window, size)
    assert last.grid is not None
    return last.grid


def strides(size: int) -> list[int]:
    """From the coarsest picture to the finest: how many places of the finest lie from one to the next."""
    stride = 1
    while (size - 1) % (2 * stride) == 0 and (size - 1) // (2 * stride) + 1 >= COARSEST:
        stride *= 2
    return [stride >> k for k in range(stride.bit_length())]


def portion_of(surface: Heights) -> int:
    """How many points are computed between two looks up."""
    cost = getattr(surface, "cost", 1)
    return int(max(1, min(MOST_POINTS, WORK // max(1, cost))))
