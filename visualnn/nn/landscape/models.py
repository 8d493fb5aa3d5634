"""Networks of two weights: their surface is exact, and `surfaces` has it by formula, under the same name.

What else they have, biases and the weights of an output that only adds, stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn.data import Dataset
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape.formulas import TANH_X, TANH_Y
from visualnn.nn.landscape.plane import Plane, two_weights
from visualnn.nn.network import Layer, Matrix, Network, Vector
from visualnn.nn.options import Options

PAIRS = np.stack(np.meshgrid(np.arange(5.0), np.arange(5.0), indexing="ij"), axis=-1).reshape(-1, 2)  # of 0…4
SUMS = PAIRS.sum(axis=1, keepdims=True)


@dataclass(frozen=True, eq=False)
class Model:
    """A network of which two weights matter. Compared by identity."""

    name: str  # that of its formula in `surfaces.CLASSICS`
    network: Network
    parameters: Vector  # those that stay, and anything for the two
    data: Dataset
    weights: tuple[int, int]  # their places in the flat vector
    names: tuple[str, str]

    @property
    def plane(self) -> Plane:
        """The plane of the two weights."""
        return two_weights(self.network, self.parameters, *self.weights, self.names)

    def task(self, options: Options) -> Task:
        """What an optimizer is given."""
        return Task.of(self.network, options, self.data)


def _rows(name: str, inputs: Matrix, targets: Matrix) -> Dataset:
    names = ("a", "b") if inputs.shape[1] == 2 else ("x",)
    return Dataset(name, inputs.copy(), targets.copy(), names)


def _model(
    name: str, network: Network, parameters: list[float], rows: tuple[Matrix, Matrix], weights: tuple[int, int]
) -> Model:
    values = np.array(parameters, dtype=np.float64)
    values.setflags(write=False)
    names = ("w1", "w2") if network.inputs == 1 else ("wa", "wb")
    return Model(name, network, values, _rows(name, *rows), weights, names)


TWO_TANH = Network(1, (Layer(2, "tanh"), Layer(1, "linear")))
MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        _model("bowl", Network.of(2, 1), [0, 0, 0], (PAIRS, SUMS), (0, 1)),
        _model("valley", Network.of(1, 1, 1), [0, 0, 0, 0], (SUMS, SUMS), (0, 2)),
        _model("twins", TWO_TANH, [0, 0, 0, 0, 1, 1, 0], (TANH_X[:, None], TANH_Y[:, None]), (0, 1)),
    )
}
