"""The rows of the Inspector: terms, what they come to, and what comes of that."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from visualnn.gui.theme import color, draw_runs, draw_text, elided, font, runs_width, text_width
from visualnn.gui.views.inspector.bars import paint_bars
from visualnn.gui.views.inspector.cards import Deck, paint_links
from visualnn.gui.views.inspector.fit import EQUAL_ROOM, GAP, Fit, Written, runs, shrunk, text_size, written_in
from visualnn.scene.findings import Bars, Link, Outlook
from visualnn.scene.formula import Part
from visualnn.scene.passing import ActivationLine, Line

PAD, PITCH = 24, 28
TOTAL_HEIGHT, ACTIVATION_HEIGHT = 44, 66
OUTLOOK_SIZES = (15.0, 14.0, 13.0, 12.0)
FORMULA_SIZES = (14.0, 13.0, 12.0)


@dataclass(frozen=True, slots=True)
class Pitches:
    """How far rows stand apart."""

    row: float = PITCH
    long: float = 46  # of those with a formula below the label
    below: float = 17  # from the label to that
    room: float = 272  # px from the left to the right

    def of(self, row: Line) -> float:
        """This one's height."""
        return self.long + self.below * (len(self.written(row).lines) - 1) if row.below else self.row

    def written(self, row: Line) -> Written:
        """The formula below the label."""
        return written_in(row.below, self.room)

    def reach(self, rows: tuple[Line, ...]) -> float:
        """The height of all of them."""
        return sum(self.of(row) for row in rows)


class Rows:
    """Paints rows into a panel of one width and notes where all digits of a number are to be had."""

    def __init__(self, painter: QPainter, width: float):
        self._painter = painter
        self._right = width - PAD
        self.tips: list[tuple[QRectF, str]] = []

    def paint_table(self, rows: tuple[Line, ...], y: float, pitches: Pitches) -> None:
        """The rows below each other, written alike."""
        fit, beside = Fit.of(rows, self._right - PAD), all(self._holds(row) for row in rows if row.below)
        for row in rows:
            if row.below:
                self._paint_long(row, y, pitches, beside=beside)
            else:
                self._paint_row(row, y, fit)
            y += pitches.of(row)

    def paint_chain(self, heading: str, links: tuple[Link, ...], y: float, deck: Deck) -> None:
        """The links of a slope as cards below a heading."""
        draw_text(self._painter, PAD, y - 8, heading, 13, 450, "text2")
        area = QRectF(PAD, y + 10, self._right - PAD, deck.reach(links))
        self.tips += paint_links(self._painter, links, area, deck)

    def paint_bars(self, bars: Bars, y: float, pitch: float) -> None:
        """The strongest terms of a long sum."""
        area = QRectF(PAD, y - PITCH / 2, self._right - PAD, bars.slots * pitch)
        self.tips += paint_bars(self._painter, bars, area, pitch)

    def paint_note(self, bars: Bars, y: float) -> None:
        """What is not shown, in one line or two."""
        area = QRectF(PAD, y - PITCH / 2 + 4, self._right - PAD, 34)
        self._painter.setFont(font(12, 450))
        self._painter.setPen(color("text2"))
        self._painter.drawText(area, Qt.TextFlag.TextWordWrap, bars.note)
        self.note(area, bars.exact if bars.note else "")

    def paint_verdict(self, total: Line, y: float) -> None:
        """What the links come to, lit."""
        painter, right, y = self._painter, self._right, y + 14 - 1
        self._light(y, 42)
        wide = text_width(total.result.text, 18, 650)
        room = right - PAD - wide - 24
        draw_text(painter, PAD, y, elided(total.label, room, 14, 600), 14, 600)
        if total.equal != "=":
            draw_text(painter, right - wide - 12, y, total.equal, 13, 400, "text3", "c")
        draw_text(painter, right, y, total.result.text, 18, 650, total.result.role or "text", "r")
        self.note(QRectF(right - 100, y - 20, 100, 40), total.exact)

    def paint_outlook(self, outlook: Outlook, y: float) -> None:
        """What comes next, or came of it."""
        painter, right = self._painter, self._right
        wide = draw_text(painter, PAD, y, outlook.title, 14, 600)
        room = right - PAD - wide - 12
        draw_text(painter, right, y, elided(outlook.aside, room, 13, 450), 13, 450, "text2", "r")
        parts, room = outlook.formula, right - PAD
        written, size = shrunk(parts, room, OUTLOOK_SIZES, 600)
        if written != parts:
            written = tuple(Part(" ≈ ", "text3") if part.text == " = " else part for part in written)
        draw_runs(painter, PAD, y + 27, runs(written), size, 600)

    def paint_total(self, total: Line, y: float) -> None:
        """What the rows add up to, below a line."""
        painter, right = self._painter, self._right
        painter.setPen(QPen(color("line2"), 1))
        painter.drawLine(QPointF(PAD, y - 10.5), QPointF(right, y - 10.5))
        if total.lit:
            self._light(y + 10, 32)
        draw_text(painter, PAD, y + 10, total.label, 14, 600)
        if total.equal != "=":
            beside = max(90.0, text_width(total.result.text, 16, 650) + 12)
            draw_text(painter, right - beside, y + 10, total.equal, 13, 400, "text3", "c")
        draw_text(painter, right, y + 10, total.result.text, 16, 650, total.result.role or "text", "r")
        self.note(QRectF(right - 100, y - 4, 100, PITCH), total.exact)

    def paint_activation(self, line: ActivationLine, y: float) -> None:
        """The activation's name, formula and result."""
        painter, right = self._painter, self._right
        y += 6
        if line.lit:
            self._light(y + 10, 60)
        wide = draw_text(painter, PAD, y - 1, line.title, 13, 600, "act")
        room = right - PAD - wide - 8
        size = text_size(line.words, room)
        draw_text(painter, PAD + wide + 8, y - 1, elided(line.words, room + 0.5, size, 450), size, 450, "text2")
        self._paint_formula(line, y + 20)
        draw_text(painter, right, y + 20, line.result.text, 16, 650, line.result.role or "text", "r")
        self.note(QRectF(right - 100, y + 6, 100, PITCH), line.exact)

    def note(self, area: QRectF, text: str) -> None:
        """Have a tip there, if there is anything to say."""
        if text:
            self.tips.append((area, text))

    def _paint_row(self, row: Line, y: float, fit: Fit) -> None:
        painter, right = self._painter, self._right
        if row.lit:
            self._light(y, PITCH)
        room = right - PAD - GAP - (fit.result_width if row.factors else text_width(row.result.text, 14, 600))
        if row.factors:
            factors = fit.factors(row)
            room -= EQUAL_ROOM + runs_width(runs(factors), fit.size, 500)
            draw_runs(painter, right - fit.result_width - 22, y, runs(factors), fit.size, 500, align="r")
            equal = row.equal if factors == row.factors else "≈"
            draw_text(painter, right - fit.result_width - 12, y, equal, 13, 400, "text3", "c")
        elif row.equal != "=":
            draw_text(painter, right - text_width(row.result.text, 14, 600) - 12, y, row.equal, 13, 400, "text3", "c")
        draw_text(painter, PAD, y, elided(fit.label(row), room + 0.5, 13, 450), 13, 450, "text2")
        draw_text(painter, right, y, row.result.text, 14, 600, row.result.role or "text", "r")
        self.note(QRectF(right - 100, y - 14, 100, PITCH), row.exact)

    def _holds(self, row: Line) -> bool:
        """Whether a long row's formula has room beside its result."""
        room = self._right - PAD - text_width(row.result.text, 14, 600) - EQUAL_ROOM
        return runs_width(runs(row.below), 13, 500) <= room

    def _paint_long(self, row: Line, y: float, pitches: Pitches, *, beside: bool) -> None:
        """The label, and below it the formula; the result `beside` that, or beside the label."""
        painter, right, below = self._painter, self._right, y + pitches.below
        at = below if beside else y
        written = pitches.written(row)
        if row.lit:
            self._light(y + pitches.below * len(written.lines) / 2, pitches.of(row))
        wide = max(56.0, text_width(row.result.text, 14, 600))
        draw_text(painter, PAD, y, elided(row.label, right - PAD - wide - 28, 13, 450), 13, 450, "text2")
        for index, line in enumerate(written.lines):
            draw_runs(painter, PAD, below + index * pitches.below, runs(line), written.size, 500)
        draw_text(painter, right - wide - 12, at, row.equal if written.exact else "≈", 13, 400, "text3", "c")
        draw_text(painter, right, at, row.result.text, 14, 600, row.result.role or "text", "r")
        self.note(QRectF(right - 100, at - 12, 100, 24), row.exact)

    def _paint_formula(self, line: ActivationLine, y: float) -> None:
        parts = line.formula if line.known or line.lit else (Part("…", "text3"),)
        room = max(76.0, text_width(line.result.text, 16, 650) + 12)
        written, size = shrunk(parts, self._right - PAD - room - 14, FORMULA_SIZES)
        draw_runs(self._painter, PAD, y, runs(written), size, 500)
        if line.known:
            equal = line.equal if written == parts else "≈"
            draw_text(self._painter, self._right - room, y, equal, 13, 400, "text3", "c")

    def _light(self, y: float, height: float) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(color("accentbg"))
        area = QRectF(PAD - 12, y - height / 2, self._right - PAD + 24, height)
        self._painter.drawRoundedRect(area, 10, 10)
