"""How parameters move, in PyTorch's form and spelling.

``g`` is the gradient, ``rate`` the learning rate, ``t`` counts updates from 1. The memory of an optimizer is one
float64 array of shape (slots, parameters): nothing for SGD, the velocity for momentum, both moments for Adam.

* sgd: w ← w − rate·g (Robbins & Monro 1951)
* momentum: v ← µ·v + g, w ← w − rate·v (Polyak 1964; PyTorch's ``SGD(momentum=µ)``)
* nesterov: v ← µ·v + g, w ← w − rate·(g + µ·v) (Nesterov 1983, Sutskever et al. 2013; ``SGD(nesterov=True)``)
* adagrad: s ← s + g², w ← w − rate·g/(√s + ε) (Duchi et al. 2011)
* rmsprop: s ← ρ·s + (1−ρ)g², w ← w − rate·g/(√s + ε) (Tieleman & Hinton 2012)
* adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − rate·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε) (Kingma & Ba 2015)
* adamw: Adam; the name says that its weight decay is decoupled, as it is for every optimizer here
  (Loshchilov & Hutter 2019)
* nadam: Adam with Nesterov's look ahead, µₜ = β₁(1 − ½·0.96^{0.004·t}):
  w ← w − rate·((1−µₜ)/(1−Πµ)·g + µₜ₊₁/(1−Πµ·µₜ₊₁)·m) / (√(v/(1−β₂ᵗ)) + ε) with Πµ = µ₁·…·µₜ (Dozat 2016)
* lion: u = sign(β₁m + (1−β₁)g), m ← β₂m + (1−β₂)g, w ← w − rate·u (Chen et al. 2023)

Weight decay shrinks every parameter first: w ← w·(1 − rate·weight_decay).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite

import numpy as np

from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Matrix, Vector

OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "nadam", "lion")
MEMORY_SLOTS = {
    "sgd": 0,
    "momentum": 1,
    "nesterov": 1,
    "adagrad": 1,
    "rmsprop": 1,
    "adam": 2,
    "adamw": 2,
    "nadam": 2,
    "lion": 1,
}
DEFAULTS: dict[str, dict[str, float]] = {  # where the libraries' constants differ from those of `Optimizer`
    "adagrad": {"eps": 1e-10},
    "adamw": {"weight_decay": 0.01},
    "lion": {"beta2": 0.99},
}
MOMENTUM_DECAY = 0.004  # of NAdam, PyTorch's default


@dataclass(frozen=True, slots=True)
class Optimizer:
    """Which rule, with its constants. Raises `VisualNNError` on values that cannot train."""

    name: str = "adam"
    rate: float = 0.1
    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    rho: float = 0.99
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        if self.name not in OPTIMIZERS:
            raise VisualNNError(f"There is no optimizer “{self.name}”. Known: {', '.join(OPTIMIZERS)}.")
        if not (isfinite(self.rate) and self.rate > 0):
            raise VisualNNError(f"The learning rate must be a number above 0, not {self.rate}.")
        for label in ("momentum", "beta1", "beta2", "rho"):
            if not 0 <= getattr(self, label) < 1:
                raise VisualNNError(f"{label} must be at least 0 and below 1, not {getattr(self, label)}.")
        if not (isfinite(self.eps) and self.eps > 0):
            raise VisualNNError(f"eps must be a number above 0, not {self.eps}.")
        if not (isfinite(self.weight_decay) and self.weight_decay >= 0):
            raise VisualNNError(f"weight_decay must be a number from 0, not {self.weight_decay}.")

    def renamed(self, name: str) -> Optimizer:
        """Another rule at the same rate, with the constants that the libraries give it."""
        kept = {field.name: getattr(self, field.name) for field in fields(self) if field.name in ("rate", "momentum")}
        return Optimizer(name, **kept, **DEFAULTS.get(name, {}))

    def memory(self, parameter_count: int) -> Matrix:
        """A fresh, empty memory of shape (slots, parameter_count)."""
        return np.zeros((MEMORY_SLOTS[self.name], parameter_count))


def look_ahead(beta1: float, t: int) -> float:
    """µₜ of NAdam."""
    return float(beta1 * (1.0 - 0.5 * 0.96 ** (t * MOMENTUM_DECAY)))


def look_ahead_product(beta1: float, t: int) -> float:
    """Πµ = µ₁·…·µₜ of NAdam."""
    product = 1.0
    for k in range(1, t + 1):
        product *= look_ahead(beta1, k)
        if product == 0.0:
            break
    return product


def apply_update(
    optimizer: Optimizer,
    w: Vector,
    g: Vector,
    memory: Matrix,
    t: int,
    *,
    rate: float | None = None,
    product: float | None = None,
) -> None:
    """One update in place: `w` and `memory` change, `g` does not. `t` is 1 for the first update.

    `rate` stands in for the optimizer's, and may be 0 where a schedule ends. `product` is NAdam's Πµ up to and with
    `t`; it is computed where it is not given.
    """
    rate = optimizer.rate if rate is None else rate
    beta1, beta2, eps = optimizer.beta1, optimizer.beta2, optimizer.eps
    if optimizer.weight_decay:
        w *= 1.0 - rate * optimizer.weight_decay
    match optimizer.name:
        case "sgd":
            w -= rate * g
        case "momentum" | "nesterov":
            v = memory[0]
            v[:] = optimizer.momentum * v + g
            w -= rate * (v if optimizer.name == "momentum" else g + optimizer.momentum * v)
        case "adagrad" | "rmsprop":
            s = memory[0]
            s[:] = s + g * g if optimizer.name == "adagrad" else optimizer.rho * s + (1.0 - optimizer.rho) * g * g
            w -= rate * g / (np.sqrt(s) + eps)
        case "adam" | "adamw":
            _moments(optimizer, g, memory)
            m_hat, v_hat = memory[0] / (1.0 - beta1**t), memory[1] / (1.0 - beta2**t)
            w -= rate * m_hat / (np.sqrt(v_hat) + eps)
        case "nadam":
            _moments(optimizer, g, memory)
            product = look_ahead_product(beta1, t) if product is None else product
            now, following = look_ahead(beta1, t), look_ahead(beta1, t + 1)
            ahead = (1.0 - now) / (1.0 - product) * g + following / (1.0 - product * following) * memory[0]
            w -= rate * ahead / (np.sqrt(memory[1] / (1.0 - beta2**t)) + eps)
        case "lion":
            m = memory[0]
            w -= rate * np.sign(beta1 * m + (1.0 - beta1) * g)
            m[:] = beta2 * m + (1.0 - beta2) * g


def _moments(optimizer: Optimizer, g: Vector, memory: Matrix) -> None:
    m, v = memory
    m[:] = optimizer.beta1 * m + (1.0 - optimizer.beta1) * g
    v[:] = optimizer.beta2 * v + (1.0 - optimizer.beta2) * g * g
