"""The rules of `optimizers` for a single weight, on plain floats: the same to the bit, a tenth of the time.

An array of two numbers costs NumPy as much as one of thousands. `w` is the weight, ``g`` its slope, `m` what is
remembered of it, slot by slot; what comes back are the next ones.
"""

from __future__ import annotations

from math import sqrt

from visualnn.nn.optimizers import Optimizer, look_ahead

Slots = tuple[float, ...]


def moved(
    optimizer: Optimizer, w: float, g: float, m: Slots, *, t: int, rate: float, product: float = 1.0
) -> tuple[float, Slots]:
    """A weight and its memory after update `t`, counted from 1; see `optimizers.apply_update`."""
    beta1, beta2, eps = optimizer.beta1, optimizer.beta2, optimizer.eps
    if optimizer.weight_decay:
        w *= 1.0 - rate * optimizer.weight_decay
    match optimizer.name:
        case "momentum" | "nesterov":
            v = optimizer.momentum * m[0] + g
            return w - rate * (v if optimizer.name == "momentum" else g + optimizer.momentum * v), (v,)
        case "adagrad" | "rmsprop":
            s = m[0] + g * g if optimizer.name == "adagrad" else optimizer.rho * m[0] + (1.0 - optimizer.rho) * g * g
            return w - rate * g / (sqrt(s) + eps), (s,)
        case "adam" | "adamw":
            m = _moments(optimizer, g, m)
            m_hat, v_hat = m[0] / (1.0 - beta1**t), m[1] / (1.0 - beta2**t)
            return w - rate * m_hat / (sqrt(v_hat) + eps), m
        case "nadam":
            m = _moments(optimizer, g, m)
            now, following = look_ahead(beta1, t), look_ahead(beta1, t + 1)
            ahead = (1.0 - now) / (1.0 - product) * g + following / (1.0 - product * following) * m[0]
            return w - rate * ahead / (sqrt(m[1] / (1.0 - beta2**t)) + eps), m
        case "lion":
            return w - rate * _sign(beta1 * m[0] + (1.0 - beta1) * g), (beta2 * m[0] + (1.0 - beta2) * g,)
    return w - rate * g, m


def _moments(optimizer: Optimizer, g: float, m: Slots) -> Slots:
    first = optimizer.beta1 * m[0] + (1.0 - optimizer.beta1) * g
    return first, optimizer.beta2 * m[1] + (1.0 - optimizer.beta2) * g * g


def _sign(x: float) -> float:
    """NaN stays NaN."""
    return x if x != x else float((x > 0.0) - (x < 0.0))
