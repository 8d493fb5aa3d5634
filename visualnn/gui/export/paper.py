"""Paints a `Shot` on anything: a picture in memory, an SVG, a page of a PDF.

Unlike the screen's canvas it needs no pixmaps, so that a thread can paint, and no clipping and no composition, which
vector files lack: light is a stack of faint shapes, and what lies beyond the view is covered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from visualnn.gui import canvas
from visualnn.gui.export.shot import Shot
from visualnn.gui.views.network.ground import are_few, drawn
from visualnn.gui.views.network.picture import fade_out
from visualnn.scene.frame import Field, Glow, Ground, Item, Links, Pixels, Sparks, Text

RINGS = 10  # shapes of which a light is made
SPARK_GLOW = 1.7
SHARP = 2.0  # pixels to the point of pictures inside a vector file
WIDE = 400  # px that a small picture with round corners is enlarged to


def paint_shot(painter: QPainter, shot: Shot, *, ratio: float = SHARP, vector: bool = False) -> list[Text]:
    """Paint everything; the texts, in order. `vector`: every connection as a curve, however many there are."""
    painter.setRenderHints(canvas.HINTS)
    sight, frame = shot.sight, shot.frame()
    painter.fillRect(QRectF(0, 0, shot.width, shot.height), QColor.fromRgb(sight.look["canvas"]))
    _paint_ground(painter, shot, frame.ground, ratio, vector)
    seen, around = (*frame.trails, *frame.items, *frame.moving), (*frame.around, *shot.caption())
    paint_items(painter, seen)
    if not sight.layout.manner.camera.is_home:
        _cover(painter, shot)
    paint_items(painter, around)
    return [item for item in (*seen, *around) if isinstance(item, Text)]


def paint_items(painter: QPainter, items: Iterable[Item]) -> None:
    """Paint shapes and texts in order."""
    for item in items:
        PAINTERS[type(item)](painter, item)


def picture(shot: Shot, ratio: float) -> QImage:
    """The shot as a picture of `ratio` pixels to the point."""
    image = QImage(round(shot.width * ratio), round(shot.height * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    with QPainter(image) as painter:
        paint_shot(painter, shot, ratio=ratio)
    return image


def _paint_ground(painter: QPainter, shot: Shot, items: tuple[Ground, ...], ratio: float, vector: bool) -> None:
    """The connections: fields as one picture, lines as curves, but for a picture of pixels with many of them."""
    made, sight = shot.sight.layout, shot.sight
    hazes = tuple(item for item in items if isinstance(item, Field)) if vector else items
    if hazes and not are_few(hazes):
        image = drawn(made, hazes, sight.look, ratio).image
        painter.drawImage(QRectF(0, 0, made.width, made.height), image)
        items = tuple(item for item in items if isinstance(item, Links)) if vector else ()
    canvas.paint_links(painter, items)


def _cover(painter: QPainter, shot: Shot) -> None:
    """Hide what a view that is zoomed in does not show."""
    made, look = shot.sight.layout, shot.sight.look
    top, bottom = made.clip
    color = QColor.fromRgb(look["canvas"])
    painter.fillRect(QRectF(0, 0, made.width, top), color)
    painter.fillRect(QRectF(0, bottom, made.width, shot.height - bottom), color)
    fade_out(painter, shot.sight)


def _paint_glow(painter: QPainter, glow: Glow) -> None:
    """Rounded rectangles inside each other, each as faint as makes the sum right."""
    painter.setPen(Qt.PenStyle.NoPen)
    before, color = 0.0, QColor.fromRgb(glow.color)
    for ring in range(RINGS, -1, -1):
        grow = glow.reach * ring / RINGS
        wanted = min(0.999, glow.strength * 0.55 * (1 - ring / RINGS) ** 1.8)
        color.setAlphaF(max(0.0, 1 - (1 - wanted) / (1 - before)))
        before = wanted
        painter.setBrush(color)
        wide, high, radius = glow.width + 2 * grow, glow.height + 2 * grow, glow.radius + grow
        painter.drawRoundedRect(QRectF(glow.x - wide / 2, glow.y - high / 2, wide, high), radius, radius)


def _paint_sparks(painter: QPainter, sparks: Sparks) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for sign, rgb in ((1, sparks.positive), (-1, sparks.negative)):
        color = QColor.fromRgb(rgb)
        for x, y in sparks.points[sparks.sign == sign].tolist():
            for share, alpha in ((1.7, 0.25), (1.3, 0.4), (1.0, 0.9)):
                color.setAlphaF(alpha)
                painter.setBrush(color)
                painter.drawEllipse(QPointF(x, y), sparks.radius * share, sparks.radius * share)


def _paint_pixels(painter: QPainter, pixels: Pixels) -> None:
    """Round corners are cut out of the picture itself."""
    if not pixels.radius or pixels.cell >= canvas.TILES_FROM:
        canvas.PAINTERS[Pixels](painter, pixels)
        return
    area = QRectF(pixels.x - pixels.width / 2, pixels.y - pixels.height / 2, pixels.width, pixels.height)
    painter.drawImage(area, _rounded(pixels))
    if pixels.edge is not None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor.fromRgb(pixels.edge), pixels.edge_width))
        painter.drawRoundedRect(area, pixels.radius, pixels.radius)


def _rounded(pixels: Pixels) -> QImage:
    ratio = max(1.0, WIDE / max(pixels.width, 1.0)) if pixels.width < WIDE / 2 else SHARP
    image = QImage(round(pixels.width * ratio), round(pixels.height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    image.setDevicePixelRatio(ratio)
    centred = replace(pixels, x=pixels.width / 2, y=pixels.height / 2, edge=None)
    with QPainter(image) as painter:
        painter.setRenderHints(canvas.HINTS)
        canvas.PAINTERS[Pixels](painter, centred)
    image.setDevicePixelRatio(1.0)
    return image


PAINTERS = {**canvas.PAINTERS, Glow: _paint_glow, Pixels: _paint_pixels, Sparks: _paint_sparks}
