"""A relief as a finer field: smooth between its points, with slopes and light.

Between two points the height stays between theirs (Fritsch & Carlson 1980): no hill is drawn that was not computed.
"""

from __future__ import annotations

import math
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.kernels.halves import in_parts
from visualnn.scene.kernels.terrain.choose import kernels
from visualnn.scene.landscape.relief import TALL, Relief

FINE = 180  # points along a side, at least; a grid that has more is taken as it is
DENSE = 161  # points along a side
MOST = 4.0  # a clipped height that is kept: so far above the scale none is told from another
SUN = np.array([-0.56, -0.06, 0.82])  # high, to the left of who stands at home and behind
SUN /= np.linalg.norm(SUN)

Field = NDArray[np.float32]


@lru_cache(maxsize=8)
def field(relief: Relief) -> Field:
    """(rows, columns, 4): share of the height, its two slopes, light; see `kernels.terrain`."""
    shares, open_ = refined(np.minimum(relief.shares, MOST))
    z = np.minimum(shares, 1.0) * TALL
    cell = [2 / (n - 1) for n in z.shape]
    slopes = np.gradient(z, *cell)
    light = _light(z, (cell[0] + cell[1]) / 2)
    light[open_] = -1
    return np.ascontiguousarray(np.stack([shares, slopes[1], slopes[0], light], axis=-1), dtype=np.float32)


@lru_cache(maxsize=8)
def ground(relief: Relief) -> NDArray[np.float32]:
    """The heights of the world, no number in a hole."""
    made = field(relief)
    z = np.minimum(made[..., 0], 1) * np.float32(TALL)
    return np.ascontiguousarray(np.where(made[..., 3] < 0, np.float32(np.nan), z))


@lru_cache(maxsize=8)
def surface(relief: Relief) -> tuple[Field, NDArray[np.bool_]]:
    """The shares of the field, and which of its cells are holes; none of them where there are no holes."""
    made = field(relief)
    open_ = made[..., 3] < 0
    cells = open_[1:, 1:] | open_[:-1, 1:] | open_[1:, :-1] | open_[:-1, :-1]
    return np.ascontiguousarray(made[..., 0]), cells if cells.any() else np.zeros((0, 0), np.bool_)


def lighted(z: NDArray[np.float32], cell: float) -> NDArray[np.float32]:
    """How much light falls on every point."""
    light = np.empty(z.shape, np.float32)
    job = partial(_lit, np.ascontiguousarray(z), cell, light)
    in_parts(job, 0, len(z), steps=z.size * 100)
    return light


def _light(z: NDArray[np.float64], cell: float) -> NDArray[np.float32]:
    """The light, found on half as many points a side where they are many: it is soft."""
    coarse = 2 if min(z.shape) >= DENSE and all(length % 2 for length in z.shape) else 1
    light = lighted(z[::coarse, ::coarse].astype(np.float32), cell * coarse)
    if coarse == 1:
        return light
    for axis in (0, 1):
        light = np.moveaxis(light, axis, 0)
        between = np.stack([light[:-1], (light[:-1] + light[1:]) / 2], axis=1).reshape(-1, light.shape[1])
        light = np.moveaxis(np.concatenate([between, light[-1:]]), 0, axis)
    return light


def _lit(z: NDArray[np.float32], cell: float, light: NDArray[np.float32], first: int, last: int) -> None:
    kernels().lit(first, last, z, cell, SUN, light)


def refined(shares: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A finer grid through all points, and where it has holes: wherever one of the points around is missing."""
    missing = ~np.isfinite(shares)
    filled = _filled(shares, missing)
    for axis in (0, 1):
        factor = max(1, math.ceil((FINE - 1) / (shares.shape[axis] - 1)))
        filled = _smooth(filled, factor, axis)
        missing = _spread(missing, factor, axis)
    return filled, missing


def _filled(shares: NDArray[np.float64], missing: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Missing points as high as what is beside them, ring by ring, so that a hole's edge keeps its slope."""
    if missing.all():
        return np.zeros_like(shares)
    filled, left = np.where(missing, 0.0, shares), missing.copy()
    while left.any():
        total, count = np.zeros_like(filled), np.zeros_like(filled)
        known = np.pad(np.where(left, 0.0, filled), 1)
        weight = np.pad(~left, 1).astype(np.float64)
        for rows, columns in ((slice(2, None), slice(1, -1)), (slice(-2), slice(1, -1))):
            for window in ((rows, columns), (columns, rows)):
                total, count = total + known[window], count + weight[window]
        reached = left & (count > 0)
        filled[reached] = total[reached] / count[reached]
        left &= ~reached
    return filled


def _smooth(values: NDArray[np.float64], factor: int, axis: int) -> NDArray[np.float64]:
    """`factor` steps from each point to the next, monotone between them."""
    if factor == 1:
        return values
    y = np.moveaxis(values, axis, 0)
    rise = np.diff(y, axis=0)
    slope = np.concatenate([rise[:1], np.zeros_like(rise[1:]), rise[-1:]])
    before, after = rise[:-1], rise[1:]
    same = before * after > 0
    with np.errstate(over="ignore"):  # where next to nothing rises
        slope[1:-1][same] = 2 / (1 / before[same] + 1 / after[same])
    t = (np.arange(factor) / factor).reshape(-1, *([1] * y.ndim))
    blend = t * t * (3 - 2 * t)
    parts = y[:-1] + blend * rise + t * (1 - t) ** 2 * slope[:-1] + t * t * (t - 1) * slope[1:]
    fine = np.moveaxis(parts, 0, 1).reshape(-1, *y.shape[1:])
    return np.moveaxis(np.concatenate([fine, y[-1:]]), 0, axis)


def _spread(missing: NDArray[np.bool_], factor: int, axis: int) -> NDArray[np.bool_]:
    """A hole reaches up to the next points that are known."""
    if factor == 1:
        return missing
    m = np.moveaxis(missing, axis, 0)
    inner = np.repeat((m[:-1] | m[1:])[:, None], factor, axis=1)
    inner[:, 0] = m[:-1]
    return np.moveaxis(np.concatenate([inner.reshape(-1, *m.shape[1:]), m[-1:]]), 0, axis)
