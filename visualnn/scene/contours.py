"""Lines along which a grid has one value.

Grids are (rows, columns) with the first row at the top; points are x and y in columns and rows.
"""

from __future__ import annotations

from math import floor, isfinite

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix
from visualnn.scene.scales import nice_step

TOP, RIGHT, BOTTOM, LEFT = range(4)
EDGE_STARTS = np.array([(0, 0), (0, 1), (1, 0), (0, 0)])  # row and column of an edge's start, seen from its cell
EDGE_ENDS = np.array([(0, 1), (1, 1), (1, 1), (1, 0)])


def contour_levels(largest: float, most: int = 5) -> tuple[float, ...]:
    """Round values from −`largest` to `largest`, 0 among them."""
    if not (isfinite(largest) and largest > 0):
        return (0.0,)
    step = nice_step(2 * largest, most, (1.0, 2.0, 4.0, 5.0))
    count = floor(largest / step + 1e-9)
    return tuple(k * step for k in range(-count, count + 1))


def contour(grid: Matrix, level: float) -> NDArray[np.float64]:
    """Where a grid passes through `level`, as segments (n, 2 ends, x and y) in columns and rows; marching squares.

    A saddle cell is cut as its mean value says. Cells with a number that is not finite stay empty, and so does the edge
    of a plain that lies exactly at the level, such as that of ReLUs which are all closed.
    """
    above = grid > level
    along = above[:, 1:] != above[:, :-1]  # crossings between neighbours in a row
    down = above[1:] != above[:-1]  # in a column
    crossed = np.stack([along[:-1], down[:, 1:], along[1:], down[:, :-1]])  # top, right, bottom, left of every cell
    count = crossed.sum(axis=0, dtype=np.int8)
    equal = grid == level
    if equal.any():
        count[_beside_plain(equal)] = 0
    plain = np.argwhere(count == 2)
    edges = np.nonzero(crossed[:, plain[:, 0], plain[:, 1]].T)[1].reshape(-1, 2)
    saddles = np.argwhere(count == 4)
    if saddles.size:
        more, pairs = _cut_saddles(grid, above, saddles, level)
        plain, edges = np.concatenate([plain, more]), np.concatenate([edges, pairs])
    ends = np.stack([_crossing(grid, plain, edges[:, k], level) for k in (0, 1)], axis=1)
    return np.asarray(ends[np.isfinite(ends).all(axis=(1, 2))])


def joined(segments: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Segments that share ends as lines of points; a closed line ends where it begins."""
    segments = segments[(segments[:, 0] != segments[:, 1]).any(axis=1)]
    points, numbers = np.unique(segments[..., 0].ravel() + 1j * segments[..., 1].ravel(), return_inverse=True)
    ends = numbers.reshape(-1, 2).tolist()
    at: list[list[int]] = [[] for _ in range(len(points))]
    for index, (a, b) in enumerate(ends):
        at[a].append(index)
        at[b].append(index)
    free = [True] * len(ends)
    starts = [index for index, (a, b) in enumerate(ends) if len(at[a]) == 1 or len(at[b]) == 1]
    lines = [_walk(index, ends, at, free) for index in (*starts, *range(len(ends))) if free[index]]
    return [np.column_stack([points[line].real, points[line].imag]) for line in lines]


def _walk(index: int, ends: list[list[int]], at: list[list[int]], free: list[bool]) -> list[int]:
    """The points of a line that begins with a segment, at its loose end if it has one; its segments are not free."""
    a, b = ends[index]
    line = [b, a] if len(at[b]) == 1 else [a, b]
    free[index] = False
    while (following := next((other for other in at[line[-1]] if free[other]), None)) is not None:
        free[following] = False
        a, b = ends[following]
        line.append(b if a == line[-1] else a)
    return line


def _beside_plain(equal: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The cells with two neighbouring corners that are both exactly at the level, and the cells around these."""
    along, down = equal[:, 1:] & equal[:, :-1], equal[1:] & equal[:-1]
    flat = along[:-1] | along[1:] | down[:, :-1] | down[:, 1:]
    wide = np.pad(flat, 1)
    wide[1:] |= wide[:-1].copy()
    wide[:-1] |= wide[1:].copy()
    wide[:, 1:] |= wide[:, :-1].copy()
    wide[:, :-1] |= wide[:, 1:].copy()
    return np.asarray(wide[1:-1, 1:-1])


def _cut_saddles(
    grid: Matrix, above: NDArray[np.bool_], cells: NDArray[np.intp], level: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    r, c = cells.T
    mean = (grid[r, c] + grid[r, c + 1] + grid[r + 1, c] + grid[r + 1, c + 1]) / 4
    joined = (mean > level) == above[r, c]  # upper left and lower right belong together
    one = np.where(joined[:, None], (TOP, RIGHT), (TOP, LEFT))
    two = np.where(joined[:, None], (BOTTOM, LEFT), (BOTTOM, RIGHT))
    return np.concatenate([cells, cells]), np.concatenate([one, two])


@np.errstate(invalid="ignore")  # cells that are not finite are sorted out later
def _crossing(grid: Matrix, cells: NDArray[np.intp], edge: NDArray[np.intp], level: float) -> NDArray[np.float64]:
    """(n, x and y) of the level on one edge of every cell."""
    start, end = cells + EDGE_STARTS[edge], cells + EDGE_ENDS[edge]
    low, high = grid[start[:, 0], start[:, 1]], grid[end[:, 0], end[:, 1]]
    share = (level - low) / (high - low)
    return np.asarray((start + share[:, None] * (end - start))[:, ::-1])
