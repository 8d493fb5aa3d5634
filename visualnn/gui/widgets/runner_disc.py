"""What stands for one of several lines: a runner's disc with its letter, a run's badge with its number."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from visualnn.gui import theme

EDGE = QColor("#10141f")  # around the disc, and its letter, in both themes: the colours are light


def runner_color(key: str) -> QColor:
    """The colour of a runner."""
    return QColor(theme.current()["runners"][key])


def paint_disc(painter: QPainter, middle: QPointF, color: str, letter: str, diameter: float = 22.0) -> None:
    """The disc, dark around its edge."""
    painter.setPen(QPen(EDGE, 1.6))
    painter.setBrush(runner_color(color))
    painter.drawEllipse(middle, diameter / 2 - 0.8, diameter / 2 - 0.8)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    theme.draw_text(painter, middle.x(), middle.y(), letter, round(diameter * 0.54), 700, EDGE, "c")


def badge_width(text: str, height: float = 16.0) -> float:
    """How wide a badge is: a disc, or a pill where the number has more digits."""
    return max(height, theme.text_width(text, 11, 600) + 8)


def paint_badge(painter: QPainter, middle: QPointF, ink: theme.Ink, text: str, height: float = 16.0) -> None:
    """The number of a run on its ink."""
    wide = badge_width(text, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(ink))
    box = QRectF(middle.x() - wide / 2, middle.y() - height / 2, wide, height)
    painter.drawRoundedRect(box, height / 2, height / 2)
    theme.draw_text(painter, middle.x(), middle.y(), text, 11, 600, "panel", "c")
