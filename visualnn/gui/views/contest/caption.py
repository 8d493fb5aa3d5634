"""The sentence at the foot of the page: what this picture is, and what it is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.card import wrapped

PADDING, ICON, INDENT, TOP, LINE, BOTTOM, MOST = 24, 16, 28, 18, 19, 18, 12


class Caption(QWidget):
    """An icon and as many lines as the text takes."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._text = ""
        self._lines: list[str] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._fit()

    def say(self, text: str) -> None:
        """Another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self._fit()

    def text(self) -> str:
        """What it says."""
        return self._text

    def _fit(self) -> None:
        self._lines = wrapped(self._text, self.width() - 2 * PADDING - INDENT, 13, 400, most=MOST)
        self.setFixedHeight(TOP + LINE * len(self._lines) + BOTTOM if self._lines else 0)
        self.update()

    def resizeEvent(self, _event: QEvent) -> None:
        self._fit()

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme.draw_icon(painter, "info", PADDING + ICON / 2, TOP + LINE / 2, ICON, "text2")
            for index, line in enumerate(self._lines):
                theme.draw_text(painter, PADDING + INDENT, TOP + LINE * (index + 0.5), line, 13, 400, "text2")
