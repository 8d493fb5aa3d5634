"""Known minima, the start, the gradient and the pointer's place, as shapes and texts."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

import numpy as np

from visualnn.scene.frame import Arrow, Box, Item, Line
from visualnn.scene.landscape.camera import View
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.marks import Minimum, Slope
from visualnn.scene.landscape.picking import are_hidden, height
from visualnn.scene.landscape.relief import FLOOR, Relief
from visualnn.scene.landscape.trails import INK, LIFT, placed, plate
from visualnn.scene.look import Look

LONGEST = 0.42  # of the square: an arrow along the steepest slope
WHITE = 0xFFFFFF
CROSS = 5.0


def minima(relief: Relief, seen: View, look: Look, known: tuple[Minimum, ...]) -> Iterator[Item]:
    """A ring with a dot on the surface, and a cross on the map, where they are seen."""
    for minimum in known:
        flat = relief.world([(minimum.x, minimum.y)])
        if np.abs(flat).max() > 1:
            continue
        point = np.array([[*flat[0], height(ground(relief), flat)[0] + LIFT]])
        if not np.isfinite(point).all():
            continue
        down = np.array([[*flat[0], FLOOR]])
        yield from _cross(seen, down, look["text2"], bool(are_hidden(relief, seen, down)[0]))
        if bool(are_hidden(relief, seen, point)[0]):
            continue
        x, y, _ = seen.seen(point[0]).tolist()
        yield Box(x, y, 15, 15, 7.5, None, INK, 3.4)
        yield Box(x, y, 15, 15, 7.5, None, WHITE, 1.7)
        yield Box(x, y, 3.6, 3.6, 1.8, WHITE)


def _cross(seen: View, point: np.ndarray, color: int, hidden: bool) -> Iterator[Item]:
    if not hidden:
        x, y, _ = seen.seen(point[0]).tolist()
        yield Line(((x - CROSS, y), (x + CROSS, y)), color, 1.4)
        yield Line(((x, y - CROSS * 0.7), (x, y + CROSS * 0.7)), color, 1.4)


def start(relief: Relief, seen: View, look: Look, at: tuple[float, float, float]) -> Iterator[Item]:
    """Where all begin."""
    point = placed(relief, np.array([at[:2]]), np.array([at[2]]))
    if not np.isfinite(point).all() or np.abs(point[0, :2]).max() > 1:
        return
    x, y, _ = seen.seen(point[0]).tolist()
    yield Box(x, y, 10, 10, 5, INK, WHITE, 2.0)
    yield from plate(look, x, y - 24, "start")


def slope(relief: Relief, seen: View, look: Look, given: Slope) -> Iterator[Item]:
    """An arrow downhill along the surface, as long as the slope is steep in this window."""
    x0, x1, y0, y1 = relief.window
    way = -np.array([given.gradient[0] * (x1 - x0), given.gradient[1] * (y1 - y0)])
    steep = hypot(*way)
    here = relief.world([(given.x, given.y)])[0]
    if not 0 < steep < np.inf or np.abs(here).max() > 1:
        return
    move = np.array([-given.gradient[0] / (x1 - x0 or 1), -given.gradient[1] / (y1 - y0 or 1)])
    move = move / hypot(*move) * LONGEST * min(1.0, 0.25 + 0.75 * steep / max(steep, relief.high - relief.low))
    share = np.linspace(0, 1, 24)[:, None]
    flat = np.clip(here + share * move, -1, 1)
    z = height(ground(relief), flat)
    if not np.isfinite(z).all():
        return
    line = seen.seen(np.column_stack([flat, z + 2 * LIFT]))[:, :2]
    yield from _shaft(line, look["accent"] if look.dark else look["onaccent"])


def slope_words(given: Slope) -> str | None:
    """What of the slope cannot be seen here, as a sentence."""
    if given.outside is None or not given.others:
        return None
    more = "1 more direction" if given.others == 1 else f"{given.others:,} more directions"
    return f"{100 * given.outside:.0f} % of the slope leads out of this picture, into {more}."


def _shaft(line: np.ndarray, color: int) -> Iterator[Item]:
    end, before = line[-1], line[-4]
    length = hypot(*(end - before))
    if length < 1e-6:
        return
    dx, dy = ((end - before) / length).tolist()
    points = tuple(map(tuple, line.tolist()))
    x, y = end.tolist()
    yield Line(points, INK, 5.6)
    yield Arrow(x + 2 * dx, y + 2 * dy, dx, dy, 17, 16, INK)
    yield Line(points, color, 2.8)
    yield Arrow(x + 2 * dx, y + 2 * dy, dx, dy, 13, 11.5, color)


def pointed(relief: Relief, seen: View, look: Look, at: tuple[float, float]) -> Iterator[Item]:
    """The pointer's place on the surface, joined to the same place of the map."""
    flat = relief.world([at])
    z = height(ground(relief), flat)
    if np.abs(flat).max() > 1 or not np.isfinite(z).all():
        return
    ends = np.array([[*flat[0], z[0]], [*flat[0], FLOOR]])
    (x, y), (down_x, down_y) = seen.seen(ends)[:, :2].tolist()
    yield Line(((x, y), (down_x, down_y)), look["text2"], 1.0, (2.0, 3.0))
    yield from _cross(seen, ends[1:], look["text"], False)
    yield Box(x, y, 11, 11, 5.5, None, INK, 3.2)
    yield Box(x, y, 11, 11, 5.5, None, WHITE, 1.6)
