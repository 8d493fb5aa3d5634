"""Pixels of a map: heights as colours in a gentle light, holes and clipped parts hatched."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.landscape.heights import field
from visualnn.scene.landscape.ramp import COLOURS, Palette, channels, ramp
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.look import RGB, Look, blend

SHADES = 256
SUN = np.array([-0.42, 0.42, 0.8])  # in the upper left, as on maps of mountains
DEPTH, STEEPEST = 0.30, 2.2  # how much light and shade there is; slopes beyond it are as bright as these
CALM = 4  # times that slopes are averaged with those beside them
SUNK = 0.62  # of the brightness of the ramp's last colour: what is cut off
HATCH, PEN = 9.0, 1.1  # px from line to line, and how thick they are
BAND = 64  # rows that are made at a time, which stay in the processor's cache

Colours = NDArray[np.uint32]
Floats = NDArray[np.float32]


def tints(
    relief: Relief, size: tuple[int, int], look: Look, *, palette: Palette = "vivid", scale: float = 1.0
) -> Colours:
    """(height, width) of 0xffRRGGBB; the field's first and last points lie on the edges. `scale`: pixels to the px."""
    made = field(relief)
    wide, high = max(1, size[0]), max(1, size[1])
    table = _table(palette, look.dark)
    open_ = np.where(made[..., 3] < 0, np.float32(1), np.float32(0))
    parts = [made[..., 0], _shade(made), *([open_] if open_.any() else [])]
    columns = [_across(part[::-1], wide) for part in parts]
    out = np.empty((high, wide), np.uint32)
    for first in range(0, high, BAND):
        last = min(first + BAND, high)
        share, shade, *hole = (_down(part, high, first, last) for part in columns)
        level = np.clip(share * (COLOURS - 1) + 0.5, 0, COLOURS - 1).astype(np.int32)
        out[first:last] = table[level * SHADES + (shade + 0.5).astype(np.int32)]
        if relief.is_clipped:
            _hatch(out[first:last], share > 1, first, scale, _cut_inks(look, palette))
        if hole:
            _hatch(out[first:last], hole[0] > 0, first, scale, _hole_inks(look))
    return out


def hole_color(look: Look) -> RGB:
    """What is painted where there is no loss."""
    return look.mix("canvas", "raised", 0.6)


@lru_cache(maxsize=4)
def _table(palette: Palette, dark: bool) -> Colours:
    """Every colour of the ramp in every shade, one ramp colour after the other."""
    light = 1 + DEPTH * np.linspace(-1, 1, SHADES)[:, None]
    colors = ramp(palette, dark)[:, None, :3].astype(np.float64)
    lit = np.where(light > 1, 1 - (1 - colors) * (2 - light), colors * light)
    red, green, blue = np.moveaxis(np.round(255 * np.clip(lit, 0, 1)).astype(np.uint32), -1, 0)
    return np.ascontiguousarray((np.uint32(0xFF000000) | red << 16 | green << 8 | blue).ravel())


def _shade(made: Floats) -> Floats:
    """0 … SHADES − 1; what is level is in the middle."""
    x, y = (_calmed(made[..., k].astype(np.float64)) for k in (1, 2))
    steep = np.hypot(x, y)
    calm = np.minimum(1, STEEPEST / np.maximum(steep, 1e-9)) * 0.7
    x, y = x * calm, y * calm
    facing = (-x * SUN[0] - y * SUN[1] + SUN[2]) / np.sqrt(1 + x * x + y * y) / np.linalg.norm(SUN)
    level = SUN[2] / np.linalg.norm(SUN)
    return np.asarray((np.clip((facing - level) / level, -1, 1) + 1) / 2 * (SHADES - 1), np.float32)


def _calmed(slopes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without the small steps that a surface has where it goes through its points."""
    for _ in range(CALM):
        wide = np.pad(slopes, 1, mode="edge")
        slopes = (wide[:-2, 1:-1] + 2 * wide[1:-1, 1:-1] + wide[2:, 1:-1]) / 4
        wide = np.pad(slopes, 1, mode="edge")
        slopes = (wide[1:-1, :-2] + 2 * wide[1:-1, 1:-1] + wide[1:-1, 2:]) / 4
    return np.asarray(slopes)


def _across(part: Floats, wide: int) -> Floats:
    """Every row of a field, with `wide` columns."""
    left, share = _between(part.shape[1], wide, 0, wide)
    return np.asarray(part[:, left] * (1 - share) + part[:, left + 1] * share, np.float32)


def _down(part: Floats, high: int, first: int, last: int) -> Floats:
    """Rows [first, last) of `high`."""
    above, share = _between(len(part), high, first, last)
    return np.asarray(part[above] * (1 - share[:, None]) + part[above + 1] * share[:, None], np.float32)


def _between(points: int, pixels: int, first: int, last: int) -> tuple[NDArray[np.intp], Floats]:
    """The point of a field before the middles of pixels, and how far behind it these are."""
    at = (np.arange(first, last) + 0.5) / pixels * (points - 1)
    before = np.minimum(at.astype(np.intp), points - 2)
    return before, (at - before).astype(np.float32)


def _cut_inks(look: Look, palette: Palette) -> tuple[RGB, RGB]:
    red, green, blue = (round(255 * SUNK * float(part)) for part in ramp(palette, look.dark)[-1, :3])
    ground = red << 16 | green << 8 | blue
    return ground, blend(ground, 0xFFFFFF if look.dark else 0, 0.24)


def _hole_inks(look: Look) -> tuple[RGB, RGB]:
    ground = hole_color(look)
    return ground, blend(ground, look["warn"], 0.5)


def _hatch(out: Colours, where: NDArray[np.bool_], top: int, scale: float, inks: tuple[RGB, RGB]) -> None:
    """Slanting lines over a part of rows that begin at `top`."""
    if not where.any():
        return
    rows, columns = np.nonzero(where)
    at = (rows + columns + top) / (scale * HATCH)
    away = np.abs(at - np.floor(at) - 0.5) * scale * HATCH / np.sqrt(2)
    covered = np.clip(scale * PEN / 2 + 0.5 - away, 0, 1)[:, None]
    ground, ink = (255 * np.array(channels(color)) for color in inks)
    red, green, blue = np.round(ground + covered * (ink - ground)).astype(np.uint32).T
    out[rows, columns] = np.uint32(0xFF000000) | red << 16 | green << 8 | blue
