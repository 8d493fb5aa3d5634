"""A landscape as a map: heights as colours and contour lines, seen from straight above; it stretches to its size.

`chart` is all of it as one frame, its lines as lines, so that a vector file can be made of it. A view that shows it
again and again takes the parts: `plot` says where the map lies, `ground` is what changes with the surface only,
`around` the axes and the colour bar, `above` what stands on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from math import ceil

import numpy as np

from visualnn.scene.frame import Box, Frame, Item, Line, Pixels, Text
from visualnn.scene.landscape import chart_marks, chart_trails
from visualnn.scene.landscape.axes import BAR, axis_ticks, bar, bar_name
from visualnn.scene.landscape.board import Board, Plates
from visualnn.scene.landscape.isolines import isolines, ruled
from visualnn.scene.landscape.levels import ticks
from visualnn.scene.landscape.marks import NOTHING, Marks
from visualnn.scene.landscape.plot import Plot
from visualnn.scene.landscape.ramp import Palette
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.landscape.tints import tints
from visualnn.scene.look import Look, text_width
from visualnn.scene.scales import Tick

__all__ = ["above", "around", "chart", "ground", "isolines", "plot"]

TOP, BOTTOM, LEFT, RIGHT = 34.0, 46.0, 14.0, 16.0  # px around the map, beside its numbers
GAP, ASIDE = 18.0, 8.0  # px from the map to the bar, and from there to its numbers
NUMBER, NAME = 11.0, 13.0
DENSE = 1.35  # times its width: the room of a number below the map
HIGHEST = 260.0  # px of the colour bar


@lru_cache(maxsize=16)
def plot(relief: Relief, size: tuple[float, float]) -> Plot:
    """Where the map of a relief lies in an area."""
    y0, y1 = relief.window[2:]
    numbers = max((text_width(tick.text, NUMBER) for tick in axis_ticks(y0, y1)), default=0.0)
    losses = max(text_width(tick.text, 12) for tick in ticks(relief))
    left = LEFT + _even(max(numbers, 22.0)) + 9
    right = RIGHT + _even(max(losses, 26.0)) + ASIDE + BAR[0] + GAP
    return Plot(left, TOP, max(size[0] - left - right, 24.0), max(size[1] - TOP - BOTTOM, 24.0), relief.window)


def _even(width: float) -> float:
    """In steps, so that the map stands still when a number grows a little."""
    return 8.0 * ceil(width / 8)


def chart(
    relief: Relief,
    size: tuple[float, float],
    look: Look,
    *,
    marks: Marks = NOTHING,
    palette: Palette = "vivid",
    scale: float = 2.0,
    stamp: str = "",
) -> Frame:
    """The whole map; `scale` is how many pixels of its colours make a px."""
    area = plot(relief, size)
    items = (*ground(relief, area, look, palette, scale), *above(relief, area, look, marks))
    return Frame(size[0], size[1], (), items, around=tuple(around(relief, area, look, palette, stamp)))


def ground(relief: Relief, area: Plot, look: Look, palette: Palette, scale: float) -> Iterator[Item]:
    """The colours and the contour lines."""
    pixels = round(area.width * scale), round(area.height * scale)
    colors = tints(relief, pixels, look, palette=palette, scale=scale)
    middle = area.left + area.width / 2, area.top + area.height / 2
    yield Pixels(*middle, area.width, area.height, colors)
    yield from ruled(relief, area, look, palette)


def above(
    relief: Relief, area: Plot, look: Look, marks: Marks, *, said: str = "", trails: Iterable[Item] | None = None
) -> Iterator[Item]:
    """What stands on the map, in painting order. The area may show another part of the plane than the relief has.

    `said` is written where the pointer is, in place of its coordinates; `trails` are drawn in place of the paths.
    """
    board = Board(relief, area, look, Plates(area, look))
    balls = tuple(chart_trails.balls(board, marks))  # what is found a place for first is written first
    slope = () if marks.slope is None else tuple(chart_marks.slope(board, marks.slope))
    moment = () if marks.moment is None else tuple(chart_marks.moment(board, marks.moment))
    yield from chart_marks.minima(board, marks.minima)
    yield from chart_trails.trails(area, marks) if trails is None else trails
    if marks.start is not None:
        yield from chart_marks.start(board, marks.start)
    yield from (*moment, *slope, *balls)
    if marks.pointed is not None:
        yield from chart_marks.pointed(board, marks.pointed, said)


def around(relief: Relief, area: Plot, look: Look, palette: Palette, stamp: str = "") -> Iterator[Item]:
    """Frame, ticks, numbers and names, and the colour bar; the stamp where there is room for it."""
    x0, x1, y0, y1 = area.window
    middle = area.left + area.width / 2, area.top + area.height / 2
    yield Box(*middle, area.width, area.height, 0, None, look["line2"], 1.0)
    for tick in _fitting(x0, x1, area.width):
        x, _ = area.spot(tick.value, y0)
        yield Line(((x, area.bottom), (x, area.bottom + 4)), look["line3"], 1.0)
        yield Text(x, area.bottom + 14, tick.text, NUMBER, 500, look["text3"])
    for tick in axis_ticks(y0, y1, _most(area.height, 34.0)):
        _, y = area.spot(x0, tick.value)
        yield Line(((area.left - 4, y), (area.left, y)), look["line3"], 1.0)
        yield Text(area.left - 8, y, tick.text, NUMBER, 500, look["text3"], "right")
    yield Text(middle[0], area.bottom + 33, relief.names[0], NAME, 600, look["text2"])
    yield Text(area.left, area.top - 15, relief.names[1], NAME, 600, look["text2"], "left")
    if text_width(relief.names[1], NAME) + text_width(stamp, 12) < area.width:
        yield Text(area.right, area.top - 15, stamp, 12, 500, look["text3"], "right")
    x = area.right + GAP + BAR[0] / 2
    yield Text(x - BAR[0] / 2, area.top - 15, bar_name(relief), 12, 600, look["text2"], "left")
    high = min(area.height - 2, HIGHEST)
    yield from bar(relief, (x, area.top + 1, high), look, palette, x + BAR[0] / 2 + ASIDE)


def _most(length: float, room: float) -> int:
    return max(2, min(6, int(length / room)))


def _fitting(low: float, high: float, length: float) -> tuple[Tick, ...]:
    """As many numbers as have room beside each other."""
    for most in range(6, 1, -1):
        found = axis_ticks(low, high, most)
        widest = max((text_width(tick.text, NUMBER) for tick in found), default=0.0)
        steps = [abs(b.value - a.value) for a, b in pairwise(found)]
        room = min(steps, default=high - low) / (high - low) * length if high > low else np.inf
        if widest * DENSE <= room:
            break
    return found
