"""The matrix of which class is taken for which; a click on a count steps through its rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.output.cells import RADIUS, Cells
from visualnn.gui.views.output.layer import Layer, paint_number
from visualnn.gui.views.output.metric import percent
from visualnn.gui.views.output.picture import CAPTION, HEIGHT, MARGIN, paint_caption
from visualnn.gui.views.output.sight import Draw, Sight
from visualnn.gui.widgets.segmented import Segmented
from visualnn.project import Project
from visualnn.scene.confusion import Confusion, class_names, confusions_of, with_article

FEW = 4  # classes whose matrix has room beside the numbers
HEAD, FOOT, SIDE = 20, 20, 42  # px for the names above, the precisions below, the recalls beside the cells
NAMES, WIDEST_NAMES = 18, 70  # px for the names beside the cells, at least and at most
SIZES = (13, 12, 11, 10)
STRENGTH, FAINTEST = 0.62, 0.14  # of the colour of a cell with all, and with one, of its class's rows
HIGHEST = 58  # px of a cell
LOWEST = 9  # px of a cell in which a count is written


class ConfusionPicture(Cells):
    """Rows are what things are, columns what they are taken for."""

    row_requested = Signal(int)

    def __init__(self, source: Callable[[], Sight | None], parent: QWidget):
        super().__init__(source, parent)
        self.setAccessibleName("Confusion")
        self._still = Layer(self)
        self._names: tuple[str, ...] = ()
        self._row: int | None = None  # that was asked for last
        self._stepped: tuple[int, int] | None = None  # the count that it is behind
        self._told = ""
        self._sets = Segmented(("Train", "Test"), parent=parent, pad=10)
        self._sets.setAccessibleName("Rows counted")
        self._sets.hide()
        self._sets.chosen.connect(self._on_set_chosen)
        self.cell_chosen.connect(self._on_cell_chosen)

    def show_project(self, project: Project) -> None:
        if self.project is None or project.data is not self.project.data:
            self._forget()
            self._names = class_names(project.data, project.network.outputs)
            tests = project.data.tests
            self._sets.set_hints((f"{project.data.rows:,} rows to learn from", f"{tests:,} rows held back"))
            self._sets.set_index(1 if tests and self._sets.index() else 0)
            self._sets.hide()
            self.control = self._sets if tests else None
            self.beside = len(self._names) <= FEW
        super().show_project(project)

    def drawing(self) -> Draw:
        return confusions_of

    @property
    def confusion(self) -> Confusion | None:
        """What is to be seen."""
        content = self.content
        return content[self._sets.index()] if isinstance(content, tuple) else None

    # -- stepping through rows -----------------------------------------------------------------------------------

    def _on_set_chosen(self, _index: int) -> None:
        self._forget()
        self.refresh()

    def _forget(self) -> None:
        self._row, self._stepped, self._told = None, None, ""

    def _on_cell_chosen(self, truth: int, said: int) -> None:
        confusion = self.confusion
        if confusion is None:
            return
        before = self._row if self._stepped == (truth, said) else None
        found = confusion.after(truth, said, before)
        if found is None:
            self._forget()
            return
        self._row, place, count = found
        self._stepped = (truth, said)
        names = [with_article(confusion.names[index]) for index in self._stepped]
        whose = names[0] if truth == said else f"{names[0]} taken for {names[1]}"
        self._told = f"Row {place:,} of {count:,}: {whose}."
        self.row_requested.emit(self._row)

    # -- places --------------------------------------------------------------------------------------------------

    def fit(self, width: int) -> None:
        high = min(HEIGHT - HEAD - FOOT, HIGHEST * max(len(self._names), 2))
        self.setFixedSize(width + 2 * MARGIN, HEAD + round(high) + FOOT + CAPTION + 2 * MARGIN)

    def shape(self) -> tuple[int, int]:
        return len(self._names), len(self._names)

    def grid_rect(self) -> QRectF:
        """Where the cells are, without what stands around them."""
        left = MARGIN + self._name_room()
        wide = self.width() - MARGIN - SIDE - left
        return QRectF(left, MARGIN + HEAD, wide, self.height() - 2 * MARGIN - HEAD - FOOT - CAPTION)

    def _name_room(self) -> float:
        return _room_of(self._names)

    def cell_rect(self, row: int, column: int) -> QRectF:
        grid, count = self.grid_rect(), max(len(self._names), 1)
        wide, high = grid.width() / count, grid.height() / count
        return QRectF(grid.left() + column * wide, grid.top() + row * high, wide, high)

    def cell_words(self, row: int, column: int) -> str:
        confusion = self.confusion
        return "" if confusion is None else confusion.sentence(row, column)

    def words_at(self, position: QPointF) -> str:
        """Of a count, or of the shares beside and below."""
        confusion, grid = self.confusion, self.grid_rect()
        if confusion is None:
            return ""
        if position.x() >= grid.right() and grid.top() <= position.y() < grid.bottom():
            index = int((position.y() - grid.top()) / grid.height() * len(self._names))
            return _shared(confusion.recall(index), f"of what is {with_article(self._names[index])}", "recall")
        if position.y() >= grid.bottom() and grid.left() <= position.x() < grid.right():
            index = int((position.x() - grid.left()) / grid.width() * len(self._names))
            return _shared(
                confusion.precision(index), f"of what is taken for {with_article(self._names[index])}", "precision"
            )
        return super().words_at(position)

    # -- painting ------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        confusion = self.confusion
        if confusion is None:
            return
        self._still.paint(painter, (self._names, self._name_room()), self._paint_still)
        self._paint_cells(painter, confusion)
        self._paint_shares(painter, confusion)
        self.paint_rings(painter)
        paint_caption(painter, self.box().adjusted(0, 0, 0, -CAPTION), *self.captions())

    def captions(self) -> tuple[str, ...]:
        """The row that is stepped to, the count that the keyboard is on, or how many are right; short ones last."""
        confusion = self.confusion
        if confusion is None:
            return ("",)
        if self._told:
            return (self._told, self._told.split(":")[0])
        if self.has_ring():
            return (confusion.sentence(*self._here()),)
        right = f"{confusion.right:,} of {confusion.total:,} rows are right."
        return (f"{right} Click a count for its rows.", f"{right} Click a count.", right)

    def _paint_still(self, painter: QPainter) -> None:
        """The names, and the cells as they are where nothing is counted."""
        self._paint_names(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_tint("neg", 0.0))
        for truth in range(len(self._names)):
            for said in range(len(self._names)):
                painter.drawRoundedRect(self._cell_box(truth, said), RADIUS - 1, RADIUS - 1)

    def _cell_box(self, truth: int, said: int) -> QRectF:
        cell = self.cell_rect(truth, said)
        half = 0.5 if cell.height() >= LOWEST else 0.125
        return cell.adjusted(half, half, -half, -half)

    def _paint_names(self, painter: QPainter) -> None:
        """What it is beside the rows, what it is taken for above the columns."""
        grid = self.grid_rect()
        for index, name in enumerate(self._names):
            cell = self.cell_rect(index, index)
            if cell.height() >= LOWEST:
                text = theme.elided(name, self._name_room() - 8, 12, 600)
                theme.draw_text(painter, grid.left() - 8, cell.center().y(), text, 12, 600, "text2", "r")
            if cell.width() >= theme.text_width("0", 12, 600) + 2:
                text = theme.elided(name, cell.width(), 12, 600)
                theme.draw_text(painter, cell.center().x(), grid.top() - 11, text, 12, 600, "text2", "c")
        theme.draw_text(painter, self.width() - MARGIN, grid.top() - 11, "right", 12, 450, "text3", "r")

    def _paint_cells(self, painter: QPainter, confusion: Confusion) -> None:
        cell = self.cell_rect(0, 0)
        widest = f"{int(confusion.counts.max(initial=0)):,}"
        fitting = (size for size in SIZES if theme.text_width(widest, size, 500) <= cell.width() - 1)
        size = next(fitting, None) if cell.height() >= LOWEST else None
        counted = [(t, s, c) for t, line in enumerate(confusion.counts.tolist()) for s, c in enumerate(line)]
        painter.setPen(Qt.PenStyle.NoPen)
        for truth, said, count in counted:
            if count:
                painter.setBrush(_tint("pos" if truth == said else "neg", count / max(confusion.truths(truth), 1)))
                painter.drawRoundedRect(self._cell_box(truth, said), RADIUS - 1, RADIUS - 1)
        if size is not None:
            painter.setPen(theme.color("text"))
            painter.setFont(theme.font(size, 500))
            for truth, said, count in counted:
                if count or truth == said:
                    paint_number(painter, self.cell_rect(truth, said).center(), f"{count:,}", size, 500)

    def _paint_shares(self, painter: QPainter, confusion: Confusion) -> None:
        """How much of each class is right, and how much of what is taken for it."""
        grid = self.grid_rect()
        high, wide = self.cell_rect(0, 0).height(), self.cell_rect(0, 0).width()
        for index in range(len(self._names)):
            cell = self.cell_rect(index, index)
            if high >= LOWEST:
                text = f"{_percent(confusion.recall(index))}\u2009%"
                theme.draw_text(painter, self.width() - MARGIN, cell.center().y(), text, 12, 450, "text2", "r")
            text = _percent(confusion.precision(index))
            size = next((size for size in (12, 11, 10) if theme.text_width("100", size, 450) + 3 <= wide), None)
            if size is not None:
                theme.draw_text(painter, cell.center().x(), grid.bottom() + 11, text, size, 450, "text2", "c")
        theme.draw_text(painter, self.width() - MARGIN, grid.bottom() + 11, _all_right(confusion), 12, 600, "text", "r")


def _tint(role: str, share: float) -> object:
    if not share:
        return theme.mix("panel", "raised", 0.7)
    return theme.mix("raised", role, FAINTEST + (STRENGTH - FAINTEST) * share**0.5)


def _percent(share: float | None) -> str:
    """Without a unit: there are many of them; 100 only where nothing is wrong."""
    if share is None:
        return "–"
    return "100" if share == 1 else f"{min(100 * share, 99.0):.0f}"


def _all_right(confusion: Confusion) -> str:
    return percent(confusion.right, confusion.total).replace(" ", "\u2009")


def _shared(share: float | None, of: str, word: str) -> str:
    if share is None:
        return f"There is nothing {of.removeprefix('of what ')}."
    return f"{100 * share:.2f} % {of} is right ({word})"


@lru_cache(maxsize=8)
def _room_of(names: tuple[str, ...]) -> float:
    """For the names beside the grid."""
    widest = max((theme.text_width(name, 12, 600) for name in names), default=0.0)
    return min(max(widest + 8, NAMES), WIDEST_NAMES)
