"""Known minima, the start, the gradient, what an optimizer remembers, and the pointer's place, as shapes and texts."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.frame import Arrow, Box, Item, Line
from visualnn.scene.landscape.board import Plates, tag_width
from visualnn.scene.landscape.camera import View
from visualnn.scene.landscape.drape import LIFT, placed
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.marks import Minimum, Moment, Slope
from visualnn.scene.landscape.picking import are_hidden, height
from visualnn.scene.landscape.plates import INK
from visualnn.scene.landscape.relief import FLOOR, Relief
from visualnn.scene.look import Look

LONGEST = 0.42  # of the square: an arrow along the steepest slope
SHORTEST = 0.11  # of the square: of a velocity that would be shorter only the way is told
ARM = 0.2  # of the square: of the greater rate
WHITE = 0xFFFFFF
DOWNHILL, RATES = 0xB9A2FF, 0x5CE0B5  # in both themes: the surface is coloured alike in both
HANGS = 16  # points from the pointer's place down to the map
CROSS = 5.0
PIN = 12.0  # from the start to its name

Points = NDArray[np.float64]


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


def start(relief: Relief, seen: View, at: tuple[float, float, float], plates: Plates) -> Iterator[Item]:
    """Where all begin."""
    point = placed(relief, np.array([at[:2]]), np.array([at[2]]))
    if not np.isfinite(point).all() or np.abs(point[0, :2]).max() > 1:
        return
    x, y, _ = seen.seen(point[0]).tolist()
    yield Box(x, y, 10, 10, 5, INK, WHITE, 2.0)
    yield from plates.beside(x, y, "start", PIN)


def slope(relief: Relief, seen: View, given: Slope, plates: Plates) -> Iterator[Item]:
    """An arrow downhill along the surface, as long as the slope is steep in this window."""
    x0, x1, y0, y1 = relief.window
    with np.errstate(all="ignore"):
        steep = hypot(given.gradient[0] * (x1 - x0), given.gradient[1] * (y1 - y0))
        move = np.array([-given.gradient[0] / (x1 - x0 or 1), -given.gradient[1] / (y1 - y0 or 1)])
    here = relief.world([(given.x, given.y)])[0]
    if not 0 < steep < np.inf or not 0 < hypot(*move) < np.inf or np.abs(here).max() > 1:
        return
    move = move / hypot(*move) * LONGEST * min(1.0, 0.25 + 0.75 * steep / max(steep, relief.high - relief.low))
    line = _along(relief, seen, here, move)
    if line is not None:
        yield from _shaft(line, DOWNHILL)
        yield from plates.name_arrow(_spots(line), "downhill", DOWNHILL)


def moment(relief: Relief, seen: View, given: Moment, plates: Plates) -> Iterator[Item]:
    """What an optimizer remembers: where its velocity alone would lead, and the rate of each weight."""
    here = relief.world([(given.x, given.y)])[0]
    if not np.abs(here).max() <= 1:
        return
    if given.rates is not None:
        yield from _rates(relief, seen, here, given.rates, plates)
    if given.velocity is not None:
        line = _along(relief, seen, here, _reach(relief, given.velocity))
        if line is not None:
            yield from _shaft(line, WHITE)
            yield from plates.name_arrow(_spots(line), "velocity", WHITE)


def _reach(relief: Relief, velocity: tuple[float, float]) -> Points:
    """A way of the window in the square: its true length, unless that could not be seen."""
    x0, x1, y0, y1 = relief.window
    way = 2 * np.array([velocity[0] / (x1 - x0 or np.inf), velocity[1] / (y1 - y0 or np.inf)])
    length = hypot(*way)
    if not 1e-12 < length < np.inf:
        return np.zeros(2)
    return np.asarray(way / length * min(max(length, SHORTEST), 2.0))


def _rates(relief: Relief, seen: View, here: Points, rates: tuple[float, float], plates: Plates) -> Iterator[Item]:
    """A cross along the axes whose arms are as long as the rates are to each other; the panel has the numbers."""
    most = max(rates)
    if not 0 < most < np.inf or not min(rates) >= 0:
        return
    lines = [
        line
        for axis in (0, 1)
        for side in (-1, 1)
        if (line := _along(relief, seen, here, side * ARM * rates[axis] / most * np.eye(2)[axis])) is not None
    ]
    if not lines:
        return
    for color, width in ((INK, 4.6), (RATES, 2.2)):
        for line in lines:
            yield Line(_spots(line), color, width)
    for line in lines:
        for x, y in _spots(line):
            plates.keep(x, y, 5)
    tips = sorted((_spots(line)[-1] for line in lines), reverse=True)
    middle, half = _spots(lines[0])[0], tag_width("rates") / 2 + 6
    yield from plates.tag([(x + (half if x > middle[0] else -half), y) for x, y in tips], "rates", RATES)


def _along(relief: Relief, seen: View, here: Points, move: Points) -> Points | None:
    """A way over the surface on the screen, up to the rim."""
    if not hypot(*move) > 0:
        return None
    with np.errstate(divide="ignore"):
        room = np.where(move > 0, 1 - here, np.where(move < 0, -1 - here, np.inf)) / np.where(move == 0, 1, move)
    flat = here + np.linspace(0, min(1.0, float(room.min())), 24)[:, None] * move
    z = height(ground(relief), flat)
    return seen.seen(np.column_stack([flat, z + 2 * LIFT]))[:, :2] if np.isfinite(z).all() else None


def _spots(line: Points) -> tuple[tuple[float, float], ...]:
    return tuple(map(tuple, line.tolist()))


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
    points = _spots(line)
    x, y = end.tolist()
    yield Line(points, INK, 5.6)
    yield Arrow(x + 2 * dx, y + 2 * dy, dx, dy, 17, 16, INK)
    yield Line(points, color, 2.8)
    yield Arrow(x + 2 * dx, y + 2 * dy, dx, dy, 13, 11.5, color)


def pointed(relief: Relief, seen: View, look: Look, at: tuple[float, float]) -> Iterator[Item]:
    """The pointer's place on the surface, joined to the same place of the map as far as that is seen."""
    flat = relief.world([at])
    z = height(ground(relief), flat)
    if np.abs(flat).max() > 1 or not np.isfinite(z).all():
        return
    down = np.linspace(z[0] - LIFT, FLOOR, HANGS)
    points = np.column_stack([np.repeat(flat, HANGS, axis=0), down])
    hidden = are_hidden(relief, seen, points)
    last = int(np.flatnonzero(hidden)[-1]) + 1 if hidden.any() else 0
    if last < HANGS - 1:
        (x, y), (down_x, down_y) = seen.seen(points[[last, -1]])[:, :2].tolist()
        yield Line(((x, y), (down_x, down_y)), look["text2"], 1.0, (2.0, 3.0))
        yield from _cross(seen, points[-1:], look["text"], False)
    x, y, _ = seen.spot(*points[0].tolist())
    yield Box(x, y, 11, 11, 5.5, None, INK, 3.2)
    yield Box(x, y, 11, 11, 5.5, None, WHITE, 1.6)
