"""Paints a scene `Frame` with QPainter. Remembers nothing but pixmaps of glows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QTransform,
)

from visualnn.gui.theme import draw_text
from visualnn.scene.frame import Arrow, Box, Dots, Frame, Glow, Ground, Item, Line, Links, Pixels, Sparks, Text

HINTS = (
    QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing | QPainter.RenderHint.SmoothPixmapTransform
)
TILES_FROM = 6.0  # px from which the pixels of a picture are drawn as tiles
ALIGN = {"left": "l", "center": "c", "right": "r"}


def paint(painter: QPainter, frame: Frame) -> None:
    """Paint everything in order; fields of connections are left to the stage."""
    paint_links(painter, frame.ground)
    paint_items(painter, (*frame.trails, *frame.items, *frame.around, *frame.moving))


def paint_links(painter: QPainter, ground: Iterable[Ground]) -> None:
    """Paint the connections that are drawn one by one."""
    painter.setRenderHints(HINTS)
    for links in ground:
        if isinstance(links, Links):
            _paint_links(painter, links)


def paint_items(painter: QPainter, items: Iterable[Item]) -> None:
    """Paint shapes and texts in order."""
    painter.setRenderHints(HINTS)
    for item in items:
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
    x0, x1, reach = links.x0, links.x1, (links.x1 - links.x0) * 0.5
    for y0, y1, width, color in zip(links.y0.tolist(), links.y1.tolist(), widths, colors, strict=True):
        path = QPainterPath(QPointF(x0, y0))
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
        pen.setDashOffset(-line.drift / line.width)
        painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line.points]))


def _paint_arrow(painter: QPainter, arrow: Arrow) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_color(arrow.color))
    ahead, aside = QPointF(arrow.dx, arrow.dy) * (arrow.length / 2), QPointF(-arrow.dy, arrow.dx) * (arrow.width / 2)
    middle = QPointF(arrow.x, arrow.y)
    painter.drawPolygon(QPolygonF([middle + ahead, middle - ahead + aside, middle - ahead - aside]))


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


def _paint_dots(painter: QPainter, dots: Dots) -> None:
    """Each as two filled discs: an outline of 2 device pixels would take ten times as long."""
    r, edged = dots.radius, dots.radius > 3.5
    painter.setPen(Qt.PenStyle.NoPen)
    for y, fill, edge in zip(dots.ys.tolist(), dots.fill.tolist(), dots.edge.tolist(), strict=True):
        middle = QPointF(dots.x, y)
        if edged:
            painter.setBrush(_color(edge))
            painter.drawEllipse(middle, r + 0.5, r + 0.5)
        painter.setBrush(_color(fill))
        painter.drawEllipse(middle, r - 0.5 * edged, r - 0.5 * edged)


def _paint_pixels(painter: QPainter, pixels: Pixels) -> None:
    area = QRectF(pixels.x - pixels.width / 2, pixels.y - pixels.height / 2, pixels.width, pixels.height)
    if pixels.cell >= TILES_FROM:
        _paint_cells(painter, pixels, area)
    elif pixels.radius:
        _paint_rounded(painter, pixels, area)
    else:
        _paint_plain(painter, pixels, area)
    if pixels.edge is not None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(pixels.edge, pixels.edge_width))
        painter.drawRoundedRect(area, pixels.radius, pixels.radius)


def _image(colors: NDArray[np.uint32]) -> QImage:
    """A view of the colours, which must outlive it."""
    rows, columns = colors.shape
    return QImage(colors.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)


def _paint_plain(painter: QPainter, pixels: Pixels, area: QRectF) -> None:
    colors = np.ascontiguousarray(pixels.colors)
    shrinks = colors.shape[0] > area.height() * painter.device().devicePixelRatioF()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, pixels.smooth or shrinks)
    painter.drawImage(area, _image(colors))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)


def _paint_rounded(painter: QPainter, pixels: Pixels, area: QRectF) -> None:
    colors = np.ascontiguousarray(pixels.colors)
    rows, columns = colors.shape
    brush = QBrush(_image(colors))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, pixels.smooth)
    brush.setTransform(QTransform(area.width() / columns, 0, 0, area.height() / rows, area.x(), area.y()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRoundedRect(area, pixels.radius, pixels.radius)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)


def _paint_cells(painter: QPainter, pixels: Pixels, area: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    side, space = pixels.cell * 0.92, pixels.cell * 0.04
    for row, line in enumerate(pixels.colors.tolist()):
        for column, color in enumerate(line):
            painter.setBrush(_color(color & 0xFFFFFF))
            x, y = area.x() + column * pixels.cell + space, area.y() + row * pixels.cell + space
            painter.drawRoundedRect(QRectF(x, y, side, side), side * 0.12, side * 0.12)


def _paint_sparks(painter: QPainter, sparks: Sparks) -> None:
    """All at once: a call a spark would take ten times as long."""
    ratio = painter.device().devicePixelRatioF()
    for sign, color in ((1, sparks.positive), (-1, sparks.negative)):
        points = sparks.points[sparks.sign == sign]
        if not len(points):
            continue
        sprite = _glow_pixmap(2 * sparks.radius, 2 * sparks.radius, sparks.radius, sparks.radius, color, 1.7, ratio)
        fragments = np.zeros((len(points), 10))
        fragments[:, :2] = points
        fragments[:, 4:6] = sprite.width(), sprite.height()
        fragments[:, 6:8] = 1 / ratio
        fragments[:, 9] = 1.0
        first = shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
        painter.drawPixmapFragments(first, len(points), sprite)


PAINTERS = {
    Box: _paint_box,
    Line: _paint_line,
    Arrow: _paint_arrow,
    Text: _paint_text,
    Glow: _paint_glow,
    Dots: _paint_dots,
    Pixels: _paint_pixels,
    Sparks: _paint_sparks,
}
