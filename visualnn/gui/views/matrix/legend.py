"""Which colour stands for how much."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QTransform

from visualnn.gui import theme
from visualnn.gui.views.matrix.content import MatrixContent
from visualnn.scene import look, matrix
from visualnn.scene.formula import MINUS, precise

WIDTH, BAR = 240, 8
LABEL_DROP = 16  # px from the middle of the bar to that of its labels


def paint_legend(painter: QPainter, x: float, y: float, content: MatrixContent) -> None:
    """A bar from − over 0 to +, its middle at (x, y), labelled beneath."""
    _paint_bar(painter, QRectF(x - WIDTH / 2, y - BAR / 2, WIDTH, BAR))
    text = precise(content.scale, 2)
    low, high = (f"≤ {MINUS}{text}", f"≥ {text}") if content.beyond else (f"{MINUS}{text}", text)
    for share, label, align in ((0, low, "l"), (0.5, "0", "c"), (1, high, "r")):
        theme.draw_text(painter, x + (share - 0.5) * WIDTH, y + LABEL_DROP, label, 12, 450, "text2", align)


def _paint_bar(painter: QPainter, box: QRectF) -> None:
    table = matrix.colors_of_ranks(look.load(theme.current().name))
    strengths = 2 * np.arange(matrix.STRONGEST + 1)
    shades = np.concatenate([table[strengths[:0:-1] + 1], table[strengths]])
    image = QImage(shades.data, shades.size, 1, 4 * shades.size, QImage.Format.Format_RGB32)
    brush = QBrush(image)
    brush.setTransform(QTransform(box.width() / shades.size, 0, 0, box.height(), box.left(), box.top()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRoundedRect(box, BAR / 2, BAR / 2)
