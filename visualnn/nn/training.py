"""The training loop as a value-like object: its state and `run(updates)`. No thread, no Qt.

``t`` counts updates. ``loss[t]`` is the loss of the parameters after t updates over the rows that update t + 1 uses:
all of them for a full batch. Epoch e goes through the rows in the order of the e-th ``permutation`` that
``numpy.random.default_rng(10_000 + seed)`` draws; the last batch of an epoch may be short.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from visualnn.nn.curve import CURVE_CAPACITY, CurveView, LossCurve
from visualnn.nn.data import Dataset
from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import LOSSES, losses_for
from visualnn.nn.initializers import INITIALIZERS, initial_parameters
from visualnn.nn.kernels import choose, reference
from visualnn.nn.kernels.arguments import (
    CLOSE,
    DIVERGED,
    DONE,
    ERA,
    GOAL,
    GOAL_LOSS,
    RATE,
    RUNNING,
    SHOT_ERA,
    SHOT_HEAD,
    SHOT_LOSS,
    SHOT_UPDATE,
    SHOT_WHY,
    STOP,
    STOPPED,
    UPDATE,
    Control,
    Data,
    Plan,
    State,
)
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.order import Order


@dataclass(frozen=True, slots=True)
class Options:
    """How to train. Raises `VisualNNError` on values that cannot train.

    `batch_size` None means all rows. `goal` is a loss at which the window stops by itself (None: never).
    """

    optimizer: Optimizer = field(default_factory=Optimizer)
    loss: str = "mse"
    batch_size: int | None = None
    initializer: str = "glorot_uniform"
    seed: int = 0
    goal: float | None = None

    def __post_init__(self) -> None:
        if self.loss not in LOSSES:
            raise VisualNNError(f"There is no loss “{self.loss}”. Known: {', '.join(LOSSES)}.")
        if self.initializer not in INITIALIZERS:
            raise VisualNNError(f"There is no initializer “{self.initializer}”. Known: {', '.join(INITIALIZERS)}.")
        if self.batch_size is not None and self.batch_size < 1:
            raise VisualNNError(f"The batch size must be at least 1, not {self.batch_size}.")
        if not 0 <= self.seed < 2**63:
            raise VisualNNError(f"The seed must be a whole number from 0 to 2⁶³ − 1, not {self.seed}.")


def same_run(a: Options, b: Options) -> bool:
    """Whether options differ at most in what may change while a run goes on: the rate and the goal."""
    rate = replace(a.optimizer, rate=b.optimizer.rate)
    return replace(a, optimizer=rate, goal=b.goal) == b


class Stop(StrEnum):
    """Why a run ended."""

    DONE = "done"  # all updates that were asked for
    STOPPED = "stopped"  # somebody set the stop flag
    GOAL = "goal"  # the loss is below the goal
    DIVERGED = "diverged"  # the loss is no longer a finite number


WHY = {DONE: Stop.DONE, STOPPED: Stop.STOPPED, GOAL: Stop.GOAL, DIVERGED: Stop.DIVERGED}
CODES = {stop: code for code, stop in WHY.items()}


@dataclass(frozen=True, eq=False, slots=True)
class Snapshot:
    """What the screen may know of a training: everything is from the same moment, between two updates."""

    update: int  # updates done
    epoch: int  # whole passes through the data done
    loss: float  # of these parameters, over the rows of the next update
    parameters: Vector  # a read-only copy
    curve: CurveView  # the losses before `update`
    stop: Stop | None = None  # why training stands still; None while it runs


class Training:
    """A network that is being trained: parameters, optimizer memory, place in the data, and the losses so far.

    The same network, data and options give the same numbers, however the updates are split into calls of `run`. Raises
    `VisualNNError` for data or a loss that do not fit the network. One thread may call methods; others may read
    `control` and `look`.
    """

    def __init__(
        self,
        network: Network,
        dataset: Dataset,
        options: Options,
        parameters: Vector | None = None,
        *,
        curve_capacity: int | None = CURVE_CAPACITY,
    ) -> None:
        check_fit(network, dataset, options)
        if parameters is None:
            parameters = initial_parameters(network, options.initializer, options.seed)
        network.views(parameters)
        self.network, self.dataset, self.options = network, dataset, options
        self.start = np.array(parameters, dtype=np.float64)  # own copy, where `restart` goes back to
        self.start.setflags(write=False)
        self.parameters: Vector = self.start.copy()
        self.memory: Matrix = options.optimizer.memory(self.parameters.size)
        self.control = Control.of(self.parameters.size, options.optimizer.rate, options.goal)
        self.curve = LossCurve(curve_capacity)
        self.control.flags[ERA] = self.curve.era
        batch = min(options.batch_size or dataset.rows, dataset.rows)
        self._order = Order(dataset.rows, batch, options.seed)
        self._plan = Plan.of(network, options.loss, options.optimizer)
        self._data = Data.of(dataset, self._order.table(0, 1)[0], batch)
        self._rates = [(0, options.optimizer.rate)]

    @property
    def updates(self) -> int:
        """Updates done since the start."""
        return int(self.control.flags[UPDATE])

    @property
    def epoch_length(self) -> int:
        """Updates per pass through the data; 1 for a full batch."""
        return self._data.epoch_length

    @property
    def epoch(self) -> int:
        """Whole passes through the data done."""
        return self.updates // self.epoch_length

    @property
    def rate(self) -> float:
        """The learning rate of the next update."""
        return float(self.control.dials[RATE])

    def run(self, updates: int) -> Stop:
        """Does this many updates, fewer if it is stopped, reaches the goal or diverges."""
        end = self.updates + updates
        stop = Stop.DONE
        while self.updates < end and stop is Stop.DONE:
            order, count = self._order.table(self.updates, end - self.updates)
            count = min(count, self.curve.room(self.updates))
            data, state = self._data._replace(order=order), State(self.parameters, self.memory)
            curve = self.curve
            stop = WHY[choose.train(self._plan, data, state, self.control, curve.values, curve.stride, count)]
        return stop

    @property
    def loss(self) -> float:
        """The loss over the rows of the next update; what the curve's next value will be."""
        order, _count = self._order.table(self.updates, 1)
        rows = reference.batch(self._data._replace(order=order), self.epoch, self.updates)
        return self._loss(self._data.inputs[rows], self._data.targets[rows])

    def full_loss(self) -> float:
        """The loss over all rows."""
        return self._loss(self._data.inputs, self._data.targets)

    def _loss(self, x: Matrix, y: Matrix) -> float:
        with np.errstate(all="ignore"):
            return reference.mean_loss(self.network, self.parameters, x, y, self.options.loss)

    def set_rate(self, rate: float) -> None:
        """The learning rate from the next update on. Raises `VisualNNError` if it is not a number above 0."""
        Optimizer(rate=rate)
        self._rates = [*(change for change in self._rates if change[0] < self.updates), (self.updates, rate)]
        self.control.dials[RATE] = rate

    def set_goal(self, goal: float | None) -> None:
        """The loss below which a run stops; None means never."""
        self.control.dials[GOAL_LOSS] = -np.inf if goal is None else goal

    def restart(self) -> None:
        """Back to the start: its parameters, empty memory, the first order of the rows. The present rate stays."""
        self.parameters[:] = self.start
        self.memory[:] = 0.0
        self._order.restart()
        self.curve.clear()
        self.control.flags[UPDATE] = 0
        self.control.flags[ERA] = self.curve.era
        self._rates = [(0, self.rate)]

    def seek(self, update: int) -> Stop:
        """Goes to exactly this update, back by replaying from the start with the rates used then.

        The present rate is used for what comes after. A stop flag does not interrupt a replay, the close flag does.
        """
        rates, rate, goal = self._rates, self.rate, float(self.control.dials[GOAL_LOSS])
        if update < self.updates:
            self.restart()
            self.control.flags[ERA] = 0  # nobody wants to see the replay: `look` takes shots of the curve's era only
        self.set_goal(None)
        stop = self._replay(rates, update)
        self.set_rate(rate)
        self.set_goal(goal)
        self.control.flags[ERA] = self.curve.era
        return stop

    def _replay(self, rates: list[tuple[int, float]], update: int) -> Stop:
        stop = Stop.DONE
        changes = [*rates[1:], (update, 0.0)]
        for (first, rate), (end, _rate) in zip(rates, changes, strict=True):
            if first <= self.updates < min(end, update):
                self.set_rate(rate)
            while self.updates < min(end, update):
                stop = self.run(min(end, update) - self.updates)
                if stop is Stop.STOPPED and not self.control.flags[CLOSE]:
                    self.control.flags[STOP] = 0
                elif stop is not Stop.DONE:
                    return stop
        return stop

    def snapshot(self, stop: Stop | None = None) -> Snapshot:
        """This moment; for the thread that trains."""
        return self._snapshot(self.updates, self.loss, self.parameters.copy(), stop, self.curve.view(self.updates))

    def publish(self, stop: Stop | None) -> None:
        """Makes a shot of this moment for `look`; for the thread that trains, between two calls of `run`."""
        self.control.publish(self.parameters, self.loss, RUNNING if stop is None else CODES[stop])

    def look(self, seen: int) -> tuple[int, Snapshot] | None:
        """The newest shot after number `seen`, with its own number; None if there is none. For any thread."""
        newest = self.control.newest(seen)
        if newest is None:
            return None
        number, shot = newest
        update, why = int(shot[SHOT_UPDATE]), int(shot[SHOT_WHY])
        curve = self.curve.view(update, era=int(shot[SHOT_ERA]))
        if curve is None:  # it shows a run that has been restarted meanwhile
            return None
        return number, self._snapshot(update, float(shot[SHOT_LOSS]), shot[SHOT_HEAD:], WHY.get(why), curve)

    def _snapshot(
        self, update: int, loss: float, parameters: Vector, stop: Stop | None, curve: CurveView | None
    ) -> Snapshot:
        assert curve is not None
        parameters.setflags(write=False)
        return Snapshot(update, update // self.epoch_length, loss, parameters, curve, stop)


def check_fit(network: Network, dataset: Dataset, options: Options) -> None:
    """Raises `VisualNNError`, one sentence, if these data or this loss cannot train this network."""
    rows, inputs = dataset.inputs.shape
    outputs = dataset.targets.shape[1]
    if not rows:
        raise VisualNNError("There are no rows to learn from.")
    if len(dataset.targets) != rows:
        raise VisualNNError(f"The data have {rows} rows of inputs but {len(dataset.targets)} of answers.")
    if (inputs, outputs) != (network.inputs, network.outputs):
        raise VisualNNError(
            f"The data have {inputs} inputs and {outputs} outputs; "
            f"the network {network} has {network.inputs} and {network.outputs}."
        )
    fitting = losses_for(network.activations[-1])
    if options.loss not in fitting:
        raise VisualNNError(
            f"The loss “{options.loss}” does not fit the output activation “{network.activations[-1]}”; "
            f"use {' or '.join(f'“{name}”' for name in fitting)}."
        )
