"""The balls at the ends of paths, as shapes and letters.

A ball's height is always the true loss: where the surface has another one, it stands on a stalk. Of one that left the
picture an arrow at the rim tells where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import hypot, isfinite

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.frame import Arrow, Box, Glow, Item, Line, Text
from visualnn.scene.landscape.board import Plates
from visualnn.scene.landscape.camera import View
from visualnn.scene.landscape.drape import FAR, LIFT, rope
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.marks import Trail
from visualnn.scene.landscape.picking import are_hidden, height
from visualnn.scene.landscape.plates import INK, short
from visualnn.scene.landscape.relief import TALL, Relief

BALL, CHOSEN = 8.5, 10.0
STALK = 0.012  # of the scale: a smaller difference needs no stalk
RIM = 1.06  # how far out the arrow is that stands for a ball beyond the rim


@dataclass(frozen=True, slots=True)
class End:
    """Where the ball of a trail is on the screen: what is grabbed there."""

    trail: int
    x: float
    y: float
    near: float  # 1/distance
    world: tuple[float, float, float]
    above: float = LIFT  # the surface
    hidden: bool = False
    beyond: tuple[float, float] | None = None  # the way on the screen to where it is, if it left the picture

    @property
    def on_stalk(self) -> bool:
        """Whether its loss is another one than that of the surface below it, and it can be told."""
        return self.beyond is None and abs(self.above - LIFT) > STALK * TALL

    def holds(self, x: float, y: float, reach: float) -> bool:
        """Whether a point is on it, or no more than `reach` px beside it."""
        return hypot(x - self.x, y - self.y) <= BALL + reach


def ends(relief: Relief, seen: View, trails: tuple[Trail, ...], chosen: int | None = None) -> tuple[End, ...]:
    """All balls, in painting order: the nearest last, but a chosen one above all."""
    found = [end for number in range(len(trails)) if (end := _end(relief, seen, trails, number)) is not None]
    hidden = are_hidden(relief, seen, np.array([end.world for end in found]).reshape(-1, 3)).tolist()
    made = [replace(end, hidden=hides and end.beyond is None) for end, hides in zip(found, hidden, strict=True)]
    return tuple(sorted(made, key=lambda end: (end.trail == chosen, end.near)))


def _end(relief: Relief, seen: View, trails: tuple[Trail, ...], number: int) -> End | None:
    trail = trails[number]
    if not trail.letter:
        return None
    laid = rope(relief, trail).standing
    known = np.asarray(np.isfinite(laid[:, :2]).all(axis=1))
    if not known.any():
        return None
    x, y, z, above = laid[len(known) - 1 - int(np.argmax(known[::-1]))].tolist()
    if max(abs(x), abs(y)) > 1:
        return _rim(relief, seen, number, np.clip((x, y), -FAR, FAR))
    return End(number, *seen.spot(x, y, z), (x, y, z), above) if isfinite(z) else None


def _rim(relief: Relief, seen: View, number: int, flat: NDArray[np.float64]) -> End:
    """At the nearest point of the rim."""
    edge = np.clip(flat, -1, 1)
    way = (flat - edge) / hypot(*(flat - edge))
    z = float(np.nan_to_num(height(ground(relief), edge[None])[0]))
    tail, tip = ((edge + way * out).tolist() for out in (RIM - 1, RIM - 0.9))
    x, y, near = seen.spot(tail[0], tail[1], z)
    x1, y1, _ = seen.spot(tip[0], tip[1], z)
    length = max(hypot(x1 - x, y1 - y), 1e-9)
    world = float(edge[0]), float(edge[1]), z
    return End(number, x, y, near, world, beyond=((x1 - x) / length, (y1 - y) / length))


def balls(seen: View, trails: tuple[Trail, ...], found: Iterable[End], chosen: int | None = None) -> Iterator[Item]:
    """At the ends of the paths, which were found there."""
    for end in found:
        trail = trails[end.trail]
        if end.on_stalk:
            yield from _stalk(seen, trail, end)
        yield from ball(trail, end, CHOSEN if end.trail == chosen else BALL)


def ball(trail: Trail, end: End, radius: float = BALL) -> Iterator[Item]:
    """A ball: filled where it is seen, dark where it is hidden, with an arrow where it left the picture."""
    x, y = end.x, end.y
    if end.hidden:
        yield Box(x, y, 2 * radius, 2 * radius, radius, INK, trail.color, 1.6)
        yield Text(x, y, trail.letter, 1.16 * radius, 700, trail.color)
        return
    if end.beyond is not None:
        dx, dy = end.beyond
        yield Arrow(x + 13 * dx, y + 13 * dy, dx, dy, 13, 14, INK)
        yield Arrow(x + 13 * dx, y + 13 * dy, dx, dy, 9, 9.5, trail.color)
    else:
        yield Glow(x, y, 2 * radius, 2 * radius, radius, 9, trail.color, 0.8)
    yield Box(x, y, 2 * radius, 2 * radius, radius, trail.color, INK, 2.2)
    yield Text(x, y, trail.letter, 1.24 * radius, 700, INK)


def _stalk(seen: View, trail: Trail, end: End) -> Iterator[Item]:
    """From the ball down or up to the surface where they differ."""
    x, y, z = end.world
    foot, top = seen.spot(x, y, z - end.above)[:2], (end.x, end.y)
    yield Line((foot, top), INK, 3.6)
    yield Line((foot, top), trail.color, 1.6)
    yield Box(foot[0], foot[1], 6, 6, 3, trail.color, INK, 1.2)


def words(relief: Relief, trails: tuple[Trail, ...], found: Sequence[End], plates: Plates) -> Iterator[Item]:
    """Both losses beside the topmost ball, if it stands on a stalk, where that covers no other ball."""
    for end in found:
        plates.keep(end.x, end.y, 2 * CHOSEN + 2)
    for end in [each for each in found[-1:] if each.on_stalk]:
        trail, height = trails[end.trail], end.world[2] - end.above
        surface = relief.loss(height / TALL) if trail.floors is None else float(trail.floors[-1])
        yield from plates.beside(end.x, end.y, f"loss {short(trail.height)} · surface {short(surface)}", CHOSEN + 3)
