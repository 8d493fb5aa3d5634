"""One sample, followed through forward pass, loss, backward pass and update, with every number kept.

The forward pass adds in the order a person would write it down: ``x₁w₁ + x₂w₂ + … + b``, and a shortcut after the
activation: ``f(z) + a``. So the exported Python code, the command line and the screen agree to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from visualnn.nn.functions import activate, activation_backward, loss_backward, loss_rows, output_slope
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.optimizers import Optimizer, apply_update

CROSS_ENTROPIES = ("binary_cross_entropy", "cross_entropy")  # their slopes begin at the sums, not at the activations


@dataclass(frozen=True, eq=False)
class LayerPass:
    """What one layer did in the forward pass."""

    x: Vector  # (inputs,)
    w: Matrix  # (inputs, outputs)
    b: Vector  # (outputs,)
    total: Vector  # Σ x·w before the bias (outputs,)
    z: Vector  # the sums (outputs,)
    a: Vector  # the activations (outputs,), with what a shortcut adds
    shortcut: Vector | None = None  # what a shortcut adds: the activations of an earlier column (outputs,)
    own: Vector | None = None  # the activations before that, where there is a shortcut (outputs,)

    @property
    def f(self) -> Vector:
        """What the activation function makes of the sums (outputs,)."""
        return self.a if self.own is None else self.own

    @cached_property
    def products(self) -> Matrix:
        """Every input times its weight, (inputs, outputs)."""
        return self.x[:, None] * self.w


@dataclass(frozen=True, eq=False)
class LayerSlopes:
    """How the loss reacts to one layer's numbers."""

    da: Vector  # to its activations, by all ways that lead on from them (outputs,)
    dz: Vector  # to its sums (outputs,)
    dw: Matrix  # to its weights (inputs, outputs)
    db: Vector  # to its biases (outputs,)


@dataclass(frozen=True, eq=False)
class Trace:
    """One sample's forward pass and, when there is a target, loss, backward pass and update."""

    network: Network
    parameters: Vector
    x: Vector
    layers: tuple[LayerPass, ...]
    target: Vector | None = None
    loss_name: str = "mse"
    loss: float | None = None
    slopes: tuple[LayerSlopes, ...] = ()
    gradient: Vector | None = None  # flat, as the parameters
    optimizer: Optimizer | None = None
    updated: Vector | None = None  # the parameters after one update
    loss_after: float | None = None

    @property
    def output(self) -> Vector:
        """What the network says, (outputs,)."""
        return self.layers[-1].a


def forward(network: Network, parameters: Vector, x: Vector) -> tuple[LayerPass, ...]:
    """The forward pass of one input row, layer by layer."""
    passes: list[LayerPass] = []
    sources = network.shortcuts[1:]
    for (w, b), activation, source in zip(network.views(parameters), network.activations, sources, strict=True):
        total = np.add.accumulate(x[:, None] * w, axis=0)[-1]  # strictly left to right, unlike sum() and @
        z = total + b
        f = activate_by_hand(activation, z)
        if source is None:
            passes.append(LayerPass(x, w, b, total, z, f))
        else:
            skipped = passes[source - 1].a
            passes.append(LayerPass(x, w, b, total, z, f + skipped, skipped, f))
        x = passes[-1].a
    return tuple(passes)


def _softplus(v: float) -> float:
    return (0.0 if v <= 0 else v) + math.log1p(math.exp(-abs(v)))


def _sigmoid(v: float) -> float:
    e = math.exp(-abs(v))
    return (1.0 if v >= 0 else e) / (1.0 + e)


BY_HAND: dict[str, Callable[[float], float]] = {
    "elu": lambda v: v if v > 0 else math.expm1(v),
    "gelu": lambda v: v * (0.5 * (1.0 + math.erf(v / math.sqrt(2.0)))),
    "silu": lambda v: v * _sigmoid(v),
    "softplus": _softplus,
    "tanh": math.tanh,
    "sigmoid": _sigmoid,
}


def activate_by_hand(name: str, z: Vector) -> Vector:
    """As `functions.activate`, but unit by unit with Python's `math`, whose last bit NumPy's faster code may miss."""
    if name in BY_HAND:
        return np.array([BY_HAND[name](v) for v in z.tolist()])
    if name == "softmax":
        e = [math.exp(v) for v in (z - z.max()).tolist()]
        return np.asarray(np.array(e) / np.add.accumulate(e)[-1])
    return activate(name, z)


@np.errstate(over="ignore", invalid="ignore")
def predict(network: Network, parameters: Vector, x: Vector) -> Vector:
    """The network's answer to one input row, equal to the exported Python code to the last bit."""
    return forward(network, parameters, np.asarray(x, dtype=np.float64))[-1].a


def backward(network: Network, layers: tuple[LayerPass, ...], target: Vector, loss: str) -> tuple[LayerSlopes, ...]:
    """The slopes of one row's loss, layer by layer in forward order."""
    last = layers[-1]
    dz = loss_backward(loss, network.activations[-1], last.z[None], last.a[None], target[None])[0]
    da = dz if loss in CROSS_ENTROPIES else output_slope(loss, last.a, target) / target.size
    slopes = [LayerSlopes(da, dz, last.x[:, None] * dz, dz)]
    brought: dict[int, Vector] = {}  # what shortcuts bring back to a column
    for index in range(len(layers) - 2, -1, -1):
        layer, column = layers[index], index + 1
        da = layers[column].w @ dz + brought.get(column, 0.0)
        source = network.shortcuts[column]
        if source is not None:
            brought[source] = brought.get(source, 0.0) + da
        dz = activation_backward(network.activations[index], layer.z, layer.f, da)
        slopes.append(LayerSlopes(da, dz, layer.x[:, None] * dz, dz))
    return tuple(reversed(slopes))


@np.errstate(over="ignore", invalid="ignore")
def row_loss(network: Network, parameters: Vector, x: Vector, target: Vector, loss: str) -> float:
    """The loss of one row."""
    last = forward(network, parameters, x)[-1]
    return float(loss_rows(loss, last.z[None], last.a[None], target[None])[0])


@np.errstate(over="ignore", invalid="ignore")  # the numbers of a run that diverged are worth a look too
def trace(
    network: Network,
    parameters: Vector,
    x: Vector,
    *,
    target: Vector | None = None,
    loss: str = "mse",
    optimizer: Optimizer | None = None,
) -> Trace:
    """Follow one sample. Without `target` only the forward part is filled, without `optimizer` no update.

    The update starts from an empty optimizer memory, as a first step does. Raises `VisualNNError` if `parameters` do
    not fit the network.
    """
    x = np.asarray(x, dtype=np.float64)
    layers = forward(network, parameters, x)
    if target is None:
        return Trace(network, parameters, x, layers)
    target = np.asarray(target, dtype=np.float64)
    last = layers[-1]
    value = float(loss_rows(loss, last.z[None], last.a[None], target[None])[0])
    slopes = backward(network, layers, target, loss)
    gradient = np.concatenate([part for s in slopes for part in (s.dw.ravel(), s.db)])
    if optimizer is None:
        return Trace(network, parameters, x, layers, target, loss, value, slopes, gradient)
    updated = parameters.copy()
    apply_update(optimizer, updated, gradient, optimizer.memory(parameters.size), 1)
    after = row_loss(network, updated, x, target, loss)
    return Trace(network, parameters, x, layers, target, loss, value, slopes, gradient, optimizer, updated, after)
