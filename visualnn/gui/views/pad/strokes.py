"""Ink on the pad: strokes with round ends, and what the rubber took away."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap

from visualnn.gui import theme
from visualnn.nn.network import Matrix
from visualnn.scene.ink import BRUSH, RUBBER, Drawing, Stroke

CLEAR = QPainter.CompositionMode.CompositionMode_Clear
OVER = QPainter.CompositionMode.CompositionMode_SourceOver


class Sheet:
    """The finished strokes of a drawing as a pixmap, painted again only when they are others."""

    def __init__(self) -> None:
        self._drawing: Drawing | None = None
        self._key: object = None
        self._pixmap = QPixmap()

    def paint(self, painter: QPainter, area: QRectF, drawing: Drawing, current: Stroke | None) -> None:
        """All strokes, the one that is being made last."""
        ratio = painter.device().devicePixelRatioF()
        key = (area.size().toTuple(), ratio, theme.current().name)
        if drawing is not self._drawing or key != self._key:
            self._drawing, self._key = drawing, key
            self._pixmap = _painted(_empty(area, ratio), area, drawing.strokes)
        pixmap = self._pixmap
        if current is not None:
            pixmap = _painted(pixmap.copy(), area, (current,))
        painter.drawPixmap(area.topLeft(), pixmap)


def _empty(area: QRectF, ratio: float) -> QPixmap:
    pixmap = QPixmap(QSize(round(area.width() * ratio), round(area.height() * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _painted(pixmap: QPixmap, area: QRectF, strokes: Sequence[Stroke]) -> QPixmap:
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stroke in strokes:
            painter.setCompositionMode(CLEAR if stroke.erases else OVER)
            _paint_stroke(painter, stroke, area.width())
    return pixmap


def _paint_stroke(painter: QPainter, stroke: Stroke, side: float) -> None:
    width = (RUBBER if stroke.erases else BRUSH) * side
    if len(stroke.points) == 1:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("text"))
        painter.drawEllipse(QPointF(*(stroke.points[0] * side).tolist()), width / 2, width / 2)
        return
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(theme.color("text"), width, Qt.PenStyle.SolidLine, cap, join))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_path(stroke.points * side))


def _path(points: Matrix) -> QPainterPath:
    """A smooth line: it bends towards each point and passes the middles between them."""
    corners = [QPointF(x, y) for x, y in points.tolist()]
    path = QPainterPath(corners[0])
    for corner, after in pairwise(corners[1:]):
        path.quadTo(corner, (corner + after) / 2)
    path.lineTo(corners[-1])
    return path
