"""The training loop as a value-like object: its state and `run(updates)`. No thread, no Qt.

``t`` counts updates. ``loss[t]`` is the loss of the parameters after t updates over the rows that update t + 1 uses:
all of them for a full batch. Epoch e goes through the rows in the order of the e-th ``permutation`` that
``numpy.random.default_rng(10_000 + seed)`` draws; the last batch of an epoch may be short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from visualnn.nn.curve import CURVE_CAPACITY, CurveView, LossCurve
from visualnn.nn.data import Dataset
from visualnn.nn.device import CPU, Device, DeviceError
from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import losses_for
from visualnn.nn.history import Checkpoint, History
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels import accelerator, choose, reference
from visualnn.nn.kernels.arguments import (
    CLOSE,
    DIVERGED,
    DONE,
    ERA,
    GOAL,
    GOAL_LOSS,
    RATE,
    SEQUENCE,
    SHOT_ERA,
    SHOT_HEAD,
    SHOT_LOSS,
    SHOT_SEQUENCE,
    SHOT_UPDATE,
    STOP,
    STOPPED,
    UPDATE,
    Control,
    Integers,
    Loop,
    State,
    Task,
)
from visualnn.nn.mask import Mask
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import fresh_scalars


class Stop(StrEnum):
    """Why a run ended."""

    DONE = "done"  # all updates that were asked for
    STOPPED = "stopped"  # somebody set the stop flag
    GOAL = "goal"  # the loss is below the goal
    DIVERGED = "diverged"  # the loss is no longer a finite number
    EARLY = "early"  # the loss over the rows held back has not been better for long


WHY = {DONE: Stop.DONE, STOPPED: Stop.STOPPED, GOAL: Stop.GOAL, DIVERGED: Stop.DIVERGED}


def noticed(error: DeviceError | str) -> str:
    """What the learner is told when the GPU fails."""
    return f"{error} Training goes on on the processor."


@dataclass(frozen=True, eq=False, slots=True)
class Snapshot:
    """What the screen may know of a training: everything is from the same moment, between two updates."""

    update: int  # updates done
    epoch: int  # whole passes through the data done
    loss: float  # of these parameters, over the rows of the next update
    parameters: Vector  # a read-only copy, 0 for what is cut
    curve: CurveView  # the losses before `update`
    last: int  # the last update of the run; more than `update` for who looks back
    whole: CurveView  # the losses before `last`
    stop: Stop | None = None  # why training stands still; None while it runs

    @property
    def looks_back(self) -> bool:
        """Whether this moment is not the last of its run."""
        return self.update < self.last


class Training:
    """A network that is being trained: parameters, optimizer memory, place in the data, and the losses so far.

    The same network, data and options give the same numbers, however the updates are split into calls of `run`. Raises
    `VisualNNError` for data or a loss that do not fit the network. One thread may call methods; others may call
    `look` and read `control`.

    `seek` goes to any moment of the run, whose `last` stays where it is; `run` goes on from the present one, and what
    came after that is forgotten: `cut`.

    On a `device` that fails, the processor goes on from before the call that failed, and `notice` says so; from then
    on `device` is the processor. A GPU computes where its loops are loaded and the options want no other precision.
    """

    def __init__(
        self,
        network: Network,
        dataset: Dataset,
        options: Options,
        parameters: Vector | None = None,
        *,
        mask: Mask | None = None,
        curve_capacity: int | None = CURVE_CAPACITY,
        device: Device = CPU,
    ) -> None:
        check_fit(network, dataset, options)
        if parameters is None:
            parameters = initial_parameters(network, options.initializer, options.seed, options.initializer_scale)
        network.views(parameters)
        self.network, self.dataset, self.options = network, dataset, options
        self.start = np.array(parameters, dtype=np.float64)  # own copy, where `restart` goes back to
        self.start.setflags(write=False)
        self.task = Task.of(network, options, dataset, mask)
        self.state = State(self.start.copy(), options.optimizer.memory(self.start.size), fresh_scalars())
        self.control = Control(self.start.size, options.optimizer.rate, options.goal)
        self.curve = LossCurve(curve_capacity)
        self.control.flags[ERA] = self.curve.era
        self.order = Order(dataset.rows, self.task.batch, options.seed)
        self.history = History()
        self.last = 0  # the last update of the run, wherever in it we are
        self._rates = [(0, options.optimizer.rate)]
        self.device = device  # where updates are to be made
        self.notice = ""  # a sentence for the learner, where that has become impossible
        self._devices: list[tuple[int, Device]] = []  # from which update on they have been made where
        self._loop: Loop = reference.Loop(self.task)
        self._rested: tuple[int, Snapshot] | None = None  # the newest snapshot made between two calls of the loop

    @property
    def begins_at_random(self) -> bool:
        """Whether the start is what the recipe of first weights draws from the seed."""
        options = self.options
        drawn = initial_parameters(self.network, options.initializer, options.seed, options.initializer_scale)
        return np.array_equal(self.start, drawn)

    @property
    def parameters(self) -> Vector:
        """Weights and biases as they are now; the thread that trains changes them in place."""
        return self.state.parameters

    @property
    def memory(self) -> Matrix:
        """The optimizer's, (slots, parameters)."""
        return self.state.memory

    @property
    def updates(self) -> int:
        """Updates done since the start."""
        return int(self.control.flags[UPDATE])

    @property
    def epoch_length(self) -> int:
        """Updates per pass through the data; 1 for a full batch."""
        return self.task.epoch_length

    @property
    def epoch(self) -> int:
        """Whole passes through the data done."""
        return self.updates // self.epoch_length

    @property
    def rate(self) -> float:
        """The learning rate that is set; a schedule multiplies it."""
        return float(self.control.dials[RATE])

    @property
    def rates(self) -> tuple[tuple[int, float], ...]:
        """From which update on which rate was set, over the whole run."""
        return tuple(self._rates)

    def run(self, updates: int) -> Stop:
        """Does this many updates, fewer if it is stopped, reaches the goal or diverges."""
        self.cut()
        return self._advance(updates)

    def cut(self) -> None:
        """Forgets what comes after the present update, if there is anything: the run goes on from here."""
        if self.updates < self.last:
            self.curve.cut(self.updates)
            self.history.cut(self.updates)
            self.control.flags[ERA], self.last = self.curve.era, self.updates
            self._note_rate()

    def _advance(self, updates: int) -> Stop:
        end = self.updates + updates
        stop = Stop.DONE
        while self.updates < end and stop is Stop.DONE:
            stop = self._call(end - self.updates)
        self.note_advance()
        return stop

    def _call(self, updates: int) -> Stop:
        """A call of the loop; DONE without any update where the GPU failed and the processor is to go on."""
        if self.device.is_gpu and (why := accelerator.lost()):  # perhaps by somebody else who has used it
            self.fall_back(noticed(why))
        device, count = self._portion(updates)
        curve = self.curve
        try:
            self._loop = choose.best(self._loop, self.task, device)
            return WHY[self._loop.run(self.order, self.state, self.control, curve.values, curve.stride, count)]
        except DeviceError as error:
            if not device.is_gpu:
                raise
            self.fall_back(noticed(error))
            return Stop.DONE

    def _portion(self, updates: int) -> tuple[Device, int]:
        """Where the next updates are made, and how many a loop can be called for."""
        device, count = self._place(updates)
        return device, min(count, self.curve.room(self.updates))

    def portion(self, updates: int) -> int:
        """How many of these updates a loop can be called for; for `together`, whose loop trains many at once."""
        return self._portion(updates)[1]

    def note_advance(self) -> None:
        """A loop has been called: the run goes as far now."""
        self.last = max(self.last, self.updates)

    def fall_back(self, notice: str) -> None:
        """Goes on on the processor, for the GPU failed; this says so."""
        self.set_device(CPU)
        self._devices = [(0, CPU)]  # the past, too
        self.notice = notice

    def _place(self, updates: int) -> tuple[Device, int]:
        """Where the next updates are made, and how many of them; those of the past where they were made before."""
        here = self.device if self.on_gpu else CPU
        if self.updates < self.last:
            known = [device for first, device in self._devices if first <= self.updates]
            following = [first - self.updates for first, _device in self._devices if first > self.updates]
            return (known or [here])[-1], min([updates, *following])
        self._devices = [change for change in self._devices if change[0] < self.updates]
        if not self._devices or self._devices[-1][1] != here:
            self._devices.append((self.updates, here))
        return here, updates

    @property
    def on_gpu(self) -> bool:
        """Whether the GPU makes the next updates."""
        return self.device.is_gpu and accelerator.ready(self.task)

    def set_device(self, device: Device) -> None:
        """Where updates are to be made from now on; the state goes along."""
        if device != self.device:
            self.device = device
            self.give_back()

    def give_back(self) -> None:
        """Gives back the memory of a GPU; for the thread that trains, for no other may do that."""
        self._loop = reference.Loop(self.task)

    def remember(self) -> None:
        """Keeps this moment in the history, if it is far enough from the others there."""
        if self.history.wants(self.updates):
            self.history.keep(self.checkpoint())

    @property
    def loss(self) -> float:
        """The loss over the rows of the next update; what the curve's next value will be."""
        with np.errstate(all="ignore"):
            return reference.batch_loss(self.task, self.parameters, self.next_rows(), self.updates)

    def next_rows(self) -> slice | Integers:
        """The rows of the next update."""
        return reference.batch(self.task, self.order, self.updates)

    def full_loss(self) -> float:
        """The loss over all rows, without dropout."""
        task, w = self.task, reference.kept(self.parameters, self.task.mask)
        gates = reference.open_gates(self.network, task.mask)
        with np.errstate(all="ignore"):
            return reference.mean_loss(self.network, w, task.inputs, task.targets, self.options.loss, gates)

    def checkpoint(self) -> Checkpoint:
        """A copy of all that the next updates depend on."""
        parameters, memory, scalars = self.state
        copies = parameters.copy(), memory.copy(), scalars.copy()
        return Checkpoint(self.updates, *copies, self.order.copy(), tuple(self._rates))

    def resume(self, checkpoint: Checkpoint) -> None:
        """Goes on from a checkpoint of a training like this one; the curve begins there. Raises `VisualNNError`."""
        kept = (checkpoint.parameters, checkpoint.memory, checkpoint.scalars)
        if [a.shape for a in kept] != [a.shape for a in self.state]:
            raise VisualNNError("This state belongs to another network or another optimizer.")
        self._put_back(checkpoint)
        self.history.clear()
        self.curve.clear()
        self.control.flags[ERA], self.last = self.curve.era, self.updates
        self._devices.clear()
        self._rates = list(checkpoint.rates)
        self.control.dials[RATE] = self._rates[-1][1]

    def restore(
        self, moments: Sequence[Checkpoint], curve: CurveView, rates: Sequence[tuple[int, float]], last: int
    ) -> None:
        """Takes up a run of a training like this one that has been kept, and goes to its last update."""
        self.restart()
        self.curve.take(curve)
        self.history.take(moments)
        self._rates, self.last = list(rates), last
        self.control.dials[RATE] = self._rates[-1][1]
        self.seek(last)

    def _put_back(self, checkpoint: Checkpoint) -> None:
        """State, order and count of the updates."""
        for own, saved in zip(self.state, (checkpoint.parameters, checkpoint.memory, checkpoint.scalars), strict=True):
            own[:] = saved
        self.order.take(checkpoint.order)
        self.control.flags[UPDATE] = checkpoint.update

    def set_rate(self, rate: float) -> None:
        """The learning rate for updates still to come. Raises `VisualNNError` if it is not a number above 0."""
        Optimizer(rate=rate)
        self.control.dials[RATE] = rate
        if self.updates == self.last:
            self._note_rate()

    def _note_rate(self) -> None:
        """The present rate is that of all updates from here on."""
        self._rates = [change for change in self._rates if change[0] < self.updates]
        if not self._rates or self._rates[-1][1] != self.rate:
            self._rates.append((self.updates, self.rate))

    def set_goal(self, goal: float | None) -> None:
        """The loss below which a run stops; None means never."""
        self.control.dials[GOAL_LOSS] = -np.inf if goal is None else goal

    def restart(self) -> None:
        """A new run from the start: its parameters, empty memory, the first order of the rows. The rate stays."""
        self._rewind()
        self.curve.clear()
        self.history.clear()
        self.control.flags[ERA], self.last = self.curve.era, 0
        self._devices.clear()
        self._rates = [(0, self.rate)]

    def _rewind(self) -> None:
        """To the first moment of the run."""
        self.state.parameters[:] = self.start
        self.state.memory[:] = 0.0
        self.state.scalars[:] = fresh_scalars()
        self.order.restart()
        self.control.flags[UPDATE] = 0

    def seek(self, update: int) -> Stop:
        """Goes to exactly this update, by replaying from the moment before it that is kept, with the rates used then.

        The present rate is used for what comes after the last. A stop flag does not interrupt a replay, the close flag
        does.
        """
        rate, goal = self.rate, float(self.control.dials[GOAL_LOSS])
        if update < self.updates or self.updates < self.last:
            self._approach(update)
        if self.updates == self.last:
            self._note_rate()
        self.set_goal(None)
        stop = self._replay([*self._rates, (self.last, rate)], update)
        self.control.dials[RATE] = rate
        if self.updates == self.last:
            self._note_rate()
        self.set_goal(goal)
        self.control.flags[ERA] = self.curve.era
        return stop

    def _approach(self, update: int) -> None:
        """To the last moment that is kept and not after an update, unless we are nearer."""
        self.control.flags[ERA] = 0  # nobody wants to see the replay: `look` takes shots of the curve's era only
        place = self.history.nearest(update)
        here = self.updates if self.updates <= update else -1
        if place is not None and place.update > here:
            self._put_back(place)
        elif here < 0:
            self._rewind()

    def _replay(self, rates: list[tuple[int, float]], update: int) -> Stop:
        stop = Stop.DONE
        for (first, rate), (end, _rate) in zip(rates, [*rates[1:], (update, 0.0)], strict=True):
            reached = update if (first, rate) == rates[-1] else min(end, update)
            if first <= self.updates < reached:
                self.control.dials[RATE] = rate
            while self.updates < reached:
                stop = self._advance(reached - self.updates)
                if stop is Stop.STOPPED:
                    self.control.flags[STOP] = 0  # before the look: who closes sets both, this one last
                    if self.control.flags[CLOSE]:
                        return stop
                elif stop is not Stop.DONE:
                    return stop
        return stop

    def snapshot(self, stop: Stop | None = None) -> Snapshot:
        """This moment; for the thread that trains."""
        parameters = np.array(reference.kept(self.parameters, self.task.mask))
        return self._snapshot(self.updates, self.loss, parameters, stop, self.curve.view(self.updates), self.last)

    def publish(self, stop: Stop | None) -> None:
        """Keeps a snapshot of this moment for `look`; for the thread that trains, between two calls of `run`."""
        self.control.flags[SEQUENCE] += 1
        self._rested = int(self.control.flags[SEQUENCE]), self.snapshot(stop)

    def look(self, seen: int) -> tuple[int, Snapshot] | None:
        """The newest snapshot after number `seen`, with its own number; None if there is none.

        Also asks for the next. Never blocks and copies nothing; for one thread beside the one that trains.
        """
        shot, rested = self.control.take(), self._rested
        self.control.ask()
        if rested is not None and rested[0] > (seen if shot is None else max(seen, int(shot[SHOT_SEQUENCE]))):
            return rested
        if shot is None or shot[SHOT_SEQUENCE] <= seen:
            return None
        update = int(shot[SHOT_UPDATE])
        curve = self.curve.view(update, era=int(shot[SHOT_ERA]))
        if curve is None:  # it shows a run that has been restarted meanwhile
            return None
        shown = self._snapshot(update, float(shot[SHOT_LOSS]), shot[SHOT_HEAD:], None, curve, update)
        return int(shot[SHOT_SEQUENCE]), shown

    def _snapshot(
        self, update: int, loss: float, parameters: Vector, stop: Stop | None, curve: CurveView | None, last: int
    ) -> Snapshot:
        whole = curve if last == update else self.curve.view(last)
        assert curve is not None
        assert whole is not None
        parameters.setflags(write=False)
        return Snapshot(update, update // self.epoch_length, loss, parameters, curve, last, whole, stop)


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
