"""Asks for the activations of a model whose file holds its weights alone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.card import wrapped
from visualnn.gui.widgets.form_sheet import HEAD, MARGIN, FormSheet
from visualnn.gui.widgets.menu_field import MenuField

WORDS, ROW, WORD = 46, 44, 132  # px: the sentence, a row, and what the rows' names take
LINE = 19
NAMES = ("Hidden layers", "Output")
Choice = Sequence[tuple[str, str]]  # names of activations with their labels


class ActivationsSheet(FormSheet):
    """Two choices; `answered` brings the names of the activations."""

    answered = Signal(str, str)  # of the hidden layers, of the output
    title = "Which activations?"
    extent = (460.0, HEAD + WORDS + 2 * ROW + 84.0)

    def __init__(self, host: QWidget, hidden: Choice, output: Choice):
        super().__init__(host, "Open")
        self._about = ""
        self.hidden = MenuField(hidden, self, name=NAMES[0], width=220)
        self.output = MenuField(output, self, name=NAMES[1], width=220)

    def fields(self) -> Sequence[QWidget]:
        return self.hidden, self.output

    def ask_about(self, name: str) -> None:
        """Open for a file of this name."""
        self._about = f"“{name}” holds weights alone. Choose the activations that they were trained with."
        self.setAccessibleName(f"{self.title} {self._about}")
        self.ask()

    def accept(self) -> None:
        self.leave()
        self.answered.emit(self.hidden.key(), self.output.key())

    def arrange(self) -> None:
        super().arrange()
        box = self.inside()
        for number, field in enumerate(self.fields()):
            size = field.sizeHint()
            y = round(box.top()) + WORDS + number * ROW
            field.setGeometry(round(box.left()) + WORD, y, size.width(), size.height())

    def paint_words(self, painter: QPainter, card: QRectF) -> None:
        left, y = card.left() + MARGIN, card.top() + HEAD
        for number, line in enumerate(wrapped(self._about, card.width() - 2 * MARGIN, 13)):
            theme.draw_text(painter, left, y + 4 + number * LINE, line, 13, 400, "text2")
        for number, name in enumerate(NAMES):
            theme.draw_text(painter, left, y + WORDS + number * ROW + 16, name, 13, 500, "text2")
