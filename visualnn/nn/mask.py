"""What is switched off in a network: neurons that stay silent and connections that are cut.

A silent neuron has activation 0 for every input; a cut connection counts as 0. Neither is changed by training.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Network, Vector


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


def mask_of(network: Network, neurons: Iterable[tuple[int, int]] = (), parameters: Iterable[int] = ()) -> Mask | None:
    """The mask of these neurons, (column, neuron) with the inputs as column 0, and parameters; None for nothing.

    A silent neuron's incoming and outgoing connections and its bias are cut with it. Raises `VisualNNError` for what
    the network does not have, and for output neurons.
    """
    keep, units = np.ones(network.parameter_count), np.ones(sum(network.sizes))
    views = network.views(keep)
    for column, neuron in neurons:
        if not (0 <= column < len(network.sizes) - 1 and 0 <= neuron < network.sizes[column]):
            raise VisualNNError(f"There is no neuron {neuron} in column {column} that could be switched off.")
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
