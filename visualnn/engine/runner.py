"""The training thread: told what to do, asked what there is to see.

Commands go into a queue and raise the stop flag that the kernel reads before every update, so that a call of any
length ends within about a millisecond (or one update, if that is longer). Snapshots are copied by the kernel while it
runs, and only when somebody asked: see `visualnn.nn.kernels.arguments.Control`. Reports are made between two calls of
the kernel, also only when somebody asked: see `visualnn.engine.report`.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from enum import StrEnum
from queue import Empty, SimpleQueue
from time import perf_counter, sleep

from visualnn.engine.gauge import Gauge
from visualnn.engine.pacing import PLAIN_REST_SECONDS, ActiveRun, Portion, Speed
from visualnn.engine.priority import give_way
from visualnn.engine.report import Report, Reporter
from visualnn.nn.device import Device
from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels import choose
from visualnn.nn.kernels.arguments import CLOSE, SEQUENCE, STOP
from visualnn.nn.readings import Readings
from visualnn.nn.training import Snapshot, Stop, Training
from visualnn.runs import Run as KeptRun

log = logging.getLogger(__name__)

CLOSE_SECONDS = 5.0  # a single update of a giant network on the readable kernel may take that long


@dataclass(frozen=True, slots=True)
class Run:
    """Train: `pace` updates per second (None: full speed), `until` an update or a loss below `goal` (None: no end).

    With `patience`, too, until no test loss has been better than the best for so many epochs.
    """

    pace: float | None = None
    until: int | None = None
    goal: float | None = None
    patience: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """End the run after the update being made."""


@dataclass(frozen=True, slots=True)
class Step:
    """End the run and do so many updates, whatever the goal; finished before the next command."""

    updates: int = 1


@dataclass(frozen=True, slots=True)
class Seek:
    """End the run and go to this update, back or forth; finished before the next command."""

    update: int


@dataclass(frozen=True, slots=True)
class Restart:
    """End the run and go back to the start."""


@dataclass(frozen=True, slots=True)
class Cut:
    """End the run and forget what comes after the moment looked at; a `Run` does so by itself."""


@dataclass(frozen=True, slots=True)
class TakeUp:
    """End the run and be where a kept one of such a training was left."""

    run: KeptRun


@dataclass(frozen=True, slots=True)
class SetRate:
    """The learning rate from now on; a run goes on."""

    rate: float


@dataclass(frozen=True, slots=True)
class SetDevice:
    """Where to compute from now on; a run goes on."""

    device: Device


@dataclass(frozen=True, slots=True)
class _Close:
    """End the thread."""


@dataclass(frozen=True, slots=True)
class _Look:
    """Wake up: somebody asked for a report. Not a command that is counted."""


Command = Run | Pause | Step | Seek | Restart | Cut | TakeUp | SetRate | SetDevice


class State(StrEnum):
    """What the thread is doing."""

    IDLE = "idle"
    RUNNING = "running"
    CLOSED = "closed"


class Runner:
    """Drives one training in one daemon thread; the training belongs to that thread until `close`.

    `tell`, `poll`, `wait_idle`, `close` and the properties are for one other thread, the window's. A new runner's first
    snapshot is the training as it stands.
    """

    def __init__(self, training: Training) -> None:
        self.training = training
        self._commands: SimpleQueue[Command | _Close | _Look] = SimpleQueue()
        self._told = 0  # commands given
        self._finished = 0  # of those, done with; `_quiet` is notified when it changes
        self._quiet = threading.Condition()
        self._error: Exception | None = None
        self._handled = 0  # commands taken from the queue; like the next four the thread's own
        self._waiting: Command | None = None  # taken from the queue, to be obeyed next
        self._run: ActiveRun | None = None
        self._stop: Stop = Stop.DONE  # why there is no run
        self._portion = Portion(training)
        self._speed = Speed()
        self._gauge = Gauge(training)
        self._reporter = Reporter(training, self._gauge)
        flags = training.control.flags
        flags[STOP] = flags[CLOSE] = 0
        self._seen = int(flags[SEQUENCE])
        self._shown: int | None = None  # the update of the last snapshot, where that was of a run that goes on
        training.publish(self._stop)
        self._thread = threading.Thread(target=self._work, name="training", daemon=True)
        self._thread.start()

    def tell(self, command: Command) -> None:
        """Asks for something; returns at once. Commands are obeyed in order. Ignored after `close`."""
        if not self._closing:
            self._told += 1
            self._commands.put(command)  # before the flag: see `_work`
            self.training.control.flags[STOP] = 1

    def poll(self) -> Snapshot | None:
        """The newest snapshot since the last poll, and asks for the next; never blocks.

        Raises what went wrong in the thread, once.
        """
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        seen = self.training.look(self._seen)
        if seen is None:
            return None
        self._seen, snapshot = seen
        moment = snapshot.update if snapshot.stop is None else None
        if moment is not None and moment == self._shown:
            return None  # a shot of a moment that has been shown
        self._shown = moment
        return snapshot

    def notice(self) -> str:
        """Why the run has gone on on the processor, if it has since the last time that this was asked; else ""."""
        notice = self.training.notice
        if notice:
            self.training.notice = ""
        return notice

    def report(self) -> Report | None:
        """The newest report, the same until there is another, and asks for the next; never blocks."""
        if self._reporter.ask() and self.state is State.IDLE:
            self._commands.put(_Look())
        return self._reporter.newest

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports of the run so far, every n-th where there were many."""
        return self._reporter.series

    @property
    def readings(self) -> Readings:
        """What has been measured of the run so far."""
        return self._gauge.readings

    @property
    def state(self) -> State:
        """What the thread is doing, as far as all that was told is concerned."""
        if not self._thread.is_alive():
            return State.CLOSED
        return State.IDLE if self._finished >= self._told else State.RUNNING

    @property
    def updates_per_second(self) -> float:
        """Measured over the last half second or so; 0 when idle."""
        return self._speed.value if self.state is State.RUNNING else 0.0

    def wait_idle(self, timeout: float) -> bool:
        """Blocks until all that was told is done and no run goes on; False if that takes longer."""
        with self._quiet:
            return self._quiet.wait_for(lambda: self.state is not State.RUNNING, timeout)

    def close(self) -> None:
        """Ends the thread after the update being made. The training may be used directly again."""
        flags = self.training.control.flags
        flags[CLOSE] = 1
        self._commands.put(_Close())
        flags[STOP] = 1
        self._thread.join(CLOSE_SECONDS)
        if not self._thread.is_alive():
            flags[STOP] = flags[CLOSE] = 0

    @property
    def _closing(self) -> bool:
        return bool(self.training.control.flags[CLOSE]) or not self._thread.is_alive()

    # What follows runs in the thread.

    def _work(self) -> None:
        """Lowers the stop flag, then looks into the queue; as `tell` does the opposite, no command is overlooked."""
        give_way()
        while True:
            self.training.control.flags[STOP] = 0
            command = self._next_command()
            while isinstance(command, Seek) and isinstance(newer := self._queued(), Seek | _Close):
                command = newer  # who drags through the past means the last place only
            if isinstance(command, _Close) or self.training.control.flags[CLOSE]:
                break
            try:
                if command is not None:
                    self._obey(command)
                elif self._reporter.wait() == 0.0:
                    self._reporter.make()
                elif self._run is not None:
                    self._advance()
            except Exception as error:  # noqa: BLE001  raised again by `poll`
                self._fail(error)
        self.training.give_back()
        self._report()

    def _next_command(self) -> Command | _Close | None:
        """The next command, waited for while there is no run; None when the run should go on or a report is due."""
        command: Command | _Close | _Look
        if self._waiting is not None:
            command, self._waiting = self._waiting, None
            self._handled += 1
            return command
        if self._run is None and self._finished != self._handled and self._commands.empty():
            self._rest()
        try:
            if self._run is None:
                command = self._commands.get(timeout=self._reporter.wait())
            elif nap := self._run.nap(self.training.updates):
                command = self._commands.get(timeout=nap)
            else:
                command = self._commands.get_nowait()
        except Empty:
            return None
        if isinstance(command, _Look):
            return None
        self._handled += 1
        return command

    def _queued(self) -> Command | _Close | None:
        """The command that waits behind a `Seek`, if it takes its place; others stay where they are."""
        try:
            command = self._commands.get_nowait()
        except Empty:
            return None
        if isinstance(command, Seek | _Close):
            self._handled += 1
            return command
        self._waiting = None if isinstance(command, _Look) else command
        return None

    def _rest(self) -> None:
        """All is done: shows how things stand, and says so."""
        self.training.remember()
        self._measure(at_rest=True)
        self.training.publish(self._stop)
        self._reporter.end(self._stop)
        self._report()

    def _report(self) -> None:
        with self._quiet:
            self._finished = self._handled
            self._quiet.notify_all()

    def _obey(self, command: Command) -> None:
        if self._run is None:
            self._reporter.begin()
        match command:
            case SetRate(rate):
                self.training.set_rate(rate)
            case SetDevice(device):
                self.training.set_device(device)
            case Run(pace, until, goal, patience):
                self._cut()
                self.training.set_goal(goal)
                first = int(self._run is None)  # of a run that begins: who presses Play sees it at once
                self._run = ActiveRun(pace, until, self.training.updates, patience, ahead=first)
                self._speed.restart()
            case _:
                self._run, self._stop = None, self._jump(command)

    def _jump(self, command: Command) -> Stop:
        training = self.training
        match command:
            case Step(updates):
                return training.seek(training.updates + updates)
            case Seek(update):
                return training.seek(update)
            case Restart():
                training.restart()
                self._gauge.clear()
                self._reporter.cut(-1)
                return Stop.DONE
            case Cut():
                self._cut()
                return Stop.DONE
            case TakeUp(run):
                training.restore(run.moments, run.curve, run.rate_changes, run.update)
                self._gauge.take(run.readings)
                return run.stop or Stop.DONE
        return self._stop if self._run is None else Stop.STOPPED  # Pause

    def _cut(self) -> None:
        """The run goes on from the moment that is looked at."""
        if self.training.updates < self.training.last:
            self.training.cut()
            self._gauge.cut(self.training.updates)
            self._reporter.cut(self.training.updates)

    def _advance(self) -> None:
        """The next call of the kernel."""
        run, training = self._run, self.training
        assert run is not None
        before, start = training.updates, perf_counter()
        due = run.due(before)
        if not due and not run.ended(before):
            return  # a nap that ended early
        training.remember()
        self._measure()
        length = training.epoch_length
        count = min(due, self._portion.updates(), run.to_judge(before, length))
        stop = training.run(count)
        done = training.updates - before
        self._portion.measured(done, perf_counter() - start)
        self._speed.record(done)
        if stop in (Stop.GOAL, Stop.DIVERGED) or run.ended(training.updates):
            self._run, self._stop = None, stop
        elif run.patience is not None and run.is_judged(training.updates, length) and self._is_tired(run.patience):
            self._run, self._stop = None, Stop.EARLY
        elif run.pace is not None:
            if count < due:
                run.restart_clock(training.updates)
            training.publish(None)
        if not choose.loaded(training.task) and not training.on_gpu:
            sleep(PLAIN_REST_SECONDS)

    def _measure(self, at_rest: bool = False) -> None:
        """A reading, if it is time for one. Training goes on where that goes wrong, and the log says why."""
        try:
            self._gauge.measure(at_rest)
        except Exception:  # as for a report
            log.exception("no reading")

    def _is_tired(self, patience: int) -> bool:
        """Whether the test loss has not been better for so many epochs."""
        return self._gauge.lost_patience(patience)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, VisualNNError):
            log.error("training failed", exc_info=error)
        self._run, self._stop, self._error = None, Stop.STOPPED, error
