"""The area of a map on the screen: where points of its window lie, and what of a line lies in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from visualnn.scene.landscape.relief import Window

Points = NDArray[np.float64]
Spots = tuple[tuple[float, float], ...]

FAR = 1e7  # px beyond which a spot is as good as infinitely far away


@dataclass(frozen=True, slots=True)
class Plot:
    """A rectangle in px that shows a window; the window's y rises, that of the screen falls."""

    left: float
    top: float
    width: float
    height: float
    window: Window

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.top + self.height

    def showing(self, window: Window) -> Plot:
        """The same rectangle with another window."""
        return replace(self, window=window)

    def spots(self, points: ArrayLike) -> Points:
        """Points (n, 2) of the window in px; along an axis without a width they are in the middle."""
        x0, x1, y0, y1 = self.window
        lows, extents = np.array([x0, y0]), np.array([x1 - x0, y1 - y0])
        wide = extents > 0
        given = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        with np.errstate(over="ignore", invalid="ignore"):
            shares = np.where(wide, (given - lows) / np.where(wide, extents, 1), given * 0 + 0.5)
            spots = (self.left, self.bottom) + shares * (self.width, -self.height)
        return np.asarray(np.clip(spots, -FAR, FAR))

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """One of them."""
        x0, x1, y0, y1 = self.window
        across = (x - x0) / (x1 - x0) if x1 > x0 else x * 0 + 0.5
        up = (y - y0) / (y1 - y0) if y1 > y0 else y * 0 + 0.5
        left, top = self.left + across * self.width, self.bottom - up * self.height
        return min(max(left, -FAR), FAR), min(max(top, -FAR), FAR)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """What point of the window lies there, in px."""
        x0, x1, y0, y1 = self.window
        across, up = (x - self.left) / self.width, (self.bottom - y) / self.height
        return x0 + across * (x1 - x0), y0 + up * (y1 - y0)

    def holds(self, x: float, y: float, room: float = 0.0) -> bool:
        """Whether a spot lies in it, at least `room` from its edges."""
        inside = self.left + room <= x <= self.right - room
        return inside and self.top + room <= y <= self.bottom - room

    def part(self, window: Window) -> tuple[float, float, float, float]:
        """Where another window lies: left, top, width, height."""
        x0, x1, y0, y1 = window
        (left, bottom), (right, top) = self.spots([(x0, y0), (x1, y1)]).tolist()
        across = (self.left, self.width) if not right > left else (left, right - left)
        down = (self.top, self.height) if not bottom > top else (top, bottom - top)
        return across[0], down[0], across[1], down[1]


def within(plot: Plot, spots: Points) -> list[Points]:
    """The parts of a line that lie in a plot, cut at its edges (Liang & Barsky 1984). No number is a gap."""
    if len(spots) < 2:
        return []
    start, way = spots[:-1], np.diff(spots, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        one = (np.array([plot.left, plot.top]) - start) / way
        two = (np.array([plot.right, plot.bottom]) - start) / way
    still = way == 0
    outside = still & ((start < (plot.left, plot.top)) | (start > (plot.right, plot.bottom)))
    first = np.where(still, 0.0, np.minimum(one, two)).max(axis=1).clip(0.0)
    last = np.where(still, 1.0, np.maximum(one, two)).min(axis=1).clip(max=1.0)
    with np.errstate(invalid="ignore"):
        seen = (first <= last) & ~outside.any(axis=1) & np.isfinite(way).all(axis=1)
    begins, ends = start + first[:, None] * way, start + last[:, None] * way
    return [
        np.concatenate([begins[part.start : part.start + 1], ends[part]]) for part in _joined(seen, first > 0, last < 1)
    ]


def _joined(seen: NDArray[np.bool_], enters: NDArray[np.bool_], leaves: NDArray[np.bool_]) -> list[slice]:
    """Runs of segments each of which goes on where the one before ends."""
    index = np.flatnonzero(seen)
    if not index.size:
        return []
    breaks = (np.diff(index) > 1) | leaves[index[:-1]] | enters[index[1:]]
    starts = np.concatenate([[0], np.flatnonzero(breaks) + 1])
    stops = np.concatenate([starts[1:], [index.size]])
    return [slice(int(index[a]), int(index[b - 1]) + 1) for a, b in zip(starts, stops, strict=True)]


def thinned(spots: Points, pace: float) -> Spots:
    """Without points in the same square of that side as the one before; the ends stay."""
    cells = np.round(spots / pace)
    keep = np.ones(len(spots), np.bool_)
    keep[1:-1] = (cells[1:-1] != cells[:-2]).any(axis=1)
    return tuple(map(tuple, spots[keep].tolist()))
