"""A chart of several losses over the same updates: axes, lines that end in their letter, and values on pointing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from math import hypot, isfinite

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import ENTER, TextButton
from visualnn.gui.widgets.chart_line import ChartLine, line_pen, paint_line, segments
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.layer import Layer
from visualnn.gui.widgets.runner_disc import paint_badge, paint_disc
from visualnn.scene.record import significant
from visualnn.scene.scales import loss_scale, update_scale

PADDING, TITLE_Y, TOP, BELOW = 24, 24, 44, 30
GUTTER, TICK_GAP, OVERHANG = 34, 8, 10
DISC, BESIDE = 17.0, 13.0  # px of a letter, and to one beside it
MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
JUMPS = {Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: 1.0}
ROW, PLATE_PAD = 18, 10

__all__ = ["ChartLine", "LinesChart", "segments"]


class LinesChart(KeyboardFocus, QWidget):
    """Paints the lines it was given; the pointer, or ← and →, ask for the values at an update, a click chooses it."""

    update_chosen = Signal(int)

    own_keys = frozenset({*MOVES, *JUMPS, *ENTER})
    ring_radius = 10

    def __init__(self, parent: QWidget | None = None, *, title: str = "Loss", high: int = 112):
        super().__init__(parent)
        self._title, self._high = title, high
        self._lines: tuple[ChartLine, ...] = ()
        self._whole = self._lines
        self._until: int | None = None
        self._axes, self._ink = Layer(self), Layer(self)
        self._goal: float | None = None
        self._distance = 0
        self._ceiling: float | None = None
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

    def show_lines(
        self, lines: Sequence[ChartLine], goal: float | None = None, empty: str = "", *, until: int | None = None
    ) -> None:
        """Show these, as far as an update if one is given; `empty` is said where there is nothing to draw yet.

        Of the same lines another `until` is shown quickly.
        """
        self._whole, self._until, self._goal, self._empty = tuple(lines), until, goal, empty
        self._lines = self._whole if until is None else tuple(line.until(until) for line in lines)
        self._fit()

    def set_distance(self, updates: int) -> None:
        """How far the axis of updates reaches, even before a line has come there."""
        if updates != self._distance:
            self._distance = updates
            self._fit()

    def set_ceiling(self, value: float | None) -> None:
        """The highest value that the upright axis makes room for; lines leave the picture there."""
        if value != self._ceiling:
            self._ceiling = value
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
        if self._ceiling is not None:
            high = max(low, min(high, self._ceiling))
        self._across = update_scale(max(self._last, self._distance))
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

    def _pointed(self, event: QMouseEvent) -> float | None:
        """The update under the pointer."""
        box = self._box()
        inside = box.adjusted(-OVERHANG, -OVERHANG, OVERHANG, OVERHANG).contains(event.position())
        return self._across.value((event.position().x() - box.left()) / box.width()) if inside else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._ask(self._pointed(event))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # so that the release comes here too

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        update = self._pointed(event)
        if event.button() == Qt.MouseButton.LeftButton and update is not None:
            self.update_chosen.emit(min(max(round(update), 0), max(self._last, self._distance)))

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
        elif event.key() in ENTER and self._asked is not None:
            self.update_chosen.emit(int(self._asked))
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
            axes = (self._title, self._goal, self._across, self._up, self.is_empty, self._empty)
            self._axes.show(painter, axes, partial(self._paint_ground, box=box))
            if self.is_empty:
                return
            if self._until is None:
                self._paint_lines(painter, box, self._lines)
            else:
                now = box.left() + self._across.share(float(self._until)) * box.width()
                key = (self._whole, self._across, self._up)
                self._ink.show(painter, key, partial(self._paint_lines, box=box, lines=self._whole), now)
            for line, spot in reversed(self._ends(box)):
                self._paint_end(painter, box, line, spot)
            if self._asked is not None:
                self._paint_asked(painter, box)

    def _paint_ground(self, painter: QPainter, box: QRectF) -> None:
        """What stands still while the lines go on."""
        theme.draw_text(painter, PADDING, TITLE_Y, self._title, 14, 600)
        self._paint_axes(painter, box)
        if self.is_empty:
            self._paint_empty(painter, box)
        else:
            self._paint_goal(painter, box)

    def _paint_lines(self, painter: QPainter, box: QRectF, lines: Sequence[ChartLine]) -> None:
        painter.save()
        painter.setClipRect(QRectF(0, box.top() - OVERHANG / 2, self.width(), self.height()))
        for line in reversed(lines):
            paint_line(painter, box, line, (self._across, self._up))
        painter.restore()

    def _paint_axes(self, painter: QPainter, box: QRectF) -> None:
        for tick in self._up.ticks:
            y = round(box.bottom() - self._up.share(tick.value) * box.height()) + 0.5
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(self.width() - PADDING, y))
            theme.draw_text(painter, box.left() - TICK_GAP, y, tick.text, 12, 450, "text3", "r")
        for tick in self._across.ticks:
            half = theme.text_width(tick.text, 12, 450) / 2
            x = min(box.left() + self._across.share(tick.value) * box.width(), self.width() - 4 - half)
            theme.draw_text(painter, x, box.bottom() + 16, tick.text, 12, 450, "text3", "c")

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

    def _ends(self, box: QRectF) -> list[tuple[ChartLine, QPointF]]:
        """The lines and where their letters stand: at their ends, or beside letters that are there already."""
        found: list[tuple[ChartLine, QPointF]] = []
        for line in self._lines:
            if line.updates.size:
                last, value = int(line.updates[-1]), float(line.values[-1])
                spot = self._spot(box, last, value) if isfinite(value) else self._spot(box, last, self._up.high)
                others = [other for each, other in found if each.is_runner and line.is_runner]
                spot = next(each for each in _beside(spot, box.right()) if not any(_touch(each, it) for it in others))
                found.append((line, spot))
        return found

    def _paint_end(self, painter: QPainter, box: QRectF, line: ChartLine, spot: QPointF) -> None:
        if not isfinite(float(line.values[-1])):
            self._paint_cross(painter, QPointF(spot.x(), box.top()))
            return
        if line.is_runner:
            paint_disc(painter, spot, line.ink, line.letter, DISC)
        elif line.letter:
            paint_badge(painter, spot, line.ink, line.letter)

    def _paint_cross(self, painter: QPainter, middle: QPointF) -> None:
        painter.setPen(line_pen(theme.color("bad"), 2))
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
            painter.setPen(line_pen(line.color, 3))
            painter.drawLine(QPointF(left + PLATE_PAD + 1, y), QPointF(left + PLATE_PAD + 9, y))
            theme.draw_text(painter, left + PLATE_PAD + 16, y, name, 12, 450, "text2")
            theme.draw_text(painter, left + wide - PLATE_PAD, y, text, 12, 600, "text", "r")


def _beside(spot: QPointF, right: float) -> Iterator[QPointF]:
    """A spot, those right of it as far as there is room, then those left of it."""
    yield spot
    steps = int((right - spot.x()) / BESIDE)
    yield from (spot + QPointF(BESIDE * step, 0) for step in range(1, steps + 1))
    yield from (spot - QPointF(BESIDE * step, 0) for step in count(1))


def _touch(one: QPointF, other: QPointF) -> bool:
    """Whether two letters would lie on each other."""
    return hypot(one.x() - other.x(), one.y() - other.y()) < BESIDE - 1
