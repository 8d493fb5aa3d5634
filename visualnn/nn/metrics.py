"""How well a network does on its rows, and what it says all over the plane.

Shapes: ``x`` (rows, inputs), ``y`` and ``a`` (rows, outputs). A network that has diverged gives NaN, which is never
right and never a small miss.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.data import Dataset
from visualnn.nn.functions import loss_rows
from visualnn.nn.kernels.reference import forward
from visualnn.nn.network import Matrix, Network, Vector

DECISION = 0.5  # a single output above it means class 1, as Keras and the literature have it


@dataclass(frozen=True, slots=True)
class Score:
    """Parameters measured on every row of a data set."""

    rows: int
    loss: float  # the mean over all rows
    right: int | None  # rows whose class is right; None where there are no classes
    mean_miss: float  # the mean of |a − y| over all rows and outputs
    largest_miss: float


@np.errstate(all="ignore")  # a diverged network overflows
def predict(network: Network, parameters: Vector, x: Matrix) -> Matrix:
    """What the network says for every row of ``x``."""
    return forward(network, parameters, x)[1][-1]


@np.errstate(all="ignore")
def score(network: Network, parameters: Vector, dataset: Dataset, loss: str) -> Score:
    """All rows in one pass. The loss is that of the whole data set, also where training uses small batches."""
    y = dataset.targets
    z, a = forward(network, parameters, dataset.inputs)
    miss = np.abs(a[-1] - y)
    right = int(is_right(a[-1], y).sum()) if dataset.classification else None
    mean_loss = float(loss_rows(loss, z[-1], a[-1], y).mean())
    return Score(dataset.rows, mean_loss, right, float(miss.mean()), float(miss.max()))


def is_right(a: Matrix, y: Matrix) -> NDArray[np.bool_]:
    """Row by row whether the outputs name the class of the targets."""
    return np.asarray((classes(a) == classes(y)) & np.isfinite(a).all(axis=1))


def classes(a: Matrix) -> NDArray[np.intp]:
    """The class each row of outputs names: the largest of several, or which side of `DECISION` a single one is on."""
    return a.argmax(axis=1) if a.shape[1] > 1 else (a[:, 0] > DECISION).astype(np.intp)


def plane(network: Network, parameters: Vector, xs: Vector, ys: Vector) -> Matrix:
    """What a two-input network says over a grid, shape (len(ys), len(xs), outputs)."""
    x = np.empty((ys.size, xs.size, 2))
    x[..., 0], x[..., 1] = xs, ys[:, None]
    return predict(network, parameters, x.reshape(-1, 2)).reshape(ys.size, xs.size, network.outputs)
