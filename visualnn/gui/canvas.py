"""Paints a scene `Frame` with QPainter. Remembers nothing but pixmaps of glows."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from visualnn.gui.theme import draw_text
from visualnn.scene.frame import Box, Frame, Glow, Line, Links, Text

HINTS = (
    QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing | QPainter.RenderHint.SmoothPixmapTransform
)
ALIGN = {"left": "l", "center": "c", "right": "r"}


def paint(painter: QPainter, frame: Frame) -> None:
    """Paint everything in order."""
    painter.setRenderHints(HINTS)
    for item in frame.items:
        PAINTERS[type(item)](painter, item)


@lru_cache(maxsize=512)
def _color(rgb: int) -> QColor:
    return QColor.fromRgb(rgb)


@lru_cache(maxsize=1024)
def _pen(rgb: int, width: float, round_ends: bool = False) -> QPen:
    cap = Qt.PenCapStyle.RoundCap if round_ends else Qt.PenCapStyle.FlatCap
    return QPen(_color(rgb), width, Qt.PenStyle.SolidLine, cap, Qt.PenJoinStyle.RoundJoin)


def _paint_links(painter: QPainter, links: Links) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    widths = np.round(links.width, 2).tolist()
    colors = links.color.tolist()
    ends = np.hstack([links.start, links.end]).tolist()
    for (x0, y0, x1, y1), width, color in zip(ends, widths, colors, strict=True):
        path = QPainterPath(QPointF(x0, y0))
        reach = (x1 - x0) * 0.5
        path.cubicTo(x0 + reach, y0, x1 - reach, y1, x1, y1)
        painter.setPen(_pen(color, width))
        painter.drawPath(path)


def _paint_box(painter: QPainter, box: Box) -> None:
    if box.edge is None:
        painter.setPen(Qt.PenStyle.NoPen)
    elif box.dashed:
        pen = QPen(_color(box.edge), box.edge_width)
        pen.setDashPattern([6 / box.edge_width, 4 / box.edge_width])
        painter.setPen(pen)
    else:
        painter.setPen(_pen(box.edge, box.edge_width))
    painter.setBrush(Qt.BrushStyle.NoBrush if box.fill is None else _color(box.fill))
    area = QRectF(box.x - box.width / 2, box.y - box.height / 2, box.width, box.height)
    if box.radius * 2 >= box.width and box.width == box.height:
        painter.drawEllipse(area)
    else:
        painter.drawRoundedRect(area, box.radius, box.radius)


def _paint_line(painter: QPainter, line: Line) -> None:
    if line.dash is None:
        painter.setPen(_pen(line.color, line.width, len(line.points) > 2))
    else:
        pen = QPen(_color(line.color), line.width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([part / line.width for part in line.dash])
        painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line.points]))


def _paint_text(painter: QPainter, text: Text) -> None:
    draw_text(painter, text.x, text.y, text.text, text.size, text.weight, _color(text.color), ALIGN[text.align])


def _paint_glow(painter: QPainter, glow: Glow) -> None:
    ratio = painter.device().devicePixelRatioF()
    key = (round(glow.width, 1), round(glow.height, 1), round(glow.radius, 1), round(glow.reach, 1))
    pixmap = _glow_pixmap(*key, glow.color, glow.strength, ratio)
    left, top = glow.x - glow.width / 2 - glow.reach, glow.y - glow.height / 2 - glow.reach
    painter.drawPixmap(QPointF(left, top), pixmap)


@lru_cache(maxsize=64)
def _glow_pixmap(
    width: float, height: float, radius: float, reach: float, rgb: int, strength: float, ratio: float
) -> QPixmap:
    """Light that falls off with the distance from a rounded rectangle, as one alpha picture."""
    w, h = width + 2 * reach, height + 2 * reach
    pixmap = QPixmap(round(w * ratio), round(h * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    rings = max(8, round(reach * ratio / 1.5))
    with QPainter(pixmap) as painter:
        painter.setRenderHints(HINTS)
        painter.setPen(Qt.PenStyle.NoPen)
        for ring in range(rings, -1, -1):
            grow = reach * ring / rings
            near = 1 - ring / rings
            color = QColor.fromRgb(rgb)
            color.setAlphaF(min(1.0, strength * 0.55 * near**1.8))
            painter.setBrush(QBrush(color))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            area = QRectF(reach - grow, reach - grow, width + 2 * grow, height + 2 * grow)
            painter.drawRoundedRect(area, radius + grow, radius + grow)
    return pixmap


PAINTERS = {Links: _paint_links, Box: _paint_box, Line: _paint_line, Text: _paint_text, Glow: _paint_glow}
