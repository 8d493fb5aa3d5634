"""A race: two to five trainings that begin at the same weights and make the same updates at the same time.

Each has a thread of its own. All are told to go on to the same update, and only when the last has come there are they
shown and told the next, so that nobody is ahead because its thread is: what is compared is what an update brings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from visualnn.engine.runner import Command, Restart, Run, Runner, State
from visualnn.gui.clock import FrameClock
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.network import Vector
from visualnn.nn.options import Options
from visualnn.nn.training import Snapshot, Stop, Training
from visualnn.project import Project, frozen
from visualnn.scene.names import OPTIMIZERS
from visualnn.scene.racing import MOST, Lane, Mark, marks, names

BASE_PACE = 30.0  # updates a second at 1×
QUICK, SLOW = 1, 2  # frames between two common updates: at full speed, so few let more updates be made at once
MOST_AT_ONCE = 2**20  # updates
PATIENCE_S = 3.0
LABELS = {name: label for name, (label, _spelling) in OPTIMIZERS.items()}
ENDS = (Stop.GOAL, Stop.DIVERGED)


@dataclass(eq=False)
class Racer:
    """A training in its thread."""

    options: Options
    runner: Runner
    snapshot: Snapshot

    def look(self) -> bool:
        """Takes the newest snapshot; whether there was one."""
        newest = self.runner.poll()
        if newest is not None:
            self.snapshot = newest
        return newest is not None

    @property
    def idle(self) -> bool:
        """Whether it has done what it was told."""
        return self.runner.state is not State.RUNNING

    @property
    def ended(self) -> bool:
        """Whether it has reached the goal, or has no loss any more."""
        return self.snapshot.stop in ENDS


class Race(QObject):
    """Owns the racers of one project; none until `open`."""

    lanes_changed = Signal()  # where the racers are, or who they are
    state_changed = Signal()  # running or not, the speed, the goal

    def __init__(self, clock: FrameClock, parent: QObject | None = None):
        super().__init__(parent)
        self._clock = clock
        self._project: Project | None = None
        self._start: Vector | None = None
        self._is_random = True
        self._racers: list[Racer] = []
        self._front = 0  # the update that all are told to come to
        self._common = 0  # the one that all have been seen at
        self._owed, self._stride, self._frames = 0.0, 1, 0
        self._busy = False  # whether something was told that has not been seen done
        self.running = False
        self.speed = 1.0
        self.goal: float | None = None
        clock.ticked.connect(self._on_ticked)

    # -- who races -----------------------------------------------------------------------------------------------

    def open(self, project: Project, racers: Sequence[Options], start: Vector | None = None) -> None:
        """Line these up at `start`, or at the random weights that the project's options draw."""
        self.close()
        options, self._is_random = project.options, start is None
        if start is None:
            start = initial_parameters(project.network, options.initializer, options.seed, options.initializer_scale)
        self._project, self._start, self._front, self._common = project, frozen(start), 0, 0
        self.goal = options.goal
        self.set_racers(racers)

    def set_racers(self, racers: Sequence[Options]) -> None:
        """Others race: who is already there stays where it is, who is new begins at the start and catches up."""
        present, found = list(self._racers), []
        for options in racers[:MOST]:
            fair = self._fair(options)
            known = next((racer for racer in present if racer.options == fair), None)
            if known is not None:
                present.remove(known)
            found.append(known or self._made(fair))
        for racer in present:
            racer.runner.close()
        self._racers = found
        if any(racer.snapshot.update < self._front for racer in found if not racer.ended):
            self._tell_front()
        self.lanes_changed.emit()
        self.state_changed.emit()

    def _fair(self, options: Options) -> Options:
        """The same rows in the same order for all, and the race's own end."""
        assert self._project is not None
        return replace(options, seed=self._project.options.seed, goal=None, epochs=None, patience=None)

    def _made(self, options: Options) -> Racer:
        project = self._project
        assert project is not None
        training = Training(project.network, project.data, options, self._start, mask=project.mask)
        first = training.snapshot()
        return Racer(options, Runner(training), first)

    @property
    def project(self) -> Project | None:
        """What is raced on."""
        return self._project

    @property
    def options(self) -> tuple[Options, ...]:
        """How each trains."""
        return tuple(racer.options for racer in self._racers)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Where each is."""
        called = names(self.options, LABELS)
        marked = marks([racer.options.optimizer.name for racer in self._racers])
        return tuple(map(_lane, self._racers, called, marked))

    @property
    def update(self) -> int:
        """The update that all have come to."""
        return max((racer.snapshot.update for racer in self._racers), default=0)

    def starts_at(self, start: Vector | None) -> bool:
        """Whether the race begins at these weights, or where there are none, at random ones."""
        assert self._start is not None
        return self._is_random if start is None else np.array_equal(self._start, start)

    def close(self) -> None:
        """End all threads."""
        for racer in self._racers:
            racer.runner.close()
        self._racers, self.running, self._busy = [], False, False
        self._project = self._start = None
        self._clock.release(self)

    # -- requests ------------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Race on; where everybody has ended, past the goal."""
        if not self._racers:
            return
        if all(racer.ended for racer in self._racers):
            self.goal = None
        self.running, self._owed, self._frames = True, 0.0, 0
        self._clock.hold(self)
        self.state_changed.emit()

    def pause(self) -> None:
        """Rest at the update that all are told to come to."""
        if self.running:
            self.running = False
            self.state_changed.emit()

    def toggle(self) -> None:
        """Race or rest."""
        if self.running:
            self.pause()
        else:
            self.play()

    def step(self, updates: int = 1) -> None:
        """Everybody makes so many updates."""
        self.running = False
        if self._racers and not self._busy:
            self._go(updates)
        self.state_changed.emit()

    def same_start(self) -> None:
        """Everybody back to the start."""
        self.running, self._front, self._common = False, 0, 0
        if self._project is not None:
            self.goal = self.goal if self.goal is not None else self._project.options.goal
        for racer in self._racers:
            self._tell(racer, Restart())
        self.state_changed.emit()

    def set_speed(self, speed: float) -> None:
        """A factor on `BASE_PACE`; infinite: as fast as the machine can."""
        self.speed, self._owed = speed, 0.0
        self.state_changed.emit()

    def set_goal(self, goal: float | None) -> None:
        """The loss below which a racer has arrived; who has arrived at another runs on."""
        self.goal = goal
        self.state_changed.emit()

    def rest_now(self, timeout: float = PATIENCE_S) -> None:
        """Rest, and have everybody there when this returns."""
        self.running = False
        for racer in self._racers:
            racer.runner.wait_idle(timeout)
        self._look()
        self.state_changed.emit()

    # -- the race ------------------------------------------------------------------------------------------------

    def _on_ticked(self, seconds: float, _now: float) -> None:
        if not self._racers:
            return
        self._frames += 1
        if not all(racer.idle for racer in self._racers):
            self._look_back()
            return
        if self._busy:
            self._look()
        if self.running:
            self._advance(seconds)
        elif not self._busy:
            self._clock.release(self)

    def _look(self) -> None:
        """Everybody is there: show it."""
        self._busy, self._common = False, self._front
        news = [racer.look() for racer in self._racers]
        if any(news):
            self.lanes_changed.emit()
        if self.running and all(racer.ended for racer in self._racers):
            self.running = False
            self.state_changed.emit()

    def _look_back(self) -> None:
        """Somebody is on the way: only who catches up may be seen there."""
        behind = [racer for racer in self._racers if not racer.idle and racer.snapshot.update < self._common]
        news = [racer.look() for racer in behind]
        if any(news):
            self.lanes_changed.emit()

    def _advance(self, seconds: float) -> None:
        """What is due by now."""
        if self.speed == float("inf"):
            if self._frames <= QUICK:
                self._stride = min(2 * self._stride, MOST_AT_ONCE)
            elif self._frames > SLOW:
                self._stride = max(1, self._stride // 2)
            self._go(self._stride)
            return
        self._owed += seconds * BASE_PACE * self.speed
        due, self._owed = int(self._owed), self._owed % 1.0
        if due:
            self._go(due)

    def _go(self, updates: int) -> None:
        self._front = self.update + updates
        self._tell_front()

    def _tell_front(self) -> None:
        """Everybody who has not ended goes on to the front."""
        self._frames = 0
        for racer in self._racers:
            past_goal = racer.snapshot.stop is Stop.GOAL and (self.goal is None or racer.snapshot.loss >= self.goal)
            if not racer.ended or past_goal:
                self._tell(racer, Run(until=self._front, goal=self.goal))

    def _tell(self, racer: Racer, command: Command) -> None:
        racer.runner.tell(command)
        self._busy = True
        self._clock.hold(self)


def _lane(racer: Racer, name: str, mark: Mark) -> Lane:
    seen = racer.snapshot
    return Lane(name, racer.options, mark, seen.update, seen.loss, seen.stop, seen.parameters, seen.curve)
