"""What a press on the map has taken hold of, and where that is now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot

import numpy as np

from visualnn.scene.landscape.chart_trails import ball_spot, in_order
from visualnn.scene.landscape.marks import Marks, Trail
from visualnn.scene.landscape.plot import Plot
from visualnn.scene.landscape.relief import Relief, Window
from visualnn.scene.landscape.soundings import surface_loss

START = -1  # the number of the start's pin among the balls
REACH = 15.0  # px around the middle of a ball
PIN_REACH = 12.0
DRAG_STARTS = 4.0  # px

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Hand:
    """A press that has not ended. `ball` is None on empty ground; `moved` once it is a drag."""

    pressed: Point
    window: Window  # that was shown when it began
    ball: int | None = None
    moved: bool = False

    def at(self, x: float, y: float) -> Hand:
        """The pointer is there now."""
        far = hypot(x - self.pressed[0], y - self.pressed[1]) >= DRAG_STARTS
        return replace(self, moved=self.moved or far)


def ball_at(plot: Plot, marks: Marks, x: float, y: float, *, pin: bool) -> int | None:
    """The number of the topmost ball there; `START` on the start's pin, if that can be taken."""
    for number in reversed(in_order(marks)):
        spot = ball_spot(plot, marks.trails[number])
        if spot is not None and hypot(x - spot[0], y - spot[1]) <= REACH:
            return number
    if pin and marks.start is not None:
        spot = plot.spot(*marks.start[:2])
        if hypot(x - spot[0], y - spot[1]) <= PIN_REACH:
            return START
    return None


def held(plot: Plot, x: float, y: float) -> Point:
    """The point of the window that is nearest to a spot."""
    return plot.point(min(max(x, plot.left), plot.right), min(max(y, plot.top), plot.bottom))


def carried(relief: Relief, marks: Marks, ball: int, at: Point) -> Marks:
    """The marks with a ball in the hand: its path is gone, and its loss is that of the surface."""
    loss = surface_loss(relief, *at)
    height = np.nan if loss is None else loss
    if ball == START or ball >= len(marks.trails):
        return replace(marks, start=(*at, height))
    trails = list(marks.trails)
    trails[ball] = _lone(trails[ball], at, height)
    return replace(marks, trails=tuple(trails), moment=None, slope=None)


def _lone(trail: Trail, at: Point, loss: float) -> Trail:
    return replace(trail, points=np.array([at]), losses=np.array([loss]), floors=None)
