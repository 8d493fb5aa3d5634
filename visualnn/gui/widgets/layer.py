"""A picture that is painted once, and then shown as often as it is asked for, until what it shows has changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme


class Layer:
    """Transparent where nothing is painted, as large as its widget, in the widget's own pixels."""

    def __init__(self, widget: QWidget):
        self._widget = widget
        self._key: object = None
        self._picture = QPixmap()
        self.paintings = 0  # how often it was painted

    def show(
        self, painter: QPainter, key: object, paint: Callable[[QPainter], None], right: float | None = None
    ) -> None:
        """Show it as far as `right`, in px; `key` is whatever it depends on, beside size and theme."""
        ratio = self._widget.devicePixelRatioF()
        full = (key, self._widget.size(), ratio, theme.current().name)
        if full != self._key:
            self._key = full
            self._paint(ratio, paint)
        wide = self._picture.width() if right is None else min(right * ratio, self._picture.width())
        part = QRectF(0, 0, wide, self._picture.height())
        painter.drawPixmap(QRectF(QPointF(), part.size() / ratio), self._picture, part)

    def _paint(self, ratio: float, paint: Callable[[QPainter], None]) -> None:
        self.paintings += 1
        self._picture = QPixmap(self._widget.size() * ratio)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(Qt.GlobalColor.transparent)
        with QPainter(self._picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(painter)
