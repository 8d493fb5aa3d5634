"""Where the lines of a field run: neurons to rows of the transform, and its lines to pixels.

Every column of neurons has as many rows as the transform has points, or nearly so, and a pitch of its own: the left
neuron in row i and the right one in row j are joined at height (1 − s)(yₗ + i·gₗ) + s(yᵣ + j·gᵣ). With k the row whose
step is the longer one there and m the other, a line of the transform is k + r·m for one slope r ≤ 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.kernels.curve import Columns

FEWEST, MOST = 256, 2048  # points
FRACTION = 24  # bits after the point of a line's number
FARTHEST = 1e7  # px


@dataclass(frozen=True)
class Side:
    """One column of neurons: where its rows are."""

    rows: NDArray[np.int32]  # of each neuron
    count: int  # rows that are used
    first: float  # y of row 0
    pitch: float  # px from row to row; 0 where there is but one

    @classmethod
    def of(cls, neurons: int, first: float, step: float, points: int) -> Side:
        """Whole numbers of rows from neuron to neuron, unless that leaves a third of the points unused."""
        gaps = max(neurons - 1, 1)
        whole = (points - 1) // gaps * gaps + 1
        count = 1 if neurons == 1 else whole if 3 * whole >= 2 * points else points
        rows = np.arange(neurons) * (2 * (count - 1)) // gaps + 1 >> 1
        return cls(rows.astype(np.int32), count, first, step * gaps / (count - 1) if count > 1 else 0.0)


class Lines(NamedTuple):
    """For each pixel column the lines that its pixels show: pixel i shows `window` lines from (i·per_pixel + start)."""

    turns: NDArray[np.bool_]  # left rows have the longer step: a line of the transposed matrix
    slopes: NDArray[np.int64]  # the line's whole displacement, in rows
    per_pixel: NDArray[np.int64]  # lines, with FRACTION bits
    start: NDArray[np.int64]
    windows: NDArray[np.int64]
    tops: NDArray[np.int64]  # the first pixel that shows a line
    bottoms: NDArray[np.int64]  # the one after the last


def points_for(height: float) -> int:
    """How many rows keep lines within a pixel of their place, for columns of neurons that are `height` px high."""
    wanted = FEWEST
    while wanted < min(height, MOST):
        wanted *= 2
    return wanted


def lines(columns: Columns, left: Side, right: Side, points: int, height: int) -> Lines:
    """The lines of all pixel columns; `height` is the buffer's."""
    s = columns.s.astype(np.float64)
    steps = (1 - s) * (left.pitch or right.pitch or 1.0), s * (right.pitch or left.pitch or 1.0)
    turns = steps[0] >= steps[1]
    step = np.maximum(np.maximum(*steps), 1 / points)
    displacement = np.minimum(*steps) / step * (points - 1)
    slopes = np.rint(displacement).astype(np.int64)
    other = np.where(turns, right.count, left.count) - 1
    center = slopes - (slopes - displacement) * other / (2 * (points - 1))  # a slope is rounded about the middle
    base = (1 - s) * left.first + s * right.first + step * center
    dense = step <= 1
    start = np.where(dense, 1 - base / step, (0.5 - base) / step + 0.5)
    windows = np.where(dense, np.ceil(1 / step), 1).astype(np.int64)
    fixed = _fixed(1 / step), _fixed(start) - dense
    return Lines(turns, slopes, *fixed, windows, *_seen(*fixed, slopes, windows, points, height))


def _fixed(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.rint(np.ldexp(numbers, FRACTION)).astype(np.int64)


def _seen(
    per_pixel: NDArray[np.int64],
    start: NDArray[np.int64],
    slopes: NDArray[np.int64],
    windows: NDArray[np.int64],
    points: int,
    height: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first pixel that shows a line between −slope and the last point, and the one after the last such pixel."""
    lowest, beyond = (1 - slopes - windows) << FRACTION, points << FRACTION
    tops, bottoms = (-((start - edge) // per_pixel) for edge in (lowest, beyond))
    return np.clip(tops, 0, height), np.clip(bottoms, 0, height)
