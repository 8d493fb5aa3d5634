"""A picture as the network gets it: a tile for each pixel."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from visualnn.gui import theme
from visualnn.nn.network import Vector

Image = tuple[int, int]  # rows and columns

SHARE = 0.92  # of a tile's side, the rest is a gap
TONES = 32


def paint_cells(
    painter: QPainter, area: QRectF, image: Image, pixels: Vector, ink: theme.Ink, ground: theme.Ink = "canvas"
) -> None:
    """Pixels from 0 to 1 in shades from the ground to the ink; on the canvas those of 0 are left out."""
    rows, columns = image
    across, down = area.width() / columns, area.height() / rows
    gap_x, gap_y = across * (1 - SHARE) / 2, down * (1 - SHARE) / 2
    painter.setPen(Qt.PenStyle.NoPen)
    tones = np.round(np.clip(np.nan_to_num(pixels), 0.0, 1.0) * TONES).astype(int)
    for index in np.flatnonzero(tones if ground == "canvas" else tones + 1).tolist():
        row, column = divmod(index, columns)
        painter.setBrush(theme.mix(ground, ink, float(tones[index]) / TONES))
        tile = QRectF(area.left() + column * across, area.top() + row * down, across, down)
        painter.drawRoundedRect(tile.adjusted(gap_x, gap_y, -gap_x, -gap_y), across * 0.11, across * 0.11)


def paint_grid(painter: QPainter, area: QRectF, image: Image) -> None:
    """Hairlines between the pixels."""
    rows, columns = image
    painter.setPen(QPen(theme.color("line"), 1))
    for row in range(1, rows):
        y = round(area.top() + area.height() * row / rows) + 0.5
        painter.drawLine(QLineF(area.left(), y, area.right(), y))
    for column in range(1, columns):
        x = round(area.left() + area.width() * column / columns) + 0.5
        painter.drawLine(QLineF(x, area.top(), x, area.bottom()))


def paint_small(painter: QPainter, area: QRectF, image: Image, pixels: Vector) -> None:
    """The picture in a frame, in the colour it has on the stage."""
    painter.setPen(QPen(theme.color("line2"), 1))
    painter.setBrush(theme.color("canvas"))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    paint_cells(painter, area.adjusted(3, 3, -3, -3), image, pixels, "pos")
