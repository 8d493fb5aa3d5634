"""Paints a landscape: the pixels of the surface, and lines and letters above them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from visualnn.gui.canvas import paint_items
from visualnn.scene.frame import Frame


def image(pixels: NDArray[np.uint32], ratio: float = 1.0) -> QImage:
    """A copy of the pixels, so many of which are a point."""
    rows, columns = pixels.shape
    made = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()
    made.setDevicePixelRatio(ratio)
    return made


def paint(painter: QPainter, ground: QImage, frame: Frame) -> None:
    """The picture, which may be too coarse for the screen while it is turned, and the frame above it."""
    ratio = ground.devicePixelRatio()
    is_sharp = (
        abs(ratio - painter.device().devicePixelRatioF()) < 1e-6
    )  # then it need not be smoothed, which takes long
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_sharp)
    painter.drawImage(QRectF(0, 0, ground.width() / ratio, ground.height() / ratio), ground)
    paint_items(painter, (*frame.items, *frame.around, *frame.moving))
