"""How well a network does on its rows, and what it says all over the plane.

Shapes: ``x`` (rows, inputs), ``y`` and ``a`` (rows, outputs). A network that has diverged gives NaN, which is never
right and never a small miss.

* mean miss, the mean absolute error: Σ|a − y| / (rows · outputs)
* R², the coefficient of determination, of each output: 1 − Σ(a − y)² / Σ(y − ȳ)² with the sums over the rows and ȳ the
  mean of its y; 1 is perfect, 0 is as good as always saying ȳ, and it may be below 0. The mean over the outputs.
* confusion, (classes, classes): in row i and column j how many rows of class i the network takes for class j
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.data import Dataset
from visualnn.nn.functions import loss_rows
from visualnn.nn.kernels.reference import forward, kept, open_gates
from visualnn.nn.mask import Mask
from visualnn.nn.network import Matrix, Network, Vector

DECISION = 0.5  # a single output above it means class 1, as Keras and the literature have it
MOST_CLASSES = 256  # of which it is counted which is taken for which

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Score:
    """Parameters measured on every row of a data set."""

    rows: int
    loss: float  # the mean over all rows
    right: int | None  # rows whose class is right; None where there are no classes
    mean_miss: float  # the mean of |a − y| over all rows and outputs
    largest_miss: float
    r_squared: float | None  # None where an output's targets do not vary
    confusion: Counts | None  # (classes, classes), rows = truth; None where there are no classes, or too many


def decision(loss: str) -> float:
    """The output above which a single one means class 1: hinge pulls the classes to −1 and 1, all others to 0 and 1."""
    return 0.0 if loss == "hinge" else DECISION


@np.errstate(all="ignore")  # a diverged network overflows
def predict(network: Network, parameters: Vector, x: Matrix, mask: Mask | None = None) -> Matrix:
    """What the network says for every row of ``x``."""
    return forward(network, kept(parameters, mask), x, open_gates(network, mask))[1][-1]


@np.errstate(all="ignore")
def score(network: Network, parameters: Vector, dataset: Dataset, loss: str, mask: Mask | None = None) -> Score:
    """All rows in one pass. The loss is that of the whole data set, also where training uses small batches."""
    y = dataset.targets
    z, activations = forward(network, kept(parameters, mask), dataset.inputs, open_gates(network, mask))
    a = activations[-1]
    miss, right, counts = np.abs(a - y), None, None
    if dataset.classification:
        right = int(is_right(a, y, loss).sum())
        counts = confusion(a, y, loss) if network.outputs <= MOST_CLASSES else None
    mean_loss = float(loss_rows(loss, z[-1], a, y).mean())
    return Score(dataset.rows, mean_loss, right, float(miss.mean()), float(miss.max()), r_squared(a, y), counts)


def is_right(a: Matrix, y: Matrix, loss: str = "mse") -> NDArray[np.bool_]:
    """Row by row whether the outputs name the class of the targets."""
    return np.asarray((classes(a, decision(loss)) == classes(y)) & np.isfinite(a).all(axis=1))


def classes(a: Matrix, threshold: float = DECISION) -> NDArray[np.intp]:
    """The class each row names: the largest of several, or on which side of the threshold a single one is."""
    return a.argmax(axis=1) if a.shape[1] > 1 else (a[:, 0] > threshold).astype(np.intp)


def confusion(a: Matrix, y: Matrix, loss: str = "mse") -> Counts:
    """How many rows of each class (first axis) the network takes for each class; rows with NaN are left out."""
    said, known = classes(a, decision(loss)), np.isfinite(a).all(axis=1)
    counts = np.zeros((max(2, a.shape[1]),) * 2, dtype=np.int64)
    np.add.at(counts, (classes(y)[known], said[known]), 1)
    return counts


@np.errstate(all="ignore")
def r_squared(a: Matrix, y: Matrix) -> float | None:
    """R², the mean of all outputs; None where the targets of one do not vary."""
    spread = ((y - y.mean(axis=0)) ** 2).sum(axis=0)
    if not (y != y[0]).any(axis=0).all() or not spread.all():
        return None
    return float((1.0 - ((a - y) ** 2).sum(axis=0) / spread).mean())


def plane(network: Network, parameters: Vector, xs: Vector, ys: Vector, mask: Mask | None = None) -> Matrix:
    """What a two-input network says over a grid, shape (len(ys), len(xs), outputs)."""
    x = np.empty((ys.size, xs.size, 2))
    x[..., 0], x[..., 1] = xs, ys[:, None]
    return predict(network, parameters, x.reshape(-1, 2), mask).reshape(ys.size, xs.size, network.outputs)
