"""What lies over the loss curve and can be pointed at."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.loss.curve import OVERHANG
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.scene.record import EMPTY, Record

DOT = 4.0
MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Marker(KeyboardFocus, QWidget):
    """Lies over the plot: the ghost of the first point, the mark of a broken run, and the point asked about."""

    chosen = Signal(int)

    own_keys = frozenset({*MOVES, *ENTER, Qt.Key.Key_Home, Qt.Key.Key_End})

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self._record = Record()
        self._at: float | None = None  # the update asked about
        self.setAccessibleName("Loss curve")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_record(self, record: Record) -> None:
        """Lie over this curve."""
        self._record = record
        self.update()

    def marked(self) -> int | None:
        """The index of the point asked about."""
        return None if self._at is None or self._record.is_empty else self._record.nearest(self._at)

    def label(self) -> str:
        """What stands beside that point."""
        index = self.marked()
        return "" if index is None else self._record.label(index)

    def _point(self, update: float, loss: float) -> QPointF:
        box = QRectF(self.rect()).adjusted(OVERHANG, OVERHANG, -OVERHANG, -OVERHANG)
        x = box.left() + self._record.across.share(update) * box.width()
        return QPointF(x, box.bottom() - self._record.up.share(loss) * box.height())

    def _ask(self, update: float | None) -> None:
        self._at = update
        self.setAccessibleDescription(self.label())
        self.update()

    def _ask_at(self, index: int) -> None:
        self._ask(float(self._record.updates[index]) if self._record.updates.size else None)

    # -- events --------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        share = (event.position().x() - OVERHANG) / (self.width() - 2 * OVERHANG)
        self._ask(self._record.across.value(share))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._ask(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.mouseMoveEvent(event)
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = self._record.updates.size - 1
        if event.key() in MOVES:
            index = self.marked()
            self._ask_at(last if index is None else min(max(index + MOVES[event.key()] * self._stride(event), 0), last))
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._ask_at(0 if event.key() == Qt.Key.Key_Home else last)
        elif event.key() in ENTER:
            self._choose()
        elif event.key() == Qt.Key.Key_Escape and self._at is not None:
            self._ask(None)
        else:
            super().keyPressEvent(event)

    def _stride(self, event: QKeyEvent) -> int:
        """One pixel's worth of points, with Shift one point."""
        fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        return 1 if fine else max(1, self._record.updates.size // max(1, self.width()))

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self._ask(None)

    def _choose(self) -> None:
        index = self.marked()
        if index is not None:
            self.chosen.emit(int(self._record.updates[index]))

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._record.is_empty:
                self._paint_empty(painter)
                return
            self._paint_end(painter)
            index = self.marked()
            if index is not None:
                self._paint_mark(painter, int(self._record.updates[index]), float(self._record.losses[index]))

    def _paint_empty(self, painter: QPainter) -> None:
        if self._record.losses.size and isfinite(self._record.losses[0]):
            _paint_dot(painter, self._point(0.0, float(self._record.losses[0])), theme.mix("panel", "text", 0.4))
        middle = QRectF(self.rect()).center()
        width = theme.text_width(EMPTY, 13, 450) + 16
        painter.fillRect(QRectF(middle.x() - width / 2, middle.y() - 12, width, 24), theme.color("panel"))
        theme.draw_text(painter, middle.x(), middle.y(), EMPTY, 13, 450, "text2", "c")

    def _paint_end(self, painter: QPainter) -> None:
        update, loss, broken = int(self._record.updates[-1]), float(self._record.losses[-1]), self._record.broken_at()
        if broken is None:
            _paint_dot(painter, self._point(update, loss), theme.color("text"))
            return
        middle = self._point(broken, self._record.up.high)
        pen = QPen(theme.color("bad"), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for slant in (DOT, -DOT):
            painter.drawLine(middle + QPointF(slant, -DOT), middle - QPointF(slant, -DOT))

    def _paint_mark(self, painter: QPainter, update: int, loss: float) -> None:
        point = self._point(update, loss if isfinite(loss) else self._record.up.high)
        x = round(point.x()) + 0.5
        painter.setPen(QPen(theme.color("accent"), 1))
        painter.drawLine(QPointF(x, OVERHANG), QPointF(x, self.height() - OVERHANG))
        if isfinite(loss):
            _paint_dot(painter, point, theme.color("accent"))
        self._paint_label(painter, point, self.label())

    def _paint_label(self, painter: QPainter, point: QPointF, text: str) -> None:
        box = self._label_box(point, theme.text_width(text, 12, 500) + 16)
        painter.setPen(QPen(theme.color("line2"), 1))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(box, 6, 6)
        theme.draw_text(painter, box.left() + 8, box.center().y(), text, 12, 500, "text")

    def _label_box(self, point: QPointF, width: float) -> QRectF:
        """Beside a point, left or right of it, where there is room, else as near as the plot allows; above or below."""
        fits = point.x() + DOT + 4 + width <= self.width() - OVERHANG
        left = point.x() + DOT + 4 if fits else point.x() - DOT - 4 - width
        left = max(OVERHANG, min(left, self.width() - OVERHANG - width - 1))
        top = OVERHANG + 4 if point.y() > self.height() / 2 else self.height() - OVERHANG - 28
        return QRectF(int(left) + 0.5, top + 0.5, round(width), 23)


def _paint_dot(painter: QPainter, middle: QPointF, ink: theme.Ink) -> None:
    painter.setPen(QPen(theme.color("panel"), 1.5))
    painter.setBrush(theme.color(ink))
    painter.drawEllipse(middle, DOT, DOT)
