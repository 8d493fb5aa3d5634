"""The race and its page: what is asked for there is done here."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from visualnn.gui.clock import FrameClock
from visualnn.gui.race import Race
from visualnn.gui.views.race import RaceView
from visualnn.nn.network import Vector
from visualnn.nn.options import Options
from visualnn.project import Project
from visualnn.scene.racing import first_racers

SHOWN_S = 0.045  # at least, between two moments of a race that goes on


class RacePage(QObject):
    """Joins a `Race` to a `RaceView`; nothing runs while the page is not to be seen."""

    back_requested = Signal()
    adopt_requested = Signal(object, object)  # parameters, Options: of the runner whose weights are to be kept

    def __init__(self, view: RaceView, clock: FrameClock, parent: QObject | None = None):
        super().__init__(parent)
        self.view, self.race = view, Race(clock, self)
        self._clock, self._shown = clock, 0.0
        self.race.lanes_changed.connect(self._on_lanes_changed)
        self.race.state_changed.connect(self._on_state_changed)
        view.back_requested.connect(self.back_requested)
        view.racers_requested.connect(self.race.set_racers)
        view.adopt_requested.connect(self._on_adopt_requested)
        view.play_toggled.connect(self.race.toggle)
        view.step_requested.connect(self.race.step)
        view.same_start_requested.connect(self.race.same_start)
        view.speed_chosen.connect(self.race.set_speed)
        view.goal_chosen.connect(self.race.set_goal)
        view.seen_changed.connect(self._on_seen_changed)

    def open(self, project: Project, start: Vector | None = None) -> None:
        """Line up for this project: the runners there are, where the network, data and start are the same."""
        known = self.race.project
        if known is not None and _same_course(known, project) and self.race.starts_at(start):
            return
        racers: tuple[Options, ...] = first_racers(project.options)
        self.view.show_project(project)
        self.race.open(project, racers, start)

    def close(self) -> None:
        """End all threads."""
        self.race.close()
        self.view.sights.rest()

    def _on_lanes_changed(self) -> None:
        if not self.race.running or self._clock.now - self._shown >= SHOWN_S:
            self._shown = self._clock.now
            self.view.show_lanes(self.race.lanes)

    def _on_state_changed(self) -> None:
        race = self.race
        if not race.running:
            self.view.show_lanes(race.lanes)
        self.view.show_state(running=race.running, speed=race.speed, goal=race.goal)

    def _on_seen_changed(self, seen: bool) -> None:
        if not seen:
            self.race.pause()

    def _on_adopt_requested(self, place: int) -> None:
        self.race.rest_now()
        lane = self.race.lanes[place]
        self.adopt_requested.emit(lane.parameters, lane.options)


def _same_course(a: Project, b: Project) -> bool:
    """Whether a race on one project is a race on the other."""
    same = (a.network, a.silent, a.cut, a.options) == (b.network, b.silent, b.cut, b.options)
    return same and a.data is b.data
