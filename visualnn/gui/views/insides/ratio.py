"""How far an update moves the weights of every layer."""

from __future__ import annotations

from math import isfinite

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.insides.chart import TITLE_Y, Chart
from visualnn.nn.network import Vector
from visualnn.scene.vitals import HEALTHY, Vitals, vitals

HIGH = 104
THREAD = 0.62  # how opaque the thin lines are
MOST_SHARP = 24  # layers whose lines are as sharp as the screen; more take too long
TIP = "‖Δw‖ / ‖w‖ of each layer. About 1/1000 is a usual rule of thumb (Stanford CS231n)."


class RatioChart(Chart):
    """A thin line a layer, the chosen one stronger, over the band that is usual."""

    def __init__(self, parent: QWidget):
        super().__init__(parent, "Update ÷ weights")
        self.caption = "How far one update moves each layer."
        self.setToolTip(TIP)
        self._vitals = vitals([], [])
        self._layer = 0
        self._key: object = None
        self._pixels = np.zeros((0, 0, 4), np.uint8)  # the image's memory
        self._image = QImage()
        self.set_high(HIGH)

    def show_vitals(self, shown: Vitals, layer: int, epoch_length: int = 0) -> None:
        """Show this, and one layer above the others."""
        self._vitals, self._layer = shown, layer
        self.show_time(shown.updates, shown.across, epoch_length)

    def layer_at(self, moment: int, share: float | None) -> int:
        """The layer that is meant: the one under the pointer, else the chosen one."""
        found = None if share is None else self._vitals.nearest_layer(moment, share)
        return self._layer if found is None else found

    def told(self, moment: int, share: float | None) -> list[str]:
        return [self._vitals.ratio_words(moment, self.layer_at(moment, share))]

    def paint_plot(self, painter: QPainter, plot: QRectF) -> None:
        self._paint_band(painter, plot)
        self.paint_values(painter, plot, self._vitals.up)
        if not self._vitals.updates.size:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(plot, self._web(plot, self.devicePixelRatioF()))
        told = self._layer if self._asked is None else self.layer_at(self._asked, self._share)
        if told != self._layer:
            self._paint_line(painter, plot, told, QPen(theme.color("accent"), 1.8))
        self._paint_line(painter, plot, self._layer, QPen(theme.color("text"), 1.8))
        if self._asked is not None:
            self._paint_dot(painter, plot, self._asked, told)

    def _web(self, plot: QRectF, ratio: float) -> QImage:
        """The thin lines of all layers, made once for every size and theme: there may be a hundred."""
        key = (id(self._vitals), plot.width(), plot.height(), ratio, theme.current().name)
        if key != self._key:
            self._key = key
            ratio = ratio if len(self._vitals.names) <= MOST_SHARP else 1.0
            wide, high = round(plot.width() * ratio), round(plot.height() * ratio)
            color = theme.color("text3")
            alpha = (self._vitals.woven(wide, high, 4 if ratio < 1.5 else 2) * THREAD).astype(np.float32)
            channels = [alpha * color.blue(), alpha * color.green(), alpha * color.red(), alpha * 255]
            self._pixels = np.ascontiguousarray(np.stack(channels, axis=-1).astype(np.uint8))
            self._image = QImage(self._pixels.data, wide, high, 4 * wide, QImage.Format.Format_ARGB32_Premultiplied)
        return self._image

    def _paint_band(self, painter: QPainter, plot: QRectF) -> None:
        """What is healthy, and beside the title what it is called."""
        low, high = (plot.bottom() - self._vitals.up.share(ratio) * plot.height() for ratio in HEALTHY)
        ground = theme.mix("panel", "goodbg", 0.8)
        painter.fillRect(QRectF(plot.left(), high, plot.width(), low - high), ground)
        wide = theme.draw_text(painter, plot.right(), TITLE_Y, "healthy", 12, 450, "good", "r")
        painter.fillRect(QRectF(plot.right() - wide - 24, TITLE_Y - 5, 16, 10), ground)

    def _paint_line(self, painter: QPainter, plot: QRectF, layer: int, pen: QPen) -> None:
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for points in pieces(self._vitals.places, self._vitals.heights[:, layer]):
            spots = [QPointF(plot.left() + x * plot.width(), plot.bottom() - y * plot.height()) for x, y in points]
            painter.drawPolyline(QPolygonF(spots))

    def _paint_dot(self, painter: QPainter, plot: QRectF, moment: int, layer: int) -> None:
        share = float(self._vitals.heights[moment, layer])
        if isfinite(share):
            painter.setPen(QPen(theme.color("panel"), 1.5))
            painter.setBrush(theme.color("text" if layer == self._layer else "accent"))
            point = QPointF(self.x_of(float(self.updates[moment])), plot.bottom() - share * plot.height())
            painter.drawEllipse(point, 3.5, 3.5)


def pieces(x: Vector, y: Vector) -> list[list[tuple[float, float]]]:
    """The parts of a line between its gaps, each as points."""
    cuts = np.flatnonzero(np.diff(np.isfinite(y).astype(np.int8))) + 1
    parts = zip(np.split(x, cuts), np.split(y, cuts), strict=True)
    return [list(zip(a.tolist(), b.tolist(), strict=True)) for a, b in parts if b.size and np.isfinite(b[0])]
