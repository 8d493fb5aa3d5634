"""How far a surface is that grows finer, as a thin line."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme

THICK = 2  # px


class ProgressLine(QWidget):
    """Hidden while there is nothing to wait for."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self._share = 0.0
        self.setFixedHeight(THICK)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("The surface becomes finer")
        self.hide()

    def share(self) -> float:
        """How much is done."""
        return self._share

    def show_share(self, share: float | None) -> None:
        """How much is done; None: all of it."""
        self.setVisible(share is not None)
        if share is not None:
            self._share = min(max(share, 0.0), 1.0)
            self.setAccessibleDescription(f"{round(100 * self._share)} %")
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(QRectF(self.rect()), theme.color("line"))
            painter.fillRect(QRectF(0, 0, self._share * self.width(), self.height()), theme.color("accent"))
