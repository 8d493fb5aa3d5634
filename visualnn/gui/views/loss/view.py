"""The section of the panel with the chart of a run: head, axes, grid, and what lies over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.loss.curve import OVERHANG, Curve
from visualnn.gui.views.loss.head import HEIGHT as HEAD_HEIGHT
from visualnn.gui.views.loss.head import MIDDLE, Head
from visualnn.gui.views.loss.marker import Marker
from visualnn.gui.views.loss.plate import Plate
from visualnn.scene.readout import Readout
from visualnn.scene.record import Record

PADDING = 24
TITLE_Y = 24
TOP = 42  # of the axes
HEIGHT, COMPACT_HEIGHT = 112, 92
BELOW = 32
GUTTER = 34  # for the numbers left of the axes, at least
TICK_GAP = 8


class LossView(QWidget):
    """Shows a record; a click on the chart asks to travel there."""

    update_chosen = Signal(int)
    metric_chosen = Signal(str)  # "loss", "right" or "miss"
    smoothing_chosen = Signal(float)  # 0 … 0.97, already shown

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
        self._head, self._marker, self._plate = Head(self), Marker(self), Plate(self)
        self._connect()
        self._set_record(self._record)
        self._place()

    def _connect(self) -> None:
        self._head.metric_chosen.connect(self.metric_chosen)
        self._head.smoothing_chosen.connect(self._on_smoothing_chosen)
        self._head.log_toggled.connect(self._on_log_toggled)
        self._marker.chosen.connect(self.update_chosen)
        self._marker.asked.connect(self._on_asked)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_record(self, record: Record) -> None:
        """Show this; the axis stays logarithmic or linear and the lines as calm as they were chosen to be here."""
        self._set_record(replace(record, is_log=self.is_log, smoothing=self.smoothing))

    def set_metrics(self, metrics: Sequence[str]) -> None:
        """What can be measured of this network: keys of `scene.record.METRICS`."""
        self._head.set_metrics(metrics)

    def set_log(self, is_log: bool) -> None:
        """Choose a logarithmic or a linear axis."""
        if is_log != self.is_log:
            self._set_record(replace(self._record, is_log=is_log))

    def set_smoothing(self, smoothing: float) -> None:
        """Choose how calm the lines are, from 0 up to 0.99."""
        if smoothing != self.smoothing:
            self._set_record(replace(self._record, smoothing=smoothing))

    @property
    def is_log(self) -> bool:
        """Whether the axis of losses is logarithmic."""
        return self._record.is_log

    @property
    def smoothing(self) -> float:
        """How calm the lines are."""
        return self._record.smoothing

    @property
    def record(self) -> Record:
        """What is on screen."""
        return self._record

    def attach(self) -> None:
        """Make the plot; for the GUI thread, once pyqtgraph has been imported."""
        if self._curve is None:
            self._curve = Curve(self)
            self._marker.raise_()
            self._plate.raise_()
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
        self._head.show_record(record)
        self._marker.show_record(record)
        if self._curve is not None:
            self._curve.show_record(record)
        self.setAccessibleDescription(record.sentence())
        self.update()

    def axes_rect(self) -> QRect:
        """The rectangle between the axes."""
        return QRect(PADDING + self._gutter, TOP, self.width() - 2 * PADDING - self._gutter, self._height)

    def set_compact(self, compact: bool) -> None:
        """A lower chart where the window is low."""
        height = COMPACT_HEIGHT if compact else HEIGHT
        if height != self._height:
            self._height = height
            self.setFixedHeight(TOP + height + BELOW)
            self._place()

    # -- requests up ---------------------------------------------------------------------------------------------

    def _on_log_toggled(self) -> None:
        self.set_log(not self.is_log)

    def _on_smoothing_chosen(self, smoothing: float) -> None:
        self.set_smoothing(smoothing)
        self.smoothing_chosen.emit(smoothing)

    def _on_asked(self, now: Readout | None) -> None:
        update = self._marker.marked()
        if now is None or update is None:
            self._plate.show_readout(None)
            return
        self._plate.show_readout(now, QPointF(self._marker.pos()) + self._marker.spot(update))

    # -- places and painting -------------------------------------------------------------------------------------

    def _place(self) -> None:
        self._head.setGeometry(PADDING, TITLE_Y - MIDDLE, self.width() - 2 * PADDING, HEAD_HEIGHT)
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
            self._paint_values(painter, box)
            self._paint_updates(painter, box)

    def _paint_values(self, painter: QPainter, box: QRectF) -> None:
        """The ticks of the upright axis, each with its line across."""
        for tick in self._record.up.ticks:
            y = round(box.bottom() - self._record.up.share(tick.value) * box.height()) + 0.5
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            theme.draw_text(painter, box.left() - TICK_GAP, y, tick.text, 12, 450, "text3", "r")

    def _paint_updates(self, painter: QPainter, box: QRectF) -> None:
        for left, text in self.update_texts():
            theme.draw_text(painter, left, box.bottom() + 14, text, 12, 450, "text3")

    def update_texts(self) -> list[tuple[float, str]]:
        """The numbers below the axes with their left ends: the last one, and the others where there is room."""
        box, across = QRectF(self.axes_rect()), self._record.across
        free, found = box.right() + 1 + TICK_GAP, []
        for tick in reversed(across.ticks):
            width = theme.text_width(tick.text, 12, 450)
            left = min(box.left() + across.share(tick.value) * box.width() - width / 2, box.right() + 1 - width)
            if left + width + TICK_GAP <= free:
                free = left
                found.append((left, tick.text))
        return found[::-1]
