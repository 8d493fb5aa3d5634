"""Paints a landscape: the pixels of the surface, and lines and letters above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from visualnn.gui.canvas import paint_items
from visualnn.scene.frame import Frame
from visualnn.scene.landscape.marks import Marks
from visualnn.scene.landscape.overlay import captions as written
from visualnn.scene.landscape.overlay import legend, overlay
from visualnn.scene.landscape.picture import Quality, picture
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.landscape.trails import facing
from visualnn.scene.look import Look


def drawn(
    relief: Relief, marks: Marks, captions: Sequence[str], look: Look, *, size: tuple[int, int], scale: float
) -> QImage:
    """A whole picture of size × scale pixels, as good as it can be: seen from where the paths are hidden least."""
    camera = facing(relief, marks)
    ground = image(picture(relief, camera, size, look, quality=Quality(scale, 2)), scale)
    frame = overlay(relief, camera, size, look, marks=marks)
    around = (*frame.around, *legend(look, marks.trails), *written(look, size, captions))
    made = QImage(ground.size(), QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(scale)
    with QPainter(made) as painter:
        paint(painter, ground, replace(frame, around=around))
    made.setDevicePixelRatio(1.0)
    return made


def image(pixels: NDArray[np.uint32], ratio: float = 1.0) -> QImage:
    """A copy of the pixels, so many of which are a point."""
    rows, columns = pixels.shape
    made = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()
    made.setDevicePixelRatio(ratio)
    return made


def paint(painter: QPainter, ground: QImage, frame: Frame) -> None:
    """The picture stretched to the frame, which it may be too coarse for while it is turned, and the frame above it."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, frame.width, frame.height), ground)
    paint_items(painter, (*frame.items, *frame.around, *frame.moving))
