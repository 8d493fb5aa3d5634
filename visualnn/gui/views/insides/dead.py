"""How many neurons of every layer are dead: 0 for all rows."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.insides.chart import BELOW, TICK_GAP, TOP, Chart
from visualnn.scene.vitals import Vitals, vitals

NAMED, MOST_NAMED = 32, 5  # px of a layer whose name stands over its bar, and how many layers may have so much
HIGHEST, LOWEST_ROW = 130, 2  # px of all layers together, and of one
SHADES = 65
BAR, NAME_Y = 8, 9  # px of a bar under a name, and the middle of the name
NONE_MORTAL = "None can die: no layer is like ReLU."
TIP = "A dead neuron is 0 for every row and passes no slope back: it cannot learn."


class DeadChart(Chart):
    """A bar a layer along time, the redder the more of its neurons are dead."""

    def __init__(self, parent: QWidget):
        super().__init__(parent, "Dead neurons")
        self.setToolTip(TIP)
        self._vitals = vitals([], [])
        self._is_named = True
        self._pixels = np.zeros((0, 0), np.uint32)  # the image's memory
        self.setFixedHeight(TOP)

    def show_vitals(self, shown: Vitals, epoch_length: int = 0) -> None:
        """Show this."""
        self._vitals = shown
        rows = len(shown.mortal)
        self.has_axis = bool(rows)
        self._is_named = rows <= MOST_NAMED
        high = rows * NAMED if self._is_named else max(HIGHEST, rows * LOWEST_ROW)
        self.setFixedHeight(TOP + high + BELOW if rows else TOP)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if rows else Qt.FocusPolicy.NoFocus)
        self.caption = self._summary()
        self.show_time(shown.updates, shown.across, epoch_length)

    def _summary(self) -> str:
        """How many there are at the end."""
        if not self._vitals.updates.size:
            return ""
        if not self._vitals.mortal:
            return NONE_MORTAL
        mortal = list(self._vitals.mortal)
        dead, units = int(self._vitals.dead[-1, mortal].sum()), int(self._vitals.units[-1, mortal].sum())
        return f"{dead:,} of {units:,} give 0 for every row." if dead else f"None of {units:,}."

    def layer_at(self, share: float | None) -> int | None:
        """The layer whose bar is at a height."""
        rows = self._vitals.mortal
        return None if share is None or not rows else rows[min(int((1 - share) * len(rows)), len(rows) - 1)]

    def told(self, moment: int, share: float | None) -> list[str]:
        layer = self.layer_at(share)
        if layer is not None:
            return [self._vitals.dead_words(moment, layer)]
        dying = [k for k in self._vitals.mortal if self._vitals.dead[moment, k]]
        return [self._vitals.dead_words(moment, k) for k in dying[:4]] or ["No neuron is dead."]

    def paint_plot(self, painter: QPainter, plot: QRectF) -> None:
        rows = self._vitals.mortal
        if not rows or not self.updates.size:
            return
        pitch, bars = plot.height() / len(rows), self._bars(round(plot.width() * self.devicePixelRatioF()))
        for row, layer in enumerate(rows):
            top = plot.top() + row * pitch
            if self._is_named:
                self._paint_name(painter, plot, layer, top)
                painter.drawImage(
                    QRectF(plot.left(), top + pitch - BAR - 4, plot.width(), BAR), bars, QRectF(0, row, bars.width(), 1)
                )
            else:
                painter.drawImage(
                    QRectF(plot.left(), top, plot.width(), pitch - (pitch >= 4)), bars, QRectF(0, row, bars.width(), 1)
                )
                if row in (0, len(rows) - 1):
                    y = top + max(pitch / 2, 5) * (1 if row == 0 else 0.5)
                    theme.draw_text(painter, plot.left() - TICK_GAP, y, f"{layer + 1}", 12, 450, "text3", "r")

    def _paint_name(self, painter: QPainter, plot: QRectF, layer: int, top: float) -> None:
        """A layer's name over its bar, and how many of its neurons are dead now."""
        count = f"{int(self._vitals.dead[-1, layer]):,} of {int(self._vitals.units[-1, layer]):,}"
        wide = theme.draw_text(painter, plot.right(), top + NAME_Y, count, 12, 500, "text2", "r")
        name = theme.elided(self._vitals.names[layer], plot.width() - wide - 12, 12, 450)
        theme.draw_text(painter, plot.left(), top + NAME_Y, name, 12, 450, "text2")

    def _bars(self, width: int) -> QImage:
        """A row of pixels for every layer that can die."""
        tints = self._vitals.dead_tints(width)
        shades = np.array([shade(k / (SHADES - 1)).rgba() for k in range(SHADES)] + [0], dtype=np.uint32)
        places = np.where(np.isfinite(tints), np.ceil(np.nan_to_num(tints) * (SHADES - 1)), SHADES).astype(np.intp)
        self._pixels = np.ascontiguousarray(shades[places])
        return QImage(self._pixels.data, width, len(tints), 4 * width, QImage.Format.Format_ARGB32)


def shade(share: float) -> QColor:
    """The colour of a share of dead neurons: a single one is seen."""
    return theme.mix("raised", "bad", 0.25 + 0.75 * share if share else 0.0)
