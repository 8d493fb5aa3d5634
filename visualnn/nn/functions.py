"""Activations and losses, forwards and backwards.

Shapes: ``z`` and ``a`` are (..., units). The losses take (rows, outputs). Cross-entropies are computed from the sums
``z``, not from the activations, so that they stay finite however sure the network is
(Goodfellow, Bengio, Courville, *Deep Learning*, 2016, section 6.2.2).

ReLU: Nair & Hinton 2010; leaky ReLU: Maas et al. 2013; ELU: Clevert et al. 2016; GELU: Hendrycks & Gimpel 2016, by the
error function, not its approximation; SiLU, also called swish: Elfwing et al. 2018; softplus: Dugas et al. 2001; hard
SiLU: Howard et al. 2019; Huber's loss: Huber 1964. Where PyTorch and Keras differ, these are PyTorch's.
"""

from __future__ import annotations

from collections.abc import Callable
from math import erf, pi

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEAK = 0.01  # slope of leaky ReLU below zero, PyTorch's default
HUBER_DELTA = 1.0  # the miss from which on Huber's loss grows like the absolute error, PyTorch's and Keras' default

HIDDEN_ACTIVATIONS = (
    "relu",
    "leaky_relu",
    "elu",
    "gelu",
    "silu",
    "softplus",
    "tanh",
    "sigmoid",
    "hard_tanh",
    "hard_sigmoid",
    "hard_silu",
    "linear",
)
ACTIVATIONS = (*HIDDEN_ACTIVATIONS, "softmax")
LOSSES = ("mse", "mae", "huber", "hinge", "binary_cross_entropy", "cross_entropy")

DISTANCES = ("mse", "mae", "huber")  # losses that ask how far off an output is, whatever made it
LOSSES_OF_OUTPUT = {  # what may stand after which output activation; the first is the natural one
    "sigmoid": ("binary_cross_entropy", *DISTANCES),
    "softmax": ("cross_entropy", *DISTANCES),
}


def losses_for(output_activation: str) -> tuple[str, ...]:
    """The losses that fit an output activation, the natural one first."""
    return LOSSES_OF_OUTPUT.get(output_activation, (*DISTANCES, "hinge"))


def sigmoid(z: Array) -> Array:
    """1 / (1 + e⁻ᶻ), without overflow on either side."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def softplus(z: Array) -> Array:
    """log(1 + eᶻ), without overflow."""
    return np.asarray(np.where(z <= 0, 0.0, z) + np.log1p(np.exp(-np.abs(z))))


def normal_cdf(z: Array) -> Array:
    """Φ(z), the share of a standard normal distribution below z."""
    return np.asarray(0.5 * (1.0 + _erf(np.asarray(z) / np.sqrt(2.0))))


_erf = np.vectorize(erf, otypes=[np.float64])


def softmax(z: Array) -> Array:
    """eᶻ / Σ eᶻ over the last axis, shifted by the largest so that nothing overflows."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def _relu(z: Array) -> Array:
    return np.where(z <= 0, 0.0, z)  # not the other way round, so that NaN stays NaN


def _silu_slope(z: Array, _a: Array) -> Array:
    s = sigmoid(z)
    return np.asarray(s * (1.0 + z * (1.0 - s)))


def _gelu_slope(z: Array, _a: Array) -> Array:
    return np.asarray(normal_cdf(z) + z * np.exp(-0.5 * z * z) / np.sqrt(2.0 * pi))


def _hard_silu_slope(z: Array, _a: Array) -> Array:
    return np.asarray(np.where(z <= -3, 0.0, np.where(z < 3, z / 3.0 + 0.5, 1.0)))


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "relu": _relu,
    "leaky_relu": lambda z: np.where(z > 0, z, LEAK * z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(np.where(z > 0, 0.0, z))),
    "gelu": lambda z: np.asarray(z * normal_cdf(z)),
    "silu": lambda z: np.asarray(z * sigmoid(z)),
    "softplus": softplus,
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "hard_tanh": lambda z: np.asarray(np.clip(z, -1.0, 1.0)),
    "hard_sigmoid": lambda z: np.asarray(np.clip(z + 3.0, 0.0, 6.0) / 6.0),
    "hard_silu": lambda z: np.asarray(z * (np.clip(z + 3.0, 0.0, 6.0) / 6.0)),
    "linear": lambda z: z,
    "softmax": softmax,
}
SLOPES: dict[str, Callable[[Array, Array], Array]] = {  # da/dz; at a bend the slope is 0 as in PyTorch
    "relu": lambda z, _a: np.where(z > 0, 1.0, 0.0),
    "leaky_relu": lambda z, _a: np.where(z > 0, 1.0, LEAK),
    "elu": lambda z, a: np.where(z > 0, 1.0, a + 1.0),
    "gelu": _gelu_slope,
    "silu": _silu_slope,
    "softplus": lambda z, _a: sigmoid(z),
    "tanh": lambda _z, a: np.asarray(1.0 - a * a),
    "sigmoid": lambda _z, a: np.asarray(a * (1.0 - a)),
    "hard_tanh": lambda z, _a: np.where(np.abs(z) < 1, 1.0, 0.0),
    "hard_sigmoid": lambda z, _a: np.where(np.abs(z) < 3, 1.0 / 6.0, 0.0),
    "hard_silu": _hard_silu_slope,
    "linear": lambda z, _a: np.ones_like(z),
}


def activate(name: str, z: Array) -> Array:
    """The activations ``a`` of the sums ``z``; the same shape."""
    return FUNCTIONS[name](z)


def activation_slope(name: str, z: Array, a: Array) -> Array:
    """da/dz of an activation that works on each unit alone (not softmax); ReLU's slope at exactly 0 is 0."""
    return SLOPES[name](z, a)


def activation_backward(name: str, z: Array, a: Array, da: Array) -> Array:
    """dz from da: the chain rule through one activation."""
    if name == "softmax":
        return np.asarray(a * (da - (da * a).sum(axis=-1, keepdims=True)))
    return np.asarray(da * activation_slope(name, z, a))


def loss_rows(name: str, z: Array, a: Array, y: Array) -> Array:
    """The loss of each row, shape (rows,); a batch's loss is their mean. For hinge the classes 0 and 1 count as ∓1."""
    match name:
        case "mse":
            return np.asarray(((a - y) ** 2).mean(axis=-1))
        case "mae":
            return np.asarray(np.abs(a - y).mean(axis=-1))
        case "huber":
            e = np.abs(a - y)
            return np.asarray(
                np.where(e <= HUBER_DELTA, 0.5 * e * e, HUBER_DELTA * (e - 0.5 * HUBER_DELTA)).mean(axis=-1)
            )
        case "hinge":
            return np.asarray(_relu(1.0 - (2.0 * y - 1.0) * a).mean(axis=-1))
        case "binary_cross_entropy":
            return np.asarray((_relu(z) - z * y + np.log1p(np.exp(-np.abs(z)))).mean(axis=-1))  # exact for sure answers
        case "cross_entropy":
            top = z.max(axis=-1, keepdims=True)
            log_p = z - top - np.log(np.exp(z - top).sum(axis=-1, keepdims=True))
            return np.asarray(-(y * log_p).sum(axis=-1))
    raise ValueError(f"unknown loss {name!r}")


def output_slope(name: str, a: Array, y: Array) -> Array:
    """da: how one row's loss reacts to its outputs, times the number of outputs; not for the cross-entropies."""
    match name:
        case "mse":
            return np.asarray(2.0 * (a - y))
        case "mae":
            return np.sign(a - y)
        case "huber":
            return np.clip(a - y, -HUBER_DELTA, HUBER_DELTA)
        case "hinge":
            side = 2.0 * y - 1.0
            return np.where(1.0 - side * a <= 0, 0.0, -side)
    raise ValueError(f"unknown loss {name!r}")


def loss_backward(name: str, activation: str, z: Array, a: Array, y: Array) -> Array:
    """dz of the output layer for the mean loss over the rows, shape (rows, outputs)."""
    rows, outputs = a.shape
    match name:
        case "binary_cross_entropy":
            return np.asarray((a - y) / (rows * outputs))
        case "cross_entropy":
            return np.asarray((a * y.sum(axis=-1, keepdims=True) - y) / rows)
    return activation_backward(activation, z, a, output_slope(name, a, y) / (rows * outputs))
