"""Names at the ends of lines, where there is room for them."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from visualnn.gui import theme
from visualnn.gui.views.loss.pens import ink_of
from visualnn.scene.record import Line, Record

SIZE, HIGH = 12, 16  # px of the letters and of what they need
ABOVE, BESIDE = 11, 10  # px from the end of the line
Label = tuple[QRectF, str, str]  # where, what, in which ink


def labels(record: Record, plot: QRectF) -> list[Label]:
    """The names that fit into the plot without touching each other: the run's own first, then the others'."""
    found: list[Label] = []
    for spots, text, ink in _wanted(record, plot):
        free = (spot for spot in spots if plot.contains(spot) and not any(spot.intersects(b) for b, _, _ in found))
        spot = next(free, None)
        if spot is not None:
            found.append((spot, text, ink))
    return found


def paint_labels(painter: QPainter, found: list[Label]) -> None:
    """Each on a ground of its own: lines may pass beneath."""
    ground = theme.color("panel")
    ground.setAlphaF(0.78)
    for box, text, ink in found:
        painter.fillRect(box.adjusted(-2, 1, 2, -1), ground)
        theme.draw_text(painter, box.left(), box.center().y(), text, SIZE, 500, ink)


def _wanted(record: Record, plot: QRectF) -> Iterator[tuple[list[QRectF], str, str]]:
    """Every name with the places it may stand at, the best first."""
    if record.now and record.own.last and record.at is None:
        end = end_of(record, record.own, plot)
        if end is not None:
            yield _places(end, record.now, plot, right=True), record.now, "text"
    for line in record.lines:
        end = end_of(record, line, plot) if line.role == "other" else None
        if end is not None:
            yield _places(end, line.name, plot, right=False), line.name, ink_of(line.role, line.tint)


def _places(end: QPointF, text: str, plot: QRectF, *, right: bool) -> list[QRectF]:
    width = theme.text_width(text, SIZE, 500)
    beside = QRectF(end.x() + BESIDE, end.y() - HIGH / 2, width, HIGH)
    left = min(max(end.x() - width, plot.left()), plot.right() - width)
    above, below = (QRectF(left, end.y() + shift - HIGH / 2, width, HIGH) for shift in (-ABOVE, ABOVE))
    return [beside, above, below] if right else [above, below, beside]


def end_of(record: Record, line: Line, plot: QRectF) -> QPointF | None:
    """Where the last number of a line is drawn."""
    if not line.updates.size or not isfinite(line.values[-1]):
        return None
    share = min(record.up.share(float(line.values[-1])), 1.0)
    x = plot.left() + record.across.share(float(line.updates[-1])) * plot.width()
    return QPointF(x, plot.bottom() - share * plot.height())
