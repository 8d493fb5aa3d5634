"""What of a picture stays while the network learns: painted once and kept until it is another."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPixmap, QStaticText
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme


class Layer:
    """A pixmap as large as the widget; `key` says what is on it."""

    def __init__(self, widget: QWidget):
        self._widget = widget
        self._key: object = None
        self._pixmap = QPixmap()

    def paint(self, painter: QPainter, key: object, draw: Callable[[QPainter], None]) -> None:
        """Paint it, drawn anew where the key, the size, the screen or the theme is another."""
        size, ratio = self._widget.size(), painter.device().devicePixelRatio()
        key = (key, size.toTuple(), ratio, theme.current().name)
        if key != self._key:
            self._key, self._pixmap = key, QPixmap(size * ratio)
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(self._pixmap) as inner:
                inner.setRenderHint(QPainter.RenderHint.Antialiasing)
                draw(inner)
        painter.drawPixmap(0, 0, self._pixmap)


@lru_cache(maxsize=4096)
def _laid_out(text: str, size: float, weight: int) -> tuple[QStaticText, float, float]:
    """A text, and how far its left and its top are from its middle."""
    static, font = QStaticText(text), theme.font(size, weight)
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.prepare(font=font)
    return static, static.size().width() / 2, static.size().height() / 2


def paint_number(painter: QPainter, middle: QPointF, text: str, size: float, weight: int) -> None:
    """One of many short texts, with the font and the pen that the painter has; laid out only the first time."""
    static, left, top = _laid_out(text, size, weight)
    painter.drawStaticText(QPointF(middle.x() - left, middle.y() - top), static)
