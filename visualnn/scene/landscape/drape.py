"""Paths laid over the surface: what of them does not depend on where one looks from, kept from frame to frame.

A path that grows by an update, or is stepped back, is not laid again: its beginning is found among those kept.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix, Vector
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.marks import Trail
from visualnn.scene.landscape.picking import height
from visualnn.scene.landscape.relief import TALL, Relief

STEP = 0.016  # of the square, from one point of a rope to the next
MOST = 8000  # points of a rope; beyond that it is laid half as finely
CELL = 1 / 500  # updates that stay in one such cell of the square count as one
FAR = 1e6  # of the square: what is farther away is as good as infinitely far
LIFT = 0.006
HIGHEST = 1.12  # what is above the scale is drawn so high
KEPT = 16  # ropes

Points = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

_kept: deque[Rope] = deque(maxlen=KEPT)
_lock = threading.Lock()


@dataclass(frozen=True, eq=False, slots=True)
class Rope:
    """A path as close points of the world, only those above the square; where it left it, there is a gap."""

    relief: Relief
    path: tuple[Matrix, Vector, Vector | None]  # what it was made of: points, losses, floors
    standing: Points  # (updates, 4) in the world, and how far above the surface; no number beside it
    points: Points  # (n, 3)
    starts: Flags  # (n,): no line leads here from the point before
    until: Places  # (updates,): how many points it takes to come to each
    drawn: Places  # the updates that are drawn: those that stay in a place are not
    coarse: int = 1  # of so many updates one is drawn, and so many steps are one

    @property
    def updates(self) -> int:
        """How many places there are."""
        return len(self.until)

    def cut(self, updates: int) -> Rope:
        """The first so many of them."""
        if updates == self.updates:
            return self
        points, losses, floors = self.path
        path = points[:updates], losses[:updates], None if floors is None else floors[:updates]
        end = int(self.until[updates - 1])
        parts = self.standing[:updates], self.points[:end], self.starts[:end], self.until[:updates]
        return Rope(self.relief, path, *parts, self.drawn[self.drawn < updates], self.coarse)


def rope(relief: Relief, trail: Trail) -> Rope:
    """A trail laid over a relief; from any thread."""
    with _lock:
        known = [each for each in _kept if each.relief is relief]
    updates = len(trail.points)
    for each in known:
        if each.updates >= updates and _begins(each, trail, updates):
            return each.cut(updates)
    found = max(
        (each for each in known if _begins(each, trail, each.updates)), key=lambda one: one.updates, default=None
    )
    made = _laid(relief, trail) if found is None else _longer(found, trail)
    while len(made.points) > MOST and made.coarse < updates:
        made = _laid(relief, trail, 2 * made.coarse)
    with _lock:
        if found is not None and found in _kept:
            _kept.remove(found)
        _kept.append(made)
    return made


def placed(relief: Relief, points: Matrix, losses: Vector) -> Points:
    """Points with their losses in the world."""
    share = np.minimum(relief.share(losses), HIGHEST)
    return np.column_stack([relief.world(points), share * TALL + LIFT])


def standing(relief: Relief, trail: Trail, run: slice) -> Points:
    """Points of a path in the world: as far above what is drawn as their losses are above the surface."""
    floors = None if trail.floors is None else trail.floors[run]
    return _standing(relief, (trail.points[run], trail.losses[run], floors))[:, :3]


def _standing(relief: Relief, path: tuple[Matrix, Vector, Vector | None]) -> Points:
    points, losses, floors = path
    made = placed(relief, points, losses)
    drawn = height(ground(relief), made[:, :2])
    with np.errstate(invalid="ignore"):
        drawn[~(np.abs(made[:, :2]).max(axis=1, initial=0) <= 1 + 1e-9)] = np.nan
        if floors is not None:
            there = drawn + made[:, 2] - np.minimum(relief.share(floors), 1.0) * TALL
            made[:, 2] = np.where(np.isfinite(there), there, made[:, 2])
        return np.column_stack([made, made[:, 2] - drawn])


def _begins(known: Rope, trail: Trail, count: int) -> bool:
    """Whether the first places of a trail and of what a rope was made of are the same."""
    if count > len(trail.points) or count > known.updates or (known.path[2] is None) != (trail.floors is None):
        return False
    given = trail.points, trail.losses, trail.floors
    return all(
        a is b or (a is not None and b is not None and np.array_equal(a[:count], b[:count], equal_nan=True))
        for a, b in zip(known.path, given, strict=True)
    )


def _laid(relief: Relief, trail: Trail, coarse: int = 1) -> Rope:
    path = trail.points, trail.losses, trail.floors
    return _lay(relief, path, _standing(relief, path), coarse)


def _longer(known: Rope, trail: Trail) -> Rope:
    """The rest of a trail after what is known of it."""
    last = int(known.drawn[-1])
    path = trail.points, trail.losses, trail.floors
    standing = np.concatenate([known.standing, _standing(known.relief, _after(path, known.updates))])
    more = _lay(known.relief, _after(path, last), standing[last:], known.coarse)
    end = int(known.until[last])
    goes_on = end and len(more.points) and np.allclose(more.points[0], known.points[end - 1], rtol=0, atol=1e-9)
    new = 1 if goes_on else 0  # the first point is there already
    return replace(
        more,
        path=path,
        standing=standing,
        points=np.concatenate([known.points[:end], more.points[new:]]),
        starts=np.concatenate([known.starts[:end], more.starts[new:]]),
        until=np.concatenate([known.until[: last + 1], end - new + more.until[1:]]),
        drawn=np.concatenate([known.drawn[:-1], last + more.drawn]),
    )


def _after(path: tuple[Matrix, Vector, Vector | None], first: int) -> tuple[Matrix, Vector, Vector | None]:
    points, losses, floors = path
    return points[first:], losses[first:], None if floors is None else floors[first:]


def _lay(relief: Relief, path: tuple[Matrix, Vector, Vector | None], standing: Points, coarse: int) -> Rope:
    """Every stretch between two places that is above the square, as close points on the surface."""
    near = np.clip(standing, -FAR, FAR)
    drawn = _told_apart(near, coarse)
    corners, above = near[drawn, :3], standing[drawn, 3]
    first, last = _clipped(corners)
    shown = np.flatnonzero(first < last)
    follows = np.zeros(len(shown), np.bool_)  # whether a stretch goes on where the one before ends
    follows[1:] = (np.diff(shown) == 1) & (first[shown[1:]] == 0) & (last[shown[:-1]] == 1)
    closed = np.ones(len(shown), np.bool_)
    closed[:-1] = ~follows[1:]
    counts, at, share = _along(corners, (first, last), shown, closed, STEP * coarse)
    points, begins = _draped(relief, (corners, above), at, share), np.cumsum(counts) - counts
    starts = np.zeros(len(points), np.bool_)
    starts[begins[~follows]] = True
    ends = np.zeros(len(corners), np.intp)  # how many points it takes to come to a corner
    ends[shown + 1] = begins + counts + ~closed  # the first of the next stretch is the corner
    until = np.maximum.accumulate(ends)[np.searchsorted(drawn, np.arange(len(standing)), side="right") - 1]
    return Rope(relief, path, standing, points, starts, until, drawn, coarse)


def _told_apart(standing: Points, coarse: int) -> Places:
    """The places that are drawn: not those that stay where the one before is."""
    numbers = np.arange(0, len(standing), coarse)
    with np.errstate(invalid="ignore"):
        cells = np.round(standing[numbers, :3] / (CELL * coarse))
    moved = np.ones(len(numbers), np.bool_)
    moved[1:] = (cells[1:] != cells[:-1]).any(axis=1)
    return np.asarray(numbers[moved], np.intp)


def _clipped(corners: Points) -> tuple[Vector, Vector]:
    """Which part of each stretch, from 0 to 1, lies above the square; none where an end has no height."""
    begin, way = corners[:-1, :2], np.diff(corners[:, :2], axis=0)
    with np.errstate(all="ignore"):
        one, two = (-1 - begin) / way, (1 - begin) / way
        low, high = np.minimum(one, two), np.maximum(one, two)
    level = way == 0
    within = np.abs(begin) <= 1 + 1e-9
    low, high = np.where(level, np.where(within, 0, 2), low), np.where(level, np.where(within, 1, -1), high)
    first = np.maximum(low.max(axis=1, initial=0), 0)
    last = np.minimum(high.min(axis=1, initial=1), 1)
    known = np.asarray(np.isfinite(corners).all(axis=1))
    hopeless = ~(known[:-1] & known[1:])
    return np.where(hopeless, 1.0, first), np.where(hopeless, 0.0, np.where(last > 1 - 1e-9, 1.0, last))


def _along(
    corners: Points, spans: tuple[Vector, Vector], shown: Places, closed: Flags, step: float
) -> tuple[Places, Places, Vector]:
    """How many points each shown stretch has, and for every point its stretch and how far along it is.

    A `closed` stretch has its end, too; the others end where the next begins.
    """
    first, last = (span[shown] for span in spans)
    length = np.linalg.norm(np.diff(corners[:, :2], axis=0), axis=1)[shown] * (last - first)
    pieces = np.maximum(1, np.ceil(length / step)).astype(np.intp)
    counts = pieces + closed
    order = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    which = np.repeat(np.arange(len(shown)), counts)
    share = first[which] + (last - first)[which] * (order / pieces[which])
    return counts, shown[which], share


def _draped(relief: Relief, places: tuple[Points, Vector], at: Places, share: Vector) -> Points:
    """Points between corners, as far above the surface as those are on either side."""
    corners, lift = places
    here, there = lift[at], lift[at + 1]
    here, there = np.where(np.isnan(here), there, here), np.where(np.isnan(there), here, there)
    above = np.nan_to_num(here + share * (there - here), nan=LIFT)
    points = corners[at] + share[:, None] * (corners[at + 1] - corners[at])
    drawn = height(ground(relief), points[:, :2])
    points[:, 2] = np.where(np.isfinite(drawn), drawn + above, points[:, 2])
    return points
