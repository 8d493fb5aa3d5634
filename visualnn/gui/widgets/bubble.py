"""A sentence that floats over the window at what is being dragged."""

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme

HEIGHT = 32
PADDING = 12
DISTANCE = 12
MARGIN = 8


class Bubble(QWidget):
    """Lies over the window of `owner`; the mouse does not notice it."""

    def __init__(self, owner: QWidget):
        super().__init__(owner.window())
        self._owner, self._text = owner, ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def text(self) -> str:
        """What it says."""
        return self._text

    def say(self, text: str, at: QPoint) -> None:
        """Shows `text` above the point `at` of the owner, inside the window."""
        if not text:
            self.hide()
            return
        window = self._owner.window()
        widest = window.width() - 2 * MARGIN
        self._text = theme.elided(text, widest - 2 * PADDING, 13, 500)
        width = min(round(theme.text_width(self._text, 13, 500)) + 2 * PADDING, widest)
        point = self._owner.mapTo(window, at)
        left = min(max(point.x() - width // 2, MARGIN), window.width() - MARGIN - width)
        self.setGeometry(left, point.y() - DISTANCE - HEIGHT, width, HEIGHT)
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("line2"), 1))
            painter.setBrush(theme.color("raised"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            theme.draw_text(painter, self.width() / 2, HEIGHT / 2, self._text, 13, 500, "text", "c")
