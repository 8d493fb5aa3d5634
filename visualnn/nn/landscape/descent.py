"""The way down that an optimizer takes: the arithmetic of `optimizers`, on two numbers.

On a formula the slopes are the formula's. Of a network two weights move and all others stay, which no training does:
a mask counts what it freezes as 0. The loss and its slopes are the engine's all the same, with its batches, penalties,
clipping and dropout, and all that the optimizer remembers is remembered of these two. So the path lies on the surface.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf, isfinite
from typing import Protocol

import numpy as np

from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.reference import batch
from visualnn.nn.landscape.floats import Slots, moved
from visualnn.nn.landscape.logbook import Logbook
from visualnn.nn.landscape.pair import Pair
from visualnn.nn.landscape.path import Path
from visualnn.nn.landscape.plane import Plane
from visualnn.nn.landscape.track import Track
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.optimizers import look_ahead
from visualnn.nn.options import Options
from visualnn.nn.order import Order
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
        self.task, self.plane = task, plane
        self._pair = Pair(task, plane)
        self._order = Order(task.rows, task.batch, task.options.seed)
        self._is_whole = task.epoch_length == 1 and not task.options.dropout

    @property
    def epoch_length(self) -> int:
        """Updates per pass through the data."""
        return self.task.epoch_length

    def under(self, options: Options) -> TwoWeights:
        """The same surface as other options train on it: their batches, penalties, clipping and dropout; its loss."""
        return TwoWeights(replace(self.task, options=replace(options, loss=self.task.options.loss)), self.plane)

    @np.errstate(all="ignore")  # it may diverge
    def loss_and_slopes(self, point: Vector, update: int = 0) -> tuple[float, Vector]:
        """The loss over all rows, and the slopes of those of the next update."""
        rows = batch(self.task, self._order, update)
        loss, slopes = self._pair.loss_and_slopes(point, rows, update)
        return loss if self._is_whole else self._pair.loss(point), slopes


class Descent:
    """A ball that rolls: where it is, what its optimizer remembers, and where it has been. For one thread.

    Its numbers are plain floats, and those of `optimizers.apply_update` to the bit.
    """

    def __init__(self, surface: Slopes, options: Options, start: tuple[float, float]) -> None:
        self.surface, self.options = surface, options
        self.updates = 0
        self._x, self._y = map(float, start)
        self._of_x: Slots = (0.0,) * len(options.optimizer.memory(2))
        self._of_y = self._of_x
        self._scalars, self._product = fresh_scalars(), 1.0
        self._log = Logbook(len(self._of_x))
        self._track: Track | None = None
        self._look()

    @property
    def point(self) -> Vector:
        """Where it is."""
        return np.array([self._x, self._y])

    @property
    def memory(self) -> Matrix:
        """What its optimizer remembers, (slots, 2)."""
        return np.array([self._of_x, self._of_y]).T.copy()

    @property
    def stop(self) -> Stop | None:
        """Why it goes no further; None: it does."""
        goal = self.options.goal
        if not isfinite(self.loss):
            return Stop.DIVERGED
        return Stop.GOAL if goal is not None and self.loss < goal else None

    @property
    def path(self) -> Path:
        """All of it so far."""
        track = self.track
        return Path(track.places, track.losses, track.losses.copy(), self.stop or Stop.DONE)

    @property
    def track(self) -> Track:
        """All of it so far, with the slopes and the memory; the same object until it moves."""
        if self._track is None or self._track.last < self.updates:
            pages = self._log.read()
            self._track = Track(
                self.options,
                pages.updates,
                pages.places,
                pages.losses,
                slopes=pages.slopes,
                memory=pages.memory,
                stop=self.stop,
                rates=pages.rates,
            )
        return self._track

    def run(self, updates: int) -> Stop:
        """Does so many updates; fewer where the loss falls below the goal of the options or is no longer finite."""
        end, goal = self.updates + updates, self.options.goal
        goal = -inf if goal is None else goal
        while self.updates < end and isfinite(self.loss) and not self.loss < goal:
            self._update()
        return self.stop or Stop.DONE

    def _update(self) -> None:
        rule, t, schedule, (by_x, by_y) = self.options.optimizer, self.updates, self.options.schedule, self.slopes
        if rule.name == "nadam":
            self._product *= look_ahead(rule.beta1, t + 1)
        rate, product = self._rate, self._product
        self._x, self._of_x = moved(rule, self._x, by_x, self._of_x, t=t + 1, rate=rate, product=product)
        self._y, self._of_y = moved(rule, self._y, by_y, self._of_y, t=t + 1, rate=rate, product=product)
        note_loss(schedule, t, self.surface.epoch_length, self.loss, self._scalars)
        self.updates = t + 1
        self._look()

    def _look(self) -> None:
        """The loss here, and what the next update will do with."""
        self.loss, slopes = self.surface.loss_and_slopes(self.point, self.updates)
        self.slopes: tuple[float, float] = tuple(slopes.tolist())
        schedule = self.options.schedule
        self._rate = self.options.optimizer.rate * factor(schedule, self.updates, self._scalars)
        remembered = (number for pair in zip(self._of_x, self._of_y, strict=True) for number in pair)
        self._log.write((self.loss, self._rate, self._x, self._y, *self.slopes, *remembered))


def descend(surface: Slopes, options: Options, start: tuple[float, float], updates: int) -> Path:
    """The path of so many updates."""
    descent = Descent(surface, options, start)
    descent.run(updates)
    return descent.path
