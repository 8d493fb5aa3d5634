"""A line at the bottom of the stage that goes away by itself: "Layer removed. Undo". A long one becomes several."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.card import wrapped
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.glide import Glide
from visualnn.gui.widgets.shadow import DROP, REACH, draw_shadow

HEIGHT = 40  # with one line
LINE, MOST_LINES, WIDEST = 18, 6, 640  # px from one line to the next; lines; px of a toast that has several
PADDING = 16
GAP = 14
SHOWN_MS, READING_MS = 6000, 70  # at least, and a letter
FADE_MS = 160
ACTION_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Toast(KeyboardFocus, QWidget):
    """Floats over `host`, one at a time: a newer one takes the place of the older."""

    action_triggered = Signal()
    closed = Signal()

    ring_radius = 10 + REACH
    own_keys = frozenset({*ACTION_KEYS, Qt.Key.Key_Escape})

    def __init__(self, host: QWidget, bottom_margin: int = 84):
        super().__init__(host)
        self._text, self._action, self._callback = "", "", None
        self._lines: list[str] = []
        self._bottom_margin = bottom_margin
        self._over: QWidget | None = None
        self._glide = Glide(self, FADE_MS)
        self._glide.finished.connect(self._on_faded)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.dismiss)
        self.hide()
        host.installEventFilter(self)

    def say(self, text: str, action: str = "", callback: Callable[[], None] | None = None) -> None:
        """Shows `text`, and `action` as a word to click; the click calls `callback` and emits `action_triggered`."""
        self._text, self._action, self._callback = text, action, callback
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if action else Qt.FocusPolicy.NoFocus)
        self._place()
        self.raise_()
        self.show()
        self._glide.go(1)
        self._timer.start(self.shown_ms)
        announce(self, f"{text} {action}".strip())
        self.update()

    def stand_over(self, widget: QWidget | None, bottom_margin: int) -> None:
        """Stands in the middle of a part of the host, None for that of the whole, so many px from below."""
        self._over, self._bottom_margin = widget, bottom_margin

    def text(self) -> str:
        """What is said; "" when nothing is."""
        return self._text

    @property
    def lines(self) -> list[str]:
        """The same as it is written there."""
        return self._lines

    @property
    def shown_ms(self) -> int:
        """How long it stays: as long as it takes to be read."""
        return max(SHOWN_MS, READING_MS * len(self._text))

    def dismiss(self) -> None:
        """Fades out."""
        self._timer.stop()
        self._glide.go(0)
        self._on_faded()

    def withdraw(self) -> None:
        """Is gone at once, also under the pointer: what it tells of is gone."""
        self._timer.stop()
        self._glide.stop()
        self._glide.value = 0.0
        self._on_faded()

    def is_waiting(self) -> bool:
        """Whether its time is running: not while the pointer is on it."""
        return self._timer.isActive()

    def trigger(self) -> None:
        """What a click on the action does."""
        callback, action = self._callback, self._action
        self.dismiss()
        if action:
            if callback is not None:
                callback()
            self.action_triggered.emit()

    def _on_faded(self) -> None:
        if self._glide.value == 0 and not self.isHidden():
            self._text, self._callback = "", None
            self.clearFocus()
            self.hide()
            self.closed.emit()

    def _place(self) -> None:
        host = self.parentWidget()
        over = self._over or host
        beside = 2 * PADDING + self._action_width()
        room = over.width() - 16 - beside
        if theme.text_width(self._text, 13, 500) > room:
            room = min(room, WIDEST - beside)
        self._lines = wrapped(self._text, room + 1, 13, 500, most=MOST_LINES)
        width = round(max((theme.text_width(line, 13, 500) for line in self._lines), default=0.0) + beside) + 2 * REACH
        bottom, height = host.height() - self._bottom_margin, self._height()
        left = over.mapTo(host, QPoint(0, 0)).x() if over is not host else 0
        self.setGeometry(left + (over.width() - width) // 2, bottom - height - REACH, width, height + 2 * REACH + DROP)

    def _height(self) -> int:
        return HEIGHT + LINE * (len(self._lines) - 1)

    def _action_width(self) -> float:
        """Of its word and the gap before it."""
        return theme.text_width(self._action, 13, 600) + GAP if self._action else 0

    def _action_rect(self) -> QRectF:
        """Where a click means the action."""
        if not self._action:
            return QRectF()
        width = theme.text_width(self._action, 13, 600)
        return QRectF(
            self.width() - REACH - PADDING - width - GAP / 2, REACH, width + GAP / 2 + PADDING, self._height()
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def enterEvent(self, event) -> None:
        super().enterEvent(event)
        if self._text:
            self._glide.go(1)
            self._timer.stop()

    def leaveEvent(self, event) -> None:
        super().leaveEvent(event)
        self.unsetCursor()
        if self._text:
            self._timer.start(self.shown_ms)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        inside = self._action_rect().contains(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if inside else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._action_rect().contains(event.position()):
            self.trigger()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ACTION_KEYS:
            self.trigger()
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event) -> None:
        box = QRectF(REACH, REACH, self.width() - 2 * REACH, self._height())
        middle, first = box.center().y(), box.top() + HEIGHT / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(self._glide.value)
            draw_shadow(painter, box, 10)
            painter.setPen(QPen(theme.color("line2"), 1))
            painter.setBrush(theme.color("raised"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
            for number, line in enumerate(self._lines):
                theme.draw_text(painter, box.left() + PADDING, first + number * LINE, line, 13, 500)
            theme.draw_text(painter, box.right() - PADDING, middle, self._action, 13, 600, "accent", "r")
