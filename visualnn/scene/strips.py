"""Histograms of one layer over time, as pixels.

Across is time, upwards the value; the colour of a pixel says what share of the numbers lies there, compared with the
fullest pixel of the same moment: blue above 0, orange below. The share's square root is shown, so that few numbers are
seen too. A pixel that no number is in has the colour of the ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix, Vector
from visualnn.nn.statistics import BINS, Histogram
from visualnn.scene.look import Look
from visualnn.scene.record import significant
from visualnn.scene.scales import Scale, SignedScale, signed_scale, update_scale, value_scale
from visualnn.scene.series import Updates

KINDS = {"weights": "Weights", "activations": "Activations", "gradients": "Slopes"}
SPREAD = 20.0  # from here on, as the widest of all histograms to a narrow one, the axis of values is not linear
FAINTEST, STRONGEST = 0.10, 0.96  # of the colour, over the ground
SHADES = 256
FEWEST = 1e-9  # of the fullest pixel: less is but rounding

Pixels = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Strip:
    """What some numbers were at moments that rise."""

    updates: Updates
    histograms: tuple[Histogram, ...]

    @cached_property
    def across(self) -> Scale:
        """The axis of updates, the same as that of the losses."""
        return update_scale(int(self.updates[-1]) if self.updates.size else 0)

    @cached_property
    def extents(self) -> NDArray[np.float64]:
        """The least and the greatest number of every moment, shape (moments, 2); without numbers 0 and 0."""
        ends = [(h.edges[0], h.edges[-1]) if h.counts.any() else (0.0, 0.0) for h in self.histograms]
        return np.array(ends, dtype=np.float64).reshape(-1, 2)

    @cached_property
    def up(self) -> Scale | SignedScale:
        """The axis of values: linear, unless some histograms would be too narrow to be seen on it."""
        low, high = (
            (float(self.extents[:, 0].min()), float(self.extents[:, 1].max())) if self.histograms else (0.0, 1.0)
        )
        reach = np.abs(self.extents).max(axis=1, initial=0.0)
        narrow = float(np.quantile(reach[reach > 0], 0.1)) if (reach > 0).any() else 0.0
        if 0 < narrow * SPREAD < max(-low, high):
            return signed_scale(low, high, narrow / 3)
        return value_scale(low, high)

    def nearest(self, update: float) -> int | None:
        """The moment nearest to an update."""
        return int(np.abs(self.updates - update).argmin()) if self.updates.size else None

    def pixels(self, width: int, height: int, look: Look) -> Pixels:
        """The picture, the upper left pixel first."""
        colours = np.full((self.updates.size + 1, height), ramps(look)[0, 0])
        colours[:-1] = np.take(ramps(look), self._tints(height) + SHADES * self._signs(height))
        return np.ascontiguousarray(colours[columns(self.updates, self.across, width)].T)

    def _edges(self, height: int) -> Vector:
        """The values at the upper edge of every pixel row and at the lower edge of the last."""
        return np.array([self.up.value(1 - row / height) for row in range(height + 1)])

    def _signs(self, height: int) -> NDArray[np.intp]:
        """1 for the pixel rows of numbers below 0."""
        edges = self._edges(height)
        return ((edges[1:] + edges[:-1]) < 0).astype(np.intp)

    def _tints(self, height: int) -> NDArray[np.intp]:
        """How strong the colour of a pixel row is at every moment, 0 … `SHADES` − 1; shape (moments, rows)."""
        reached = self._reached(self._edges(height))
        masses = reached[:, :-1] - reached[:, 1:]
        fullest = masses.max(axis=1, keepdims=True, initial=0.0)
        shares = np.sqrt(masses / np.where(fullest > 0, fullest, 1.0))
        return np.asarray((masses > FEWEST * fullest) * (1.5 + shares * (SHADES - 2)), dtype=np.intp)

    def _reached(self, values: Vector) -> Matrix:
        """How many numbers lie below every value, evenly spread inside each bin; shape (moments, values)."""
        low, wide, counts, below = self._bins
        places = np.clip((values - low) / wide, 0.0, counts.shape[1])
        bins = np.minimum(places.astype(np.intp), counts.shape[1] - 1)
        flat = bins + np.arange(counts.shape[0])[:, None] * counts.shape[1]
        return np.asarray(np.take(below, flat) + (places - bins) * np.take(counts, flat))

    @cached_property
    def _bins(self) -> tuple[Matrix, Matrix, Matrix, Matrix]:
        """Left end and width of the bins of every moment, how many numbers are in each, and how many before it."""
        edges = np.array([histogram.edges for histogram in self.histograms]).reshape(-1, BINS + 1)
        counts = np.array([histogram.counts for histogram in self.histograms], dtype=np.float64).reshape(-1, BINS)
        return edges[:, :1], edges[:, 1:2] - edges[:, :1], counts, np.cumsum(counts, axis=1) - counts

    def told(self, moment: int, value: float | None) -> str:
        """What lies around a value at a moment; without a value, where all the numbers lie."""
        histogram = self.histograms[moment]
        total = int(histogram.counts.sum())
        if not total:
            return "No finite number."
        low, high = self.extents[moment]
        place = -1 if value is None or not low <= value <= high else _bin(histogram, value)
        count = total if place < 0 else int(histogram.counts[place])
        ends = (low, high) if place < 0 else histogram.edges[place : place + 2]
        which = f"All {count:,}" if place < 0 else f"{count:,} of {total:,}"
        words = f"{which} between {significant(float(ends[0]), 3)} and {significant(float(ends[1]), 3)}"
        return words + (f", {histogram.not_finite:,} not finite" if histogram.not_finite else "")


def _bin(histogram: Histogram, value: float) -> int:
    after = int(np.searchsorted(histogram.edges, value, "right"))
    return min(max(after - 1, 0), histogram.counts.size - 1)


def columns(updates: Updates, across: Scale, width: int) -> NDArray[np.intp]:
    """The moment nearest to every pixel column of an axis; behind the last one their count, for there is nothing."""
    pixel = across.high / width
    centres = (np.arange(width) + 0.5) * pixel
    if not updates.size:
        return np.zeros(width, dtype=np.intp)
    nearest = np.searchsorted((updates[1:] + updates[:-1]) / 2, centres)
    return np.where(centres > max(float(updates[-1]), pixel), updates.size, nearest)


@lru_cache(maxsize=4)
def ramps(look: Look) -> Pixels:
    """The colours from none to many, for numbers above 0 and below; shape (2, SHADES)."""
    strengths = np.linspace(FAINTEST, STRONGEST, SHADES - 1)
    shades = [[look["panel"], *(look.mix("panel", role, float(s)) for s in strengths)] for role in ("pos", "neg")]
    return np.array(shades, dtype=np.uint32) | np.uint32(0xFF000000)


def strip(updates: Sequence[int], histograms: Sequence[Histogram]) -> Strip:
    """The histograms of these updates."""
    return Strip(np.array(updates, dtype=np.int64), tuple(histograms))
