"""The built-in networks, opened.

`resources/examples/make.py` makes the files of those that were trained. Those that are too large for a file begin at
the random weights of their seed and are made here when they are opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from visualnn import assets
from visualnn.catalog import EXAMPLES, IDS, SUFFIX, Example
from visualnn.files.errors import FileError
from visualnn.files.fresh import fresh_project
from visualnn.files.native import read
from visualnn.nn.data import RECIPES
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.project import Project

__all__ = ["EXAMPLES", "IDS", "Example", "deep", "load", "million"]


def load(name: str) -> Project:
    """The project of an example. Raises `VisualNNError` naming all examples if there is none of that id."""
    if name not in IDS:
        raise VisualNNError(f"There is no example “{name}”. Known: {', '.join(IDS)}.")
    if name in MADE:
        return MADE[name]()
    try:
        path = assets.path("examples", name + SUFFIX)
    except assets.AssetError as error:
        raise FileError(str(error)) from error
    return read(path)


def million() -> Project:
    """The adder's task for 1,005,001 numbers."""
    options = Options(Optimizer("adam", 0.001), "mse", batch_size=32, initializer="he_normal")
    project = fresh_project("A million weights", Network.of(2, 1000, 1000, 1), RECIPES["pairs"](), options)
    return project.with_sample(np.array([2.0, 2.0]))


def deep() -> Project:
    """A hundred columns: with every second layer added to the one two before, none falls silent and none explodes."""
    network = replace(Network.of(2, *[24] * 98, 1, hidden="tanh", output="sigmoid"), shortcut=2)
    options = Options(Optimizer("adam", 0.001), "binary_cross_entropy", initializer="lecun_normal", goal=0.01)
    return fresh_project("A hundred layers", network, RECIPES["moons"](), options)


MADE: dict[str, Callable[[], Project]] = {"million": million, "deep": deep}
