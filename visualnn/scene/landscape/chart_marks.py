"""Minima, the start, arrows and the pointer's place on a map, as shapes and texts."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, hypot, pi, sin

import numpy as np

from visualnn.scene.frame import Arrow, Box, Item, Line
from visualnn.scene.landscape.board import Board
from visualnn.scene.landscape.marks import Minimum, Moment, Slope
from visualnn.scene.landscape.plates import INK
from visualnn.scene.landscape.plot import Plot, Points, within
from visualnn.scene.landscape.soundings import pointed_words, short
from visualnn.scene.look import RGB

WHITE = 0xFFFFFF
LONGEST = 0.21  # of the map: an arrow along the steepest slope
SHORTEST, FURTHEST = 16.0, 150.0  # px of the velocity's arrow
MEAN = 30.0  # px: the longer half axis of the ellipse of the rates


def minima(board: Board, known: tuple[Minimum, ...]) -> Iterator[Item]:
    """A ring with a dot."""
    for minimum in known:
        x, y = board.plot.spot(minimum.x, minimum.y)
        if board.plot.holds(x, y):
            yield Box(x, y, 15, 15, 7.5, None, INK, 3.4)
            yield Box(x, y, 15, 15, 7.5, None, WHITE, 1.7)
            yield Box(x, y, 3.6, 3.6, 1.8, WHITE)


def start(board: Board, at: tuple[float, float, float]) -> Iterator[Item]:
    """Where all begin."""
    x, y = board.plot.spot(*at[:2])
    if board.plot.holds(x, y):
        yield Box(x, y, 11, 11, 5.5, INK, WHITE, 2.0)
        yield from board.plates.beside(x, y, "start", 11)


def slope(board: Board, given: Slope) -> Iterator[Item]:
    """An arrow downhill, as long as the slope is steep in this window."""
    plot, relief, look = board.plot, board.relief, board.look
    x0, x1, y0, y1 = plot.window
    steep = hypot(given.gradient[0] * (x1 - x0), given.gradient[1] * (y1 - y0))
    at = plot.spot(given.x, given.y)
    if not 0 < steep < np.inf or not plot.holds(*at):
        return
    move = np.array([-given.gradient[0] / (x1 - x0 or 1), given.gradient[1] / (y1 - y0 or 1)])
    way = move * (plot.width, plot.height)
    length = LONGEST * min(plot.width, plot.height) * min(1.0, 0.3 + 0.7 * steep / max(steep, relief.high - relief.low))
    yield from _shaft(plot, at, way / hypot(*way) * length, look["accent"] if look.dark else look["onaccent"])


def moment(board: Board, given: Moment, color: RGB) -> Iterator[Item]:
    """What an optimizer remembers: its velocity as an arrow in its colour, the rates of both weights as an ellipse."""
    plot, rates, velocity = board.plot, given.rates, given.velocity
    at = plot.spot(given.x, given.y)
    if not plot.holds(*at):
        return
    if rates is not None and np.isfinite(rates).all() and max(rates) > 0:
        yield from _ellipse(at, rates)
        words = f"rates {short(rates[0])} · {short(rates[1])}"
        yield from board.plates.beside(*at, words, MEAN + 4)
    if velocity is not None and np.isfinite(velocity).all():
        way = np.subtract(plot.spot(given.x + velocity[0], given.y + velocity[1]), at)
        length = hypot(*way)
        if length > 0:
            yield from _shaft(plot, at, way / length * min(max(length, SHORTEST), FURTHEST), color)


def _ellipse(at: tuple[float, float], rates: tuple[float, float]) -> Iterator[Item]:
    """As wide and high as the two rates are large, beside each other."""
    a, b = (MEAN * rate / max(rates) for rate in rates)
    angles = [2 * pi * k / 48 for k in range(49)]
    points = tuple((at[0] + max(a, 2) * cos(angle), at[1] + max(b, 2) * sin(angle)) for angle in angles)
    yield Line(points, INK, 3.4)
    yield Line(points, WHITE, 1.3, (4.0, 3.0))


def _shaft(plot: Plot, at: tuple[float, float], way: Points, color: RGB) -> Iterator[Item]:
    """An arrow from a spot, as long as there is room for it."""
    line = within(plot, np.array([at, np.add(at, way)]))
    if not line:
        return
    (x0, y0), (x1, y1) = line[0].tolist()
    length = hypot(x1 - x0, y1 - y0)
    if length < 1:
        return
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    neck = ((x0, y0), (x1 - 6 * dx, y1 - 6 * dy))
    yield Line(neck, INK, 5.4)
    yield Arrow(x1 - 3 * dx, y1 - 3 * dy, dx, dy, 16, 15, INK)
    yield Line(neck, color, 2.6)
    yield Arrow(x1 - 3.5 * dx, y1 - 3.5 * dy, dx, dy, 11.5, 10, color)


def pointed(board: Board, at: tuple[float, float], said: str = "") -> Iterator[Item]:
    """A ring where the pointer is, joined to both axes, with both coordinates and the loss there, or what is `said`."""
    plot = board.plot
    x, y = plot.spot(*at)
    if not plot.holds(x, y):
        return
    if said:
        yield from board.plates.beside(x, y, said, 16, must=True)
        return
    yield from _hair(((plot.left, y), (x - 9, y)))
    yield from _hair(((x, y + 9), (x, plot.bottom)))
    yield Box(x, y, 11, 11, 5.5, None, INK, 3.0)
    yield Box(x, y, 11, 11, 5.5, None, WHITE, 1.5)
    yield from board.plates.beside(x, y, pointed_words(board.relief, plot, at), 12, must=True)


def _hair(ends: tuple[tuple[float, float], ...]) -> Iterator[Item]:
    if hypot(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]) > 1:
        yield Line(ends, INK, 2.0, (5.0, 4.0))
        yield Line(ends, WHITE, 1.0, (5.0, 4.0))
