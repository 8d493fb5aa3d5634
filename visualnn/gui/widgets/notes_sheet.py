"""What somebody wants to remember about a network: a text that is saved with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QPainter, Qt, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.form_sheet import ENTER, MARGIN, TITLE, FormSheet

INSET = 8  # px from the edge of the field to its text


class NotesField(QPlainTextEdit):
    """Ctrl+Enter is for the card."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)


class NotesSheet(FormSheet):
    """A field for a longer text. `kept` brings it when it was changed; who leaves has it `dropped`."""

    kept = Signal(str)
    dropped = Signal(str)
    title = "Notes"
    extent = (560.0, 460.0)

    def __init__(self, host: QWidget):
        super().__init__(host, "Keep", "Keep these notes", "Ctrl+Return")
        self._before = ""
        self.field = NotesField(self)
        self.field.setFont(theme.font(14, 400))
        self.field.setTabChangesFocus(True)
        self.field.document().setDocumentMargin(INSET)
        self.field.setPlaceholderText("What did you try, and what happened?")
        self.field.setAccessibleName("Notes")

    def fields(self) -> Sequence[QWidget]:
        return (self.field,)

    def ask_about(self, text: str) -> None:
        """Open with the notes there are."""
        self._before = text.strip()
        self.field.setPlainText(text)
        self.field.moveCursor(QTextCursor.MoveOperation.End)
        self.ask()

    def accept(self) -> None:
        self._go(self.kept)

    def leave(self) -> None:
        self._go(self.dropped)

    def _go(self, signal: SignalInstance) -> None:
        """Bring what was typed, if anything was."""
        text, was_open = self.field.toPlainText().strip(), not self.isHidden()
        super().leave()
        if was_open and text != self._before:
            signal.emit(text)

    def arrange(self) -> None:
        super().arrange()
        self.field.setGeometry(self.inside().toRect())

    def paint_words(self, painter: QPainter, card: QRectF) -> None:
        y = card.top() + TITLE
        theme.draw_text(painter, card.right() - MARGIN, y, "Saved with the network", 13, 400, "text3", "r")
