"""The head of a page that has slid over the panel: the way back, the page's title and a note beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import TextButton

PADDING = 24
BACK_Y, TITLE_Y, HEIGHT = 24, 62, 84
NOTE_GAP = 10


class PageHead(QWidget):
    """“← Train” on top, the title beneath, and at its right what the page brings along."""

    back_requested = Signal()

    def __init__(self, title: str, parent: QWidget | None = None, *, back: str = "Train"):
        super().__init__(parent)
        self._title, self._note = title, ""
        self.back = TextButton(back, "arrow-left", parent=self, tooltip=f"Back to {back}", key="Esc", pad=8)
        self.back.clicked.connect(self.back_requested)
        self._tools: list[QWidget] = []
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    def set_note(self, note: str) -> None:
        """A few words behind the title; left out where there is no room."""
        if note != self._note:
            self._note = note
            self.setAccessibleDescription(note)
            self.update()

    def note(self) -> str:
        """The words behind the title."""
        return self._note

    def add_tool(self, tool: QWidget) -> None:
        """A control at the right of the title; the next stands left of it."""
        tool.setParent(self)
        self._tools.append(tool)
        self._place()

    def refit(self) -> None:
        """A control has become wider or narrower."""
        self._place()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def _place(self) -> None:
        self.back.move(PADDING - 8, BACK_Y - self.back.sizeHint().height() // 2)
        right = self.width() - PADDING + 12
        for tool in self._tools:
            tool.resize(tool.sizeHint())
            tool.move(right - tool.width(), TITLE_Y - tool.height() // 2)
            right = tool.x() - 4

    def resizeEvent(self, _event: QEvent) -> None:
        self._place()

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            x = PADDING + theme.draw_text(painter, PADDING, TITLE_Y, self._title, 17, 650) + NOTE_GAP
            shown = [tool.x() for tool in self._tools if not tool.isHidden()]
            room = min([self.width() - PADDING, *(left + 4 for left in shown)]) - x
            if theme.text_width(self._note, 13, 450) <= room:
                theme.draw_text(painter, x, TITLE_Y + 0.5, self._note, 13, 450, "text2")
