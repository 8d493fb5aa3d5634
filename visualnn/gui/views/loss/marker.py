"""What lies over the lines and can be pointed at."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.loss.curve import OVERHANG
from visualnn.gui.views.loss.ends import labels, paint_labels
from visualnn.gui.views.loss.pens import ink_of
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.scene.readout import Readout, readout
from visualnn.scene.record import EMPTY, Line, Record

DOT, SMALL_DOT = 4.0, 3.0
TICK = 5.0  # px that a change's tick reaches above and below the line
MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Marker(KeyboardFocus, QWidget):
    """Lies over the plot: names, changes, the latest points, and the update asked about."""

    chosen = Signal(int)
    asked = Signal(object)  # the `Readout` of an update, or None, when it is another

    own_keys = frozenset({*MOVES, *ENTER, Qt.Key.Key_Home, Qt.Key.Key_End})

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self._record = Record()
        self._at: float | None = None  # the place on the axis asked about
        self.setAccessibleName("Loss curve")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_record(self, record: Record) -> None:
        """Lie over this record."""
        self._record = record
        if self._at is not None:
            self._tell()
        self.update()

    def marked(self) -> int | None:
        """The recorded update asked about."""
        return None if self._at is None or self._record.is_empty else self._record.recorded(self._at)

    def readout(self) -> Readout | None:
        """All values there."""
        update = self.marked()
        return None if update is None else readout(self._record, update)

    def point(self, update: float, value: float) -> QPointF:
        """Where a value is drawn; above the axis at its end."""
        x = self._plot.left() + self._record.across.share(update) * self._plot.width()
        share = self._record.up.share(value) if isfinite(value) else 1.0
        return QPointF(x, self._plot.bottom() - min(share, 1.0) * self._plot.height())

    def spot(self, update: float) -> QPointF:
        """The point of the run's own line at an update; on the upper edge where it is no number."""
        value = self._value(self._record.own, update)
        return self.point(update, float("nan") if value is None else value)

    @property
    def _plot(self) -> QRectF:
        return QRectF(self.rect()).adjusted(OVERHANG, OVERHANG, -OVERHANG, -OVERHANG)

    def _ask(self, update: float | None) -> None:
        self._at = update
        self._tell()
        self.update()

    def _tell(self) -> None:
        now = self.readout()
        self.setAccessibleDescription("" if now is None else now.sentence())
        self.asked.emit(now)

    def _ask_at(self, index: int) -> None:
        updates = self._record.steps.updates
        self._ask(float(updates[index]) if updates.size else None)

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
        last = self._record.steps.updates.size - 1
        if event.key() in MOVES:
            index = None if self._at is None else self._record.steps.nearest(self._at)
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
        return 1 if fine else max(1, self._record.steps.updates.size // max(1, self.width()))

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self._ask(None)

    def _choose(self) -> None:
        """Only updates of the run itself can be travelled to."""
        index = None if self._at is None or not self._record.own.last else self._record.own.nearest(self._at)
        if index is not None:
            self.chosen.emit(int(self._record.own.updates[index]))

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._record.is_empty:
                self._paint_empty(painter)
                return
            self._paint_changes(painter)
            paint_labels(painter, labels(self._record, self._plot))
            self._paint_note(painter)
            self._paint_now(painter)
            self._paint_end(painter)
            self._paint_asked(painter)

    def _paint_empty(self, painter: QPainter) -> None:
        values = self._record.own.values
        if values.size and isfinite(values[0]):
            _paint_dot(painter, self.point(0.0, float(values[0])), theme.mix("panel", "text", 0.4))
        middle = QRectF(self.rect()).center()
        width = theme.text_width(EMPTY, 13, 450) + 16
        painter.fillRect(QRectF(middle.x() - width / 2, middle.y() - 12, width, 24), theme.color("panel"))
        theme.draw_text(painter, middle.x(), middle.y(), EMPTY, 13, 450, "text2", "c")

    def _paint_changes(self, painter: QPainter) -> None:
        """A tick on the run's own line wherever something was changed."""
        painter.setPen(QPen(theme.color("text2"), 1.5))
        for mark in self._record.marks:
            value = self._value(self._record.own, mark.update)
            if value is not None:
                point = self.point(mark.update, value)
                x = round(point.x()) + 0.5
                painter.drawLine(QPointF(x, point.y() - TICK), QPointF(x, point.y() + TICK))

    def _paint_note(self, painter: QPainter) -> None:
        """At the upper right, where a falling line is not."""
        if self._record.note:
            right, y = self._plot.right(), self._plot.top() + 11
            width = theme.text_width(self._record.note, 12, 450)
            box = QRectF(right - width, y - 8, width, 16)
            paint_labels(painter, [(box, self._record.note, "text3")])

    def _value(self, line: Line, update: float) -> float | None:
        """What a line says nearest to an update, where it is a number."""
        index = line.nearest(update)
        value = None if index is None else float(line.values[index])
        return value if value is not None and isfinite(value) else None

    def _paint_now(self, painter: QPainter) -> None:
        """The update that is looked at, if it is not the latest."""
        at, line = self._record.at, (self._record.smooth or self._record.lines or (self._record.own,))[0]
        value = None if at is None or at >= line.last else self._value(line, at)
        if at is not None and value is not None:
            point = self.point(at, value)
            self._paint_line(painter, point.x(), theme.mix("panel", "accent", 0.55))
            _paint_dot(painter, point, theme.color("accent"), DOT + 0.5)

    def _paint_end(self, painter: QPainter) -> None:
        """The latest point of the run: white, red where there is trouble, a cross where it is no number any more."""
        own, broken = self._record.own, self._record.broken_at()
        if broken is None and own.last:
            faint = self._record.at is not None and self._record.at < own.last
            ink = theme.color("bad") if self._record.trouble else theme.mix("panel", "text", 0.34 if faint else 1.0)
            end = (self._record.smooth or self._record.lines)[0]
            _paint_dot(painter, self.point(own.last, float(end.values[-1])), ink)
        elif broken is not None:
            middle = self.point(broken, self._record.up.high)
            painter.setPen(QPen(theme.color("bad"), 2, c=Qt.PenCapStyle.RoundCap))
            for slant in (DOT, -DOT):
                painter.drawLine(middle + QPointF(slant, -DOT), middle - QPointF(slant, -DOT))

    def _paint_asked(self, painter: QPainter) -> None:
        """A line at the update asked about, and a dot on every line that was measured there."""
        update = self.marked()
        if update is None:
            return
        self._paint_line(painter, self.point(update, 0.0).x(), theme.color("accent"))
        for line in reversed(self._record.lines):
            index = line.nearest(update)
            if index is not None and isfinite(line.values[index]):
                point = self.point(float(line.updates[index]), float(line.values[index]))
                _paint_dot(painter, point, theme.color(ink_of(line.role, line.tint)), SMALL_DOT)

    def _paint_line(self, painter: QPainter, x: float, ink: theme.Ink) -> None:
        painter.setPen(QPen(theme.color(ink), 1))
        x = round(x) + 0.5
        painter.drawLine(QPointF(x, OVERHANG), QPointF(x, self.height() - OVERHANG))


def _paint_dot(painter: QPainter, middle: QPointF, ink: theme.Ink, radius: float = DOT) -> None:
    painter.setPen(QPen(theme.color("panel"), 1.5))
    painter.setBrush(theme.color(ink))
    painter.drawEllipse(middle, radius, radius)
