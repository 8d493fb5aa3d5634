"""The way down that an optimizer takes: the arithmetic of `optimizers`, on two numbers.

On a formula the slopes are the formula's. Of a network two weights move and all others stay, which no training does:
a mask counts what it freezes as 0. The loss and its slopes are the engine's all the same, with its batches, penalties,
clipping and dropout, and all that the optimizer remembers is remembered of these two. So the path lies on the surface.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.reference import batch, gates_of, gradient, kept
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.path import Path
from visualnn.nn.landscape.plane import Plane
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.optimizers import apply_update, look_ahead
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.penalties import add_penalties, clip
from visualnn.nn.schedule import factor, fresh_scalars, note_loss
from visualnn.nn.training import Stop


class Slopes(Protocol):
    """A surface that can be descended: a `surfaces.Classic`, `TwoWeights`."""

    @property
    def epoch_length(self) -> int:
        """Updates per pass through the data."""
        ...

    def loss_and_slopes(self, point: Vector, update: int = 0) -> tuple[float, Vector]:
        """The loss at a point, and the two slopes as the optimizer gets them for update `update` + 1."""
        ...


class TwoWeights:
    """The engine's loss and slopes of two weights of a network, all others as the plane has them."""

    def __init__(self, task: Task, plane: Plane) -> None:
        if plane.weights is None:
            raise VisualNNError("Only in a plane of two weights can all others stay where they are.")
        mask = task.mask
        for place, name in zip(plane.weights, plane.names, strict=True):
            if mask is not None and mask.parameters[place] == 0.0:
                raise VisualNNError(f"{name} is cut or belongs to a silent neuron, so that it cannot move.")
        self.task, self.plane, self.ground = task, plane, Ground(task, plane)
        self._order = Order(task.rows, task.batch, task.options.seed)
        self._still = np.ones(task.network.parameter_count, dtype=np.bool_)
        self._still[list(plane.weights)] = False
        self._is_whole = task.epoch_length == 1 and not task.options.dropout

    @property
    def epoch_length(self) -> int:
        """Updates per pass through the data."""
        return self.task.epoch_length

    @np.errstate(all="ignore")  # it may diverge
    def loss_and_slopes(self, point: Vector, update: int = 0) -> tuple[float, Vector]:
        """The loss over all rows, and the slopes of those of the next update."""
        task, options, rows = self.task, self.task.options, batch(self.task, self._order, update)
        x, y, parameters = task.inputs[rows], task.targets[rows], self.plane.point(*point)
        w = kept(parameters, task.mask)
        loss, g = gradient(task.network, w, x, y, options.loss, gates_of(task, update, len(x)))
        add_penalties(task.network, w, g, options.l1, options.l2)
        g[self._still] = 0.0
        clip(g, options)
        return loss if self._is_whole else self.ground.loss(parameters), g[list(self.plane.weights or ())]


class Descent:
    """A ball that rolls: where it is, what its optimizer remembers, and where it has been. For one thread."""

    def __init__(self, surface: Slopes, options: Options, start: tuple[float, float]) -> None:
        self.surface, self.options = surface, options
        self.point = np.array(start, dtype=np.float64)
        self.memory: Matrix = options.optimizer.memory(2)
        self.updates = 0
        self.stop = Stop.DONE
        self._scalars, self._product = fresh_scalars(), 1.0
        self.loss, self.slopes = surface.loss_and_slopes(self.point, 0)
        self._points, self._losses = [self.point.copy()], [self.loss]

    @property
    def path(self) -> Path:
        """All of it so far."""
        losses = np.array(self._losses)
        return Path(np.array(self._points), losses, losses.copy(), self.stop)

    def run(self, updates: int) -> Stop:
        """Does so many updates; fewer where the loss falls below the goal of the options or is no longer finite."""
        goal, end = self.options.goal, self.updates + updates
        self.stop = Stop.DONE
        while self.updates < end:
            if not np.isfinite(self.loss):
                self.stop = Stop.DIVERGED
                break
            if goal is not None and self.loss < goal:
                self.stop = Stop.GOAL
                break
            self._update()
        return self.stop

    @np.errstate(all="ignore")
    def _update(self) -> None:
        rule, t, schedule = self.options.optimizer, self.updates, self.options.schedule
        if rule.name == "nadam":
            self._product *= look_ahead(rule.beta1, t + 1)
        rate = rule.rate * factor(schedule, t, self._scalars)
        apply_update(rule, self.point, self.slopes, self.memory, t + 1, rate=rate, product=self._product)
        note_loss(schedule, t, self.surface.epoch_length, self.loss, self._scalars)
        self.updates = t + 1
        self.loss, self.slopes = self.surface.loss_and_slopes(self.point, self.updates)
        self._points.append(self.point.copy())
        self._losses.append(self.loss)


def descend(surface: Slopes, options: Options, start: tuple[float, float], updates: int) -> Path:
    """The path of so many updates."""
    descent = Descent(surface, options, start)
    descent.run(updates)
    return descent.path
