"""Says what is where the knob is while it is dragged."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.shadow import DROP, REACH, draw_shadow
from visualnn.gui.widgets.transport import Scrubber

HEIGHT, RADIUS, PADDING = 32, 8, 12
MOST_WIDTH = 420  # px of the text
MARGIN = 8  # px to the edges of the host, and above the knob
SIZE, WEIGHT = 13, 500


class Bubble(QWidget):
    """One line above the knob of a scrubber, inside `host`, only while the knob is held.

    `describe` gives the words for a position; without it, or where it has none, there is no bubble.
    """

    def __init__(self, scrubber: Scrubber, host: QWidget):
        super().__init__(host)
        self._scrubber = scrubber
        self._text = ""
        self.describe: Callable[[int], str] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        scrubber.scrub_started.connect(self._on_dragged)
        scrubber.scrubbed.connect(self._on_dragged)
        scrubber.scrub_finished.connect(self.hide)

    def text(self) -> str:
        """What it says."""
        return self._text

    def _on_dragged(self) -> None:
        if not self._scrubber.isSliderDown():
            return
        words = self.describe(self._scrubber.position()) if self.describe is not None else ""
        self._text = theme.elided(words, MOST_WIDTH, SIZE, WEIGHT)
        self.setVisible(bool(words))
        if words:
            self._place()
            self.raise_()
            self.update()

    def _place(self) -> None:
        host = self.parentWidget()
        knob = self._scrubber.mapTo(host, self._scrubber.knob().toPoint())
        width = round(theme.text_width(self._text, SIZE, WEIGHT)) + 2 * PADDING
        left = min(max(knob.x() - width // 2, MARGIN), host.width() - width - MARGIN)
        top = self._scrubber.mapTo(host, QPoint(0, 0)).y() - HEIGHT - MARGIN
        self.setGeometry(left - REACH, top - REACH, width + 2 * REACH, HEIGHT + 2 * REACH + DROP)

    def paintEvent(self, _event: object) -> None:
        box = QRectF(self.rect()).adjusted(REACH, REACH, -REACH, -REACH - DROP)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_shadow(painter, box, RADIUS)
            painter.setPen(QPen(theme.color("line2"), 1))
            painter.setBrush(theme.color("raised"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
            theme.draw_text(painter, box.center().x(), box.center().y(), self._text, SIZE, WEIGHT, "text", "c")
