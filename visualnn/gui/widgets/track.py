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
    where = np.flatnonzero(np.isfinite(values))
    if where.size < 2:
        return np.empty((0, 2))
    logs = np.log10(np.maximum(values[where], 1e-9))
    x = where / (values.size - 1)
    low, high = logs.min(), logs.max()
    y = (logs - low) / (high - low) if high > low else np.full(logs.shape, 0.5)
    if where.size > 2 * columns:
        x, y = _thinned(x, y, columns)
    return np.column_stack([x, y])


def _thinned(x: np.ndarray, y: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest point of each column, in their order, so that no spike is lost."""
    starts = np.unique(np.linspace(0, y.size, columns + 1).astype(int)[:-1])
    ends = np.append(starts[1:], y.size)
    pairs = (sorted((a + y[a:b].argmin(), a + y[a:b].argmax())) for a, b in zip(starts, ends, strict=True))
    keep = np.unique(np.concatenate([*pairs, [0, y.size - 1]]).astype(int))
    return x[keep], y[keep]
