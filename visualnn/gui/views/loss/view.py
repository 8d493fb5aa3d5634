"""The section of the panel with the loss curve: its title, its axes, and the switch between log and linear."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.loss.curve import OVERHANG, Curve
from visualnn.gui.views.loss.marker import Marker
from visualnn.gui.widgets.button import TextButton
from visualnn.nn.network import Vector
from visualnn.scene.record import Record, Updates

PADDING = 24
TITLE_Y = 24
TOP = 42  # of the axes
HEIGHT, COMPACT_HEIGHT = 128, 92
BELOW = 34
GUTTER = 34  # for the numbers left of the axes, at least
TICK_GAP = 8


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
        self._set_record(Record(updates, losses, goal, self.is_log).until(latest_update, latest_loss))

    def set_log(self, is_log: bool) -> None:
        """Choose a logarithmic or a linear axis."""
        if is_log != self.is_log:
            self._set_record(replace(self._record, is_log=is_log))
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
            self._paint_losses(painter, box)
            self._paint_updates(painter, box)

    def _paint_losses(self, painter: QPainter, box: QRectF) -> None:
        """The ticks of the upright axis, each with its line across."""
        for tick in self._record.up.ticks:
            y = round(box.bottom() - self._record.up.share(tick.value) * box.height()) + 0.5
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            theme.draw_text(painter, box.left() - TICK_GAP, y, tick.text, 12, 450, "text3", "r")

    def _paint_updates(self, painter: QPainter, box: QRectF) -> None:
        for tick in self._record.across.ticks:
            share = self._record.across.share(tick.value)
            x, align = box.left() + share * box.width(), "r" if share > 0.999 else "c"
            theme.draw_text(painter, x, box.bottom() + 14, tick.text, 12, 450, "text3", align)
