"""The lines of the chart, the one thing that pyqtgraph draws."""

from __future__ import annotations

import os

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.loss.pens import THIN, dash_of, shade, width_of
from visualnn.nn.network import Vector
from visualnn.scene.record import Record
from visualnn.scene.series import dashed
from visualnn.scene.strokes import Stroke, strokes

OVERHANG = 8  # the plot reaches so far beyond its axes that a dot on an edge is whole
MOST_INK = 2500  # px of ups and downs; beyond, a noisy line is drawn thin, else it would take ten times as long


class Curve(QWidget):
    """The lines and the goal, drawn by pyqtgraph without its axes, its mouse and its menus."""

    def __init__(self, parent: QWidget):
        os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
        import pyqtgraph  # half a second; loaded by now

        super().__init__(parent)
        self._new_item = pyqtgraph.PlotCurveItem
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._surface = pyqtgraph.GraphicsView(self, background=None)
        self._surface.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._surface.setCacheMode(pyqtgraph.GraphicsView.CacheModeFlag.CacheNone)  # a cached background is opaque
        self._box = pyqtgraph.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self._box.disableAutoRange()
        self._surface.setCentralItem(self._box)
        self._items: list = []
        self._strokes: list[Stroke] = []
        self._goal = pyqtgraph.PlotCurveItem(antialias=True, skipFiniteCheck=True)
        self._box.addItem(self._goal)
        self._range: tuple[float, ...] = ()
        self.dress()
        self.show()

    def dress(self) -> None:
        """Take the colours of the current theme; the grid beneath is to be seen."""
        self._surface.viewport().setAutoFillBackground(False)
        for item, stroke in zip(self._items, self._strokes, strict=False):
            self._set_pen(item, stroke)
        dots = QPen(theme.color("accent"), 1, Qt.PenStyle.CustomDashLine)
        dots.setDashPattern([2, 3])
        dots.setCosmetic(True)
        self._goal.setPen(dots)

    def resizeEvent(self, _event: QEvent) -> None:
        self._surface.setGeometry(self.rect())

    def show_record(self, record: Record) -> None:
        """Draw this record, in shares of the axes."""
        self._set_range()
        self._strokes = strokes(record, self._wide)
        while len(self._items) < len(self._strokes):
            self._items.append(self._made())
        for item, stroke in zip(self._items, self._strokes, strict=False):
            self._draw(item, stroke)
        for item in self._items[len(self._strokes) :]:
            item.setVisible(False)
        self._goal.setVisible(record.metric == "loss" and record.goal is not None and record.up.holds(record.goal))
        if self._goal.isVisible():
            assert record.goal is not None
            self._goal.setData([0.0, 1.0], [record.up.share(record.goal)] * 2)

    def strokes(self) -> list[Stroke]:
        """What is drawn, in shares of the axes."""
        return self._strokes

    def points(self) -> tuple[Vector, Vector]:
        """The run's own line as it is drawn: the uppermost."""
        return (self._strokes[-1].x, self._strokes[-1].y) if self._strokes else (np.empty(0), np.empty(0))

    def goal_share(self) -> float | None:
        """How high the goal's line stands, if it is to be seen."""
        return float(self._goal.getData()[1][0]) if self._goal.isVisible() else None

    @property
    def _wide(self) -> int:
        return max(1, self.width() - 2 * OVERHANG)

    @property
    def _high(self) -> int:
        return max(1, self.height() - 2 * OVERHANG)

    def _made(self):
        # Antialiased lines wider than 1 px are quick only as segments, and look right only in an opaque colour.
        item = self._new_item(antialias=True, skipFiniteCheck=True)
        item.setSegmentedLineMode("on")
        item.setZValue(1 + len(self._items))
        self._box.addItem(item)
        return item

    def _draw(self, item, stroke: Stroke) -> None:
        item.setVisible(True)
        self._set_pen(item, stroke)
        dash = None if stroke.raw else dash_of(stroke.role, stroke.tint)
        if dash is None:
            item.setData(stroke.x, stroke.y, connect="finite")
            return
        x, y, joined = dashed(stroke.x * self._wide, stroke.y * self._high, dash)
        item.setData(x / self._wide, y / self._high, connect=joined)

    def _set_pen(self, item, stroke: Stroke) -> None:
        """A pen that ignores the plot's scale counts in pixels of the device."""
        thin = stroke.raw or _ink(stroke.y, self.height()) >= MOST_INK
        width = THIN if thin else width_of(stroke.role) * self.devicePixelRatioF()
        ink = shade(stroke.role, stroke.tint, raw=stroke.raw, later=stroke.later)
        is_solid = stroke.raw or dash_of(stroke.role, stroke.tint) is None
        cap = Qt.PenCapStyle.RoundCap if is_solid else Qt.PenCapStyle.FlatCap
        pen = QPen(ink, width, c=cap)
        pen.setCosmetic(True)
        if pen != item.opts["pen"]:
            item.setPen(pen)

    def _set_range(self) -> None:
        """The axes from 0 to 1, and the overhang around them."""
        beside, above = OVERHANG / self._wide, OVERHANG / self._high
        if (beside, above) != self._range:
            self._range = (beside, above)
            self._box.setRange(xRange=(-beside, 1 + beside), yRange=(-above, 1 + above), padding=0)


def _ink(shares: Vector, height: int) -> float:
    """How many pixels the line goes up and down."""
    return float(np.nansum(np.abs(np.diff(shares)))) * height
