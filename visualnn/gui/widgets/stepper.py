"""How many neurons a layer has: one fewer, the number itself to be typed, one more."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import ENTER, Button
from visualnn.gui.widgets.count_edit import CountEdit, limits
from visualnn.gui.widgets.hit_area import HitArea, high, wide
from visualnn.gui.widgets.numbers import MINUS

SIGN = 32  # px: where a sign is hit, from the edge of the control
NARROWEST = 84  # px, the pill
BESIDE = 30  # px from the end of the pill to the number, at least
ICON_IN, ICON, SPOT = 15, 14, 20  # the sign from the end of the pill, its size, the disc behind it
REPEAT_DELAY_MS, REPEAT_MS = 400, 80
STEPS = {
    Qt.Key.Key_Plus: 1,
    Qt.Key.Key_Equal: 1,  # the same key as +, without Shift
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Minus: -1,
    Qt.Key.Key_Down: -1,
}
DIGITS = frozenset(Qt.Key(Qt.Key.Key_0 + digit) for digit in range(10))


@lru_cache(maxsize=512)
def stepper_width(value: int, scale: float = 1.0) -> int:
    """How wide the stepper of a number is, in pixels."""
    number = theme.text_width(f"{value:,}", 13 * scale, 600)
    return wide(max(NARROWEST * scale, number + 2 * BESIDE * scale), Stepper, scale)


class Stepper(HitArea, QWidget):
    """The pill "− 8 +".  It shows what it was given and only asks for other numbers.

    A held sign repeats, but a layer is removed by a press of its own.
    """

    value_requested = Signal(int)
    removal_requested = Signal()

    own_keys = frozenset({*STEPS, *ENTER, *DIGITS})

    def __init__(self, parent: QWidget | None = None, *, name: str = "Neurons"):
        super().__init__(parent)
        self._value, self._low, self._high, self._removes = 1, 1, 100_000, False
        self._edit: CountEdit | None = None
        self.minus, self.plus = _Part("One neuron fewer", MINUS, self), _Part("One neuron more", "+", self)
        self.number = _Part("Type how many neurons", "Enter", self)
        for sign, slot in ((self.minus, self._on_minus), (self.plus, self._on_plus)):
            sign.repeat()
            sign.clicked.connect(slot)
        self.number.setCursor(Qt.CursorShape.IBeamCursor)
        self.number.clicked.connect(self.start_typing)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self._tell()

    # ----------------------------------------------------------------------------------------------------- values down

    def value(self) -> int:
        """The number shown."""
        return self._value

    def set_value(self, value: int) -> None:
        """Shows another number, without a signal."""
        if value == self._value:
            return
        self._value = value
        if value <= self._low:
            self.minus.setDown(False)  # a held minus ends here
        self.updateGeometry()
        self._tell()

    def set_range(self, low: int, high: int) -> None:
        """Asks for numbers from `low` to `high` only."""
        if (low, high) != (self._low, self._high):
            self._low, self._high = low, high
            self._tell()

    def set_removes(self, removes: bool) -> None:
        """Lets the minus ask for the layer to be removed where no neuron can be."""
        if removes != self._removes:
            self._removes = removes
            self._tell()

    def _tell(self) -> None:
        at_end = self._value <= self._low
        self.minus.set_hint("Remove layer" if at_end and self._removes else "One neuron fewer")
        self.minus.set_enabled(not at_end or self._removes, limits(self._low, self._high))
        self.plus.set_enabled(self._value < self._high, limits(self._low, self._high))
        self.setAccessibleDescription(f"{self._value:,}")
        self.update()

    # --------------------------------------------------------------------------------------------------------- wishes

    def _on_minus(self) -> None:
        self._step(-1, removes=self._removes)

    def _on_plus(self) -> None:
        self._step(1)

    def _step(self, by: int, *, removes: bool = False) -> None:
        wanted = self._value + by
        if self._low <= wanted <= self._high:
            self.value_requested.emit(wanted)
        elif removes and wanted < self._low:
            self.removal_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not self.owns(event):
            super().keyPressEvent(event)
        elif key in STEPS:
            fresh = key == Qt.Key.Key_Minus and not event.isAutoRepeat()
            self._step(STEPS[key], removes=self._removes and fresh)
        else:
            self.start_typing(event.text() if key in DIGITS else "")

    def mousePressEvent(self, event) -> None:
        event.accept()  # not for the stage beneath, also where a sign is disabled

    def mouseMoveEvent(self, event) -> None:
        event.accept()

    def mouseReleaseEvent(self, event) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event) -> None:
        event.accept()

    # ---------------------------------------------------------------------------------------------------------- typing

    def start_typing(self, text: str = "") -> None:
        """Lets the number be typed in place, beginning with `text` or with what it is."""
        if self._edit is None:
            self._edit = CountEdit(self.parentWidget() or self)
            self._edit.committed.connect(self._on_typed)
            self._edit.moved.connect(self._on_moved)
        self._edit.set_range(self._low, self._high)
        self._edit.cover(self.body().size().toSize(), self.scale)
        self._edit.open_at(self.geometry().center(), self._value, self.accessibleName())
        if text:
            self._edit.setText(text)

    def stop_typing(self) -> None:
        """Gives up what was being typed."""
        if self.is_typing():
            self._edit.cancelled.emit()

    def finish_typing(self) -> None:
        """Asks for the number that was being typed, if it is one."""
        if self.is_typing() and not self._edit.commit():
            self.stop_typing()

    def is_typing(self) -> bool:
        """Whether its editor is open."""
        return self._edit is not None and not self._edit.isHidden()

    def editor(self) -> CountEdit | None:
        """The field for typing, once there was one."""
        return self._edit

    def _on_typed(self, value: float) -> None:
        if int(value) != self._value:
            self.value_requested.emit(int(value))

    def _on_moved(self, direction: int) -> None:
        self.setFocus(Qt.FocusReason.TabFocusReason)
        self.focusNextPrevChild(direction > 0)

    def stand_at(self, middle: QPointF) -> None:
        super().stand_at(middle)
        if self.is_typing():
            self._edit.move_to(self.geometry().center())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.stop_typing()

    # -------------------------------------------------------------------------------------------------------- painting

    def sizeHint(self) -> QSize:
        return QSize(stepper_width(self._value, self.scale), high(Stepper, self.scale))

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        sign = round(SIGN * self.scale)
        self.minus.setGeometry(0, 0, sign, self.height())
        self.plus.setGeometry(self.width() - sign, 0, sign, self.height())
        self.number.setGeometry(QRect(sign, 0, self.width() - 2 * sign, self.height()))

    def paintEvent(self, _event) -> None:
        body = self.body()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("line"), 1))
            painter.setBrush(theme.color("panel"))
            painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), body.height() / 2, body.height() / 2)
            inside = ICON_IN * self.scale
            self._paint_sign(painter, self.minus, "minus", QPointF(body.left() + inside, body.center().y()))
            self._paint_sign(painter, self.plus, "plus", QPointF(body.right() - inside, body.center().y()))
            self._paint_number(painter, body)

    def _paint_sign(self, painter: QPainter, sign: "_Part", icon: str, at: QPointF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(sign.ground())
        radius = SPOT / 2 * self.scale
        painter.drawEllipse(at, radius, radius)
        theme.draw_icon(painter, icon, at.x(), at.y(), ICON * self.scale, sign.ink("text2"))

    def _paint_number(self, painter: QPainter, body: QRectF) -> None:
        size, middle = 13 * self.scale, body.center()
        width = theme.draw_text(painter, middle.x(), middle.y(), f"{self._value:,}", size, 600, "text", "c")
        if self.number.underMouse():
            painter.setPen(QPen(theme.color("text3"), 1, Qt.PenStyle.DotLine))
            y = middle.y() + round(8 * self.scale) + 0.5
            painter.drawLine(QPointF(middle.x() - width / 2, y), QPointF(middle.x() + width / 2, y))


class _Part(Button):
    """A part of the pill that can be clicked.  The pill paints it, and has the focus for it."""

    def __init__(self, name: str, key: str, parent: Stepper):
        super().__init__(name, key, parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def repeat(self) -> None:
        """Clicks on while it is held."""
        self.setAutoRepeat(True)
        self.setAutoRepeatDelay(REPEAT_DELAY_MS)
        self.setAutoRepeatInterval(REPEAT_MS)

    def ground(self) -> theme.Ink:
        """What lies behind its sign."""
        return self._faded("hover")

    def ink(self, rest: theme.Ink) -> theme.Ink:
        """The colour of its sign, `rest` while nothing is on it."""
        return theme.mix(rest, "text", self._glide.value) if self.isEnabled() else "line2"

    def paintEvent(self, _event) -> None:
        """Nothing: `Stepper` paints."""
