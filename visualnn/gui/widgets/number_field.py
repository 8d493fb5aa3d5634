"""A number to be dragged, stepped by key or typed."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.glide import Glide, Hover
from visualnn.gui.widgets.numbers import ENTER, NumberEdit, write_number

HEIGHT = 32
HINT = "Drag, or double-click to type.  (↑ ↓, Enter)"
ARROWS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
LOG_KEY_STEPS = 5


@dataclass(frozen=True)
class Steps:
    """How a number moves: by `size`, or, where `is_log`, by the factor ``10 ** size``."""

    minimum: float = -math.inf
    maximum: float = math.inf
    size: float = 0.01
    is_log: bool = False
    is_whole: bool = False

    def moved(self, value: float, steps: float) -> float:
        """`value` after so many steps, tidily rounded and within the limits."""
        if self.is_log:
            digits = 3 if steps % 1 else 2
            result = float(f"{max(value, 1e-12) * 10 ** (self.size * steps):.{digits}g}")
        else:
            result = round(value + self.size * steps, max(0, 1 - math.floor(math.log10(self.size))))
        return self.within(result)

    def within(self, value: float) -> float:
        """`value`, or the limit that it oversteps."""
        value = min(max(value, self.minimum), self.maximum)
        return float(round(value)) if self.is_whole else value


def speed(modifiers: Qt.KeyboardModifier) -> float:
    """Shift is ten times finer, Ctrl ten times coarser."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return 0.1
    return 10.0 if modifiers & Qt.KeyboardModifier.ControlModifier else 1.0


class NumberField(KeyboardFocus, Hover, QWidget):
    """Shows a number; `edited` while it moves, `committed` with the values before and after, once, when it rests.

    `finished` ends every gesture, also one that changed nothing or was broken off.
    """

    edited = Signal(float)
    committed = Signal(float, float)
    finished = Signal()

    own_keys = frozenset({*ARROWS, *ENTER})

    def __init__(self, value: float, steps: Steps | None = None, parent: QWidget | None = None, *, name="", width=None):
        super().__init__(parent)
        self._steps, self._width = steps or Steps(), width
        self._value, self._before = float(value), None
        self._press_x, self._travel = None, 0.0
        self._trouble, self._hint = "", HINT
        self._glide, self._edit = Glide(self), None
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(
            QSizePolicy.Policy.Fixed if width else QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed
        )
        self.setAccessibleName(name)
        self.setToolTip(self._hint)
        self._announce()

    def value(self) -> float:
        """The number shown."""
        return self._value

    def set_value(self, value: float) -> None:
        """Shows another number, without a signal.  While the user moves it, the user's stays."""
        if self._before is None:
            self._value = float(value)
            self._announce()

    def set_hint(self, sentence: str) -> None:
        """What this number is, as the tooltip, before how it is set."""
        self._hint = f"{sentence}\n{HINT}" if sentence else HINT
        self.setToolTip(self._trouble or self._hint)

    def set_trouble(self, sentence: str) -> None:
        """A red edge and a tooltip that says what this number did; "" takes them away."""
        self._trouble = sentence
        self.setToolTip(sentence or self._hint)
        self.update()

    def text(self) -> str:
        """The number as it is written in the field."""
        return write_number(self._value)

    def editor(self) -> NumberEdit | None:
        """The field for typing, while there is one."""
        return self._edit

    def _announce(self) -> None:
        self.setAccessibleDescription(self.text())
        self.update()

    # ----------------------------------------------------------------------------------------------------- one gesture

    def _move_by(self, steps: float, start: float) -> None:
        value = self._steps.moved(start, steps)
        if value != self._value:
            self._value = value
            self._announce()
            self.edited.emit(value)

    def _rest(self) -> None:
        before, self._before, self._press_x = self._before, None, None
        if before is not None and before != self._value:
            self.committed.emit(before, self._value)
        if before is not None:
            self.finished.emit()

    def _restore(self) -> None:
        before, self._before, self._press_x = self._before, None, None
        if before is not None and before != self._value:
            self._value = before
            self._announce()
            self.edited.emit(before)
        self.finished.emit()

    # ---------------------------------------------------------------------------------------------------------- events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press_x, self._travel = event.globalPosition().x(), 0.0
            self._before = self._value

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press_x is None or self._before is None:
            return
        x = event.globalPosition().x()
        self._travel += (x - self._press_x) * speed(event.modifiers())
        self._press_x = x
        self._move_by(self._travel, self._before)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._rest()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.start_typing()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS:
            self._before = self._value if self._before is None else self._before
            steps = ARROWS[event.key()] * speed(event.modifiers()) * (LOG_KEY_STEPS if self._steps.is_log else 1)
            self._move_by(steps, self._value)
        elif event.key() == Qt.Key.Key_Escape and self._before is not None:
            self._restore()
        elif event.key() in ENTER:
            self.start_typing()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS and not event.isAutoRepeat():
            self._rest()
        else:
            super().keyReleaseEvent(event)

    def owns(self, event: QKeyEvent) -> bool:
        busy = self._before is not None and event.key() == Qt.Key.Key_Escape
        return event.key() in self.own_keys or busy

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        if self._press_x is None:
            self._rest()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        if self._edit is not None:
            self._edit.setGeometry(self.rect())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.update()

    # ---------------------------------------------------------------------------------------------------------- typing

    def start_typing(self) -> None:
        """Lets the number be typed."""
        self._restore()
        if self._edit is None:
            self._edit = NumberEdit(self, self._steps.minimum, self._steps.maximum)
            self._edit.committed.connect(self._on_typed)
            self._edit.cancelled.connect(self._stop_typing)
            self._edit.moved.connect(self._on_moved)
        self._edit.setGeometry(self.rect())
        self._edit.setText(write_number(self._value, 12))
        self._edit.selectAll()
        self._edit.show()
        self._edit.setFocus(Qt.FocusReason.PopupFocusReason)  # the ring comes back with the focus

    def _on_typed(self, value: float) -> None:
        self._stop_typing()
        self._before = self._value
        self._value = self._steps.within(value)
        self._announce()
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

    # -------------------------------------------------------------------------------------------------------- painting

    def sizeHint(self) -> QSize:
        return QSize(self._width or 150, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width or 72, HEIGHT)

    def paintEvent(self, _event) -> None:
        enabled = self.isEnabled()
        box = QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            if self._trouble:
                painter.setPen(QPen(theme.color("bad"), 1.2))
                box = box.adjusted(0.6, 0.6, -0.6, -0.6)
            fill = theme.mix("raised", "hover", self._glide.value if enabled else 0)
            painter.setBrush(theme.pressed(fill) if self._press_x is not None else fill)
            painter.drawRoundedRect(box, 8, 8)
            text = theme.elided(self.text(), self.width() - 44, 13, 500)
            theme.draw_text(painter, 12, self.height() / 2, text, 13, 500, "text" if enabled else "text3")
            ink = "text2" if enabled else "line2"
            theme.draw_icon(painter, "move-horizontal", self.width() - 17, self.height() / 2, 15, ink)
