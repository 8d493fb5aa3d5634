"""Numbers as people type and read them, and the field that takes one."""

import math
import re
from decimal import Decimal

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.focus import give_back_focus
from visualnn.nn.errors import VisualNNError

MINUS = "−"
SMALLEST = 1e-6  # that is written without an exponent
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
LEAVING = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class NumberError(VisualNNError):
    """A text that is not the number that was asked for."""


def read_number(text: str, minimum: float = -math.inf, maximum: float = math.inf) -> float:
    """The number in `text`: "−0.5", "0,5", "1e-3" and "1,000.5" are understood."""
    value = _parse(text)
    if value < minimum:
        raise NumberError(f"The smallest number here is {write_number(minimum)}.")
    if value > maximum:
        raise NumberError(f"The largest number here is {write_number(maximum)}.")
    return value


def _parse(text: str) -> float:
    plain = re.sub(r"\s", "", text).replace(MINUS, "-").replace("–", "-")
    if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", plain):
        raise NumberError(f"Is {plain} meant with a decimal point, {plain.replace(',', '.')}, or not?")
    plain = plain.replace(",", "") if "." in plain else plain.replace(",", ".")
    try:
        value = float(plain) if "_" not in plain else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise NumberError(f"“{text.strip()}” is not a number." if text.strip() else "Type a number.")
    return value


def write_number(value: float, digits: int = 6) -> str:
    """`value` with at most `digits` digits and a true minus sign; without an exponent down to `SMALLEST`."""
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{Decimal(text):f}" if SMALLEST <= abs(value) < 1 else f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS)


class NumberEdit(QLineEdit):
    """Takes a number: Enter commits, Esc cancels, Tab commits and asks for the next one.

    A text that is no number gets a red edge and a sentence, and stays.
    """

    committed = Signal(float)
    cancelled = Signal()
    moved = Signal(int)

    def __init__(self, parent: QWidget, minimum: float = -math.inf, maximum: float = math.inf):
        super().__init__(parent)
        self._minimum, self._maximum = minimum, maximum
        self.setFont(theme.font(13, 500))
        self.textEdited.connect(self._on_edited)

    def is_wrong(self) -> bool:
        """Whether it shows a red edge."""
        return bool(self.property("wrong"))

    def commit(self) -> bool:
        """Sends the number off, or says what is wrong with it."""
        try:
            value = read_number(self.text(), self._minimum, self._maximum)
        except NumberError as problem:
            self._mark(str(problem))
            return False
        self._mark("")
        self.committed.emit(value)
        return True

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            if self.commit():
                self.moved.emit(1 if event.key() == Qt.Key.Key_Tab else -1)
            return True
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.commit()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in LEAVING and self.isVisible() and not self.commit():
            self.cancelled.emit()

    def _on_edited(self, _text: str) -> None:
        self._mark("")

    def _mark(self, sentence: str) -> None:
        if sentence:
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), sentence, self)
        if bool(sentence) == self.is_wrong():
            return
        self.setProperty("wrong", bool(sentence))
        self.setToolTip(sentence)
        self.setAccessibleDescription(sentence)
        self.style().unpolish(self)
        self.style().polish(self)


class InlineEditor(NumberEdit):
    """A pill to lie over a number on the stage while it is typed, as wide as that takes.  Hides when done."""

    NARROWEST, WIDEST, HEIGHT = 92, 220, 32
    BESIDE = 32  # px around the text: edge, padding, caret
    MARGIN = 4

    def __init__(self, parent: QWidget, minimum: float = -math.inf, maximum: float = math.inf):
        super().__init__(parent, minimum, maximum)
        self._last_focus: QWidget | None = None
        self._middle = QPoint()
        self.setProperty("kind", "pill")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()
        self.textEdited.connect(self._grow)
        self.committed.connect(self._close)
        self.cancelled.connect(self._close)

    def open_at(self, middle: QPoint, value: float, name: str = "") -> None:
        """Shows itself around `middle` with `value` selected, ready to be typed over."""
        if not self.hasFocus():
            self._last_focus = self.window().focusWidget()
        self._middle = middle
        self._mark("")
        self.setAccessibleName(name)
        self.setText(write_number(value, 12))
        self.setGeometry(self._box(self._needed()))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.end(False)
        self.home(True)  # all selected, and the beginning to be seen if there is more than fits

    def _needed(self) -> int:
        return math.ceil(theme.text_width(self.text(), 13, 500)) + self.BESIDE

    def _box(self, width: int) -> QRect:
        """So wide, within the limits, around the middle and inside the parent."""
        inside = self.parentWidget().rect().adjusted(self.MARGIN, 0, -self.MARGIN, 0)
        box = QRect(0, 0, min(max(width, self.NARROWEST), self.WIDEST, inside.width()), self.HEIGHT)
        box.moveCenter(self._middle)
        box.moveLeft(max(inside.left(), min(box.left(), inside.right() + 1 - box.width())))
        return box

    def _grow(self, _text: str) -> None:
        self.setGeometry(self._box(max(self.width(), self._needed())))

    def _close(self, _value: float = 0.0) -> None:
        if self.hasFocus():
            give_back_focus(self._last_focus, self)
        self.hide()
