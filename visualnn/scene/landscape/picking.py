"""The point of the surface under a pixel, and what the surface hides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.kernels.terrain.choose import kernels
from visualnn.scene.landscape.camera import View
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.relief import FLOOR, TALL, Relief

STEPS = 700  # along the part of a ray that crosses the box of the relief
SLACK = 0.02  # a point so little below the surface lies on it
HALVINGS = 24


@dataclass(frozen=True, slots=True)
class Hit:
    """A point of the window, the loss that the surface shows there, and where it is in the world."""

    x: float
    y: float
    loss: float
    world: tuple[float, float, float]


def pick(relief: Relief, seen: View, x: float, y: float) -> Hit | None:
    """What of the surface is seen at a point of the screen; None beside it, and in its holes."""
    ray = seen.ray(x, y)
    span = _span(seen.eye, ray)
    if span is None:
        return None
    z = ground(relief)
    at = np.linspace(*span, STEPS)
    gap = _gap(z, seen.eye + at[:, None] * ray)
    with np.errstate(invalid="ignore"):
        crossed = np.flatnonzero((gap[:-1] * gap[1:] <= 0) & np.isfinite(gap[:-1] + gap[1:]))
    if not crossed.size:
        return None
    first = crossed[0]
    point = _crossing(z, seen.eye, ray, (float(at[first]), float(at[first + 1])))
    here = relief.point(float(point[0]), float(point[1]))
    return Hit(*here, relief.loss(float(point[2]) / TALL), (float(point[0]), float(point[1]), float(point[2])))


def pick_floor(relief: Relief, seen: View, x: float, y: float) -> tuple[float, float] | None:
    """The point of the map under a point of the screen; None beside it."""
    ray = seen.ray(x, y)
    if ray[2] > -1e-6:
        return None
    point = seen.eye + (FLOOR - seen.eye[2]) / ray[2] * ray
    return relief.point(float(point[0]), float(point[1])) if np.abs(point[:2]).max() <= 1 else None


def _span(eye: NDArray[np.float64], ray: NDArray[np.float64]) -> tuple[float, float] | None:
    """Between which distances a ray is in the box of the relief."""
    low, high = np.array([-1, -1, -1e-3]), np.array([1, 1, TALL + 1e-3])
    ray = np.where(np.abs(ray) < 1e-12, 1e-12, ray)
    one, two = (low - eye) / ray, (high - eye) / ray
    start, end = float(np.minimum(one, two).max()), float(np.maximum(one, two).min())
    return (max(start, 0.0), end) if end > max(start, 0.0) else None


def _gap(z: NDArray[np.float32], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far above the surface points of the box are."""
    return np.asarray(points[:, 2] - height(z, points[:, :2]))


def height(z: NDArray[np.float32], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The surface's heights at points (n, 2) of the square; no number in holes, and for no point."""
    rows, columns = z.shape
    nowhere = np.asarray(np.isnan(points).any(axis=1))
    if nowhere.any():
        return np.where(nowhere, np.nan, height(z, np.where(nowhere[:, None], 0.0, points)))
    x = np.clip((points[:, 0] + 1) / 2, 0, 1) * (columns - 1)
    y = np.clip((points[:, 1] + 1) / 2, 0, 1) * (rows - 1)
    j, i = np.minimum(x.astype(np.intp), columns - 2), np.minimum(y.astype(np.intp), rows - 2)
    a, b = x - j, y - i
    upper = z[i, j] * (1 - a) + z[i, j + 1] * a
    return np.asarray(upper * (1 - b) + (z[i + 1, j] * (1 - a) + z[i + 1, j + 1] * a) * b)


def _crossing(
    z: NDArray[np.float32], eye: NDArray[np.float64], ray: NDArray[np.float64], span: tuple[float, float]
) -> NDArray[np.float64]:
    """Where a ray meets the surface between two distances, by halving."""
    near, far = span
    above = _gap(z, (eye + near * ray)[None])[0] > 0
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        if (_gap(z, (eye + middle * ray)[None])[0] > 0) == above:
            near = middle
        else:
            far = middle
    return np.asarray(eye + (near + far) / 2 * ray)


def are_hidden(relief: Relief, seen: View, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points (n, 3) of the world have the surface before them."""
    out = np.zeros(len(points), np.bool_)
    if len(points):
        kernels().hidden(np.ascontiguousarray(points, np.float64), seen.eye, ground(relief), SLACK, out)
    return out
