"""A noisy line made calm in a way that can be checked: TensorBoard's exponential moving average.

For the values v₁, v₂, … and a smoothing s from 0 up to 1::

    m₀ = 0      mₜ = s · mₜ₋₁ + (1 − s) · vₜ      shown: mₜ / (1 − sᵗ)

The division takes away the pull to 0 of the first points, as in Adam (Kingma & Ba 2015). A value that is not a finite
number is left out and does not count. So does `resmoothDataset` in ``vz_line_chart2/line-chart.ts`` of TensorBoard,
which keeps at most a thousand points of a curve by drawing lots; here a longer one is first cut into groups of 2, 4,
8, … values, so that no more than a thousand are left, and the mean of each is a v.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Vector

SMOOTHINGS = (0.0, 0.6, 0.9, 0.97)  # that are offered; TensorBoard begins with 0.6
MOST_POINTS = 1000

Updates = NDArray[np.int64]


def smoothed(updates: Updates, values: Vector, smoothing: float) -> tuple[Updates, Vector]:
    """The last update of every group and the moving average there; NaN where a group has no finite value."""
    count = group(values.size)
    if count > 1:
        starts = np.arange(0, values.size, count)
        updates, values = updates[np.append(starts[1:], values.size) - 1], _means(values, starts)
    return updates, np.array(_averages(values.tolist(), smoothing))


def group(size: int) -> int:
    """How many values make one point: a power of two, so that what is shown of the past rarely changes."""
    count = 1
    while size > count * MOST_POINTS:
        count *= 2
    return count


def _means(values: Vector, starts: NDArray[np.int64]) -> Vector:
    known = np.isfinite(values)
    sums = np.add.reduceat(np.where(known, values, 0.0), starts)
    counts = np.add.reduceat(known.astype(np.float64), starts)
    return np.asarray(np.divide(sums, counts, out=np.full(starts.size, np.nan), where=counts > 0))


def _averages(values: list[float], smoothing: float) -> list[float]:
    mean, weight, result = 0.0, 1.0, []
    for value in values:
        if value - value == 0.0:  # finite
            mean = smoothing * mean + (1.0 - smoothing) * value
            weight *= smoothing
            result.append(mean / (1.0 - weight))
        else:
            result.append(float("nan"))
    return result
