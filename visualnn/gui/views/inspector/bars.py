"""The strongest terms of a long sum as thin bars on both sides of zero, at one scale."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from visualnn.gui.theme import color, draw_text, elided, text_width
from visualnn.scene.findings import Bar, Bars
from visualnn.scene.look import sign_role
from visualnn.scene.passing import HIDDEN

SIZE = 11  # px of the letters
GAP = 8
WIDEST_NAME = 72


def paint_bars(painter: QPainter, shown: Bars, area: QRectF, pitch: float) -> list[tuple[QRectF, str]]:
    """A bar each `pitch` from the top of the area on; returns where all digits of a number are to be had."""
    if not shown.bars:
        return []
    names = min(WIDEST_NAME, max(text_width(bar.label, SIZE, 450) for bar in shown.bars))
    numbers = max(text_width(bar.text, SIZE, 500) for bar in shown.bars)
    field = QRectF(area.left() + names + GAP, area.top(), area.width() - names - numbers - 2 * GAP, area.height())
    zero, scale = _axis(shown.span, field)
    tips = []
    for index, bar in enumerate(shown.bars):
        y = area.top() + (index + 0.5) * pitch
        row = QRectF(area.left() - 6, y - pitch / 2, area.width() + 12, pitch)
        if bar.lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("accentbg"))
            painter.drawRoundedRect(row, 4, 4)
        if bar.known:
            _paint_bar(painter, bar, QPointF(zero, y), scale, pitch)
            tips.append((row, f"{bar.label}: {bar.exact}"))
        draw_text(painter, area.left(), y, elided(bar.label, names + 0.5, SIZE, 450), SIZE, 450, "text2")
        text, role = (bar.text, sign_role(bar.value, 0.0)) if bar.known else (HIDDEN.text, HIDDEN.role or "text3")
        draw_text(painter, area.right(), y, text, SIZE, 500, role, "r")
    painter.setPen(QPen(color("line3"), 1))
    painter.drawLine(QPointF(zero, area.top()), QPointF(zero, area.top() + len(shown.bars) * pitch))
    return tips


def _axis(span: tuple[float, float], field: QRectF) -> tuple[float, float]:
    """Where zero stands and how many px one is, so that the longest bars on both sides reach the ends."""
    low, high = span
    reach = max(high / 2 - low / 2, 1e-300)  # halved, since the sum of two huge ones may be none
    return field.left() + field.width() * min(1.0, -low / 2 / reach), field.width() / 2 / reach


def _paint_bar(painter: QPainter, bar: Bar, zero: QPointF, scale: float, pitch: float) -> None:
    if not isfinite(bar.value) or bar.value == 0:
        return
    width, thick = bar.value * scale, pitch - 5
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color("pos" if width > 0 else "neg"))
    left = zero.x() if width > 0 else zero.x() + width
    painter.drawRoundedRect(QRectF(left, zero.y() - thick / 2, max(abs(width), 1.0), thick), 1.5, 1.5)
