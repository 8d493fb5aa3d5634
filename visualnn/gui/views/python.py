"""The network as Python: the line being computed is lit, each line's value stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui.theme import color, draw_text, text_width
from visualnn.gui.widgets.button import IconButton
from visualnn.gui.widgets.segmented import Segmented
from visualnn.scene.code import FORMS, CodeLine, Form, Token, ValuedLine

PAD, PITCH, HEAD, FOOT = 24, 23, 48, 20
NARROWEST = 160  # px for code and values in any case
ROLES = {"keyword": "code_kw", "function": "code_fn", "plain": "code_id"}
GAP = " "  # at least, between a line and its value
BREAKS = (" + ", " / ", "for ", "if ", "else ")  # what a row may begin with
FORM_LABELS = ("Python", "NumPy")
FORM_HINTS = ("One number after the other", "Whole layers as arrays")
MOST_BROKEN = 4000  # lines whose rows are kept

Tokens = tuple[Token, ...]
Measure = Callable[[str], float]


def rows(tokens: Tokens, room: float, width_of: Measure, *, indent: int = 4) -> list[Tokens]:
    """The rows that a line takes: none wider than `room`, broken before an operator where possible, no letter lost.

    Those after the first begin two indents deeper than the line.
    """
    text = "".join(token.text for token in tokens)
    deeper = Token(" " * (len(text) - len(text.lstrip(" ")) + 2 * indent))
    room_below = room - width_of(deeper.text)
    made: list[list[Token]] = [[]]
    left = room
    for piece in _small_pieces(tokens, room_below, width_of):
        if made[-1] and _width(piece, width_of) > left:
            made.append([deeper])
            left = room_below
            piece = (replace(piece[0], text=piece[0].text.lstrip(" ")), *piece[1:])
        made[-1] += piece
        left -= _width(piece, width_of)
    return [tuple(row) for row in made]


def _width(piece: Tokens, width_of: Measure) -> float:
    return sum(width_of(token.text) for token in piece)


def _small_pieces(tokens: Tokens, room: float, width_of: Measure) -> Iterator[Tokens]:
    """The pieces of a line; what is too long for a row falls into its tokens, a token into as much as fits."""
    most = max(1, int(room / width_of("0")))
    for piece in _pieces(tokens):
        if _width(piece, width_of) <= room:
            yield piece
            continue
        for token in piece:
            for at in range(0, len(token.text), most):
                yield (replace(token, text=token.text[at : at + most]),)


def _pieces(tokens: Tokens) -> Iterator[Tokens]:
    """What stays together: a piece begins with one of `BREAKS`, or behind a comma."""
    piece: list[Token] = []
    for token in tokens:
        for text in token.text.replace(", ", ", \0").split("\0"):
            if piece and (text in BREAKS or piece[-1].text.endswith(", ")):
                yield tuple(piece)
                piece = []
            piece.append(token if text == token.text else replace(token, text=text))
    if piece:
        yield tuple(piece)


@dataclass(frozen=True, slots=True)
class Row:
    """What is written at one height, and the line it belongs to, by its number."""

    line: int
    tokens: Tokens
    value: str = ""


class PythonView(QWidget):
    """Paints code lines with values, in the form that is chosen; *Copy* asks for the whole program."""

    copy_requested = Signal()
    form_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._lines: list[ValuedLine] = []
        self._rows: list[Row] = []
        self._broken: dict[tuple[int, int], tuple[CodeLine, list[Tokens]]] = {}  # by line and length of its value
        self._first = 0  # row at the top when there are more than fit
        self._size = 12.5
        self._indent = 4
        self._copy = IconButton("copy", "Copy code", self, key="Ctrl+Shift+C", size=32, icon_size=15)
        self._copy.clicked.connect(self._on_copy)
        self._forms = Segmented(FORM_LABELS, parent=self, pad=9)
        self._forms.setAccessibleName("Code")
        self._forms.set_hints(FORM_HINTS)
        self._forms.chosen.connect(self._on_form_chosen)
        self.setMinimumHeight(HEAD + 3 * PITCH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    @property
    def form(self) -> Form:
        """How the code is written."""
        return FORMS[self._forms.index()]

    def show_lines(self, lines: list[ValuedLine]) -> None:
        """Show these lines; the lit one is scrolled into view."""
        self._lines = lines
        self._lay_out()
        self.setAccessibleName("Python: " + " ".join(line.line.text.strip() for line in lines[:12]))
        self.updateGeometry()

    def set_compact(self, compact: bool) -> None:
        """Smaller letters and indent in a narrow window."""
        self._size, self._indent = (12.0, 2) if compact else (12.5, 4)
        self._broken.clear()
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(320, HEAD + len(self._rows) * PITCH + 12)

    # -- rows ----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._rows = [row for index, line in enumerate(self._lines) for row in self._rows_of(index, line)]
        lit = [number for number, row in enumerate(self._rows) if self._lines[row.line].lit]
        fit = self._fit()
        if lit and fit and not self._first <= lit[0] <= lit[-1] < self._first + fit:
            self._first = min(lit[0], (lit[0] + lit[-1] + 1) // 2 - fit // 2)
        self._scroll_to(self._first)

    def _rows_of(self, index: int, valued: ValuedLine) -> list[Row]:
        """The rows of a line, the last with room for the value."""
        key = (id(valued.line), len(valued.value))
        line, broken = self._broken.get(key, (None, []))
        if line is not valued.line:
            broken = self._break(valued)
            if len(self._broken) >= MOST_BROKEN:
                self._broken.clear()
            self._broken[key] = valued.line, broken
        *above, last = broken
        return [*(Row(index, row) for row in above), Row(index, last, valued.value)]

    def _break(self, valued: ValuedLine) -> list[Tokens]:
        first, *others = valued.line.tokens
        if first.text.startswith("    "):
            first = replace(first, text=" " * self._indent + first.text[4:])
        tokens = (first, *others, *([Token(GAP + "0" * len(valued.value))] if valued.value else []))
        letter = text_width("0", self._size, 400, mono=True)  # all are as wide
        room = max(NARROWEST, self.width() - 2 * PAD)
        *above, last = rows(tokens, room, lambda text: len(text) * letter, indent=self._indent)
        return [*above, last[:-1] if valued.value else last]

    def _fit(self) -> int:
        """How many rows there is room for."""
        if HEAD + len(self._rows) * PITCH + 8 <= self.height():
            return len(self._rows)
        return max(0, (self.height() - HEAD - FOOT) // PITCH)

    def _scroll_to(self, row: int) -> None:
        self._first = max(0, min(row, len(self._rows) - self._fit()))
        self.update()

    def resizeEvent(self, _event: object) -> None:
        self._broken.clear()
        self._copy.move(self.width() - PAD - 23, 10)
        self._forms.adjustSize()
        self._forms.move(self._copy.x() - 8 - self._forms.width(), 10)
        self._lay_out()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._scroll_to(self._first - event.angleDelta().y() // 60)

    def _on_form_chosen(self, index: int) -> None:
        self._first = 0
        self.form_chosen.emit(FORMS[index])

    def _on_copy(self) -> None:
        self.copy_requested.emit()

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
            draw_text(painter, PAD, 26, "Code", 14, 600)
            seen = self._rows[self._first : self._first + self._fit()]
            self._paint_ground(painter, [number for number, row in enumerate(seen) if self._lines[row.line].lit])
            for number, row in enumerate(seen):
                self._paint_row(painter, row, HEAD + (number + 0.5) * PITCH)
            hidden = len({row.line for row in self._rows[self._first + len(seen) :]})
            if hidden:
                more = f"{hidden} more line" + ("s" if hidden > 1 else "")
                draw_text(painter, PAD, self.height() - 9, more, 12, 450, "text3")

    def _paint_ground(self, painter: QPainter, lit: list[int]) -> None:
        """Behind all rows of the line being computed."""
        if not lit:
            return
        top, height = HEAD + lit[0] * PITCH, len(lit) * PITCH
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("accentbg"))
        painter.drawRoundedRect(QRectF(PAD - 12, top, self.width() - 2 * PAD + 24, height), 6, 6)
        painter.setBrush(color("accent"))
        painter.drawRoundedRect(QRectF(PAD - 12, top + 4, 3, height - 8), 1.5, 1.5)

    def _paint_row(self, painter: QPainter, row: Row, y: float) -> None:
        valued = self._lines[row.line]
        x = float(PAD)
        for token in row.tokens:
            now = valued.part is not None and token.part == valued.part
            ink = "accent" if now else ROLES[token.kind]
            x += draw_text(painter, x, y, token.text, self._size, 700 if now else 400, ink, mono=True)
        text = row.value.replace("−", "-")
        draw_text(painter, self.width() - PAD, y, text, self._size, 500, valued.role, "r", mono=True)
