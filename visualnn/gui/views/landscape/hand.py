"""What lies under the pointer on a drawing: a ball, the start, the surface, the map beneath it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from visualnn.gui.views.landscape.aspect import Drawing
from visualnn.scene import look
from visualnn.scene.frame import Item
from visualnn.scene.landscape import pins
from visualnn.scene.landscape.balls import End, ball
from visualnn.scene.landscape.board import sheet
from visualnn.scene.landscape.drape import placed
from visualnn.scene.landscape.marks import Marks
from visualnn.scene.landscape.picking import pick, pick_floor
from visualnn.scene.landscape.soundings import surface_loss

PIN = -1  # in the place of a trail's number: the start
REACH, PIN_RADIUS = 3.5, 6.0  # px
Point = tuple[float, float]  # of the window


@dataclass(frozen=True, slots=True)
class Grip:
    """Something that can be dragged: a ball's trail, or the start, and how far its middle is from the pointer."""

    trail: int
    dx: float
    dy: float


def grip(drawing: Drawing, x: float, y: float) -> Grip | None:
    """The topmost ball at a point, else the start."""
    for end in reversed(drawing.ends):
        if end.holds(x, y, REACH):
            return Grip(end.trail, end.x - x, end.y - y)
    start = drawing.marks.start
    if start is None:
        return None
    there = placed(drawing.aspect.relief, np.array([start[:2]]), np.array([start[2]]))[0]
    if not np.isfinite(there).all() or np.abs(there[:2]).max() > 1:
        return None
    dx, dy = (drawing.aspect.seen.seen(there)[:2] - (x, y)).tolist()
    return Grip(PIN, dx, dy) if max(abs(dx), abs(dy)) <= PIN_RADIUS + REACH else None


def on_surface(drawing: Drawing, x: float, y: float) -> Point | None:
    """The place of the surface that is seen at a point of the screen."""
    hit = pick(drawing.aspect.relief, drawing.aspect.seen, x, y)
    return None if hit is None else (hit.x, hit.y)


def pointed(drawing: Drawing, x: float, y: float) -> Point | None:
    """The same, or the place above the point of the map that is seen there."""
    return on_surface(drawing, x, y) or pick_floor(drawing.aspect.relief, drawing.aspect.seen, x, y)


def lifted(marks: Marks, trail: int | None) -> Marks:
    """Marks without the ball, or the start, that a hand holds."""
    if trail is None:
        return marks
    if trail == PIN or trail >= len(marks.trails):
        return replace(marks, start=None)
    trails = list(marks.trails)
    trails[trail] = replace(trails[trail], letter="")
    return replace(marks, trails=tuple(trails), slope=None, moment=None)


def carried(drawing: Drawing, marks: Marks, trail: int, at: Point) -> Iterator[Item]:
    """That ball, or the start, at another place of the surface."""
    aspect = drawing.aspect
    relief, seen = aspect.relief, aspect.seen
    loss = surface_loss(relief, *at)
    loss = relief.high if loss is None else loss
    if trail == PIN or trail >= len(marks.trails):
        yield from pins.start(relief, seen, (*at, loss), sheet(aspect.size, look.load(aspect.theme)))
        return
    x, y, z = placed(relief, np.array([at]), np.array([loss]))[0].tolist()
    at_x, at_y, near = seen.seen(np.array([x, y, z])).tolist()
    yield from ball(marks.trails[trail], End(trail, at_x, at_y, near, (x, y, z)))
