"""A chart of several losses over the same updates: axes, lines that end in their letter, and values on pointing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.runner_disc import EDGE, paint_badge, paint_disc, runner_color
from visualnn.nn.network import Vector
from visualnn.scene.record import significant
from visualnn.scene.scales import Scale, loss_scale, update_scale
from visualnn.scene.series import Dash, Updates, dashed, thinned

PADDING, TITLE_Y, TOP, BELOW = 24, 24, 44, 30
GUTTER, TICK_GAP, OVERHANG = 34, 8, 10
WIDTH, UNDER = 1.8, 3.8  # px of a line, and of the dark one beneath it on a light ground
DISC, COLUMN = 17.0, 1.5  # px, of a column of a thinned line
MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
JUMPS = {Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: 1.0}
ROW, PLATE_PAD = 18, 10


@dataclass(frozen=True, eq=False)
class ChartLine:
    """Values at updates that rise. `letter` stands at the end: a runner's, or a run's number."""

    name: str
    updates: Updates
    values: Vector
    ink: str = "text"  # a role, or for a runner the key of its colour
    letter: str = ""
    dash: Dash | None = None
    is_runner: bool = False

    @property
    def color(self) -> theme.Ink:
        """To paint with now."""
        return runner_color(self.ink) if self.is_runner else theme.color(self.ink)

    def at(self, update: float) -> float | None:
        """The value at an update; None where it has not come so far."""
        if not self.updates.size or update > self.updates[-1]:
            return None
        return float(self.values[int(np.abs(self.updates - update).argmin())])


class LinesChart(KeyboardFocus, QWidget):
    """Paints the lines it was given; the pointer, or ← and →, ask for the values at an update."""

    own_keys = frozenset({*MOVES, *JUMPS})
    ring_radius = 10

    def __init__(self, parent: QWidget | None = None, *, title: str = "Loss", high: int = 112):
        super().__init__(parent)
        self._title, self._high = title, high
        self._lines: tuple[ChartLine, ...] = ()
        self._goal: float | None = None
        self._empty = ""
        self.is_log = True
        self._across, self._up = update_scale(0), loss_scale(0.1, 1.0, True)
        self._asked: float | None = None
        self.setAccessibleName(title)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(TOP + high + BELOW)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.switch = TextButton("log", parent=self, size=12, weight=500)
        self.switch.clicked.connect(self._on_switched)
        self._name_switch()

    # -- values down ---------------------------------------------------------------------------------------------

    def show_lines(self, lines: Sequence[ChartLine], goal: float | None = None, empty: str = "") -> None:
        """Show these; `empty` is said where there is nothing to draw yet."""
        self._lines, self._goal, self._empty = tuple(lines), goal, empty
        self._fit()

    def set_title(self, title: str) -> None:
        """Another title."""
        self._title = title
        self.setAccessibleName(title)
        self.update()

    def set_high(self, high: int) -> None:
        """Higher or lower."""
        self._high = high
        self.setFixedHeight(TOP + high + BELOW)

    @property
    def lines(self) -> tuple[ChartLine, ...]:
        """What is on screen."""
        return self._lines

    @property
    def _last(self) -> int:
        """The update that the longest line has come to."""
        return max((int(line.updates[-1]) for line in self._lines if line.updates.size), default=0)

    @property
    def is_empty(self) -> bool:
        """Whether no line has gone anywhere."""
        return all(not line.updates.size or line.updates[-1] == 0 for line in self._lines)

    def _fit(self) -> None:
        known = [line.values[np.isfinite(line.values)] for line in self._lines]
        known = [values[values > 0] if self.is_log else values for values in known]
        known = [values for values in known if values.size]
        low = min((float(values.min()) for values in known), default=0.1)
        high = max((float(values.max()) for values in known), default=1.0)
        if self._goal is not None and known:
            low = min(low, self._goal)
        self._across = update_scale(self._last)
        self._up = loss_scale(low, high, self.is_log)
        self.setAccessibleDescription(self.readout() or self._summary())
        self.update()

    def _summary(self) -> str:
        ends = [f"{line.name} {significant(float(line.values[-1]))}" for line in self._lines if line.values.size]
        return self._empty if self.is_empty else "; ".join(ends)

    # -- the switch ----------------------------------------------------------------------------------------------

    def _on_switched(self) -> None:
        self.is_log = not self.is_log
        self._name_switch()
        self._fit()

    def _name_switch(self) -> None:
        self.switch.set_label("log" if self.is_log else "linear")
        now, other = ("logarithmic", "linear") if self.is_log else ("linear", "logarithmic")
        self.switch.set_hint(f"The upright axis is {now}. Click for a {other} one.")
        self._place()

    def _place(self) -> None:
        self.switch.resize(self.switch.sizeHint())
        self.switch.move(self.width() - PADDING + 12 - self.switch.width(), TITLE_Y - self.switch.height() // 2)

    def resizeEvent(self, _event: QEvent) -> None:
        self._place()

    # -- asking --------------------------------------------------------------------------------------------------

    def readout(self) -> str:
        """The values that are asked for, in words."""
        if self._asked is None or self.is_empty:
            return ""
        rows = "; ".join(f"{name} {text}" for name, text, _line in self._rows())
        return f"Update {round(self._asked):,}: {rows}"

    def _rows(self) -> list[tuple[str, str, ChartLine]]:
        assert self._asked is not None
        values = [(line, line.at(self._asked)) for line in self._lines]
        return [(line.name, "ended" if value is None else significant(value), line) for line, value in values]

    def _ask(self, update: float | None) -> None:
        self._asked = None if update is None else min(max(round(update), 0), self._last)
        self.setAccessibleDescription(self.readout() or self._summary())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        box = self._box()
        inside = box.adjusted(-OVERHANG, -OVERHANG, OVERHANG, OVERHANG).contains(event.position())
        share = (event.position().x() - box.left()) / box.width()
        self._ask(self._across.value(share) if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._ask(None)

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self._ask(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = self._last
        stride = max(1, last // 100) if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if event.key() in MOVES:
            self._ask(last if self._asked is None else self._asked + MOVES[event.key()] * stride)
        elif event.key() in JUMPS:
            self._ask(JUMPS[event.key()] * last)
        elif event.key() == Qt.Key.Key_Escape and self._asked is not None:
            self._ask(None)
        else:
            super().keyPressEvent(event)

    # -- painting ------------------------------------------------------------------------------------------------

    def _box(self) -> QRectF:
        widest = max(theme.text_width(tick.text, 12, 450) for tick in self._up.ticks)
        left = PADDING + max(GUTTER, round(widest) + TICK_GAP)
        right = self.width() - PADDING - DISC / 2
        return QRectF(left, TOP, right - left, self._high)

    def paintEvent(self, _event: QEvent) -> None:
        box = self._box()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme.draw_text(painter, PADDING, TITLE_Y, self._title, 14, 600)
            self._paint_axes(painter, box)
            if self.is_empty:
                self._paint_empty(painter, box)
                return
            self._paint_goal(painter, box)
            for line in reversed(self._lines):
                self._paint_line(painter, box, line)
            for line in reversed(self._lines):
                self._paint_end(painter, box, line)
            if self._asked is not None:
                self._paint_asked(painter, box)

    def _paint_axes(self, painter: QPainter, box: QRectF) -> None:
        for tick in self._up.ticks:
            y = round(box.bottom() - self._up.share(tick.value) * box.height()) + 0.5
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(self.width() - PADDING, y))
            theme.draw_text(painter, box.left() - TICK_GAP, y, tick.text, 12, 450, "text3", "r")
        for tick in self._across.ticks:
            share = self._across.share(tick.value)
            x, align = box.left() + share * box.width(), "r" if share > 0.999 else "c"
            theme.draw_text(painter, x, box.bottom() + 16, tick.text, 12, 450, "text3", align)

    def _paint_empty(self, painter: QPainter, box: QRectF) -> None:
        width = theme.text_width(self._empty, 13, 450) + 16
        middle = box.center()
        painter.fillRect(QRectF(middle.x() - width / 2, middle.y() - 12, width, 24), theme.color("panel"))
        theme.draw_text(painter, middle.x(), middle.y(), self._empty, 13, 450, "text2", "c")

    def _paint_goal(self, painter: QPainter, box: QRectF) -> None:
        if self._goal is None or not self._up.holds(self._goal):
            return
        y = round(box.bottom() - self._up.share(self._goal) * box.height()) + 0.5
        pen = QPen(theme.color("accent"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([2, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(box.left(), y), QPointF(self.width() - PADDING, y))

    def _paint_line(self, painter: QPainter, box: QRectF, line: ChartLine) -> None:
        ends, joined = segments(line, box, self._across, self._up)
        pieces = [QLineF(*piece) for piece in ends[joined].tolist()]
        if line.is_runner and not theme.current().is_dark:
            painter.setPen(_pen(EDGE, UNDER))
            painter.drawLines(pieces)
        painter.setPen(_pen(line.color, WIDTH))
        painter.drawLines(pieces)

    def _paint_end(self, painter: QPainter, box: QRectF, line: ChartLine) -> None:
        if not line.updates.size:
            return
        last, value = int(line.updates[-1]), float(line.values[-1])
        if not isfinite(value):
            self._paint_cross(painter, QPointF(box.left() + self._across.share(float(last)) * box.width(), box.top()))
            return
        spot = self._spot(box, last, value)
        if line.is_runner:
            paint_disc(painter, spot, line.ink, line.letter, DISC)
        else:
            paint_badge(painter, spot, line.ink, line.letter)

    def _paint_cross(self, painter: QPainter, middle: QPointF) -> None:
        painter.setPen(_pen(theme.color("bad"), 2))
        for slant in (4.0, -4.0):
            painter.drawLine(middle + QPointF(slant, -4.0), middle - QPointF(slant, -4.0))

    def _spot(self, box: QRectF, update: float, value: float) -> QPointF:
        x = box.left() + self._across.share(float(update)) * box.width()
        return QPointF(x, box.bottom() - min(self._up.share(value), 1.0) * box.height())

    def _paint_asked(self, painter: QPainter, box: QRectF) -> None:
        x = round(box.left() + self._across.share(float(self._asked)) * box.width()) + 0.5
        painter.setPen(QPen(theme.color("accent"), 1))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        for line in self._lines:
            value = line.at(self._asked)
            if value is not None and isfinite(value):
                painter.setPen(QPen(theme.color("panel"), 1.5))
                painter.setBrush(line.color)
                painter.drawEllipse(self._spot(box, self._asked, value), 3.5, 3.5)
        self._paint_plate(painter, box, x)

    def _paint_plate(self, painter: QPainter, box: QRectF, x: float) -> None:
        rows, title = self._rows(), f"Update {round(self._asked):,}"
        widths = [theme.text_width(name, 12, 450) + theme.text_width(text, 12, 600) + 30 for name, text, _ in rows]
        wide = round(max([theme.text_width(title, 12, 500), *widths])) + 2 * PLATE_PAD
        high = 20 + ROW * len(rows) + 8
        left = x + 10 if x + 10 + wide <= self.width() - 4 else max(4, x - 10 - wide)
        top = max(4.0, min(box.center().y() - high / 2, self.height() - 4.0 - high))
        painter.setPen(QPen(theme.color("line2"), 1))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(QRectF(int(left) + 0.5, int(top) + 0.5, wide, high), 8, 8)
        theme.draw_text(painter, left + PLATE_PAD, top + 14, title, 12, 500, "text2")
        for index, (name, text, line) in enumerate(rows):
            y = top + 22 + ROW * (index + 0.5)
            painter.setPen(_pen(line.color, 3))
            painter.drawLine(QPointF(left + PLATE_PAD + 1, y), QPointF(left + PLATE_PAD + 9, y))
            theme.draw_text(painter, left + PLATE_PAD + 16, y, name, 12, 450, "text2")
            theme.draw_text(painter, left + wide - PLATE_PAD, y, text, 12, 600, "text", "r")


def _pen(ink: theme.Ink, width: float) -> QPen:
    pen = QPen(theme.color(ink), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def segments(line: ChartLine, box: QRectF, across: Scale, up: Scale) -> tuple[Vector, NDArray[np.bool_]]:
    """The pieces of a line, (n, 4) px, and which of them are drawn."""
    columns = max(1, int(box.width() / COLUMN))
    x, y = thinned(line.updates, line.values, across.high, columns)
    x = box.left() + np.asarray(across.share(x)) * box.width()
    y = box.bottom() - np.minimum(np.asarray(up.share(y)), 1.0) * box.height()
    joined = np.isfinite(y[:-1]) & np.isfinite(y[1:])
    if line.dash is not None:
        x, y, kept = dashed(x, y, line.dash)
        joined = kept[:-1]
    return np.column_stack([x[:-1], y[:-1], x[1:], y[1:]]), joined
