"""Axes along the nearest edges of the map, and the colour bar."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor, hypot, isfinite, log10

import numpy as np

from visualnn.scene.formula import MINUS
from visualnn.scene.frame import Align, Box, Item, Line, Pixels, Text
from visualnn.scene.landscape.camera import View
from visualnn.scene.landscape.levels import ticks
from visualnn.scene.landscape.ramp import Palette, ramp
from visualnn.scene.landscape.relief import FLOOR, NARROW, Relief
from visualnn.scene.look import Look, text_width
from visualnn.scene.scales import Tick, nice_step, tick_text

MOST = 6
TICK, NUMBER, NAME = 1.03, 1.085, 1.25  # how far from the middle of the square
SHORT = 14.0  # half the px of a name that has room there
BAR = (12.0, 190.0)
SHARE = 0.22  # of the height that the bar takes at most: it stands above the right corner of the surface
MARGIN, TOP = 30.0, 44.0
APART = 13.0  # px between two numbers beside it
LONGEST = 18  # signs of a number that is written out


def axes(relief: Relief, seen: View, look: Look) -> Iterator[Item]:
    """Ticks, numbers and a name along the two edges that are nearest to the eye."""
    for axis in (0, 1):
        side = 1.0 if seen.eye[1 - axis] > 0 else -1.0
        low, high = relief.window[2 * axis : 2 * axis + 2]
        for tick in axis_ticks(low, high):
            at = 2 * (tick.value - low) / (high - low) - 1 if high > low else 0.0
            edge, mark, number = (_spot(seen, axis, at, side * far) for far in (1.0, TICK, NUMBER))
            yield Line((edge, mark), look["line3"], 1.0)
            yield Text(*number, tick.text, 11, 500, look["text3"])
        yield _name(seen, relief.names[axis], [_spot(seen, axis, 0.0, side * far) for far in (1.0, NAME)], look)


def _name(seen: View, name: str, way: list[tuple[float, float]], look: Look) -> Text:
    """Beside the numbers: a long one is moved further out, but not out of the picture."""
    (x0, y0), (x, y) = way
    half = text_width(name, 13) / 2
    away = (x - x0) / max(hypot(x - x0, y - y0), 1e-9)
    x += away * max(0.0, half - SHORT)
    return Text(min(max(x, half + 4), max(seen.size[0] - half - 4, half + 4)), y, name, 13, 600, look["text2"])


def axis_ticks(low: float, high: float, most: int = MOST) -> tuple[Tick, ...]:
    """At most about so many round numbers on an axis; its only one where it has no width."""
    if not high > low:
        return (Tick(low, tick_text(float(f"{low:.4g}"))),)
    step = nice_step(high / 2 - low / 2, max(1, most // 2))
    numbers = range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)
    return tuple(Tick(k * step, stepped_text(k * step, step)) for k in numbers)


def stepped_text(value: float, step: float) -> str:
    """A number with as many digits as tell it from those a step beside it, though it may be large."""
    decimals = max(0, -floor(log10(step) + 1e-9))
    text = f"{value:,.{decimals}f}".replace("-", MINUS) if abs(value) < 1e15 else ""
    short = tick_text(value)
    alike = any(short == tick_text(other) for other in (value - step, value + step) if isfinite(other))
    return text if text and alike and len(text) <= LONGEST else short


def _spot(seen: View, axis: int, along: float, beside: float) -> tuple[float, float]:
    """A point of the floor's plane on the screen."""
    x, y = (along, beside) if axis == 0 else (beside, along)
    return seen.spot(x, y, FLOOR)[:2]


def color_bar(relief: Relief, seen: View, look: Look, palette: Palette) -> Iterator[Item]:
    """Which colour is which loss, in the upper right corner."""
    wide, high = BAR
    high = min(high, max(60.0, seen.size[1] * SHARE))
    x = seen.size[0] - MARGIN - wide / 2
    yield Text(x + wide / 2, TOP - 22, bar_name(relief), 12, 600, look["text2"], "right")
    yield from bar(relief, (x, TOP, high), look, palette, x - wide / 2 - 8)


def bar_name(relief: Relief) -> str:
    """What stands above the colours."""
    return "loss, log" if relief.is_log and not relief.is_flat else "loss"


def log_reason(relief: Relief) -> str:
    """Why heights cannot be logarithms; "" where they are, or could be."""
    if not np.isfinite(relief.losses).any():
        return "Nowhere here is the loss a number."
    if relief.is_flat:
        return "The loss is the same everywhere here."
    if relief.low < 0:
        return "Losses below 0 have no logarithm."
    is_narrow = relief.high + relief.above < NARROW * (relief.low + relief.above)
    return "The losses here are so much alike that it would change nothing." if is_narrow and not relief.is_log else ""


def bar(
    relief: Relief, place: tuple[float, float, float], look: Look, palette: Palette, numbers: float
) -> Iterator[Item]:
    """The colours around x, from a top down for a height, with numbers that begin or end at another x.

    Nothing where no loss is a number.
    """
    if not np.isfinite(relief.losses).any():
        return
    x, top, high = place
    wide, side = BAR[0], 1 if numbers > x else -1
    align: Align = "left" if side > 0 else "right"
    if relief.is_flat:
        share = float(relief.share(relief.low))
        yield Box(x, top + 6, wide, wide, 4, _packed(ramp(palette, look.dark)[round(share * 1023)][None])[0])
        yield Text(numbers, top + 6, ticks(relief)[0].text, 12, 500, look["text2"], align)
        return
    colors = _packed(ramp(palette, look.dark)[::-4])
    yield Pixels(x, top + high / 2, wide, high, np.array(colors, np.uint32)[:, None], wide / 2, smooth=True)
    for y, tick in _clear([(top + high * (1 - float(relief.share(tick.value))), tick) for tick in ticks(relief)]):
        yield Line(((x + side * (wide / 2 + 4), y), (x + side * (wide / 2 + 1), y)), look["line3"], 1.0)
        yield Text(numbers, y, tick.text, 12, 500, look["text2"], align)


def _clear(found: list[tuple[float, Tick]]) -> Iterator[tuple[float, Tick]]:
    """Those that can be read beside each other; of the others the lowest and the highest come first."""
    kept: list[float] = []
    for y, tick in (*found[:1], *found[:0:-1]):
        if all(abs(y - other) >= APART for other in kept):
            kept.append(y)
            yield y, tick


def _packed(colors: np.ndarray) -> list[int]:
    """Rows of red, green, blue as numbers."""
    red, green, blue = np.round(255 * colors[:, :3].astype(np.float64)).astype(np.uint32).T
    return list((np.uint32(0xFF000000) | red << 16 | green << 8 | blue).tolist())
