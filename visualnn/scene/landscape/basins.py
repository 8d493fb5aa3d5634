"""Which of the known minima the runners have found.

A runner is in a *valley* where for some updates no other known minimum was nearer, this one is at least twice as near
as any other, and the loss was close to its own. The *other* valley is not the one that most have found; of two that as
many have found, it is the one farther from the start.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from visualnn.nn.landscape.surfaces import Classic
from visualnn.nn.landscape.track import Track
from visualnn.nn.network import Matrix, Vector
from visualnn.scene.landscape.marks import Minimum
from visualnn.scene.landscape.standing import Race

STAY = 10  # moments in a valley
NEAR = 0.5  # of the distance to the next minimum
LOW = 0.1  # of the way from the loss at the start to the minimum's
REST = 1e-2  # of the picture, from a minimum
FLAT = 1e-6  # of the steepest curvature


def valleys(classic: Classic) -> tuple[Minimum, ...]:
    """The known minima of a surface that are those of separate valleys: not where a floor is flat along itself."""
    found = tuple(Minimum(*minimum) for minimum in classic.minima)
    return () if any(_is_flat(classic, minimum) for minimum in found) else found


def _is_flat(classic: Classic, minimum: Minimum, step: float = 1e-4) -> bool:
    """Whether the surface does not curve upwards in every direction, by differences of slopes."""
    rows = [
        (classic.slopes(minimum.x + dx, minimum.y + dy) - classic.slopes(minimum.x - dx, minimum.y - dy)) / (2 * step)
        for dx, dy in ((step, 0.0), (0.0, step))
    ]
    least, most = np.linalg.eigvalsh((np.array(rows) + np.array(rows).T) / 2)
    return bool(least <= FLAT * most)


def valley_of(race: Race, track: Track, moment: int) -> int | None:
    """Which of the known minima it has found."""
    if not race.minima or track.places.shape[1] != 2:
        return None
    lately = slice(max(0, moment - STAY), moment + 1)
    far = _distances(race, track.places[lately])
    nearest, (first, *others) = far.argmin(axis=1), np.sort(far[-1])
    if (nearest != nearest[-1]).any() or (others and not first <= NEAR * others[0]):
        return None
    loss = race.minima[nearest[-1]].loss
    is_low = track.losses[lately].min() - loss <= LOW * (track.losses[0] - loss)
    return int(nearest[-1]) if is_low else None


def resting(race: Race, place: Vector, size: float) -> int | None:
    """The known minimum that it is at."""
    if not race.minima or place.size != 2:
        return None
    far = _distances(race, place[None])[0]
    return int(far.argmin()) if far.min() <= REST * size else None


def usual_of(race: Race, found: Sequence[int]) -> int | None:
    """The valley that most have found."""
    if not found:
        return None
    far = _distances(race, race.tracks[0].places[:1])[0]
    return min(set(found), key=lambda valley: (-found.count(valley), far[valley]))


def _distances(race: Race, places: Matrix) -> Matrix:
    known = np.array([(minimum.x, minimum.y) for minimum in race.minima])
    return np.asarray(np.linalg.norm(places[:, None] - known, axis=2))
