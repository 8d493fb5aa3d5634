"""As much of Keras as the exported model.py uses, in NumPy, so that its answers can be checked without Keras."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import numpy as np

from visualnn.nn.functions import FUNCTIONS

Formula = Callable[[np.ndarray], np.ndarray]


class Dense:
    def __init__(self, units: int, activation: str | None = None, *, name: str):
        self.units, self.activation, self.name = units, activation, name

    def set_weights(self, arrays: list[np.ndarray]) -> None:
        self.w, self.b = arrays
        assert self.w.shape[1] == len(self.b) == self.units

    def __call__(self, before: Node) -> Node:
        activation = FUNCTIONS[self.activation or "linear"]
        return Node(lambda x: activation(before(x) @ self.w + self.b), {**before.layers, self.name: self})


class Node:
    def __init__(self, value: Formula, layers: dict[str, Dense] | None = None):
        self.value, self.layers = value, layers or {}

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self.value(x)


def each(formula: Formula) -> Callable[[Node], Node]:
    return lambda before: Node(lambda x: formula(before(x)), before.layers)


class Model:
    def __init__(self, first: Node, last: Node):
        self.last = last

    def get_layer(self, name: str) -> Dense:
        return self.last.layers[name]

    def predict(self, x: np.ndarray) -> np.ndarray:
        return self.last(x)


class Sequential(Model):
    def __init__(self, layers: list[Node]):
        (self.last,) = layers

    def add(self, layer: Callable[[Node], Node]) -> None:
        self.last = layer(self.last)


LAYERS = SimpleNamespace(
    Dense=Dense,
    LeakyReLU=lambda negative_slope: each(lambda z: np.where(z > 0, z, negative_slope * z)),
    Rescaling=lambda scale: each(lambda a: a * np.array(scale)),
    Dropout=lambda share: each(lambda a: a),
    add=lambda two: Node(lambda x: two[0](x) + two[1](x), two[0].layers | two[1].layers),
)


@contextmanager
def installed():
    """What is imported as Keras meanwhile is this."""
    twin = ModuleType("keras")
    config = SimpleNamespace(set_floatx=lambda _name: None, backend=lambda: "numpy")
    twin.__dict__.update(layers=LAYERS, Sequential=Sequential, Model=Model, config=config)
    twin.__dict__["Input"] = lambda shape: Node(lambda x: x)
    known = sys.modules.get("keras")
    sys.modules["keras"] = twin
    try:
        yield
    finally:
        del sys.modules["keras"]
        if known is not None:
            sys.modules["keras"] = known
