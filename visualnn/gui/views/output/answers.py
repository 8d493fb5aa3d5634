"""The grid of pairs of numbers with what the network says for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.output.cells import RADIUS, Cells
from visualnn.gui.views.output.layer import paint_number
from visualnn.gui.views.output.picture import CAPTION, MARGIN, paint_caption
from visualnn.gui.views.output.sight import Draw, Sight
from visualnn.gui.widgets.button import TextButton
from visualnn.project import Project
from visualnn.scene import look
from visualnn.scene.answers import SPANS, Answers, answers_of, best_span, span_name
from visualnn.scene.formula import MINUS, number
from visualnn.scene.maps import map_pixels

HEAD, SIDE = 19, 24  # px for the second numbers above the cells, and for the first beside them
LOWEST, HIGHEST = 16, 20  # px of a cell
GRID = 180  # px of all cells together
SIZES = ((12, 2), (12, 1), (11, 1), (10, 1))  # of a letter, and how many decimals are written
GAP = 1  # px between two cells
WEIGHT = 450
LONG = 7  # letters of a number that may not fit


class AnswersPicture(Cells):
    """Each cell is coloured by how much it misses: blue where the answer is too large, orange where it is too small."""

    beside = False

    sample_requested = Signal(object)
    changed = Signal()  # there is something else to be made

    def __init__(self, source: Callable[[], Sight | None], parent: QWidget):
        super().__init__(source, parent)
        self.setAccessibleName("Answers")
        self._span = SPANS[0]
        self.control = TextButton(span_name(self._span), parent=parent, size=12, weight=500)
        self.control.clicked.connect(self._on_span_clicked)
        self.control.hide()
        self.cell_chosen.connect(self._on_cell_chosen)

    def show_project(self, project: Project) -> None:
        if self.project is None or project.data is not self.project.data:
            self._set_span(best_span(project))
        super().show_project(project)

    def drawing(self) -> Draw:
        return partial(answers_of, span=self._span)

    @property
    def answers(self) -> Answers | None:
        """What is to be seen."""
        content = self.content
        return content if isinstance(content, Answers) and content.numbers[0] == self._span[0] else None

    # -- which pairs ---------------------------------------------------------------------------------------------

    def _on_span_clicked(self) -> None:
        self._set_span(SPANS[(SPANS.index(self._span) + 1) % len(SPANS)])
        self.changed.emit()

    def _set_span(self, span: tuple[int, int]) -> None:
        self._span = span
        other = span_name(SPANS[(SPANS.index(span) + 1) % len(SPANS)])
        self.control.set_label(span_name(span))
        self.control.set_hint(f"Pairs of the numbers {span_name(span)}. Click for {other}.")
        self._at = (0, 0)

    def _on_cell_chosen(self, row: int, column: int) -> None:
        answers = self.answers
        if answers is not None:
            self.sample_requested.emit(answers.pair(row, column))

    # -- places --------------------------------------------------------------------------------------------------

    def fit(self, width: int) -> None:
        self.setFixedSize(width + 2 * MARGIN, HEAD + GRID + CAPTION + 2 * MARGIN)

    def shape(self) -> tuple[int, int]:
        count = self._span[1] - self._span[0] + 1
        return count, count

    def grid_rect(self) -> QRectF:
        """Where the cells are, without the numbers around them."""
        box = self.box()
        return QRectF(box.left() + SIDE, box.top() + HEAD, box.width() - SIDE, GRID)

    def cell_rect(self, row: int, column: int) -> QRectF:
        grid, (rows, columns) = self.grid_rect(), self.shape()
        wide, high = grid.width() / columns, grid.height() / rows
        return QRectF(grid.left() + column * wide, grid.top() + row * high, wide, high)

    def cell_words(self, row: int, column: int) -> str:
        return "" if self.answers is None else self.answers.sentence(row, column)

    # -- painting ------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        answers = self.answers
        if answers is None:
            return
        self._paint_numbers(painter, answers)
        self._paint_cells(painter, answers)
        self._paint_learned(painter, answers)
        self.paint_rings(painter)
        summary = answers.summary()
        words = (
            (answers.sentence(*self._here()).split("\n")[0],) if self.has_ring() else (summary, summary.split(". ")[0])
        )
        paint_caption(painter, self.box().adjusted(0, 0, 0, -CAPTION), *words)

    def _paint_numbers(self, painter: QPainter, answers: Answers) -> None:
        """The second numbers above, the first beside the cells."""
        grid = self.grid_rect()
        for index, value in enumerate(answers.numbers.tolist()):
            text, cell = number(value, 0), self.cell_rect(index, index)
            theme.draw_text(painter, cell.center().x(), grid.top() - HEAD / 2, text, 12, 600, "text2", "c")
            theme.draw_text(painter, grid.left() - 7, cell.center().y(), text, 12, 600, "text2", "r")
        sign = "+" if answers.rule == "sum" else f"|{MINUS}|"
        theme.draw_text(painter, grid.left() - 7, grid.top() - HEAD / 2, sign, 12, 600, "text3", "r")

    def _paint_cells(self, painter: QPainter, answers: Answers) -> None:
        colors = map_pixels(answers.misses, look.load(theme.current().name)).tolist()
        grid, (rows, columns), inside = self.grid_rect(), self.shape(), answers.inside.tolist()
        wide, high = grid.width() / columns, grid.height() / rows
        size, decimals = next((fit for fit in SIZES if _widest(answers, *fit) <= wide - 3), SIZES[-1])
        painter.setFont(theme.font(size, WEIGHT))
        pens = QPen(theme.color("text2")), QPen(theme.color("text"))
        for row, line in enumerate(answers.said.tolist()):
            for column, value in enumerate(line):
                cell = QRectF(grid.left() + column * wide, grid.top() + row * high, wide - GAP, high - GAP)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor.fromRgb(colors[row][column]))
                painter.drawRoundedRect(cell, RADIUS - 1, RADIUS - 1)
                painter.setPen(pens[inside[row][column]])
                paint_number(painter, cell.center(), _fitting(number(value, decimals), wide, size), size, WEIGHT)

    def _paint_learned(self, painter: QPainter, answers: Answers) -> None:
        """A dashed frame around the pairs that lie where the rows to learn from lie, unless these are all."""
        rows, columns = (np.flatnonzero(answers.inside.any(axis=axis)) for axis in (1, 0))
        if answers.inside.all() or not rows.size:
            return
        frame = self.cell_rect(int(rows[0]), int(columns[0])).united(self.cell_rect(int(rows[-1]), int(columns[-1])))
        pen = QPen(theme.color("text"), 1.3, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 2.5])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, RADIUS, RADIUS)


def _widest(answers: Answers, size: int, decimals: int) -> float:
    said = answers.said[np.isfinite(answers.said)]
    ends = (float(said.min()), float(said.max())) if said.size else (0.0,)
    return max(theme.text_width(number(value, decimals), size, WEIGHT) for value in ends)


def _fitting(text: str, wide: float, size: int) -> str:
    """A number that has grown beyond all measure does not fit: its exponent says how far."""
    return text if len(text) < LONG else theme.elided(text, wide, size, WEIGHT)
