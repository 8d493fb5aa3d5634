"""Pages that slide over the panel of Train mode: runs, a race, a sweep, what is inside, other libraries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from visualnn.gui.clock import FrameClock
from visualnn.gui.panel import Page
from visualnn.gui.parts import Parts
from visualnn.gui.trainer import Trainer
from visualnn.gui.widgets.page_head import PageHead
from visualnn.gui.workspace import Workspace
from visualnn.project import Project
from visualnn.runs import Run
from visualnn.scene.network import column_title

if TYPE_CHECKING:
    from visualnn.gui.race_page import RacePage
    from visualnn.gui.sweep_mode import SweepMode
    from visualnn.gui.views.insides import InsidesView
    from visualnn.gui.views.libraries import LibraryView
    from visualnn.gui.views.race import RaceView
    from visualnn.gui.views.runs import RunsView
    from visualnn.gui.views.sweep import SweepGrid

RUNS, RACE, SWEEP, INSIDES, LIBRARY = "runs", "race", "sweep", "insides", "library"


class Subpages(QObject):
    """Makes each page when it is first opened, and keeps the one that is seen up to date."""

    opened = Signal(str)  # a page, "" for none
    copied = Signal(str)
    deleted = Signal(object)  # Run
    export_requested = Signal(object)  # Run
    adopt_requested = Signal(object, object)  # parameters, Options
    run_requested = Signal(object, object)  # the same, to be trained from there
    told = Signal(str)
    ticked_changed = Signal()

    def __init__(self, parts: Parts, workspace: Workspace, trainer: Trainer, clock: FrameClock):
        super().__init__(parts)
        self._parts, self._workspace, self._trainer, self._clock = parts, workspace, trainer, clock
        self._pages: dict[str, tuple[int, QWidget]] = {}
        self.name = ""
        self._ticked: tuple[int, ...] = ()
        self._race: RacePage | None = None
        self._sweep: SweepMode | None = None
        trainer.runs.changed.connect(self._on_runs_changed)
        trainer.state_changed.connect(self._on_state_changed)
        trainer.snapshot_changed.connect(self._on_snapshot_changed)
        trainer.reported.connect(self._on_state_changed)
        workspace.project_changed.connect(self._on_project_changed)

    # -- which is seen -------------------------------------------------------------------------------------------

    def open(self, name: str) -> None:
        """Slide a page over the panel, or "" away."""
        before, self.name = self.name, name
        if name:
            self._parts.panel.setVisible(True)
            self._parts.panel.show_page(self._page(name))
            self._fill()
            self._pages[name][1].setFocus()
        if name != before:
            self.opened.emit(name)

    def close(self) -> None:
        """Back to what Train mode shows by itself."""
        self.open("")

    def page(self, name: str) -> QWidget:
        """The widget of a page."""
        self._page(name)
        return self._pages[name][1]

    def _page(self, name: str) -> int:
        """The number of a page in the panel."""
        if name not in self._pages:
            makers: dict[str, Callable[[], tuple[QWidget, QWidget]]] = {
                RUNS: self._made_runs,
                RACE: self._made_race,
                SWEEP: self._made_sweep,
                INSIDES: self._made_insides,
                LIBRARY: self._made_library,
            }
            page, view = makers[name]()
            self._pages[name] = self._parts.panel.add_page(page), view
        return self._pages[name][0]

    def _fill(self) -> None:
        """What the page that is seen has to show now."""
        project = self._workspace.project
        if not self.name or project is None:
            return
        fillers = {
            RUNS: self._fill_runs,
            RACE: self._fill_race,
            SWEEP: self._fill_sweep,
            INSIDES: self._fill_insides,
            LIBRARY: self._fill_library,
        }
        fillers[self.name](self._pages[self.name][1], project)

    # -- runs ----------------------------------------------------------------------------------------------------

    def _made_runs(self) -> tuple[QWidget, QWidget]:
        from visualnn.gui.views.runs import RunsView

        view = RunsView(self._parts.panel)
        view.back_requested.connect(self.close)
        view.ticked_changed.connect(self._on_ticked_changed)
        view.restore_requested.connect(self._trainer.restore)
        view.renamed.connect(self._trainer.rename)
        view.deleted.connect(self._on_deleted)
        view.export_requested.connect(self._on_export_requested)
        return view, view

    def all_runs(self) -> tuple[Run, ...]:
        """Those that are kept, and the one under way."""
        current = self._trainer.current()
        kept = [run for run in self._trainer.runs.all if current is None or run.number != current.number]
        return (*kept, *(() if current is None else (current,)))

    def _fill_runs(self, view: RunsView, _project: Project) -> None:
        view.show_runs(self.all_runs(), self._trainer.number, self._ticked)

    def overlaid(self) -> tuple[Run, ...]:
        """The runs that are ticked, but for the one under way."""
        others = set(self._ticked) - {self._trainer.number}
        return tuple(run for run in self._trainer.runs.all if run.number in others)

    def _on_ticked_changed(self, ticked: tuple[int, ...]) -> None:
        self._ticked = ticked
        self.ticked_changed.emit()

    def _on_deleted(self, number: int) -> None:
        run = self._trainer.runs.remove(number)
        if run is not None:
            self._ticked = tuple(each for each in self._ticked if each != number)
            self.deleted.emit(run)

    def _on_export_requested(self, number: int) -> None:
        run = next((run for run in self.all_runs() if run.number == number), None)
        if run is not None:
            self.export_requested.emit(run)

    # -- a race --------------------------------------------------------------------------------------------------

    def _made_race(self) -> tuple[QWidget, QWidget]:
        from visualnn.gui.race_page import RacePage
        from visualnn.gui.views.race import RaceView

        view = RaceView(self._parts.panel)
        self._race = RacePage(view, self._clock, self)
        self._race.back_requested.connect(self.close)
        self._race.adopt_requested.connect(self.adopt_requested)
        return view, view

    def _fill_race(self, _view: RaceView, project: Project) -> None:
        """The same race as before, unless it would be another one now."""
        assert self._race is not None
        self._trainer.pause()
        self._race.open(project, None if self._trainer.fresh else self._trainer.start)

    def _end_race(self) -> None:
        if self._race is not None:
            self._race.close()

    # -- a sweep -------------------------------------------------------------------------------------------------

    @property
    def guest(self) -> SweepMode | None:
        """What stands in for Train mode while its page is open."""
        return self._sweep if self.name == SWEEP else None

    def _made_sweep(self) -> tuple[QWidget, QWidget]:
        from visualnn.gui.sweep_mode import SweepMode

        self._sweep = sweep = SweepMode(self._parts, self._workspace, lambda: self._trainer.device)
        sweep.back_requested.connect(self.close)
        sweep.adopt_requested.connect(self.adopt_requested)
        sweep.run_requested.connect(self.run_requested)
        sweep.told.connect(self.told)
        return sweep.page, sweep.grid

    def _fill_sweep(self, _grid: SweepGrid, project: Project) -> None:
        """It fills itself when it comes to the front."""
        if self._sweep is not None and self._sweep.in_front:
            self._sweep.project_changed(project, project)

    # -- what is inside, and other libraries ---------------------------------------------------------------------

    def _made_insides(self) -> tuple[QWidget, QWidget]:
        from visualnn.gui.views.insides import InsidesView

        view, head = InsidesView(self._parts.panel), PageHead("Inside the layers", self._parts.panel)
        head.back_requested.connect(self.close)
        view.update_chosen.connect(self._trainer.seek)
        return Page([head, view], set(), self._parts.panel), view

    def _fill_insides(self, view: InsidesView, project: Project) -> None:
        self._trainer.report()
        titles = [column_title(project.network, column) for column in range(1, len(project.network.sizes))]
        view.show_reports(self._trainer.reports, titles, self._trainer.epoch_length)

    def _made_library(self) -> tuple[QWidget, QWidget]:
        from visualnn.gui.views.libraries import LibraryView

        view = LibraryView(self._parts.panel)
        view.back_requested.connect(self.close)
        view.copy_requested.connect(self.copied)
        return view, view

    def _fill_library(self, view: LibraryView, project: Project) -> None:
        from visualnn.scene.libraries import LIBRARIES, listing

        run = replace(project, trained=not self._trainer.fresh)  # where it begins, not where it is
        view.show_lines({name: listing(run, name) for name in LIBRARIES})

    # -- slots ---------------------------------------------------------------------------------------------------

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._end_race()
        if self._sweep is not None:
            self._sweep.rest()

    def _on_runs_changed(self) -> None:
        known = {run.number for run in self._trainer.runs.all} | {self._trainer.number}
        self._ticked = tuple(number for number in self._ticked if number in known)
        if self.name == RUNS:
            self._fill()

    def _on_state_changed(self) -> None:
        if self.name in (RUNS, INSIDES):
            self._fill()

    def _on_snapshot_changed(self, _snapshot: object) -> None:
        if self.name == INSIDES:
            self._fill()

    def _on_project_changed(self, project: Project, before: Project | None) -> None:
        if before is None:
            self._ticked = ()
            self._end_race()
            if self._sweep is not None:
                self._sweep.player.close()
            self.close()
        elif self.name in (LIBRARY, SWEEP) or (self.name == RACE and _other_course(project, before)):
            self._fill()


def _other_course(project: Project, before: Project) -> bool:
    """Whether a race on the one is none on the other."""
    same = (project.network, project.silent, project.cut) == (before.network, before.silent, before.cut)
    return not same or project.data is not before.data
