"""Asks which two weights are the axes of the landscape, where these are too many to be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.card import wrapped
from visualnn.gui.widgets.form_sheet import ENTER, HEAD, MARGIN, FormSheet
from visualnn.gui.widgets.suggestions import GAP, HIGH, Suggestions
from visualnn.scene.landscape.portrait import Sitter, called, place_of
from visualnn.scene.landscape.portrait.sitter import key, named

WORDS, ROW, WORD = 46, 44, 110  # px: the sentence, a row, and what the rows' names take
FIELD = 200
LINE = 19
OFFERED, LISTED = 2 * HIGH + GAP + 12, 2000  # px for names, and how many of a network are offered
MOST = 24  # names that are looked for
TROUBLE = 2 * LINE + 6
NAMES = ("First axis", "Second axis")
LONGEST = 24  # letters of a name that was typed, in a sentence
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class NameField(QLineEdit):
    """Where a name is typed; ↑ and ↓ walk through the names offered."""

    entered = Signal()
    moved = Signal(int)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in STEPS:
            self.moved.emit(STEPS[event.key()])
        elif event.key() in ENTER:
            event.ignore()  # it is for the card
        else:
            super().keyPressEvent(event)


class AxesSheet(FormSheet):
    """Two names of weights or biases; `pair_wanted` brings where both lie in the flat vector."""

    pair_wanted = Signal(int, int)
    title = "Which two weights?"
    extent = (480.0, HEAD + WORDS + 2 * ROW + OFFERED + TROUBLE + 70.0)

    def __init__(self, host: QWidget):
        super().__init__(host, "Use these")
        self._sitter: Sitter | None = None
        self._about, self._trouble = "", ""
        self._names: dict[str, str] = {}  # what counts of a name, in the order of the vector: the name
        self.first, self.second = (self._field(name) for name in NAMES)
        self._active = self.first
        self.suggestions = Suggestions(self)
        self.suggestions.taken.connect(self._on_taken)

    def _field(self, name: str) -> NameField:
        made = NameField(self)
        made.setFont(theme.font(14, 500))
        made.setAccessibleName(name)
        made.textEdited.connect(self._on_typed)
        made.entered.connect(self._on_entered)
        made.moved.connect(lambda step: self.suggestions.move_by(step))
        return made

    def fields(self) -> Sequence[QWidget]:
        return self.first, self.second

    @property
    def trouble(self) -> str:
        """What is wrong with what was typed."""
        return self._trouble

    def ask_about(self, sitter: Sitter) -> None:
        """Open with the two axes there are."""
        self._sitter = sitter
        network, names = sitter.network, sitter.names
        places = islice(range(network.parameter_count), LISTED)
        every = (called(names, place_of(network, index)) for index in places if not sitter.is_off(index))
        self._names = {key(names, name): name for name in every}
        weight, bias = called(names, place_of(network, 0)), called(names, place_of(network, network.offsets[0][1]))
        self._about = f"A weight is called by its two neurons, such as {weight}, a bias by its one, such as {bias}."
        self.setAccessibleName(f"{self.title} {self._about}")
        for field, index in zip(self.fields(), sitter.pair or (None, None), strict=True):
            field.setText("" if index is None else called(names, place_of(network, index)))
        self._complain("", None)
        self.ask()
        self.first.selectAll()
        self._offer()

    def accept(self) -> None:
        """Enter takes a name that is lit; else both, if these are two weights."""
        if self.suggestions.lit is not None:
            self._on_taken(self.suggestions.lit)
            return
        found: list[int] = []
        for field in self.fields():
            sentence, index = self._read(field)
            if not sentence and index in found:
                sentence = f"{field.text().strip()} is the first axis already. Choose another weight."
            if sentence:
                self._complain(sentence, field)
                return
            found.append(index)
        self.leave()
        self.pair_wanted.emit(*found)

    def _read(self, field: NameField) -> tuple[str, int]:
        """What is wrong with a name, "" for nothing; and which parameter it is."""
        typed, sitter = field.text().strip(), self._sitter
        if not typed or sitter is None:
            return f"Name a weight for the {field.accessibleName().lower()}.", -1
        index = named(sitter.network, sitter.names, typed)
        if index is None:
            short = typed if len(typed) <= LONGEST else f"{typed[: LONGEST - 1]}…"
            return f"There is no weight “{short}” in {_shape(sitter)}.", -1
        return (f"{typed} is cut, so it cannot move. Choose another." if sitter.is_off(index) else ""), index

    def _complain(self, sentence: str, about: NameField | None) -> None:
        """Say what is wrong, and where."""
        self._trouble = sentence
        for field in self.fields():
            field.setProperty("wrong", field is about)
            field.style().unpolish(field)
            field.style().polish(field)
        if about is not None:
            about.setFocus(Qt.FocusReason.OtherFocusReason)
            about.selectAll()
            announce(self, sentence)
            self._offer()
        self.update()

    # -- names offered -------------------------------------------------------------------------------------------

    def _on_typed(self, _text: str) -> None:
        self._complain("", None)
        self._offer()

    def _on_entered(self) -> None:
        self._active = self.sender() if isinstance(self.sender(), NameField) else self.first
        self._offer()

    def _on_taken(self, name: str) -> None:
        self._active.setText(name)
        self._active.setFocus(Qt.FocusReason.OtherFocusReason)  # a click has taken it away
        self._complain("", None)
        self._offer()

    def _offer(self) -> None:
        """The names that begin with what was typed, or as much of it as any does; none where it is one of them."""
        sitter = self._sitter
        if sitter is None:
            return
        typed = key(sitter.names, self._active.text())
        if self._active.hasSelectedText() and not self._trouble:
            typed = ""
        if typed in self._names:
            self.suggestions.show_names(())
            return
        while not any(each.startswith(typed) for each in self._names) and typed:
            typed = typed[:-1]
        begin = (name for each, name in self._names.items() if each.startswith(typed))
        self.suggestions.show_names([*islice(begin, MOST)])

    # -- geometry ------------------------------------------------------------------------------------------------

    def arrange(self) -> None:
        super().arrange()
        box = self.inside()
        left, top = round(box.left()), round(box.top()) + WORDS
        for number, field in enumerate(self.fields()):
            field.setGeometry(left + WORD, top + number * ROW, min(FIELD, round(box.width()) - WORD), 32)
        self.suggestions.setGeometry(left, top + 2 * ROW + 2, round(box.width()), OFFERED - 12)

    def paint_words(self, painter: QPainter, card: QRectF) -> None:
        left, y, room = card.left() + MARGIN, card.top() + HEAD, card.width() - 2 * MARGIN
        for number, line in enumerate(wrapped(self._about, room, 13)):
            theme.draw_text(painter, left, y + 4 + number * LINE, line, 13, 400, "text2")
        for number, name in enumerate(NAMES):
            theme.draw_text(painter, left, y + WORDS + number * ROW + 16, name, 13, 500, "text2")
        y += WORDS + 2 * ROW + OFFERED
        for number, line in enumerate(wrapped(self._trouble, room, 13)):
            theme.draw_text(painter, left, y + 6 + number * LINE, line, 13, 500, "bad")


def _shape(sitter: Sitter) -> str:
    """A network by its sizes, if these are few."""
    text = str(sitter.network)
    return text if len(text) <= LONGEST else "this network"
