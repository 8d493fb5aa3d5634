"""A row of choices of which one is chosen: modes, granularities."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.focus import KeyboardFocus

HEIGHT = 32
INSET = 3
ICON_SPACE = 24
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class Segmented(KeyboardFocus, QWidget):
    """One of several labels is chosen, by click or by arrow key."""

    chosen = Signal(int)

    ring_radius = 9
    own_keys = frozenset({*STEPS, Qt.Key.Key_Home, Qt.Key.Key_End})

    def __init__(
        self, labels: Sequence[str], icons: Sequence[str] | None = None, parent: QWidget | None = None, *, pad=14
    ):
        super().__init__(parent)
        self._pad = pad
        self._index, self._hovered, self._down = 0, -1, -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.set_labels(labels, icons)

    def set_labels(self, labels: Sequence[str], icons: Sequence[str] | None = None) -> None:
        """Offers other choices; the chosen place stays if there still is one."""
        self._labels, self._icons = list(labels), list(icons or [])
        self._hints, self._reasons = [""] * len(labels), [""] * len(labels)
        space = 2 * self._pad + (ICON_SPACE if icons else 0)
        self._widths = [theme.text_width(label, 13, 550) + space for label in labels]
        self._index = min(self._index, len(labels) - 1)
        self._announce()
        self.updateGeometry()
        self.update()

    def set_pad(self, pad: int) -> None:
        """More or less room, in px, beside each label."""
        self._widths = [width + 2 * (pad - self._pad) for width in self._widths]
        self._pad = pad
        self.updateGeometry()
        self.update()

    def set_hints(self, hints: Sequence[str]) -> None:
        """The tooltip of each choice."""
        self._hints = list(hints)

    def set_choice_enabled(self, index: int, enabled: bool, reason: str = "") -> None:
        """Lets a choice be made or not; its tooltip says why not."""
        self._reasons[index] = "" if enabled else (reason or "Not available now.")
        self.update()

    def is_choice_enabled(self, index: int) -> bool:
        """Whether the choice can be made."""
        return not self._reasons[index]

    def count(self) -> int:
        """How many choices there are."""
        return len(self._labels)

    def index(self) -> int:
        """The chosen place."""
        return self._index

    def set_index(self, index: int) -> None:
        """Shows another choice as made, without a signal."""
        self._index = index
        self._announce()
        self.update()

    def choose(self, index: int) -> None:
        """What a click does: makes the choice and says so."""
        if index != self._index and self.is_choice_enabled(index):
            self.set_index(index)
            self.chosen.emit(index)

    def segment_rect(self, index: int) -> QRectF:
        """Where the choice is, in the widget."""
        return QRectF(INSET + sum(self._widths[:index]), INSET, self._widths[index], HEIGHT - 2 * INSET)

    def _announce(self) -> None:
        if self._labels:
            self.setAccessibleDescription(f"{self._labels[self._index]}, {self._index + 1} of {len(self._labels)}")

    def _segment_at(self, x: float) -> int:
        rects = (self.segment_rect(index) for index in range(len(self._labels)))
        return next((index for index, rect in enumerate(rects) if rect.left() <= x < rect.right()), -1)

    def sizeHint(self) -> QSize:
        return QSize(round(sum(self._widths) + 2 * INSET), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            self._show_tooltip(event)
            return True
        return super().event(event)

    def _show_tooltip(self, event) -> None:
        index = self._segment_at(event.pos().x())
        text = "" if index < 0 else self._reasons[index] or self._hints[index]
        area = self.segment_rect(index).toRect() if index >= 0 else self.rect()
        QToolTip.showText(event.globalPos(), text, self, area)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._segment_at(event.position().x())
        self.update()

    def leaveEvent(self, event) -> None:
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._down = self._segment_at(event.position().x())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index, down = self._segment_at(event.position().x()), self._down
        self._down = -1
        self.update()
        if index >= 0 and index == down:
            self.choose(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._labels) - 1
        ends = {Qt.Key.Key_Home: (0, 1), Qt.Key.Key_End: (last, -1)}
        if event.key() in STEPS:
            step = STEPS[event.key()]
            self._choose_from(self._index + step, step)
        elif event.key() in ends:
            self._choose_from(*ends[event.key()])
        else:
            super().keyPressEvent(event)

    def _choose_from(self, index: int, step: int) -> None:
        """Chooses the first choice from `index` on that can be made."""
        while 0 <= index < len(self._labels):
            if self.is_choice_enabled(index):
                self.choose(index)
                return
            index += step

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("raised"))
            painter.drawRoundedRect(self.rect(), 9, 9)
            for index in range(len(self._labels)):
                self._paint_segment(painter, index)

    def _paint_segment(self, painter: QPainter, index: int) -> None:
        rect = self.segment_rect(index)
        chosen = index == self._index
        if chosen:
            fill = theme.color("hover" if theme.current().is_dark else "panel")
            painter.setPen(QPen(theme.color("line2"), 1))
            painter.setBrush(theme.pressed(fill) if index == self._down else fill)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        ink = self._ink(index)
        x = rect.left() + self._pad
        if self._icons:
            theme.draw_icon(
                painter, self._icons[index], x + 8, HEIGHT / 2, 16, "accent" if chosen and self.isEnabled() else ink
            )
            x += ICON_SPACE
        theme.draw_text(painter, x, HEIGHT / 2, self._labels[index], 13, 550, ink)

    def _ink(self, index: int) -> theme.Ink:
        if not self.isEnabled() or not self.is_choice_enabled(index):
            return theme.mix("raised", "text3", 0.6)
        return "text" if index in (self._index, self._hovered) else "text2"
