"""The loss over a plane of a network: what `grid` asks for its heights.

Two ways lead to the same numbers: a compiled one, once it is loaded, and a plain one that takes many points at once in
NumPy. Both compute in 64 bits the mean loss over all rows, without dropout and without penalties, at exactly the
parameters of a point, masked as the network is. They differ from `metrics.score` by rounding only: the sums of a layer
and of the rows are added in another order. For sums of some hundred products that is 1e-13 of a loss, and of a loss
that is almost 0, 1e-15 of what the answers are squared.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from visualnn.nn.functions import activate, loss_rows
from visualnn.nn.kernels import choose
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.reference import Gates, gradient, kept, mean_loss, open_gates
from visualnn.nn.landscape.plane import Plane
from visualnn.nn.network import Matrix, Vector

STACKED = 2**20  # numbers of a layer that the plain way makes at once
PICTURE_ROWS = 256  # are enough for a picture


class Ground:
    """The losses of a task over a plane. For one thread at a time."""

    def __init__(self, task: Task, plane: Plane) -> None:
        task.network.views(plane.origin)
        self.task, self.plane = task, plane
        self._compiled: choose.Heights | None = None

    def over(self, plane: Plane) -> Ground:
        """The same task over another plane, ready at once: what is compiled is shared, so both are for one thread."""
        other = Ground(self.task, plane)
        if self._compiled is not None:
            other._compiled = self._compiled.through(plane.origin, plane.u, plane.v)
        return other

    @property
    def cost(self) -> int:
        """Multiplications of one point."""
        return self.task.network.parameter_count * self.task.rows

    def heights(self, xs: Vector, ys: Vector) -> Vector:
        """The losses at these points."""
        if self._compiled is None:
            plane = self.plane
            self._compiled = choose.heights(self.task, plane.origin, plane.u, plane.v)
        if self._compiled is not None:
            return self._compiled.at(xs, ys)
        return plain_heights(self.task, self.plane, xs, ys)

    @np.errstate(all="ignore")  # there may be places where the network overflows
    def loss(self, parameters: Vector) -> float:
        """The loss at any parameters, in the plane or not: the true height of a ball."""
        task, gates = self.task, open_gates(self.task.network, self.task.mask)
        w = kept(parameters, task.mask)
        return mean_loss(task.network, w, task.inputs, task.targets, task.options.loss, gates)

    @np.errstate(all="ignore")
    def gradient(self, parameters: Vector) -> Vector:
        """The slope of that loss with respect to every parameter; 0 for what is cut."""
        task, gates = self.task, open_gates(self.task.network, self.task.mask)
        w = kept(parameters, task.mask)
        _loss, g = gradient(task.network, w, task.inputs, task.targets, task.options.loss, gates)
        return g if task.mask is None else task.mask.kept(g)


def sampled(task: Task, rows: int = PICTURE_ROWS) -> Task:
    """The task with so many of its rows, always the same ones, in their order; a picture of these must say so."""
    if rows >= task.rows:
        return task
    chosen = np.sort(np.random.default_rng(0).permutation(task.rows)[:rows])
    inputs, targets = task.inputs[chosen], task.targets[chosen]
    for array in (inputs, targets):
        array.setflags(write=False)
    return replace(task, inputs=inputs, targets=targets)


@np.errstate(all="ignore")
def plain_heights(task: Task, plane: Plane, xs: Vector, ys: Vector) -> Vector:
    """The losses at these points, many networks side by side."""
    xs, ys = np.ravel(xs), np.ravel(ys)
    together = max(1, STACKED // (task.rows * max(task.network.sizes)))
    together = max(1, min(together, STACKED // task.network.parameter_count))
    parts = [slice(k, k + together) for k in range(0, xs.size, together)]
    return np.concatenate([np.empty(0), *(_stacked(task, plane, xs[part], ys[part]) for part in parts)])


def _stacked(task: Task, plane: Plane, xs: Vector, ys: Vector) -> Vector:
    """Shapes: ``parameters`` (points, count), ``z`` and ``a`` of a layer (points, rows, units)."""
    parameters = (plane.origin + xs[:, None] * plane.u) + ys[:, None] * plane.v
    if task.mask is not None:
        parameters = parameters * task.mask.parameters
    z, a = _forward(task, parameters)
    return np.asarray(loss_rows(task.options.loss, z, a, task.targets).mean(axis=-1))


def _forward(task: Task, parameters: Matrix) -> tuple[Matrix, Matrix]:
    """The sums and the activations of the outputs."""
    network, sizes = task.network, task.network.sizes
    gates: Gates = open_gates(network, task.mask) or [None] * len(sizes)
    columns = [task.inputs if gates[0] is None else task.inputs * gates[0]]
    for layer, ((first, bias), activation) in enumerate(zip(network.offsets, network.activations, strict=True)):
        n_in, n_out = sizes[layer], sizes[layer + 1]
        w = parameters[:, first:bias].reshape(-1, n_in, n_out)
        z = columns[-1] @ w + parameters[:, None, bias : bias + n_out]
        a, source, gate = activate(activation, z), network.shortcuts[layer + 1], gates[layer + 1]
        a = a if source is None else a + columns[source]
        columns.append(a if gate is None else a * gate)
    return z, columns[-1]
