"""Makes a project of a link's settings: the points, the first weights and the steps that the page would begin with.

The page minimizes ½(y − t)² and adds its penalties to the slopes of that; our loss is (y − t)², whose slopes are twice
as large. So a step is the same with half the rate, and a penalty with twice its slope: λ·w is half of 2·l2·w with
l2 = λ, and λ·sign(w) half of l1·sign(w) with l1 = 2λ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from zlib import crc32

import numpy as np

from visualnn.files.errors import Damage, FileError
from visualnn.files.foreign.playground import notes
from visualnn.files.foreign.playground.fdlibm import sin
from visualnn.files.foreign.playground.link import Settings, settings
from visualnn.files.foreign.playground.points import SETS, Point, shuffled
from visualnn.files.foreign.playground.seedrandom import SeedRandom
from visualnn.files.native import clause
from visualnn.nn.dataset import Dataset
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import check_fit
from visualnn.project import Project, new_project

MOST_WEIGHTS = 50_000  # that are drawn one by one; the page's own buttons lead to 384 at most
FIRST_BIAS = 0.1
REACH = 0.5  # of the first weights
COLUMNS: dict[str, tuple[str, Callable[[float, float], float]]] = {
    "x": ("X₁", lambda x, y: x),
    "y": ("X₂", lambda x, y: y),
    "xSquared": ("X₁²", lambda x, y: x * x),
    "ySquared": ("X₂²", lambda x, y: y * y),
    "xTimesY": ("X₁X₂", lambda x, y: x * y),
    "sinX": ("sin(X₁)", lambda x, y: sin(x)),
    "sinY": ("sin(X₂)", lambda x, y: sin(y)),
}
TITLES = {
    "circle": "Circle",
    "xor": "Exclusive or",
    "gauss": "Gaussian",
    "spiral": "Spiral",
    "reg-plane": "Plane",
    "reg-gauss": "Multi gaussian",
}


def read(link: str) -> Project:
    """The network, points and settings of a link. Raises `FileError` with one sentence, whatever it says."""
    try:
        return _project(settings(link))
    except VisualNNError as error:
        raise FileError(f"The link to the Playground cannot be opened: {clause(error)}.") from error


def _project(chosen: Settings) -> Project:
    network, rng = _network(chosen), SeedRandom(chosen.seed)
    data = _dataset(chosen, shuffled(rng, SETS[chosen.points](rng, chosen.noise / 100)))
    options = _options(chosen, data)
    check_fit(network, data, options)
    name = f"{TITLES[chosen.points]} (Playground)"
    project = new_project(name, network, data, options, _first(network, rng, zeros=chosen.zeros))
    return replace(project, trained=True, notes=notes.told(chosen, data.rows))  # the next run starts from these weights


def _network(chosen: Settings) -> Network:
    """Raises `Damage` for one that would take too long to draw."""
    sizes = len(chosen.features), *chosen.hidden, 1
    weights = sum(a * b for a, b in pairwise(sizes))
    if weights > MOST_WEIGHTS:
        raise Damage(f"its networkShape has {weights:,} weights; up to {MOST_WEIGHTS:,} can be opened")
    return Network.of(*sizes, hidden=chosen.activation, output="linear" if chosen.regression else "tanh")


def _first(network: Network, rng: SeedRandom, *, zeros: bool) -> Vector:
    """The weights as the page draws them: neuron by neuron, each from its first input to its last."""
    parameters = np.zeros(network.parameter_count)
    for w, b in network.views(parameters):
        drawn = [rng.random() - REACH for _ in range(w.size)]
        if not zeros:
            w[:], b[:] = np.reshape(drawn, w.shape[::-1]).T, FIRST_BIAS
    return parameters


def _dataset(chosen: Settings, points: Sequence[Point]) -> Dataset:
    """The first points to learn from, the rest to test on.

    Classes stay the numbers −1 and 1, as the page has them: tanh reaches for both, and the border is at 0.
    """
    inputs = np.array([[COLUMNS[name][1](x, y) for name in chosen.features] for x, y, _ in points])
    targets = np.array([[label] for _, _, label in points])
    rows = int(len(points) * chosen.share / 100)
    if not rows:
        raise Damage(f"its percTrainData is {chosen.share:g}, which leaves no point to learn from")
    return Dataset(
        f"{TITLES[chosen.points]}, from the Playground",
        _kept(inputs[:rows]),
        _kept(targets[:rows]),
        tuple(COLUMNS[name][0] for name in chosen.features),
        test_inputs=_kept(inputs[rows:]),
        test_targets=_kept(targets[rows:]),
    )


def _kept(values: Matrix) -> Matrix:
    return np.ascontiguousarray(values)


def _options(chosen: Settings, data: Dataset) -> Options:
    penalty = chosen.penalty_rate
    return Options(
        Optimizer("sgd", chosen.rate / 2),
        "mse",
        batch_size=chosen.batch if chosen.batch < data.rows else None,
        initializer="zeros" if chosen.zeros else "uniform",
        initializer_scale=REACH,
        seed=crc32(chosen.seed.encode("ascii")),
        l1=2 * penalty if chosen.penalty == "L1" else 0.0,
        l2=penalty if chosen.penalty == "L2" else 0.0,
    )
