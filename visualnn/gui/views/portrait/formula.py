"""A classic surface as a formula: its terms below each other, what each is worth, and the loss that they add up to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.card import wrapped
from visualnn.scene.formula import MINUS
from visualnn.scene.landscape.formula_card import Card, Row, Run, card, written

BEFORE_SIGN = re.compile(r" (?=[+−] )")
SIZE, SMALL = 14, 12  # px of letters: of a formula, and of one below a network
SIZES = (SIZE, 13, 12, 11)  # of a long line
LINE, SMALL_LINE = 26, 19  # px from line to line
TIGHT = 20  # where there is little room
EXPONENT, RAISED = 0.74, 0.36  # how large a raised letter is, and how far raised, in letters
RULE = 16  # px that a rule takes
SOURCE_GAP, SOURCE_LINE = 22, 17
LEAST_APART = 12  # px between a term and its number
INTRO = "The same as a formula of the two marked weights, x and y:"


def line_width(line: Iterable[Run], size: float, weight: int = 500) -> float:
    """How wide a line is set."""
    return sum(theme.text_width(run.text, size * EXPONENT if run.raised else size, weight) for run in line)


def broken(line: Sequence[Run], width: float, size: float) -> list[list[Run]]:
    """A line in as many as it takes to have room, each but the first beginning with a sign."""
    lines: list[list[Run]] = [[]]
    for run in line:
        for number, part in enumerate([run.text] if run.raised else BEFORE_SIGN.split(run.text)):
            longer = [*lines[-1], Run(f" {part}" if number else part, run.raised)]
            if number and lines[-1] and line_width(longer, size) > width:
                lines.append([Run(part)])
            else:
                lines[-1] = longer
    return lines


def draw_line(painter: QPainter, x: float, y: float, line: Iterable[Run], size: float, ink: theme.Ink = "text") -> None:
    """Sets a line; `y` is the middle of its capitals."""
    for run in line:
        small, up = (size * EXPONENT, RAISED * size) if run.raised else (size, 0.0)
        x += theme.draw_text(painter, x, y - up, run.text, small, 500, ink)


class FormulaCard(QWidget):
    """Shows a formula with its numbers at a place; or, `small`, the formula alone."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._name, self._small = "", False
        self._card: Card | None = None

    def show_place(self, name: str, x: float, y: float) -> None:
        """The surface of this name, at a point."""
        self._name, self._small, self._card = name, False, card(name, x, y)
        self.setAccessibleName(self._card.spoken)
        self.update()

    def show_small(self, name: str) -> None:
        """The formula alone."""
        if (name, True) != (self._name, self._small):
            self._name, self._small, self._card = name, True, None
            self.setAccessibleName(INTRO)
            self.update()

    @property
    def card(self) -> Card | None:
        """The numbers shown."""
        return self._card

    def small_height(self, width: float) -> int:
        """How high the formula alone is."""
        return SMALL_LINE * (len(wrapped(INTRO, width, SMALL)) + len([*self._small_lines(width)])) + 4

    def _small_lines(self, width: float) -> Iterator[list[Run]]:
        for line in written(self._name):
            yield from broken(line, width, SMALL)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("canvas"))
            if self._small:
                self._paint_small(painter)
            elif self._card is not None:
                self._paint_card(painter, self._card)

    def _paint_small(self, painter: QPainter) -> None:
        y = SMALL_LINE / 2
        for text in wrapped(INTRO, self.width(), SMALL):
            theme.draw_text(painter, 0, y, text, SMALL, 400, "text3")
            y += SMALL_LINE
        for line in self._small_lines(self.width()):
            draw_line(painter, 0, y, line, SMALL, "text2")
            y += SMALL_LINE

    def _paint_card(self, painter: QPainter, shown: Card) -> None:
        wanted = len(wrapped(shown.source, self.width(), SMALL, most=99)) * SOURCE_LINE + SOURCE_GAP
        pitch = next((pitch for pitch in (LINE, TIGHT) if self._high(shown, pitch) + wanted <= self.height()), TIGHT)
        room = int((self.height() - self._high(shown, pitch) - SOURCE_GAP) / SOURCE_LINE)
        source = wrapped(shown.source, self.width(), SMALL, most=room) if room > 0 else []
        below = SOURCE_GAP + SOURCE_LINE * len(source)
        y = max(0.0, (self.height() - self._high(shown, pitch) - below) * 0.42)
        y = self._paint_terms(painter, shown, y, pitch) + SOURCE_GAP
        for text in source:
            theme.draw_text(painter, 0, y, text, SMALL, 400, "text3")
            y += SOURCE_LINE

    def _paint_terms(self, painter: QPainter, shown: Card, y: float, pitch: int) -> float:
        y += pitch / 2
        for name, value in (("x", shown.x), ("y", shown.y)):
            self._paint_number(painter, y, name, value)
            y += pitch
        y = self._paint_rows(painter, shown.aids, y, pitch, signs=False)
        y = self._paint_rule(painter, y, pitch)
        y = self._paint_rows(painter, shown.terms, y, pitch, signs=True)
        y = self._paint_rule(painter, y, pitch)
        theme.draw_text(painter, 0, y, f"loss {shown.sign}", SIZE, 600)
        theme.draw_text(painter, self.width(), y, shown.loss, SIZE + 1, 600, "text", "r")
        return y + pitch / 2

    def _paint_number(self, painter: QPainter, y: float, name: str, value: str) -> None:
        """One of the two numbers, in the colour of its sign."""
        digits = value.strip(MINUS)
        ink = "zero" if not any(digit in "123456789∞" for digit in digits) else "neg" if value[0] == MINUS else "pos"
        theme.draw_text(painter, 0, y, name, SIZE, 600)
        theme.draw_text(painter, self.width(), y, value, SIZE, 600, ink, "r")

    def _paint_rows(self, painter: QPainter, rows: Sequence[Row], y: float, pitch: int, *, signs: bool) -> float:
        """Terms, a sign before each but the first; the number at the right of the last line, or below it."""
        counted = 0
        for row in rows:
            sign = "+ " if signs and counted and row.value else ""
            counted += bool(row.value)
            ink = "text" if row.value else "text3"
            for number, line in enumerate(row.lines):
                self._paint_line(painter, y, (Run(sign), *line) if number == 0 else line, ink)
                y += pitch
            y -= 0 if self._is_wide(row, sign) else pitch
            theme.draw_text(painter, self.width(), y, row.value, SIZE, 500, "text", "r")
            y += pitch
        return y

    def _paint_line(self, painter: QPainter, y: float, line: Sequence[Run], ink: theme.Ink) -> None:
        """A line of a term, in smaller letters where it is too long."""
        size = next((size for size in SIZES if line_width(line, size) <= self.width()), SIZES[-1])
        draw_line(painter, 0, y, line, size, ink)

    def _is_wide(self, row: Row, sign: str = "+ ") -> bool:
        """Whether a row's number has no room beside its last line."""
        last = line_width(row.lines[-1], SIZE) + (theme.text_width(sign, SIZE, 500) if len(row.lines) == 1 else 0)
        return last + LEAST_APART + theme.text_width(row.value, SIZE, 500) > self.width()

    def _paint_rule(self, painter: QPainter, y: float, pitch: int) -> float:
        painter.fillRect(QRectF(0, round(y - pitch / 2 + RULE / 2), self.width(), 1), theme.color("line"))
        return y + RULE

    def _high(self, shown: Card, pitch: int) -> float:
        """How high everything above the source is."""
        rows = (*shown.aids, *shown.terms)
        lines = 3 + sum(len(row.lines) + self._is_wide(row) for row in rows)
        return lines * pitch + 2 * RULE
