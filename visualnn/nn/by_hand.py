"""The formulas of `functions` unit by unit with Python's `math`, every sum strictly from left to right.

This is how a person would do it, and how the exported Python code does it: so that the numbers on the screen are the
code's to the last bit, which NumPy's faster sums and functions may miss. One row at a time; losses and slopes are those
of this row alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np

from visualnn.nn.functions import HUBER_DELTA, activate, activation_slope, output_slope
from visualnn.nn.network import Matrix, Vector

CROSS_ENTROPIES = ("binary_cross_entropy", "cross_entropy")  # their slopes begin at the sums, not at the activations
WIDE = 128  # units of a layer from which on it is faster to add row by row


def added(terms: Iterable[float]) -> float:
    """Their sum, one after the other; ``sum()`` rounds differently since Python 3.12."""
    total = 0.0
    for term in terms:
        total += term
    return total


def add_up(x: Vector, w: Matrix) -> Vector:
    """Σ x·w strictly from left to right, unlike sum() and @, whose last bits depend on the machine."""
    if w.shape[1] < WIDE:
        return np.asarray(np.add.accumulate(x[:, None] * w, axis=0)[-1])
    total, product = x[0] * w[0], np.empty(w.shape[1])
    for value, row in zip(x[1:].tolist(), w[1:], strict=True):
        total += np.multiply(value, row, out=product)
    return np.asarray(total)


# -- activations ---------------------------------------------------------------------------------------------------


def _softplus(v: float) -> float:
    return (0.0 if v <= 0 else v) + math.log1p(math.exp(-abs(v)))


def _sigmoid(v: float) -> float:
    e = math.exp(-abs(v))
    return (1.0 if v >= 0 else e) / (1.0 + e)


def _normal_cdf(v: float) -> float:
    return 0.5 * (1.0 + math.erf(v / math.sqrt(2.0)))


def _gelu_slope(v: float) -> float:
    return _normal_cdf(v) + v * math.exp(-0.5 * v * v) / math.sqrt(2.0 * math.pi)


def _silu_slope(v: float) -> float:
    s = _sigmoid(v)
    return s * (1.0 + v * (1.0 - s))


FUNCTIONS: dict[str, Callable[[float], float]] = {
    "elu": lambda v: v if v > 0 else math.expm1(v),
    "gelu": lambda v: v * _normal_cdf(v),
    "silu": lambda v: v * _sigmoid(v),
    "softplus": _softplus,
    "tanh": math.tanh,
    "sigmoid": _sigmoid,
}
SLOPES: dict[str, Callable[[float], float]] = {"gelu": _gelu_slope, "silu": _silu_slope, "softplus": _sigmoid}


def activations(name: str, z: Vector) -> Vector:
    """The activations of the sums of one row (units,)."""
    if name in FUNCTIONS:
        return np.array([FUNCTIONS[name](v) for v in z.tolist()])
    if name == "softmax":
        e = [math.exp(v) for v in (z - z.max()).tolist()]
        return np.asarray(np.array(e) / added(e))
    return activate(name, z)  # the others do nothing that could round differently


def slope(name: str, z: Vector, a: Vector) -> Vector:
    """da/dz of an activation that works on each unit alone (units,)."""
    if name in SLOPES:
        return np.array([SLOPES[name](v) for v in z.tolist()])
    return activation_slope(name, z, a)


def through(name: str, z: Vector, a: Vector, da: Vector) -> Vector:
    """dz from da: the chain rule through one activation."""
    if name == "softmax":
        return np.asarray(a * (da - added((da * a).tolist())))
    return np.asarray(da * slope(name, z, a))


# -- losses --------------------------------------------------------------------------------------------------------


def loss(name: str, z: Vector, a: Vector, y: Vector) -> float:
    """How far the answer ``a`` is from ``y``, from the sums ``z`` where the loss is a cross-entropy."""
    if name == "cross_entropy":
        top = float(z.max())
        rest = math.log(added(math.exp(v - top) for v in z.tolist()))
        return 0.0 - added(t * (v - top - rest) for v, t in zip(z.tolist(), y.tolist(), strict=True))
    return added(loss_terms(name, z, a, y)) / y.size


def loss_terms(name: str, z: Vector, a: Vector, y: Vector) -> list[float]:
    """What each output adds to a loss that is the mean of such terms: all but ``cross_entropy``."""
    rows = zip(z.tolist(), a.tolist(), y.tolist(), strict=True)
    match name:
        case "mse":
            return [(p - t) * (p - t) for _v, p, t in rows]
        case "mae":
            return [abs(p - t) for _v, p, t in rows]
        case "huber":
            return [_huber(abs(p - t)) for _v, p, t in rows]
        case "hinge":
            return [_positive(1.0 - (2.0 * t - 1.0) * p) for _v, p, t in rows]
        case "binary_cross_entropy":
            return [_positive(v) - v * t + math.log1p(math.exp(-abs(v))) for v, _p, t in rows]
    raise ValueError(f"unknown loss {name!r}")


def _positive(v: float) -> float:
    return 0.0 if v <= 0 else v


def _huber(e: float) -> float:
    return 0.5 * e * e if e <= HUBER_DELTA else HUBER_DELTA * (e - 0.5 * HUBER_DELTA)


def loss_slopes(name: str, activation: str, z: Vector, a: Vector, y: Vector) -> tuple[Vector, Vector]:
    """How the loss of one row reacts to the outputs and to their sums, each (outputs,).

    A cross-entropy is differentiated together with its activation: both are the slopes of the sums.
    """
    if name in CROSS_ENTROPIES:
        if name == "cross_entropy":
            dz = np.asarray(a * added(y.tolist()) - y)
        else:
            dz = np.asarray((a - y) / y.size)
        return dz, dz
    da = output_slope(name, a, y) / y.size
    return da, through(activation, z, a, da)
