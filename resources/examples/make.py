"""Makes the built-in examples anew, beside this file: ``python resources/examples/make.py``.

The adder's weights are those of the article “Understanding Neural Networks”, digit by digit; the ones of “Backprop by
hand” are chosen to be easy on paper; the classifiers are trained here from a seed, so that the same training in the
program arrives at the same weights.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from visualnn.files.native import SUFFIX, write
from visualnn.nn.data import RECIPES, Dataset, Recipe
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels.reference import gradient
from visualnn.nn.network import Network, Vector
from visualnn.nn.optimizers import Optimizer, apply_update
from visualnn.nn.recipes import made
from visualnn.nn.training import Options, Training
from visualnn.project import Project, new_project

HERE = Path(__file__).resolve().parent
SHARE = 0.3  # of the points of a plane, to test on

ADDER = (
    [[0.9907079, 0.01417504, 0.88046944], [1.0264927, -0.8950311, 0.7524377]],  # from a and b to c, d, e
    [-0.00070612, -0.06846002, -0.00055442],  # biases of c, d, e
    [0.794296, 1.1687347, 0.2406084],  # from c, d, e to f
    [-0.00000929],  # bias of f
)
BY_HAND = ([[0.5, -1.0, 1.0], [1.0, 0.25, 0.5]], [0.0, 0.0, 0.0], [0.6, 0.8, 0.5], [0.0])


def main(folder: Path = HERE) -> None:
    """Write all examples into a folder."""
    parts = {"adder": adder, "xor": xor, "circles": circles, "spirals": spirals, "digits": digits, "backprop": by_hand}
    for name, make in parts.items():
        write(folder / (name + SUFFIX), make())


def adder() -> Project:
    """The article's network, adding 2 and 2."""
    options = Options(Optimizer("adam", 0.1), "mse", seed=0, goal=1e-10)
    project = new_project("Add two numbers", Network.of(2, 3, 1), RECIPES["pairs"](), options, flat(ADDER))
    return project.with_sample(np.array([2.0, 2.0]))


def by_hand() -> Project:
    """One step of backpropagation with friendly numbers: 1 + 2 gives 2.5, and should give 3."""
    options = Options(Optimizer("sgd", 0.02), "mse", seed=0, goal=1e-10)
    project = new_project("Backprop by hand", Network.of(2, 3, 1), RECIPES["pairs"](), options, flat(BY_HAND))
    return project.with_sample(np.array([1.0, 2.0]))


def xor() -> Project:
    """Four bent neurons that tell the corners apart."""
    network = Network.of(2, 4, 1, hidden="tanh", output="sigmoid")
    project = classifier("XOR", network, made(Recipe("xor", test_share=SHARE)), seed=0)
    return project.with_sample(np.array([0.5, -0.5]))


def circles() -> Project:
    """Six bent neurons that close a ring."""
    network = Network.of(2, 6, 1, hidden="tanh", output="sigmoid")
    return classifier("Circles", network, made(Recipe("circles", test_share=SHARE)), seed=6)


def spirals() -> Project:
    """Two hidden layers that wind a boundary around itself."""
    network = Network.of(2, 8, 6, 1, hidden="tanh", output="sigmoid")
    data = made(Recipe("spirals", test_share=SHARE))
    return classifier("Two spirals", network, data, seed=129, epochs=400, rate=0.02)


def digits() -> Project:
    """Thirty-two neurons between 64 pixels and ten digits; 20 times through the rows, a 3 on the stage."""
    network, data = Network.of(64, 32, 10, hidden="relu", output="softmax"), RECIPES["digits"]()
    options = Options(Optimizer("adam", 0.005), "cross_entropy", batch_size=32, initializer="he_normal", seed=0)
    training = Training(network, data, options)
    training.run(20 * training.epoch_length)
    project = new_project("Handwritten digits", network, data, options, training.parameters)
    return project.with_sample(data.inputs[int(data.targets[:, 3].argmax())])


def classifier(
    name: str, network: Network, data: Dataset, *, seed: int, epochs: int = 200, rate: float = 0.05
) -> Project:
    """A network trained on the rows to learn from, showing the first one of class 1."""
    options = Options(Optimizer("adam", rate), "binary_cross_entropy", seed=seed, goal=0.01)
    start = initial_parameters(network, options.initializer, seed)
    project = new_project(name, network, data, options, trained(start, network, data, options, epochs))
    return project.with_sample(data.inputs[int(data.targets[:, 0].argmax())])


def trained(parameters: Vector, network: Network, data: Dataset, options: Options, epochs: int) -> Vector:
    """The parameters after that many updates on all rows."""
    memory = options.optimizer.memory(parameters.size)
    for t in range(1, epochs + 1):
        _, slopes = gradient(network, parameters, data.inputs, data.targets, options.loss)
        apply_update(options.optimizer, parameters, slopes, memory, t)
    return parameters


def flat(layers: tuple[list[list[float]], list[float], list[float], list[float]]) -> Vector:
    """Weights and biases of a 2-3-1 network as one vector."""
    return np.concatenate([np.ravel(part) for part in layers])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
