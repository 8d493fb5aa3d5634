"""The step list: all steps of an update in a row over the transport, the present one in the middle."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEasingCurve, QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.glide import Glide
from visualnn.gui.widgets.key_caps import written
from visualnn.scene.chips import Chip, Chips

HEIGHT = 40
CHIP_HEIGHT, RADIUS = 26, 8
GAP, INSET = 8, 10  # between chips, and inside of one
VALUE_ROOM = 48  # px for “−1.83 ↑”
EDGE = 16
LABEL_GAP = 10  # around the name of a phase
SIZE = 12
SLIDE_MS = 160
MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
LEFT, RIGHT = written("Ctrl+Left"), written("Ctrl+Right")
HINT = f"{LEFT} and {RIGHT} read the steps one by one, Enter goes to the one that was read."


class StepsView(KeyboardFocus, QWidget):
    """Paints the chips that are to be seen and asks for none of the others; a click goes to a step."""

    scrubbed = Signal(int)  # step

    own_keys = frozenset(ENTER)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleDescription(HINT)
        self._chips: Chips | None = None
        self._now, self._done = -1, 0  # the lit chip, and how many steps are done
        self._cursor, self._hovered = 0, -1
        self._ringed = False
        self._width = 0  # of a chip
        self._glide = Glide(self, SLIDE_MS, QEasingCurve.Type.OutCubic)  # px the row is moved to the left

    # -- values down ---------------------------------------------------------------------------------------------

    @property
    def chips(self) -> Chips | None:
        """The row that is shown."""
        return self._chips

    def show_chips(self, chips: Chips) -> None:
        """Another row: another network or another question."""
        alike = self._chips is not None and self._chips.longest == chips.longest and len(self._chips) == len(chips)
        self._chips = chips
        if not alike:
            self._width = round(theme.text_width(chips.longest, SIZE, 500)) + 2 * INSET
            self._width += VALUE_ROOM if chips.singly else 0
            self._hovered = -1
        self.update()

    def show_moment(self, number: int, done: int) -> None:
        """The step that is going on or has just been done, and how many are done."""
        if self._chips is None:
            return
        before, self._now, self._done = self._now, self._chips.index_of(number), done
        if self._now != before:
            self._cursor = max(self._now, 0)
            self._bring(self._cursor)
        self.setAccessibleName(self._chips.spoken(self._now) if self._now >= 0 else "Before the first step")
        self.update()

    # -- where things are ----------------------------------------------------------------------------------------

    @property
    def _pitch(self) -> int:
        return self._width + GAP

    def _lefts(self) -> Iterator[tuple[str, int, float, float]]:
        """Each phase with its first chip, where its name begins and where that chip does, in the row as a whole."""
        x, before = float(EDGE), 0
        for name, first in self._chips.phases if self._chips else ():
            x += (first - before) * self._pitch + (LABEL_GAP if first else 0)
            room = theme.text_width(name, SIZE, 600) + LABEL_GAP
            yield name, first, x, x + room
            x, before = x + room, first

    def _left_of(self, index: int) -> float:
        """Where a chip begins in the row as a whole."""
        _, first, _, left = next(part for part in reversed(list(self._lefts())) if part[1] <= index)
        return left + (index - first) * self._pitch

    def chip_rect(self, index: int) -> QRectF:
        """Where a chip is in this widget."""
        left = self._left_of(index) - self._glide.value
        return QRectF(left, (HEIGHT - CHIP_HEIGHT) / 2 + 0.5, self._width, CHIP_HEIGHT)

    def visible(self) -> range:
        """The chips that are at least partly to be seen."""
        if self._chips is None or not len(self._chips):
            return range(0)
        left, right = self._glide.value, self._glide.value + self.width()
        first = last = 0
        for _, start, _, x in self._lefts():
            if x - self._pitch <= left:
                first = start + max(0, int((left - x) // self._pitch))
            if x < right:
                last = start + int((right - x) // self._pitch)
        return range(first, min(last + 1, len(self._chips)))

    def chip_at(self, x: float) -> int:
        """The chip under x; −1 between chips."""
        hits = (index for index in self.visible() if self.chip_rect(index).left() <= x < self.chip_rect(index).right())
        return next(hits, -1)

    def _bring(self, index: int) -> None:
        """Slide until a chip is in the middle, as far as the row goes."""
        wanted = self._kept(self._left_of(index) + self._width / 2 - self.width() / 2)
        if abs(wanted - self._glide.value) > self.width():
            self._jump(wanted)
        else:
            self._glide.go(wanted)

    def _jump(self, offset: float) -> None:
        self._glide.stop()
        self._glide.value = offset
        self.update()

    def _kept(self, offset: float) -> float:
        end = self._left_of(len(self._chips) - 1) + self._width + EDGE if self._chips else 0.0
        return float(round(max(0.0, min(offset, end - self.width()))))

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)

    def resizeEvent(self, _event: object) -> None:
        if self._chips is not None:
            self._jump(self._kept(self._left_of(self._cursor) + self._width / 2 - self.width() / 2))

    # -- pointer -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_to(self.chip_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.chip_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.setCursor(Qt.CursorShape.PointingHandCursor) if index >= 0 else self.unsetCursor()
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned, moved = event.angleDelta(), event.pixelDelta()
        by = moved.x() + moved.y() if not moved.isNull() else (turned.x() + turned.y()) / 120 * self._pitch
        self._jump(self._kept(self._glide.value - by))
        self._hover(self.chip_at(event.position().x()))
        event.accept()

    def _go_to(self, index: int) -> None:
        if self._chips is not None and index >= 0:
            self.scrubbed.emit(self._chips.number_of(index))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.chip_at(event.pos().x())
            text = self._chips.spoken(index) if self._chips is not None and index >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()
            return True
        return super().event(event)

    # -- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in MOVES and held == Qt.KeyboardModifier.ControlModifier:
            self._read(self._cursor + MOVES[event.key()])
        elif event.key() in ENTER and not held:
            self._go_to(self._cursor)
        else:
            event.ignore()

    def _read(self, index: int) -> None:
        """Move only the cursor, and have the step read aloud."""
        if self._chips is None or not len(self._chips):
            return
        self._cursor = max(0, min(index, len(self._chips) - 1))
        self._bring(self._cursor)
        announce(self, self._chips.spoken(self._cursor))
        self.show_ring()

    @property
    def cursor_index(self) -> int:
        """The chip that the keyboard is on."""
        return self._cursor

    def show_ring(self) -> None:
        """The ring is around a chip: the row is as wide as the window."""
        self._ringed = True
        self.update()

    def has_ring(self) -> bool:
        """Whether the ring is to be seen."""
        return self._ringed

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ringed = False
        self.update()

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("panel"))
            painter.fillRect(QRectF(0, 0, self.width(), 1), theme.color("line"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._chips is not None:
                self._paint_phases(painter, self._chips)
                for index in self.visible():
                    self._paint_chip(painter, self._chips, self._chips.chip(index))

    def _paint_phases(self, painter: QPainter, chips: Chips) -> None:
        phase = chips.chip(self._now).phase if self._now >= 0 else ""
        for name, _, left, right in self._lefts():
            x = left - self._glide.value
            if -right + left < x < self.width():
                ink = "text" if name == phase else "text3"
                theme.draw_text(painter, x, HEIGHT / 2 + 0.5, name, SIZE, 600, ink)

    def _paint_chip(self, painter: QPainter, chips: Chips, chip: Chip) -> None:
        box, now, done = self.chip_rect(chip.index), chip.index == self._now, chip.number <= self._done
        self._paint_ground(painter, box, chip.index, now or done)
        right = box.right() - INSET
        if done and (result := chips.result(chip.index)) is not None:
            shown = f"{result.value.text} {result.arrow}".rstrip()
            right -= theme.draw_text(painter, right, box.center().y(), shown, SIZE, 600, result.value.role, "r") + 4
        ink = "text" if now else "text2" if done else "text3"
        left = box.left() + INSET
        text = theme.elided(chip.text, right - left, SIZE, 500)
        theme.draw_text(painter, left, box.center().y(), text, SIZE, 600 if now else 500, ink)

    def _paint_ground(self, painter: QPainter, box: QRectF, index: int, filled: bool) -> None:
        now = index == self._now
        fill = "accentbg" if now else "hover" if index == self._hovered else "raised" if filled else "panel"
        painter.setPen(QPen(theme.color("accent" if now else "line"), 1.5 if now else 1))
        painter.setBrush(theme.color(fill))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if self._ringed and index == self._cursor:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), RADIUS + 3, RADIUS + 3)
