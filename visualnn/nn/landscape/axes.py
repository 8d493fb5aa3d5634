"""Weights and biases by name, as one types them: ``wac`` leads from a to c, ``bf`` is the bias of f.

Names longer than a letter keep underscores between them, ``w_x1_h1_2``; an arrow may be typed instead, ``wx1→h1_2``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise

import numpy as np

from visualnn.nn.errors import VisualNNError
from visualnn.nn.mask import Mask
from visualnn.nn.network import Network

Names = tuple[tuple[str, ...], ...]  # of the neurons, column by column

LISTED = 30  # names in a sentence, at most
ARROWS = re.compile("[-→>_ ]+")


def find(network: Network, names: Names, text: str) -> int:
    """The place of a weight or bias in the flat vector. Raises `VisualNNError` with the names there are."""
    wanted = _key(names, text)
    for place, name in _all(network, names):
        if _key(names, name) == wanted:
            return place
    raise VisualNNError(f"There is no weight “{text.strip()}” in {network}; there are {listed(network, names)}.")


def name_of(network: Network, names: Names, place: int) -> str:
    """The name of what stands at a place of the flat vector."""
    return next(name for at, name in _all(network, names) if at == place)


def listed(network: Network, names: Names) -> str:
    """The names of all weights and biases, or of the first of them and how many there are."""
    found = [name for _place, name in islice(_all(network, names), LISTED)]
    more = network.parameter_count - len(found)
    return ", ".join(found) + (f" and {more:,} more" if more else "")


def first_two(network: Network, mask: Mask | None = None) -> tuple[int, int]:
    """The first two connections that can move; a bias where there is only one. Raises `VisualNNError`."""
    moving = np.ones(network.parameter_count) if mask is None else mask.parameters.copy()
    weights = network.views(np.zeros(network.parameter_count))
    biases = np.concatenate(
        [bias + np.arange(b.size) for (_w, bias), (_m, b) in zip(network.offsets, weights, strict=True)]
    )
    is_bias = np.zeros(moving.size, dtype=np.bool_)
    is_bias[biases] = True
    free = [*np.flatnonzero((moving != 0) & ~is_bias)[:2], *np.flatnonzero((moving != 0) & is_bias)[:2]]
    if len(free) < 2:
        raise VisualNNError("A surface needs two weights that can move; here there are fewer.")
    return int(free[0]), int(free[1])


def _all(network: Network, names: Names) -> Iterator[tuple[int, str]]:
    for layer, (sources, neurons) in enumerate(pairwise(names)):
        place = network.offsets[layer][0]
        for source in sources:
            for neuron in neurons:
                yield place, f"w{source}{neuron}" if len(source) == len(neuron) == 1 else f"w_{source}_{neuron}"
                place += 1
        for neuron in neurons:
            yield place, f"b{neuron}" if len(neuron) == 1 else f"b_{neuron}"
            place += 1


def _key(names: Names, text: str) -> str:
    """What of a name counts: all of it but how its parts are joined."""
    plain = ARROWS.sub("_", text.strip().lower())
    if all(len(name) == 1 for column in names for name in column):
        return plain.replace("_", "")
    return plain[:1] + plain[1:].lstrip("_")
