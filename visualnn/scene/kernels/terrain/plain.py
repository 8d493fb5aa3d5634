"""Every kernel in NumPy: what draws until the compiled ones are loaded, or without Numba, and the tests' oracle."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.kernels.terrain.pigment import shade

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Colours = NDArray[np.uint32]

STEPS, STEP, SOFT = 64, 1.5, 0.12
WAYS, REACHES = 12, (2, 4, 7, 12, 20)
DIM, NIGHT = 0.42, 0.5
NEAR = 1.5

__all__ = ["cover", "doubled", "glaze", "halved", "hidden", "lit", "shade"]


def cover(first: int, last: int, seen: Floats, stride: int, near: Floats, u: Floats, v: Floats) -> None:
    """Rows [first, last): 1/distance of the nearest point, 0 where there is none, and its column and row in the field.

    `seen` is (rows, columns, 3) of every `stride`-th of the field: x, y on the screen and 1/distance, 0 at a hole.
    """
    near[first:last] = 0
    corners = _triangles(seen)
    x, y = seen[..., 0].ravel()[corners], seen[..., 1].ravel()[corners]
    left, right = np.ceil(x.min(1) - 0.5), np.minimum(np.floor(x.max(1) - 0.5), near.shape[1] - 1)
    top, bottom = np.ceil(y.min(1) - 0.5), np.minimum(np.floor(y.max(1) - 0.5), last - 1)
    left, top = np.maximum(left, 0), np.maximum(top, first)
    wide, high = (np.maximum(b - a + 1, 0).astype(np.intp) for a, b in ((left, right), (top, bottom)))
    which = np.repeat(np.arange(len(corners)), wide * high)
    order = np.arange(which.size) - np.repeat(np.cumsum(wide * high) - wide * high, wide * high)
    px, py = left[which].astype(np.intp) + order % wide[which], top[which].astype(np.intp) + order // wide[which]
    _nearest(seen, stride, corners[which], (py, px), (near, u, v))


def _triangles(seen: Floats) -> NDArray[np.intp]:
    """The corners of all triangles without a hole, as places in the field."""
    rows, columns, _ = seen.shape
    place = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = place[:-1, :-1], place[:-1, 1:], place[1:, :-1], place[1:, 1:]
    corners = np.stack([np.stack([a, b, d], -1), np.stack([a, d, c], -1)], 2).reshape(-1, 3)
    return np.asarray(corners[(seen[..., 2].ravel()[corners] > 0).all(1)])


def _nearest(
    seen: Floats, stride: int, corners: NDArray[np.intp], at: tuple[NDArray[np.intp], ...], planes: tuple[Floats, ...]
) -> None:
    """Of all triangles at a pixel the nearest one."""
    py, px = at
    (x0, x1, x2), (y0, y1, y2), (w0, w1, w2) = (seen[..., k].ravel()[corners].T for k in range(3))
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = 1 / ((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0))
        dx, dy = px + np.float32(0.5) - x0, py + np.float32(0.5) - y0
        p, q = ((y2 - y0) * dx - (x2 - x0) * dy) * inverse, ((x1 - x0) * dy - (y1 - y0) * dx) * inverse
    o = 1 - p - q
    inside = np.isfinite(inverse) & (np.minimum(np.minimum(p, q), o) >= -1e-5)
    w = np.where(inside, o * w0 + p * w1 + q * w2, 0)
    best = np.argsort(w, kind="stable")
    best = best[w[best] > 0]
    columns = seen.shape[1]
    for plane, values in zip(planes[1:], (corners % columns, corners // columns), strict=True):
        c0, c1, c2 = values[best].T
        shown = o[best] * c0 * w0[best] + p[best] * c1 * w1[best] + q[best] * c2 * w2[best]
        plane[py[best], px[best]] = shown / w[best] * stride
    planes[0][py[best], px[best]] = w[best]


def glaze(first: int, last: int, field: Floats, camera: Floats, sun: Floats, tall: float, out: Floats) -> None:
    """Rows [first, last) of the field: light of the sky, of the sun, the shine of the sun, and the haze of a rim."""
    part = field[first:last]
    light = np.maximum(part[..., 3], 0)
    normal = np.stack([-part[..., 1], -part[..., 2], np.ones_like(light)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    x, y = np.linspace(-1, 1, field.shape[1]), np.linspace(-1, 1, field.shape[0])[first:last, None]
    towards = np.stack(
        np.broadcast_arrays(camera[0] - x, camera[1] - y, camera[2] - np.minimum(part[..., 0], 1) * tall), -1
    )
    towards = (towards / np.linalg.norm(towards, axis=-1, keepdims=True)).astype(np.float32)
    facing, half = (normal * towards).sum(-1), sun + towards
    shine = (np.maximum(0, (normal * half).sum(-1)) ** 2 / (half**2).sum(-1)) ** 16
    sky = 0.56 * (0.5 + 0.5 * normal[..., 2]) * (0.5 + 0.5 * light)
    lamp = 0.62 * np.maximum(0, normal @ sun) * light
    front = facing > 0
    out[first:last, :, 0] = np.where(front, sky, 0.3 - 0.22 * facing)
    out[first:last, :, 1] = np.where(front, lamp, 0)
    out[first:last, :, 2] = np.where(front, shine * 0.2 * light, 0)
    out[first:last, :, 3] = (1 - abs(facing)) ** 3


def lit(first: int, last: int, z: Floats, cell: float, sun: Doubles, out: Floats) -> None:
    """Rows [first, last): the light on a field of heights whose cells are `cell` wide; the sun shines from `sun`."""
    flat = math.hypot(sun[0], sun[1])
    i, j = np.mgrid[first:last, : z.shape[1]].astype(np.float64)
    here, steepest = z[first:last].astype(np.float64), np.full(i.shape, -9.0)
    for k in range(1, STEPS):
        x, y = j + sun[0] / flat * STEP * k, i + sun[1] / flat * STEP * k
        on = (x >= 0) & (y >= 0) & (x < z.shape[1] - 1) & (y < z.shape[0] - 1)
        rise = (_between(z, np.where(on, x, 0), np.where(on, y, 0)) - here) / (k * STEP * cell)
        steepest = np.where(on, np.maximum(steepest, rise), steepest)
    sunny = 1 - np.clip((steepest - sun[2] / flat + SOFT) / (2 * SOFT), 0, 1)
    out[first:last] = (DIM + (1 - DIM) * sunny) * (NIGHT + (1 - NIGHT) * _sky(z, here, i, j, cell))


def _sky(z: Floats, here: Doubles, i: Doubles, j: Doubles, cell: float) -> Doubles:
    """Which share of the sky every point sees."""
    sky = np.zeros(here.shape)
    for way in range(WAYS):
        wall = np.zeros(here.shape)
        for reach in REACHES:
            c = (j + np.rint(math.cos(way * 2 * math.pi / WAYS) * reach * 0.999)).astype(np.intp)
            r = (i + np.rint(math.sin(way * 2 * math.pi / WAYS) * reach * 0.999)).astype(np.intp)
            on = (c >= 0) & (c < z.shape[1]) & (r >= 0) & (r < z.shape[0])
            there = z[np.where(on, r, 0), np.where(on, c, 0)]
            wall = np.where(on, np.maximum(wall, (there - here) / (reach * cell)), wall)
        sky += 1 - wall / np.sqrt(1 + wall * wall)
    return sky / WAYS


def _between(z: Floats, x: Doubles, y: Doubles) -> Doubles:
    """The field between its points."""
    c = np.minimum(x.astype(np.intp), z.shape[1] - 2)
    r = np.minimum(y.astype(np.intp), z.shape[0] - 2)
    a, b = x - c, y - r
    upper, lower = z[r, c] * (1 - a) + z[r, c + 1] * a, z[r + 1, c] * (1 - a) + z[r + 1, c + 1] * a
    return np.asarray(upper * (1 - b) + lower * b)


def hidden(points: Doubles, eye: Doubles, z: Floats, slack: float, out: NDArray[np.bool_]) -> None:
    """For every point (x, y, z) whether the surface lies between it and the eye.

    A point less than `slack` under the surface counts as one on it; what is further below is seen past its edge only.
    """
    scale = (np.array(z.shape[::-1]) - 1) / 2
    for n, point in enumerate(points):
        start, way = (point[:2] + 1) * scale, (eye - point)[:2] * scale
        steps = max(math.hypot(*way), 4.0)
        k = np.arange(int(steps))
        x, y = start[:, None] + way[:, None] / steps * k
        ray = point[2] + (eye[2] - point[2]) / steps * k
        out[n] = _crossed(z, x, y, ray, slack)


def _crossed(z: Floats, x: Doubles, y: Doubles, ray: Doubles, slack: float) -> bool:
    on = (x >= 0) & (y >= 0) & (x <= z.shape[1] - 1) & (y <= z.shape[0] - 1)
    surface = _between(z, np.where(on, x, 0), np.where(on, y, 0))
    known = np.flatnonzero(on & (surface > -1))
    if not known.size:
        return False
    below = ray[known[0]] < surface[known[0]] - slack
    left = np.flatnonzero(~on & (np.arange(on.size) > known[0]))
    known = known[known < (left[0] if left.size else on.size)]
    known = known[known > NEAR]
    above = ray[known] - surface[known]
    return bool((above > 0).any() if below else (above < 0).any())


def halved(first: int, last: int, fine: Colours, out: Colours) -> None:
    """Rows [first, last) of a picture half as wide and high, every pixel the mean of four."""
    part = fine[2 * first : 2 * last, : 2 * out.shape[1]].copy().view(np.uint8).reshape(last - first, 2, -1, 2, 4)
    mean = (part.astype(np.uint16).sum(axis=(1, 3)) + 2) >> 2
    out[first:last] = np.ascontiguousarray(mean.astype(np.uint8)).view(np.uint32)[..., 0]


def doubled(first: int, last: int, coarse: Colours, out: NDArray[np.uint64]) -> None:
    """Rows [first, last) of a picture twice as wide and high, two of its pixels in one number: what is between."""
    y = np.arange(first, last)
    far = np.clip(y // 2 - 1 + 2 * (y % 2), 0, len(coarse) - 1)
    parts = coarse.view(np.uint8).reshape(*coarse.shape, 4).astype(np.uint16)
    rows = 3 * parts[y // 2] + parts[far]
    before, after = (
        np.concatenate(pair, axis=1) for pair in ((rows[:, :1], rows[:, :-1]), (rows[:, 1:], rows[:, -1:]))
    )
    pairs = np.stack([3 * rows + before, 3 * rows + after], axis=2)
    mixed = np.ascontiguousarray(((pairs + 8) >> 4).astype(np.uint8))
    mixed[..., 3] = 255
    out[first:last] = mixed.reshape(*rows.shape[:2], 8).view(np.uint64)[..., 0]
