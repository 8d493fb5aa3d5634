"""The page of one's own file: dropped or chosen, read beside the window, looked at, and made use of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from visualnn.files.tables import Dialect, Problems, Selection, Table
from visualnn.gui.data_source import DataSource, Judged, Loaded, ask_table
from visualnn.gui.views.data.dialect import DialectLine
from visualnn.gui.views.data.file_head import FileHead
from visualnn.gui.views.data.knobs import TESTS, percent
from visualnn.gui.views.data.parts import PADDING, RING, Labelled, Sentence, narrowed
from visualnn.gui.views.data.problem_card import ProblemCard
from visualnn.gui.views.data.reading import Reading
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.drop_zone import DropZone
from visualnn.gui.widgets.menu import Menu
from visualnn.gui.widgets.scroll import Scroll
from visualnn.gui.widgets.slider import Slider, Track
from visualnn.gui.widgets.table import GUTTER, RowsTable
from visualnn.gui.widgets.toggle import Toggle
from visualnn.nn.data import Dataset
from visualnn.scene.file_rows import LEFT_OUT, PREDICT, READ, FileRows, choice_words, use_of, with_use

DROP = "Drop a CSV or TSV here"
KINDS = "Commas, semicolons or tabs, any encoding. The file stays where it is."
SCALING = "Number columns get mean 0 and spread 1.\nSums by hand then use these numbers."
SHARE = Track(0.0, 0.9, 0.05)
NOTHING_READ, NOTHING_PREDICTED = "Choose a column to read.", "Choose a column to predict."
IN_USE = "The network learns from these rows."


class FilePage(QWidget):
    """Shows a table and what is to be made of it."""

    dataset_requested = Signal(object)  # Dataset

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.source = DataSource(self)
        self._table: Table | None = None
        self._selection = Selection((), ())
        self._problems: Problems | None = None
        self._path, self._shown_row = "", -1
        self._made: Dataset | None = None  # of this very selection
        self._in_use = False
        inside = QWidget()
        self._scroll = Scroll(inside, self)
        self.zone = DropZone(DROP, "Choose a file…", inside)
        self.kinds, self.trouble = Sentence(KINDS, inside, ink="text3"), Sentence("", inside, ink="bad")
        self.reading, self.head, self.dialect = Reading(inside), FileHead(inside), DialectLine(inside)
        self.card = ProblemCard(inside)
        self.table = RowsTable("Rows of the file", inside, chooses_heads=True)
        self.words = Sentence("", inside)
        self.share = Slider(SHARE, inside, name=TESTS, write=percent, scale=100.0)
        self.shares = Labelled(TESTS, self.share, inside)
        self.scale = Toggle("Scale inputs", SCALING, inside)
        self.use = TextButton("Use these data", kind="primary", parent=self, height=40)
        self.use.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lay_out(inside)
        self._connect()
        self._show_state()

    def _lay_out(self, inside: QWidget) -> None:
        column = QVBoxLayout(inside)
        column.setContentsMargins(PADDING - RING, 4, PADDING - GUTTER, 4)
        column.setSpacing(8)
        ringed = (self.reading, self.head, self.dialect, self.shares)
        for part in (self.zone, self.kinds, self.trouble, self.reading, self.head, self.dialect, self.card):
            column.addLayout(narrowed(part, rings=part in ringed))
        column.addLayout(narrowed(self.table), 1)
        for part in (self.words, self.shares, self.scale):
            column.addLayout(narrowed(part, rings=part in ringed))
        self._end = QWidget(inside)  # takes what is left where no table does
        column.addWidget(self._end, 1)
        outer, below = QVBoxLayout(self), QHBoxLayout()
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._scroll, 1)
        below.setContentsMargins(PADDING, 8, PADDING, 16)
        below.addWidget(self.use)
        outer.addLayout(below)

    def _connect(self) -> None:
        self.zone.choice_requested.connect(self.choose)
        self.head.choice_requested.connect(self.choose)
        self.reading.cancelled.connect(self._on_cancelled)
        self.dialect.dialect_requested.connect(self._on_dialect_requested)
        self.card.skip_requested.connect(self._on_skip_requested)
        self.card.show_requested.connect(self.show_next_problem)
        self.table.head_chosen.connect(self.open_menu)
        self.share.edited.connect(self._on_share_edited)
        self.share.set_hint("The share of rows that the network never learns from.")
        self.scale.toggled.connect(self._on_scale_toggled)
        self.use.clicked.connect(self._on_use_clicked)
        source = self.source
        source.progressed.connect(self.reading.set_share)
        source.loaded.connect(self._on_loaded)
        source.failed.connect(self._on_failed)
        source.judged.connect(self._on_judged)
        source.made.connect(self._on_made)
        source.refused.connect(self._on_refused)

    # -- a file --------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Let the user choose a file, and read it."""
        path = ask_table(self.window(), str(Path(self._path).parent) if self._path else "")
        if path:
            self.open(path)

    def open(self, path: str, dialect: Dialect | None = None) -> None:
        """Read a file."""
        if path != self._path:
            self._table = None
        self._path = path
        self.trouble.show_text("")
        self.reading.begin(Path(path).name)
        self._show_state()
        self.source.open(path, dialect)

    def set_waiting(self, waiting: bool) -> None:
        """Whether a file is held over the panel."""
        self.zone.set_waiting(waiting)
        self.zone.setVisible(waiting or self._table is None)

    def is_busy(self) -> bool:
        """Whether something is being read or made."""
        return self.source.busy

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self.source.rest()

    def selection(self) -> Selection:
        """What the columns are for."""
        return self._selection

    def show_data(self, data: Dataset) -> None:
        """The data that the network learns from: those made here, or others."""
        self._in_use = data is self._made
        if not self._in_use:  # what went wrong, went wrong with other data, perhaps of another document
            self.trouble.show_text("")
            self._show_state()
        self._tell_use()

    def _on_cancelled(self) -> None:
        self.source.cancel()
        self.reading.end()
        self._show_state()

    def _on_failed(self, sentence: str) -> None:
        self.reading.end()
        self.trouble.show_text(sentence)
        self._show_state()

    def _on_loaded(self, loaded: Loaded) -> None:
        self.reading.end()
        before, self._table = self._table, loaded.table
        self._problems = None
        kept = self._selection if before is not None and _same_columns(before, loaded.table) else None
        self._selection = kept or replace(
            loaded.selection, test_share=self._selection.test_share, scaled=self._selection.scaled
        )
        self.head.show_table(loaded.table)
        self.dialect.show_dialect(loaded.table.dialect)
        self.table.set_rows(FileRows(loaded.table, self._selection))
        self._changed()
        self._show_state()

    def _show_state(self) -> None:
        """What is to be seen: a place to drop a file, one that is being read, or its rows."""
        reads, has = self.reading.is_reading, self._table is not None
        self.zone.setVisible(not has and not reads)
        self.kinds.setVisible(not has and not reads and not self.trouble.text())
        self.reading.setVisible(reads)
        for part in (self.head, self.dialect, self.table, self.words, self.shares, self.scale, self.use):
            part.setVisible(has and not reads)
        self.card.show_problems(self._problems if has and not reads else None, self._selection.skip)
        self._end.setVisible(not has or reads)

    # -- what the columns are for --------------------------------------------------------------------------------

    def _choose(self, selection: Selection) -> None:
        """Another selection of the same table."""
        assert self._table is not None
        self._selection = selection
        self.table.set_rows(FileRows(self._table, selection), keep=True)
        self._changed()

    def _changed(self) -> None:
        """What follows from the selection."""
        assert self._table is not None
        self._made = None
        self.trouble.show_text("")
        self.words.show_text(choice_words(self._selection))
        self.share.set_value(self._selection.test_share)
        self.scale.set_on(self._selection.scaled)
        self._tell_use()
        self.source.judge(self._table, self._selection)

    def _tell_use(self) -> None:
        """Whether the rows can be used, or else why not."""
        wrong = self._problems is not None and self._problems.count > 0 and not self._selection.skip
        reasons = (
            (not self._selection.targets, NOTHING_PREDICTED),
            (not self._selection.inputs, NOTHING_READ),
            (wrong, "Skip the rows that cannot be used, or leave their columns out."),
            (self._in_use and self._made is not None, IN_USE),
        )
        reason = next((reason for holds, reason in reasons if holds), "")
        self.use.set_label("In use" if reason == IN_USE else "Use these data")
        self.use.set_enabled(not reason, reason)

    def open_menu(self, column: int) -> Menu:
        """What a column can be for."""
        assert self._table is not None
        name = self._table.columns[column].name
        menu = Menu(self.table)
        empty = self._table.columns[column].kind == "empty"
        for use in (READ, PREDICT, LEFT_OUT):
            label = "Leave out" if use == LEFT_OUT else use
            chosen = use_of(self._selection, name) == use
            reason = "Nothing stands in this column." if empty and use != LEFT_OUT else ""
            menu.add_choice(label, use, chosen, enabled=not reason, hint=reason)
        menu.triggered.connect(lambda action: self._on_use_chosen(name, action))
        place = self.table.head_rect(column)
        menu.setMinimumWidth(132)
        menu.popup(self.table.mapToGlobal(QPoint(max(place.left(), 0), place.bottom() + 4)))
        return menu

    def _on_use_chosen(self, name: str, action: QAction) -> None:
        assert self._table is not None
        wanted = with_use(self._table, self._selection, name, action.data())
        if wanted != self._selection:
            self._choose(wanted)

    def _on_share_edited(self, share: float) -> None:
        self._selection = replace(self._selection, test_share=round(share, 6))
        self._made = None
        self._tell_use()

    def _on_scale_toggled(self, on: bool) -> None:
        self._selection = replace(self._selection, scaled=on)
        self._made = None
        self._tell_use()

    def _on_dialect_requested(self, dialect: Dialect) -> None:
        self.open(self._path, dialect)

    # -- what is wrong -------------------------------------------------------------------------------------------

    def _on_judged(self, judged: Judged) -> None:
        if judged.table is not self._table or not _same_use(judged.selection, self._selection):
            return
        self._problems, self._shown_row = judged.problems, -1
        places = {column.name: place for place, column in enumerate(judged.table.columns)}
        marks = ((problem.row - 1, places[problem.column]) for problem in judged.problems.first if problem.column)
        self.table.set_marks(frozenset(marks))
        self.card.show_problems(judged.problems, self._selection.skip)
        self._tell_use()

    def show_next_problem(self) -> None:
        """Comes to the next row with a bad cell, after the last one to the first."""
        if self._problems is None or not self._problems.count:
            return
        rows = np.flatnonzero(self._problems.rows)
        self._shown_row = int(rows[np.searchsorted(rows, self._shown_row, side="right") % len(rows)])
        named = next((p.column for p in self._problems.first if p.row - 1 == self._shown_row and p.column), None)
        assert self._table is not None
        names = [column.name for column in self._table.columns]
        self.table.set_current(self._shown_row)
        self.table.show_cell(self._shown_row, None if named is None else names.index(named))

    def _on_skip_requested(self, skip: bool) -> None:
        self._selection = replace(self._selection, skip=skip)
        self.card.show_problems(self._problems, skip)
        self._tell_use()

    # -- use -----------------------------------------------------------------------------------------------------

    def _on_use_clicked(self) -> None:
        assert self._table is not None
        self.trouble.show_text("")
        self.use.set_enabled(False, "The rows are being made.")
        self.source.make(self._table, self._selection)

    def _on_made(self, data: Dataset) -> None:
        self._made = data
        self._tell_use()
        self.dataset_requested.emit(data)

    def _on_refused(self, sentence: str) -> None:
        self.trouble.show_text(sentence)
        self._tell_use()


def _same_columns(before: Table, after: Table) -> bool:
    return [column.name for column in before.columns] == [column.name for column in after.columns]


def _same_use(a: Selection, b: Selection) -> bool:
    return (a.inputs, a.targets) == (b.inputs, b.targets)
