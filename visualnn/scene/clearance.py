"""Free room on the stage: what is taken, and where something else fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.frame import Box, Dots, Item, Pixels, Text
from visualnn.scene.look import text_width

APART = 2.0  # px that must be left between two things
CAPITALS = 0.8  # height of a line of text by its size
Rectangle = tuple[float, float, float, float]  # left, top, right, bottom
Candidate = tuple[float, float]  # the middle of what looks for room
AT_ONCE = 200  # points that are looked at together: most often one of the first is free


class Clearance:
    """Rectangles within an area that must not be covered."""

    def __init__(self, area: Rectangle, taken: Iterable[Rectangle]):
        self.area = area
        self._taken: NDArray[np.float64] = np.array([*taken], dtype=np.float64).reshape(-1, 4)

    def is_free(self, at: Candidate, wide: float, high: float) -> bool:
        """Whether a rectangle around a point covers nothing."""
        return bool(self._are_free(np.array([at]), wide, high)[0])

    def _are_free(self, points: NDArray[np.float64], wide: float, high: float) -> NDArray[np.bool_]:
        x, y = points[:, :1], points[:, 1:]
        left, top, right, bottom = x - wide / 2, y - high / 2, x + wide / 2, y + high / 2
        area, taken = self.area, self._taken
        inside = (left >= area[0]) & (top >= area[1]) & (right <= area[2]) & (bottom <= area[3])
        beside = (taken[:, 0] >= right + APART) | (taken[:, 2] <= left - APART)
        above = (taken[:, 1] >= bottom + APART) | (taken[:, 3] <= top - APART)
        return np.asarray(inside[:, 0] & (beside | above).all(axis=1))

    def first(self, candidates: Iterable[Candidate], wide: float, high: float) -> Candidate | None:
        """The first point around which it is free."""
        points = [*candidates]
        for start in range(0, len(points), AT_ONCE):
            some = points[start : start + AT_ONCE]
            free = self._are_free(np.array(some, dtype=np.float64).reshape(-1, 2), wide, high)
            if free.any():
                return some[int(free.argmax())]
        return None

    def taking(self, rectangles: Iterable[Rectangle]) -> Clearance:
        """The same with more that is taken."""
        return Clearance(self.area, [*map(tuple, self._taken.tolist()), *rectangles])


def around(x: float, y: float, wide: float, high: float) -> Rectangle:
    """The rectangle with this middle."""
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def meet(some: Iterable[Rectangle], others: Sequence[Rectangle]) -> bool:
    """Whether one of some rectangles covers one of the others."""
    return any(min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1]) for a in some for b in others)


def outlines(items: Iterable[Item]) -> list[Rectangle]:
    """The room that shapes and texts take; light and lines take none."""
    found = []
    for item in items:
        if isinstance(item, Box | Pixels):
            found.append(around(item.x, item.y, item.width, item.height))
        elif isinstance(item, Text):
            wide = text_width(item.text, item.size)
            middle = item.x + {"left": wide / 2, "center": 0.0, "right": -wide / 2}[item.align]
            found.append(around(middle, item.y, wide, item.size * CAPITALS))
        elif isinstance(item, Dots) and len(item.ys):
            ends = float(item.ys.min()) - item.radius, float(item.ys.max()) + item.radius
            found.append((item.x - item.radius, ends[0], item.x + item.radius, ends[1]))
    return found
