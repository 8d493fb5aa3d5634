"""The plate beside the pointer with all values at one update."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.loss.pens import paint_sample
from visualnn.scene.readout import Readout

PADDING, ROW, TITLE = 10, 18, 20
SAMPLE, GAP = 14, 8
BESIDE = 10  # px from what is asked about
NAME_WIDEST = 120
EDGE = 4  # px that stay free at the edges


class Plate(QWidget):
    """Lies over everything and lets the pointer through."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout: Readout | None = None
        self.hide()

    def show_readout(self, readout: Readout | None, point: QPointF | None = None) -> None:
        """Show it beside a point, in the parent's pixels, and above or below of it; None hides it."""
        self._readout = readout
        if readout is None or point is None:
            self.hide()
            return
        wide, high = self._extent(readout)
        host = self.parentWidget().rect()
        top = EDGE if point.y() > host.height() / 2 else host.height() - EDGE - high
        self.setGeometry(self._left(point.x(), wide, host.width()), max(EDGE, top), wide, high)
        self.show()
        self.raise_()
        self.update()

    def _left(self, x: float, wide: int, room: int) -> int:
        """Right of a place, where there is room or more of it than at the left."""
        is_right = x + BESIDE + wide <= room - EDGE or x < room / 2
        left = x + BESIDE if is_right else x - BESIDE - wide
        return round(max(EDGE, min(left, room - EDGE - wide)))

    def _columns(self, readout: Readout) -> tuple[float, float, float]:
        """How wide names, values and moving averages are."""
        rows = readout.rows
        names = max((theme.text_width(row.name, 12, 450) for row in rows), default=0.0)
        values = max((theme.text_width(row.text, 12, 600) for row in rows), default=0.0)
        smooth = max((theme.text_width(row.smooth, 12, 450) for row in rows), default=0.0)
        heads = [theme.text_width(head, 12, 450) for head in self._heads(readout)] or [0.0, 0.0]
        return min(names, NAME_WIDEST), max(values, heads[0]), max(smooth, heads[1])

    def _heads(self, readout: Readout) -> tuple[str, ...]:
        """What stands over the columns of numbers, if there are two."""
        return ("raw", "smooth") if any(row.smooth for row in readout.rows) else ()

    def _extent(self, readout: Readout) -> tuple[int, int]:
        names, values, smooth = self._columns(readout)
        row = SAMPLE + GAP + names + GAP + values + (GAP + smooth if smooth else 0.0)
        wide = max(row, theme.text_width(readout.title, 12, 500), theme.text_width(readout.left_out, 12, 450))
        lines = len(readout.rows) + bool(readout.left_out) + bool(self._heads(readout))
        return round(wide) + 2 * PADDING + 1, TITLE + lines * ROW + PADDING + 2

    def paintEvent(self, _event: QEvent) -> None:
        readout = self._readout
        if readout is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("line2"), 1))
            painter.setBrush(theme.color("raised"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            theme.draw_text(painter, PADDING, 15, readout.title, 12, 500, "text2")
            self._paint_rows(painter, readout)

    def _paint_rows(self, painter: QPainter, readout: Readout) -> None:
        """Names at the left, numbers at the right, one below the other."""
        names, values, _ = self._columns(readout)
        y, heads, end = TITLE + ROW / 2 + 2, self._heads(readout), self.width() - PADDING
        second = PADDING + SAMPLE + GAP + names + GAP + values if heads else end
        for head, x in zip(heads, (second, end), strict=False):
            theme.draw_text(painter, x, y, head, 12, 450, "text3", "r")
        y += ROW if heads else 0
        for row in readout.rows:
            paint_sample(painter, PADDING, y, SAMPLE, row.role, row.tint)
            name = theme.elided(row.name, names + 1, 12, 450)
            theme.draw_text(painter, PADDING + SAMPLE + GAP, y, name, 12, 450, "text2")
            theme.draw_text(painter, second, y, row.text, 12, 600, "text", "r")
            theme.draw_text(painter, end, y, row.smooth, 12, 500, "text2", "r")
            y += ROW
        if readout.left_out:
            theme.draw_text(painter, PADDING, y, readout.left_out, 12, 450, "text3")
