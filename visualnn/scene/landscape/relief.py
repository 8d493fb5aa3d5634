"""Losses on a grid, and how high each is drawn.

The height is log(loss + a little), or the loss itself; what is written beside it is the loss always. What exceeds
`CEILING` times the loss at the start is cut off, and a loss that is no number leaves a hole: both are seen, and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from visualnn.nn.network import Matrix, Vector

TALL = 0.8  # of the highest point; the square's half side is 1
FLOOR = -0.36  # where the map lies
CEILING = 10.0
ABOVE = 1e-6  # at least; is added to a loss before its logarithm is taken, so that 0 has one
SOFT = 1e-3  # of the highest loss: so much is added, lest a bowl look like a needle
NARROW = 2.0
FLAT = 1e-9  # of the loss: a smaller difference is none
MIDDLE = 0.35  # how high a flat surface is drawn

Window = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Relief:
    """`losses` are (rows along y, columns along x) over the window x0, x1, y0, y1; `low` and `high` are losses too."""

    losses: Matrix
    window: Window
    names: tuple[str, str]
    low: float
    high: float
    is_log: bool
    above: float = ABOVE  # is added before the logarithm is taken
    notes: tuple[str, ...] = ()

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """How high every point is, 0…1; more where it is clipped, no number where it is a hole."""
        return self.share(self.losses)

    @property
    def is_flat(self) -> bool:
        """Whether all losses are the same."""
        return self.low >= self.high

    @property
    def is_clipped(self) -> bool:
        """Whether something is higher than what is drawn."""
        return bool((self.shares > 1 + 1e-9).any())

    @np.errstate(over="ignore", invalid="ignore")  # a loss may be as large as numbers are
    def share(self, losses: ArrayLike) -> NDArray[np.float64]:
        """How high losses are on the scale: 0 at `low`, 1 at `high`."""
        losses = np.asarray(losses, dtype=np.float64)
        losses = np.where(np.isfinite(losses), losses, np.nan)
        if self.is_flat:
            return np.where(np.isnan(losses), np.nan, MIDDLE)
        if not self.is_log:
            return np.asarray((losses / 2 - self.low / 2) / (self.high / 2 - self.low / 2))
        low, high = np.log10(self.low + self.above), np.log10(self.high + self.above)
        return np.asarray((np.log10(np.maximum(losses, 0) + self.above) - low) / (high - low))

    def loss(self, share: float) -> float:
        """What is so high."""
        if self.is_flat:
            return self.low
        if not self.is_log:
            return float(self.low * (1 - share) + self.high * share)
        low, high = np.log10(self.low + self.above), np.log10(self.high + self.above)
        return float(max(0.0, 10 ** (low + share * (high - low)) - self.above))

    @np.errstate(over="ignore", invalid="ignore")  # a path may lead as far away as numbers go
    def world(self, points: ArrayLike) -> NDArray[np.float64]:
        """Points (n, 2) of the window as points of the square. Where the window has no width they are in the middle."""
        x0, x1, y0, y1 = self.window
        lows, extents = np.array([x0, y0]), np.array([x1 - x0, y1 - y0])
        wide = extents != 0
        shares = (np.asarray(points, dtype=np.float64).reshape(-1, 2) - lows) / np.where(wide, extents, 1)
        return np.where(wide, 2 * shares - 1, 0.0)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the square as one of the window."""
        x0, x1, y0, y1 = self.window
        return x0 + (x + 1) / 2 * (x1 - x0), y0 + (y + 1) / 2 * (y1 - y0)


def relief(
    losses: Matrix,
    window: Sequence[float],
    *,
    names: tuple[str, str] = ("x", "y"),
    start: float | None = None,
    logarithmic: bool = True,
    above: float | None = None,
) -> Relief:
    """A relief of losses; `start` is the loss at the start, `above` what is added before logarithms.

    A grid of one row or column is a ribbon. Losses below 0 have no logarithm, and over less than a factor of `NARROW`
    it would change nothing: they are drawn as they are.
    """
    grid = np.asarray(losses, dtype=np.float64)
    grid = np.repeat(grid, 2, axis=0) if grid.shape[0] == 1 else grid
    grid = np.repeat(grid, 2, axis=1) if grid.shape[1] == 1 else grid
    finite = grid[np.isfinite(grid)]
    low, top = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    high = top if start is None or not CEILING * start > max(low, 0.0) else min(top, CEILING * start)
    if high - low <= FLAT * max(abs(low), abs(high)):
        high = low
    above = max(ABOVE, SOFT * high) if above is None else above
    is_log = logarithmic and low >= 0 and high + above >= NARROW * (low + above)
    x0, x1, y0, y1 = (float(edge) for edge in window)
    notes = tuple(_notes(grid, finite, (low, high), logarithmic and low < 0))
    return Relief(grid, (x0, x1, y0, y1), names, low, high, is_log, above, notes)


def _notes(grid: Matrix, finite: Vector, scale: tuple[float, float], refused: bool) -> list[str]:
    """What a learner has to know about this picture."""
    low, high = scale
    said = []
    holes, cut = grid.size - finite.size, int((finite > high * (1 + 1e-9) if high > low else finite < low).sum())
    if not finite.size:
        return ["Nowhere here is the loss a finite number."]
    if holes:
        said.append(f"At {holes:,} of {grid.size:,} points the loss is not a finite number: they are left open.")
    if cut:
        said.append(f"What is above {high:.4g} is cut off.")
    if high <= low:
        said.append(f"The loss is {low:.6g} everywhere here.")
    if refused:
        said.append("Losses below 0 have no logarithm: heights are the losses themselves.")
    return said
