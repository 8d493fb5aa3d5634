"""The large panel of the start page: what this is, two buttons, and the adder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.clock import FrameClock
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.card import wrapped

if TYPE_CHECKING:
    from visualnn.gui.views.start.adder import LivingAdder

TITLE = ("Watch a network", "add 2 + 2.")
TEXT = "13 numbers, a few multiplications, and it almost gets 4. Follow every step, then train it yourself."
RADIUS = 20
LOW = 232  # below this height the title stands on one line


class Hero(QWidget):
    """Wide and high: as designed.  Narrow: the paragraph becomes narrower.  Low: the title becomes one line."""

    guide_requested = Signal()
    look_requested = Signal()

    def __init__(self, clock: FrameClock, parent: QWidget):
        super().__init__(parent)
        self.start_button = TextButton("Start here", "play", "hero", self, tooltip="Follow the first pass step by step")
        self.look_button = TextButton(
            "Just look around", None, "hero-secondary", self, tooltip="Open the adding network and try things out"
        )
        self.start_button.setAccessibleName("Start here")
        self.look_button.setAccessibleName("Just look around")
        self.start_button.clicked.connect(self._on_start_clicked)
        self.look_button.clicked.connect(self._on_look_clicked)
        self._clock = clock
        self.adder: LivingAdder | None = None  # until it comes alive
        self.setAccessibleName(" ".join(TITLE))
        self.setAccessibleDescription(TEXT)

    def come_alive(self) -> None:
        """The adder can compute from now on."""
        from visualnn.gui.views.start.adder import LivingAdder

        if self.adder is None:
            self.adder = LivingAdder(self._clock, self)
            self.adder.setGeometry(self._place_of_adder())
            self.adder.show()
            self.adder.appear()

    def _on_start_clicked(self) -> None:
        self.guide_requested.emit()

    def _on_look_clicked(self) -> None:
        self.look_requested.emit()

    @property
    def _is_low(self) -> bool:
        return self.height() < LOW

    @property
    def _left(self) -> int:
        return 44 if self.width() >= 1000 else 36

    def _text_width(self) -> int:
        return 380 if self.width() >= 1000 or self._is_low else 324

    def resizeEvent(self, _event) -> None:
        x, start, look = self._left, self.start_button.sizeHint(), self.look_button.sizeHint()
        share = min(max((self.height() - LOW) / (344 - LOW), 0.0), 1.0)
        bottom = round(self.height() - (22 + 6 * share)) - start.height()
        self.start_button.setGeometry(x, bottom, start.width(), start.height())
        self.look_button.setGeometry(x + start.width() + 14, bottom, look.width(), look.height())
        if self.adder is not None:
            self.adder.setGeometry(self._place_of_adder())

    def _place_of_adder(self) -> QRect:
        left = max(self._left + self._text_width() + 8, self.width() - 690)
        return QRect(left, 0, self.width() - left, self.height())

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("line"), 1))
            painter.setBrush(theme.color("panel"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
            self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        x = self._left
        if self._is_low:
            y = 46.0
            theme.draw_text(painter, x, y, " ".join(TITLE), 28, 700)
            self._paint_text(painter, y + 35, 15, 23)
            return
        size = 38 if self.height() >= 290 else 34
        y = 76 - (344 - self.height()) * 0.42
        theme.draw_text(painter, x, y, TITLE[0], size, 700)
        y += size * 1.27
        theme.draw_text(painter, x, y, TITLE[1], size, 700)
        wide = self._text_width() >= 380
        self._paint_text(painter, y + (48 if wide else size + 2), 16 if wide else 15, 24.8 if wide else 23)

    def _paint_text(self, painter: QPainter, y: float, size: int, line_height: float) -> None:
        for line in wrapped(TEXT, self._text_width(), size, most=4):
            theme.draw_text(painter, self._left, y, line, size, 400, "text2")
            y += line_height
