"""What the numbers inside a network look like at one moment, layer by layer.

Shapes: ``z``, ``a``, ``dz`` of a layer are (rows, units), ``x`` (rows, inputs), ``y`` (rows, outputs); parameters and
``change`` are flat, as `network.Network` lays them out. Norms are Euclidean: the root of the sum of squares. Numbers
that are not finite are counted, never drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.data import Dataset
from visualnn.nn.functions import activate, activation_backward, activation_slope, loss_backward
from visualnn.nn.kernels.reference import Gates, forward, kept
from visualnn.nn.mask import Mask
from visualnn.nn.network import LayerParameters, Matrix, Network, Vector

SAMPLE_ROWS = 512  # looked at, at most: a share of 1 % then has a standard error of 0.4 %
BINS = 24  # of a histogram: one fits into a panel 240 pixels wide
HUGE = 1e300  # from here on a number is as good as infinite, and differences would overflow
HISTOGRAM_VALUES = 2**17  # of more numbers every k-th is counted: 1 ms, and no bin moves by a pixel

ZERO_UP_TO = {"relu": 0.0, "hard_silu": -3.0}  # sums up to here give exactly 0 and let no slope through
SATURATING = ("tanh", "sigmoid", "hard_tanh", "hard_sigmoid")
FLAT_SLOPE = 0.01  # of an activation: a hundredth of tanh's steepest
FLAT_ROWS = 0.95  # of the rows; on the few others a saturated unit still learns, but twenty times slower


@dataclass(frozen=True, eq=False, slots=True)
class Histogram:
    """How many of some numbers lie where; the last bin includes its right edge."""

    counts: NDArray[np.int64]  # (BINS,)
    edges: Vector  # (BINS + 1,)
    not_finite: int  # numbers in no bin: infinite, nearly so, or none at all


@dataclass(frozen=True, eq=False, slots=True)
class LayerStatistics:
    """One layer at one moment."""

    activation: str
    units: int  # that are not switched off
    weight_norm: float
    bias_norm: float
    gradient_norm: float  # of the mean loss over the rows looked at, for weights and biases together
    change_norm: float  # by one update, of weights and biases together
    update_ratio: float  # ‖Δw‖ / ‖w‖ of the weights; infinite if they all are 0 and move
    slope_norm: float  # of dz: how strongly each row's loss reacts to the sums of this layer
    weights: Histogram
    gradients: Histogram  # of weights and biases
    activations: Histogram  # of all rows and units
    activation_mean: float
    activation_std: float
    dead: tuple[int, ...]  # units that are 0 for every row, although not switched off
    saturated: tuple[int, ...]  # units on the flat part of their activation, for nearly every row

    @property
    def dead_share(self) -> float:
        """0…1, of the units that are not switched off."""
        return len(self.dead) / max(self.units, 1)

    @property
    def saturated_share(self) -> float:
        """0…1, of the units that are not switched off."""
        return len(self.saturated) / max(self.units, 1)


@dataclass(frozen=True, eq=False, slots=True)
class Statistics:
    """A network between two updates."""

    update: int  # updates done
    rows: int  # that were looked at
    layers: tuple[LayerStatistics, ...]

    @property
    def gradient_norm(self) -> float:
        """Of all parameters together."""
        return float(np.hypot.reduce([layer.gradient_norm for layer in self.layers]))

    @property
    def update_ratio(self) -> float:
        """‖Δw‖ / ‖w‖ of the layer that moves most."""
        return max(layer.update_ratio for layer in self.layers)


def sample(rows: int, limit: int = SAMPLE_ROWS) -> NDArray[np.int64]:
    """The numbers of at most `limit` rows, evenly taken."""
    count = max(1, min(rows, limit))
    return np.arange(count, dtype=np.int64) * rows // count


@np.errstate(all="ignore")  # a diverged network overflows
def statistics(
    network: Network,
    parameters: Vector,
    change: Vector,
    dataset: Dataset,
    loss: str,
    *,
    update: int = 0,
    mask: Mask | None = None,
    limit: int = SAMPLE_ROWS,
) -> Statistics:
    """A network and what one update changes, on at most `limit` rows. Without dropout, penalties and clipping."""
    rows = sample(dataset.rows, limit)
    w = kept(parameters, mask)
    columns = mask.columns(network) if mask is not None else [np.ones(units) for units in network.sizes]
    gates = None if mask is None else [column[None] for column in columns]
    z, a = forward(network, w, dataset.inputs[rows], gates)
    dz = sum_slopes(network, w, z, a, dataset.targets[rows], loss, gates)
    layers = tuple(
        _layer(network.activations[k], z[k], a[k], a[k + 1], dz[k], columns[k + 1] > 0.0, own, moved)
        for k, (own, moved) in enumerate(zip(network.views(w), network.views(change), strict=True))
    )
    return Statistics(update, len(rows), layers)


def sum_slopes(
    network: Network, w: Vector, z: list[Matrix], a: list[Matrix], y: Matrix, loss: str, gates: Gates | None = None
) -> list[Matrix]:
    """dz of every layer for the mean loss over the rows, row by row; `kernels.reference.gradient` sums over them."""
    weights, gates = network.views(w), gates or [None] * len(a)
    dz = [loss_backward(loss, network.activations[-1], z[-1], a[-1], y)]
    da: list[Matrix | float] = [0.0] * len(a)  # what shortcuts bring back to a column
    for column in range(len(weights) - 1, 0, -1):
        arriving = dz[0] @ weights[column].w.T + da[column]
        gate, source = gates[column], network.shortcuts[column]
        arriving = arriving if gate is None else arriving * gate
        if source is not None:
            da[source] = da[source] + arriving
        name, sums = network.activations[column - 1], z[column - 1]
        dz.insert(0, activation_backward(name, sums, activate(name, sums), arriving))
    return dz


def _layer(
    activation: str,
    z: Matrix,
    x: Matrix,
    a: Matrix,
    dz: Matrix,
    works: NDArray[np.bool_],
    own: LayerParameters,
    moved: LayerParameters,
) -> LayerStatistics:
    """``x`` are the activations that come in, ``a`` those that go out."""
    dw, db = x.T @ dz, dz.sum(axis=0)
    weight_norm, heard = _norm(own.w), a[:, works]
    return LayerStatistics(
        activation=activation,
        units=int(works.sum()),
        weight_norm=weight_norm,
        bias_norm=_norm(own.b),
        gradient_norm=_norm(dw, db),
        change_norm=_norm(moved.w, moved.b),
        update_ratio=_ratio(_norm(moved.w), weight_norm),
        slope_norm=_norm(dz),
        weights=histogram(own.w),
        gradients=histogram(dw, db),
        activations=histogram(heard),
        activation_mean=float(heard.mean()) if heard.size else 0.0,
        activation_std=float(heard.std()) if heard.size else 0.0,
        dead=_numbers(dead_units(activation, z) & works),
        saturated=_numbers(saturated_units(activation, z) & works),
    )


def dead_units(activation: str, z: Matrix) -> NDArray[np.bool_]:
    """Which units are 0 for every row of sums ``z``, shape (units,); only ReLU and its like can be."""
    if activation not in ZERO_UP_TO:
        return np.zeros(z.shape[1], dtype=np.bool_)
    return np.asarray((z <= ZERO_UP_TO[activation]).all(axis=0))


def saturated_units(activation: str, z: Matrix) -> NDArray[np.bool_]:
    """Which units are where their activation hardly rises, for nearly every row of sums ``z``; shape (units,)."""
    if activation not in SATURATING:
        return np.zeros(z.shape[1], dtype=np.bool_)
    flat = np.abs(activation_slope(activation, z, activate(activation, z))) < FLAT_SLOPE
    return np.asarray(flat.mean(axis=0) >= FLAT_ROWS)


def histogram(*parts: Matrix | Vector) -> Histogram:
    """All these numbers in `BINS` bins of equal width from the least to the greatest."""
    values = np.concatenate([part.ravel() for part in parts])
    values = values[:: -(-values.size // HISTOGRAM_VALUES) or 1]
    fine = np.abs(values) < HUGE  # not NaN either
    finite = values if fine.all() else values[fine]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    step = (high - low) / BINS or max(abs(low), 1.0) * 1e-6
    low = low if high > low else low - 0.5 * BINS * step
    places = np.minimum((finite - low) / step, BINS - 1).astype(np.int64)
    return Histogram(np.bincount(places, minlength=BINS), low + step * np.arange(BINS + 1.0), values.size - finite.size)


def _norm(*parts: Matrix | Vector) -> float:
    return float(np.sqrt(sum(np.square(part).sum() for part in parts)))  # no BLAS, whose threads would want a core


def _ratio(part: float, whole: float) -> float:
    if whole == 0.0:
        return 0.0 if part == 0.0 else float("inf")
    return part / whole


def _numbers(units: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(np.flatnonzero(units).tolist())
