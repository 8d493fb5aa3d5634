"""The loss of a network and the slopes of two of its weights while all others stay.

The arithmetic is that of `kernels.reference`, to the bit: the same operations in the same order, without those of which
nobody sees the result. Letters and shapes as there.
"""

from __future__ import annotations

from math import isfinite

import numpy as np

from visualnn.nn.divergence import place
from visualnn.nn.functions import activate, activation_backward, loss_backward, loss_rows
from visualnn.nn.kernels.arguments import Integers, Task
from visualnn.nn.kernels.reference import Gates, gates_of, kept, open_gates
from visualnn.nn.landscape.plane import Plane
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.penalties import clip


class Pair:
    """Two weights of a task, by their plane, that are not cut. For one thread."""

    def __init__(self, task: Task, plane: Plane) -> None:
        assert plane.weights is not None
        self.task, self.plane, self.weights = task, plane, plane.weights
        self._parameters = np.array(kept(plane.point(0.0, 0.0), task.mask))  # what the views show
        self._views = task.network.views(self._parameters)
        self._activations, self._shortcuts = task.network.activations, task.network.shortcuts
        self._open: Gates = open_gates(task.network, task.mask) or [None] * len(task.network.sizes)
        self._places = [place(task.network, weight) for weight in self.weights]  # layer, source or None, neuron
        self._is_whole = True  # whether all others are as the plane has them
        self._lowest = min(layer for layer, _source, _neuron in self._places)

    def loss(self, point: Vector) -> float:
        """Over all rows, nothing dropped."""
        self._go_to(point)
        z, a = self._forward(self.task.inputs, self._open)
        return float(loss_rows(self.task.options.loss, z[-1], a[-1], self.task.targets).mean())

    def loss_and_slopes(self, point: Vector, rows: slice | Integers, update: int) -> tuple[float, Vector]:
        """Over the rows of update `update` + 1; the slopes as the optimizer gets them, the others counted as 0."""
        task, options = self.task, self.task.options
        self._go_to(point)
        x, y, gates = task.inputs[rows], task.targets[rows], self._open
        if options.dropout:
            gates = gates_of(task, update, len(x)) or gates
        z, a = self._forward(x, gates)
        loss = float(loss_rows(options.loss, z[-1], a[-1], y).mean())
        dz = loss_backward(options.loss, self._activations[-1], z[-1], a[-1], y)
        slopes = [self._penalised(k, slope) for k, slope in enumerate(self._backward(z, a, gates, dz))]
        return loss, self._clipped(np.array(slopes))

    def _go_to(self, point: Vector) -> None:
        """Exactly `plane.point`, masked. Where the point is not finite, nothing else is, so that all is made anew."""
        x, y = point.tolist()
        if isfinite(x) and isfinite(y) and self._is_whole:
            self._parameters[self.weights[0]], self._parameters[self.weights[1]] = x + 0.0, y + 0.0
        else:
            self._parameters[:] = kept(self.plane.point(x, y), self.task.mask)
            self._is_whole = isfinite(x) and isfinite(y)

    def _forward(self, x: Matrix, gates: Gates) -> tuple[list[Matrix], list[Matrix]]:
        z, a = [], [x if gates[0] is None else x * gates[0]]
        for layer, ((w, b), activation) in enumerate(zip(self._views, self._activations, strict=True)):
            z.append(a[-1] @ w + b)
            a.append(activate(activation, z[-1]))
            source, gate = self._shortcuts[layer + 1], gates[layer + 1]
            if source is not None:
                a[-1] = a[-1] + a[source]
            if gate is not None:
                a[-1] = a[-1] * gate
        return z, a

    def _backward(self, z: list[Matrix], a: list[Matrix], gates: Gates, dz: Matrix) -> list[float]:
        """The slopes of the two weights."""
        found = [0.0, 0.0]
        da: list[Matrix | float] = [0.0] * len(a)
        for layer in range(len(z) - 1, self._lowest - 1, -1):
            self._read(found, layer, a[layer], dz)
            if layer > self._lowest:
                arriving = dz @ self._views[layer].w.T + da[layer]
                gate, source = gates[layer], self._shortcuts[layer]
                arriving = arriving if gate is None else arriving * gate
                if source is not None:
                    da[source] = da[source] + arriving
                name, own = self._activations[layer - 1], a[layer]
                if source is not None or gate is not None:
                    own = activate(name, z[layer - 1])
                dz = activation_backward(name, z[layer - 1], own, arriving)
        return found

    def _read(self, found: list[float], layer: int, a: Matrix, dz: Matrix) -> None:
        """What of the two belongs to a layer. The whole product, for one of its numbers alone is added otherwise."""
        here = [k for k, place in enumerate(self._places) if place[0] == layer]
        dw = a.T @ dz if any(self._places[k][1] is not None for k in here) else None
        for k in here:
            _layer, source, neuron = self._places[k]
            found[k] = float(dz.sum(axis=0)[neuron] if source is None or dw is None else dw[source, neuron])

    def _penalised(self, k: int, slope: float) -> float:
        """As `penalties.add_penalties` does; biases have none."""
        options, w = self.task.options, float(self._parameters[self.weights[k]])
        if self._places[k][1] is None:
            return slope
        slope = slope + options.l1 * float(np.sign(w)) if options.l1 else slope
        return slope + 2.0 * options.l2 * w if options.l2 else slope

    def _clipped(self, slopes: Vector) -> Vector:
        """Their squares are added in the order of the parameters."""
        if not self.task.options.is_clipped:
            return slopes
        order = np.argsort(self.weights)
        g = slopes[order]
        clip(g, self.task.options)
        slopes[order] = g
        return slopes
