"""`shade` in NumPy: the colour of every pixel, all pixels of a kind at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
Pixel = tuple[NDArray[np.intp], NDArray[np.intp]]
TINY = np.float32(1e-6)
COOL, WARM, HAZE, INKED = np.array(
    [(0.94, 0.98, 1.1), (1.06, 1.02, 0.96), (0.06, 0.075, 0.11), (0.66, 0.66, 0.58)], np.float32
)
TEN_BITS = 1023


class Sight(NamedTuple):
    """What is seen at every pixel, and the field it belongs to."""

    near: Floats
    u: Floats
    v: Floats
    heights: Floats
    gaps: NDArray[np.bool_]
    light: Floats
    ramp: NDArray[np.uint32]
    camera: Floats
    sun: Floats
    lines: Floats
    inks: Floats
    floor: Floats


def shade(
    first: int,
    last: int,
    near: Floats,
    u: Floats,
    v: Floats,
    heights: Floats,
    gaps: NDArray[np.bool_],
    light: Floats,
    ramp: NDArray[np.uint32],
    camera: Floats,
    sun: Floats,
    lines: Floats,
    inks: Floats,
    floor: Floats,
    out: NDArray[np.uint32],
) -> None:
    """Rows [first, last).

    | array | holds |
    |---|---|
    | `near`, `u`, `v` | what `cover` has found, all rows of it |
    | `heights` | those of the field |
    | `gaps` | which of its cells are holes; empty where none is |
    | `light` | what `glaze` has found |
    | `ramp` | colours from the lowest to the highest height, ten bits each of red, green and blue |
    | `camera` | eye, right, up, forward (3 each), focal length in pixels, the middle's x and y |
    | `sun` | where it is, of length 1 |
    | `lines` | contour lines over the scale, the first one's number, every how many-th is a main one, half a pen's px |
    | `inks` | canvas, what its middle has more, floor, its frame, clipped edges and holes, the surface's border |
    | `floor` | height, half side, 1 if dark, 1 if heights are clipped, shadow, its lines' strength and brightness |
    """
    sight = Sight(near, u, v, heights, gaps, light, ramp, camera, sun, lines, inks, floor)
    y, x = np.mgrid[first:last, : near.shape[1]]
    colours = _canvas(sight, x, y)
    rays = _rays(sight, x, y)
    on = near[first:last] > 0
    if on.any():
        colours[on] = _surface(sight, (y[on], x[on]))
    with np.errstate(divide="ignore", invalid="ignore"):
        along = (floor[0] - camera[2]) / rays[..., 2]
    below = ~on & (rays[..., 2] < -1e-4) & (along > 0)
    if below.any():
        colours[below] = _floor(sight, rays[below], along[below], colours[below])
    out[first:last] = _pixels(colours, x, y)


def _unit(value: ArrayLike) -> Floats:
    return np.asarray(np.clip(value, 0, 1))


def _mixed(colours: Floats, ink: Floats, share: Floats) -> Floats:
    return np.asarray(colours + share[..., None] * (ink - colours))


def _canvas(sight: Sight, x: NDArray[np.intp], y: NDArray[np.intp]) -> Floats:
    height, width = sight.near.shape
    tx, ty = np.float32(x + 0.5) / width - 0.5, np.float32(y + 0.5) / height - 0.46
    glow = np.maximum(0, 1 - 3.4 * (tx * tx + ty * ty)).astype(np.float32) ** 2
    return np.asarray(sight.inks[0] + sight.inks[1] * glow[..., None])


def _rays(sight: Sight, x: NDArray[np.intp], y: NDArray[np.intp]) -> Floats:
    _eye, right, up, forward = sight.camera[:12].reshape(4, 3)
    focal, middle_x, middle_y = sight.camera[12:15]
    across, down = np.float32(x + 0.5 - middle_x) / focal, np.float32(y + 0.5 - middle_y) / focal
    return np.asarray(forward + across[..., None] * right - down[..., None] * up)


def _surface(sight: Sight, at: Pixel) -> Floats:
    right, bottom = _last(sight)
    u, v = np.clip(sight.u[at], 0, right), np.clip(sight.v[at], 0, bottom)
    raw, by_u, by_v = _sampled(sight.heights, u, v)
    colours, strength = _lighted(sight, raw, u, v)
    (du1, dv1), (du2, dv2) = (_beside(sight, at, axis) for axis in (1, 0))
    change = np.hypot(by_u * du1 + by_v * dv1, by_u * du2 + by_v * dv2)
    wide_u, wide_v = abs(du1) + abs(du2) + TINY, abs(dv1) + abs(dv2) + TINY
    pen = sight.lines[3]
    stripe, dense = (u + v) * 40 / (right + bottom), (wide_u + wide_v) * 40 / (right + bottom) + TINY
    hatch = _unit(pen * 1.5 + 0.5 - abs(stripe - np.floor(stripe) - 0.5) / dense) * 0.4
    ink = np.where(raw < 1, _line(raw, change, sight.lines), hatch)
    colours = _ruled(colours * np.where(raw < 1, 1, 0.72)[..., None], ink, strength, bool(sight.floor[2] > 0))
    cut = _unit(pen * 2.2 + 0.5 - abs(raw - 1) / (change + TINY)) * 0.9 * sight.floor[3]
    border = np.minimum(np.minimum(u, right - u) / wide_u, np.minimum(v, bottom - v) / wide_v)
    colours = _mixed(colours, sight.inks[4], cut)
    return _mixed(colours, sight.inks[5], _unit(pen * 1.9 + 0.5 - border) * 0.62)


def _last(sight: Sight) -> tuple[np.float32, np.float32]:
    """The last column and row of the field, or just before them."""
    rows, columns = sight.heights.shape
    return np.float32(columns) - np.float32(1.001), np.float32(rows) - np.float32(1.001)


def _sampled(heights: Floats, u: Floats, v: Floats) -> tuple[Floats, Floats, Floats]:
    """The heights between their points, and how they change along u and v."""
    j, i = u.astype(np.intp), v.astype(np.intp)
    a, b = (u - j).astype(np.float32), (v - i).astype(np.float32)
    p, q, r, s = heights[i, j], heights[i, j + 1], heights[i + 1, j], heights[i + 1, j + 1]
    upper, lower = p + (q - p) * a, r + (s - r) * a
    return upper + (lower - upper) * b, (q - p) * (1 - b) + (s - r) * b, lower - upper


def _lighted(sight: Sight, raw: Floats, u: Floats, v: Floats) -> tuple[Floats, Floats]:
    """The colours in their light, and how bright that is."""
    j, i = u.astype(np.intp), v.astype(np.intp)
    a, b = (u - j).astype(np.float32)[:, None], (v - i).astype(np.float32)[:, None]
    light = sight.light
    upper, lower = light[i, j] * (1 - a) + light[i, j + 1] * a, light[i + 1, j] * (1 - a) + light[i + 1, j + 1] * a
    sky, lamp, shine, rim = np.moveaxis(upper * (1 - b) + lower * b, -1, 0)
    tone = _toned(sight, raw)
    return tone * (sky[:, None] * COOL + lamp[:, None] * WARM) + shine[:, None] + rim[:, None] * HAZE, sky + lamp


def _toned(sight: Sight, heights: Floats) -> Floats:
    """The colours of heights."""
    packed = sight.ramp[(_unit(heights) * (len(sight.ramp) - 1) + 0.5).astype(np.intp)]
    return np.stack([(packed >> shift & TEN_BITS).astype(np.float32) / TEN_BITS for shift in (20, 10, 0)], -1)


def _ruled(colours: Floats, ink: Floats, strength: Floats, dark: bool) -> Floats:
    """With contour lines: light ones on a dark theme, dark ones on a light theme."""
    if dark:
        return np.asarray(colours + ink[..., None] * (0.75 * np.minimum(1, 0.3 + strength)[..., None] - 0.75 * colours))
    return np.asarray(colours * (1 - ink[..., None] * INKED))


def _beside(sight: Sight, at: Pixel, axis: int) -> tuple[Floats, Floats]:
    """How u and v change from a pixel to the one beside it; from the one before where there is none."""
    step = np.array([0, 1]) if axis else np.array([1, 0])
    ahead, back = ((at[0] + sign * step[0], at[1] + sign * step[1]) for sign in (1, -1))
    first, second = _there(sight.near, ahead), _there(sight.near, back)
    ahead = np.where(first, ahead[0], at[0]), np.where(first, ahead[1], at[1])
    back = np.where(second, back[0], at[0]), np.where(second, back[1], at[1])
    changes = []
    for plane in (sight.u, sight.v):
        before = np.where(second, plane[at] - plane[back], TINY)
        changes.append(np.where(first, plane[ahead] - plane[at], before))
    return changes[0], changes[1]


def _there(near: Floats, at: Pixel) -> NDArray[np.bool_]:
    height, width = near.shape
    inside = (at[0] >= 0) & (at[0] < height) & (at[1] >= 0) & (at[1] < width)
    return np.asarray(inside & (near[np.where(inside, at[0], 0), np.where(inside, at[1], 0)] > 0))


def _line(height: Floats, change: Floats, lines: Floats) -> Floats:
    """How much of a pixel contour lines cover; they fade where they would be denser than pixels, and on a plain."""
    level, change = height * lines[0] - lines[1], change * lines[0] + TINY
    nearest = np.floor(level + np.float32(0.5))
    major = abs(nearest - lines[2] * np.floor(nearest / lines[2] + 0.5)) < 0.5
    covered = _unit(lines[3] * np.where(major, 1.25, 0.75) + 0.5 - abs(level - nearest) / change)
    fading = np.minimum(1, 0.5 / change) * _unit(change * 2e4 - 0.1)
    return np.asarray(covered * np.where(major, 0.62, 0.36) * fading)


def _floor(sight: Sight, rays: Floats, along: Floats, colours: Floats) -> Floats:
    right, bottom = _last(sight)
    pen = sight.lines[3]
    x, y = sight.camera[0] + along * rays[:, 0], sight.camera[1] + along * rays[:, 1]
    side, pixel = np.maximum(abs(x), abs(y)), along / sight.camera[12] * np.float32(1.25)
    seen = _unit((sight.floor[1] - side) / pixel + 0.5)
    sx, sy = (_unit((1.22 - abs(at + 0.24 * sun)) * 1.3) for at, sun in zip((x, y), sight.sun[:2], strict=True))
    under = sx * sx * (3 - 2 * sx) * sy * sy * (3 - 2 * sy) * sight.floor[4]
    plate = sight.inks[2] * (1 - under[:, None])
    inside = side < 1
    u, v = np.clip((x + 1) / 2, 0, 1) * right, np.clip((y + 1) / 2, 0, 1) * bottom
    height, by_u, by_v = _sampled(sight.heights, u, v)
    open_ = sight.gaps[v.astype(np.intp), u.astype(np.intp)] if sight.gaps.size else np.zeros(len(u), np.bool_)
    stripe = (x + y) * 24
    hatch = _unit(pen * 1.2 + 0.5 - abs(stripe - np.floor(stripe) - 0.5) / (pixel * 24)) * 0.5
    change = np.hypot(by_u * right, by_v * bottom) * pixel / 2
    ink = _unit(2 * _line(height, change, sight.lines)) * sight.floor[5]
    tone = _toned(sight, height) * sight.floor[6]
    tone = np.where(open_[:, None], sight.inks[4], tone)
    share = np.where(open_, hatch, np.where(height < 1, ink, 0))
    plate = _mixed(plate, tone, np.where(inside, share, 0))
    plate = _mixed(plate, sight.inks[3], _unit(pen * 1.2 + 0.5 - abs(side - 1) / pixel) * 0.8)
    return _mixed(colours, plate, seen)


def _pixels(colours: Floats, x: NDArray[np.intp], y: NDArray[np.intp]) -> NDArray[np.uint32]:
    """Rounded up or down by a pattern instead of to the nearest: no bands in the dark."""
    mixed = x.astype(np.uint32) * np.uint32(1973) + y.astype(np.uint32) * np.uint32(9277)
    grain = (mixed ^ (mixed >> np.uint32(7))) * np.uint32(26699)
    noise = ((grain >> 8) & 255).astype(np.float32) / 255
    red, green, blue = np.moveaxis((_unit(colours) * 254.99 + noise[..., None]).astype(np.uint32), -1, 0)
    return np.asarray(np.uint32(0xFF000000) | red << 16 | green << 8 | blue)
