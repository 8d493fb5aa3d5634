"""The surfaces of the demonstrations, as functions of one flat vector: those of the program, by its formulas.

What these say is compared with the losses that the demonstrations print, and the first three with networks.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from visualnn.nn.landscape.surfaces import CLASSICS, Classic

Surface = Callable[[np.ndarray], tuple[float, np.ndarray]]


def _surface(classic: Classic) -> Surface:
    """Of one number where only one is given: the other is 0, and its slope too."""

    def look(w: np.ndarray) -> tuple[float, np.ndarray]:
        point = np.zeros(2)
        point[: w.size] = w
        loss, slopes = classic.loss_and_slopes(point)
        return loss, slopes[: w.size]

    return look


NAMES = {
    "bowl-linear-adder": "bowl",
    "valley-two-weight-relu": "valley",
    "twin-tanh-saddle": "twins",
    "sine-neuron-local-minima": "sine",
    "double-well-momentum": "double_well",
    "race-styblinski-tang": "styblinski_tang",
    "race-ravine": "ravine",
    "race-rosenbrock": "rosenbrock",
    "race-saddle": "saddle",
    "race-himmelblau": "himmelblau",
    "race-beale": "beale",
}
SURFACES: dict[str, Surface] = {demo: _surface(CLASSICS[name]) for demo, name in NAMES.items()}
