"""Reads the learner's own tables beside the window, judges them, and makes rows to learn from of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from visualnn.files import tables
from visualnn.files.tables import Cancelled, Dialect, Problems, Selection, Table
from visualnn.gui.tasks import Newest
from visualnn.nn.data import Dataset
from visualnn.nn.errors import VisualNNError

SUFFIXES = (".csv", ".tsv", ".txt", ".tab")
FILTER = "Tables (*.csv *.tsv *.txt *.tab);;All files (*)"
NOTICEABLE = 0.005  # of the whole: more often nobody need be told how far the reading is


def ask_table(parent: QWidget, folder: str) -> str:
    """Let the user choose a file; "" if none was."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open a table", folder, FILTER)
    return name


@dataclass(frozen=True, eq=False)
class Loaded:
    """A table, and what its columns are probably for."""

    table: Table
    selection: Selection


@dataclass(frozen=True, eq=False)
class Judged:
    """What is wrong in the chosen columns."""

    table: Table
    selection: Selection
    problems: Problems


class DataSource(QObject):
    """One table at a time. Everything it answers arrives as a signal, in the window's thread."""

    progressed = Signal(float)  # share of the file that has been read
    loaded = Signal(object)  # Loaded
    failed = Signal(str)  # why the file cannot be read
    judged = Signal(object)  # Judged
    made = Signal(object)  # Dataset
    refused = Signal(str)  # why no rows can be made of it

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._stop = threading.Event()
        self._reader, self._judge, self._maker = Newest(self), Newest(self), Newest(self)
        self._reader.done.connect(self._on_read)
        self._judge.done.connect(self._on_judged)
        self._maker.done.connect(self._on_made)

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return self._reader.busy or self._judge.busy or self._maker.busy

    def open(self, path: str, dialect: Dialect | None = None) -> None:
        """Read a file, in this dialect or in the one it seems to have; what was being read is given up."""
        self.cancel()
        self._stop = threading.Event()
        self._reader.ask(partial(_read, Path(path), dialect, self._told(self._stop), self._stop.is_set))

    def cancel(self) -> None:
        """Give up what is being read."""
        self._stop.set()
        self._reader.forget()

    def judge(self, table: Table, selection: Selection) -> None:
        """Find what is wrong in the chosen columns."""
        self._judge.ask(partial(_judge, table, selection))

    def make(self, table: Table, selection: Selection) -> None:
        """Make rows to learn from."""
        self._maker.ask(partial(_make, table, selection))

    def wait(self) -> None:
        """Have everything done now; for pictures and tests."""
        for each in (self._reader, self._judge, self._maker):
            each.wait()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._stop.set()
        for each in (self._reader, self._judge, self._maker):
            each.rest()

    def _told(self, stop: threading.Event) -> Callable[[float], None]:
        """Hears in the reading thread how far it is, and passes on what can be noticed."""
        last = -1.0

        def progress(share: float) -> None:
            nonlocal last
            if share - last >= NOTICEABLE and not stop.is_set():
                last = share
                self.progressed.emit(share)

        return progress

    def _on_read(self, answer: Loaded | str | None) -> None:
        if isinstance(answer, Loaded):
            self.loaded.emit(answer)
        elif answer is not None:
            self.failed.emit(answer)

    def _on_judged(self, answer: Judged | None) -> None:
        if answer is not None:
            self.judged.emit(answer)

    def _on_made(self, answer: Dataset | str) -> None:
        if isinstance(answer, str):
            self.refused.emit(answer)
        else:
            self.made.emit(answer)


def _read(
    path: Path, dialect: Dialect | None, progress: Callable[[float], None], cancelled: Callable[[], bool]
) -> Loaded | str | None:
    """The table, or a sentence; None if nobody wants it any more."""
    try:
        table = tables.read(path, dialect=dialect, progress=progress, cancelled=cancelled)
        return Loaded(table, tables.suggested(table))
    except Cancelled:
        return None
    except VisualNNError as error:
        return str(error)


def _judge(table: Table, selection: Selection) -> Judged | None:
    try:
        return Judged(table, selection, tables.problems(table, selection))
    except VisualNNError:  # of a column that is no longer there
        return None


def _make(table: Table, selection: Selection) -> Dataset | str:
    try:
        return tables.dataset(table, selection)
    except VisualNNError as error:
        return str(error)
