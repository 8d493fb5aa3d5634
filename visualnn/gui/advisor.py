"""What is wrong with the run, if anything is: asked whenever there is a new report, found beside the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic

from PySide6.QtCore import QObject, Signal

from visualnn.engine.report import Report
from visualnn.gui.tasks import Newest
from visualnn.gui.trainer import Trainer
from visualnn.nn.training import Snapshot
from visualnn.project import Project
from visualnn.scene.course import Course
from visualnn.scene.trouble import Advice, advice

STEADY_S, GONE_S = 1.0, 3.0  # for which a run that goes on must be in trouble, or out of it, until that is told


class Advisor(QObject):
    """Holds the one advice there is about the present run."""

    changed = Signal()

    def __init__(self, trainer: Trainer, parent: QObject | None = None, *, now: Callable[[], float] = monotonic):
        super().__init__(parent)
        self._now = now
        self._title: str | None = None  # what was thought last, …
        self._since = 0.0  # … since when
        self._trainer = trainer
        self.advice: Advice | None = None
        self._about: tuple[int, Report | None] | None = None  # the run and the report that were thought about last
        self._dismissed: tuple[int, str] | None = None  # nobody wants to hear that again of that run
        self._thinker = Newest(self)
        self._thinker.done.connect(self._on_thought)

    def look(self, project: Project | None, snapshot: Snapshot) -> None:
        """Think about this moment, where there is something new to think about."""
        if project is None or snapshot.update == 0 or self._trainer.looks_back:
            self.forget()
            return
        about = self._trainer.number, self._trainer.report()
        if about[1] is None or (self._about is not None and about[0] == self._about[0] and about[1] is self._about[1]):
            return
        if self._about is not None and about[0] != self._about[0]:
            self._say(None)
        self._about = about
        trainer = self._trainer
        start = None if trainer.fresh else trainer.start
        course = Course(project, snapshot, about[1], trainer.readings, start, trainer.rate_changes)
        self._thinker.ask(partial(_thought, about[0], course))

    def forget(self) -> None:
        """There is no advice any more."""
        self._thinker.forget()
        self._about = None
        self._say(None)

    def dismiss(self) -> None:
        """The learner does not want to see it again in this run."""
        if self.advice is not None:
            self._dismissed = self._trainer.number, self.advice.title
            self._say(None)

    @property
    def busy(self) -> bool:
        """Whether it thinks."""
        return self._thinker.busy

    def finish(self) -> None:
        """Have it thought now; for pictures and tests."""
        self._thinker.wait()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._thinker.rest()

    def _on_thought(self, thought: tuple[int, Advice | None]) -> None:
        number, told = thought
        if number == self._trainer.number and not self._trainer.looks_back:
            is_unwanted = told is not None and self._dismissed == (number, told.title)
            self._weigh(None if is_unwanted else told)

    def _weigh(self, told: Advice | None) -> None:
        """While a run goes on, another opinion has to last: no card may come and go with every report."""
        now, title = self._now(), None if told is None else told.title
        if title != self._title:
            self._title, self._since = title, now
        if not self._trainer.running or now - self._since >= (STEADY_S if told is not None else GONE_S):
            self._say(told)
            self._since = now - GONE_S if told is None else now  # its words change once in a while, too

    def _say(self, told: Advice | None) -> None:
        if told is None:
            self._title = None
        if told != self.advice:
            self.advice = told
            self.changed.emit()


def _thought(number: int, course: Course) -> tuple[int, Advice | None]:
    return number, advice(course)
