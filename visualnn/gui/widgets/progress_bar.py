"""How far something is that takes a while."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme

THICK = 6  # px


class ProgressBar(QWidget):
    """A bar filled up to a share of 1; it is heard too, in percent."""

    def __init__(self, name: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(THICK)
        self.setAccessibleName(name)
        self.set_share(0.0)

    def share(self) -> float:
        """How much is done."""
        return self._share

    def set_share(self, share: float) -> None:
        """Shows how much is done."""
        self._share = min(max(share, 0.0), 1.0)
        self.setAccessibleDescription(f"{round(100 * self._share)} %")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(304, THICK)

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("line2"))
            painter.drawRoundedRect(QRectF(self.rect()), THICK / 2, THICK / 2)
            painter.setBrush(theme.color("accent"))
            width = max(THICK, self._share * self.width()) if self._share else 0.0
            painter.drawRoundedRect(QRectF(0, 0, width, THICK), THICK / 2, THICK / 2)
