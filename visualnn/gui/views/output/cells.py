"""A picture made of cells: the one that is pointed at, the one that the keyboard is on, and the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.output.picture import ARROWS, Picture, arrow
from visualnn.gui.views.output.sight import Sight
from visualnn.gui.widgets.announce import announce

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
RADIUS = 4
Cell = tuple[int, int]  # row and column


class Cells(Picture):
    """Arrow keys walk over the cells, Enter or a click chooses one."""

    cell_chosen = Signal(int, int)

    own_keys = frozenset({*ARROWS, *ENTER, Qt.Key.Key_Space})

    def __init__(self, source: Callable[[], Sight | None], parent: QWidget):
        super().__init__(source, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._at: Cell = (0, 0)
        self._pointed: Cell | None = None

    # -- what a picture has to say -------------------------------------------------------------------------------

    def shape(self) -> Cell:
        """How many rows and columns there are."""
        raise NotImplementedError

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell is."""
        raise NotImplementedError

    def cell_words(self, row: int, column: int) -> str:
        """What there is to tell of a cell."""
        raise NotImplementedError

    def cell_at(self, position: QPointF) -> Cell | None:
        """The cell under a point."""
        rows, columns = self.shape()
        if not rows or not columns:
            return None
        first = self.cell_rect(0, 0)
        row, column = (
            int((position.y() - first.top()) // first.height()),
            int((position.x() - first.left()) // first.width()),
        )
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None

    # -- the pointer ---------------------------------------------------------------------------------------------

    def words_at(self, position: QPointF) -> str:
        cell = self.cell_at(position)
        return "" if cell is None else self.cell_words(*cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._point_at(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def _point_at(self, cell: Cell | None) -> None:
        if cell != self._pointed:
            self._pointed = cell
            self.setCursor(Qt.CursorShape.ArrowCursor if cell is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._at = cell
            self.cell_chosen.emit(*cell)
            self.refresh()

    # -- the keyboard --------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = arrow(event)
        if step is not None:
            self._walk(*step)
        elif event.key() in self.own_keys:
            self.cell_chosen.emit(*self._here())
            self.update()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _walk(self, across: int, down: int) -> None:
        rows, columns = self.shape()
        if rows and columns:
            row, column = self._here()
            self._at = min(max(row + down, 0), rows - 1), min(max(column + across, 0), columns - 1)
            announce(self, self.cell_words(*self._at))
            self.update()

    def _here(self) -> Cell:
        """The cell that the keyboard is on, which still exists."""
        rows, columns = self.shape()
        return min(self._at[0], max(rows - 1, 0)), min(self._at[1], max(columns - 1, 0))

    def paint_rings(self, painter: QPainter) -> None:
        """The cell that is pointed at, and the one that the keyboard is on."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._pointed is not None:
            painter.setPen(QPen(theme.color("text2"), 1))
            painter.drawRoundedRect(self.cell_rect(*self._pointed).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if self.has_ring():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(self.cell_rect(*self._here()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
