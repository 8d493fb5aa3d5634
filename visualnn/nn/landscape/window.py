"""Which part of a plane is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Matrix, Vector

MARGIN = 0.25  # of the path's size, all around it
LEAST = 0.2  # of a weight's size, to both sides
SMALLEST = 1e-3  # to both sides, where the weights are 0 too


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle with a width and a height. Raises `VisualNNError` for any other."""

    x0: float
    x1: float
    y0: float
    y1: float

    def __post_init__(self) -> None:
        for low, high, axis in ((self.x0, self.x1, "width"), (self.y0, self.y1, "height")):
            if not (isfinite(low) and isfinite(high) and isfinite(high - low)):
                raise VisualNNError(f"A window must have finite ends, not {low:g} and {high:g}.")
            if not low < high:
                raise VisualNNError(f"This window has no {axis}: it goes from {low:g} to {high:g}.")
            if not np.spacing(max(abs(low), abs(high))) * 1e4 < high - low:
                raise VisualNNError(f"From {low!r} to {high!r} there are too few numbers for a picture.")

    def xs(self, size: int) -> Vector:
        """So many places from left to right."""
        return np.linspace(self.x0, self.x1, size)

    def ys(self, size: int) -> Vector:
        """So many places from the lower edge to the upper."""
        return np.linspace(self.y0, self.y1, size)

    def holds(self, points: Matrix) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which of these points, (points, 2), lie inside."""
        x, y = points[:, 0], points[:, 1]
        return np.asarray((self.x0 <= x) & (x <= self.x1) & (self.y0 <= y) & (y <= self.y1))


def around(points: Matrix, least: tuple[float, float] = (0.0, 0.0)) -> Window:
    """The window that shows all of a path, (points, 2), with some room around it.

    It reaches `least` to both sides of the path's end, and a fifth of the path's size there: so it always has a width.
    What is not finite is left out.
    """
    known = points[np.isfinite(points).all(axis=1)]
    if not len(known):
        known = np.zeros((1, 2))
    edges: list[float] = []
    for values, reach in zip(known.T, least, strict=True):
        low, high, end = float(values.min()), float(values.max()), float(values[-1])
        room = MARGIN * (high - low)
        reach = max(reach, LEAST * abs(end), SMALLEST)
        edges += [min(low - room, end - reach), max(high + room, end + reach)]
    return Window(*edges)
