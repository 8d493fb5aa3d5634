"""Paths and their shadows on the map, as lines.

A path lies on the surface where its losses do; where they differ, it floats by the difference.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot, inf

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.frame import Box, Item, Line
from visualnn.scene.landscape.camera import View
from visualnn.scene.landscape.drape import Rope, placed, rope
from visualnn.scene.landscape.marks import Trail
from visualnn.scene.landscape.picking import are_hidden
from visualnn.scene.landscape.picture import floor_color
from visualnn.scene.landscape.plates import INK
from visualnn.scene.landscape.relief import FLOOR, Relief
from visualnn.scene.look import Look, blend

__all__ = ["lines", "placed"]

WIDTH, AROUND = 2.6, 5.4
CALM = 0.2  # of the ink over the paths beside a chosen one, which is so much thicker:
THICKER = 1.25
CROSSINGS, FINEST = 6.0, 0.4  # how often a path may cross its area before it is finer, and how fine it becomes
BEADS, APART = 60, 7.0  # at most so many, and so many px from one to the next
BEAD, BEGIN = 2.7, 4.2
DARK, DASHES = 0.8, (2.5, 4.0)  # around a path that is hidden: that it goes on there must be seen
STRONG, WEAK = 0.7, 0.45  # of the colour of a shadow
CLOSE = 0.15  # px: a point so near to the line between its neighbours is not needed
PASSES = 3

Points = NDArray[np.float64]
Flags = NDArray[np.bool_]
Bead = tuple[float, float, float]  # where it is on the screen, and its radius


@dataclass(frozen=True, eq=False, slots=True)
class Stretch:
    """A part of a rope on the screen that is seen, or hidden, all along."""

    rope: int
    points: tuple[tuple[float, float], ...]
    hidden: bool


def lines(
    relief: Relief, seen: View, look: Look, trails: tuple[Trail, ...], chosen: int | None = None
) -> tuple[list[Item], list[Item]]:
    """Shadows on the map, and paths on the surface. A chosen one lies above the others, which are calmer."""
    ropes = [rope(relief, trail) for trail in trails]
    flat = [np.column_stack([each.points[:, :2], np.full(len(each.points), FLOOR)]) for each in ropes]
    stretches = _stretches(relief, seen, [*flat, *(each.points for each in ropes)], [*ropes, *ropes])
    order = sorted(range(len(trails)), key=lambda number: number == chosen)
    beads = _beads(relief, seen, ropes)
    below: list[Item] = []
    above: list[Item] = []
    for number in order:
        trail, strong = trails[number], chosen in (None, number)
        below += _shadow(look, trail, [each for each in stretches if each.rope == number], strong)
        mine = [each for each in stretches if each.rope == number + len(trails)]
        color, factor = _style(trail, number, chosen)
        factor *= _fineness(mine)
        above += [*_path(mine, color, factor), *_strung(beads[number], color, factor)]
    return below, above


def _shadow(look: Look, trail: Trail, stretches: Sequence[Stretch], is_strong: bool) -> Iterator[Item]:
    """Where the surface does not hide it."""
    ink = blend(trail.color, INK, 0.0 if look.dark else 0.45)
    color = blend(floor_color(look), ink, STRONG if is_strong else WEAK)
    return (Line(stretch.points, color, 1.4) for stretch in stretches if not stretch.hidden)


def _path(stretches: Sequence[Stretch], color: int, factor: float) -> Iterator[Item]:
    """Behind a hill as fine dashes."""
    for stretch in stretches:
        if stretch.hidden:
            yield Line(stretch.points, blend(color, INK, DARK), 3.2, DASHES)
            yield Line(stretch.points, color, 1.5, DASHES)
        else:
            yield Line(stretch.points, INK, WIDTH * factor + (AROUND - WIDTH) * min(factor, 1.0))
    for stretch in stretches:
        if not stretch.hidden:
            yield Line(stretch.points, color, WIDTH * factor)


def _fineness(stretches: Sequence[Stretch]) -> float:
    """Less than 1 for a path that goes to and fro so often that it would hide the surface."""
    lines = [np.array(stretch.points) for stretch in stretches if not stretch.hidden]
    if not lines:
        return 1.0
    length = sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in lines)
    wide, high = np.ptp(np.concatenate(lines), axis=0).tolist()
    return min(1.0, max(FINEST, CROSSINGS * hypot(wide, high) / max(length, 1e-9)))


def _style(trail: Trail, number: int, chosen: int | None) -> tuple[int, float]:
    """Colour, and how many times the usual width."""
    if chosen is None:
        return trail.color, 1.0
    return (trail.color, THICKER) if number == chosen else (blend(trail.color, INK, CALM), 0.9)


def _stretches(relief: Relief, seen: View, points: Sequence[Points], ropes: Sequence[Rope]) -> list[Stretch]:
    """All ropes on the screen, at once; `points` are theirs, or those of their shadows."""
    if not sum(map(len, points)):
        return []
    joined = np.concatenate(points)
    trails = np.repeat(np.arange(len(ropes)), [len(each) for each in points])
    starts = np.concatenate([each.starts for each in ropes])
    starts[1:] |= trails[1:] != trails[:-1]
    starts[0] = True
    hidden = are_hidden(relief, seen, joined)
    xy = seen.seen(joined)[:, :2]
    turns = np.ones(len(joined), np.bool_)  # where another kind begins
    turns[1:] = starts[1:] | (hidden[1:] != hidden[:-1])
    fixed = turns.copy()
    fixed[:-1] |= turns[1:]
    fixed[-1] = True
    kept = _needed(xy, fixed)
    places = kept.tolist()
    spots = list(map(tuple, xy[kept].tolist()))
    begins = np.searchsorted(kept, np.flatnonzero(turns))
    found = []
    for first, end in itertools.pairwise((*begins.tolist(), len(spots))):
        goes_on = end < len(spots) and not starts[places[end]]  # to where the next one begins, so that no gap is seen
        line = tuple(spots[first : end + goes_on])
        if len(line) > 1:
            found.append(Stretch(int(trails[places[first]]), line, bool(hidden[places[first]])))
    return found


def _needed(xy: Points, fixed: Flags) -> NDArray[np.intp]:
    """Which points a line needs: not those that share a half pixel with the one before, nor those it passes anyway."""
    cells = np.round(xy * 2)
    wanted = fixed.copy()
    wanted[1:] |= (cells[1:] != cells[:-1]).any(axis=1)
    kept = np.flatnonzero(wanted)
    for _ in range(PASSES):
        before, here, after = xy[kept[:-2]], xy[kept[1:-1]], xy[kept[2:]]
        chord, way = after - before, here - before
        length = np.maximum(np.hypot(chord[:, 0], chord[:, 1]), 1e-9)
        aside = np.abs(chord[:, 0] * way[:, 1] - chord[:, 1] * way[:, 0]) / length
        along = (chord * way).sum(axis=1) / length
        idle = (aside < CLOSE) & (along >= 0) & (along <= length) & ~fixed[kept[1:-1]]
        idle[1::2] = False  # its neighbours stay
        if not idle.any():
            break
        kept = np.delete(kept, np.flatnonzero(idle) + 1)
    return kept


def _beads(relief: Relief, seen: View, ropes: Sequence[Rope]) -> list[list[Bead]]:
    """Some of the updates of each, as far as they are seen. Where they are close to each other the path is slow."""
    found = [list(_apart(seen, laid)) for laid in ropes]
    hidden = iter(are_hidden(relief, seen, np.array([point for each in found for point, _ in each]).reshape(-1, 3)))
    return [[bead for _, bead in each if not next(hidden)] for each in found]


def _apart(seen: View, laid: Rope) -> Iterator[tuple[list[float], Bead]]:
    """Points of the world, and where they are on the screen; the first one is larger."""
    every = next(n * 10**k for k in range(12) for n in (1, 2, 5) if laid.updates <= BEADS * n * 10**k)
    points = laid.standing[0 : max(1, laid.updates - 1) : every, :3]
    with np.errstate(invalid="ignore"):
        points = points[np.isfinite(points).all(axis=1) & (np.abs(points[:, :2]).max(axis=1) <= 1)]
    last = inf, inf
    for point, (x, y, _near) in zip(points.tolist(), seen.seen(points).tolist(), strict=True):
        if hypot(x - last[0], y - last[1]) >= APART:
            yield point, (x, y, BEGIN if last == (inf, inf) else BEAD)
            last = x, y


def _strung(beads: Sequence[Bead], color: int, factor: float) -> Iterator[Item]:
    for x, y, radius in beads:
        size = radius * (1 + factor) / 2
        yield Box(x, y, 2 * size, 2 * size, size, color, INK, 1.0)
