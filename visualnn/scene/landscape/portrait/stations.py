"""A free place for the number of every connection of a gap, or for none.

All connections of a gap have the same ends across, so that a share of the way is the same x on all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from visualnn.scene.pills import bezier

SHARES = (0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.15, 0.85)  # of the way, best first
ALONG = bezier((0.0, 0.0, 1.0, 1.0), np.array(SHARES)).tolist()  # how far one has come then, across and down
ROUNDS = 4
OVERLAP, CLOSE, LATER = (
    50.0,
    0.5,
    0.8,
)  # costs: of a px² over another number, of a px nearer to a line, of a worse share
NEAR = 0.8  # of a number's height from its middle, within which another connection disturbs

Spot = tuple[float, float]
Rise = tuple[float, float]  # y of both ends


def free_places(across: tuple[float, float], rises: Sequence[Rise], wide: float, high: float) -> list[Spot]:
    """The middle of each number, on its connection and inside the gap; [] where they would cover each other."""
    left, right = across
    usable = [(rank, left + (right - left) * x, y) for rank, (x, y) in enumerate(ALONG)]
    usable = [each for each in usable if left + wide / 2 <= each[1] <= right - wide / 2]
    if not usable:
        return []
    spots = [[(x, a + (b - a) * y) for _rank, x, y in usable] for a, b in rises]
    rest = [_disturbances(own, spots, high) for own in spots]
    costs = [[cost + LATER * rank for cost, (rank, _x, _y) in zip(each, usable, strict=True)] for each in rest]
    return _settled(spots, costs, _order(rises), (wide, high))


def _order(rises: Sequence[Rise]) -> list[int]:
    """Flat connections first: steep ones have more places to choose from."""
    return sorted(range(len(rises)), key=lambda k: (abs(rises[k][1] - rises[k][0]), k))


def _disturbances(own: Sequence[Spot], spots: Sequence[Sequence[Spot]], high: float) -> list[float]:
    """What it costs at each place of a connection that others pass by there."""
    reach = NEAR * high
    passing = [each for each in spots if each is not own]
    return [
        CLOSE * sum(max(0.0, reach - abs(each[station][1] - y)) for each in passing)
        for station, (_x, y) in enumerate(own)
    ]


def _settled(
    spots: Sequence[Sequence[Spot]], costs: Sequence[Sequence[float]], order: Sequence[int], shape: tuple[float, float]
) -> list[Spot]:
    """One place after the other, a few rounds, until none covers another or it gets no better."""
    placed: dict[int, Spot] = {}
    before = float("inf")
    for _round in range(ROUNDS):
        shared = 0.0
        for k in order:
            others = [at for other, at in placed.items() if other != k]
            covered = [_covered(at, others, shape) for at in spots[k]]
            best = min(range(len(covered)), key=lambda j: OVERLAP * covered[j] + costs[k][j])
            placed[k] = spots[k][best]
            shared += covered[best]
        if not shared:
            return [placed[k] for k in range(len(spots))]
        if shared >= before:
            break
        before = shared
    return []


def _covered(at: Spot, others: Sequence[Spot], shape: tuple[float, float]) -> float:
    """The area that a number would share with others."""
    x, y = at
    wide, high = shape
    shared = 0.0
    for other_x, other_y in others:
        across, down = wide - abs(other_x - x), high - abs(other_y - y)
        if across > 0 and down > 0:
            shared += across * down
    return shared
