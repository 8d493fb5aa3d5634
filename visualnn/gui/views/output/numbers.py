"""The four numbers, one below the other beside a picture, or side by side below it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from visualnn.gui.views.output.metric import VALUE_SIZES, Metric, paint_metric, size_for

PITCH, CLOSEST = 54, 43  # px from one number to the next where there is room, and where there is little
LINE = 48  # px of a line of numbers side by side
INSET, APART = 8, 6


class Numbers(QWidget):
    """Paints what it is given; the tooltip of a number says what was measured."""

    def __init__(self, source: Callable[[], tuple[Metric, ...]], parent: QWidget):
        super().__init__(parent)
        self._source = source

    def standing_height(self) -> int:
        """How high all of them are at least, one below the other."""
        return 4 * CLOSEST - 6

    def lying_height(self, rows: int = 2) -> int:
        """How high all of them are in so many lines."""
        return rows * LINE

    def metric_rects(self) -> list[QRectF]:
        """Where they are."""
        if self.height() > 2 * LINE:
            pitch = min(PITCH, max(CLOSEST, (self.height() + 4) / 4))
            return [QRectF(0, index * pitch, self.width(), pitch) for index in range(4)]
        lines = self.height() // LINE
        wide, columns = self.width() * lines / 4, 4 // lines
        return [QRectF(k % columns * wide, k // columns * LINE, wide, LINE) for k in range(4)]

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            size = self.value_size()
            for box, metric in zip(self.metric_rects(), self._source(), strict=False):
                drop = 21 if box.height() > 50 else 18
                paint_metric(painter, box.adjusted(0, INSET, -APART, 0), metric, size, drop)

    def value_size(self) -> int:
        """Of all of them: the size in which there is room for the longest."""
        rooms = (box.width() - APART for box in self.metric_rects())
        sizes = (size_for(metric, room) for metric, room in zip(self._source(), rooms, strict=False))
        return min(sizes, default=VALUE_SIZES[0])

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            self._show_hint(event)
            return True
        return super().event(event)

    def _show_hint(self, event: QHelpEvent) -> None:
        places = zip(self.metric_rects(), self._source(), strict=False)
        hint = next((metric.hint for box, metric in places if box.contains(event.pos().toPointF())), "")
        QToolTip.showText(event.globalPos(), hint, self)
