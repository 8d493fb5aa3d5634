"""A number on a short scale: a knob on a track, its value beside it, to be dragged, stepped by key or typed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.glide import Glide, Hover
from visualnn.gui.widgets.numbers import ENTER, NumberEdit, write_number

HEIGHT = 32
TRACK, KNOB = 4.0, 7.0  # how thick the track is, and the radius of the knob
VALUE_WIDTH = 56  # px at the right, where the value stands
HINT = "Drag, or double-click to type.  (← →, Enter)"
ARROWS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -10,
    Qt.Key.Key_PageUp: 10,
}
ENDS = {Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: 1.0}


@dataclass(frozen=True)
class Track:
    """From `low` to `high` in steps of `step`; where it `is_log`, steps grow with the value, which has two digits."""

    low: float
    high: float
    step: float = 0.01
    is_log: bool = False

    def share(self, value: float) -> float:
        """How far along a value lies, between 0 and 1."""
        value = min(max(value, self.low), self.high)
        if self.high <= self.low:
            return 0.0
        if self.is_log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def value(self, share: float) -> float:
        """The value so far along."""
        share = min(max(share, 0.0), 1.0)
        if share in (0.0, 1.0):
            return self.high if share else self.low
        if self.is_log:
            return self._tidy(self.low * (self.high / self.low) ** share)
        return self.within(self.low + round(share * (self.high - self.low) / self.step) * self.step)

    def moved(self, value: float, steps: int) -> float:
        """So many steps on, and at least one that is seen."""
        if not self.is_log:
            return self.within(value + steps * self.step)
        unit = 10.0 ** (math.floor(math.log10(max(value, 1e-9))) - 1)
        return self._tidy(value + steps * max(unit, self.step))

    def _tidy(self, value: float) -> float:
        """Two digits, and a multiple of the step."""
        return self.within(round(float(f"{value:.2g}") / self.step) * self.step)

    def within(self, value: float) -> float:
        """A value, or the limit that it oversteps, without the dust of sums."""
        return round(min(max(value, self.low), self.high), 9)


class Slider(KeyboardFocus, Hover, QWidget):
    """`edited` while it moves, `committed` once with the values before and after, `finished` after every gesture."""

    edited = Signal(float)
    committed = Signal(float, float)
    finished = Signal()

    own_keys = frozenset({*ARROWS, *ENDS, *ENTER})

    def __init__(
        self,
        track: Track,
        parent: QWidget | None = None,
        *,
        name: str = "",
        write: Callable[[float], str] = write_number,
        scale: float = 1.0,
    ):
        super().__init__(parent)
        self._track, self._write, self._scale = track, write, scale
        self._value, self._before = track.low, None
        self._pressed = False
        self._glide, self._edit = Glide(self), None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.set_hint("")
        self._announce()

    def value(self) -> float:
        """The number shown."""
        return self._value

    def set_value(self, value: float) -> None:
        """Shows another number, without a signal.  While the user moves it, the user's stays."""
        if self._before is None and value != self._value:
            self._value = float(value)
            self._announce()

    def set_track(self, track: Track) -> None:
        """Another scale."""
        if track != self._track:
            self._track = track
            self.update()

    def set_hint(self, sentence: str) -> None:
        """What this number is, as the tooltip, before how it is set."""
        self.setToolTip(f"{sentence}\n{HINT}" if sentence else HINT)

    def text(self) -> str:
        """The number as it is written."""
        return self._write(self._value)

    def editor(self) -> NumberEdit | None:
        """The field for typing, while there is one."""
        return self._edit

    def _announce(self) -> None:
        self.setAccessibleDescription(self.text())
        self.update()

    # -- one gesture ---------------------------------------------------------------------------------------------

    def _move_to(self, value: float) -> None:
        if value != self._value:
            self._value = value
            self._announce()
            self.edited.emit(value)

    def _rest(self) -> None:
        before, self._before, self._pressed = self._before, None, False
        self.update()
        if before is not None:
            if before != self._value:
                self.committed.emit(before, self._value)
            self.finished.emit()

    def _restore(self) -> None:
        if self._before is not None:
            self._move_to(self._before)
            self._rest()

    # -- events --------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and event.position().x() < self._end() + KNOB:
            self._before, self._pressed = self._value, True
            self._move_to(self._value_at(event.position().x()))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed:
            self._move_to(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._pressed:
            self._rest()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.position().x() >= self._end():
            self.start_typing()
        else:
            self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in ARROWS or key in ENDS:
            self._before = self._value if self._before is None else self._before
            moved = self._track.moved(self._value, ARROWS[key]) if key in ARROWS else self._track.value(ENDS[key])
            self._move_to(moved)
        elif key == Qt.Key.Key_Escape and self._before is not None:
            self._restore()
        elif key in ENTER:
            self.start_typing()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in (*ARROWS, *ENDS) and not event.isAutoRepeat():
            self._rest()
        else:
            super().keyReleaseEvent(event)

    def owns(self, event: QKeyEvent) -> bool:
        return super().owns(event) or (self._before is not None and event.key() == Qt.Key.Key_Escape)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self._pressed:
            self._rest()

    # -- typing --------------------------------------------------------------------------------------------------

    def start_typing(self) -> None:
        """Lets the number be typed, in the unit it is written in."""
        self._restore()
        if self._edit is None:
            self._edit = NumberEdit(self, self._track.low * self._scale, self._track.high * self._scale)
            self._edit.committed.connect(self._on_typed)
            self._edit.cancelled.connect(self._stop_typing)
            self._edit.moved.connect(self._on_moved)
        self._edit.setGeometry(self.width() - VALUE_WIDTH - 24, 0, VALUE_WIDTH + 24, HEIGHT)
        self._edit.setText(write_number(self._value * self._scale, 12))
        self._edit.selectAll()
        self._edit.show()
        self._edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_typed(self, value: float) -> None:
        self._stop_typing()
        self._before = self._value
        self._move_to(self._track.within(value / self._scale))
        self._rest()

    def _on_moved(self, direction: int) -> None:
        self.focusNextPrevChild(direction > 0)

    def _stop_typing(self) -> None:
        edit, self._edit = self._edit, None
        if edit is None:
            return
        if edit.hasFocus():  # before it hides: Qt would pass the focus on as if Tab had been pressed
            self.setFocus(Qt.FocusReason.PopupFocusReason)
        edit.hide()
        edit.deleteLater()

    # -- places and painting -------------------------------------------------------------------------------------

    def _end(self) -> float:
        """Where the track ends; it begins at the radius of the knob."""
        return self.width() - VALUE_WIDTH

    def _value_at(self, x: float) -> float:
        return self._track.value((x - KNOB) / max(self._end() - 2 * KNOB, 1.0))

    def knob(self) -> QPointF:
        """Where the knob is."""
        return QPointF(KNOB + self._track.share(self._value) * (self._end() - 2 * KNOB), self.height() / 2)

    def sizeHint(self) -> QSize:
        return QSize(190, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(VALUE_WIDTH + 60, HEIGHT)

    def paintEvent(self, _event) -> None:
        enabled, knob, middle = self.isEnabled(), self.knob(), self.height() / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("line2"))
            painter.drawRoundedRect(QRectF(0, middle - TRACK / 2, self._end(), TRACK), 2, 2)
            ink = theme.color("accent" if enabled else "line3")
            painter.setBrush(ink)
            painter.drawRoundedRect(QRectF(0, middle - TRACK / 2, knob.x(), TRACK), 2, 2)
            radius = KNOB + 1 if self._pressed else KNOB + self._glide.value * 0.5
            painter.setPen(QPen(theme.color("panel"), 2))
            painter.setBrush(theme.pressed(ink) if self._pressed else ink)
            painter.drawEllipse(knob, radius + 1, radius + 1)
            text, ink = self.text(), "text" if enabled else "text3"
            theme.draw_text(painter, self.width(), middle, text, 13, 550, ink, "r")
