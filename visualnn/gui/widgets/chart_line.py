"""A line of a chart: what it is, and how it is drawn on two axes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from visualnn.gui import theme
from visualnn.gui.widgets.runner_disc import EDGE, runner_color
from visualnn.nn.network import Vector
from visualnn.scene.scales import Scale
from visualnn.scene.series import Dash, Updates, dashed, thinned

WIDTH, UNDER = 1.8, 3.8  # px of a line, and of the dark one beneath it on a light ground
COLUMN = 1.5  # px, of a column of a thinned line
BEYOND = 1.5  # axes: how far a line is followed above its chart


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
    is_quiet: bool = False  # one of many in the background: drawn with square ends, in a third of the time

    @property
    def color(self) -> theme.Ink:
        """To paint with now."""
        return runner_color(self.ink) if self.is_runner else theme.color(self.ink)

    def until(self, update: int) -> ChartLine:
        """As far as an update."""
        count = int(np.searchsorted(self.updates, update, side="right"))
        is_whole = count == len(self.updates)
        return self if is_whole else replace(self, updates=self.updates[:count], values=self.values[:count])

    def at(self, update: float) -> float | None:
        """The value at an update; None where it has not come so far."""
        if not self.updates.size or update > self.updates[-1]:
            return None
        return float(self.values[int(np.abs(self.updates - update).argmin())])


def line_pen(ink: theme.Ink, width: float) -> QPen:
    """For a line with round ends."""
    pen = QPen(theme.color(ink), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def paint_line(painter: QPainter, box: QRectF, line: ChartLine, axes: tuple[Scale, Scale]) -> None:
    """Draw it in a box, on the axis across and the upright one."""
    ends, joined = segments(line, box, *axes)
    pieces = [QLineF(*piece) for piece in ends[joined].tolist()]
    if line.is_runner and not theme.current().is_dark:
        painter.setPen(line_pen(EDGE, UNDER))
        painter.drawLines(pieces)
    painter.setPen(QPen(line.color, WIDTH) if line.is_quiet else line_pen(line.color, WIDTH))
    painter.drawLines(pieces)


def segments(line: ChartLine, box: QRectF, across: Scale, up: Scale) -> tuple[Vector, NDArray[np.bool_]]:
    """The pieces of a line, (n, 4) px, and which of them are drawn."""
    columns = max(1, int(box.width() / COLUMN))
    x, y = thinned(line.updates, line.values, across.high, columns)
    x = box.left() + np.asarray(across.share(x)) * box.width()
    y = box.bottom() - np.minimum(np.asarray(up.share(y)), BEYOND) * box.height()
    joined = np.isfinite(y[:-1]) & np.isfinite(y[1:])
    if line.dash is not None:
        x, y, kept = dashed(x, y, line.dash)
        joined = kept[:-1]
    return np.column_stack([x[:-1], y[:-1], x[1:], y[1:]]), joined
