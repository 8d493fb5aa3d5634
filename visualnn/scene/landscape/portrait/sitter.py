"""Whose portrait is drawn; and its weights and biases, by where they lie in the flat vector."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.landscape.axes import ARROWS
from visualnn.nn.mask import Mask
from visualnn.nn.network import Network
from visualnn.scene.frame import Place

Names = tuple[tuple[str, ...], ...]  # of the neurons, column by column
Pair = tuple[int, int]  # places in the flat vector: the first axis, the second


@dataclass(frozen=True, eq=False)
class Sitter:
    """A network without its numbers. Compared by identity.

    `pair`: the two parameters that are the axes; None where all of them move. `mask`: what is switched off.
    """

    network: Network
    names: Names
    pair: Pair | None = None
    mask: Mask | None = None
    decimals: int = 2

    @cached_property
    def chosen(self) -> tuple[Place, ...]:
        """The two parameters, by their places in the network."""
        return () if self.pair is None else tuple(place_of(self.network, index) for index in dict.fromkeys(self.pair))

    def is_off(self, index: int) -> bool:
        """Whether a parameter is cut, or belongs to a neuron that is switched off."""
        return self.mask is not None and self.mask.parameters[index] == 0.0

    def is_silent(self, column: int, neuron: int) -> bool:
        """Whether a neuron is switched off."""
        return self.mask is not None and self.mask.units[sum(self.network.sizes[:column]) + neuron] == 0.0

    def working(self, layer: int) -> NDArray[np.bool_]:
        """Which weights of a layer work, as flat places in its matrix."""
        first, bias = self.network.offsets[layer]
        if self.mask is None:
            return np.ones(bias - first, dtype=np.bool_)
        return np.asarray(self.mask.parameters[first:bias] != 0.0)


def place_of(network: Network, index: int) -> Place:
    """The weight or bias at a place of the flat vector."""
    layer = bisect_right(network.offsets, (index, network.parameter_count)) - 1
    first, bias = network.offsets[layer]
    if index >= bias:
        return Place("bias", layer + 1, index - bias)
    source, neuron = divmod(index - first, network.sizes[layer + 1])
    return Place("weight", layer + 1, neuron, source)


def index_of(network: Network, place: Place) -> int:
    """Where a weight or bias lies in the flat vector."""
    return network.parameter_index(place.column - 1, place.neuron, place.source)


def called(names: Names, place: Place) -> str:
    """A weight or bias by name, as a tooltip says it: w_ac, b_f, w_x1_h1_2."""
    neuron = names[place.column][place.neuron]
    if place.source is None:
        return f"b_{neuron}"
    source = names[place.column - 1][place.source]
    return f"w_{source}{neuron}" if len(source) == len(neuron) == 1 else f"w_{source}_{neuron}"


def named(network: Network, names: Names, text: str) -> int | None:
    """Where a weight or bias of this name lies; read as `nn.landscape.axes.find` does, without trying them all."""
    wanted = key(names, text)
    kind, rest = wanted[:1], wanted[1:]
    if kind not in ("w", "b"):
        return None
    joint = "" if lettered(names) else "_"
    for layer, (sources, neurons) in enumerate(pairwise(names)):
        for neuron, name in enumerate(map(str.lower, neurons)):
            if kind == "b" and rest == name:
                return network.bias_index(layer, neuron)
            before = rest.removesuffix(joint + name)
            if kind == "w" and before != rest and before in (found := _places(sources)):
                return network.weight_index(layer, found[before], neuron)
    return None


@lru_cache(maxsize=16)
def _places(column: tuple[str, ...]) -> dict[str, int]:
    """Where each neuron of a column stands."""
    return {name.lower(): number for number, name in enumerate(column)}


@lru_cache(maxsize=4)
def lettered(names: Names) -> bool:
    """Whether every neuron is called by one letter."""
    return all(len(name) == 1 for column in names for name in column)


def key(names: Names, text: str) -> str:
    """What counts of a name: all of it but how its parts are joined."""
    plain = ARROWS.sub("_", text.strip().lower())
    return plain.replace("_", "") if lettered(names) else plain[:1] + plain[1:].lstrip("_")
