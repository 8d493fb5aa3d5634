"""Paths and their shadows on the map, as lines.

A path lies on the surface where its losses do; where they differ, it floats by the difference.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.frame import Box, Item, Line
from visualnn.scene.landscape.camera import View
from visualnn.scene.landscape.drape import LIFT, Rope, placed, rope, standing
from visualnn.scene.landscape.marks import Trail
from visualnn.scene.landscape.picking import are_hidden
from visualnn.scene.landscape.picture import floor_color
from visualnn.scene.landscape.plates import INK, plate, short
from visualnn.scene.landscape.relief import FLOOR, Relief
from visualnn.scene.landscape.standpoint import facing
from visualnn.scene.look import Look, blend

__all__ = ["INK", "LIFT", "facing", "paths", "placed", "plate", "shadows", "short", "standing"]

WIDTH, AROUND = 2.6, 5.4
CALM = 0.2  # of the ink over the paths beside a chosen one, which is so much thicker:
THICKER = 1.25
BEADS, APART = 60, 7.0  # at most so many, and so many px from one to the next
BEAD, BEGIN = 2.7, 4.2
FAINT = 0.55
CLOSE = 0.12  # px: a point so near to the line between its neighbours is not needed
PASSES = 4

Points = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Stretch:
    """A part of a path on the screen that is seen, or hidden, all along."""

    trail: int
    points: tuple[tuple[float, float], ...]
    hidden: bool


def shadows(
    relief: Relief, seen: View, look: Look, trails: tuple[Trail, ...], chosen: int | None = None
) -> Iterator[Item]:
    """On the map, where the surface does not hide it; that of a chosen one last."""
    ropes = [rope(relief, trail) for trail in trails]
    flat = [np.column_stack([each.points[:, :2], np.full(len(each.points), FLOOR)]) for each in ropes]
    colors = [blend(trail.color, INK, 0.0 if look.dark else 0.45) for trail in trails]
    for stretch in _last(chosen, _stretches(relief, seen, flat, ropes)):
        if not stretch.hidden:
            share = 0.7 if chosen in (None, stretch.trail) else 0.45
            yield Line(stretch.points, blend(floor_color(look), colors[stretch.trail], share), 1.4)


def paths(relief: Relief, seen: View, trails: tuple[Trail, ...], chosen: int | None = None) -> Iterator[Item]:
    """On the surface; behind a hill as fine dashes. A chosen one lies above the others, which are calmer."""
    ropes = [rope(relief, trail) for trail in trails]
    stretches = list(_last(chosen, _stretches(relief, seen, [each.points for each in ropes], ropes)))
    for number in _order(chosen, len(trails)):
        mine = [stretch for stretch in stretches if stretch.trail == number]
        color, factor = _style(trails[number], number, chosen)
        for stretch in mine:
            if stretch.hidden:
                yield Line(stretch.points, blend(color, INK, FAINT), 1.1, (2.5, 4.0))
            else:
                yield Line(stretch.points, INK, WIDTH * factor + AROUND - WIDTH)
        for stretch in mine:
            if not stretch.hidden:
                yield Line(stretch.points, color, WIDTH * factor)
        yield from _beads(relief, seen, ropes[number], color, factor)


def _style(trail: Trail, number: int, chosen: int | None) -> tuple[int, float]:
    """Colour, and how many times the usual width."""
    if chosen is None:
        return trail.color, 1.0
    return (trail.color, THICKER) if number == chosen else (blend(trail.color, INK, CALM), 0.9)


def _order(chosen: int | None, count: int) -> list[int]:
    return sorted(range(count), key=lambda number: number == chosen)


def _last(chosen: int | None, stretches: Sequence[Stretch]) -> list[Stretch]:
    return sorted(stretches, key=lambda stretch: stretch.trail == chosen)


def _stretches(relief: Relief, seen: View, points: Sequence[Points], ropes: Sequence[Rope]) -> list[Stretch]:
    """All ropes on the screen, at once; `points` are theirs, or their shadows."""
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


def _beads(relief: Relief, seen: View, laid: Rope, color: int, factor: float) -> Iterator[Item]:
    """Some of the updates, the first one larger. Where they are closer to each other the path is slow."""
    every = next(n * 10**k for k in range(12) for n in (1, 2, 5) if laid.updates <= BEADS * n * 10**k)
    points = laid.standing[0 : max(1, laid.updates - 1) : every]
    with np.errstate(invalid="ignore"):
        points = points[np.isfinite(points).all(axis=1) & (np.abs(points[:, :2]).max(axis=1) <= 1)]
    spots = zip(seen.seen(points).tolist(), are_hidden(relief, seen, points).tolist(), strict=True)
    last: tuple[float, float] | None = None
    for (x, y, _near), hidden in spots:
        if last is not None and hypot(x - last[0], y - last[1]) < APART:
            continue
        size = (BEAD if last else BEGIN) * (1 + factor) / 2
        last = (x, y)
        if not hidden:
            yield Box(x, y, 2 * size, 2 * size, size, color, INK, 1.0)
