"""Where the numbers of one layer lie, at every moment of a run."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.insides.chart import Chart
from visualnn.scene import look
from visualnn.scene.strips import Strip, strip

HIGH = 132
CAPTION = "Strong colour: many of the numbers are there."


class StripChart(Chart):
    """Time across, value up, the share of the numbers as colour."""

    def __init__(self, parent: QWidget):
        super().__init__(parent, "Weights")
        self.caption = CAPTION
        self._strip = strip([], [])
        self._key: object = None
        self._pixels = np.zeros((0, 0), np.uint32)  # the image's memory
        self._image = QImage()
        self.set_high(HIGH)

    def show_strip(self, shown: Strip, kind: str, layer: str, epoch_length: int = 0) -> None:
        """Show this kind of numbers of a layer."""
        self._strip, self._key, self.title = shown, None, kind
        self.setAccessibleName(f"{kind} of {layer}")
        self.show_time(shown.updates, shown.across, epoch_length)

    def told(self, moment: int, share: float | None) -> list[str]:
        return [self._strip.told(moment, None if share is None else self._strip.up.value(share))]

    def image(self, plot: QRectF) -> QImage:
        """The coloured pixels, made once for every strip, size and theme; each may be several of the screen's."""
        key = (plot.width(), plot.height(), theme.current().name)
        if key != self._key:
            self._key = key
            wide, high = round(plot.width()), round(plot.height())
            self._pixels = self._strip.pixels(wide, high, look.load(theme.current().name))
            self._image = QImage(self._pixels.data, wide, high, 4 * wide, QImage.Format.Format_RGB32)
        return self._image

    def paint_plot(self, painter: QPainter, plot: QRectF) -> None:
        if self._strip.histograms:
            painter.drawImage(plot, self.image(plot))
        self.paint_values(painter, plot, self._strip.up, strong=0.0)
