"""A table of any length: only what is seen is asked for and painted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QSizePolicy, QToolTip, QWidget

from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.columns import Columns, measured, spread
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.table_paint import Sight, paint
from visualnn.scene.rows import Rows, row_sentence

PITCH = 28  # px of a row
HEAD, CHOOSING_HEAD = 28, 44  # of the headings, without and with what their columns are for
GUTTER = 12  # px right of the rows, for the scroll bar
BAR = 12
LEAST_ROWS = 5
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
UP_DOWN = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
LEFT_RIGHT = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
ENDS = {Qt.Key.Key_Home: -1, Qt.Key.Key_End: 1}
WHEEL_ROWS = 3


class RowsTable(KeyboardFocus, QWidget):
    """Shows `Rows`; a click or Enter chooses a row, or what the column under the cursor is for."""

    row_chosen = Signal(int)
    head_chosen = Signal(int)  # only where headings are there to be chosen

    own_keys = frozenset({*ENTER, *UP_DOWN, *LEFT_RIGHT, *PAGES, *ENDS})

    def __init__(self, name: str, parent: QWidget | None = None, *, chooses_heads: bool = False):
        super().__init__(parent)
        self._rows: Rows | None = None
        self._chooses = chooses_heads
        self._columns, self._wishes = Columns(0.0, ()), (0.0, [0.0])
        self._sight = Sight(head=CHOOSING_HEAD if chooses_heads else HEAD, pitch=PITCH, chooses=chooses_heads)
        self._down, self._across = (
            QScrollBar(Qt.Orientation.Vertical, self),
            QScrollBar(Qt.Orientation.Horizontal, self),
        )
        for bar in (self._down, self._across):
            bar.valueChanged.connect(self._on_scrolled)
        self._down.setSingleStep(PITCH)
        self._across.setSingleStep(PITCH)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(self._sight.head + LEAST_ROWS * PITCH + 1)
        self.setAccessibleName(name)

    # -- values down ---------------------------------------------------------------------------------------------

    def set_rows(self, rows: Rows | None, *, keep: bool = False) -> None:
        """Shows other rows, from their beginning, or, with `keep`, the same rows that are used otherwise."""
        self._rows = self._sight.rows = rows
        if not keep:
            self._wishes = (0.0, [0.0]) if rows is None else measured(rows, chooses=self._chooses)
            self._sight.row, self._sight.marks = -1, frozenset()
            self._sight.column = 0 if self._chooses else -1
        self._fit()
        if not keep:
            self._down.setValue(0)
            self._across.setValue(0)
        self.update()

    def set_current(self, row: int) -> None:
        """Lights a row, without a signal; −1: none."""
        if row != self._sight.row:
            self._sight.row = row
            self._describe()
            self.update()

    def current(self) -> int:
        """The lit row."""
        return self._sight.row

    def column(self) -> int:
        """The column under the cursor, −1 where columns are not chosen."""
        return self._sight.column

    def set_marks(self, marks: frozenset[tuple[int, int]]) -> None:
        """Marks cells, row and column, that something is wrong with."""
        self._sight.marks = marks
        self.update()

    def show_cell(self, row: int, column: int | None = None) -> None:
        """Scrolls no further than it takes to see a cell; a row far away comes to the middle."""
        room, top = self._room().height(), row * PITCH
        if not self._down.value() <= top <= self._down.value() + room - PITCH:
            far = not -PITCH <= top - self._down.value() <= room
            self._down.setValue(top - (room - PITCH) // 2 if far else min(top, self._down.value()))
            if not far and top + PITCH > self._down.value() + room:
                self._down.setValue(top + PITCH - room)
        if column is not None and self._columns.ends:
            left, right = self._columns.left(column), self._columns.ends[column]
            shown = self._room().width() - self._columns.first
            self._across.setValue(round(min(max(self._across.value(), right - shown), left)))

    # -- places --------------------------------------------------------------------------------------------------

    def row_rect(self, row: int) -> QRect:
        """Where a row is, seen or not."""
        return QRect(0, self._sight.head + row * PITCH - self._down.value(), self._room().width(), PITCH)

    def head_rect(self, column: int) -> QRect:
        """Where a heading is, seen or not."""
        left = self._columns.first + self._columns.left(column) - self._across.value()
        return QRect(round(left), 0, round(self._columns.width(column)), self._sight.head)

    def visible_rows(self) -> range:
        """The rows of which something is to be seen."""
        return self._sight.shown(self._room())

    def _room(self) -> QRect:
        """Where rows are."""
        below = BAR if self._across.isVisibleTo(self) else 0
        return QRect(0, self._sight.head, self.width() - GUTTER, max(self.height() - self._sight.head - below, 0))

    def _row_at(self, position: QPoint) -> int:
        if self._rows is None or not self._room().contains(position):
            return -1
        row = (position.y() - self._sight.head + self._down.value()) // PITCH
        return row if row < self._rows.rows else -1

    def _column_at(self, x: float) -> int:
        return self._columns.at(x - self._columns.first + self._across.value()) if x >= self._columns.first else -1

    def _fit(self) -> None:
        """Columns and scroll bars for the present size."""
        if self._rows is None:
            self._down.hide()
            self._across.hide()
            return
        width = self.width() - GUTTER
        self._columns = self._sight.columns = spread(self._rows, *self._wishes, width)
        beyond = round(self._columns.first + self._columns.extent) - width
        self._across.setVisible(beyond > 0)
        self._across.setRange(0, max(beyond, 0))
        self._across.setPageStep(max(width, 1))
        self._across.setGeometry(0, self.height() - BAR, width, BAR)
        room = self._room()
        hidden = self._rows.rows * PITCH - room.height()
        self._down.setVisible(hidden > 0)
        self._down.setRange(0, max(hidden, 0))
        self._down.setPageStep(max(room.height(), 1))
        self._down.setGeometry(self.width() - BAR, room.top(), BAR, room.height())
        self._on_scrolled()

    def _on_scrolled(self) -> None:
        self._sight.down, self._sight.across = self._down.value(), self._across.value()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(304 + GUTTER, self.minimumHeight())

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    # -- pointer -------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(event.position().toPoint())

    def leaveEvent(self, event) -> None:
        super().leaveEvent(event)
        self._hover(QPoint(-1, -1))

    def _hover(self, position: QPoint) -> None:
        in_head = self._chooses and 0 <= position.y() < self._sight.head
        row, head = self._row_at(position), self._column_at(position.x()) if in_head else -1
        if (row, head) != (self._sight.hovered, self._sight.hovered_head):
            self._sight.hovered, self._sight.hovered_head = row, head
            self.setCursor(Qt.CursorShape.PointingHandCursor if head >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._rows is None:
            return
        position = event.position().toPoint()
        row, column = self._row_at(position), self._column_at(position.x())
        if self._chooses and column >= 0:
            self._sight.column = column
            self.update()
        if row >= 0:
            self._go(row)
            self.row_chosen.emit(row)
        elif self._chooses and column >= 0 and position.y() < self._sight.head:
            self.head_chosen.emit(column)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned, moved = event.angleDelta(), event.pixelDelta()
        sideways = abs(turned.x()) > abs(turned.y()) or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        bar = self._across if sideways else self._down
        turn, move = ((p.x() or p.y()) if sideways else p.y() for p in (turned, moved))
        before = bar.value()
        bar.setValue(round(before - (move or turn / 120 * WHEEL_ROWS * PITCH)))
        event.setAccepted(bar.value() != before)  # at its end the page around it scrolls

    # -- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self._rows is None or not self.owns(event):
            super().keyPressEvent(event)
        elif key in LEFT_RIGHT:
            self._go_across(LEFT_RIGHT[key])
        elif key in ENTER:
            self._choose()
        elif key in ENDS:
            self._go(0 if ENDS[key] < 0 else self._rows.rows - 1)
        else:
            page = max(self._room().height() // PITCH - 1, 1)
            self._go(self._sight.row + (UP_DOWN[key] if key in UP_DOWN else PAGES[key] * page))

    def _choose(self) -> None:
        if self._chooses:
            self.head_chosen.emit(self._sight.column)
        elif self._sight.row >= 0:
            self.row_chosen.emit(self._sight.row)

    def _go(self, row: int) -> None:
        assert self._rows is not None
        if not self._rows.rows:
            return
        self.set_current(min(max(row, 0), self._rows.rows - 1))
        self.show_cell(self._sight.row)
        announce(self, row_sentence(self._rows, self._sight.row))

    def _go_across(self, by: int) -> None:
        assert self._rows is not None
        last = len(self._rows.headings) - 1
        if not self._chooses:
            self._across.setValue(self._across.value() + by * 2 * PITCH)
            return
        self._sight.column = min(max(self._sight.column + by, 0), last)
        heading = self._rows.headings[self._sight.column]
        self.show_cell(max(self._down.value() // PITCH, 0), self._sight.column)
        announce(self, f"Column {heading.name}, {heading.note}" if heading.note else f"Column {heading.name}")
        self.update()

    def _describe(self) -> None:
        row = self._sight.row
        has = self._rows is not None and 0 <= row < self._rows.rows
        self.setAccessibleDescription(row_sentence(self._rows, row) if has else "")

    # -- what is to be seen --------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            assert isinstance(event, QHelpEvent)
            QToolTip.showText(event.globalPos(), self.hint_at(event.pos()), self)
            return True
        return super().event(event)

    def hint_at(self, position: QPoint) -> str:
        """What is said of a place: a text that had no room, what a column is for, why a row is marked."""
        rows, column, row = self._rows, self._column_at(position.x()), self._row_at(position)
        if rows is None:
            return ""
        if position.y() < self._sight.head:
            return "" if column < 0 else rows.headings[column].tip or rows.headings[column].name
        if row >= 0 and column < 0:
            return "This row is for testing: the network never learns from it." if rows.is_test(row) else ""
        return rows.cell(row, column).text if row >= 0 and column >= 0 else ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._rows is not None:
                paint(painter, self._sight, QRectF(self._room()), QPointF(self.width() - GUTTER, self._sight.head))
