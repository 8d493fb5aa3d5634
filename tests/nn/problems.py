"""Random networks with data, for hypothesis."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from visualnn.nn.data import Dataset
from visualnn.nn.functions import ACTIVATIONS, DISTANCES, HIDDEN_ACTIVATIONS, losses_for
from visualnn.nn.network import Layer, Network


class Problem(NamedTuple):
    network: Network
    parameters: np.ndarray
    dataset: Dataset
    loss: str


@st.composite
def problems(draw: st.DrawFn, max_units: int = 6, max_rows: int = 12) -> Problem:
    """A network of one to five layers, every activation, loss and shortcut that fits, and some rows."""
    units = st.integers(1, max_units)
    shortcut = draw(st.integers(0, 3))
    widths = st.just(draw(units)) if shortcut else units  # as wide as it takes for them to land
    hidden = draw(st.lists(st.tuples(widths, st.sampled_from(HIDDEN_ACTIVATIONS)), max_size=4 if shortcut else 3))
    output = draw(st.sampled_from(ACTIVATIONS))
    loss = draw(st.sampled_from(losses_for(output)))
    layers = tuple(Layer(n, activation) for n, activation in [*hidden, (draw(units), output)])
    network = Network(draw(units), layers, shortcut)
    rows = draw(st.integers(1, max_rows))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    inputs = rng.normal(0, 1, (rows, network.inputs))
    dataset = Dataset("random", inputs, _targets(rng, loss, rows, network.outputs), ())
    return Problem(network, rng.normal(0, 0.8, network.parameter_count), dataset, loss)


def _targets(rng: np.random.Generator, loss: str, rows: int, outputs: int) -> np.ndarray:
    if loss in DISTANCES:
        return rng.normal(0, 1, (rows, outputs))
    if loss in ("hinge", "binary_cross_entropy"):
        return rng.integers(0, 2, (rows, outputs)).astype(np.float64)
    return np.eye(outputs)[rng.integers(0, outputs, rows)]
