"""One row's pass forward through a network and its slopes back, with every number kept.

Every sum is added in the order a person would write it down, ``x₁w₁ + x₂w₂ + … + b``, and a shortcut after the
activation, ``f(z) + a``; `by_hand` says why. What a mask switches off counts as exactly 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn import by_hand
from visualnn.nn.lazy import lazy
from visualnn.nn.mask import Mask
from visualnn.nn.network import LayerParameters, Matrix, Network, Vector

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

    @lazy
    @overflowing
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

    @lazy
    @overflowing
    def dw(self) -> Matrix:
        """To its weights, (inputs, outputs)."""
        dw = self.x[:, None] * self.dz
        return dw if self.keep is None else np.where(self.keep.w == 0.0, 0.0, dw)

    @overflowing
    def of_weight(self, source: int, neuron: int) -> float:
        """One of `dw`, without the others."""
        if self.keep is not None and self.keep.w[source, neuron] == 0.0:
            return 0.0
        return float(self.x[source] * self.dz[neuron])

    @property
    def norm(self) -> float:
        """The length of `dw`, which is only made where something is cut."""
        if self.keep is None:
            return float(np.linalg.norm(self.x) * np.linalg.norm(self.dz))
        return float(np.linalg.norm(self.dw))

    @lazy
    def db(self) -> Vector:
        """To its biases, (outputs,)."""
        return self.dz if self.keep is None else np.where(self.keep.b == 0.0, 0.0, self.dz)


def forward(network: Network, parameters: Vector, x: Vector, mask: Mask | None = None) -> tuple[LayerPass, ...]:
    """The forward pass of one input row, layer by layer."""
    passes: list[LayerPass] = []
    gates = _gates(network, mask)
    pairs = network.views(parameters if mask is None else mask.kept(parameters))
    x = _gated(x, gates[0])
    steps = zip(pairs, network.activations, network.shortcuts[1:], gates[1:], strict=True)
    for (w, b), activation, source, gate in steps:
        total = by_hand.add_up(x, w)
        z = total + b
        f = _gated(by_hand.activations(activation, z), gate)
        if source is None:
            passes.append(LayerPass(x, w, b, total, z, f))
        else:
            skipped = _gated(passes[source - 1].a, gate)
            passes.append(LayerPass(x, w, b, total, z, f + skipped, skipped, f))
        x = passes[-1].a
    return tuple(passes)


def _gates(network: Network, mask: Mask | None) -> list[Vector] | list[None]:
    """Column by column 0 for the neurons that are silent; None: all are heard."""
    return [None] * len(network.sizes) if mask is None else mask.columns(network)


def _gated(values: Vector, gate: Vector | None) -> Vector:
    return values if gate is None else np.where(gate == 0.0, 0.0, values)


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
    da, dz = by_hand.loss_slopes(loss, network.activations[-1], last.z, last.a, target)
    slopes = [LayerSlopes(da, dz, last.x, keeps[-1])]
    brought: dict[int, Vector] = {}  # what shortcuts bring back to a column
    for index in range(len(layers) - 2, -1, -1):
        layer, column = layers[index], index + 1
        da = _gated(by_hand.add_up(dz, layers[column].w.T) + brought.get(column, 0.0), gates[column])
        source = network.shortcuts[column]
        if source is not None:
            brought[source] = brought.get(source, 0.0) + da
        dz = by_hand.through(network.activations[index], layer.z, layer.f, da)
        slopes.append(LayerSlopes(da, dz, layer.x, keeps[index]))
    return tuple(reversed(slopes))


@overflowing
def row_loss(
    network: Network, parameters: Vector, x: Vector, target: Vector, loss: str, mask: Mask | None = None
) -> float:
    """The loss of one row."""
    return loss_of(loss, forward(network, parameters, x, mask)[-1], target)


def loss_of(name: str, last: LayerPass, target: Vector) -> float:
    """How far what the last layer says is from the target."""
    return by_hand.loss(name, last.z, last.a, target)
