"""Other shapes for a network, and where everything that belonged to the old shape went.

A neuron that stays keeps its bias. A connection stays where both its neurons do and are still neighbours. All else is
new, so parameters, their origin, silent neurons and cut connections can all be moved by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.errors import VisualNNError
from visualnn.nn.mask import Connections, Neurons
from visualnn.nn.network import Layer, Matrix, Network, Vector

DEFAULT_UNITS = 4  # of the first hidden layer that is added
DEFAULT_ACTIVATION = "relu"


class Kept(NamedTuple):
    """Which neurons of the old shape are the first of a column, in their order; the others of the column are new."""

    column: int | None  # of the old shape; None: all are new
    neurons: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Surgery:
    """One shape turned into another; `columns` has one entry for each column of the new one."""

    before: Network
    after: Network
    columns: tuple[Kept, ...]

    @property
    def adds(self) -> bool:
        """Whether the new shape has a weight or bias that the old one had not."""
        weights = sum(left.neurons.size * right.neurons.size for _layer, _old, left, right in self._layers())
        return weights + sum(kept.neurons.size for kept in self.columns[1:]) < self.after.parameter_count

    def parameters(self, old: Vector, fresh: Vector) -> Vector:
        """The old weights and biases at their new places, and those of `fresh` where there was none; read-only."""
        flat = fresh.copy()
        moved, known = self.after.views(flat), self.before.views(old)
        for (_w, b), kept in zip(moved, self.columns[1:], strict=True):
            if kept.column is not None:
                b[: kept.neurons.size] = known[kept.column - 1].b[kept.neurons]
        for layer, was, left, right in self._layers():
            stayed = known[was].w[np.ix_(left.neurons, right.neurons)]
            moved[layer].w[: left.neurons.size, : right.neurons.size] = stayed
        flat.setflags(write=False)
        return flat

    def silent(self, neurons: Neurons) -> Neurons:
        """Where these neurons of the old shape are now, as far as they are still there."""
        places = self._places() if neurons else {}
        return frozenset(places[old] for old in neurons if old in places)

    def cut(self, connections: Connections) -> Connections:
        """Where these connections of the old shape are now, as far as they are still there."""
        places = self._places() if connections else {}
        ends = [(places.get((k, source)), places.get((k + 1, neuron))) for k, source, neuron in connections]
        pairs = [(left, right) for left, right in ends if left and right and right[0] == left[0] + 1]
        return frozenset((left[0], left[1], right[1]) for left, right in pairs)

    def _layers(self) -> Iterator[tuple[int, int, Kept, Kept]]:
        """The layers whose connections stay: their number, the old one, and what is kept on their two sides."""
        for layer, (left, right) in enumerate(zip(self.columns, self.columns[1:], strict=False)):
            if left.column is not None and right.column == left.column + 1:
                yield layer, left.column, left, right

    def _places(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The new place of every neuron that stays."""
        return {
            (kept.column, old): (column, new)
            for column, kept in enumerate(self.columns)
            if kept.column is not None
            for new, old in enumerate(kept.neurons.tolist())
        }


def with_units(network: Network, column: int, units: int) -> Surgery:
    """A hidden layer that has grown at its end, or lost its last neurons."""
    layer = _hidden(network, column)
    kept = _all(network)
    kept[column] = _first(column, min(units, layer.units))
    return _surgery(network, _replaced(network, column, replace(layer, units=units)), kept)


def without_neuron(network: Network, column: int, neuron: int) -> Surgery:
    """A hidden layer without one of its neurons."""
    layer = _hidden(network, column)
    if not 0 <= neuron < layer.units:
        raise VisualNNError(f"Hidden layer {column} has no neuron {neuron + 1}; it has {layer.units}.")
    if layer.units == 1:
        raise VisualNNError(f"Hidden layer {column} has only this neuron; remove the layer instead.")
    kept = _all(network)
    kept[column] = Kept(column, np.delete(np.arange(layer.units), neuron))
    return _surgery(network, _replaced(network, column, replace(layer, units=layer.units - 1)), kept)


def with_layer(network: Network, after: int, units: int | None = None, activation: str | None = None) -> Surgery:
    """A new hidden layer right after column `after`; what is not said it takes from its neighbour."""
    hidden = network.layers[:-1]
    if not 0 <= after <= len(hidden):
        raise VisualNNError(f"A layer can be added after columns 0 to {len(hidden)}, not after {after}.")
    like = hidden[max(after - 1, 0)] if hidden else Layer(DEFAULT_UNITS, DEFAULT_ACTIVATION)
    new = Layer(like.units if units is None else units, activation or like.activation)
    kept = _all(network)
    kept.insert(after + 1, _new())
    return _surgery(network, (*network.layers[:after], new, *network.layers[after:]), kept)


def without_layer(network: Network, column: int) -> Surgery:
    """A hidden layer taken out; its neighbours are joined by new weights."""
    _hidden(network, column)
    kept = _all(network)
    del kept[column]
    return _surgery(network, (*network.layers[: column - 1], *network.layers[column:]), kept)


def with_sizes(network: Network, hidden: tuple[int, ...]) -> Surgery:
    """Other hidden layers; from the left, each keeps what fits of the one that was at its place."""
    old, kept = network.layers[:-1], [_first(0, network.inputs)]
    last = old[-1].activation if old else DEFAULT_ACTIVATION
    layers = []
    for place, units in enumerate(hidden):
        known = place < len(old)
        layers.append(Layer(units, old[place].activation if known else last))
        kept.append(_first(place + 1, min(units, old[place].units)) if known else _new())
    kept.append(_first(len(old) + 1, network.outputs))
    return _surgery(network, (*layers, network.layers[-1]), kept)


def with_ends(network: Network, inputs: int, outputs: int, activation: str) -> Surgery:
    """Other inputs and outputs around the same hidden layers; an end of another size is new as a whole."""
    last = Layer(outputs, activation)
    kept = _all(network)
    if inputs != network.inputs:
        kept[0] = _new()
    if outputs != network.outputs:
        kept[-1] = _new()
    return Surgery(network, replace(network, inputs=inputs, layers=(*network.layers[:-1], last)), tuple(kept))


def with_activation(network: Network, column: int, activation: str) -> Network:
    """Another activation for a hidden layer or the output; everything stays where it is."""
    layer = replace(_layer(network, column), activation=activation)
    return replace(network, layers=_replaced(network, column, layer))


def weights_into(network: Network, parameters: Vector, column: int) -> Matrix:
    """The weights that lead into a column, as a view."""
    _layer(network, column)
    return network.views(parameters)[column - 1].w


def with_fresh_layer(network: Network, parameters: Vector, column: int, weights: Matrix) -> Vector:
    """The same parameters but for one layer, which gets these weights, and 0 for its biases; read-only."""
    _layer(network, column)
    flat = parameters.copy()
    w, b = network.views(flat)[column - 1]
    w[:], b[:] = weights, 0.0
    flat.setflags(write=False)
    return flat


def _layer(network: Network, column: int) -> Layer:
    if not 1 <= column <= len(network.layers):
        raise VisualNNError(f"There is no layer {column}; the network {network} has {len(network.layers)}.")
    return network.layers[column - 1]


def _hidden(network: Network, column: int) -> Layer:
    count = len(network.layers) - 1
    if not 1 <= column <= count:
        raise VisualNNError(f"There is no hidden layer {column}; the network {network} has {count}.")
    return network.layers[column - 1]


def _replaced(network: Network, column: int, layer: Layer) -> tuple[Layer, ...]:
    return (*network.layers[: column - 1], layer, *network.layers[column:])


def _surgery(network: Network, layers: tuple[Layer, ...], kept: list[Kept]) -> Surgery:
    return Surgery(network, replace(network, layers=layers), tuple(kept))


def _first(column: int, count: int) -> Kept:
    return Kept(column, np.arange(count))


def _new() -> Kept:
    return Kept(None, np.arange(0))


def _all(network: Network) -> list[Kept]:
    return [_first(column, units) for column, units in enumerate(network.sizes)]
