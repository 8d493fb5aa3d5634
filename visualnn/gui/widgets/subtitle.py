"""The one sentence that says what happens now."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QEasingCurve, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.glide import Glide

FADE_MS = 120
WEIGHT = 500
LEAST_SIZE = 15
LAST_SIZE = 9
LINE_HEIGHT = 1.35
MARGIN = 24

Part = str | tuple
"""A text, or (text, role or None[, weight or None])."""


@dataclass(frozen=True)
class Setting:
    """How a sentence is set: one or two lines of parts, and the size of their letters."""

    lines: tuple[tuple[Part, ...], ...]
    size: float


def set_sentence(parts: Sequence[Part], width: float, size: int) -> Setting:
    """Sets the sentence in one line, smaller if need be down to `LEAST_SIZE`, else in two: nothing is left out."""
    return _set(tuple(parts), width, size)


@lru_cache(maxsize=16)  # it is painted many times while it fades
def _set(parts: tuple[Part, ...], width: float, size: int) -> Setting:
    for each in range(size, LEAST_SIZE - 1, -1):
        if theme.runs_width(parts, each, WEIGHT) <= width:
            return Setting((tuple(parts),), each)
    lines = _halves(parts)
    for each in range(min(size, LEAST_SIZE + 2), LAST_SIZE, -1):
        if all(theme.runs_width(line, each, WEIGHT) <= width for line in lines):
            return Setting(lines, each)
    return Setting(lines, LAST_SIZE)


def _halves(parts: Sequence[Part]) -> tuple[tuple[Part, ...], ...]:
    """The sentence broken at the space that leaves the two lines most alike."""
    words = [word for part in parts for word in _words(part)]
    spaces = [index for index, (text, *_) in enumerate(words) if text.isspace()]
    if not spaces:
        return (tuple(parts),)
    cuts = [(tuple(words[:index]), tuple(words[index + 1 :])) for index in spaces]
    return min(cuts, key=lambda lines: max(theme.runs_width(line, LEAST_SIZE, WEIGHT) for line in lines))


def _words(part: Part) -> list[tuple]:
    text, *style = (part,) if isinstance(part, str) else part
    return [(word, *(style or [None])) for word in re.findall(r"[ \t]+|[^ \t]+", text)]


def plain(parts: Sequence[Part]) -> str:
    """The sentence without its colours."""
    return "".join(part if isinstance(part, str) else part[0] for part in parts)


class Subtitle(QWidget):
    """Shows one centred sentence and fades to the next."""

    def __init__(self, parent: QWidget | None = None, size: int = 20):
        super().__init__(parent)
        self._size = size
        self._parts: tuple[Part, ...] = ()
        self._old: tuple[Part, ...] = ()
        self._glide = Glide(self, FADE_MS, QEasingCurve.Type.Linear, 1.0)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: Sequence[Part], *, live: bool = False, aloud: bool = True) -> None:
        """Shows a sentence.  `live` for one that changes many times a second: no fade, and not read `aloud`."""
        parts = tuple(parts)
        if parts == self._parts:
            return
        fading = self._glide.state() == Glide.State.Running
        self._old, self._parts = self._parts, parts
        self._glide.stop()
        self._glide.value = 1.0 if live or fading else 0.0
        self._glide.go(1)
        self.update()  # the fade repaints only while it runs
        if live or not aloud:
            self.setAccessibleName(self.text())
        else:
            announce(self, self.text())

    def text(self) -> str:
        """The sentence without its colours."""
        return plain(self._parts)

    def set_size(self, size: int) -> None:
        """Chooses the size of the letters where there is room."""
        self._size = size
        self.updateGeometry()
        self.update()

    def setting(self) -> Setting:
        """How the sentence is set at this width."""
        return set_sentence(self._parts, self.width() - 2 * MARGIN, self._size)

    def sizeHint(self) -> QSize:
        return QSize(320, round(self._size * 2.8))

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for parts, opacity in ((self._old, 1 - self._glide.value), (self._parts, self._glide.value)):
                if parts and opacity > 0:
                    painter.setOpacity(opacity)
                    self._paint(painter, set_sentence(parts, self.width() - 2 * MARGIN, self._size))

    def _paint(self, painter: QPainter, setting: Setting) -> None:
        pitch = setting.size * LINE_HEIGHT
        y = self.height() / 2 - pitch * (len(setting.lines) - 1) / 2
        for line in setting.lines:
            theme.draw_runs(painter, self.width() / 2, y, line, setting.size, WEIGHT, align="c")
            y += pitch
