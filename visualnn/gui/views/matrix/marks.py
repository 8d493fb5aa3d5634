"""What lies over the cells: the cross-hair and the label of the hovered weight, the ring of the chosen one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from visualnn.gui import theme
from visualnn.gui.views.matrix.content import Cell, MatrixContent
from visualnn.gui.views.matrix.grid import Axis, Grid
from visualnn.scene.look import sign_role

EDGES_FROM = 7  # px of a cell; a smaller one is crossed by one line
HAIR = 0.55  # how strong the cross-hair is
RING = 2
SMALLEST_RING = 10  # px
LABEL_HEIGHT, LABEL_PAD = 28, 10
LABEL_AWAY = 14  # px from the pointer
WIDEST_LABEL = 240


def cells_rect(grid: Grid) -> QRectF:
    """What is to be seen of the cells."""
    (left, right), (top, bottom) = (
        (max(a.start, a.before), min(a.start + a.extent, a.end)) for a in (grid.across, grid.down)
    )
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def paint_cross(painter: QPainter, grid: Grid, cell: Cell) -> None:
    """Lines along the row and the column of a weight."""
    hair = QColor(theme.color("text"))
    hair.setAlphaF(HAIR)
    area, ratio = cells_rect(grid), painter.device().devicePixelRatio()
    for y in _hairs(grid.down, cell[0], ratio):
        painter.fillRect(QRectF(area.left(), y, area.width(), 1), hair)
    for x in _hairs(grid.across, cell[1], ratio):
        painter.fillRect(QRectF(x, area.top(), 1, area.height()), hair)


def _hairs(axis: Axis, index: int, ratio: float) -> tuple[float, ...]:
    """Both edges of a cell, or the middle of a small one, as far as they are to be seen."""
    low, high = axis.position(index), axis.position(index + 1)
    edges = (low - 1, high - 1) if axis.cell >= EDGES_FROM else ((low + high - 1) / 2,)
    return tuple(round(edge * ratio) / ratio for edge in edges if axis.before - 1 <= edge < axis.end)


def paint_ring(painter: QPainter, grid: Grid, cell: Cell) -> None:
    """Around a weight, or about where it is if that is very small; nothing if it is out of sight."""
    box = grid.box(cell)
    rect = QRectF(box.left, box.top, box.width, box.height)
    if not cells_rect(grid).contains(rect.center()):
        return
    wide, high = (max(0.0, SMALLEST_RING - side) / 2 for side in (box.width, box.height))
    rect.adjust(-wide, -high, wide, high)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for width, ink in ((RING + 3, "canvas"), (RING, "accent")):
        painter.setPen(QPen(theme.color(ink), width, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawRoundedRect(rect, 3, 3)


def paint_label(painter: QPainter, content: MatrixContent, cell: Cell, pointer: QPointF, area: QRectF) -> None:
    """The name and the value beside the pointer, inside of the area."""
    value = float(content.weights[cell])
    ending = ("cut", "text3") if cell in content.cut else None
    shown = theme.elided(content.name(cell), WIDEST_LABEL / 2, 13, 500)
    runs = [(shown, "text2"), ("   ", None), (content.short(cell), sign_role(value, 0.0), 600)]
    runs += [("   ", None), ending] if ending else []
    box = _label_box(theme.runs_width(runs, 13, 500) + 2 * LABEL_PAD, pointer, area)
    painter.setPen(QPen(theme.color("line2"), 1))
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
    theme.draw_runs(painter, box.left() + LABEL_PAD, box.center().y(), runs, 13, 500)


def _label_box(width: float, pointer: QPointF, area: QRectF) -> QRectF:
    """Above and to the right of the pointer, where there is room; never under it."""
    left, top = pointer.x() + LABEL_AWAY, pointer.y() - LABEL_AWAY - LABEL_HEIGHT
    if left + width > area.right():
        left = max(area.left(), pointer.x() - LABEL_AWAY - width)
    if top < area.top():
        top = pointer.y() + LABEL_AWAY
    return QRectF(round(left), round(top), round(width), LABEL_HEIGHT)
