"""The soft shadow under what floats over the window."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from visualnn.gui import theme

REACH = 14
DROP = 5
STRENGTH = {"dark": 0.30, "light": 0.135}


def draw_shadow(painter: QPainter, box: QRectF, radius: float) -> None:
    """Draws the shadow of a rounded box; it reaches `REACH` pixels out, and `DROP` more at the bottom."""
    ratio = painter.device().devicePixelRatio()
    pixmap = _shadow(box.size().toSize(), radius, ratio, theme.current().name)
    painter.drawPixmap(QPointF(box.left() - REACH, box.top() - REACH + DROP), pixmap)


@lru_cache(maxsize=16)
def _shadow(size: QSize, radius: float, ratio: float, name: str) -> QPixmap:
    pixmap = QPixmap((size + QSize(2 * REACH, 2 * REACH)) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    color = theme.color("shadow")
    box = QRectF(REACH, REACH, size.width(), size.height())
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for out in range(REACH, 0, -1):
            color.setAlphaF(STRENGTH[name] * (1 - out / (REACH + 1)) ** 2 / REACH * 2.6)
            painter.setBrush(color)
            painter.drawRoundedRect(box.adjusted(-out, -out, out, out), radius + out, radius + out)
    return pixmap
