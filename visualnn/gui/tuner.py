"""Tries rates for a runner beside the window, and tells which one arrives first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

import numpy as np
from PySide6.QtCore import QObject, Signal

from visualnn.gui.clock import FrameClock
from visualnn.gui.tasks import Growing
from visualnn.gui.views.contest.content import Search, Trial
from visualnn.nn.errors import VisualNNError
from visualnn.nn.landscape import tuning
from visualnn.nn.network import Vector
from visualnn.nn.options import Options
from visualnn.project import Project
from visualnn.scene.landscape.fulfilment import course, same_race
from visualnn.scene.landscape.prospect import Prospect
from visualnn.scene.names import OPTIMIZERS
from visualnn.scene.scales import tick_text

FAILED = "The search failed."


class Tuner(QObject):
    """One search at a time; what was found stays until another search, or until somebody has had enough of it."""

    changed = Signal()

    def __init__(self, clock: FrameClock, parent: QObject | None = None):
        super().__init__(parent)
        self._clock = clock
        self._trying = Growing()
        self.search: Search | None = None
        self._found: tuning.Search | VisualNNError | None = None
        self._asked: tuple[Project, Prospect, Vector, Options] | None = None  # of whom, and where
        clock.ticked.connect(self._on_ticked)

    @property
    def busy(self) -> bool:
        """Whether rates are being tried."""
        return self._trying.busy

    def start(self, project: Project, prospect: Prospect, origin: Vector, place: int) -> None:
        """Try rates for the runner at a place of the race that is wished for."""
        if prospect.goal is None:
            return
        self._asked, self._found = (project, prospect, origin, prospect.runners[place]), None
        self.search = Search(place, 0, 1 + len(tuning.RATES))
        self._trying.start(searched(project, prospect, origin, place))
        self._clock.hold(self)
        self.changed.emit()

    def follow(self, project: Project, prospect: Prospect, origin: Vector) -> None:
        """Something else is wished for: the runner may stand at another place; what is not asked any more ends."""
        if self.search is None or self._asked is None:
            return
        known, before, start, options = self._asked
        same = same_race(known, project, prospect) and before.course == prospect.course and before.goal == prospect.goal
        if not same or options not in prospect.runners or not (prospect.is_of_two or np.array_equal(start, origin)):
            self.cancel()
            return
        place = prospect.runners.index(options)
        if prospect.runners[self.search.runner :][:1] != (options,):
            self.search = replace(self.search, runner=place)
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
        self._look()  # the first look sees the last bit, the second that it was the last

    def _on_ticked(self, _seconds: float, _now: float) -> None:
        if self.search is not None and not self.search.is_over:
            self._look()

    def _look(self) -> None:
        is_over, news, search = not self._trying.busy, self._trying.poll(), self.search
        if isinstance(news, tuning.Search | VisualNNError):
            self._found = news
        if search is None or search.is_over or (news is None and not is_over):
            return
        found = self._found
        if isinstance(found, tuning.Search):
            self.search = self._shown(search, found, is_over)
        elif is_over:
            self.search = Search(search.runner, 1, 1, sentence=FAILED if found is None else str(found))
        if is_over:
            self._clock.release(self)
        self.changed.emit()

    def _shown(self, search: Search, found: tuning.Search, is_over: bool) -> Search:
        """A search as the page shows it."""
        trials = tuple(Trial(each.rate, each.updates, not isfinite(each.loss)) for each in found.trials)
        best = found.best if found.best is not None and found.best.updates else None
        said = self._sentence(found) if is_over else ""
        return Search(search.runner, len(trials), found.whole, trials, None if best is None else best.rate, said)

    def _sentence(self, found: tuning.Search) -> str:
        """What came out."""
        assert self._asked is not None
        _project, prospect, _origin, options = self._asked
        goal, name = tick_text(prospect.goal or 0.0), OPTIMIZERS[options.optimizer.name][0]
        if found.best is None:
            tried = [each.rate for each in found.trials]
            ends = f"{tick_text(min(tried))} to {tick_text(max(tried))}"
            return f"None of {len(tried)} rates from {ends} gets {name} below {goal} in 3,000 updates."
        if not found.best.updates:
            return f"The start is below {goal} already. Any rate will do."
        rate, updates, tried = tick_text(float(f"{found.best.rate:.4g}")), found.best.updates, len(found.trials)
        return f"Best of {tried} rates tried for {name}: {rate}, {updates:,} updates."


def searched(
    project: Project, prospect: Prospect, origin: Vector, place: int
) -> Iterator[tuning.Search | VisualNNError]:
    """A search, for a thread."""
    assert prospect.goal is not None
    try:
        yield from tuning.best_rate(course(project, prospect, origin), prospect.runners[place], prospect.goal)
    except VisualNNError as error:
        yield error
