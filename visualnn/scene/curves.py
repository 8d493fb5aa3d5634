"""Activation functions as points to draw."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from visualnn.nn.functions import activate

TITLES = {
    "relu": ("ReLU", "keeps what is above 0"),
    "leaky_relu": ("Leaky ReLU", "keeps 1 % of what is below 0"),
    "tanh": ("Tanh", "squeezes every sum between −1 and 1"),
    "sigmoid": ("Sigmoid", "squeezes every sum between 0 and 1"),
    "softmax": ("Softmax", "turns all sums into shares of 1"),
    "linear": ("Linear", "passes the sum on unchanged"),
}


@dataclass(frozen=True, slots=True)
class Curve:
    """An activation drawn in a unit box: x from −1 to 1 stands for sums −reach … reach, y up from −1 to 1."""

    points: tuple[tuple[float, float], ...]
    reach: float
    rise: float  # which output stands at y = 1
    zero_y: float  # where output 0 stands in the box

    def at(self, z: float, a: float) -> tuple[float, float]:
        """Where the point (z, a) stands in the box, kept inside it; what is not a number stands at 0."""
        x, y = np.nan_to_num(z / self.reach), np.nan_to_num(self.zero_y + a * self.rise, nan=self.zero_y)
        return float(np.clip(x, -1, 1)), float(np.clip(y, -1, 1))


@lru_cache(maxsize=16)
def activation_curve(name: str) -> Curve:
    """The little picture of an activation function for its block on the stage."""
    shape = "sigmoid" if name == "softmax" else name
    if shape in ("relu", "leaky_relu"):
        zero, reach, rise = -0.35, 4.5, 1.3 / 4.5
        xs = np.array([-4.5, 0.0, 4.5])
    elif shape == "linear":
        zero, reach, rise = 0.0, 4.5, 1 / 4.5
        xs = np.array([-4.5, 4.5])
    else:
        zero, reach, rise = (0.0, 3.5, 0.9) if shape == "tanh" else (-0.8, 6.0, 1.6)
        xs = np.linspace(-reach, reach, 41)
    ys = activate(shape, xs)
    points = tuple((float(x / reach), float(zero + y * rise)) for x, y in zip(xs, ys, strict=True))
    return Curve(points, reach, rise, zero)
