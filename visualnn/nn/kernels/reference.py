"""The training loop in NumPy, written to be read: what the compiled kernels are tested against.

Shapes: ``x`` (rows, inputs), ``y`` (rows, outputs), ``z`` and ``a`` of a layer (rows, units), ``w`` (inputs, units),
``b`` (units,), and ``dz``, ``da``, ``dw``, ``db`` like what they are the slopes of. Gradients and parameters are flat,
as `network.Network` lays them out. A gate of a column multiplies its activations: 0 silences a neuron. The backward
pass is Rumelhart, Hinton & Williams 1986.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from visualnn.nn import dropout
from visualnn.nn.functions import activate, activation_backward, loss_backward, loss_rows
from visualnn.nn.kernels.arguments import (
    DIVERGED,
    DONE,
    GOAL,
    GOAL_LOSS,
    RATE,
    STOP,
    STOPPED,
    UPDATE,
    WANTED,
    Control,
    Integers,
    State,
    Task,
)
from visualnn.nn.mask import Mask
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.optimizers import apply_update, look_ahead
from visualnn.nn.order import Order
from visualnn.nn.penalties import add_penalties, clip
from visualnn.nn.schedule import BETA1_POWER, BETA2_POWER, MU_PRODUCT, factor, note_loss

Gates = Sequence[Matrix | None]  # one per column; None: all open


def forward(
    network: Network, parameters: Vector, x: Matrix, gates: Gates | None = None
) -> tuple[list[Matrix], list[Matrix]]:
    """The sums ``z`` of every layer, and the activations ``a`` of every column with the inputs as ``a[0]``."""
    gates = gates or [None] * len(network.sizes)
    z, a = [], [x if gates[0] is None else x * gates[0]]
    for layer, ((w, b), activation) in enumerate(zip(network.views(parameters), network.activations, strict=True)):
        z.append(a[-1] @ w + b)
        a.append(activate(activation, z[-1]))
        source, gate = network.shortcuts[layer + 1], gates[layer + 1]
        if source is not None:
            a[-1] = a[-1] + a[source]
        if gate is not None:
            a[-1] = a[-1] * gate
    return z, a


def mean_loss(
    network: Network, parameters: Vector, x: Matrix, y: Matrix, loss: str, gates: Gates | None = None
) -> float:
    """The loss over all these rows."""
    z, a = forward(network, parameters, x, gates)
    return float(loss_rows(loss, z[-1], a[-1], y).mean())


def gradient(
    network: Network, parameters: Vector, x: Matrix, y: Matrix, loss: str, gates: Gates | None = None
) -> tuple[float, Vector]:
    """The loss over all these rows and its slope with respect to every parameter."""
    gates = gates or [None] * len(network.sizes)
    z, a = forward(network, parameters, x, gates)
    value = float(loss_rows(loss, z[-1], a[-1], y).mean())
    flat = np.empty_like(parameters)
    slopes, weights = network.views(flat), network.views(parameters)
    dz = loss_backward(loss, network.activations[-1], z[-1], a[-1], y)
    da: list[Matrix | float] = [0.0] * len(a)  # what shortcuts bring back to a column
    for layer in range(len(weights) - 1, -1, -1):
        slopes[layer].w[:] = a[layer].T @ dz
        slopes[layer].b[:] = dz.sum(axis=0)
        if layer:
            arriving = dz @ weights[layer].w.T + da[layer]
            gate, source = gates[layer], network.shortcuts[layer]
            arriving = arriving if gate is None else arriving * gate
            if source is not None:
                da[source] = da[source] + arriving
            name, own = network.activations[layer - 1], a[layer]
            if source is not None or gate is not None:
                own = activate(name, z[layer - 1])
            dz = activation_backward(name, z[layer - 1], own, arriving)
    return value, flat


def open_gates(network: Network, mask: Mask | None) -> list[Matrix] | None:
    """What multiplies the activations where nothing is dropped: switched-off neurons."""
    return None if mask is None else [column[None] for column in mask.columns(network)]


def gates_of(task: Task, t: int, rows: int) -> Gates | None:
    """What multiplies the activations in update t + 1: switched-off neurons and dropout."""
    network, share = task.network, task.options.dropout
    if task.mask is None and not share:
        return None
    silent = dropout.gates(network, share, dropout.update_key(task.options.seed, t), rows) if share else None
    if task.mask is None:
        return silent
    columns = open_gates(network, task.mask)
    if silent is None or columns is None:
        return columns
    return [column if gate is None else column * gate for column, gate in zip(columns, silent, strict=True)]


def kept(parameters: Vector, mask: Mask | None) -> Vector:
    """The parameters with 0 for what is cut."""
    return parameters if mask is None else parameters * mask.parameters


def batch_gradient(task: Task, parameters: Vector, rows: slice | Integers, t: int) -> tuple[float, Vector]:
    """The loss over these rows in update t + 1, and the gradient as the optimizer gets it."""
    x, y, options = task.inputs[rows], task.targets[rows], task.options
    w = kept(parameters, task.mask)
    loss, g = gradient(task.network, w, x, y, options.loss, gates_of(task, t, len(x)))
    add_penalties(task.network, w, g, options.l1, options.l2)
    if task.mask is not None:
        g *= task.mask.parameters
    clip(g, options)
    return loss, g


def batch_loss(task: Task, parameters: Vector, rows: slice | Integers, t: int) -> float:
    """The loss over these rows in update t + 1."""
    x, y = task.inputs[rows], task.targets[rows]
    w, gates = kept(parameters, task.mask), gates_of(task, t, len(x))
    return mean_loss(task.network, w, x, y, task.options.loss, gates)


def batch(task: Task, order: Order, t: int) -> slice | Integers:
    """Which rows update t + 1 uses."""
    if task.batch >= task.rows:
        return slice(None)
    epoch, part = divmod(t, task.epoch_length)
    order.go_to(epoch)
    return order.line[part * task.batch : (part + 1) * task.batch]


class Loop:
    """The readable loop; see `arguments.Loop`."""

    def __init__(self, task: Task) -> None:
        self.task = task

    @np.errstate(all="ignore")  # a diverging run overflows before it is stopped
    def run(self, order: Order, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
        """Does at most `updates` updates."""
        task = self.task
        for _ in range(updates):
            if control.flags[STOP]:
                return STOPPED
            t = int(control.flags[UPDATE])
            loss, g = batch_gradient(task, state.parameters, batch(task, order, t), t)
            if t % stride == 0:
                losses[t // stride] = loss
            if control.flags[WANTED]:
                control.fill(kept(state.parameters, task.mask), loss)
            if not np.isfinite(loss):
                return DIVERGED
            if loss < control.dials[GOAL_LOSS]:
                return GOAL
            self._update(state, g, float(control.dials[RATE]), loss, t)
            control.flags[UPDATE] = t + 1
        return DONE

    def _update(self, state: State, g: Vector, rate: float, loss: float, t: int) -> None:
        """Update t + 1."""
        options, mask, scalars = self.task.options, self.task.mask, state.scalars
        rule = options.optimizer
        if rule.name in ("adam", "adamw", "nadam"):
            scalars[BETA1_POWER] *= rule.beta1
            scalars[BETA2_POWER] *= rule.beta2
        if rule.name == "nadam":
            scalars[MU_PRODUCT] *= look_ahead(rule.beta1, t + 1)
        rate *= factor(options.schedule, t, scalars)
        before = state.parameters if mask is None else state.parameters.copy()
        w, product = state.parameters, float(scalars[MU_PRODUCT])
        apply_update(rule, w, g, state.memory, t + 1, rate=rate, product=product)
        if mask is not None:
            np.copyto(state.parameters, before, where=mask.parameters == 0.0)
        note_loss(options.schedule, t, self.task.epoch_length, loss, scalars)
