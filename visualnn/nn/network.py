"""A multilayer perceptron as a value: how many neurons, which activations, where each number lies.

All parameters of a network live in one flat float64 vector: layer by layer the weights, row-major with shape
(inputs, outputs), then the biases. `Network.views` gives them back as matrices that share the vector's memory.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from string import ascii_lowercase
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

MAX_UNITS = 100_000
MAX_LAYERS = 10_000
MAX_PARAMETERS = 200_000_000

SEPARATOR = f"[{re.escape('-‐‑–—−×xX,')}]"  # what may stand between two sizes
MAX_DIGITS = 18  # of a typed size
MAX_QUOTED = 40  # characters of what was typed


class LayerParameters(NamedTuple):
    """One layer's share of the flat parameter vector; both are views, not copies."""

    w: Matrix  # (inputs, outputs)
    b: Vector  # (outputs,)


@dataclass(frozen=True, slots=True)
class Layer:
    """A fully connected layer: every input reaches every unit."""

    units: int
    activation: str = "relu"


@dataclass(frozen=True)
class Network:
    """A multilayer perceptron's shape. Raises `VisualNNError` if it cannot be a network.

    With `shortcut` k > 0 every k-th hidden layer after the first adds to its activations those of k layers before,
    where both are equally wide (He et al. 2016).
    """

    inputs: int
    layers: tuple[Layer, ...]
    shortcut: int = 0

    def __post_init__(self) -> None:
        if not self.layers:
            raise VisualNNError("A network needs at least one layer after its inputs.")
        if len(self.layers) > MAX_LAYERS:
            raise VisualNNError(f"A network can have up to {MAX_LAYERS:,} layers, not {len(self.layers):,}.")
        for units in self.sizes:
            if not 1 <= units <= MAX_UNITS:
                raise VisualNNError(f"A layer can have 1 to {MAX_UNITS:,} neurons, not {units:,}.")
        for layer in self.layers:
            if layer.activation not in ACTIVATIONS:
                raise VisualNNError(f"There is no activation “{layer.activation}”. Known: {', '.join(ACTIVATIONS)}.")
        for layer in self.layers[:-1]:
            if layer.activation not in HIDDEN_ACTIVATIONS:
                raise VisualNNError(f"“{layer.activation}” is for the output layer only.")
        if self.shortcut < 0:
            raise VisualNNError(f"A shortcut can skip 1 layer or more, not {self.shortcut}.")
        if self.parameter_count > MAX_PARAMETERS:
            raise VisualNNError(
                f"This network would have {self.parameter_count:,} parameters; the limit is {MAX_PARAMETERS:,}."
            )

    @classmethod
    def of(cls, *sizes: int, hidden: str = "relu", output: str = "linear") -> Network:
        """The network ``sizes[0]-…-sizes[-1]``: ``Network.of(2, 3, 1)`` is the article's."""
        if len(sizes) < 2:
            raise VisualNNError("A network needs an input and an output size, such as 2-3-1.")
        activations = [hidden] * (len(sizes) - 2) + [output]
        return cls(sizes[0], tuple(Layer(n, a) for n, a in zip(sizes[1:], activations, strict=True)))

    @classmethod
    def parse(cls, text: str, hidden: str = "relu", output: str = "linear") -> Network:
        """``"2-3-1"`` as a network; ``"2, 3, 1"`` and ``"2×3×1"`` as well."""
        sizes = [size.strip() for size in re.split(SEPARATOR, text)]
        if len(sizes) == 1 and sizes[0].isdecimal():
            raise VisualNNError(f"“{_shortened(text)}” is a single size; a network has inputs and outputs, like 2-3-1.")
        return cls.of(*(_size(size, text) for size in sizes), hidden=hidden, output=output)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Neurons per column, the inputs first: (2, 3, 1)."""
        return (self.inputs, *(layer.units for layer in self.layers))

    @property
    def activations(self) -> tuple[str, ...]:
        """Activation per layer, the input column left out."""
        return tuple(layer.activation for layer in self.layers)

    @cached_property
    def shortcuts(self) -> tuple[int | None, ...]:
        """For each column the earlier one whose activations are added to its own, or None."""
        k, sizes = self.shortcut, self.sizes
        landing = (c for c in range(k + 1, len(sizes) - 1) if k and (c - 1) % k == 0 and sizes[c] == sizes[c - k])
        sources = {c: c - k for c in landing}
        return tuple(sources.get(c) for c in range(len(sizes)))

    @property
    def outputs(self) -> int:
        """Neurons in the last layer."""
        return self.layers[-1].units

    @cached_property
    def offsets(self) -> tuple[tuple[int, int], ...]:
        """Per layer the places in the flat vector where its weights and its biases start."""
        places, start = [], 0
        for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False):
            places.append((start, start + n_in * n_out))
            start += n_in * n_out + n_out
        return tuple(places)

    @cached_property
    def parameter_count(self) -> int:
        """Weights and biases together; 13 for 2-3-1."""
        return sum((n_in + 1) * n_out for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False))

    @property
    def connection_count(self) -> int:
        """Weights without biases; 9 for 2-3-1."""
        return self.parameter_count - sum(self.sizes[1:])

    def views(self, parameters: Vector) -> tuple[LayerParameters, ...]:
        """The flat vector as one (weights, biases) pair a layer, sharing its memory.

        Raises `VisualNNError` if the vector has another length than `parameter_count`.
        """
        if parameters.shape != (self.parameter_count,):
            raise VisualNNError(f"{self} needs {self.parameter_count} parameters, not {parameters.size}.")
        pairs = []
        for (w0, b0), n_in, n_out in zip(self.offsets, self.sizes, self.sizes[1:], strict=False):
            pairs.append(LayerParameters(parameters[w0:b0].reshape(n_in, n_out), parameters[b0 : b0 + n_out]))
        return tuple(pairs)

    def weight_index(self, layer: int, source: int, neuron: int) -> int:
        """Where the weight from neuron `source` to `neuron` of layer `layer` (0 = first hidden) lies in the vector."""
        return self.offsets[layer][0] + source * self.sizes[layer + 1] + neuron

    def bias_index(self, layer: int, neuron: int) -> int:
        """Where the bias of `neuron` of layer `layer` lies in the vector."""
        return self.offsets[layer][1] + neuron

    def parameter_index(self, layer: int, neuron: int, source: int | None) -> int:
        """Where a weight lies in the vector, or where there is no source the bias."""
        return self.bias_index(layer, neuron) if source is None else self.weight_index(layer, source, neuron)

    def __str__(self) -> str:
        return "-".join(map(str, self.sizes))


def _size(typed: str, text: str) -> int:
    """One of the sizes in a typed shape. Raises `VisualNNError` with what is wrong about it."""
    if not typed and any(map(str.isdecimal, text)):
        raise VisualNNError(f"In “{_shortened(text)}” a size is missing; write one for every layer, like 2-3-1.")
    if re.fullmatch(r"[0-9]*\.[0-9]+", typed):
        raise VisualNNError(f"A layer has a whole number of neurons, not {_shortened(typed)}.")
    if not re.fullmatch(r"[0-9]+", typed):
        raise VisualNNError(f"“{_shortened(text)}” is not a network; write its sizes like 2-3-1.")
    if len(typed) > MAX_DIGITS:
        raise VisualNNError(f"A layer can have 1 to {MAX_UNITS:,} neurons, not “{_shortened(typed)}”.")
    return int(typed)


def _shortened(text: str) -> str:
    """What was typed, for a sentence: on one line, and not too long for it."""
    words = " ".join(text.split())
    return words if len(words) <= MAX_QUOTED else f"{words[: MAX_QUOTED - 1]}…"


def neuron_names(network: Network, inputs: Sequence[str] = ()) -> tuple[tuple[str, ...], ...]:
    """A short name for every neuron, column by column; valid in Python code and unique.

    Small networks are lettered through like the article's: a, b → c, d, e → f. `inputs` are the data's own names for
    the input column, taken when they are single letters and all different. Networks that run out of letters get x1,
    h2_7, y1.
    """
    return _names(network, tuple(inputs))


@lru_cache(maxsize=16)
def _names(network: Network, inputs: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    letters = [c for c in ascii_lowercase if c not in "lo"]  # l and o look like 1 and 0
    own = len(inputs) == len(set(inputs)) == network.inputs and all(len(n) == 1 and n in letters for n in inputs)
    if sum(network.sizes) <= len(letters):
        first = inputs if own else tuple(letters[: network.inputs])
        n = network.inputs
        rest = iter(c for c in (*letters[n:], *letters[:n]) if c not in first)
        return (first, *(tuple(next(rest) for _ in range(n)) for n in network.sizes[1:]))
    columns = [inputs if own else tuple(f"x{i + 1}" for i in range(network.inputs))]
    for layer, units in enumerate(network.sizes[1:-1], start=1):
        columns.append(tuple(f"h{layer}_{i + 1}" for i in range(units)))
    columns.append(tuple(f"y{i + 1}" for i in range(network.outputs)))
    return tuple(columns)
