"""Activations and losses, forwards and backwards.

Shapes: ``z`` and ``a`` are (..., units). The losses take (rows, outputs). Cross-entropies are computed from the sums
``z``, not from the activations, so that they stay finite however sure the network is
(Goodfellow, Bengio, Courville, *Deep Learning*, 2016, section 6.2.2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEAK = 0.01  # slope of leaky ReLU below zero, PyTorch's default

HIDDEN_ACTIVATIONS = ("relu", "leaky_relu", "tanh", "sigmoid", "linear")
ACTIVATIONS = (*HIDDEN_ACTIVATIONS, "softmax")
LOSSES = ("mse", "binary_cross_entropy", "cross_entropy")

LOSSES_OF_OUTPUT = {  # what may stand after which output activation; the first is the natural one
    "sigmoid": ("binary_cross_entropy", "mse"),
    "softmax": ("cross_entropy", "mse"),
}


def losses_for(output_activation: str) -> tuple[str, ...]:
    """The losses that fit an output activation, the natural one first."""
    return LOSSES_OF_OUTPUT.get(output_activation, ("mse",))


def sigmoid(z: Array) -> Array:
    """1 / (1 + e⁻ᶻ), without overflow on either side."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def softmax(z: Array) -> Array:
    """eᶻ / Σ eᶻ over the last axis, shifted by the largest so that nothing overflows."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def activate(name: str, z: Array) -> Array:
    """The activations ``a`` of the sums ``z``; the same shape."""
    match name:
        case "relu":
            return np.where(z <= 0, 0.0, z)  # not the other way round, so that NaN stays NaN
        case "leaky_relu":
            return np.where(z > 0, z, LEAK * z)
        case "tanh":
            return np.tanh(z)
        case "sigmoid":
            return sigmoid(z)
        case "softmax":
            return softmax(z)
        case "linear":
            return z
    raise ValueError(f"unknown activation {name!r}")


def activation_slope(name: str, z: Array, a: Array) -> Array:
    """da/dz of an activation that works on each unit alone; ReLU's slope at exactly 0 is 0 (as in PyTorch)."""
    match name:
        case "relu":
            return np.where(z > 0, 1.0, 0.0)
        case "leaky_relu":
            return np.where(z > 0, 1.0, LEAK)
        case "tanh":
            return 1.0 - a * a
        case "sigmoid":
            return a * (1.0 - a)
        case "linear":
            return np.ones_like(z)
    raise ValueError(f"{name!r} mixes its units; use activation_backward")


def activation_backward(name: str, z: Array, a: Array, da: Array) -> Array:
    """dz from da: the chain rule through one activation."""
    if name == "softmax":
        return np.asarray(a * (da - (da * a).sum(axis=-1, keepdims=True)))
    return np.asarray(da * activation_slope(name, z, a))


def loss_rows(name: str, z: Array, a: Array, y: Array) -> Array:
    """The loss of each row, shape (rows,); a batch's loss is their mean."""
    match name:
        case "mse":
            return np.asarray(((a - y) ** 2).mean(axis=-1))
        case "binary_cross_entropy":
            return np.asarray((np.maximum(z, 0.0) - z * y + np.log1p(np.exp(-np.abs(z)))).mean(axis=-1))
        case "cross_entropy":
            top = z.max(axis=-1, keepdims=True)
            log_p = z - top - np.log(np.exp(z - top).sum(axis=-1, keepdims=True))
            return np.asarray(-(y * log_p).sum(axis=-1))
    raise ValueError(f"unknown loss {name!r}")


def loss_backward(name: str, activation: str, z: Array, a: Array, y: Array) -> Array:
    """dz of the output layer for the mean loss over the rows, shape (rows, outputs)."""
    rows, outputs = a.shape
    match name:
        case "mse":
            return activation_backward(activation, z, a, 2.0 * (a - y) / (rows * outputs))
        case "binary_cross_entropy":
            return np.asarray((a - y) / (rows * outputs))
        case "cross_entropy":
            return np.asarray((a * y.sum(axis=-1, keepdims=True) - y) / rows)
    raise ValueError(f"unknown loss {name!r}")
