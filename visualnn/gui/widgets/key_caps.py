"""Keys as the system writes them, and drawn as the caps of a keyboard."""

import sys

from PySide6.QtCore import QRectF
from PySide6.QtGui import QKeySequence, QPainter, QPen

from visualnn.gui import theme

HEIGHT = 20
GAP = 4


def written(key: str) -> str:
    """A key by its name in Qt, as the system writes it: “Ctrl+Z” is ⌘Z on a Mac, which has ⌘ for Ctrl."""
    if sys.platform != "darwin":
        return key
    native = QKeySequence.SequenceFormat.NativeText
    return "⌘" if key == "Ctrl" else QKeySequence(key).toString(native) or key


def caps(keys: str) -> list[str]:
    """The single keys of "Ctrl+Shift+Z" or "Ctrl K"; a "+" at the end is a key itself."""
    return [cap for word in keys.split() for cap in _caps_of_word(word)]


def _caps_of_word(word: str) -> list[str]:
    held, plus, _ = word.rpartition("+") if word.endswith("+") else (word, "", "")
    return [cap for cap in held.split("+") if cap] + ([plus] if plus else [])


def _width(cap: str) -> float:
    return max(HEIGHT, theme.text_width(cap, 11, 500) + 12)


def caps_width(keys: str) -> float:
    """How wide `draw_caps` draws them."""
    widths = [_width(cap) for cap in caps(keys)]
    return sum(widths) + GAP * max(len(widths) - 1, 0)


def draw_caps(painter: QPainter, right: float, y: float, keys: str) -> None:
    """Draws the caps so that the last ends at `right`, centred at `y`."""
    x = right - caps_width(keys)
    for cap in caps(keys):
        width = _width(cap)
        painter.setPen(QPen(theme.color("line2"), 1))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(QRectF(x + 0.5, y - HEIGHT / 2 + 0.5, width - 1, HEIGHT - 1), 5, 5)
        theme.draw_text(painter, x + width / 2, y, cap, 11, 500, "text2", "c")
        x += width + GAP
