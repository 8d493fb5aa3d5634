"""Activation functions as points to draw."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from visualnn.nn.functions import activate

TITLES = {
    "relu": ("ReLU", "keeps what is above 0"),
    "leaky_relu": ("Leaky ReLU", "keeps 1 % of what is below 0"),
    "elu": ("ELU", "keeps what is above 0, flattens to −1"),
    "gelu": ("GELU", "a ReLU with a soft bend"),
    "silu": ("SiLU", "a ReLU with a soft, deeper bend"),
    "softplus": ("Softplus", "a ReLU with a soft bend, never 0"),
    "tanh": ("Tanh", "squeezes every sum between −1 and 1"),
    "sigmoid": ("Sigmoid", "squeezes every sum between 0 and 1"),
    "hard_tanh": ("Hard tanh", "cuts off below −1 and above 1"),
    "hard_sigmoid": ("Hard sigmoid", "rises from 0 at −3 to 1 at 3"),
    "hard_silu": ("Hard SiLU", "0 up to −3, unchanged from 3 on"),
    "softmax": ("Softmax", "turns all sums into shares of 1"),
    "linear": ("Linear", "passes the sum on unchanged"),
}
BENDS = {  # what is straight between these sums
    "relu": (0.0,),
    "leaky_relu": (0.0,),
    "linear": (),
    "hard_tanh": (-1.0, 1.0),
    "hard_sigmoid": (-3.0, 3.0),
}
SCALES = {  # where output 0 stands in the box, the largest sum, and how high output 1 is above output 0
    "linear": (0.0, 4.5, 1 / 4.5),
    "tanh": (0.0, 3.5, 0.9),
    "hard_tanh": (0.0, 3.5, 0.9),
    "sigmoid": (-0.8, 6.0, 1.6),
    "hard_sigmoid": (-0.8, 6.0, 1.6),
}
RAMP = (-0.35, 4.5, 1.3 / 4.5)  # the same for all that grow like a ReLU


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


@lru_cache(maxsize=len(TITLES))
def activation_curve(name: str) -> Curve:
    """The little picture of an activation function for its block on the stage."""
    shape = "sigmoid" if name == "softmax" else name
    zero, reach, rise = SCALES.get(shape, RAMP)
    xs = np.array([-reach, *BENDS[shape], reach]) if shape in BENDS else np.linspace(-reach, reach, 41)
    ys = activate(shape, xs)
    points = tuple((float(x / reach), float(zero + y * rise)) for x, y in zip(xs, ys, strict=True))
    return Curve(points, reach, rise, zero)
