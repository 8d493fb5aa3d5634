"""The network that is looked at: its numbers, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import TextButton
from visualnn.scene.sweep import Fact

PADDING = 24
TITLE_Y, FIRST_Y, PITCH = 28, 58, 27
ROWS = 3
BUTTONS_UP = 26  # from the lower edge to the middle of the buttons
HEIGHT = FIRST_Y + PITCH * ROWS + 42
USE = "Use this one: its rate, seed and weights become the network’s"
START = "From its start: train it alone, from the weights it began with"
NOTHING = "There is nothing to use yet."


class Chosen(QWidget):
    """A title, three lines and two buttons."""

    use_requested = Signal()
    start_requested = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._shown: object = None
        self._title = ""
        self._facts: tuple[Fact, ...] = ()
        self.use = TextButton("Use this one", kind="primary", parent=self, tooltip=USE, key="Return")
        self.start = TextButton("From its start", "rotate-ccw", parent=self, tooltip=START)
        self.use.clicked.connect(self.use_requested)
        self.start.clicked.connect(self.start_requested)

    def show_facts(self, title: str, facts: tuple[Fact, ...], *, can_use: bool) -> None:
        """What there is to say of a network."""
        if (title, facts, can_use) == self._shown:
            return
        self._shown = title, facts, can_use
        self._title, self._facts = title, facts
        self.setAccessibleName(title)
        self.setAccessibleDescription("; ".join(f"{fact.name} {fact.text}" for fact in facts))
        self.use.set_enabled(can_use, NOTHING)
        self.start.set_enabled(bool(facts), NOTHING)
        self.update()

    def facts(self) -> dict[str, str]:
        """What is written, by its names."""
        return {fact.name: fact.text for fact in self._facts}

    def resizeEvent(self, _event: QEvent) -> None:
        middle = self.height() - BUTTONS_UP
        x = PADDING
        for button in (self.use, self.start):
            size = button.sizeHint()
            button.setGeometry(x, middle - size.height() // 2, size.width(), size.height())
            x += size.width() + 4

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            theme.draw_text(painter, PADDING, TITLE_Y, self._title, 14, 600)
            for row, fact in enumerate(self._facts):
                y = FIRST_Y + PITCH * row
                theme.draw_text(painter, PADDING, y, fact.name, 13, 450, "text2")
                theme.draw_text(painter, self.width() - PADDING, y, fact.text, 13, 600, fact.role, "r")
