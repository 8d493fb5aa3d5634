"""What is done to a gradient before an optimizer gets it: penalties on the weights, and clipping."""

from __future__ import annotations

import numpy as np

from visualnn.nn.network import Network, Vector
from visualnn.nn.options import Options

NORM_EPS = 1e-6  # as in PyTorch's ``clip_grad_norm_``


def add_penalties(network: Network, parameters: Vector, g: Vector, l1: float, l2: float) -> None:
    """Adds the slopes of l1·Σ|w| + l2·Σw² over the weights to a gradient."""
    for (w, _b), (dw, _db) in zip(network.views(parameters), network.views(g), strict=True):
        if l1:
            dw += l1 * np.sign(w)
        if l2:
            dw += 2.0 * l2 * w


def clip(g: Vector, options: Options) -> None:
    """Clips a gradient, value by value and then by its norm, as PyTorch's ``clip_grad_value_`` and ``_norm_``."""
    if options.clip_value is not None:
        np.clip(g, -options.clip_value, options.clip_value, out=g)
    if options.clip_norm is not None:
        share = options.clip_norm / (norm(g) + NORM_EPS)
        g *= share if not share >= 1.0 else 1.0  # NaN stays NaN


def norm(g: Vector) -> float:
    """The length of a gradient, its squares added strictly one after the other."""
    return float(np.sqrt(np.add.accumulate(g * g)[-1]))
