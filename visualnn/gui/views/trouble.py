"""What is wrong with a training, why, and one button that mends it; stands where the loss stands otherwise."""

from __future__ import annotations

import re

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.button import IconButton, TextButton
from visualnn.scene.formula import Sentence, plain
from visualnn.scene.trouble import Advice

MARGIN, ABOVE, BELOW = 16, 12, 16  # px between the card and the panel
PAD, RADIUS = 18, 14
HEAD, LINE = 46, 21  # px from the card's top to its first line, and from line to line
SIZE = 14
BUTTON, GAP, FOOT = 42, 16, 16  # px: its height, the room above it and below it

Run = tuple[str, str | None, int | None]  # text, ink, weight


def filled(sentence: Sentence, width: float) -> list[list[Run]]:
    """The sentence in lines no wider than `width`; what has a role is bold."""
    lines: list[list[Run]] = [[]]
    left = width
    for word in _words(sentence):
        taken = theme.runs_width(word, SIZE)
        if lines[-1] and taken - _space(word) > left:
            lines[-1][-1] = (lines[-1][-1][0].rstrip(" "), *lines[-1][-1][1:])
            lines.append([])
            left = width
        lines[-1] += word
        left -= taken
    return lines


def _words(sentence: Sentence) -> list[list[Run]]:
    """Runs that must not be parted, each with the space behind it: "(", "0.1" and "." in one."""
    words: list[list[Run]] = [[]]
    for part in sentence:
        style = ("text", 650) if part.role is not None else (None, None)
        for piece in re.findall(r"[^ ]+ ?| ", part.text):
            words[-1].append((piece, *style))
            if piece.endswith(" "):
                words.append([])
    return [word for word in words if word]


def _space(word: list[Run]) -> float:
    """How much of a word's width is the space behind it."""
    return theme.text_width(" ", SIZE) if word[-1][0].endswith(" ") else 0.0


class TroubleCard(QWidget):
    """Shows an advice, or nothing. As high as its words need at its width."""

    mend_requested = Signal(object)  # Mend
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("trouble")
        self.advice: Advice | None = None
        self.mend = TextButton("Same start", "rotate-ccw", "primary", self, height=BUTTON)
        self.close_button = IconButton("x", "Dismiss", self, size=32, icon_size=15, ink="text3")
        self.mend.clicked.connect(self._on_mend_clicked)
        self.close_button.clicked.connect(self.dismissed)
        QWidget.setTabOrder(self.mend, self.close_button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_advice(self, advice: Advice | None) -> None:
        """Say this from now on; None: nothing, and take no room."""
        before, self.advice = self.advice, advice
        self.setVisible(advice is not None)
        if advice is None or advice == before:
            return
        self.mend.setVisible(advice.mend is not None)
        if advice.mend is not None:
            self.mend.set_label(advice.mend.label)
        self._place()
        if before is None or advice.title != before.title:
            announce(self, self.text())
        self.setAccessibleName(self.text())
        self.update()

    def text(self) -> str:
        """All its words."""
        return "" if self.advice is None else f"{self.advice.title}. {plain(self.advice.cause)}"

    def card(self) -> QRectF:
        """Where the card is."""
        return QRectF(self.rect()).adjusted(MARGIN, ABOVE, -MARGIN, -BELOW)

    def lines(self) -> list[list[Run]]:
        """The cause, as it is set at this width."""
        return [] if self.advice is None else filled(self.advice.cause, max(160, self.width() - 2 * (MARGIN + PAD)))

    def _place(self) -> None:
        """Take the height the words need, and put the buttons where they belong."""
        foot = GAP + BUTTON + FOOT if self.advice is not None and self.advice.mend is not None else FOOT
        self.setFixedHeight(ABOVE + HEAD + LINE * len(self.lines()) + foot + BELOW)
        card = self.card().toRect()
        left, wide = card.left() + PAD, card.width() - 2 * PAD
        self.mend.setGeometry(left, card.bottom() + 1 - FOOT - BUTTON, wide, BUTTON)
        self.close_button.setGeometry(card.right() - 37, card.top() + 8, 32, 32)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _on_mend_clicked(self) -> None:
        if self.advice is not None and self.advice.mend is not None:
            self.mend_requested.emit(self.advice.mend)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.advice is None:
            return
        card = self.card()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("bad"), 1.4))
            painter.setBrush(theme.color("badbg"))
            painter.drawRoundedRect(card.adjusted(0.7, 0.7, -0.7, -0.7), RADIUS, RADIUS)
            left, top = card.left() + PAD, card.top()
            theme.draw_icon(painter, "triangle-alert", left + 9, top + 24, 18, "bad")
            theme.draw_text(painter, left + 28, top + 24, self.advice.title, 16, 650, "text")
            for index, line in enumerate(self.lines()):
                theme.draw_runs(painter, left, top + HEAD + LINE * (index + 0.5), line, SIZE, 400, "text2")
