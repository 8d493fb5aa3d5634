"""A long line in as few points as a screen can show, and a line cut into dashes.

Both as arrays; drawing them is quick because nothing is left that could not be seen. Qt would draw dashes of its own
thirty times as slowly on a ragged line.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Vector

Updates = NDArray[np.int64]
Dash = tuple[float, float]  # px drawn, px left out

LONGEST_DASHED = 4000  # px of a line; a longer one goes up and down so much that its dashes are counted across only


def thinned(x: Updates, y: Vector, end: float, columns: int) -> tuple[Vector, Vector]:
    """At most two points for each of `columns` equal parts of 0 … `end`, its lowest and its highest: no spike is lost.

    `x` must rise. What is not a finite number is left out; a part with nothing else becomes a NaN, a gap in the line.
    """
    known = np.isfinite(y)
    y = y if known.all() else np.where(known, y, np.nan)
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


def dashed(x: Vector, y: Vector, dash: Dash) -> tuple[Vector, Vector, NDArray[np.bool_]]:
    """A line in px, with further points where a dash begins or ends, and which point is joined to the next."""
    known = np.isfinite(x) & np.isfinite(y)
    if known.sum() < 2:
        return x, y, np.zeros(x.size, dtype=np.bool_)
    whole = known[1:] & known[:-1]
    along = np.concatenate([[0.0], np.cumsum(_lengths(x, y, whole, sum(dash)))])
    places = np.union1d(along, _breaks(float(along[-1]), dash))
    middles = (places[1:] + places[:-1]) / 2
    part = np.clip(np.searchsorted(along, middles, "right") - 1, 0, whole.size - 1)
    joined = np.append(whole[part] & (middles % sum(dash) < dash[0]), False)
    return np.interp(places, along[known], x[known]), np.interp(places, along[known], y[known]), joined


def _lengths(x: Vector, y: Vector, whole: NDArray[np.bool_], gap: float) -> Vector:
    """Of every part of the line, and of what is missing between two."""
    wide, high = np.abs(np.diff(x)), np.diff(y)
    lengths = np.hypot(wide, high)
    is_short = lengths[whole].sum() <= LONGEST_DASHED
    return np.where(whole, lengths if is_short else wide, gap)


def _breaks(length: float, dash: Dash) -> Vector:
    """Where dashes begin and end."""
    starts = np.arange(0.0, length, sum(dash))
    return np.asarray(np.minimum(np.concatenate([starts, starts + dash[0]]), length))
