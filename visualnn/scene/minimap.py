"""All columns of a deep network side by side: what every neuron passes on, and how large the slope of every layer is.

Colours are shares of a column's own largest activation, bars are logarithmic: both ask where in the depth something
fades, which one common linear scale would hide. Whatever stands on the map stands on whole device pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix, Vector
from visualnn.scene import look
from visualnn.scene.formula import precise
from visualnn.scene.maps import MAP_BEND

SHADES = 255  # odd, so that 0 is exactly the ground
STRENGTH = 0.92  # how much of the sign's colour a column's largest activation takes on
VANISHING = 1e-6  # of the largest norm: slopes below it are as good as none

SIDE = 20.0  # margins and lines of text, in px
TOP = 12.0
LINE = 16.0
BELOW_CAPTION = 8.0
BETWEEN = 14.0
BOTTOM = 18.0
HEAT_SHARE = 0.55  # of the height that colours and bars have together
LEAST_FIT, MOST_FIT = 0.7, 1.25  # of that share: so far the colours give way to cells of equal height

BarRole = Literal["act", "warn", "bad"]


@dataclass(frozen=True, eq=False, slots=True)
class MinimapContent:
    """A pass through all columns, the inputs' first; without a target there are no slopes."""

    activations: tuple[Vector, ...]
    slopes: tuple[float, ...] | None  # the norm of ∂L/∂W of each layer: one less than columns
    open: tuple[int, ...]  # columns that the stage shows in full
    titles: tuple[str, ...]

    def slope_of(self, column: int) -> float | None:
        """The norm that stands below a column: of the weights that lead to it."""
        return None if self.slopes is None or column == 0 else self.slopes[column - 1]

    def label(self, column: int) -> str:
        """A column in words."""
        values, slope = self.activations[column], self.slope_of(column)
        parts = [self.titles[column], *_activation_words(values)]
        if slope is not None:
            vanishing = 0 < slope < VANISHING * largest_finite(self.slopes or ())
            parts.append(f"slope norm {short_norm(slope)}{', vanishing' if vanishing else ''}")
        return " · ".join(parts)

    def runs(self) -> tuple[tuple[int, int], ...]:
        """The open columns as (first, last) of those that stand side by side."""
        columns = sorted({column for column in self.open if 0 <= column < len(self.activations)})
        found: list[tuple[int, int]] = []
        for column in columns:
            if found and found[-1][1] == column - 1:
                found[-1] = (found[-1][0], column)
            else:
                found.append((column, column))
        return tuple(found)


def _activation_words(values: Vector) -> Iterator[str]:
    """The largest, how many are 0, and how many are no numbers."""
    known = values[np.isfinite(values)]
    if known.size:
        yield f"largest {precise(float(known[np.abs(known).argmax()]), 2, 1e-4)}"
    zeros, broken = int((values == 0).sum()), values.size - known.size
    yield f"{zeros or 'none'} of {values.size:,} {'are' if zeros > 1 else 'is'} 0"
    if broken:
        yield f"{broken:,} {'are' if broken > 1 else 'is'} no number"


def short_norm(norm: float) -> str:
    """Two digits say enough: 1.32, 0.0021, 1.2e−7."""
    return "0" if norm == 0 else precise(norm, 2, 1e-4)


def largest_finite(norms: tuple[float, ...]) -> float:
    """The largest norm that is a number; 0 without any."""
    return max((norm for norm in norms if isfinite(norm)), default=0.0)


# -- bars --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Bars:
    """The slopes on a logarithmic axis: its top is the largest norm, its bottom a decade below the smallest."""

    shares: Vector  # of the full height; 0 stands for a norm of exactly 0
    roles: tuple[BarRole, ...]
    ends: tuple[float, float] | None  # the smallest and the largest norm; None if there is none but 0


def bars(slopes: tuple[float, ...]) -> Bars:
    """What is no number is as high as can be, and red."""
    norms = np.array(slopes, dtype=np.float64)
    shown = np.isfinite(norms) & (norms > 0)
    shares = np.where(norms == 0, 0.0, 1.0)
    ends = (float(norms[shown].min()), float(norms[shown].max())) if shown.any() else None
    if ends is not None:
        bottom, top = np.log10(ends[0]) - 1, np.log10(ends[1])
        shares[shown] = (np.log10(norms[shown]) - bottom) / (top - bottom)
    limit = VANISHING * largest_finite(slopes)
    return Bars(shares, tuple(_bar_role(norm, limit) for norm in slopes), ends)


def _bar_role(norm: float, limit: float) -> BarRole:
    if norm == 0 or not isfinite(norm):
        return "bad"
    return "warn" if norm < limit else "act"


# -- places ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strip:
    """From a height down to another, in device pixels."""

    top: int
    bottom: int

    @property
    def height(self) -> int:
        """In device pixels."""
        return self.bottom - self.top


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """Where the colours and the bars stand."""

    ratio: float  # device pixels per px
    edges: NDArray[np.intp]  # where columns begin, and where the last one ends, in device pixels
    heat: Strip
    bars: Strip | None

    def column_at(self, x: float) -> int:
        """The column nearest to a place, given in px."""
        column = int(np.searchsorted(self.edges, x * self.ratio, side="right")) - 1
        return min(max(column, 0), self.edges.size - 2)

    def holds(self, x: float, y: float) -> bool:
        """Whether a place, given in px, lies on a column or its bar."""
        x, y = x * self.ratio, y * self.ratio
        inside = any(strip is not None and strip.top <= y < strip.bottom for strip in (self.heat, self.bars))
        return inside and bool(self.edges[0] <= x < self.edges[-1])


def plan(content: MinimapContent, size: tuple[int, int], *, ratio: float = 1.0) -> Plan:
    """The places on a map of a size in px."""
    left, right = round(SIDE * ratio), round((size[0] - SIDE) * ratio)
    steps = np.linspace(left, max(left + 1, right), len(content.activations) + 1)
    edges = np.floor(steps + 0.5).astype(np.intp)
    top, bottom = round((TOP + LINE + BELOW_CAPTION) * ratio), round((size[1] - BOTTOM) * ratio)
    units = _commonest([values.size for values in content.activations])
    if content.slopes is None:
        return Plan(ratio, edges, Strip(top, top + fitting(bottom - top, units, most=bottom - top)), None)
    gap = round((BETWEEN + LINE + BELOW_CAPTION) * ratio)
    ideal = round((bottom - top - gap) * HEAT_SHARE)
    heat = Strip(top, top + fitting(ideal, units, most=int(ideal * MOST_FIT)))
    return Plan(ratio, edges, heat, Strip(heat.bottom + gap, bottom))


def _commonest(numbers: list[int]) -> int:
    """The number that comes most often; the first of several."""
    return max(dict.fromkeys(numbers), key=numbers.count, default=1)


def fitting(ideal: int, cells: int, *, most: int) -> int:
    """The height nearest to the ideal one, up to `most`, in which all cells are equally high; else the ideal one."""
    heights = [
        each * cells for each in (ideal // cells, ideal // cells + 1) if ideal * LEAST_FIT <= each * cells <= most
    ]
    return max(1, min(heights, key=lambda height: abs(height - ideal), default=ideal))


def bar_boxes(places: Plan, strip: Strip, shares: Vector) -> NDArray[np.float64]:
    """(bars; left, top, width, height) in px, on whole device pixels, a gap between them; 0 high for a share of 0."""
    lefts, widths = places.edges[1:-1], np.diff(places.edges)[1:]
    least = max(1, round(places.ratio))
    gaps = np.clip(np.rint(widths / 10).astype(np.intp), least, 2 * least)
    widths = np.where(widths > 2 * gaps, widths - gaps, widths)
    heights = np.where(shares > 0, np.maximum(np.rint(shares * strip.height), least), 0.0)
    return np.column_stack([lefts, strip.bottom - heights, widths, heights]) / places.ratio


# -- pixels ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def heat_shades(colors: look.Look) -> NDArray[np.uint32]:
    """0xffRRGGBB for shares from −1 (orange) over 0 (the ground) to 1 (blue)."""
    shares = np.linspace(-1, 1, SHADES).tolist()
    parts = [(colors["neg" if t < 0 else "pos"], abs(t) ** MAP_BEND * STRENGTH) for t in shares]
    return np.array([0xFF000000 | look.blend(colors["raised"], ink, part) for ink, part in parts], dtype=np.uint32)


def heat_pixels(
    activations: tuple[Vector, ...], edges: NDArray[np.intp], height: int, colors: look.Look
) -> NDArray[np.uint32]:
    """Every neuron a cell, every column as high as the others: (height, from the first edge to the last)."""
    widths = np.diff(edges)
    columns = np.empty((len(activations), height))
    for members in _alike(activations):
        columns[members] = pooled(_shares(np.array([activations[column] for column in members])), height)
    if not widths.all():
        columns, widths = pooled(columns.T, int(widths.sum())).T, np.ones(int(widths.sum()), dtype=np.intp)
    shades = heat_shades(colors)[np.rint((columns.T + 1) * (SHADES // 2)).astype(np.intp)]
    return np.take(shades, np.repeat(np.arange(widths.size), widths), axis=1)


def _alike(activations: tuple[Vector, ...]) -> list[list[int]]:
    """The columns, those with equally many neurons together."""
    found: dict[int, list[int]] = {}
    for column, values in enumerate(activations):
        found.setdefault(values.size, []).append(column)
    return list(found.values())


def _shares(values: Matrix) -> Matrix:
    """Each row as shares of its own largest; what is not a number is 0."""
    known = np.nan_to_num(values, nan=0.0)
    largest = np.abs(known).max(axis=1, keepdims=True)
    return np.asarray(known / np.where(largest > 0, largest, 1.0))


def pooled(values: Matrix, cells: int) -> Matrix:
    """Each row over so many cells; of several values in one cell the one farthest from 0 is shown, never a mean."""
    count = values.shape[1]
    if count <= cells:
        return np.asarray(np.take(values, np.arange(cells) * count // cells, axis=1))
    starts = np.arange(cells) * count // cells
    high, low = np.maximum.reduceat(values, starts, axis=1), np.minimum.reduceat(values, starts, axis=1)
    return np.where(high >= -low, high, low)
