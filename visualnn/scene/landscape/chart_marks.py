"""Minima, the start, arrows and the pointer's place on a map, as shapes and texts."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

import numpy as np

from visualnn.scene.frame import Arrow, Box, Item, Line
from visualnn.scene.landscape.board import Board
from visualnn.scene.landscape.chart_trails import BALL
from visualnn.scene.landscape.marks import Minimum, Moment, Slope
from visualnn.scene.landscape.pins import ARM, DOWNHILL, LONGEST, RATES, SHORTEST
from visualnn.scene.landscape.plates import INK
from visualnn.scene.landscape.plot import Points, within
from visualnn.scene.landscape.reading import reading
from visualnn.scene.landscape.soundings import short
from visualnn.scene.look import RGB, text_width

WHITE = 0xFFFFFF


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
    plot, relief = board.plot, board.relief
    x0, x1, y0, y1 = plot.window
    with np.errstate(all="ignore"):
        steep = hypot(given.gradient[0] * (x1 - x0), given.gradient[1] * (y1 - y0))
        move = np.array([-given.gradient[0] / (x1 - x0 or 1), -given.gradient[1] / (y1 - y0 or 1)])
    if not 0 < steep < np.inf or not 0 < hypot(*move) < np.inf:
        return
    far = LONGEST * min(1.0, 0.25 + 0.75 * steep / max(steep, relief.high - relief.low))
    yield from _arrow(board, (given.x, given.y), move / hypot(*move) * far, ("downhill", DOWNHILL))


def moment(board: Board, given: Moment) -> Iterator[Item]:
    """What an optimizer remembers: where its velocity alone would lead, and the rate of each weight."""
    at = board.plot.spot(given.x, given.y)
    if given.rates is not None and board.plot.holds(*at):
        yield from _rates(board, at, given.rates)
    if given.velocity is not None:
        x0, x1, y0, y1 = board.plot.window
        way = 2 * np.array([given.velocity[0] / (x1 - x0 or np.inf), given.velocity[1] / (y1 - y0 or np.inf)])
        length = hypot(*way)
        if 1e-12 < length < np.inf:
            way = way / length * min(max(length, SHORTEST), 2.0)
            yield from _arrow(board, (given.x, given.y), way, ("velocity", WHITE))


def _rates(board: Board, at: tuple[float, float], rates: tuple[float, float]) -> Iterator[Item]:
    """A cross along the axes whose arms are as long as the rates are to each other, each with its rate."""
    if not 0 < max(rates) < np.inf or not min(rates) >= 0:
        return
    plot, names = board.plot, board.relief.names
    across, up = (
        ARM / 2 * rate / max(rates) * size for rate, size in zip(rates, (plot.width, plot.height), strict=True)
    )
    arms = [((-across, 0.0), (across, 0.0)), ((0.0, up), (0.0, -up))]
    lines = [within(plot, np.add(at, arm)) for arm in arms]
    for color, width in ((INK, 4.2), (RATES, 1.9)):
        for part in (*lines[0], *lines[1]):
            yield Line(tuple(map(tuple, part.tolist())), color, width)
    words = [f"{name}: {short(rate)}" for name, rate in zip(names, rates, strict=True)]
    aside = across + 10 + text_width(words[0], 11) / 2
    yield from board.plates.tag([(at[0] + aside, at[1]), (at[0] - aside, at[1])], words[0], RATES)
    above = max(up, BALL) + 14
    yield from board.plates.tag([(at[0], at[1] - above), (at[0], at[1] + above)], words[1], RATES)


def _arrow(board: Board, start: tuple[float, float], way: Points, what: tuple[str, RGB]) -> Iterator[Item]:
    """An arrow from a point of the window, in half sides of the map; what it is stands at its tip."""
    plot = board.plot
    at = plot.spot(*start)
    if not plot.holds(*at):
        return
    ends = within(plot, np.array([at, np.add(at, way * (plot.width / 2, -plot.height / 2))]))
    if not ends or np.abs(ends[0][1] - ends[0][0]).max() < 1:
        return
    word, color = what
    (x0, y0), (x, y) = ends[0].tolist()
    yield from _shaft((x0, y0), (x, y), color)
    length = hypot(x - x0, y - y0)
    shares = np.linspace(0, 1, 2 + int(length / 10)).tolist()
    shaft = [(x0 + share * (x - x0), y0 + share * (y - y0)) for share in shares]
    yield from board.plates.name_arrow(shaft, word, color)


def _shaft(start: tuple[float, float], end: tuple[float, float], color: RGB) -> Iterator[Item]:
    (x0, y0), (x1, y1) = start, end
    length = hypot(x1 - x0, y1 - y0)
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
    yield from board.plates.beside(x, y, reading(board.relief, *at), 12, must=True)


def _hair(ends: tuple[tuple[float, float], ...]) -> Iterator[Item]:
    if hypot(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]) > 1:
        yield Line(ends, INK, 2.0, (5.0, 4.0))
        yield Line(ends, WHITE, 1.0, (5.0, 4.0))
