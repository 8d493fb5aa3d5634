"""The compiled losses over a plane, each for the networks it is fast at.

Import through `choose` only: they ask for their kernels when they are made, and where Numba compiles that takes long.
"""

from __future__ import annotations

import numpy as np

from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.heights import Heights
from visualnn.nn.kernels.narrow_heights import NarrowHeights
from visualnn.nn.network import Network, Vector
from visualnn.nn.options import Options

FAMILIES: dict[str, type[Heights | NarrowHeights]] = {"lane": NarrowHeights, "tile": Heights}


def heights_for(task: Task, family: str, ways: tuple[Vector, Vector, Vector]) -> Heights | NarrowHeights:
    """Over the plane through an origin along two directions."""
    return FAMILIES[family](task, *ways)


def warm() -> None:
    """Compiles the kernels, or loads them, by one point of the smallest network."""
    task, nothing = Task(Network.of(1, 1), Options(), np.zeros((1, 1)), np.zeros((1, 1))), np.zeros(2)
    for family in FAMILIES:
        heights_for(task, family, (nothing, nothing, nothing)).at(np.zeros(1), np.zeros(1))
