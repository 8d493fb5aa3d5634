"""Tries rates for a runner beside the window, and tells which one arrives first."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from visualnn.gui.clock import FrameClock
from visualnn.gui.scout import course
from visualnn.gui.tasks import Growing
from visualnn.gui.views.contest.content import Search, Trial
from visualnn.nn.errors import VisualNNError
from visualnn.nn.landscape import tuning
from visualnn.nn.network import Vector
from visualnn.project import Project
from visualnn.scene.landscape.prospect import Prospect
from visualnn.scene.names import OPTIMIZERS
from visualnn.scene.record import significant
from visualnn.scene.scales import tick_text


class Tuner(QObject):
    """One search at a time; what was found stays until another search, or until somebody has had enough of it."""

    changed = Signal()

    def __init__(self, clock: FrameClock, parent: QObject | None = None):
        super().__init__(parent)
        self._clock = clock
        self._trying = Growing()
        self.search: Search | None = None
        self._goal, self._name = 0.0, ""
        clock.ticked.connect(self._on_ticked)

    @property
    def busy(self) -> bool:
        """Whether rates are being tried."""
        return self._trying.busy

    def start(self, project: Project, prospect: Prospect, origin: Vector, place: int) -> None:
        """Try rates for the runner at a place of the race that is wished for."""
        if prospect.goal is None:
            return
        self._goal, self._name = prospect.goal, OPTIMIZERS[prospect.runners[place].optimizer.name][0]
        self.search = Search(place, 0, 1 + len(tuning.RATES))
        self._trying.start(searched(project, prospect, origin, place))
        self._clock.hold(self)
        self.changed.emit()

    def cancel(self) -> None:
        """No more of it."""
        self._trying.stop()
        self._clock.release(self)
        if self.search is not None:
            self.search = None
            self.changed.emit()

    def rest(self) -> None:
        """End the thread: the window is being closed."""
        self._clock.release(self)
        self._trying.rest()

    def finish(self) -> None:
        """Have it found now; for pictures and tests."""
        self._trying.wait()
        self._look()

    def _on_ticked(self, _seconds: float, _now: float) -> None:
        if self.search is not None and not self.search.is_over:
            self._look()

    def _look(self) -> None:
        is_over = not self._trying.busy
        found, search = self._trying.poll(), self.search
        if search is None:
            return
        if isinstance(found, VisualNNError):
            self.search = Search(search.runner, 1, 1, sentence=str(found))
        elif isinstance(found, tuning.Search):
            trials = tuple(Trial(each.rate, each.updates, each.loss != each.loss) for each in found.trials)
            best, said = found.best, self._sentence(found) if is_over else ""
            rate = None if best is None else best.rate
            self.search = Search(search.runner, len(trials), found.whole, trials, rate, said)
        if is_over:
            self._clock.release(self)
        if found is not None:
            self.changed.emit()

    def _sentence(self, found: tuning.Search) -> str:
        """What came out."""
        if found.best is None:
            return f"No rate from 0.0001 to 10 gets {self._name} below {tick_text(self._goal)} in 3,000 updates."
        rate, updates, tried = significant(found.best.rate), found.best.updates, len(found.trials)
        return f"Best of {tried} rates tried for {self._name}: {rate}, {updates:,} updates."


def searched(
    project: Project, prospect: Prospect, origin: Vector, place: int
) -> Iterator[tuning.Search | VisualNNError]:
    """A search, for a thread."""
    assert prospect.goal is not None
    try:
        yield from tuning.best_rate(course(project, prospect, origin), prospect.runners[place], prospect.goal)
    except VisualNNError as error:
        yield error
