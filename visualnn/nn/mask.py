"""What is switched off in a network: neurons that stay silent and connections that are cut.

A silent neuron has activation 0 for every input; a cut connection counts as 0. Neither is changed by training.
Whoever runs a project's parameters passes its mask along.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Network, Vector

Neurons = frozenset[tuple[int, int]]  # (column, neuron), the inputs as column 0
Connections = frozenset[tuple[int, int, int]]  # (layer, source, neuron), layer 0 leads into the first hidden column


@dataclass(frozen=True, eq=False, slots=True)
class Mask:
    """1 for what works, 0 for what is switched off. Compared by identity; the arrays are read-only."""

    parameters: Vector  # (parameter_count,), the layout of the network's parameters
    units: Vector  # (sum of the sizes,), column after column, the inputs first

    def __post_init__(self) -> None:
        for array in (self.parameters, self.units):
            array.setflags(write=False)

    def columns(self, network: Network) -> list[Vector]:
        """The units column by column."""
        return np.split(self.units, np.cumsum(network.sizes)[:-1])

    def kept(self, parameters: Vector) -> Vector:
        """These parameters, or slopes of them, with exactly 0 for what is cut."""
        return np.where(self.parameters == 0.0, 0.0, parameters)


def mask_of(network: Network, neurons: Iterable[tuple[int, int]] = (), parameters: Iterable[int] = ()) -> Mask | None:
    """The mask of these neurons, (column, neuron) with the inputs as column 0, and parameters; None for nothing.

    A silent neuron's incoming and outgoing connections and its bias are cut with it. Raises `VisualNNError` for what
    the network does not have, and for output neurons.
    """
    keep, units = np.ones(network.parameter_count), np.ones(sum(network.sizes))
    views = network.views(keep)
    for column, neuron in neurons:
        _check_neuron(network, column, neuron)
        units[sum(network.sizes[:column]) + neuron] = 0.0
        views[column].w[neuron] = 0.0
        if column:
            views[column - 1].w[:, neuron] = 0.0
            views[column - 1].b[neuron] = 0.0
    for index in parameters:
        if not 0 <= index < keep.size:
            raise VisualNNError(f"There is no connection {index} that could be cut.")
        keep[index] = 0.0
    return None if keep.all() and units.all() else Mask(keep, units)


def check_places(network: Network, silent: Neurons, cut: Connections) -> None:
    """Raises `VisualNNError` for neurons and connections that the network does not have, and for output neurons."""
    for column, neuron in silent:
        _check_neuron(network, column, neuron)
    sizes = network.sizes
    for layer, source, neuron in cut:
        there = 0 <= layer < len(sizes) - 1 and 0 <= source < sizes[layer] and 0 <= neuron < sizes[layer + 1]
        if not there:
            raise VisualNNError(f"There is no connection {source}→{neuron} in layer {layer} that could be cut.")


def _check_neuron(network: Network, column: int, neuron: int) -> None:
    if not (0 <= column < len(network.sizes) - 1 and 0 <= neuron < network.sizes[column]):
        raise VisualNNError(f"There is no neuron {neuron} in column {column} that could be switched off.")
