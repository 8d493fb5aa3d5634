"""Where the weights are written: a free place for each label on its own connection, or none at all.

A gap whose labels would cover each other or a neuron gets no resting labels; the one that is pointed at, chosen or at
work is still drawn, in the middle of its connection.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Link = tuple[int, int]  # source, neuron
Ends = tuple[float, float, float, float]  # x, y, x, y

STATIONS = (0.52, 0.70, 0.26, 0.44, 0.60, 0.36, 0.78, 0.2)  # where along a link its label may sit, best first
STEEP_STATIONS = (0.26, 0.70, 0.36, 0.78, 0.2, 0.52, 0.44, 0.60)  # steep links cross the others in the middle
STEEP = 0.5  # rise over run from which a link counts as steep, where links cross
REPAIRS = 3


def bezier(ends: Ends, shares: Array) -> Array:
    """Points (n, 2) of a connection's curve, whose handles are half the horizontal distance."""
    x0, y0, x1, y1 = ends
    reach, s, u = (x1 - x0) * 0.5, shares, 1.0 - shares
    x = u**3 * x0 + 3 * u * u * s * (x0 + reach) + 3 * u * s * s * (x1 - reach) + s**3 * x1
    y = (u**3 + 3 * u * u * s) * y0 + (3 * u * s * s + s**3) * y1
    return np.column_stack([x, y])


def place(ends: dict[Link, Ends], wide: float, high: float) -> dict[Link, tuple[float, float]]:
    """Label centres for all links of one gap, {} if they cannot lie free of each other and of the neurons."""
    if not ends:
        return {}
    crossing = len({s for s, _ in ends}) > 1 and len({n for _, n in ends}) > 1
    curves = {link: bezier(e, np.linspace(0.1, 0.9, 17)) for link, e in ends.items()}
    placed: dict[Link, Array] = {}
    for link in sorted(ends, key=lambda m: (abs(ends[m][3] - ends[m][1]), m)):
        x0, y0, x1, y1 = ends[link]
        steep = crossing and abs(y1 - y0) > STEEP * (x1 - x0)
        spots = bezier(ends[link], np.array(STEEP_STATIONS if steep else STATIONS))
        others = np.array([c for other, c in curves.items() if other != link])
        cost = 100 * _overlap(spots, _without(placed, link), wide, high) + _edge(spots, ends[link], wide)
        cost += 1.5 * _crowd(spots, others, wide, high) + 2 * np.arange(len(spots))
        placed[link] = spots[int(np.argmin(cost))]
    _repair(placed, ends, wide, high)
    return {link: (float(x), float(y)) for link, (x, y) in placed.items()} if _free(placed, ends, wide, high) else {}


def _repair(placed: dict[Link, Array], ends: dict[Link, Ends], wide: float, high: float) -> None:
    """Labels that still overlap look for any place along their link."""
    for _ in range(REPAIRS):
        for link in ends:
            others = _without(placed, link)
            if _overlap(placed[link][None], others, wide, high)[0] > 0:
                spots = bezier(ends[link], np.linspace(0.12, 0.88, 39))
                cost = 100 * _overlap(spots, others, wide, high) + _edge(spots, ends[link], wide)
                placed[link] = spots[int(np.argmin(cost))]


def _free(placed: dict[Link, Array], ends: dict[Link, Ends], wide: float, high: float) -> bool:
    return all(
        _overlap(at[None], _without(placed, link), wide, high)[0] == 0 and _edge(at[None], ends[link], wide)[0] == 0
        for link, at in placed.items()
    )


def _without(placed: dict[Link, Array], link: Link) -> Array:
    others = [at for other, at in placed.items() if other != link]
    return np.array(others) if others else np.empty((0, 2))


def _overlap(spots: Array, others: Array, wide: float, high: float) -> Array:
    """The area each spot's label would share with labels already placed."""
    apart = np.abs(spots[:, None] - others[None])
    return np.asarray((np.maximum(0, wide - apart[..., 0]) * np.maximum(0, high - apart[..., 1])).sum(axis=1))


def _edge(spots: Array, ends: Ends, wide: float) -> Array:
    """How far each spot's label would reach over the ends of the gap."""
    left, right = ends[0] + wide / 2 - spots[:, 0], spots[:, 0] - ends[2] + wide / 2
    return np.asarray(20 * (np.maximum(0, left) + np.maximum(0, right)))


def _crowd(spots: Array, curves: Array, wide: float, high: float) -> Array:
    """How close other connections pass by each spot."""
    if not len(curves):
        return np.zeros(len(spots))
    apart = np.abs(spots[:, None, None] - curves[None])  # (spots, links, points, 2)
    gap = np.where(apart[..., 0] > wide / 2, 1e3, apart[..., 1]).min(axis=2)
    return np.asarray(np.maximum(0.0, high * 0.8 - gap).sum(axis=1))
