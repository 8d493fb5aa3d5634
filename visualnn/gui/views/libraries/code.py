"""Lines of Python to read, to select and to copy, in the colours of code."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.focus import KEYBOARD_REASONS

SIZE = 12
WORDS = "class|def|return|for|in|if|else|with|import|from|break|not|and|or|lambda|True|False|None"
PARTS = re.compile(rf"(?P<code_cm>#.*)|(?P<code_fn>\"[^\"]*\")|\b(?P<code_kw>{WORDS})\b|(?P<call>\w+)(?=\()")
ROLES = {"code_cm": "code_cm", "code_fn": "code_fn", "code_kw": "code_kw", "call": "code_fn"}


class Colors(QSyntaxHighlighter):
    """Comments, strings, words of the language and what is called."""

    def highlightBlock(self, text: str) -> None:
        for part in PARTS.finditer(text):
            look = QTextCharFormat()
            look.setForeground(theme.color(ROLES[part.lastgroup or "call"]))
            self.setFormat(part.start(), part.end() - part.start(), look)


class CodeField(QPlainTextEdit):
    """Read only; Tab leaves it."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFont(theme.font(SIZE, 400, mono=True))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.document().setDocumentMargin(5)
        self.setCornerWidget(QWidget(self))
        self._colors = Colors(self.document())

    def show_text(self, text: str) -> None:
        """Show these lines from their beginning, unless they are there already."""
        if text != self.toPlainText():
            self.setPlainText(text)
            self.setAccessibleDescription(text.split("\n", 1)[0])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "_colors"):
            self._colors.rehighlight()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setCursorWidth(1 if event.reason() in KEYBOARD_REASONS else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)
