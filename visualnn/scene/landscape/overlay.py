"""Everything that is lines and letters on a relief, in painting order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from visualnn.scene.frame import Box, Frame, Item, Line, Text
from visualnn.scene.landscape import axes, balls, pins, plates, trails
from visualnn.scene.landscape.camera import Camera, view
from visualnn.scene.landscape.marks import NOTHING, Marks, Trail
from visualnn.scene.landscape.ramp import Palette
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.look import Look, text_width

LEFT, LEGEND_TOP, ROW = 28.0, 32.0, 24.0
CAPTION = 13.0


def overlay(
    relief: Relief,
    camera: Camera,
    size: tuple[float, float],
    look: Look,
    *,
    marks: Marks = NOTHING,
    palette: Palette = "vivid",
) -> Frame:
    """What QPainter draws above `picture` of the same camera and size, in points."""
    seen, shown, chosen = view(camera, size), marks.trails, marks.selected
    items: list[Item] = [*trails.shadows(relief, seen, look, shown, chosen), *axes.axes(relief, seen, look)]
    items += pins.minima(relief, seen, look, marks.minima)
    if marks.pointed is not None:
        items += pins.pointed(relief, seen, look, marks.pointed)
    items += trails.paths(relief, seen, shown, chosen)
    if marks.start is not None:
        items += pins.start(relief, seen, look, marks.start)
    if marks.slope is not None:
        items += pins.slope(relief, seen, look, marks.slope)
    if marks.moment is not None:
        items += pins.moment(relief, seen, look, marks.moment)
    items += balls.balls(relief, seen, look, shown, chosen)
    return Frame(size[0], size[1], (), tuple(items), around=tuple(axes.color_bar(relief, seen, look, palette)))


def legend(look: Look, shown: Sequence[Trail]) -> Iterator[Item]:
    """Which path is whose, in the upper left corner."""
    for row, trail in enumerate(shown):
        y = LEGEND_TOP + row * ROW
        yield Line(((LEFT, y), (LEFT + 24, y)), plates.INK, 5.0)
        yield Line(((LEFT + 1, y), (LEFT + 23, y)), trail.color, 3.0)
        yield Box(LEFT + 12, y, 9, 9, 4.5, trail.color, plates.INK, 1.4)
        yield Text(LEFT + 34, y, trail.name, 14, 500, look["text"], "left")


def captions(look: Look, size: tuple[float, float], sentences: Sequence[str]) -> Iterator[Item]:
    """Sentences below, one after the other, broken where the width ends."""
    rows = wrapped(" ".join(sentences), size[0] - 2 * LEFT, CAPTION)
    for row, text in enumerate(rows):
        y = size[1] - 22 - (len(rows) - 1 - row) * 19
        yield Text(size[0] / 2, y, text, CAPTION, 450, look["text2"])


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Lines of words, each at most so wide."""
    rows: list[str] = []
    for word in text.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and text_width(longer, size) * 0.86 <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows
