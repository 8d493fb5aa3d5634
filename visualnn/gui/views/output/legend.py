"""A quiet line below a picture that says what its marks are."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from visualnn.gui import theme

WIDE = {"dot": 8, "hollow": 8, "line": 14, "frame": 10}  # px of the marks
GAP, BETWEEN = 7, 16  # px from a mark to its word, and from that to the next mark


def paint_legend(painter: QPainter, box: QRectF, entries: list[tuple[str, str]]) -> None:
    """Marks and their words, from the left, around the lower edge of the box."""
    x, y = box.left(), box.bottom() - 4
    for mark, words in entries:
        _paint_mark(painter, mark, x, y)
        x += WIDE[mark] + GAP
        x += theme.draw_text(painter, x, y, words, 12, 450, "text2") + BETWEEN


def _paint_mark(painter: QPainter, mark: str, x: float, y: float) -> None:
    middle = x + WIDE[mark] / 2
    painter.setBrush(theme.color("pos") if mark == "dot" else Qt.BrushStyle.NoBrush)
    match mark:
        case "dot":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QPointF(middle, y), 3, 3)
        case "hollow":
            painter.setPen(QPen(theme.color("pos"), 1.3))
            painter.drawEllipse(QPointF(middle, y), 2.8, 2.8)
        case "line":
            painter.setPen(QPen(theme.color("good"), 1.6))
            painter.drawLine(QLineF(x, y, x + WIDE[mark], y))
        case "frame":
            painter.setPen(QPen(theme.color("text"), 1.6))
            painter.drawRect(QRectF(x + 1, y - 4, WIDE[mark] - 2, 8))
