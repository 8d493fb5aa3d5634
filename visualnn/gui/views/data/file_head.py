"""Which file is looked at: its name, how large it is, and a way to another one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.files.tables import Table
from visualnn.gui import theme
from visualnn.gui.views.data.parts import RING
from visualnn.gui.widgets.button import IconButton
from visualnn.scene.rows import counted

HEIGHT = 40


class FileHead(QWidget):
    """Two lines and a button."""

    choice_requested = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._name = self._size = ""
        self.another = IconButton("folder-open", "Choose another file…", self, size=32, icon_size=17)
        self.another.clicked.connect(self._on_clicked)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)

    def show_table(self, table: Table) -> None:
        """Tells of another table."""
        self._name = table.path.name
        size = memory_words(table.memory_bytes)
        self._size = f"{counted(table.rows, 'row')}, {counted(len(table.columns), 'column')}, {size}"
        self.setToolTip(f"{table.path}\nIt takes {size} of memory.")
        self.setAccessibleName(f"{self._name}, {self._size}")
        self.update()

    def _on_clicked(self) -> None:
        self.choice_requested.emit()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.another.setGeometry(self.width() - RING - 32, (HEIGHT - 32) // 2, 32, 32)

    def paintEvent(self, _event) -> None:
        room = self.width() - 2 * RING - 40
        with QPainter(self) as painter:
            theme.draw_text(painter, RING, 11, theme.elided(self._name, room, 14, 600), 14, 600)
            theme.draw_text(painter, RING, 31, theme.elided(self._size, room, 12), 12, 400, "text3")


def memory_words(size: int) -> str:
    """Bytes as people say them."""
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{max(1, round(size / 1e3)):,} kB"
