"""The rows of the Inspector: products, their sum, and what the activation makes of it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from visualnn.gui.theme import color, draw_runs, draw_text, elided, runs_width, text_width
from visualnn.gui.views.inspector.fit import EQUAL_ROOM, GAP, Fit, fitted, runs
from visualnn.scene.formula import Part
from visualnn.scene.passing import ActivationLine, Line

PAD, PITCH = 24, 28
TOTAL_HEIGHT, ACTIVATION_HEIGHT = 44, 66


class Rows:
    """Paints rows into a panel of one width and notes where all digits of a number are to be had."""

    def __init__(self, painter: QPainter, width: float):
        self._painter = painter
        self._right = width - PAD
        self.tips: list[tuple[QRectF, str]] = []

    def paint_table(self, rows: tuple[Line, ...], y: float) -> float:
        """The rows below each other, written alike; returns where they end."""
        fit = Fit.of(rows, self._right - PAD)
        for row in rows:
            self._paint_row(row, y, fit)
            y += PITCH
        return y

    def paint_total(self, total: Line, y: float) -> float:
        """What the rows add up to, below a line; returns where it ends."""
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
        return y + TOTAL_HEIGHT

    def paint_activation(self, line: ActivationLine, y: float) -> float:
        """The activation's name, formula and result; returns where they end."""
        painter, right, end = self._painter, self._right, y + ACTIVATION_HEIGHT
        y += 6
        if line.lit:
            self._light(y + 10, 60)
        wide = draw_text(painter, PAD, y - 1, line.title, 13, 600, "act")
        room = right - PAD - wide - 8
        draw_text(painter, PAD + wide + 8, y - 1, elided(line.words, room, 13, 450), 13, 450, "text2")
        self._paint_formula(line, y + 20)
        draw_text(painter, right, y + 20, line.result.text, 16, 650, line.result.role or "text", "r")
        self.note(QRectF(right - 100, y + 6, 100, PITCH), line.exact)
        return end

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
        draw_text(painter, PAD, y, elided(fit.label(row), room + 0.5, 13, 450), 13, 450, "text2")
        draw_text(painter, right, y, row.result.text, 14, 600, row.result.role or "text", "r")
        self.note(QRectF(right - 100, y - 14, 100, PITCH), row.exact)

    def _paint_formula(self, line: ActivationLine, y: float) -> None:
        parts = line.formula if line.known or line.lit else (Part("…", "text3"),)
        room = max(76.0, text_width(line.result.text, 16, 650) + 12)
        written = fitted(parts, self._right - PAD - room - 14)
        draw_runs(self._painter, PAD, y, runs(written), 14, 500)
        if line.known:
            equal = line.equal if written == parts else "≈"
            draw_text(self._painter, self._right - room, y, equal, 13, 400, "text3", "c")

    def _light(self, y: float, height: float) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(color("accentbg"))
        area = QRectF(PAD - 12, y - height / 2, self._right - PAD + 24, height)
        self._painter.drawRoundedRect(area, 10, 10)
