"""The page: which library, the lines, and a button to copy them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from visualnn.gui import theme
from visualnn.gui.views.libraries.code import CodeField
from visualnn.gui.widgets.button import IconButton
from visualnn.gui.widgets.card import wrapped
from visualnn.gui.widgets.page_head import PageHead
from visualnn.gui.widgets.segmented import Segmented

PADDING = 24
LIBRARIES = ("PyTorch", "Keras")
SENTENCE = "These lines train the same network in the same way."


class Sentence(QWidget):
    """What the lines are."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFixedHeight(44)
        self.setAccessibleName(SENTENCE)

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            for index, line in enumerate(wrapped(SENTENCE, self.width() - 2 * PADDING, 13, 450)):
                theme.draw_text(painter, PADDING, 8 + 19 * index, line, 13, 450, "text2")


class LibraryView(QWidget):
    """Shows the lines it was given, of one library at a time."""

    back_requested = Signal()
    copy_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("library")
        self.setAccessibleName("In PyTorch and Keras")
        self.setMinimumWidth(300)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._texts: dict[str, str] = {}
        self.head = PageHead("In other libraries", self)
        self.copy = IconButton("copy", "Copy code", self, size=32, icon_size=15)
        self.choice = Segmented(LIBRARIES, parent=self)
        self.choice.setAccessibleName("Library")
        self.code = CodeField(self)
        self.code.setAccessibleName("Code")
        self.head.back_requested.connect(self.back_requested)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.choice.chosen.connect(self._on_chosen)
        self._lay_out()

    def _lay_out(self) -> None:
        column, row, field = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        for layout in (column, row, field):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        row.setContentsMargins(PADDING, 0, PADDING - 8, 12)
        row.addWidget(self.choice)
        row.addStretch(1)
        row.addWidget(self.copy)
        field.setContentsMargins(PADDING - 8, 0, PADDING - 8, 16)
        field.addWidget(self.code)
        column.setContentsMargins(1, 0, 0, 0)
        column.addWidget(self.head)
        column.addWidget(Sentence(self))
        column.addLayout(row)
        column.addLayout(field, 1)

    def show_lines(self, texts: Mapping[str, str]) -> None:
        """Show these programs, one for each of the `LIBRARIES`."""
        self._texts = dict(texts)
        self.code.show_text(self.text())

    def text(self) -> str:
        """The program that is shown."""
        return self._texts.get(LIBRARIES[self.choice.index()], "")

    def _on_chosen(self, _index: int) -> None:
        self.code.show_text(self.text())

    def _on_copy_clicked(self) -> None:
        self.copy_requested.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)
