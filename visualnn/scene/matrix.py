"""The weights between two columns as a picture: which pixel shows which weight, in which colour.

A weight is shown by its rank, one byte: twice its strength (0 … `STRONGEST`), plus 1 if it is negative. The larger of
two ranks belongs to the stronger weight, so that of many weights in one pixel the strongest is found with one maximum
and a pixel never turns grey because a strong weight met its opposite.

Matrices are (from neurons, to neurons): a row of the picture for every neuron that the weights come from.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix
from visualnn.scene import look

STRONGEST = 126
NOT_A_NUMBER = 255  # the rank of a weight that has diverged: the first to be seen
MOST_EXACT = 1000  # weights; of more, the strongest thousandth does not set the scale
QUANTILE = 0.999
SMALLEST = 1e-300  # a scale below leaves no room for ranks
BEND = 0.75  # below 1: small weights show their sign early
GROUND = 0.5  # of the way from the canvas to what is raised

Ranks = NDArray[np.uint8]
Pixels = NDArray[np.uint32]
Indices = NDArray[np.intp]


def scale_of(weights: Matrix) -> float:
    """The magnitude that is shown in full colour; 1 where there is none."""
    sizes = np.abs(weights).ravel()
    if sizes.size and not np.isfinite(sizes.max()):
        sizes = sizes[np.isfinite(sizes)]
    largest = float(sizes.max(initial=0.0))
    if sizes.size > MOST_EXACT:
        last = int(QUANTILE * (sizes.size - 1))
        largest = float(np.partition(sizes, last)[last]) or largest
    return largest if largest > SMALLEST else 1.0


@np.errstate(over="ignore", invalid="ignore")  # weights may be infinite, and no numbers at all
def ranks_of(weights: Matrix, scale: float) -> Ranks:
    """The rank of every weight."""
    sizes = np.abs(weights)
    sizes /= scale / STRONGEST
    np.minimum(sizes, STRONGEST, out=sizes)
    wrong = np.isnan(sizes)
    np.copyto(sizes, 0, where=wrong)
    ranks = np.rint(sizes, out=sizes).astype(np.uint8)
    ranks *= 2
    ranks += weights < 0
    np.copyto(ranks, NOT_A_NUMBER, where=wrong)
    return ranks


def spread(start: float, cell: float, pixels: int, cells: int) -> tuple[Indices, Indices]:
    """Of a row of pixels, the first cell that each shows and the one after its last.

    Cell 0 begins at `start` (negative if it is out of sight) and every cell is `cell` pixels long. A cell that is
    smaller than a pixel is shown in the one in which it begins, and in no other.
    """
    if cell >= 1:
        first = np.floor((np.arange(pixels) + 0.5 - start) / cell).astype(np.intp).clip(0, cells - 1)
        return first, first + 1
    edges = np.ceil((np.arange(pixels + 1) - start) / cell - 1e-6).astype(np.intp).clip(0, cells)
    first = np.minimum(edges[:-1], cells - 1)
    return first, np.maximum(edges[1:], first + 1)


def pooled(ranks: Ranks, down: tuple[Indices, Indices], across: tuple[Indices, Indices]) -> Ranks:
    """The highest rank in every pixel."""
    rows = _highest(ranks, *down)
    return np.ascontiguousarray(_highest(np.ascontiguousarray(rows.T), *across).T)


def _highest(ranks: Ranks, first: Indices, after: Indices) -> Ranks:
    """The highest of the rows from `first` to `after`: whole rows at a time, which is what NumPy does quickly."""
    best = ranks[first]
    for more in range(1, int((after - first).max(initial=1))):
        np.maximum(best, ranks[np.minimum(first + more, after - 1)], out=best)
    return best


def strongest(ranks: Ranks, rows: range, columns: range) -> tuple[int, int]:
    """Where the highest of these ranks is."""
    block = ranks[rows.start : rows.stop, columns.start : columns.stop]
    row, column = divmod(int(block.argmax()), len(columns))
    return rows.start + row, columns.start + column


@lru_cache(maxsize=4)
def colors_of_ranks(colors: look.Look) -> Pixels:
    """0xffRRGGBB for every rank: from the ground to blue above 0, to orange below."""
    ground = colors.mix("canvas", "raised", GROUND)
    shares = [min(rank // 2, STRONGEST) / STRONGEST for rank in range(256)]
    table = [look.blend(ground, colors["neg" if rank % 2 else "pos"], t**BEND) for rank, t in enumerate(shares)]
    table[NOT_A_NUMBER] = colors["bad"]
    return np.array(table, dtype=np.uint32) | np.uint32(0xFF000000)


@lru_cache(maxsize=4)
def inks_of_ranks(colors: look.Look) -> tuple[str, ...]:
    """The role in which a number is written on the colour of its rank: the one that is easier to read."""
    text, canvas = (_luminance(colors[role]) for role in ("text", "canvas"))
    grounds = [_luminance(int(color)) for color in colors_of_ranks(colors)]
    return tuple("text" if _contrast(text, g) >= _contrast(canvas, g) else "canvas" for g in grounds)


def _luminance(rgb: look.RGB) -> float:
    """Relative luminance as the accessibility guidelines define it."""
    parts = [((rgb >> shift) & 255) / 255 for shift in (16, 8, 0)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(a: float, b: float) -> float:
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
