"""A file that is being read: its name, how far it is, and a way to call it off."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.data.parts import RING
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.progress_bar import ProgressBar

HEIGHT = 96


class Reading(QWidget):
    """Seen while a file is being read."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._name = ""
        self.is_reading = False
        self.bar = ProgressBar("Reading the file", self)
        self.cancel = TextButton("Cancel", kind="solid", parent=self)
        self.cancel.clicked.connect(self._on_clicked)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)

    def begin(self, name: str) -> None:
        """A file is being read from now on."""
        self._name, self.is_reading = name, True
        self.bar.set_share(0.0)
        self.setAccessibleName(f"Reading {name}")
        self.update()

    def end(self) -> None:
        """It is read, or given up."""
        self.is_reading = False

    def set_share(self, share: float) -> None:
        """How far it is."""
        self.bar.set_share(share)
        self.update()

    def _on_clicked(self) -> None:
        self.cancelled.emit()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.bar.setGeometry(RING, 36, self.width() - 2 * RING, self.bar.height())
        self.cancel.setGeometry(RING, HEIGHT - 36, self.cancel.sizeHint().width(), 32)

    def paintEvent(self, _event) -> None:
        percent = f"{round(100 * self.bar.share())} %"
        with QPainter(self) as painter:
            name = theme.elided(f"Reading {self._name}", self.width() - 2 * RING - 52, 14, 600)
            theme.draw_text(painter, RING, 14, name, 14, 600)
            theme.draw_text(painter, self.width() - RING, 14, percent, 13, 450, "text2", "r")
