"""The first line of the section: what it is of, how many rows there are, and the way to them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import TextButton

HEIGHT = 48
TITLE_Y = 32
OUT = 12  # px: without a fill the button's word ends where everything ends
GAP, BESIDE = 10, 10  # px from the title to the count, and from that to the button


class Head(QWidget):
    """A title, a count and the button Data, which says whether the data are open, not whether it was clicked."""

    data_requested = Signal()

    def __init__(self, padding: int, parent: QWidget):
        super().__init__(parent)
        self._padding = padding
        self._title, self._count, self._is_late = "", "", False
        self.button = TextButton("Data", "table-2", parent=self, tooltip="Data", key="D")
        self.button.setCheckable(True)
        self.button.clicked.connect(self._on_clicked)
        self.setFixedHeight(HEIGHT)

    def show_text(self, title: str, count: str, *, is_late: bool = False) -> None:
        """What is written; a count that says which update is shown is never left out."""
        if (title, count, is_late) != (self._title, self._count, self._is_late):
            self._title, self._count, self._is_late = title, count, is_late
            self.update()

    def set_open(self, is_open: bool) -> None:
        """Whether the data are to be seen."""
        self.button.setChecked(is_open)
        self._place()

    def _on_clicked(self) -> None:
        self.button.setChecked(not self.button.isChecked())
        self.data_requested.emit()

    def _place(self) -> None:
        size, out = self.button.sizeHint(), 0 if self.button.isChecked() else OUT
        self.button.resize(size)
        self.button.move(self.width() - self._padding + out - size.width(), TITLE_Y - size.height() // 2)

    def resizeEvent(self, _event: QEvent) -> None:
        self._place()

    def texts(self) -> tuple[str, str]:
        """Title and count as far as there is room; rather no count than half a title."""
        room = self.button.x() + OUT - self._padding - BESIDE
        beside = room - GAP - theme.text_width(self._count, 13, 450)
        if theme.text_width(self._title, 17, 650) <= beside or self._is_late:
            return theme.elided(self._title, beside, 17, 650), self._count
        return theme.elided(self._title, room, 17, 650), ""

    def paintEvent(self, _event: QEvent) -> None:
        title, count = self.texts()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            x = self._padding + theme.draw_text(painter, self._padding, TITLE_Y, title, 17, 650) + GAP
            theme.draw_text(painter, x, TITLE_Y + 0.5, count, 13, 450, "text2")
