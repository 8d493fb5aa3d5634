"""Paths and balls on a map, as shapes and texts; a runner that is outside is shown at the rim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import hypot

import numpy as np

from visualnn.scene.frame import Arrow, Box, Glow, Item, Line, Text
from visualnn.scene.landscape.board import Board
from visualnn.scene.landscape.marks import Marks, Trail
from visualnn.scene.landscape.plates import INK
from visualnn.scene.landscape.plot import Plot, Points, thinned, within
from visualnn.scene.landscape.soundings import difference
from visualnn.scene.look import RGB

WIDTH, AROUND = 2.4, 5.4
PACE, COARSE = 0.5, 4.0  # px: closer points of a path are one; where it must be drawn fast
PIECE = 48  # points of a line
BEAD, BEGIN, BEADS, SPACING = 2.3, 4.2, 60, 18.0  # radii, how many at most, and px of the path between them
BALL = 9.0
RING = 14.0  # radius around a ball whose loss is not that of the surface
RIM = 15.0  # px from the edge to a runner that is outside


def trails(plot: Plot, marks: Marks, *, skipped: Sequence[int] = (), pace: float = PACE) -> Iterator[Item]:
    """Every path with some of its updates as beads; the selected one lies above the others.

    Of each the first so many points may be `skipped`: they are drawn elsewhere.
    """
    for number in in_order(marks):
        first = skipped[number] if skipped else 0
        yield from _path(plot, marks.trails[number], slice(first, None), pace)


def bodies(plot: Plot, marks: Marks, counts: Sequence[int]) -> Iterator[Item]:
    """What is skipped then."""
    for number in in_order(marks):
        yield from _path(plot, marks.trails[number], slice(0, counts[number]), PACE)


def in_order(marks: Marks) -> list[int]:
    """The numbers of the trails as they are drawn, the topmost last."""
    return sorted(range(len(marks.trails)), key=lambda number: number == marks.selected)


def _path(plot: Plot, trail: Trail, part: slice, pace: float) -> Iterator[Item]:
    """Some of its points, joined to the one before them; in short pieces, which are painted in half the time."""
    first, last, _ = part.indices(len(trail.points))
    if last <= first:
        return
    spots = plot.spots(trail.points[:last])
    pieces = [
        line[at : at + PIECE + 1]
        for inside in within(plot, spots[max(first - 1, 0) :])
        for line in (thinned(inside, pace),)
        for at in range(0, len(line) - 1, PIECE)
    ]
    yield from (Line(piece, INK, AROUND) for piece in pieces)
    yield from (Line(piece, trail.color, WIDTH) for piece in pieces)
    yield from _beads(plot, spots, first, trail.color)


def _beads(plot: Plot, spots: Points, first: int, color: RGB) -> Iterator[Item]:
    """Updates along the path, where it has gone on by some px each; they stay where they are while it grows."""
    with np.errstate(invalid="ignore"):
        gone = np.cumsum(np.nan_to_num(np.linalg.norm(np.diff(spots, axis=0), axis=1))) // SPACING
    numbers = np.flatnonzero(np.diff(gone, prepend=0.0) > 0)[:BEADS] + 1
    for x, y in spots[numbers[(numbers >= first) & (numbers < len(spots) - 1)]].tolist():
        if plot.holds(x, y):
            yield Box(x, y, 2 * BEAD, 2 * BEAD, BEAD, color, INK, 1.0)
    x, y = spots[0].tolist()
    if first == 0 and len(spots) > 1 and plot.holds(x, y):
        yield Box(x, y, 2 * BEGIN, 2 * BEGIN, BEGIN, color, INK, 1.0)


def balls(board: Board, marks: Marks) -> Iterator[Item]:
    """At the ends of the paths; at the rim, with an arrow, where that is outside."""
    plot, order = board.plot, in_order(marks)
    places = {number: spot for number in order if (spot := end(plot, marks.trails[number])) is not None}
    words = {number: difference(board.relief, marks.trails[number]) for number in places}
    for x, y in places.values():
        board.plates.keep(x, y, 2 * BALL)
    for number, at in places.items():
        if not plot.holds(*at):
            yield from _outside(plot, marks.trails[number], *at)
            continue
        if words[number]:
            yield from _ring(at, marks.trails[number].color)
        if number == marks.selected and len(marks.trails) > 1:
            yield Box(*at, 2 * BALL + 7, 2 * BALL + 7, BALL + 3.5, board.look["accent"], INK, 1.2)
        yield from _ball(at, marks.trails[number])
    for number in reversed(list(places)):
        if words[number] and plot.holds(*places[number]):
            yield from board.plates.beside(*places[number], words[number], RING + 4)


def end(plot: Plot, trail: Trail) -> tuple[float, float] | None:
    """Where the ball of a path is, in px; None where it has none."""
    known = np.flatnonzero(np.isfinite(trail.points).all(axis=1))
    if not trail.letter or not known.size:
        return None
    return plot.spot(*trail.points[known[-1]].tolist())


def ball_spot(plot: Plot, trail: Trail) -> tuple[float, float] | None:
    """Where that ball is drawn: at the rim where it is outside."""
    at = end(plot, trail)
    return None if at is None else _rimmed(plot, *at)[:2]


def _ring(at: tuple[float, float], color: RGB) -> Iterator[Item]:
    yield Box(*at, 2 * RING, 2 * RING, RING, None, INK, 3.2)
    yield Box(*at, 2 * RING, 2 * RING, RING, None, color, 1.4)


def _ball(at: tuple[float, float], trail: Trail) -> Iterator[Item]:
    yield Glow(*at, 2 * BALL, 2 * BALL, BALL, 8, trail.color, 0.7)
    yield Box(*at, 2 * BALL, 2 * BALL, BALL, trail.color, INK, 2.0)
    yield Text(*at, trail.letter, 11, 700, INK)


def _rimmed(plot: Plot, x: float, y: float) -> tuple[float, float, float, float]:
    """A spot, moved to the rim where it is outside, and the direction to where it is."""
    if plot.holds(x, y):
        return x, y, 0.0, 0.0
    a = min(max(x, plot.left + RIM), plot.right - RIM)
    b = min(max(y, plot.top + RIM), plot.bottom - RIM)
    length = hypot(x - a, y - b) or 1.0
    return a, b, (x - a) / length, (y - b) / length


def _outside(plot: Plot, trail: Trail, x: float, y: float) -> Iterator[Item]:
    """A small disc with its letter, and an arrow to where it is."""
    a, b, dx, dy = _rimmed(plot, x, y)
    away = BALL + 2.5
    yield Arrow(a + away * dx, b + away * dy, dx, dy, 11, 13, INK)
    yield Arrow(a + away * dx, b + away * dy, dx, dy, 8, 9, trail.color)
    yield Box(a, b, 1.7 * BALL, 1.7 * BALL, 0.85 * BALL, trail.color, INK, 1.8)
    yield Text(a, b, trail.letter, 9.5, 700, INK)
