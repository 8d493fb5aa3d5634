"""Everything that is lines and letters on a relief, in painting order."""

from __future__ import annotations

from collections.abc import Sequence

from visualnn.scene.frame import Frame, Item
from visualnn.scene.landscape import axes, balls, pins, trails
from visualnn.scene.landscape.balls import End
from visualnn.scene.landscape.board import sheet
from visualnn.scene.landscape.camera import Camera, view
from visualnn.scene.landscape.legend import wrapped
from visualnn.scene.landscape.marks import NOTHING, Marks
from visualnn.scene.landscape.ramp import Palette
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.look import Look

__all__ = ["overlay", "wrapped"]


def overlay(
    relief: Relief,
    camera: Camera,
    size: tuple[float, float],
    look: Look,
    *,
    marks: Marks = NOTHING,
    palette: Palette = "vivid",
    ends: Sequence[End] | None = None,
) -> Frame:
    """What QPainter draws above `picture` of the same camera and size, in points; `ends` are the balls, where known."""
    seen, shown, chosen = view(camera, size), marks.trails, marks.selected
    found = balls.ends(relief, seen, shown, chosen) if ends is None else ends
    plates = sheet(size, look)
    words = [*balls.words(relief, shown, found, plates)]  # what is found a place for first can be read for sure
    shadows, paths = trails.lines(relief, seen, look, shown, chosen)
    items: list[Item] = [*shadows, *axes.axes(relief, seen, look)]
    items += pins.minima(relief, seen, look, marks.minima)
    if marks.pointed is not None:
        items += pins.pointed(relief, seen, look, marks.pointed)
    items += paths
    if marks.start is not None:
        items += pins.start(relief, seen, marks.start, plates)
    if marks.slope is not None:
        items += pins.slope(relief, seen, marks.slope, plates)
    if marks.moment is not None:
        items += pins.moment(relief, seen, marks.moment, plates)
    items += [*balls.balls(seen, shown, found, chosen), *words]
    return Frame(size[0], size[1], (), tuple(items), around=tuple(axes.color_bar(relief, seen, look, palette)))
