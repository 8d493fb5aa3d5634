"""What the charts of a run's insides share: title, axis of time, pointer and keys."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.insides.note import paint_note
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.scene.scales import Scale, SignedScale, update_scale
from visualnn.scene.series import Updates

PADDING = 24
GUTTER = 42  # for the numbers left of the axes
TITLE_Y, CAPTION_Y, TOP, BELOW = 16, 36, 56, 38  # px
TICK_GAP = 8
MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Chart(KeyboardFocus, QWidget):
    """Shows something at moments in time; one of them may be asked about."""

    pointed = Signal(object)  # the moment under the pointer or chosen by key, None when it has gone
    chosen = Signal(int)  # the update of a moment that was clicked

    own_keys = frozenset({*MOVES, *ENTER, Qt.Key.Key_Home, Qt.Key.Key_End})

    def __init__(self, parent: QWidget, name: str):
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.title, self.caption = name, ""
        self.has_axis = True
        self.updates: Updates = np.empty(0, dtype=np.int64)
        self.across = update_scale(0)
        self._epoch_length = 0
        self._asked: int | None = None  # the moment asked about, here or in another chart
        self._share: float | None = None  # how high the pointer is in this one

    def set_high(self, high: int) -> None:
        """How high the plot is."""
        self.setFixedHeight(TOP + high + BELOW)

    def show_time(self, updates: Updates, across: Scale, epoch_length: int) -> None:
        """The moments, and the axis they lie on."""
        self.updates, self.across, self._epoch_length = updates, across, epoch_length
        if self._asked is not None and self._asked >= updates.size:
            self.ask(None)
        self.update()

    def ask(self, moment: int | None) -> None:
        """Mark a moment, whoever asked about it."""
        self._asked = moment
        self.setAccessibleDescription("" if moment is None else ". ".join(self.words(moment)))
        self.update()

    @property
    def asked(self) -> int | None:
        """The moment that is marked."""
        return self._asked

    def words(self, moment: int) -> list[str]:
        """What is said of a moment: its title and lines of the chart's own."""
        title = f"Update {int(self.updates[moment]):,}"
        if self._epoch_length:
            title += f" · epoch {int(self.updates[moment]) // self._epoch_length:,}"
        return [title, *self.told(moment, self._share)]

    def told(self, moment: int, share: float | None) -> list[str]:
        """What this chart says of a moment, at a height between 0 and 1 if the pointer is there."""
        raise NotImplementedError

    def paint_plot(self, painter: QPainter, plot: QRectF) -> None:
        """What the chart is about."""
        raise NotImplementedError

    def plot(self) -> QRectF:
        """The rectangle between the axes."""
        return QRectF(PADDING + GUTTER, TOP, self.width() - 2 * PADDING - GUTTER, self.height() - TOP - BELOW)

    def x_of(self, update: float) -> float:
        """Where an update is."""
        plot = self.plot()
        return plot.left() + self.across.share(float(update)) * plot.width()

    # -- events --------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot, point = self.plot(), event.position()
        self._share = None
        if not self.updates.size or not plot.adjusted(-4, -4, 4, 4).contains(point):
            self._point(None)
            return
        self._share = min(max((plot.bottom() - point.y()) / plot.height(), 0.0), 1.0)
        update = self.across.value((point.x() - plot.left()) / plot.width())
        self._point(int(np.abs(self.updates - update).argmin()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._share = None
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.mouseMoveEvent(event)
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = int(self.updates.size) - 1
        if last < 0:
            super().keyPressEvent(event)
        elif event.key() in MOVES:
            self._point(last if self._asked is None else min(max(self._asked + MOVES[event.key()], 0), last))
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._point(0 if event.key() == Qt.Key.Key_Home else last)
        elif event.key() in ENTER:
            self._choose()
        elif event.key() == Qt.Key.Key_Escape and self._asked is not None:
            self._point(None)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self._point(None)

    def _point(self, moment: int | None) -> None:
        self.setCursor(Qt.CursorShape.ArrowCursor if moment is None else Qt.CursorShape.PointingHandCursor)
        self.ask(moment)
        self.pointed.emit(moment)

    def _choose(self) -> None:
        if self._asked is not None:
            self.chosen.emit(int(self.updates[self._asked]))

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QEvent) -> None:
        plot = self.plot()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme.draw_text(painter, PADDING, TITLE_Y, self.title, 14, 600)
            theme.draw_text(painter, PADDING, CAPTION_Y, self.caption, 12, 450, "text3")
            self.paint_plot(painter, plot)
            for tick in self.across.ticks if self.has_axis else ():
                x, align = self.x_of(tick.value), "r" if self.across.share(tick.value) > 0.999 else "c"
                theme.draw_text(painter, x, plot.bottom() + 14, tick.text, 12, 450, "text3", align)
            if self._asked is not None:
                self._paint_asked(painter, plot, self._asked)

    def paint_values(
        self, painter: QPainter, plot: QRectF, up: Scale | SignedScale, strong: float | None = None
    ) -> None:
        """The ticks of the upright axis, each with its line across; that of `strong` is stronger."""
        last = None
        for tick in up.ticks:
            y = round(plot.bottom() - up.share(tick.value) * plot.height()) + 0.5
            painter.setPen(QPen(theme.color("line3" if tick.value == strong else "line"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            if last is None or last - y >= 13:
                theme.draw_text(painter, plot.left() - TICK_GAP, y, tick.text, 12, 450, "text3", "r")
                last = y

    def _paint_asked(self, painter: QPainter, plot: QRectF, moment: int) -> None:
        x = round(self.x_of(float(self.updates[moment]))) + 0.5
        painter.setPen(QPen(theme.color("accent"), 1))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        if self.underMouse() or self.hasFocus():
            share = 0.5 if self._share is None else self._share
            room = QRectF(self.rect()).adjusted(6, 6, -6, -6)
            paint_note(painter, self.words(moment), QPointF(x, plot.bottom() - share * plot.height()), room)
