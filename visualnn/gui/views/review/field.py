"""The text, each word that the network knows tinted by its share."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from visualnn.gui import theme
from visualnn.scene.words import Found, Reading

SIZE = 14
MARGIN = 7  # px above and below the text
MOST_TINTED = 400  # words


class Field(QPlainTextEdit):
    """Above zero: on blue and underlined; below: on orange, underlined with dashes; unknown words are grey.

    The stronger a share is, the stronger is the colour behind its word, on which text is always easy to read.
    """

    text_edited = Signal(str)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFont(theme.font(SIZE, 450))
        self.document().setDocumentMargin(MARGIN)
        self.setTabChangesFocus(True)
        self.setPlaceholderText("Type a review of a book.")
        self.setAccessibleName("Review")
        self._reading: Reading | None = None
        self._text = ""
        self.textChanged.connect(self._on_changed)

    def set_text(self, text: str) -> None:
        """Shows another text; it was not typed."""
        self._text = text
        self.setPlainText(text)

    def tint(self, reading: Reading) -> None:
        """Colours the words of the text that was read."""
        self._reading = reading
        if reading.text != self.toPlainText():
            return
        marks = (self._mark(found, reading) for found in reading.found[:MOST_TINTED])
        self.setExtraSelections(list(marks))

    def _mark(self, found: Found, reading: Reading) -> QTextEdit.ExtraSelection:
        mark, cursor = QTextEdit.ExtraSelection(), QTextCursor(self.document())
        cursor.setPosition(_place(reading.text, found.start))
        cursor.setPosition(_place(reading.text, found.end), QTextCursor.MoveMode.KeepAnchor)
        mark.cursor, mark.format = cursor, _format(found.share, reading.strongest)
        return mark

    def _on_changed(self) -> None:
        text = self.toPlainText()
        if text != self._text:
            self._text = text
            self.text_edited.emit(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._reading is not None:
            self.tint(self._reading)


def _format(share: float | None, strongest: float) -> QTextCharFormat:
    style = QTextCharFormat()
    if not share:
        style.setForeground(theme.color("text3" if share is None else "zero"))
        return style
    role, line = ("pos", "SingleUnderline") if share > 0 else ("neg", "DashUnderline")
    strength = min(abs(share) / strongest, 1.0) if strongest else 0.0
    style.setForeground(theme.color("text"))
    style.setBackground(theme.mix("raised", f"{role}fill", strength))
    style.setUnderlineColor(theme.color(role))
    style.setUnderlineStyle(getattr(QTextCharFormat.UnderlineStyle, line))
    return style


def _place(text: str, index: int) -> int:
    """Where Qt, which counts some letters twice, has the letter."""
    return len(text[:index].encode("utf-16-le", "surrogatepass")) // 2
