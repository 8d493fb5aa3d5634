"""The loss, update by update.

The view paints title, axes and grid itself. pyqtgraph draws the curve; as it takes long to import, it is imported by
nobody here: somebody loads it in the background and then calls `attach`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.nn.network import Vector
from visualnn.scene import charts

PADDING = 24
TITLE_Y = 24
TOP = 42  # of the axes
HEIGHT, COMPACT_HEIGHT = 128, 104
BELOW = 34
GUTTER = 34  # for the numbers left of the axes, at least
TICK_GAP = 8
OVERHANG = 8  # the plot reaches so far beyond its axes that a dot on an edge is whole
LINE_WIDTH = 1.8
DOT = 4.0
MOST_INK = 2500  # px of ups and downs; beyond, a noisy line is drawn thin, else it would take ten times as long
MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
EMPTY = "Press play to train."

Updates = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Record:
    """A run's losses up to now, the latest as the last entry, and the axes they need."""

    updates: Updates = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    losses: Vector = field(default_factory=lambda: np.empty(0))
    goal: float | None = None
    is_log: bool = True

    @cached_property
    def across(self) -> charts.Scale:
        """The axis of updates."""
        return charts.update_scale(int(self.updates[-1]) if self.updates.size else 0)

    @cached_property
    def up(self) -> charts.Scale:
        """The axis of losses."""
        known = self.losses[np.isfinite(self.losses) & ((self.losses > 0) | (not self.is_log))]
        low, high = (float(known.min()), float(known.max())) if known.size else (0.1, 1.0)
        return charts.loss_scale(low, high, self.is_log)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been trained."""
        return not self.updates.size or self.updates[-1] == 0

    def nearest(self, update: float) -> int | None:
        """The index of the recorded update nearest to this one."""
        if not self.updates.size:
            return None
        after = int(np.searchsorted(self.updates, update))
        candidates = [i for i in (after - 1, after) if 0 <= i < self.updates.size]
        return min(candidates, key=lambda i: abs(float(self.updates[i]) - update))

    def sentence(self) -> str:
        """The latest point in words."""
        if self.is_empty:
            return EMPTY
        return f"Update {self.updates[-1]:,}: loss {charts.significant(float(self.losses[-1]))}"

    def broken_at(self) -> int | None:
        """The first update whose loss is no longer a number."""
        broken = np.flatnonzero(~np.isfinite(self.losses))
        return int(self.updates[broken[0]]) if broken.size else None


class LossView(QWidget):
    """Shows one run's losses; a click on the curve asks to travel there."""

    update_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("loss")
        self.setAccessibleName("Loss")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(300)
        self._height = HEIGHT
        self.setFixedHeight(TOP + HEIGHT + BELOW)
        self._record = Record()
        self._curve: Curve | None = None
        self._gutter = GUTTER
        self._switch = TextButton("log", parent=self, size=12, weight=500)
        self._switch.clicked.connect(self._on_switch_clicked)
        self._marker = Marker(self)
        self._marker.chosen.connect(self.update_chosen)
        self._set_record(self._record)
        self._name_switch()

    # -- values down ---------------------------------------------------------------------------------------------

    def show_curve(
        self, updates: Updates, losses: Vector, latest_update: int, latest_loss: float, goal: float | None = None
    ) -> None:
        """Show the losses recorded before the latest update, and that one."""
        before = int(np.searchsorted(updates, latest_update))
        record = Record(
            np.append(updates[:before], latest_update),
            np.append(losses[:before], latest_loss),
            goal,
            self._record.is_log,
        )
        self._set_record(record)

    def set_log(self, is_log: bool) -> None:
        """Choose a logarithmic or a linear axis."""
        if is_log != self.is_log:
            self._set_record(Record(self._record.updates, self._record.losses, self._record.goal, is_log))
            self._name_switch()

    @property
    def is_log(self) -> bool:
        """Whether the axis of losses is logarithmic."""
        return self._record.is_log

    @property
    def record(self) -> Record:
        """What is on screen."""
        return self._record

    def attach(self) -> None:
        """Make the plot; for the GUI thread, once pyqtgraph has been imported."""
        if self._curve is None:
            self._curve = Curve(self)
            self._marker.raise_()
            self._place()
            theme.appearance().changed.connect(self._on_theme_changed)
            self._curve.show_record(self._record)

    def _set_record(self, record: Record) -> None:
        self._record = record
        widest = max(theme.text_width(tick.text, 12, 450) for tick in record.up.ticks)
        gutter = max(GUTTER, round(widest) + TICK_GAP)
        if gutter != self._gutter:
            self._gutter = gutter
            self._place()
        self._marker.show_record(record)
        if self._curve is not None:
            self._curve.show_record(record)
        self.setAccessibleDescription(record.sentence())
        self.update()

    def axes_rect(self) -> QRect:
        """The rectangle between the axes."""
        return QRect(PADDING + self._gutter, TOP, self.width() - 2 * PADDING - self._gutter, self._height)

    # -- the switch ----------------------------------------------------------------------------------------------

    def _on_switch_clicked(self) -> None:
        self.set_log(not self.is_log)

    def _name_switch(self) -> None:
        self._switch.set_label("log" if self.is_log else "linear")
        now, other = ("logarithmic", "linear") if self.is_log else ("linear", "logarithmic")
        self._switch.set_hint(f"The axis of losses is {now}. Click for a {other} one.")
        self._switch.resize(self._switch.sizeHint())
        self._place()

    def set_compact(self, compact: bool) -> None:
        """A lower chart where the window is low."""
        self._height = COMPACT_HEIGHT if compact else HEIGHT
        self.setFixedHeight(TOP + self._height + BELOW)
        self._place()

    # -- places and painting -------------------------------------------------------------------------------------

    def _place(self) -> None:
        self._switch.move(self.width() - PADDING + 12 - self._switch.width(), TITLE_Y - self._switch.height() // 2)
        box = self.axes_rect().adjusted(-OVERHANG, -OVERHANG, OVERHANG, OVERHANG)
        self._marker.setGeometry(box)
        if self._curve is not None:
            self._curve.setGeometry(box)

    def resizeEvent(self, _event: QEvent) -> None:
        self._place()
        if self._curve is not None:
            self._curve.show_record(self._record)

    def _on_theme_changed(self, _theme: object) -> None:
        assert self._curve is not None
        self._curve.dress()

    def paintEvent(self, _event: QEvent) -> None:
        box = QRectF(self.axes_rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme.draw_text(painter, PADDING, TITLE_Y, "Loss", 14, 600)
            for tick in self._record.up.ticks:
                y = round(box.bottom() - self._record.up.share(tick.value) * box.height()) + 0.5
                painter.setPen(QPen(theme.color("line"), 1))
                painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
                theme.draw_text(painter, box.left() - TICK_GAP, y, tick.text, 12, 450, "text3", "r")
            for tick in self._record.across.ticks:
                share = self._record.across.share(tick.value)
                x, align = box.left() + share * box.width(), "r" if share > 0.999 else "c"
                theme.draw_text(painter, x, box.bottom() + 14, tick.text, 12, 450, "text3", align)


class Marker(KeyboardFocus, QWidget):
    """Lies over the plot: the ghost of the first point, the mark of a broken run, and the point asked about."""

    chosen = Signal(int)

    own_keys = frozenset({*MOVES, *ENTER, Qt.Key.Key_Home, Qt.Key.Key_End})

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self._record = Record()
        self._at: float | None = None  # the update asked about
        self.setAccessibleName("Loss curve")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_record(self, record: Record) -> None:
        """Lie over this curve."""
        self._record = record
        self.update()

    def marked(self) -> int | None:
        """The index of the point asked about."""
        return None if self._at is None or self._record.is_empty else self._record.nearest(self._at)

    def label(self) -> str:
        """What stands beside that point."""
        index = self.marked()
        if index is None:
            return ""
        loss = float(self._record.losses[index])
        return f"{charts.significant(loss)} at update {self._record.updates[index]:,}"

    def _point(self, update: float, loss: float) -> QPointF:
        box = QRectF(self.rect()).adjusted(OVERHANG, OVERHANG, -OVERHANG, -OVERHANG)
        x = box.left() + self._record.across.share(update) * box.width()
        return QPointF(x, box.bottom() - self._record.up.share(loss) * box.height())

    def _ask(self, update: float | None) -> None:
        self._at = update
        self.setAccessibleDescription(self.label())
        self.update()

    # -- events --------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        share = (event.position().x() - OVERHANG) / (self.width() - 2 * OVERHANG)
        self._ask(self._record.across.value(share))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._ask(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.mouseMoveEvent(event)
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = self._record.updates.size - 1
        if event.key() in MOVES:
            index = self.marked()
            index = last if index is None else min(max(index + MOVES[event.key()] * self._stride(event), 0), last)
            self._ask(float(self._record.updates[index]) if last >= 0 else None)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and last >= 0:
            self._ask(float(self._record.updates[0 if event.key() == Qt.Key.Key_Home else last]))
        elif event.key() in ENTER:
            self._choose()
        elif event.key() == Qt.Key.Key_Escape and self._at is not None:
            self._ask(None)
        else:
            super().keyPressEvent(event)

    def _stride(self, event: QKeyEvent) -> int:
        """One pixel's worth of points, with Shift one point."""
        fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        return 1 if fine else max(1, self._record.updates.size // max(1, self.width()))

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self._ask(None)

    def _choose(self) -> None:
        index = self.marked()
        if index is not None:
            self.chosen.emit(int(self._record.updates[index]))

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._record.is_empty:
                self._paint_empty(painter)
                return
            self._paint_end(painter)
            index = self.marked()
            if index is not None:
                self._paint_mark(painter, int(self._record.updates[index]), float(self._record.losses[index]))

    def _paint_empty(self, painter: QPainter) -> None:
        if self._record.losses.size and isfinite(self._record.losses[0]):
            _paint_dot(painter, self._point(0.0, float(self._record.losses[0])), theme.mix("panel", "text", 0.4))
        middle = QRectF(self.rect()).center()
        width = theme.text_width(EMPTY, 13, 450) + 16
        painter.fillRect(QRectF(middle.x() - width / 2, middle.y() - 12, width, 24), theme.color("panel"))
        theme.draw_text(painter, middle.x(), middle.y(), EMPTY, 13, 450, "text2", "c")

    def _paint_end(self, painter: QPainter) -> None:
        update, loss, broken = int(self._record.updates[-1]), float(self._record.losses[-1]), self._record.broken_at()
        if broken is None:
            _paint_dot(painter, self._point(update, loss), theme.color("text"))
            return
        middle = self._point(broken, self._record.up.high)
        pen = QPen(theme.color("bad"), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for slant in (DOT, -DOT):
            painter.drawLine(middle + QPointF(slant, -DOT), middle - QPointF(slant, -DOT))

    def _paint_mark(self, painter: QPainter, update: int, loss: float) -> None:
        point = self._point(update, loss if isfinite(loss) else self._record.up.high)
        x = round(point.x()) + 0.5
        painter.setPen(QPen(theme.color("accent"), 1))
        painter.drawLine(QPointF(x, OVERHANG), QPointF(x, self.height() - OVERHANG))
        if isfinite(loss):
            _paint_dot(painter, point, theme.color("accent"))
        text = self.label()
        width = theme.text_width(text, 12, 500) + 16
        fits = point.x() + DOT + 4 + width <= self.width() - OVERHANG
        left = point.x() + DOT + 4 if fits else point.x() - DOT - 4 - width
        top = OVERHANG + 4 if point.y() > self.height() / 2 else self.height() - OVERHANG - 28
        painter.setPen(QPen(theme.color("line2"), 1))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(QRectF(round(left) + 0.5, top + 0.5, round(width), 23), 6, 6)
        theme.draw_text(painter, round(left) + 8.5, top + 12, text, 12, 500, "text")


def _paint_dot(painter: QPainter, middle: QPointF, ink: theme.Ink) -> None:
    painter.setPen(QPen(theme.color("panel"), 1.5))
    painter.setBrush(theme.color(ink))
    painter.drawEllipse(middle, DOT, DOT)


class Curve(QWidget):
    """The line and the goal, drawn by pyqtgraph without its axes, its mouse and its menus."""

    def __init__(self, parent: QWidget):
        os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
        import pyqtgraph  # half a second; loaded by now

        super().__init__(parent)
        self._pyqtgraph = pyqtgraph
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._surface = pyqtgraph.GraphicsView(self, background=None)
        self._surface.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._surface.setCacheMode(pyqtgraph.GraphicsView.CacheModeFlag.CacheNone)  # a cached background is opaque
        self._box = pyqtgraph.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self._box.disableAutoRange()
        self._surface.setCentralItem(self._box)
        # Antialiased lines wider than 1 px are quick only as segments, and look right only in an opaque colour.
        self._line = pyqtgraph.PlotCurveItem(antialias=True, skipFiniteCheck=True, connect="finite")
        self._line.setSegmentedLineMode("on")
        self._goal = pyqtgraph.PlotCurveItem(antialias=True, skipFiniteCheck=True)
        self._box.addItem(self._goal)
        self._box.addItem(self._line)
        self._range: tuple[float, ...] = ()
        self.dress()
        self.show()

    def dress(self) -> None:
        """Take the colours of the current theme; the grid beneath is to be seen."""
        self._surface.viewport().setAutoFillBackground(False)
        self._set_pen(LINE_WIDTH)
        dots = QPen(theme.color("accent"), 1, Qt.PenStyle.CustomDashLine)
        dots.setDashPattern([2, 3])
        dots.setCosmetic(True)
        self._goal.setPen(dots)

    def _set_pen(self, width: float) -> None:
        """A pen that ignores the plot's scale counts in pixels of the device."""
        width = width * self.devicePixelRatioF() if width > 1 else width
        pen = QPen(theme.color("text"), width, c=Qt.PenCapStyle.RoundCap)
        pen.setCosmetic(True)
        if pen != self._line.opts["pen"]:
            self._line.setPen(pen)

    def resizeEvent(self, _event: QEvent) -> None:
        self._surface.setGeometry(self.rect())

    def show_record(self, record: Record) -> None:
        """Draw this curve, in shares of the axes."""
        self._set_range()
        columns = max(1, self.width() - 2 * OVERHANG)
        x, y = charts.thinned(record.updates, record.losses, record.across.high, columns)
        height = record.up.share(y)
        self._set_pen(LINE_WIDTH if _ink(height, self.height()) < MOST_INK else 1.0)
        self._line.setData(record.across.share(x), height)
        self._goal.setVisible(record.goal is not None and record.up.holds(record.goal))
        if self._goal.isVisible():
            assert record.goal is not None
            self._goal.setData([0.0, 1.0], [record.up.share(record.goal)] * 2)

    def points(self) -> tuple[Vector, Vector]:
        """What is drawn, in shares of the axes."""
        x, y = self._line.getData()
        return x, y

    def goal_share(self) -> float | None:
        """How high the goal's line stands, if it is to be seen."""
        return float(self._goal.getData()[1][0]) if self._goal.isVisible() else None

    def _set_range(self) -> None:
        """The axes from 0 to 1, and the overhang around them."""
        beside = OVERHANG / max(1, self.width() - 2 * OVERHANG)
        above = OVERHANG / max(1, self.height() - 2 * OVERHANG)
        if (beside, above) != self._range:
            self._range = (beside, above)
            self._box.setRange(xRange=(-beside, 1 + beside), yRange=(-above, 1 + above), padding=0)


def _ink(shares: Vector, height: int) -> float:
    """How many pixels the line goes up and down."""
    return float(np.nansum(np.abs(np.diff(shares)))) * height
