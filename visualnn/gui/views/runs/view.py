"""The page: the list, and beneath it the comparison of those that are ticked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from visualnn.gui import theme
from visualnn.gui.views.runs.differences import PITCH, Differences
from visualnn.gui.views.runs.order import ORDERS, SHORT, ordered
from visualnn.gui.views.runs.row import RunRow
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.card import wrapped
from visualnn.gui.widgets.lines_chart import ChartLine, LinesChart
from visualnn.gui.widgets.menu import Menu
from visualnn.gui.widgets.page_head import PageHead
from visualnn.gui.widgets.run_ink import run_dash, run_ink
from visualnn.gui.widgets.scroll import Scroll
from visualnn.runs import Run
from visualnn.scene.comparison import differences
from visualnn.scene.names import LABELS

PADDING = 24
EMPTY = "Each training run is kept here, so that you can compare."
HINT = "Tick two runs to compare them."
MOST_ROWS, FEW_ROWS = 6.5, 3.5  # of the differences, before they scroll; the latter where the window is low
HIGH, LOW, ROOMY = 112, 84, 640  # px of the chart, and of a page that has room for the higher one
FEWEST = 2  # runs that can be compared


class Note(QWidget):
    """One sentence in the place of what is not there yet."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._text = ""
        self.setFixedHeight(56)

    def say(self, text: str) -> None:
        """Another sentence."""
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def text(self) -> str:
        """What it says."""
        return self._text

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            for index, line in enumerate(wrapped(self._text, self.width() - 2 * PADDING, 13, 450)):
                theme.draw_text(painter, PADDING, 18 + 20 * index, line, 13, 450, "text2")


class Line(QWidget):
    """A hairline above the comparison."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("line"))


class RunsView(QWidget):
    """Shows runs; says what is asked for."""

    back_requested = Signal()
    ticked_changed = Signal(tuple)  # numbers
    restore_requested = Signal(int)
    renamed = Signal(int, str)
    deleted = Signal(int)
    export_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("runs")
        self.setAccessibleName("Runs")
        self.setMinimumWidth(300)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._runs: tuple[Run, ...] = ()
        self._current: int | None = None
        self._ticked: tuple[int, ...] = ()
        self._rows: dict[int, RunRow] = {}
        self.order = "newest"
        self.head = PageHead("Runs", self)
        self.head.back_requested.connect(self.back_requested)
        self.sorting = TextButton("Newest", parent=self, trailing="chevron-down", size=13, weight=500)
        self.sorting.clicked.connect(self.open_sorting)
        self.head.add_tool(self.sorting)
        self.note, self.line = Note(self), Line(self)
        self.chart, self.differences = LinesChart(self, title="Train loss"), Differences(self)
        self._lay_out()
        self.show_runs((), None)

    def _lay_out(self) -> None:
        inside = QWidget(self)
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2)
        self._list.addStretch(1)
        self._scroll, self._below = Scroll(inside, self), Scroll(self.differences, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self._scroll, self.note, self.line, self.chart, self._below):
            column.addWidget(part, 1 if part is self._scroll else 0)
        column.addSpacing(16)
        self._rest = QWidget(self)  # takes the room of the list where there is none
        column.addWidget(self._rest, 1)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_runs(self, runs: Sequence[Run], current: int | None, ticked: Iterable[int] = ()) -> None:
        """Show these runs, which of them is on the stage, and which are ticked, in the order of ticking."""
        self._runs, self._current = tuple(runs), current
        numbers = {run.number for run in runs}
        self._ticked = tuple(number for number in dict.fromkeys(ticked) if number in numbers)
        self._show_list()
        self._show_comparison()

    @property
    def ticked(self) -> tuple[int, ...]:
        """The numbers of the runs that are compared."""
        return self._ticked

    def row(self, number: int) -> RunRow:
        """The row of a run."""
        return self._rows[number]

    def _show_list(self) -> None:
        shown = ordered(self._runs, self.order)
        for number in set(self._rows) - {run.number for run in shown}:
            row = self._rows.pop(number)
            row.hide()
            row.deleteLater()
        for place, run in enumerate(shown):
            row = self._rows.get(run.number) or self._made(run)
            row.show_run(run, current=run.number == self._current, ticked=run.number in self._ticked)
            if self._list.indexOf(row) != place:
                self._list.removeWidget(row)
                self._list.insertWidget(place, row)
        self._chain(shown)
        self.head.set_note(f"{len(shown)} kept" if shown else "")
        self.sorting.setVisible(len(shown) > 1)
        self.head.refit()

    def _chain(self, shown: Sequence[Run]) -> None:
        """The Tab key goes from row to row as they stand."""
        last: QWidget = self.sorting
        for run in shown:
            row = self._rows[run.number]
            QWidget.setTabOrder(last, row)
            QWidget.setTabOrder(row, row.more)
            last = row.more

    def _made(self, run: Run) -> RunRow:
        row = self._rows[run.number] = RunRow(run, self)
        row.toggled.connect(self._on_toggled)
        row.moved.connect(self._on_moved)
        row.restore_requested.connect(self.restore_requested)
        row.renamed.connect(self.renamed)
        row.deleted.connect(self._on_deleted)
        row.export_requested.connect(self.export_requested)
        return row

    def _show_comparison(self) -> None:
        chosen = [run for number in sorted(self._ticked) for run in self._runs if run.number == number]
        compares = len(chosen) >= FEWEST
        self._scroll.setVisible(bool(self._runs))
        self._rest.setVisible(not self._runs)
        self.note.setVisible(not compares)
        self.note.say(HINT if len(self._runs) >= FEWEST else EMPTY)
        for part in (self.line, self.chart, self._below):
            part.setVisible(compares)
        if compares:
            self.chart.show_lines([chart_line(run) for run in chosen])
            self.differences.show_rows(differences(chosen, LABELS), [run.number for run in chosen])
            self._fit_below()

    def _fit_below(self) -> None:
        is_low = self.height() < ROOMY
        self.chart.set_high(LOW if is_low else HIGH)
        most = FEW_ROWS if is_low else MOST_ROWS
        self._below.setFixedHeight(min(self.differences.height(), round(most * PITCH)))

    # -- requests up ---------------------------------------------------------------------------------------------

    def open_sorting(self) -> Menu:
        """The menu of orders."""
        menu = Menu(self.sorting)
        for key, label in ORDERS.items():
            menu.add_choice(label, key, key == self.order)
        menu.triggered.connect(self._on_order_chosen)
        menu.open_below(self.sorting)
        return menu

    def _on_order_chosen(self, action) -> None:
        self.set_order(action.data())

    def set_order(self, order: str) -> None:
        """Sort the list by one of the `ORDERS`."""
        self.order = order
        self.sorting.set_label(SHORT.get(order, ORDERS[order]))
        self._show_list()

    def _on_toggled(self, number: int) -> None:
        kept = tuple(each for each in self._ticked if each != number)
        self._ticked = (*kept, number) if len(kept) == len(self._ticked) else kept
        row = self._rows[number]
        row.show_run(row.run, current=row.is_current, ticked=number in self._ticked)
        self._show_comparison()
        self.ticked_changed.emit(self._ticked)

    def _on_moved(self, number: int, down: int) -> None:
        shown = [run.number for run in ordered(self._runs, self.order)]
        place = min(max(shown.index(number) + down, 0), len(shown) - 1)
        row = self._rows[shown[place]]
        row.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(row, 0, 4)

    def _on_deleted(self, number: int) -> None:
        shown = [run.number for run in ordered(self._runs, self.order)]
        self._on_moved(number, 1 if shown[-1] != number else -1)  # the focus stays in the list
        self.deleted.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, _event: QEvent) -> None:
        self._fit_below()


def chart_line(run: Run) -> ChartLine:
    """The losses of a run as a line in its ink, the last one included."""
    updates, losses, tint = run.curve.updates, run.curve.losses, run.number - 1
    if not updates.size or updates[-1] < run.update:
        updates, losses = np.append(updates, run.update), np.append(losses, run.loss)
    return ChartLine(run.name, updates, losses, run_ink(tint), str(run.number), run_dash(tint))
