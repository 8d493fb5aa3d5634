"""A switch with its name, and beneath it what it does."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import Button
from visualnn.gui.widgets.card import wrapped

HEIGHT, LINE = 32, 16
WIDE, HIGH = 36, 20  # of the switch


class Toggle(Button):
    """On or off; `toggled` tells of every change, as Qt's own buttons do."""

    def __init__(self, label: str, sentence: str = "", parent: QWidget | None = None):
        super().__init__(label, "Space", parent)
        self._label, self._sentence = label, sentence
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setToolTip(sentence.replace("\n", " "))
        self.setAccessibleDescription(sentence.replace("\n", " "))

    def set_on(self, on: bool) -> None:
        """Shows it on or off, without a signal."""
        blocked = self.blockSignals(True)
        self.setChecked(on)
        self.blockSignals(blocked)
        self.update()

    def _lines(self) -> list[str]:
        return lines_of(self._sentence, self.width() or 304)

    def heightForWidth(self, width: int) -> int:
        return HEIGHT + (LINE * len(lines_of(self._sentence, width)) + 4 if self._sentence else 0)

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(304, self.heightForWidth(self.width() if self.width() > 200 else 304))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = theme.mix("text2", "text", self._glide.value) if self.isEnabled() else theme.color("text3")
            theme.draw_text(painter, 0, HEIGHT / 2, self._label, 13, 450, ink)
            self._paint_switch(painter, QRectF(self.width() - WIDE, (HEIGHT - HIGH) / 2, WIDE, HIGH))
            for index, line in enumerate(self._lines()):
                theme.draw_text(painter, 0, HEIGHT + 5 + index * LINE, line, 12, 400, "text3")

    def _paint_switch(self, painter: QPainter, box: QRectF) -> None:
        on = self.isChecked()
        painter.setPen(Qt.PenStyle.NoPen if on else QPen(theme.color("line3"), 1))
        painter.setBrush(self._toned("accent", theme.mix("accent", "text", 0.16)) if on else theme.color("raised"))
        inner = box if on else box.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(inner, inner.height() / 2, inner.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("onaccent" if on else "line3"))
        painter.drawEllipse(
            QPointF(box.right() - HIGH / 2 if on else box.left() + HIGH / 2, box.center().y()), 6.5, 6.5
        )


def lines_of(text: str, width: float) -> list[str]:
    """Every sentence of a text, which end with their lines, in at most two lines."""
    return [line for sentence in text.splitlines() for line in wrapped(sentence, width, 12)]
