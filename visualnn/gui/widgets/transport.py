"""The scrubber: the past at the left, the future at the right, drawn as phases or as the history of the loss."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets import track
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.glide import Glide, Hover

HEIGHT = 48
MOST_TICKS = 40
LEAST_PITCH = 4  # closer ticks would only be noise
LABEL_GAP = 18
EDGE = 9  # the track starts here: room for half a knob and its ring
SPARK_HEIGHT = 24
SPARK_WIDTH = 1.0  # anything wider costs Qt thirty times as much on a long, ragged line
SPARK_PAST, SPARK_LATER = 0.9, 0.38  # of the ink, over the panel, before and after the knob
SPARK_COLUMN = 2  # pixels for which the lowest and the highest loss are drawn
MOVES = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
}  # the page keys are the window's: a clicker sends them


class Scrubber(KeyboardFocus, Hover, QSlider):
    """A slider over steps; `scrubbed` only when the user moves it."""

    scrubbed = Signal(int)
    scrub_started = Signal()
    scrub_finished = Signal()

    own_keys = frozenset({*MOVES, Qt.Key.Key_Home, Qt.Key.Key_End})

    def __init__(self, parent: QWidget | None = None, *, unit: str = "Step"):
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._unit = unit
        self._phases: list[tuple[str, int]] = []
        self._losses: Sequence[float] | None = None
        self._segments: list[track.Segment] = []
        self._spark: np.ndarray | None = None  # the history's points, between 0 and 1
        self._scale = 1.0  # of letters, track and knob
        self._glide = Glide(self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setRange(0, 0)
        self.valueChanged.connect(self._on_value_changed)

    # --------------------------------------------------------------------------------------------------------- content

    def set_phases(self, phases: Sequence[tuple[str, int]], unit: str = "Step") -> None:
        """Shows named phases, each with its count of steps, as segments with labels."""
        self._phases, self._losses, self._unit = list(phases), None, unit
        self.setRange(0, sum(count for _, count in phases))
        self._arrange()

    def set_history(self, losses: Sequence[float], last: int, position: int, unit: str = "Epoch") -> None:
        """Shows the whole history, evenly spread over 0 … `last`, and the knob where somebody is in it.

        What comes after the knob is fainter. While the user holds the knob it stays in the hand.
        """
        self._phases, self._losses, self._unit = [], losses, unit
        self._spark = None
        self.setRange(0, last)
        self.set_position(position)
        self._arrange()

    def set_scale(self, scale: float) -> None:
        """Larger letters, a thicker track and a larger knob."""
        self._scale, self._spark = scale, None
        self._arrange()

    def set_position(self, position: int) -> None:
        """Moves the knob, without `scrubbed`; not while the user holds it."""
        if not self.isSliderDown():
            self.setValue(position)

    def position(self) -> int:
        """Where the knob is."""
        return self.value()

    def label(self) -> str:
        """What stands right of the track, for instance "Step 10 of 55"."""
        return f"{self._unit} {self.value():,} of {self.maximum():,}"

    def segments(self) -> list[track.Segment]:
        """The phases where they are drawn."""
        return self._segments

    def scrub_to(self, position: int) -> None:
        """What the user does: moves the knob and says so."""
        position = min(max(position, self.minimum()), self.maximum())
        if position != self.value():
            self.setValue(position)
            self.scrubbed.emit(position)

    def _on_value_changed(self, _value: int) -> None:
        self.setAccessibleDescription(self.label())
        self.update()

    # -------------------------------------------------------------------------------------------------------- geometry

    def _right(self) -> float:
        widest = f"{self._unit} {self.maximum():,} of {self.maximum():,}"
        return self.width() - theme.text_width(widest, 13 * self._scale, 500) - LABEL_GAP * self._scale

    def _arrange(self) -> None:
        least = [max(theme.text_width(name, 12 * self._scale, 600) + 6, track.LEAST_WIDTH) for name, _ in self._phases]
        self._segments = track.segments(self._phases, least, EDGE, self._right()) if self._phases else []
        self.setAccessibleDescription(self.label())
        self.updateGeometry()
        self.update()

    def knob(self) -> QPointF:
        """The middle of the knob."""
        middle = self.height() / 2
        if self._losses is not None:
            share = self.value() / self.maximum() if self.maximum() else 0.0
            return QPointF(EDGE + (self._right() - EDGE) * share, middle + 17 * self._scale)
        part = next((part for part in self._segments if part.has(self.value())), None)
        return QPointF(part.x_of(self.value()) if part else EDGE, middle + 8 * self._scale)

    def position_at(self, x: float) -> int:
        """The step under `x`; left of the track it is 0."""
        if self._losses is not None:
            width = max(self._right() - EDGE, 1)
            return min(max(round((x - EDGE) / width * self.maximum()), 0), self.maximum())
        return 0 if x < EDGE else track.step_at(self._segments, x)

    def sizeHint(self) -> QSize:
        return QSize(420, round(HEIGHT * self._scale))

    def minimumSizeHint(self) -> QSize:
        return QSize(220, round(HEIGHT * self._scale))

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._spark = None
        self._arrange()

    # ---------------------------------------------------------------------------------------------------------- events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or event.position().x() > self._right() + EDGE:
            return
        self.setSliderDown(True)
        self.scrub_started.emit()
        self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderDown(False)
            self.scrub_finished.emit()
            self.update()

    def _drag_to(self, x: float) -> None:
        self.scrub_to(self.position_at(x))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ends = {Qt.Key.Key_Home: self.minimum(), Qt.Key.Key_End: self.maximum()}
        if event.key() in MOVES:
            self.scrub_to(self.value() + MOVES[event.key()])
        elif event.key() in ends:
            self.scrub_to(ends[event.key()])
        else:
            event.ignore()

    def wheelEvent(self, event) -> None:
        event.ignore()

    # -------------------------------------------------------------------------------------------------------- painting

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._losses is not None:
                self._paint_history(painter)
            else:
                for part in self._segments:
                    self._paint_segment(painter, part)
            self._paint_knob(painter)
            theme.draw_text(painter, self.width(), self.height() / 2, self.label(), 13 * self._scale, 500, "text2", "r")

    def _accent(self):
        return theme.color("accent" if self.isEnabled() else "text3")

    def _paint_segment(self, painter: QPainter, part: track.Segment) -> None:
        now, done = part.has(self.value()), self.value() > part.first + part.count
        middle, k = self.height() / 2, self._scale
        name = theme.elided(part.name, part.width, 12 * k, 600)
        ink = "text" if now else "text3"
        theme.draw_text(painter, part.left, middle - 11 * k, name, 12 * k, 600 if now else 500, ink)
        box = QRectF(part.left, middle + 5 * k, part.width, 6 * k)
        self._bar(painter, box, self._accent() if done else theme.color("line2"))
        if part.count <= MOST_TICKS and part.width >= part.count * LEAST_PITCH:
            ink = theme.mix("accent" if done else "line2", "panel", 0.35 if done else 0.8)
            ratio = self.devicePixelRatioF()
            for tick in range(1, part.count):
                x = round((part.left + part.width * tick / part.count - 0.5) * ratio) / ratio  # on whole pixels
                painter.fillRect(QRectF(x, box.top(), 1, box.height()), ink)
        if now:
            box.setRight(part.x_of(self.value()))
            self._bar(painter, box, self._accent())

    def _paint_history(self, painter: QPainter) -> None:
        knob, high = self.knob(), 3 * self._scale
        self._paint_spark(painter, (knob.x() - EDGE) / max(self._right() - EDGE, 1))
        self._bar(painter, QRectF(EDGE, knob.y() - high / 2, self._right() - EDGE, high), theme.color("line2"))
        self._bar(painter, QRectF(EDGE, knob.y() - high / 2, knob.x() - EDGE, high), self._accent())

    def _paint_spark(self, painter: QPainter, share: float) -> None:
        """The losses up to the knob, and fainter those after it."""
        if self._spark is None:
            columns = max(round((self._right() - EDGE) / SPARK_COLUMN), 1)
            self._spark = track.sparkline(self._losses, columns)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for points, strength in zip(track.parted(self._spark, share), (SPARK_PAST, SPARK_LATER), strict=True):
            pen = QPen(theme.mix("panel", "text3", strength), SPARK_WIDTH)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(self._spark_line(points))

    def _spark_line(self, points: np.ndarray) -> QPolygonF:
        width, top = self._right() - EDGE, self.height() / 2 - 12 * self._scale
        high = SPARK_HEIGHT * self._scale
        return QPolygonF([QPointF(EDGE + x * width, top + (1 - y) * high) for x, y in points.tolist()])

    def _bar(self, painter: QPainter, box: QRectF, fill) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)

    def _paint_knob(self, painter: QPainter) -> None:
        radius, ring = (7, 2) if self._losses is not None else (8, 2.5)
        painter.setPen(QPen(theme.color("panel"), ring))
        painter.setBrush(theme.mix(self._accent(), "text", 0.16 * self._glide.value * self.isEnabled()))
        painter.drawEllipse(self.knob(), radius * self._scale, radius * self._scale)
