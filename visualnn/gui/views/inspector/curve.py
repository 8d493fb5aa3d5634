"""The activation over sums, with axes through zero and the point of this very sum on it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from visualnn.gui.theme import color, draw_text, text_width
from visualnn.nn.functions import activate
from visualnn.scene.formula import number
from visualnn.scene.passing import ActivationLine

FARTHEST = 1e300  # sums are drawn up to here
CENTERED = ("tanh", "hard_tanh")  # as far below 0 as above


def paint_curve(painter: QPainter, line: ActivationLine, area: QRectF) -> None:
    """Axes, curve and point."""
    axes = Axes.of(line, area)
    painter.setPen(QPen(color("line2"), 1))
    painter.drawLine(QPointF(area.left(), axes.floor), QPointF(area.right(), axes.floor))
    painter.drawLine(QPointF(axes.middle, area.top() + 4), QPointF(axes.middle, area.bottom() - 6))
    _paint_function(painter, line.name, axes)
    label = QRectF()
    if (line.known or line.lit) and isfinite(line.z) and isfinite(line.a):
        label = _paint_point(painter, line, axes)
    captions = (
        (area.left(), axes.floor + (15 if line.name != "elu" else -11), "sum"),  # its curve runs there
        (axes.middle + 8, area.top() + 10, "out"),
        (axes.middle + 6, axes.floor + 15, "0"),
    )
    for x, y, text in captions:
        if not label.intersects(QRectF(x - 4, y - 8, text_width(text, 12, 450) + 8, 16)):
            draw_text(painter, x, y, text, 12, 450, "text3")


def _paint_function(painter: QPainter, name: str, axes: Axes) -> None:
    import numpy as np

    area, reach = axes.area, axes.reach
    xs = np.unique(np.concatenate([np.linspace(-reach * 1.08, reach, 121), [0.0]]))
    ys = activate("sigmoid" if name == "softmax" else name, xs)
    points = [axes.point(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
    inside = [p for p in points if area.top() + 4 <= p.y() <= area.bottom() and p.x() >= area.left()]
    painter.setPen(QPen(color("act"), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(inside))


def _paint_point(painter: QPainter, line: ActivationLine, axes: Axes) -> QRectF:
    """The point, and below or above it the sum; returns where that is written."""
    area, floor, point = axes.area, axes.floor, axes.point(line.z, line.a)
    x = min(max(point.x(), area.left()), area.right())
    y = min(max(point.y(), area.top()), area.bottom())
    part = next((p for p in line.formula if p.role in ("pos", "neg", "zero")), None)
    ink = part.role if part and part.role else "text"
    label = number(line.z)
    pen = QPen(color(ink), 1.5, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    above = line.a * axes.per_y < 20
    painter.drawLine(QPointF(x, y), QPointF(x, floor - 34 if above else floor))
    painter.setPen(QPen(color("panel"), 2))
    painter.setBrush(color("dot"))
    painter.drawEllipse(QPointF(x, y), 6, 6)
    half, height = text_width(label, 13, 600) / 2, floor - 46 if above else floor + 15
    x = min(max(x, area.left() + half), area.right() - half)
    draw_text(painter, x, height, label, 13, 600, ink, "c")
    return QRectF(x - half, height - 8, 2 * half, 16)


@dataclass(frozen=True, slots=True)
class Axes:
    """Where sums and what is made of them lie in an area."""

    area: QRectF
    reach: float  # the largest sum
    middle: float  # x of the sum 0
    floor: float  # y of the output 0
    per_x: float  # px
    per_y: float

    @classmethod
    def of(cls, line: ActivationLine, area: QRectF) -> Axes:
        """Axes on which this line's sum can be seen."""
        known = line.known and isfinite(line.z)
        reach = min(max(4.5, abs(line.z) * 1.25), FARTHEST) if known else 4.5
        squeezing = line.name in (*CENTERED, "sigmoid", "hard_sigmoid", "softmax")
        floor = area.bottom() - 26 if line.name not in CENTERED else area.center().y()
        middle = area.left() + area.width() * 0.52
        per_y = (floor - area.top() - 12) / (1.0 if squeezing else reach * 0.72)
        return cls(area, reach, middle, floor, area.width() * 0.48 / reach, per_y)

    def point(self, x: float, y: float) -> QPointF:
        """Where an output stands over a sum."""
        return QPointF(self.middle + x * self.per_x, self.floor - y * self.per_y)
