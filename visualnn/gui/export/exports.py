"""Asks what to take away and where to, and has it written: what is on the stage, and the network itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from visualnn.exchange.kinds import KINDS, Kind, stem
from visualnn.gui.document import LANDSCAPE, STEP, DocumentPage
from visualnn.gui.documents import Documents
from visualnn.gui.export.exporter import Exporter
from visualnn.gui.export.shot import Shot, plain_sight, runs, shown_runs
from visualnn.gui.export.strip import ExportStrip
from visualnn.gui.export.target import Report
from visualnn.project import Project
from visualnn.runs import Run
from visualnn.scene.sentences import Story, sentence, story_of

if TYPE_CHECKING:  # writers and their sheet are imported when somebody exports
    from visualnn.files.landscape_table import LandscapeTable
    from visualnn.gui.export.film import Cut, Film, Pace
    from visualnn.gui.export.film_sheet import FilmSheet

FILTERS = {
    ".png": "PNG pictures (*.png)",
    ".svg": "SVG pictures (*.svg)",
    ".pdf": "PDF documents (*.pdf)",
    ".gif": "GIF films (*.gif)",
    ".mp4": "MP4 films (*.mp4)",
    ".csv": "CSV tables (*.csv)",
    ".npz": "NumPy archives (*.npz)",
    ".py": "Python programs (*.py)",
    ".zip": "Zipped projects (*.zip)",
    ".onnx": "ONNX models (*.onnx)",
    ".safetensors": "Weights as safetensors (*.safetensors)",
    ".json": "Networks as JSON (*.json)",
}


class Exports(QObject):
    """What the export commands do."""

    saved = Signal(object)  # Path
    failed = Signal(str)

    def __init__(self, page: DocumentPage, documents: Documents, window: QWidget, bottom_margin: int):
        super().__init__(window)
        self._page, self._documents = page, documents
        self.exporter = Exporter(self)
        self.strip = ExportStrip(window, page.stage, bottom_margin)
        self._window = window
        self._film_kind = "GIF"
        self.open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl
        self.exporter.progressed.connect(self.strip.show_progress)
        self.exporter.ended.connect(self.strip.end)
        self.exporter.saved.connect(self.saved)
        self.exporter.failed.connect(self.failed)
        self.strip.cancelled.connect(self.exporter.cancel)

    @cached_property
    def film_sheet(self) -> FilmSheet:
        """Where steps, speed and size of a film are chosen."""
        from visualnn.gui.export.film_sheet import FilmSheet

        sheet = FilmSheet(self._window)
        sheet.wanted.connect(self._on_film_wanted)
        return sheet

    def reason(self) -> str:
        """Why nothing can be exported now; "" if it can."""
        return "Another file is being written." if self.exporter.busy else ""

    def film_reason(self, kind: str = "") -> str:
        """Why there can be no film of the steps or of a race, or without a kind no table, now; "" if there can."""
        if not kind and self._page.mode != STEP:
            return "This belongs to Step mode."
        if self._page.mode not in (STEP, LANDSCAPE):
            return "This belongs to Step mode and to Landscape mode."
        if kind != "MP4" or self.reason():
            return self.reason()
        from visualnn.gui.export import movie

        return movie.missing()

    def save_picture(self, suffix: str) -> None:
        """The stage as it stands."""
        if self._page.mode == LANDSCAPE:
            self._save_vista(suffix)
            return
        made = shot(self._page)
        path = None if made is None else self._ask("Save the picture", stem(made.title), suffix)
        if made is not None and path is not None:
            self._start("Picture", path, partial(_write_picture, made, suffix))

    def save_table(self) -> None:
        """The numbers of all steps."""
        from visualnn.gui.export.spreadsheet import write_csv

        made = story(self._page)
        path = None if made is None else self._ask("Save the numbers", f"{stem(self._name)}-all-steps", ".csv")
        if made is not None and path is not None:
            self._start("Row", path, partial(write_csv, made))

    def _save_vista(self, suffix: str) -> None:
        """The surface as it is seen."""
        from visualnn.gui.export import vistas
        from visualnn.gui.export.landscape_picture import WRITERS

        made = vistas.shot(self._page)
        path = None if made is None else self._ask("Save the picture", f"{stem(made.title)}-landscape", suffix)
        if made is not None and path is not None:
            self._start("Picture", path, partial(WRITERS[suffix], made))

    def save_surface(self, suffix: str) -> None:
        """The heights of the surface and the paths over it, as ".csv" or as ".npz"."""
        from visualnn.gui.export import vistas

        made = vistas.table(self._page)
        path = None if made is None else self._ask("Save the numbers", f"{stem(self._name)}-landscape", suffix)
        if made is not None and path is not None:
            self._start("Row", path, partial(_write_surface, made))

    def surface_reason(self) -> str:
        """Why the surface cannot be had as numbers now; "" if it can."""
        if self._page.mode != LANDSCAPE:
            return "This belongs to Landscape mode."
        return self.reason() or ("" if self._page.lookout.tour.scout.relief is not None else "There is no surface yet.")

    def _save_flight(self, kind: str) -> None:
        """The race, and the camera that sways."""
        from visualnn.gui.export import vistas
        from visualnn.gui.export.encoders import FILMS

        suffix, fps, write = FILMS[kind]
        made = vistas.film(self._page, fps)
        path = None if made is None else self._ask("Save the film", f"{stem(made.title)}-landscape", suffix)
        if made is not None and path is not None:
            self._start("Frame", path, partial(write, made))

    def save_run(self, run: Run) -> None:
        """The numbers of a training, update by update."""
        path = self._ask("Save the run", f"{stem(self._name)}-run-{run.number}", ".csv")
        if path is not None:
            self._start("Row", path, partial(_write_run, run))

    def kind_reason(self, name: str) -> str:
        """Why the network cannot be had as this kind of program or model now; "" if it can."""
        project = self._page.workspace.project
        return self.reason() or ("" if project is None else KINDS[name].reason(project))

    def save_kind(self, name: str) -> None:
        """The network as a program or a model, with the weights that it has when that is written."""
        kind, project = KINDS[name], self._page.workspace.project
        if project is None:
            return
        ending = kind.ending(project)
        title = "Save the weights" if kind.group == "Numbers" else f"Export to {kind.title}"
        path = self._ask(title, kind.file_name(self._name, ending).removesuffix(ending), ending)
        if path is None:
            return
        self._documents.before_saving()
        work = self._documents.work()
        if work is not None:
            self._start("File", path, partial(_write_kind, work.project, kind))

    def show_in_folder(self, path: Path) -> None:
        """The folder that a file went to, in the system's own window."""
        if not self.open_url(QUrl.fromLocalFile(path.resolve().parent)):
            self.failed.emit(f"It lies in {path.parent}.")

    def ask_film(self, kind: str) -> None:
        """Let the user choose the steps of a "GIF" or an "MP4"; of a landscape the race is shown, as it stands."""
        if self._page.mode == LANDSCAPE:
            self._save_flight(kind)
            return
        player = self._page.player
        if player.timeline is not None:
            player.pause()
            self._film_kind = kind
            self.film_sheet.ask_about(kind, player.timeline, ceil(player.t), player.grain)

    def _on_film_wanted(self, cut: Cut, seconds: float, size: tuple[int, int]) -> None:
        from visualnn.gui.export.encoders import FILMS
        from visualnn.gui.export.film import Pace

        suffix, fps, write = FILMS[self._film_kind]
        made = film(self._page, cut, Pace(seconds, fps), size)
        path = None if made is None else self._ask("Save the film", stem(made.title), suffix)
        if made is not None and path is not None:
            self._start("Frame", path, partial(write, made))

    def _ask(self, title: str, name: str, suffix: str) -> Path | None:
        return self._documents.ask_target(title, name + suffix, suffix, FILTERS[suffix])

    def _start(self, noun: str, path: Path, job: Callable[[Path, Report], None]) -> None:
        if self.exporter.busy:
            self.failed.emit(self.reason())
            return
        self.strip.begin(noun)
        self.exporter.start(path, job)

    @property
    def _name(self) -> str:
        project = self._page.workspace.project
        return "" if project is None else project.name


def _write_surface(table: LandscapeTable, path: Path, _report: Report) -> None:
    from visualnn.files.landscape_table import write_landscape

    write_landscape(path, table)


def _write_run(run: Run, path: Path, _report: Report) -> None:
    from visualnn.files.run_table import write_run

    write_run(path, run)


def _write_kind(project: Project, kind: Kind, path: Path, report: Report) -> None:
    from visualnn.exchange.writing import write

    write(project, kind, path, report)


def _write_picture(made: Shot, suffix: str, path: Path, _report: Report) -> None:
    from visualnn.gui.export.picture import WRITERS

    WRITERS[suffix](made, path)


def shot(page: DocumentPage) -> Shot | None:
    """The stage of a page as it stands."""
    sight, project = page.stage.sight(), page.workspace.project
    if sight is None or project is None:
        return None
    told = story(page) if page.mode == STEP else None
    words = shown_runs(page.subtitle.setting()) if told is None else runs(sentence(told, page.player.t))
    number = ceil(page.player.t) if told is not None else 0
    title = f"{project.name}, step {number}" if number else project.name
    return Shot(plain_sight(sight), words, title)


def film(page: DocumentPage, cut: Cut, pace: Pace, size: tuple[int, int]) -> Film | None:
    """The steps of a page as its stage shows them."""
    from visualnn.gui.export.film import Film

    sight, content, told = page.stage.sight(), page.stage.content, story(page)
    if sight is None or content is None or told is None:
        return None
    name, whole = content.project.name, (cut.first, cut.last) == (1, len(told.timeline))
    few = f"step {cut.first}" if cut.first == cut.last else f"steps {cut.first}–{cut.last}"
    return Film(plain_sight(sight), content, told, cut, pace, size, f"{name}, {'all steps' if whole else few}")


def story(page: DocumentPage) -> Story | None:
    """What the sentences of a page tell."""
    project, timeline = page.workspace.project, page.player.timeline
    if project is None or timeline is None:
        return None
    return story_of(project, page.workspace.trace(), timeline)
