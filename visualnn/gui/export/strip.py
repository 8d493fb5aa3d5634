"""A strip over the stage while a file is being written: "Frame 120 of 480", a thin bar, Cancel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.shadow import DROP, REACH, draw_shadow

WIDTH, HEIGHT, PADDING = 320, 44, 16
BAR = 3.0
PATIENCE_MS = 200  # what is written sooner needs no strip


class ExportStrip(QWidget):
    """Floats over a part of `host` while something is written that takes longer than a moment."""

    cancelled = Signal()

    def __init__(self, host: QWidget, over: QWidget, bottom_margin: int):
        super().__init__(host)
        self._over, self._bottom_margin = over, bottom_margin
        self._noun, self._done, self._whole = "Frame", 0, 1
        self.cancel_button = TextButton("Cancel", None, "ghost", self, ink="accent")
        self.cancel_button.clicked.connect(self.cancelled)
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._timer.timeout.connect(self._appear)
        self.hide()
        host.installEventFilter(self)

    def begin(self, noun: str) -> None:
        """What will be counted; nothing is to be seen for a moment."""
        self._noun, self._done, self._whole = noun, 0, 1
        self.hide()
        self._timer.start()

    def show_progress(self, done: int, whole: int) -> None:
        """How far it is."""
        self._done, self._whole = done, max(whole, 1)
        self.setAccessibleName(self.text())
        self.update()

    def end(self) -> None:
        """It is written, or will not be."""
        self._timer.stop()
        self.hide()

    def text(self) -> str:
        """What it says."""
        return f"{self._noun} {self._done:,} of {self._whole:,}" if self._done else "Preparing…"

    def _appear(self) -> None:
        self._place()
        self.raise_()
        self.show()
        announce(self, self.text())

    def _place(self) -> None:
        host = self.parentWidget()
        width, height = WIDTH + 2 * REACH, HEIGHT + 2 * REACH + DROP
        left = self._over.mapTo(host, QPoint(0, 0)).x() + (self._over.width() - width) // 2
        self.setGeometry(left, host.height() - self._bottom_margin - HEIGHT - REACH, width, height)
        size = self.cancel_button.sizeHint()
        y = REACH + (HEIGHT - size.height()) // 2 - 1
        self.cancel_button.setGeometry(REACH + WIDTH - size.width() - 4, y, size.width(), size.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: object) -> None:
        box = QRectF(REACH, REACH, WIDTH, HEIGHT)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_shadow(painter, box, 10)
            painter.setPen(QPen(theme.color("line2"), 1))
            painter.setBrush(theme.color("raised"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
            theme.draw_text(painter, box.left() + PADDING, box.center().y() - 1, self.text(), 13, 500)
            self._paint_bar(painter, box)

    def _paint_bar(self, painter: QPainter, box: QRectF) -> None:
        track = QRectF(box.left() + PADDING, box.bottom() - 8, box.width() - 2 * PADDING, BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line"))
        painter.drawRoundedRect(track, BAR / 2, BAR / 2)
        track.setWidth(track.width() * self._done / self._whole)
        painter.setBrush(theme.color("accent"))
        painter.drawRoundedRect(track, BAR / 2, BAR / 2)
