"""How a network fares over time, layer by layer: how far an update moves its weights, and how many neurons are dead.

The ratio of a layer is ‖Δw‖ / ‖w‖ of one update. About 1/1000 is the usual rule of thumb ("Neural Networks Part 3",
Stanford CS231n): far less is slow, far more is rash. Half a decade around it is called healthy here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from visualnn.engine.report import Report
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.statistics import ZERO_UP_TO
from visualnn.scene.record import significant
from visualnn.scene.scales import Scale, loss_scale, update_scale
from visualnn.scene.series import Updates
from visualnn.scene.strips import columns

HEALTHY = (3e-4, 3e-3)
RATIOS = (1e-4, 1e-2)  # always on the axis
LEAST, MOST = 1e-9, 1e3  # beyond it the axis does not reach

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Vitals:
    """Of every layer at moments that rise."""

    names: tuple[str, ...]
    updates: Updates  # (moments,)
    ratios: Matrix  # (moments, layers)
    dead: Counts  # (moments, layers)
    units: Counts  # (moments, layers), that are not switched off
    mortal: tuple[int, ...]  # the layers whose neurons can die

    @cached_property
    def across(self) -> Scale:
        """The axis of updates, the same as that of the losses."""
        return update_scale(int(self.updates[-1]) if self.updates.size else 0)

    @cached_property
    def up(self) -> Scale:
        """The axis of ratios, logarithmic."""
        known = self.ratios[np.isfinite(self.ratios) & (self.ratios > 0)]
        low, high = (float(known.min()), float(known.max())) if known.size else RATIOS
        return loss_scale(max(min(low, RATIOS[0]), LEAST), min(max(high, RATIOS[1]), MOST), True)

    @cached_property
    def heights(self) -> Matrix:
        """All ratios in shares of the axis, shape (moments, layers); what is not finite is a gap."""
        known = np.isfinite(self.ratios)
        shares = np.asarray(self.up.share(np.where(known, self.ratios, self.up.low)))
        return np.where(known, np.minimum(shares, 1.0), np.nan)

    @cached_property
    def places(self) -> Vector:
        """All moments in shares of the axis of updates."""
        return np.asarray(self.across.share(self.updates.astype(np.float64)))

    def nearest_layer(self, moment: int, share: float) -> int | None:
        """The layer whose line passes nearest to a height."""
        heights = self.heights[moment]
        return int(np.nanargmin(np.abs(heights - share))) if np.isfinite(heights).any() else None

    def woven(self, width: int, height: int, parts: int) -> Matrix:
        """The lines of all layers as thin as a pixel: how much of each pixel is covered, 0 … 1, the upper left first.

        A line's upper and lower edge are found to so many parts of a pixel.
        """
        fine = height * parts
        y = self._crossings(width) * fine
        seen = np.isfinite(y[:, 1:] + y[:, :-1])
        column = np.broadcast_to(np.arange(width), seen.shape)[seen]
        upper, lower = np.minimum(y[:, 1:], y[:, :-1])[seen], np.maximum(y[:, 1:], y[:, :-1])[seen]
        begin, end = (_rows(edge, fine) * width + column for edge in (upper - parts / 2, lower + parts / 2))
        ink = np.bincount(begin, minlength=(fine + 1) * width) - np.bincount(end, minlength=(fine + 1) * width)
        covered = np.cumsum(ink.reshape(fine + 1, width), axis=0, dtype=np.int32)[:-1] > 0
        return np.asarray(covered.reshape(height, parts, width).sum(axis=1, dtype=np.uint8) / parts)

    def _crossings(self, width: int) -> Matrix:
        """How far below the upper edge every line is, 0 … 1, at the edges of all pixel columns."""
        if self.updates.size < 2:
            return np.full((1, width + 1), np.nan)
        edges = np.linspace(0, 1, width + 1)
        lines = [np.interp(edges, self.places, line, left=np.nan, right=np.nan) for line in self.heights.T]
        return np.asarray(1 - np.array(lines))

    def ratio_words(self, moment: int, layer: int) -> str:
        """A layer's ratio in words."""
        ratio = float(self.ratios[moment, layer])
        number = f"{significant(ratio, 3)}{_fraction(ratio)}" if isfinite(ratio) else "its weights all were 0"
        return f"{self.names[layer]}: {number}"

    def dead_words(self, moment: int, layer: int) -> str:
        """How many neurons of a layer are dead."""
        return f"{self.names[layer]}: {self.dead[moment, layer]:,} of {self.units[moment, layer]:,} dead"

    def dead_tints(self, width: int) -> Matrix:
        """The share of dead neurons, 0 … 1, of every mortal layer at every pixel column; NaN where there is nothing."""
        mortal = list(self.mortal)
        shares = self.dead[:, mortal] / np.maximum(self.units[:, mortal], 1)
        padded = np.vstack([shares, np.full((1, len(mortal)), np.nan)])
        return padded[columns(self.updates, self.across, width)].T


def _rows(edges: Vector, count: int) -> Counts:
    """The rows that edges fall on, inside the picture."""
    return np.asarray(np.clip(np.round(edges), 0, count), dtype=np.int64)


def _fraction(ratio: float) -> str:
    """A small ratio as one part in so many."""
    return f", 1 in {significant(1 / ratio, 2)}" if 1e-5 < ratio < 0.1 else ""


def vitals(reports: Sequence[Report], names: Sequence[str]) -> Vitals:
    """What these reports say of each layer."""
    layers = [report.statistics.layers for report in reports]
    shape = (len(layers), len(names))
    last = layers[-1] if layers else ()
    return Vitals(
        tuple(names),
        np.array([report.update for report in reports], dtype=np.int64),
        np.array([[layer.update_ratio for layer in row] for row in layers], dtype=np.float64).reshape(shape),
        np.array([[len(layer.dead) for layer in row] for row in layers], dtype=np.int64).reshape(shape),
        np.array([[layer.units for layer in row] for row in layers], dtype=np.int64).reshape(shape),
        tuple(k for k, layer in enumerate(last) if layer.activation in ZERO_UP_TO),
    )
