"""How parameters move, in PyTorch's form and spelling.

``g`` is the gradient, ``rate`` the learning rate, ``t`` counts updates from 1. The memory of an optimizer is one
float64 array of shape (slots, parameters): nothing for SGD, the velocity for momentum, both moments for Adam.

* sgd: w ← w − rate·g
* momentum: v ← µ·v + g, w ← w − rate·v (Polyak 1964; PyTorch's ``SGD(momentum=µ)``)
* adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − rate·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε) (Kingma & Ba 2015)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Matrix, Vector

OPTIMIZERS = ("sgd", "momentum", "adam")
MEMORY_SLOTS = {"sgd": 0, "momentum": 1, "adam": 2}


@dataclass(frozen=True, slots=True)
class Optimizer:
    """Which rule, with its constants. Raises `VisualNNError` on values that cannot train."""

    name: str = "adam"
    rate: float = 0.1
    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def __post_init__(self) -> None:
        if self.name not in OPTIMIZERS:
            raise VisualNNError(f"There is no optimizer “{self.name}”. Known: {', '.join(OPTIMIZERS)}.")
        if not (isfinite(self.rate) and self.rate > 0):
            raise VisualNNError(f"The learning rate must be a number above 0, not {self.rate}.")
        for label, value in (("momentum", self.momentum), ("beta1", self.beta1), ("beta2", self.beta2)):
            if not 0 <= value < 1:
                raise VisualNNError(f"{label} must be at least 0 and below 1, not {value}.")
        if not self.eps > 0:
            raise VisualNNError(f"eps must be above 0, not {self.eps}.")

    def memory(self, parameter_count: int) -> Matrix:
        """A fresh, empty memory of shape (slots, parameter_count)."""
        return np.zeros((MEMORY_SLOTS[self.name], parameter_count))


def apply_update(optimizer: Optimizer, w: Vector, g: Vector, memory: Matrix, t: int) -> None:
    """One update in place: `w` and `memory` change, `g` does not. `t` is 1 for the first update."""
    rate = optimizer.rate
    match optimizer.name:
        case "sgd":
            w -= rate * g
        case "momentum":
            v = memory[0]
            v[:] = optimizer.momentum * v + g
            w -= rate * v
        case "adam":
            m, v = memory
            m[:] = optimizer.beta1 * m + (1.0 - optimizer.beta1) * g
            v[:] = optimizer.beta2 * v + (1.0 - optimizer.beta2) * g * g
            m_hat = m / (1.0 - optimizer.beta1**t)
            v_hat = v / (1.0 - optimizer.beta2**t)
            w -= rate * m_hat / (np.sqrt(v_hat) + optimizer.eps)
