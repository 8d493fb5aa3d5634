"""The line of the loss curve, the one thing that pyqtgraph draws."""

from __future__ import annotations

import os

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.nn.network import Vector
from visualnn.scene.record import Record, thinned

OVERHANG = 8  # the plot reaches so far beyond its axes that a dot on an edge is whole
LINE_WIDTH = 1.8
MOST_INK = 2500  # px of ups and downs; beyond, a noisy line is drawn thin, else it would take ten times as long


class Curve(QWidget):
    """The line and the goal, drawn by pyqtgraph without its axes, its mouse and its menus."""

    def __init__(self, parent: QWidget):
        os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
        import pyqtgraph  # half a second; loaded by now

        super().__init__(parent)
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
        x, y = thinned(record.updates, record.losses, record.across.high, columns)
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
