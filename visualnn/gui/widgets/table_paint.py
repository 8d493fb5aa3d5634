"""What is seen of a table, painted: its headings, the rows between two hairlines, and the numbers of the rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen

from visualnn.gui import theme
from visualnn.gui.widgets.columns import HEAD_WEIGHT, PAD, SIZE, WEIGHT, Columns
from visualnn.gui.widgets.glyphs import Glyphs
from visualnn.nn.network import Matrix
from visualnn.scene.rows import Rows

RADIUS = 8
PICTURE = 24  # px of a picture in a row
RING = 2.6  # radius of the mark of a test row: hollow, as its points are
SHADE = 12  # px beside the numbers of the rows under which columns vanish


@dataclass
class Sight:
    """What of which rows is seen, and what is lit."""

    head: int
    pitch: int
    chooses: bool = False
    rows: Rows | None = None
    columns: Columns = field(default_factory=lambda: Columns(0.0, ()))
    down: int = 0  # px that are hidden above, and before
    across: int = 0
    row: int = -1
    column: int = -1
    hovered: int = -1
    hovered_head: int = -1
    marks: frozenset[tuple[int, int]] = frozenset()

    def shown(self, room: QRectF) -> range:
        """The rows of which something is to be seen."""
        count = 0 if self.rows is None else self.rows.rows
        return range(self.down // self.pitch, min(-(-(self.down + int(room.height())) // self.pitch), count))


def paint(painter: QPainter, sight: Sight, room: QRectF, corner: QPointF) -> None:
    """The rows in their room, then the headings up to the corner."""
    painter.save()
    painter.setClipRect(room)
    shown = sight.shown(room)
    for row in shown:
        _paint_ground(painter, sight, room, row)
    _paint_cells(painter, sight, room, shown)
    _paint_numbers(painter, sight, room, shown)
    _paint_lines(painter, sight, room)
    painter.restore()
    _paint_head(painter, sight, QRectF(0, 0, corner.x(), corner.y()))


def _top(sight: Sight, room: QRectF, row: int) -> float:
    return room.top() + row * sight.pitch - sight.down


def _paint_ground(painter: QPainter, sight: Sight, room: QRectF, row: int) -> None:
    """The lit row, and the one under the pointer."""
    place = QRectF(room.left(), _top(sight, room, row), room.width(), sight.pitch)
    if row == sight.row:
        painter.fillRect(place, theme.color("accentbg"))
        painter.fillRect(QRectF(place.left(), place.top(), 2, sight.pitch), theme.color("accent"))
    elif row == sight.hovered:
        painter.fillRect(place, theme.mix("panel", "raised", 0.6))


def _paint_cells(painter: QPainter, sight: Sight, room: QRectF, shown: range) -> None:
    """What stands in the columns, all rows together."""
    assert sight.rows is not None
    painter.save()
    painter.setClipRect(room.adjusted(sight.columns.first, 0, 0, 0), Qt.ClipOperation.IntersectClip)
    glyphs, left = Glyphs(SIZE, WEIGHT), room.left() + sight.columns.first - sight.across
    for column in sight.columns.shown(sight.across, room.width() - sight.columns.first):
        start, width = left + sight.columns.left(column), sight.columns.width(column)
        words = sight.rows.headings[column].words
        for row in shown:
            cell, top = sight.rows.cell(row, column), _top(sight, room, row)
            if (row, column) in sight.marks:
                _paint_mark(painter, QRectF(start, top, width, sight.pitch))
            if cell.pixels is not None:
                _paint_pixels(
                    painter, cell.pixels, QRectF(start + PAD, top + (sight.pitch - PICTURE) / 2, PICTURE, PICTURE)
                )
            else:
                x, middle = start + PAD if words else start + width - PAD, top + sight.pitch / 2
                glyphs.add(x, middle, cell.text, cell.role, right=not words, room=width - 2 * PAD)
    glyphs.paint(painter)
    painter.restore()


def _paint_mark(painter: QPainter, box: QRectF) -> None:
    """Something is wrong with this cell."""
    painter.fillRect(box.adjusted(0, 0, 0, -1), theme.color("badbg"))
    painter.fillRect(QRectF(box.left(), box.top(), 2, box.height()), theme.color("bad"))


def _paint_numbers(painter: QPainter, sight: Sight, room: QRectF, shown: range) -> None:
    """The numbers of the rows, and the mark of those for testing."""
    assert sight.rows is not None
    glyphs = Glyphs(12, 450)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("text3"), 1.2))
    for row in shown:
        middle = _top(sight, room, row) + sight.pitch / 2
        width = glyphs.add(
            room.left() + PAD, middle, f"{sight.rows.line(row):,}", "text2" if row == sight.row else "text3"
        )
        if sight.rows.is_test(row):
            painter.drawEllipse(QPointF(room.left() + PAD + width + 3 + RING, middle), RING, RING)
    glyphs.paint(painter)


def _paint_pixels(painter: QPainter, pixels: Matrix, place: QRectF) -> None:
    """A picture, the brighter the larger its numbers are."""
    painter.drawImage(place, pixel_image(pixels, "canvas", "pos"))


def pixel_image(pixels: Matrix, low: theme.Ink, high: theme.Ink) -> QImage:
    """Numbers as colours on the way from `low` for 0 to `high` for 1."""
    ends = [np.array(theme.color(ink).getRgb()[:3], dtype=np.float64) for ink in (low, high)]
    shares = np.clip(np.nan_to_num(pixels), 0.0, 1.0)[..., None]
    mixed = np.rint(ends[0] + (ends[1] - ends[0]) * shares).astype(np.uint32)
    packed = np.ascontiguousarray(0xFF000000 | mixed[..., 0] << 16 | mixed[..., 1] << 8 | mixed[..., 2])
    rows, columns = packed.shape
    return QImage(packed.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def _paint_lines(painter: QPainter, sight: Sight, room: QRectF) -> None:
    """A hairline below every row."""
    painter.setPen(QPen(theme.color("line"), 1))
    ends = (_top(sight, room, row + 1) - 0.5 for row in sight.shown(room))
    painter.drawLines([QLineF(room.left(), y, room.right(), y) for y in ends])


def _paint_head(painter: QPainter, sight: Sight, place: QRectF) -> None:
    assert sight.rows is not None
    outline = QPainterPath()
    outline.addRoundedRect(place, RADIUS, RADIUS)
    painter.save()
    painter.setClipPath(outline)
    painter.fillRect(place, theme.color("raised"))
    painter.save()
    painter.setClipRect(place.adjusted(sight.columns.first, 0, 0, 0), Qt.ClipOperation.IntersectClip)
    left = place.left() + sight.columns.first - sight.across
    for column in sight.columns.shown(sight.across, place.width() - sight.columns.first):
        box = QRectF(left + sight.columns.left(column), 0, sight.columns.width(column), place.height())
        _paint_heading(painter, sight, box, column)
    painter.restore()
    painter.restore()
    theme.draw_text(painter, place.left() + PAD, _name_y(sight, place), "#", 13, HEAD_WEIGHT, "text2")


def _name_y(sight: Sight, place: QRectF) -> float:
    return place.top() + 15 if sight.chooses else place.center().y()


def _paint_heading(painter: QPainter, sight: Sight, box: QRectF, column: int) -> None:
    assert sight.rows is not None
    heading = sight.rows.headings[column]
    if column in (sight.hovered_head, sight.column):
        painter.fillRect(box, theme.color("hover"))
    x, align = (box.left() + PAD, "l") if heading.words else (box.right() - PAD, "r")
    name = theme.elided(heading.name, box.width() - 2 * PAD, SIZE, HEAD_WEIGHT)
    theme.draw_text(painter, x, _name_y(sight, box), name, SIZE, HEAD_WEIGHT, "text2", align)
    if sight.chooses:
        _paint_note(painter, box, heading.note, heading.role, heading.words)


def _paint_note(painter: QPainter, box: QRectF, note: str, role: str, words: bool) -> None:
    """What a column is for, with the chevron of a menu."""
    width = theme.text_width(note, 12, 500) + 18
    x = box.left() + PAD if words else box.right() - PAD - width
    theme.draw_text(painter, x, box.top() + 31, note, 12, 500, role)
    theme.draw_icon(painter, "chevron-down", x + width - 7, box.top() + 31.5, 13, role)
