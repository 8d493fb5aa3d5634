"""The connections as a picture, made in any thread.

A few are painted by Qt. Where there are many, they are put into a buffer by compiled code, fields first, lines on top.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from visualnn.gui.canvas import paint_links
from visualnn.scene.frame import Field, Ground, Links
from visualnn.scene.kernels import raster
from visualnn.scene.layout import Layout
from visualnn.scene.look import Look

FEW = 160  # connections up to which Qt paints them within a few milliseconds


@dataclass(frozen=True, eq=False)
class GroundPicture:
    """The connections of a layout; `image` is None as long as they are few enough to be painted at once."""

    layout: Layout
    items: tuple[Ground, ...]
    image: QImage | None = None


def are_few(items: tuple[Ground, ...]) -> bool:
    """Whether Qt paints these at once."""
    return all(isinstance(each, Links) for each in items) and sum(map(len, items)) <= FEW


def drawn(layout: Layout, items: tuple[Ground, ...], look: Look, ratio: float) -> GroundPicture:
    """The picture of these connections, `ratio` pixels to the point."""
    if are_few(items):
        return GroundPicture(layout, items)
    size = round(layout.width * ratio), round(layout.height * ratio)
    image = _rastered(size, items, look, ratio) if raster.loaded() else _painted(size, items, look, ratio)
    image.setDevicePixelRatio(ratio)
    return GroundPicture(layout, items, image)


def _rastered(size: tuple[int, int], items: tuple[Ground, ...], look: Look, ratio: float) -> QImage:
    ink = raster.ink(*size)
    for item in items:
        if isinstance(item, Field):
            _field(ink, item, ratio)
        elif len(item):
            r = np.float32(ratio)
            ends = item.x0 * ratio, item.x1 * ratio, item.y0 * r, item.y1 * r
            raster.stroke(ink, *ends, item.width * r, item.strength, item.sign)
    return _image(ink, size, look)


def _field(ink: raster.Ink, item: Field, ratio: float) -> None:
    first, step = (tuple(ratio * v for v in pair) for pair in (item.first, item.step))
    raster.field(ink, item.x0 * ratio, item.x1 * ratio, item.weights, first, step, item.scale, amount=item.amount)


def _image(ink: raster.Ink, size: tuple[int, int], look: Look) -> QImage:
    pixels = np.empty((size[1], size[0]), dtype=np.uint32)
    raster.resolve(ink, look["pos"], look["neg"], look["canvas"], pixels)
    return QImage(pixels.data, size[0], size[1], 4 * size[0], QImage.Format.Format_RGB32)


def _painted(size: tuple[int, int], items: tuple[Ground, ...], look: Look, ratio: float) -> QImage:
    """Without compiled code: fields as they are, lines by Qt."""
    fields = [item for item in items if isinstance(item, Field)]
    if fields:
        ink = raster.ink(*size)
        for item in fields:
            _field(ink, item, ratio)
        image = _image(ink, size, look)
    else:
        image = QImage(*size, QImage.Format.Format_RGB32)
        image.fill(QColor.fromRgb(look["canvas"]))
    with QPainter(image) as painter:
        painter.scale(ratio, ratio)
        paint_links(painter, items)
    return image


def paint_ground(painter: QPainter, made: GroundPicture, layout: Layout, clip: QRectF) -> None:
    """Paint the connections; those of an earlier layout are stretched to where they belong in this one."""
    painter.save()
    painter.setClipRect(clip)
    if made.image is None:
        if made.layout is layout:
            paint_links(painter, made.items)
    elif made.layout is layout:
        painter.drawImage(QRectF(0, 0, layout.width, layout.height), made.image)
    else:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(_there(made.layout, layout), made.image)
    painter.restore()


def _there(old: Layout, new: Layout) -> QRectF:
    """Where the whole view of one layout lies in another's."""
    left, top = new.seen(*old.home(0.0, 0.0))
    right, bottom = new.seen(*old.home(old.width, old.height))
    return QRectF(left, top, right - left, bottom - top)
