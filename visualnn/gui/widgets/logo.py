"""The program's sign: the 2-3-1 network."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from visualnn.gui import theme

ROLES = ("pos", "neg", "pos", "neg", "pos", "accent")
DOT = 2.5


def draw_logo(painter: QPainter, x: float, y: float, r: float = 9) -> None:
    """Draws it with its left edge at x and its middle at y, 2·r high."""
    left = [QPointF(x, y - r * 0.55), QPointF(x, y + r * 0.55)]
    middle = [QPointF(x + r * 1.15, y + r * row) for row in (-1, 0, 1)]
    right = QPointF(x + r * 2.2, y)
    painter.setPen(QPen(theme.color("line2"), 1))
    for hidden in middle:
        for end in (*left, right):
            painter.drawLine(end, hidden)
    painter.setPen(Qt.PenStyle.NoPen)
    for role, dot in zip(ROLES, (*left, *middle, right), strict=True):
        painter.setBrush(theme.color(role))
        painter.drawEllipse(dot, DOT, DOT)
