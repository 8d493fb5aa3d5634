"""A sweep that is played: how far it shall be by now, and how it stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from visualnn.engine.sweep import Sweep
from visualnn.engine.sweep_moment import Field, Ground, Moment
from visualnn.gui.clock import FrameClock
from visualnn.nn.device import CPU, Device
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Vector
from visualnn.nn.options import Options
from visualnn.nn.training import check_fit
from visualnn.project import Project
from visualnn.scene.sweep import (
    FIRST_DISTANCE,
    FIRST_RATES,
    FIRST_SEEDS,
    Standing,
    rates_around,
    seeds_from,
    too_large,
)

BASE_PACE = 30.0  # updates a second of each network at 1×
FIRST_SPEED = 10.0
BRIEF = 4  # every how many losses are shown of a network that is not looked at
AHEAD_S = 0.1  # of a pace that cannot be kept, no more is owed than this


class SweepPlayer(QObject):
    """Owns the sweep of one project; none until `open`, nor where there is `trouble`."""

    moved = Signal()  # how it stands
    state_changed = Signal()  # running or not, other networks, speed or distance
    noticed = Signal(str)  # it computes elsewhere than it was told to, and why
    failed = Signal(str)

    def __init__(self, clock: FrameClock, parent: QObject | None = None):
        super().__init__(parent)
        self._clock = clock
        self._sweep: Sweep | None = None
        self._project: Project | None = None
        self._newest: Project | None = None  # as the document is now; its rate and its seed may be others
        self._front, self._owed, self._noticed = 0, 0.0, ""
        self.device = CPU
        self.field = Field((), ())
        self.center = 0.1  # the rate around which the others are
        self.standing: Standing | None = None
        self.trouble = ""  # why there is no sweep
        self.running = False
        self.rate_count, self.seed_count = FIRST_RATES, FIRST_SEEDS
        self.distance, self.speed = FIRST_DISTANCE, FIRST_SPEED
        clock.ticked.connect(self._on_ticked)

    # -- which networks ------------------------------------------------------------------------------------------

    def open(self, project: Project, device: Device = CPU) -> None:
        """Sweep this project: the same sweep as before where it would be no other one, or is one around its rate."""
        same = self._project is not None and _same_ground(self._project, project) and device == self.device
        self._newest = project
        if self._sweep is None or not same or not self._holds(project.options):
            self.device = device
            self._line_up(project)

    def _holds(self, options: Options) -> bool:
        """Whether these rates and seeds are still the right ones; a rate among them does where they have begun."""
        rates, rate = self.field.rates, options.optimizer.rate
        if self.update or self.running:
            return rates[0] <= rate <= rates[-1]
        return (rate, options.seed) == (self.center, self.field.seeds[0])

    def set_counts(self, rates: int, seeds: int) -> None:
        """So many rates and seeds."""
        self.rate_count, self.seed_count = rates, seeds
        if self._newest is not None:
            self._line_up(self._newest)

    def _line_up(self, project: Project) -> None:
        self.close()
        options = project.options
        self._project, self._newest, self._front, self._owed = project, project, 0, 0.0
        self.center = options.optimizer.rate
        rates = rates_around(self.center, self.rate_count)
        self.field = Field(rates, seeds_from(options.seed, self.seed_count))
        ground = self.ground
        assert ground is not None
        try:
            check_fit(ground.network, ground.data, ground.options)
            self.trouble = too_large(ground, len(self.field))
        except VisualNNError as error:
            self.trouble = str(error)
        if not self.trouble:
            self._sweep = Sweep(ground, self.field, self.device)
            self._clock.hold(self)
        self.moved.emit()
        self.state_changed.emit()

    @property
    def ground(self) -> Ground | None:
        """What all networks have in common."""
        project = self._project
        return None if project is None else Ground.of(project)

    def close(self) -> None:
        """End all threads."""
        if self._sweep is not None:
            self._sweep.close()
        self._sweep, self._project, self._newest, self.standing = None, None, None, None
        self.running, self.trouble, self._noticed = False, "", ""
        self._clock.release(self)

    # -- requests ------------------------------------------------------------------------------------------------

    @property
    def update(self) -> int:
        """The update that is shown."""
        return 0 if self.standing is None else self.standing.moment.update

    @property
    def is_over(self) -> bool:
        """Whether nobody can go on, or it has come to its end."""
        standing = self.standing
        return standing is not None and (standing.moment.update >= self.distance or bool(standing.moment.ended.all()))

    def play(self) -> None:
        """On to the end; from the start where it has been there."""
        if self._sweep is None:
            return
        if self.is_over:
            self.restart()
        self.running, self._owed = True, 0.0
        self._clock.hold(self)
        self.state_changed.emit()

    def pause(self) -> None:
        """Rest."""
        if self.running and self._sweep is not None:
            self._sweep.pause()
            self.running, self._front = False, 0
            self.state_changed.emit()

    def toggle(self) -> None:
        """Train or rest."""
        self.pause() if self.running else self.play()

    def step(self, updates: int = 1) -> None:
        """Everybody makes so many updates."""
        self.go(self.update + updates)

    def go(self, update: int) -> None:
        """Everybody goes on to this update, and rests there."""
        if self._sweep is not None and update > self.update:
            self.running = False
            self._tell(update)
            self.state_changed.emit()

    def restart(self) -> None:
        """Everybody back to the start."""
        if self._sweep is not None:
            self.running, self._front, self._owed = False, 0, 0.0
            self._sweep.restart()
            self._clock.hold(self)
            self.state_changed.emit()

    def set_speed(self, speed: float) -> None:
        """A factor on `BASE_PACE`; infinite: as fast as the machine can."""
        if self.running and self._sweep is not None:
            self._sweep.pause()
        self.speed, self._owed, self._front = speed, 0.0, 0
        self.state_changed.emit()

    def set_distance(self, updates: int) -> None:
        """The update after which it rests."""
        self.distance, self._front = updates, 0
        self.state_changed.emit()

    def curve(self, index: int, *, brief: bool = False) -> tuple[NDArray[np.int64], Vector]:
        """The losses of a network up to the moment that is shown, and the updates they belong to.

        While it runs only some of them, fewer where that is `brief`: they are painted again and again.
        """
        sweep, standing = self._sweep, self.standing
        if sweep is None or standing is None:
            return np.empty(0, dtype=np.int64), np.empty(0)
        if self.running:
            return _some(standing.moment, index, BRIEF if brief else 1)
        last, loss = int(standing.moment.updates[index]), float(standing.moment.losses[index])
        view = sweep.curve(index, last)
        return np.append(view.updates, last), np.append(view.losses, loss)

    def taken(self, index: int) -> tuple[Vector, Options] | None:
        """The exact weights of a network, and how it was trained; it rests for that."""
        return self._of(index, at_start=False)

    def begun(self, index: int) -> tuple[Vector, Options] | None:
        """The weights a network began with, and how it was trained."""
        return self._of(index, at_start=True)

    def _of(self, index: int, *, at_start: bool) -> tuple[Vector, Options] | None:
        sweep, ground = self._sweep, self.ground
        if sweep is None or ground is None or not self._rested(sweep):
            return None
        weights = sweep.start(index) if at_start else sweep.parameters(index)
        options = self.field.options(index, ground.options)
        return weights, replace(options, epochs=ground.options.epochs, patience=ground.options.patience)

    def _rested(self, sweep: Sweep) -> bool:
        self.pause()
        rested = sweep.wait_idle()
        self._look(sweep)
        return rested and self.standing is not None

    # -- time ----------------------------------------------------------------------------------------------------

    def _on_ticked(self, seconds: float, _now: float) -> None:
        sweep = self._sweep
        if sweep is None:
            return
        is_idle = sweep.idle
        self._look(sweep)
        if self.running and self.is_over and is_idle:
            self.running = False
            self.state_changed.emit()
        elif self.running:
            self._advance(seconds)
        elif is_idle:
            self._clock.release(self)

    def _advance(self, seconds: float) -> None:
        """What is due by now."""
        if self.speed == float("inf"):
            due = self.distance
        else:
            pace = BASE_PACE * self.speed
            self._owed += seconds * pace
            due = max(self._front, self.update) + int(self._owed)
            due = min(due, self.distance, self.update + max(1, round(AHEAD_S * pace)))
            self._owed %= 1.0
        if due > max(self._front, self.update):
            self._tell(due)

    def _tell(self, update: int) -> None:
        assert self._sweep is not None
        self._front = update
        self._sweep.go(update)
        self._clock.hold(self)

    def _look(self, sweep: Sweep) -> None:
        """The newest moment, if there is one."""
        try:
            moment = sweep.look()
        except Exception as error:
            self.close()
            self.state_changed.emit()
            if not isinstance(error, VisualNNError):
                raise
            self.trouble = str(error)
            self.failed.emit(self.trouble)
            self.moved.emit()
            return
        if sweep.notice and sweep.notice != self._noticed:
            self._noticed = sweep.notice
            self.noticed.emit(sweep.notice)
        ground = self.ground
        if moment is not None and ground is not None:
            self.standing = Standing.of(self.field, moment, ground.options.goal)
            self.moved.emit()

    @property
    def where(self) -> str:
        """Where it computes, in words."""
        return "on the GPU" if self._sweep is not None and self._sweep.on_gpu else "on the processor"

    def finish(self) -> None:
        """Have everybody where they were told to be; for pictures and tests."""
        if self._sweep is not None:
            self._sweep.wait_idle()
            self._look(self._sweep)


def _some(moment: Moment, index: int, every: int) -> tuple[NDArray[np.int64], Vector]:
    """Every n-th loss of a moment's curve, counted from the last that there is."""
    line, updates = moment.curves[index], np.linspace(0, moment.update, moment.curves.shape[1]).astype(np.int64)
    known = np.flatnonzero(np.isfinite(line))[::-1][::every][::-1]
    return updates[known], line[known].astype(np.float64)


def _same_ground(a: Project, b: Project) -> bool:
    """Whether a sweep of the one is a sweep of the other: rate, seed and weights of the project do not matter."""
    return (a.network, a.silent, a.cut, _shared(a.options)) == (b.network, b.silent, b.cut, _shared(b.options)) and (
        a.data is b.data
    )


def _shared(options: Options) -> Options:
    return replace(options, optimizer=replace(options.optimizer, rate=1.0), seed=0, epochs=None, patience=None)
