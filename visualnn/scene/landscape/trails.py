"""Paths, their shadows on the map, and the balls at their ends, as shapes and texts.

A path lies on the surface where its losses do. Where they differ, it floats by the difference, and the ball stands on
a stalk: its height is always the true loss.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from math import pi

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.frame import Box, Glow, Item, Line, Text
from visualnn.scene.landscape.camera import HOME, Camera, View, view
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.marks import Marks, Trail
from visualnn.scene.landscape.picking import are_hidden, height
from visualnn.scene.landscape.picture import floor_color
from visualnn.scene.landscape.relief import FLOOR, TALL, Relief
from visualnn.scene.look import Look, blend, text_width
from visualnn.scene.scales import tick_text

INK = 0x0B0E18  # around what lies on the surface, in both themes: it is coloured in both
WIDTH, AROUND = 2.6, 5.4
STEP = 0.016  # of the square, from one point of a path to the next
MOST = 4000  # points of a path that are drawn
LIFT = 0.006
HIGHEST = 1.12  # a ball above the scale is drawn so high
BEADS, BEAD, BEGIN = 14, 2.7, 4.2
BALL = 8.5
STALK = 0.012  # of the scale: a smaller difference needs no stalk
FAINT = 0.55

LOOKS = 200  # points of all paths that are looked for
TURNS = (0.0, pi / 2, -pi / 2, pi)
ENOUGH = 0.1  # of the points more must be seen for another turn to be worth it

Points = NDArray[np.float64]


def shadows(relief: Relief, seen: View, look: Look, trails: tuple[Trail, ...]) -> Iterator[Item]:
    """On the map, where the surface does not hide it."""
    for trail in trails:
        color = blend(floor_color(look), trail.color if look.dark else blend(trail.color, INK, 0.45), 0.7)
        for run in _inside(relief, trail):
            flat = relief.world(trail.points[run])
            points = _resampled(np.column_stack([flat, np.full(len(flat), FLOOR)]))
            for part, hidden in _runs(are_hidden(relief, seen, points)):
                if not hidden:
                    yield Line(_screen(seen, points[part]), color, 1.4)


def paths(relief: Relief, seen: View, look: Look, trails: tuple[Trail, ...]) -> Iterator[Item]:
    """On the surface; behind a hill as fine dashes."""
    under: list[Item] = []
    over: list[Item] = []
    for trail in trails:
        for run in _inside(relief, trail):
            corners = standing(relief, trail, run)
            points = _draped(relief, corners)
            for part, hidden in _runs(are_hidden(relief, seen, points)):
                line = _screen(seen, points[part])
                if hidden:
                    under.append(Line(line, blend(trail.color, INK, FAINT), 1.1, (2.5, 4.0)))
                else:
                    under.append(Line(line, INK, AROUND))
                    over.append(Line(line, trail.color, WIDTH))
            over.extend(_beads(relief, seen, corners, trail))
    yield from (*under, *over)


def balls(relief: Relief, seen: View, look: Look, trails: tuple[Trail, ...]) -> Iterator[Item]:
    """At the ends of the paths, the nearest last."""
    ends = []
    for trail in trails:
        point = standing(relief, trail, slice(-1, None))
        if trail.letter and np.isfinite(point).all() and np.abs(point[0, :2]).max() <= 1:
            ends.append((float(seen.seen(point[0])[2]), trail, point[0]))
    for _near, trail, point in sorted(ends, key=lambda end: end[0]):
        yield from _stalk(relief, seen, look, trail, point)
        yield from _ball(relief, seen, trail, point)


def placed(relief: Relief, points: Points, losses: NDArray[np.float64]) -> Points:
    """Points with their losses in the world."""
    share = np.minimum(relief.share(losses), HIGHEST)
    return np.column_stack([relief.world(points), share * TALL + LIFT])


def standing(relief: Relief, trail: Trail, run: slice) -> Points:
    """Points of a path in the world: as far above what is drawn as their losses are above the surface."""
    points = placed(relief, trail.points[run], trail.losses[run])
    if trail.floors is None:
        return points
    drawn = height(ground(relief), points[:, :2])
    above = points[:, 2] - np.minimum(relief.share(trail.floors[run]), 1.0) * TALL
    points[:, 2] = np.where(np.isfinite(drawn + above), drawn + above, points[:, 2])
    return points


def facing(relief: Relief, marks: Marks) -> Camera:
    """The camera at home, or a quarter or half turn from there where clearly more of the paths is seen."""
    parts = [
        placed(relief, trail.points[run], trail.losses[run]) for trail in marks.trails for run in _inside(relief, trail)
    ]
    if not parts:
        return HOME
    points = np.concatenate(parts)
    points = points[:: max(1, len(points) // LOOKS)]
    best, fewest = HOME, len(points) + 1
    for turn in TURNS:
        camera = Camera(HOME.turn + turn, HOME.tilt, HOME.zoom)
        hidden = int(are_hidden(relief, view(camera, (900.0, 640.0)), points).sum())
        if hidden < fewest - ENOUGH * len(points):
            best, fewest = camera, hidden
    return best


def _inside(relief: Relief, trail: Trail) -> Iterator[slice]:
    """The parts of a path that lie in the window and have a loss."""
    flat = relief.world(trail.points)
    with np.errstate(invalid="ignore"):
        good = (np.abs(flat).max(axis=1) <= 1 + 1e-9) & np.isfinite(trail.losses)
    for part, outside in _runs(~good, joined=False):
        if not outside and part.stop - part.start > 1:
            yield part


def _runs(flags: NDArray[np.bool_], *, joined: bool = True) -> Iterator[tuple[slice, bool]]:
    """Stretches of one kind; `joined` ones end at the first point of the next, so that no gap is seen."""
    cuts = [0, *(np.flatnonzero(flags[1:] != flags[:-1]) + 1).tolist(), len(flags)]
    for first, last in itertools.pairwise(cuts):
        end = min(last + joined, len(flags))
        if last > first and end - first > (1 if joined else 0):
            yield slice(first, end), bool(flags[first])


def _draped(relief: Relief, corners: Points) -> Points:
    """Close points along a path, as far above the surface as its corners are on either side."""
    z = ground(relief)
    with np.errstate(invalid="ignore"):
        lift = corners[:, 2] - height(z, corners[:, :2])
    lift = np.where(np.isfinite(lift), lift, LIFT)
    points = _resampled(np.column_stack([corners[:, :2], lift]))
    there = height(z, points[:, :2])
    straight = _resampled(corners)[:, 2]
    points[:, 2] = np.where(np.isfinite(there), there + points[:, 2], straight)
    return points


def _resampled(corners: Points) -> Points:
    """Points along a line, close to each other on the square."""
    pace = np.linalg.norm(np.diff(corners[:, :2], axis=0), axis=1)
    counts = np.maximum(1, np.ceil(pace / max(STEP, pace.sum() / MOST))).astype(np.intp)
    at = np.repeat(np.arange(len(counts)), counts)
    share = (np.arange(at.size) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[at]
    inner = corners[at] + share[:, None] * (corners[at + 1] - corners[at])
    return np.concatenate([inner, corners[-1:]])


def _screen(seen: View, points: Points) -> tuple[tuple[float, float], ...]:
    """On the screen, without points closer than a fraction of a pixel to the one before."""
    xy = seen.seen(points)[:, :2]
    cells = np.round(xy * 2)
    keep = np.ones(len(xy), np.bool_)
    keep[1:-1] = (cells[1:-1] != cells[:-2]).any(axis=1)
    return tuple(map(tuple, xy[keep].tolist()))


def _beads(relief: Relief, seen: View, corners: Points, trail: Trail) -> Iterator[Item]:
    """Some of the updates, closer to each other at the start."""
    last = len(corners) - 1
    numbers = np.unique(np.round(np.linspace(0, 1, BEADS) ** 2 * last).astype(np.intp))[:-1]
    shown = corners[numbers]
    sizes = [BEGIN, *([BEAD] * (len(numbers) - 1))]
    where = zip(sizes, seen.seen(shown).tolist(), are_hidden(relief, seen, shown).tolist(), strict=True)
    for size, (x, y, _near), hidden in where:
        if not hidden:
            yield Box(x, y, 2 * size, 2 * size, size, trail.color, INK, 1.0)


def _stalk(relief: Relief, seen: View, look: Look, trail: Trail, point: Points) -> Iterator[Item]:
    """From the ball down or up to the surface where they differ, with both losses."""
    z = float(height(ground(relief), point[None, :2])[0])
    if not abs(point[2] - LIFT - z) > STALK * TALL:
        return
    foot, top = seen.seen(np.array([[point[0], point[1], z], point]))[:, :2].tolist()
    yield Line((tuple(foot), tuple(top)), INK, 3.6)
    yield Line((tuple(foot), tuple(top)), trail.color, 1.6)
    yield Box(foot[0], foot[1], 6, 6, 3, trail.color, INK, 1.2)
    surface = relief.loss(z / TALL) if trail.floors is None else float(trail.floors[-1])
    yield from plate(look, top[0], top[1] - BALL - 16, f"loss {short(trail.height)} · surface {short(surface)}")


def _ball(relief: Relief, seen: View, trail: Trail, point: Points) -> Iterator[Item]:
    x, y, _ = seen.seen(point).tolist()
    if bool(are_hidden(relief, seen, point[None])[0]):
        yield Box(x, y, 1.7 * BALL, 1.7 * BALL, 0.85 * BALL, None, trail.color, 1.5)
        yield Text(x, y, trail.letter, 9, 700, trail.color)
        return
    yield Glow(x, y, 2 * BALL, 2 * BALL, BALL, 9, trail.color, 0.8)
    yield Box(x, y, 2 * BALL, 2 * BALL, BALL, trail.color, INK, 2.2)
    yield Text(x, y, trail.letter, 10.5, 700, INK)


def plate(look: Look, x: float, y: float, text: str) -> Iterator[Item]:
    """A few words on a small plate, readable above anything."""
    wide = text_width(text, 12) * 0.92 + 18
    yield Box(x, y, wide, 22, 11, look["panel"], look["line2"], 1.0)
    yield Text(x, y, text, 12, 600, look["text"])


def short(loss: float) -> str:
    """A loss in three digits."""
    return tick_text(float(f"{loss:.3g}"))
