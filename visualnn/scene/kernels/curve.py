"""The shape that all connections of a gap share: a cubic Bézier curve with handles half the way across.

The height of every curve is y₀ + (y₁ − y₀) · s(x) with one s for the gap: pixel columns can be drawn one by one.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
STEPS = 4000


class Columns(NamedTuple):
    """The pixel columns of a gap that lie in the buffer."""

    first: int
    last: int  # the one after
    s: Floats  # how far up or down at the middle of each column, 0…1
    slope: Floats  # by how much s grows there, per pixel
    share: Floats  # how much of each column lies in the gap: 1 but for the two at its ends


def columns(x0: float, x1: float, width: int) -> Columns:
    """The columns of a gap from x0 to x1 in a buffer `width` wide; none where there is no gap."""
    if not (np.isfinite([x0, x1]).all() and x0 < x1):
        return columns(0.0, 1.0, 0)
    first, last = (int(np.clip(edge, 0, width)) for edge in (np.floor(x0), np.ceil(x1)))
    left = np.arange(first, max(first, last), dtype=np.float64)
    share = np.minimum(left + 1, x1) - np.maximum(left, x0)
    s, slope = _shape(np.clip((left + 0.5 - x0) / (x1 - x0), 0.0, 1.0))
    parts = (part.astype(np.float32) for part in (s, slope / (x1 - x0), share))
    return Columns(first, first + left.size, *parts)


def _shape(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The curve's height and slope at x, all 0…1."""
    t = np.interp(x, *_table())
    return (3 - 2 * t) * t * t, 4 * t * (1 - t) / (1 - 2 * t * (1 - t))


@cache
def _table() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far across the curve is, and at which t."""
    t = np.linspace(0.0, 1.0, STEPS + 1)
    return 1.5 * t * (1 - t) + t**3, t
