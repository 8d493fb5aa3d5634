"""The runs of this document: those that are kept, so that they can be compared and had back, and the present one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from visualnn.nn.options import Options
from visualnn.project import Project
from visualnn.runs import Run, led_to, resumed
from visualnn.scene.comparison import default_name
from visualnn.scene.names import LABELS
from visualnn.work import Work

MOST_RUNS = 60  # the oldest go first


class Runs(QObject):
    """A list of runs, each known by its number; `number` is that of the run under way, 0 where there is none."""

    changed = Signal()
    edited = Signal()  # by somebody, who will want that saved

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._runs: list[Run] = []
        self._numbers = 0
        self.number = 0
        self.branch: tuple[int, int] | None = None  # the run that the present one comes from, and at which update

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def all(self) -> tuple[Run, ...]:
        """From the first to the latest."""
        return tuple(self._runs)

    def get(self, number: int) -> Run | None:
        """The run of this number."""
        return next((run for run in self._runs if run.number == number), None)

    # -- the present one -----------------------------------------------------------------------------------------

    def begin(self, *, anew: bool = False) -> None:
        """Another run; it takes the number of one that has not learned anything, unless that is not to be."""
        if anew or not self.number or self.get(self.number) is not None:
            self.number = self._next()
        self.branch = None

    def part(self, update: int) -> None:
        """Another run, which comes from the present one."""
        self.branch, self.number = (self.number, update), self._next()

    def go_on(self, run: Run) -> None:
        """A kept run is the present one."""
        self.branch, self.number = None if run.parent is None else (run.parent, run.branched_at), run.number

    def left(self, project: Project) -> Run | None:
        """The run that led to a project: the present one where it is kept, or what the project's progress tells."""
        run = self.get(self.number)
        if run is not None and led_to(run, project):
            return run
        progress = project.resumable
        if progress is None:
            return None
        return resumed(project, progress, number=self._next(), name=self.name(project.options))

    def name(self, options: Options) -> str:
        """What the present run is called: as somebody called it, else by its options."""
        known = self.get(self.number)
        return default_name(options, LABELS) if known is None else known.name

    def work(self, project: Project, present: Run | None) -> Work:
        """A project with its runs, as they are kept in a file."""
        others = tuple(run for run in self._runs if present is None or run.number != present.number)
        runs = others if present is None else (*others, present)
        led = any(run.number == self.number and led_to(run, project) for run in runs)
        return Work(project, runs, self.number if led else 0)

    # -- the list ------------------------------------------------------------------------------------------------

    def keep(self, run: Run) -> None:
        """One more; of the same number the later one counts."""
        before = self.get(run.number)
        if before is not None:
            run = run.renamed(before.name)
        others = [other for other in self._runs if other.number != run.number]
        self._set(sorted([*others, run], key=lambda each: each.number))

    def rename(self, number: int, name: str) -> None:
        """A name of one's own."""
        self._set([run.renamed(name) if run.number == number else run for run in self._runs])
        self.edited.emit()

    def remove(self, number: int) -> Run | None:
        """Throws a run away; the run, to bring it back with `keep`."""
        gone = self.get(number)
        self._set([run for run in self._runs if run.number != number])
        self.edited.emit()
        return gone

    def take(self, work: Work | None) -> None:
        """Those of another document."""
        runs = () if work is None else work.runs
        self._numbers = max((run.number for run in runs), default=0)
        self.number, self.branch = 0 if work is None else work.number, None
        self._set(sorted(runs, key=lambda each: each.number))

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers

    def _set(self, runs: list[Run]) -> None:
        self._runs = runs[-MOST_RUNS:]
        self.changed.emit()
