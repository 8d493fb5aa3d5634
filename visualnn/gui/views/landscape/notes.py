"""Words on a landscape that the window's thread paints itself: beside the pointer, and where there is nothing else."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

from visualnn.gui import theme
from visualnn.scene.landscape.legend import wrapped
from visualnn.scene.landscape.scenery import Scenery

BESIDE, ABOVE = 14.0, 16.0  # px from the pointer
PADDING, HIGH = 10.0, 26.0
MARGIN = 20.0
ROW, WORDS = 22.0, 15.0
BAR = QSizeF(240, 4)


def paint_reading(painter: QPainter, text: str, pointer: QPointF, room: QRectF) -> None:
    """A plate above the pointer, wherever there is room for it."""
    wide = theme.text_width(text, 12, 600) + 2 * PADDING
    left = pointer.x() + BESIDE if pointer.x() + BESIDE + wide <= room.right() else pointer.x() - BESIDE - wide
    top = pointer.y() - ABOVE - HIGH if pointer.y() - ABOVE - HIGH >= room.top() else pointer.y() + ABOVE
    box = QRectF(round(max(room.left(), left)) + 0.5, round(top) + 0.5, round(wide), HIGH)
    painter.setPen(QPen(theme.color("line2"), 1))
    painter.setBrush(theme.color("panel"))
    painter.drawRoundedRect(box, HIGH / 2, HIGH / 2)
    theme.draw_text(painter, box.left() + PADDING, box.center().y(), text, 12, 600)


def paint_stamp(painter: QPainter, scenery: Scenery, area: QRectF) -> None:
    """The moment that the surface belongs to, and how much of the finest one is computed, at the lower left."""
    y = area.bottom() - MARGIN
    if scenery.progress is not None:
        paint_bar(painter, scenery.progress, QPointF(area.left() + MARGIN + BAR.width() / 4, y), BAR.width() / 2)
        y -= 16
    if scenery.stamp:
        theme.draw_text(painter, area.left() + MARGIN, y, scenery.stamp, 12, 500, "text3")


def paint_waiting(painter: QPainter, scenery: Scenery, area: QRectF) -> None:
    """Why there is nothing to be seen yet, and how far it is."""
    rows = wrapped(scenery.waiting, min(area.width() - 2 * MARGIN, 520), WORDS)
    y = area.center().y() - (len(rows) - 1) * ROW / 2
    for row in rows:
        theme.draw_text(painter, area.center().x(), y, row, WORDS, 500, "text2", "c")
        y += ROW
    if scenery.progress is not None:
        paint_bar(painter, scenery.progress, QPointF(area.center().x(), y + 8), BAR.width())


def paint_bar(painter: QPainter, share: float, middle: QPointF, width: float) -> None:
    """A thin bar, filled so far."""
    whole = QRectF(middle.x() - width / 2, middle.y() - BAR.height() / 2, width, BAR.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("line2"))
    painter.drawRoundedRect(whole, BAR.height() / 2, BAR.height() / 2)
    done = max(BAR.height(), width * min(max(share, 0.0), 1.0))
    painter.setBrush(theme.color("accent"))
    painter.drawRoundedRect(QRectF(whole.topLeft(), QSizeF(done, BAR.height())), BAR.height() / 2, BAR.height() / 2)
