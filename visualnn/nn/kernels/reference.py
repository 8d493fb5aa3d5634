"""The training loop in NumPy, written to be read: what the compiled kernels are tested against.

Shapes: ``x`` (rows, inputs), ``y`` (rows, outputs), ``z`` and ``a`` of a layer (rows, units), ``w`` (inputs, units),
``b`` (units,), and ``dz``, ``da``, ``dw``, ``db`` like what they are the slopes of. Gradients and parameters are flat,
as `network.Network` lays them out. The backward pass is Rumelhart, Hinton & Williams 1986.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from visualnn.nn.functions import ACTIVATIONS, LOSSES, activate, activation_backward, loss_backward, loss_rows
from visualnn.nn.kernels.arguments import (
    DIVERGED,
    DONE,
    GOAL,
    GOAL_LOSS,
    RATE,
    RUNNING,
    STOP,
    STOPPED,
    UPDATE,
    WANTED,
    Control,
    Data,
    Integers,
    Plan,
    State,
)
from visualnn.nn.network import Layer, Matrix, Network, Vector
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer, apply_update


def forward(network: Network, parameters: Vector, x: Matrix) -> tuple[list[Matrix], list[Matrix]]:
    """The sums ``z`` of every layer, and the activations ``a`` of every column with the inputs as ``a[0]``."""
    z, a = [], [x]
    for (w, b), activation in zip(network.views(parameters), network.activations, strict=True):
        z.append(a[-1] @ w + b)
        a.append(activate(activation, z[-1]))
    return z, a


def mean_loss(network: Network, parameters: Vector, x: Matrix, y: Matrix, loss: str) -> float:
    """The loss over all these rows."""
    z, a = forward(network, parameters, x)
    return float(loss_rows(loss, z[-1], a[-1], y).mean())


def gradient(network: Network, parameters: Vector, x: Matrix, y: Matrix, loss: str) -> tuple[float, Vector]:
    """The loss over all these rows and its slope with respect to every parameter."""
    z, a = forward(network, parameters, x)
    value = float(loss_rows(loss, z[-1], a[-1], y).mean())
    flat = np.empty_like(parameters)
    slopes = network.views(flat)
    weights = network.views(parameters)
    dz = loss_backward(loss, network.activations[-1], z[-1], a[-1], y)
    for layer in range(len(weights) - 1, -1, -1):
        slopes[layer].w[:] = a[layer].T @ dz
        slopes[layer].b[:] = dz.sum(axis=0)
        if layer:
            da = dz @ weights[layer].w.T
            dz = activation_backward(network.activations[layer - 1], z[layer - 1], a[layer], da)
    return value, flat


@np.errstate(all="ignore")  # a diverging run overflows before it is stopped
def train(plan: Plan, data: Data, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
    """Does at most `updates` updates; see `arguments`."""
    network, loss_name, optimizer = _named(plan)
    first_epoch = int(control.flags[UPDATE]) // data.epoch_length
    for _ in range(updates):
        if control.flags[STOP]:
            return STOPPED
        t = int(control.flags[UPDATE])
        rows = batch(data, first_epoch, t)
        loss, g = gradient(network, state.parameters, data.inputs[rows], data.targets[rows], loss_name)
        if t % stride == 0:
            losses[t // stride] = loss
        if control.flags[WANTED]:
            control.publish(state.parameters, loss, RUNNING)
        if not np.isfinite(loss):
            return DIVERGED
        if loss < control.dials[GOAL_LOSS]:
            return GOAL
        optimizer = replace(optimizer, rate=float(control.dials[RATE]))
        apply_update(optimizer, state.parameters, g, state.memory, t + 1)
        control.flags[UPDATE] = t + 1
    return DONE


def batch(data: Data, first_epoch: int, t: int) -> slice | Integers:
    """Which rows update t + 1 uses, when the first line of the order table is that of `first_epoch`."""
    if data.batch >= len(data.inputs):
        return slice(None)
    epoch, part = divmod(t, data.epoch_length)
    order: Integers = data.order[(epoch - first_epoch) % len(data.order)]
    return order[part * data.batch : (part + 1) * data.batch]


def _named(plan: Plan) -> tuple[Network, str, Optimizer]:
    """The plan in words."""
    layers = zip(plan.sizes[1:].tolist(), plan.activations.tolist(), strict=True)
    network = Network(int(plan.sizes[0]), tuple(Layer(units, ACTIVATIONS[code]) for units, code in layers))
    momentum, beta1, beta2, eps = plan.constants.tolist()
    optimizer = Optimizer(OPTIMIZERS[plan.optimizer], 1.0, momentum, beta1, beta2, eps)
    return network, LOSSES[plan.loss], optimizer
