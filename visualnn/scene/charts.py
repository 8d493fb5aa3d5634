"""What charts and maps are made of: axes with handsome ticks, thinned curves, coloured grids and contour lines.

Grids are (rows, columns) with the first row at the top. No toolkit: everything is arrays and numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, isfinite, log10
from typing import overload

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix, Vector
from visualnn.scene import look
from visualnn.scene.formula import MINUS, number

MAP_STRENGTH = 0.5  # how much of the sign's colour a map takes on where the value is ±1
MAP_BEND = 0.75  # below 1: small values show their sign early
SHADES = 256

# -- numbers as texts ----------------------------------------------------------------------------------------------


def significant(value: float, digits: int = 4) -> str:
    """`value` with exactly so many significant digits: 0.1492, 26.04, 3.100e−6."""
    if value == 0 or not isfinite(value):
        return number(value, 0)
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -5 < power < 6:
        return f"{value:,.{max(0, digits - 1 - power)}f}".replace("-", MINUS)
    return f"{mantissa}e{power}".replace("-", MINUS)


def tick_text(value: float) -> str:
    """A tick's value, as short as it is exact: 10, 0.3, 0.001, 1e−6."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:,.6g}".replace("-", MINUS)
    mantissa, exponent = f"{value:.5e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}".replace("-", MINUS)


def count_text(count: float) -> str:
    """A number of updates on an axis: 300, 20,000, 1.5 M."""
    return f"{count:,.0f}" if count < 1e6 else f"{count / 1e6:,.6g} M"


# -- axes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tick:
    """A value on an axis and what is written there."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high`; where it is logarithmic both are above 0."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    is_log: bool = False

    @overload
    def share(self, value: float) -> float: ...
    @overload
    def share(self, value: Vector) -> Vector: ...
    def share(self, value: float | Vector) -> float | Vector:
        """How far along the axis a value lies: 0 at `low`, 1 at `high`. Below it a log axis knows nothing but `low`."""
        if not self.is_log:
            return (value - self.low) / (self.high - self.low)
        low, high = log10(self.low), log10(self.high)
        shares = (np.log10(np.maximum(value, self.low)) - low) / (high - low)
        return float(shares) if np.ndim(shares) == 0 else np.asarray(shares)

    def value(self, share: float) -> float:
        """What lies so far along the axis."""
        if not self.is_log:
            return self.low + share * (self.high - self.low)
        return float(self.low * (self.high / self.low) ** share)

    def holds(self, value: float) -> bool:
        """Whether a value lies on the axis."""
        return self.low <= value <= self.high


UPDATE_STEPS = {1.0: 0.5, 1.5: 0.5, 2.0: 0.5, 3.0: 1.0, 4.0: 1.0, 5.0: 1.0, 6.0: 2.0, 8.0: 2.0, 10.0: 5.0}
FEWEST_UPDATES = 10


def update_scale(last: int) -> Scale:
    """An axis of updates from 0 to a round number not below `last`; it grows in leaps, so that a curve stands still."""
    last = max(last, FEWEST_UPDATES)
    power = 10.0 ** floor(log10(last))
    end, step = next((m * power, s * power) for m, s in UPDATE_STEPS.items() if m * power >= last * (1 - 1e-12))
    ticks = tuple(Tick(v, count_text(v)) for v in np.arange(0, end + step / 2, step).tolist())
    return Scale(0.0, end, ticks)


def loss_scale(low: float, high: float, is_log: bool) -> Scale:
    """An axis for losses from `low` to `high`, ending at ticks."""
    return _log_scale(low, high) if is_log else _linear_scale(high)


def _linear_scale(high: float, most: int = 4) -> Scale:
    step = nice_step(high if high > 0 else 1.0, most)
    count = max(1, ceil(high / step - 1e-9))
    return Scale(0.0, count * step, tuple(Tick(k * step, tick_text(k * step)) for k in range(count + 1)))


def nice_step(extent: float, most: int, steps: tuple[float, ...] = (1.0, 2.0, 5.0)) -> float:
    """The smallest of the steps times a power of ten of which at most `most` make up `extent`."""
    power = 10.0 ** floor(log10(extent / most))
    return next(m * power for m in (*steps, 10.0) if extent / (m * power) <= most * (1 + 1e-9))


DECADE_STEPS = (1, 2, 3, 5, 10, 20, 40, 50, 100, 200)  # none more than twice the one before: two ticks at least


def _log_scale(low: float, high: float) -> Scale:
    """Half decades (…, 0.1, 0.3, 1, …) over at least a decade; whole ones, or every n-th, where there are many."""
    first, last = floor(_half_decades(low) + 1e-9), ceil(_half_decades(high) - 1e-9)
    first = min(first, last - 2)
    if last - first <= 4:
        marks = list(range(first, last + 1))
    else:
        first, last = 2 * (first // 2), 2 * -(-last // 2)
        step = 2 * next(n for n in DECADE_STEPS if last - first <= 8 * n)
        marks = list(range(-(-first // step) * step, last + 1, step))
    ticks = tuple(Tick(_of_half_decade(k), tick_text(_of_half_decade(k))) for k in marks)
    return Scale(_of_half_decade(first), _of_half_decade(last), ticks, True)


def _half_decades(value: float) -> float:
    """Where a value lies among …, 0.1, 0.3, 1, 3, …, counted from 1: 0.3 is −1, 1 is 0, 3 is 1."""
    value = min(max(value, 1e-300), 1e300)
    power = floor(log10(value) + 1e-12)
    rest = value / 10.0**power
    return 2 * power + (log10(rest) / log10(3) if rest < 3 else 1 + log10(rest / 3) / log10(10 / 3))


def _of_half_decade(k: int) -> float:
    return float(f"{'13'[k % 2]}e{k // 2}")


# -- curves --------------------------------------------------------------------------------------------------------


def thinned(x: NDArray[np.int64], y: Vector, end: float, columns: int) -> tuple[Vector, Vector]:
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


def _sparse(x: NDArray[np.int64], end: float, columns: int) -> bool:
    """Whether no part has more than two points as it is."""
    return x.size < 3 or bool(((x[2:] - x[:-2]) * columns >= end).all())


# -- maps of the plane ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plane:
    """The part of a plane that a map shows, and where in it the data lie."""

    left: float
    right: float
    bottom: float
    top: float
    data: tuple[float, float, float, float]  # left, right, bottom, top

    def across(self, x: Vector) -> Vector:
        """Shares of the way from left to right."""
        return (x - self.left) / (self.right - self.left)

    def down(self, y: Vector) -> Vector:
        """Shares of the way from top to bottom."""
        return (self.top - y) / (self.top - self.bottom)

    def grid(self, points: int) -> tuple[Vector, Vector]:
        """Columns from left to right and rows from top to bottom, both edges included."""
        return np.linspace(self.left, self.right, points), np.linspace(self.top, self.bottom, points)


def plane_around(inputs: Matrix, margin: float) -> Plane:
    """The plane of two-column inputs, with `margin` of their extent all around."""
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    half = np.where(high > low, (high - low) / 2, 1.0)
    outer = np.column_stack([low - 2 * half * margin, high + 2 * half * margin])
    data = (float(low[0]), float(high[0]), float(low[1]), float(high[1]))
    return Plane(float(outer[0, 0]), float(outer[0, 1]), float(outer[1, 0]), float(outer[1, 1]), data)


@lru_cache(maxsize=4)
def shades(colors: look.Look, strength: float = MAP_STRENGTH) -> NDArray[np.uint32]:
    """0xffRRGGBB for values from −1 (orange) over 0 (the ground) to 1 (blue)."""
    ground = colors.mix("canvas", "raised", 0.5)
    values = np.linspace(-1, 1, SHADES).tolist()
    parts = [(colors["neg" if t < 0 else "pos"], abs(t) ** MAP_BEND * strength) for t in values]
    return np.array([0xFF000000 | look.blend(ground, ink, share) for ink, share in parts], dtype=np.uint32)


def map_pixels(values: Matrix, colors: look.Look) -> NDArray[np.uint32]:
    """A grid of values in −1 … 1 as pixels; what is beyond is cut, what is not a number is ground."""
    t = np.clip(np.where(np.isnan(values), 0.0, values), -1, 1)
    return shades(colors)[np.rint((t + 1) * ((SHADES - 1) / 2)).astype(np.intp)]


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
    ends = [(tuple(a), tuple(b)) for a, b in segments.tolist() if a != b]
    at: dict[tuple[float, ...], list[int]] = {}
    for index, pair in enumerate(ends):
        for end in pair:
            at.setdefault(end, []).append(index)
    free = set(range(len(ends)))
    starts = [index for index, pair in enumerate(ends) if any(len(at[end]) == 1 for end in pair)]
    return [np.array(_walk(index, ends, at, free)) for index in (*starts, *range(len(ends))) if index in free]


def _walk(
    index: int,
    ends: list[tuple[tuple[float, ...], tuple[float, ...]]],
    at: dict[tuple[float, ...], list[int]],
    free: set[int],
) -> list[tuple[float, ...]]:
    """The line that begins with a segment, at its loose end if it has one; its segments are free no more."""
    a, b = ends[index]
    line = [b, a] if len(at[b]) == 1 else [a, b]
    free.discard(index)
    while following := next((other for other in at[line[-1]] if other in free), -1) + 1:
        free.discard(following - 1)
        a, b = ends[following - 1]
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


TOP, RIGHT, BOTTOM, LEFT = range(4)


def _cut_saddles(
    grid: Matrix, above: NDArray[np.bool_], cells: NDArray[np.intp], level: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    r, c = cells.T
    mean = (grid[r, c] + grid[r, c + 1] + grid[r + 1, c] + grid[r + 1, c + 1]) / 4
    joined = (mean > level) == above[r, c]  # upper left and lower right belong together
    one = np.where(joined[:, None], (TOP, RIGHT), (TOP, LEFT))
    two = np.where(joined[:, None], (BOTTOM, LEFT), (BOTTOM, RIGHT))
    return np.concatenate([cells, cells]), np.concatenate([one, two])


EDGE_STARTS = np.array([(0, 0), (0, 1), (1, 0), (0, 0)])  # row and column of an edge's start, seen from its cell
EDGE_ENDS = np.array([(0, 1), (1, 1), (1, 1), (1, 0)])


@np.errstate(invalid="ignore")  # cells that are not finite are sorted out later
def _crossing(grid: Matrix, cells: NDArray[np.intp], edge: NDArray[np.intp], level: float) -> NDArray[np.float64]:
    """(n, x and y) of the level on one edge of every cell."""
    start, end = cells + EDGE_STARTS[edge], cells + EDGE_ENDS[edge]
    low, high = grid[start[:, 0], start[:, 1]], grid[end[:, 0], end[:, 1]]
    share = (level - low) / (high - low)
    return np.asarray((start + share[:, None] * (end - start))[:, ::-1])
