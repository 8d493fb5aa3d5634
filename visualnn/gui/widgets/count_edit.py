"""The field in which a number of neurons is typed, and what such a number may be."""

import math
import re

from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.numbers import InlineEditor, NumberError, read_number

GROUPED = r"[0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+"


def read_count(text: str, low: int, high: int) -> int:
    """The whole number in `text`; "1,000" is a thousand here, as it is written on the stage."""
    plain = "".join(text.split())
    count = float(plain.replace(",", "")) if re.fullmatch(GROUPED, plain) else read_number(text)
    if math.isfinite(count) and count != int(count):
        raise NumberError(f"“{text.strip()}” is not a whole number.")
    if not low <= count <= high:
        raise NumberError(limits(low, high))
    return int(count)


def limits(low: int, high: int) -> str:
    """The sentence for a number of neurons that no layer can have."""
    return f"A layer can have {low:,} to {high:,} neurons."


class CountEdit(InlineEditor):
    """Lies over the number of neurons while it is typed, and goes where that goes."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self._low, self._high, self._letters = 1, 1, 13.0

    def set_range(self, low: int, high: int) -> None:
        """Takes numbers from `low` to `high`."""
        self._low, self._high = low, high

    def cover(self, size: QSize, scale: float) -> None:
        """Will be large enough to hide what is written beneath, in letters of its size."""
        self._letters = 13 * scale
        self.setFont(theme.font(self._letters, 500))
        self.NARROWEST, self.HEIGHT = max(CountEdit.NARROWEST, size.width()), max(CountEdit.HEIGHT, size.height())
        self.WIDEST = max(CountEdit.WIDEST, size.width())

    def _needed(self) -> int:
        return math.ceil(theme.text_width(self.text(), self._letters, 500)) + self.BESIDE

    def commit(self) -> bool:
        try:
            count = read_count(self.text(), self._low, self._high)
        except NumberError as problem:
            self._mark(str(problem))
            return False
        self._mark("")
        self.committed.emit(count)
        return True

    def move_to(self, middle: QPoint) -> None:
        """Stands around another point, as wide as it is."""
        self._middle = middle
        self.setGeometry(self._box(self.width()))
