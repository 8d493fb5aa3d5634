"""The words beside the pointer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from visualnn.gui import theme

PADDING, ROW, BESIDE = 8, 17, 8  # px


def note_box(lines: Sequence[str], point: QPointF, room: QRectF) -> QRectF:
    """Beside a point where there is room, above or below it, inside the room."""
    wide = max(theme.text_width(line, 12, 500) for line in lines) + 2 * PADDING
    high = len(lines) * ROW + 8
    fits = point.x() + BESIDE + wide <= room.right()
    left = point.x() + BESIDE if fits else point.x() - BESIDE - wide
    left = max(room.left(), min(left, room.right() - wide))
    top = room.top() if point.y() > room.center().y() else room.bottom() - high
    return QRectF(int(left) + 0.5, int(top) + 0.5, round(wide), high)


def paint_note(painter: QPainter, lines: Sequence[str], point: QPointF, room: QRectF) -> None:
    """The first line is the title."""
    box = note_box(lines, point, room)
    painter.setPen(QPen(theme.color("line2"), 1))
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(box, 6, 6)
    for row, line in enumerate(lines):
        y = box.top() + 4 + (row + 0.5) * ROW
        theme.draw_text(painter, box.left() + PADDING, y, line, 12, 500, "text" if row else "text2")
