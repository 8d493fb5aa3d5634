"""Activation functions as small as an icon."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from visualnn.gui import theme
from visualnn.scene.curves import activation_curve

WIDTH, HEIGHT = 28, 20
INSET = 2
LINE = 1.8


def draw_curve(painter: QPainter, name: str, x: float, y: float) -> None:
    """Draws the curve of an activation around (x, y), over thin axes through zero."""
    curve = activation_curve(name)
    across, up = WIDTH / 2 - INSET, HEIGHT / 2 - INSET
    floor = round(y - curve.zero_y * up) + 0.5
    painter.save()
    painter.setClipRect(QRectF(x - WIDTH / 2, y - HEIGHT / 2, WIDTH, HEIGHT))
    painter.setPen(QPen(theme.color("line2"), 1))
    painter.drawLine(QPointF(x - across, floor), QPointF(x + across, floor))
    painter.drawLine(QPointF(x, y - up), QPointF(x, y + up))
    round_pen = QPen(theme.color("act"), LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    round_pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(round_pen)
    painter.drawPolyline(QPolygonF([QPointF(x + px * across, y - py * up) for px, py in curve.points]))
    painter.restore()
