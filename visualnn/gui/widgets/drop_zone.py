"""Where a file is dropped, or chosen."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.card import wrapped

HEIGHT, RADIUS = 188, 14


class DropZone(QWidget):
    """A dashed frame with a sentence and a button; lit while a file is held over the panel."""

    choice_requested = Signal()

    def __init__(self, words: str, button: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._words, self._waiting = words, False
        self.button = TextButton(button, "folder-open", "solid", self)
        self.button.clicked.connect(self._on_clicked)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(words)

    def set_waiting(self, waiting: bool) -> None:
        """Whether a file is held over it."""
        self._waiting = waiting
        self.update()

    def is_waiting(self) -> bool:
        """Whether it is lit."""
        return self._waiting

    def _on_clicked(self) -> None:
        self.choice_requested.emit()

    def sizeHint(self) -> QSize:
        return QSize(304, HEIGHT)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.button.adjustSize()
        self.button.move((self.width() - self.button.width()) // 2, HEIGHT - 32 - 28)

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(theme.color("accent" if self._waiting else "line2"), 1.5, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.setBrush(theme.color("accentbg") if self._waiting else theme.mix("panel", "raised", 0.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
            middle = self.width() / 2
            theme.draw_icon(painter, "upload", middle, 46, 26, "accent" if self._waiting else "text2")
            for index, line in enumerate(wrapped(self._words, self.width() - 32, 14, 600)):
                theme.draw_text(painter, middle, 84 + index * 18, line, 14, 600, "text", "c")
