"""One row, followed through forward pass, loss, backward pass and update, with every number kept.

Every sum is added in the order a person would write it down, ``x₁w₁ + x₂w₂ + … + b``, and a shortcut after the
activation, ``f(z) + a``; `by_hand` says why. So the exported Python code, the command line and the screen agree to the
last bit. In a batch the row is one of several, and the gradient the mean over them.

What a mask switches off counts as exactly 0: the weight of a cut connection, what a silent neuron passes on, and the
slopes of both, so that no update moves them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn import by_hand
from visualnn.nn.errors import VisualNNError
from visualnn.nn.lazy import lazy
from visualnn.nn.mask import Mask
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.optimizers import MEMORY_SLOTS, Optimizer, apply_update
from visualnn.nn.options import Options
from visualnn.nn.passes import LayerPass, LayerSlopes, backward, forward, loss_of, overflowing, row_loss
from visualnn.nn.penalties import add_penalties, clip
from visualnn.nn.schedule import factor, fresh_scalars


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows whose mean slopes make an update, and the one that is followed. Raises `VisualNNError` if there is none."""

    inputs: Matrix  # (rows, inputs)
    targets: Matrix  # (rows, outputs)
    row: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.row < len(self.inputs) == len(self.targets):
            raise VisualNNError(f"There is no row {self.row} in a batch of {len(self.inputs)}.")


@dataclass(frozen=True, eq=False)
class Trace:
    """One row's forward pass and, where there is a target, its loss, backward pass and update.

    These are worked out when they are first asked for, since a matrix of slopes as large as a giant network's weights
    is not needed to look at what it says.
    """

    network: Network
    parameters: Vector  # 0 for what is cut
    x: Vector
    layers: tuple[LayerPass, ...]
    target: Vector | None = None
    loss_name: str = "mse"
    optimizer: Optimizer | None = None
    mask: Mask | None = None
    options: Options | None = None  # penalties, clipping and schedule; None: none of them
    batch: Batch | None = None
    kept_memory: Matrix | None = None  # the optimizer's from the update before; None: empty
    update: int = 1  # which update this is

    @property
    def output(self) -> Vector:
        """What the network says, (outputs,)."""
        return self.layers[-1].a

    @lazy
    @overflowing
    def loss(self) -> float | None:
        """How far that is from the target; None without one."""
        return None if self.target is None else loss_of(self.loss_name, self.layers[-1], self.target)

    @lazy
    @overflowing
    def slopes(self) -> tuple[LayerSlopes, ...]:
        """This row's, layer by layer in forward order; none without a target."""
        if self.target is None:
            return ()
        return backward(self.network, self.layers, self.target, self.loss_name, self.mask)

    # -- the rows of a batch -------------------------------------------------------------------------------------

    @property
    def rows(self) -> int:
        """How many rows make the update."""
        return 1 if self.batch is None else len(self.batch.inputs)

    @lazy
    @overflowing
    def batch_losses(self) -> Vector:
        """The loss of every row (rows,); of this one without a batch."""
        if self.loss is None:
            return np.empty(0)
        if self.batch is None:
            return np.array([self.loss])
        return self._losses(self.parameters)

    @property
    def mean_loss(self) -> float | None:
        """The mean loss of the rows; None without a target."""
        return None if self.loss is None else by_hand.added(self.batch_losses.tolist()) / self.rows

    def _losses(self, parameters: Vector) -> Vector:
        assert self.batch is not None
        pairs = zip(self.batch.inputs, self.batch.targets, strict=True)
        return np.array([row_loss(self.network, parameters, x, y, self.loss_name, self.mask) for x, y in pairs])

    # -- slopes --------------------------------------------------------------------------------------------------

    @lazy
    @overflowing
    def row_gradient(self) -> Vector | None:
        """The slopes of all parameters for this row, flat as these are; None without a target."""
        return None if self.target is None else _flat(self.network, self.slopes, self.mask)

    @lazy
    @overflowing
    def mean_gradient(self) -> Vector | None:
        """The mean of the rows' slopes; None without a target."""
        if self.batch is None or self.row_gradient is None:
            return self.row_gradient
        total = np.zeros(self.network.parameter_count)
        for index, (x, y) in enumerate(zip(self.batch.inputs, self.batch.targets, strict=True)):
            total += self.row_gradient if index == self.batch.row else self._gradient_of(x, y)
        return total / self.rows

    def _gradient_of(self, x: Vector, y: Vector) -> Vector:
        layers = forward(self.network, self.parameters, x, self.mask)
        return _flat(self.network, backward(self.network, layers, y, self.loss_name, self.mask), self.mask)

    @lazy
    @overflowing
    def gradient(self) -> Vector | None:
        """What the optimizer gets: the mean slopes with penalties, clipped; None without a target."""
        mean, options = self.mean_gradient, self.options
        if mean is None or options is None or not (options.l1 or options.l2 or options.is_clipped):
            return mean
        g = mean.copy()
        add_penalties(self.network, self.parameters, g, options.l1, options.l2)
        g = g if self.mask is None else self.mask.kept(g)
        clip(g, options)
        return g

    # -- the update ----------------------------------------------------------------------------------------------

    @property
    def rate(self) -> float:
        """The learning rate of this update, as its schedule has it; 0 without an optimizer."""
        if self.optimizer is None:
            return 0.0
        if self.options is None:
            return self.optimizer.rate
        return self.optimizer.rate * factor(self.options.schedule, self.update - 1, fresh_scalars())

    @lazy
    def memory(self) -> Matrix:
        """The optimizer's before this update, (slots, parameters)."""
        assert self.optimizer is not None
        return self.optimizer.memory(self.parameters.size) if self.kept_memory is None else self.kept_memory

    @lazy
    @overflowing
    def _after(self) -> tuple[Vector, Matrix] | None:
        """The parameters after this update, and the optimizer's memory."""
        if self.optimizer is None or self.gradient is None:
            return None
        updated, memory = self.parameters.copy(), self.memory.copy()
        apply_update(self.optimizer, updated, self.gradient, memory, self.update, rate=self.rate)
        return (updated if self.mask is None else self.mask.kept(updated)), memory

    @property
    def updated(self) -> Vector | None:
        """The parameters after one update; None without a target or an optimizer."""
        return None if self._after is None else self._after[0]

    @property
    def memory_after(self) -> Matrix | None:
        """The optimizer's memory after it, (slots, parameters); None without a target or an optimizer."""
        return None if self._after is None else self._after[1]

    @lazy
    @overflowing
    def loss_after(self) -> float | None:
        """The mean loss of the same rows after that update."""
        if self.updated is None or self.target is None:
            return None
        if self.batch is None:
            return row_loss(self.network, self.updated, self.x, self.target, self.loss_name, self.mask)
        return by_hand.added(self._losses(self.updated).tolist()) / self.rows


def _flat(network: Network, slopes: tuple[LayerSlopes, ...], mask: Mask | None) -> Vector:
    """A row's slopes as one vector."""
    flat = np.empty(network.parameter_count)
    for (dw, db), layer in zip(network.views(flat), slopes, strict=True):
        np.multiply(layer.x[:, None], layer.dz, out=dw)
        db[:] = layer.dz
    return flat if mask is None else mask.kept(flat)


@overflowing
def trace(
    network: Network,
    parameters: Vector,
    x: Vector | None = None,
    *,
    target: Vector | None = None,
    batch: Batch | None = None,
    loss: str = "mse",
    optimizer: Optimizer | None = None,
    options: Options | None = None,
    memory: Matrix | None = None,
    update: int = 1,
    mask: Mask | None = None,
) -> Trace:
    """Follow one row: `x`, or the one that a `batch` singles out, which brings its target along.

    Without a target there is only the forward part, without `optimizer` or `options` no update; `options` say the loss
    too. `memory` is the optimizer's after `update` − 1 updates, (slots, parameters). Raises `VisualNNError` if
    `parameters` or `memory` do not fit the network. They must not change while the trace is in use.
    """
    if batch is not None:
        x, target = batch.inputs[batch.row], batch.targets[batch.row]
    if x is None:
        raise VisualNNError("There is no row to follow.")
    x = np.asarray(x, dtype=np.float64)
    layers = forward(network, parameters, x, mask)
    own = parameters if mask is None else mask.kept(parameters)
    known = None if target is None else np.asarray(target, dtype=np.float64)
    if options is not None:
        loss, optimizer = options.loss, options.optimizer
    _check_memory(optimizer, memory, own.size)
    return Trace(network, own, x, layers, known, loss, optimizer, mask, options, batch, memory, update)


def _check_memory(optimizer: Optimizer | None, memory: Matrix | None, parameters: int) -> None:
    wanted = None if optimizer is None else (MEMORY_SLOTS[optimizer.name], parameters)
    if memory is not None and memory.shape != wanted:
        raise VisualNNError("This memory belongs to another network or another optimizer.")
