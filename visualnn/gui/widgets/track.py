"""Where the segments and the knob of a scrubber are: numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

GAP = 4
LEAST_WIDTH = 44


@dataclass(frozen=True)
class Segment:
    """One phase on the track: its steps are first+1 … first+count."""

    name: str
    first: int
    count: int
    left: float
    width: float

    @property
    def right(self) -> float:
        return self.left + self.width

    def has(self, position: int) -> bool:
        """Whether the step `position` is one of this phase."""
        return self.first < position <= self.first + self.count

    def x_of(self, position: int) -> float:
        """The middle of a step."""
        return self.left + self.width * (position - self.first - 0.5) / self.count


def segments(phases: Sequence[tuple[str, int]], least: Sequence[float], left: float, right: float) -> list[Segment]:
    """The phases between `left` and `right`: each as wide as `least`, and the rest shared out by their steps."""
    phases = [(name, max(int(count), 0)) for name, count in phases]
    total = sum(count for _, count in phases) or 1
    room = max(right - left - GAP * (len(phases) - 1), 1.0)
    base = list(least) if sum(least) <= room else [width * room / sum(least) for width in least]
    rest, result, first = room - sum(base), [], 0
    for (name, count), width in zip(phases, base, strict=True):
        wide = width + rest * count / total
        result.append(Segment(name, first, count, left, wide))
        left, first = left + wide + GAP, first + count
    return result


def step_at(parts: Sequence[Segment], x: float) -> int:
    """The step whose place on the track is nearest to `x`."""
    filled = [part for part in parts if part.count]
    if not filled:
        return 0
    part = next((part for part in filled if x < part.right + GAP / 2), filled[-1])
    inside = int((x - part.left) / part.width * part.count)
    return part.first + 1 + min(max(inside, 0), part.count - 1)


def sparkline(losses, columns: int) -> np.ndarray:
    """The losses as points (x, y) between 0 and 1, y upwards and logarithmic; at most two for each of `columns`."""
    values = np.asarray(losses, dtype=float)
    known = np.isfinite(values)
    where = np.arange(values.size) if known.all() else np.flatnonzero(known)
    if where.size < 2:
        return np.empty((0, 2))
    where = _thinned(where, values[where], columns) if where.size > 2 * columns else where
    logs = np.log10(np.maximum(values[where], 1e-9))
    low, high = logs.min(), logs.max()
    y = (logs - low) / (high - low) if high > low else np.full(logs.shape, 0.5)
    return np.column_stack([where / (values.size - 1), y])


def _thinned(where: np.ndarray, y: np.ndarray, columns: int) -> np.ndarray:
    """The places of the lowest and the highest point of each column, in their order, so that no spike is lost."""
    starts = np.unique(np.linspace(0, y.size, columns + 1).astype(int)[:-1])
    ends = np.append(starts[1:], y.size)
    pairs = ((a + y[a:b].argmin(), a + y[a:b].argmax()) for a, b in zip(starts, ends, strict=True))
    keep = np.unique(np.concatenate([*pairs, [0, y.size - 1]]).astype(int))
    return where[keep]


def parted(points: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """A sparkline's points up to a share of it and from there on, with one more where it is cut."""
    if not len(points) or not points[0, 0] < share < points[-1, 0]:
        return (points, points[:0]) if not len(points) or share >= points[-1, 0] else (points[:0], points)
    middle = int(np.searchsorted(points[:, 0], share))
    cut = np.array([[share, np.interp(share, points[:, 0], points[:, 1])]])
    return np.concatenate([points[:middle], cut]), np.concatenate([cut, points[middle:]])
