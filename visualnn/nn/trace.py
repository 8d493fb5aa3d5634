"""One sample, followed through forward pass, loss, backward pass and update, with every number kept.

The forward pass adds in the order a person would write it down: ``x₁w₁ + x₂w₂ + … + b``, and a shortcut after the
activation: ``f(z) + a``. So the exported Python code, the command line and the screen agree to the last bit.

What a mask switches off counts as exactly 0: the weight of a cut connection, what a silent neuron passes on, and the
slopes of both, so that no update moves them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from visualnn.nn.functions import activate, activation_backward, loss_backward, loss_rows, output_slope
from visualnn.nn.mask import Mask
from visualnn.nn.network import LayerParameters, Matrix, Network, Vector
from visualnn.nn.optimizers import Optimizer, apply_update

CROSS_ENTROPIES = ("binary_cross_entropy", "cross_entropy")  # their slopes begin at the sums, not at the activations
WIDE = 128  # units of a layer from which on it is faster to add row by row

overflowing = np.errstate(over="ignore", invalid="ignore")  # the numbers of a run that diverged are worth a look too


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
    x: Vector  # what came in (inputs,)
    keep: LayerParameters | None = None  # 0 for what is cut

    @cached_property
    def dw(self) -> Matrix:
        """To its weights, (inputs, outputs)."""
        dw = self.x[:, None] * self.dz
        return dw if self.keep is None else np.where(self.keep.w == 0.0, 0.0, dw)

    @property
    def norm(self) -> float:
        """The length of `dw`, which is only made where something is cut."""
        if self.keep is None:
            return float(np.linalg.norm(self.x) * np.linalg.norm(self.dz))
        return float(np.linalg.norm(self.dw))

    @cached_property
    def db(self) -> Vector:
        """To its biases, (outputs,)."""
        return self.dz if self.keep is None else np.where(self.keep.b == 0.0, 0.0, self.dz)


@dataclass(frozen=True, eq=False)
class Trace:
    """One sample's forward pass and, where there is a target, its loss, backward pass and update.

    These are worked out when they are first asked for, since a matrix of slopes as large as a giant network's weights
    is not needed to look at what it says. The update starts from an empty optimizer memory, as a first step does.
    """

    network: Network
    parameters: Vector  # 0 for what is cut
    x: Vector
    layers: tuple[LayerPass, ...]
    target: Vector | None = None
    loss_name: str = "mse"
    optimizer: Optimizer | None = None
    mask: Mask | None = None

    @property
    def output(self) -> Vector:
        """What the network says, (outputs,)."""
        return self.layers[-1].a

    @cached_property
    @overflowing
    def loss(self) -> float | None:
        """How far that is from the target; None without one."""
        return None if self.target is None else _loss(self.loss_name, self.layers[-1], self.target)

    @cached_property
    @overflowing
    def slopes(self) -> tuple[LayerSlopes, ...]:
        """Layer by layer in forward order; none without a target."""
        if self.target is None:
            return ()
        return backward(self.network, self.layers, self.target, self.loss_name, self.mask)

    @cached_property
    @overflowing
    def gradient(self) -> Vector | None:
        """The slopes of all parameters, flat as these are; None without a target."""
        if self.target is None:
            return None
        flat = np.empty(self.network.parameter_count)
        for (dw, db), layer in zip(self.network.views(flat), self.slopes, strict=True):
            np.multiply(layer.x[:, None], layer.dz, out=dw)
            db[:] = layer.dz
        return flat if self.mask is None else self.mask.kept(flat)

    @cached_property
    @overflowing
    def updated(self) -> Vector | None:
        """The parameters after one update; None without a target or an optimizer."""
        if self.optimizer is None or self.gradient is None:
            return None
        updated = self.parameters.copy()
        apply_update(self.optimizer, updated, self.gradient, self.optimizer.memory(updated.size), 1)
        return updated if self.mask is None else self.mask.kept(updated)

    @cached_property
    def loss_after(self) -> float | None:
        """The loss after that update."""
        if self.updated is None or self.target is None:
            return None
        return row_loss(self.network, self.updated, self.x, self.target, self.loss_name, self.mask)


def forward(network: Network, parameters: Vector, x: Vector, mask: Mask | None = None) -> tuple[LayerPass, ...]:
    """The forward pass of one input row, layer by layer."""
    passes: list[LayerPass] = []
    gates = _gates(network, mask)
    pairs = network.views(parameters if mask is None else mask.kept(parameters))
    x = _gated(x, gates[0])
    steps = zip(pairs, network.activations, network.shortcuts[1:], gates[1:], strict=True)
    for (w, b), activation, source, gate in steps:
        total = add_up(x, w)
        z = total + b
        f = _gated(activate_by_hand(activation, z), gate)
        if source is None:
            passes.append(LayerPass(x, w, b, total, z, f))
        else:
            skipped = _gated(passes[source - 1].a, gate)
            passes.append(LayerPass(x, w, b, total, z, f + skipped, skipped, f))
        x = passes[-1].a
    return tuple(passes)


def add_up(x: Vector, w: Matrix) -> Vector:
    """Σ x·w strictly from left to right, unlike sum() and @, whose last bits depend on the machine."""
    if w.shape[1] < WIDE:
        return np.asarray(np.add.accumulate(x[:, None] * w, axis=0)[-1])
    total, product = x[0] * w[0], np.empty(w.shape[1])
    for value, row in zip(x[1:].tolist(), w[1:], strict=True):
        total += np.multiply(value, row, out=product)
    return np.asarray(total)


def _gates(network: Network, mask: Mask | None) -> list[Vector] | list[None]:
    """Column by column 0 for the neurons that are silent; None: all are heard."""
    return [None] * len(network.sizes) if mask is None else mask.columns(network)


def _gated(values: Vector, gate: Vector | None) -> Vector:
    return values if gate is None else np.where(gate == 0.0, 0.0, values)


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


@overflowing
def predict(network: Network, parameters: Vector, x: Vector, mask: Mask | None = None) -> Vector:
    """The network's answer to one input row, equal to the exported Python code to the last bit."""
    return forward(network, parameters, np.asarray(x, dtype=np.float64), mask)[-1].a


def backward(
    network: Network, layers: tuple[LayerPass, ...], target: Vector, loss: str, mask: Mask | None = None
) -> tuple[LayerSlopes, ...]:
    """The slopes of one row's loss, layer by layer in forward order."""
    keeps = [None] * len(layers) if mask is None else network.views(mask.parameters)
    gates, last = _gates(network, mask), layers[-1]
    dz = loss_backward(loss, network.activations[-1], last.z[None], last.a[None], target[None])[0]
    da = dz if loss in CROSS_ENTROPIES else output_slope(loss, last.a, target) / target.size
    slopes = [LayerSlopes(da, dz, last.x, keeps[-1])]
    brought: dict[int, Vector] = {}  # what shortcuts bring back to a column
    for index in range(len(layers) - 2, -1, -1):
        layer, column = layers[index], index + 1
        da = _gated(layers[column].w @ dz + brought.get(column, 0.0), gates[column])
        source = network.shortcuts[column]
        if source is not None:
            brought[source] = brought.get(source, 0.0) + da
        dz = activation_backward(network.activations[index], layer.z, layer.f, da)
        slopes.append(LayerSlopes(da, dz, layer.x, keeps[index]))
    return tuple(reversed(slopes))


@overflowing
def row_loss(
    network: Network, parameters: Vector, x: Vector, target: Vector, loss: str, mask: Mask | None = None
) -> float:
    """The loss of one row."""
    return _loss(loss, forward(network, parameters, x, mask)[-1], target)


def _loss(name: str, last: LayerPass, target: Vector) -> float:
    return float(loss_rows(name, last.z[None], last.a[None], target[None])[0])


@overflowing
def trace(
    network: Network,
    parameters: Vector,
    x: Vector,
    *,
    target: Vector | None = None,
    loss: str = "mse",
    optimizer: Optimizer | None = None,
    mask: Mask | None = None,
) -> Trace:
    """Follow one sample. Without `target` there is only the forward part, without `optimizer` no update.

    Raises `VisualNNError` if `parameters` do not fit the network. They must not change while the trace is in use.
    """
    x = np.asarray(x, dtype=np.float64)
    layers = forward(network, parameters, x, mask)
    own = parameters if mask is None else mask.kept(parameters)
    known = None if target is None else np.asarray(target, dtype=np.float64)
    return Trace(network, own, x, layers, known, loss, optimizer, mask)
