"""The row of a runner that can be chosen: quiet at rest, and with its fields once it is opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import ENTER
from visualnn.gui.widgets.card import wrapped
from visualnn.gui.widgets.constant_fields import CONSTANTS, ConstantFields
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.glide import Glide, Hover
from visualnn.gui.widgets.lane_row import Entry, LaneRow
from visualnn.gui.widgets.runner_disc import paint_disc
from visualnn.nn.optimizers import Optimizer
from visualnn.scene.names import OPTIMIZERS
from visualnn.scene.racing import Lane, rate_text
from visualnn.scene.scales import tick_text

HIGH, PADDING, RADIUS, DISC = 58, 12, 10, 22  # px; the row at rest
NAME_Y, RATE_Y, DISC_X, LEFT = 20, 40, 21, 46
FIELDS_Y, PITCH, LINE, GAP = 25, 38, 18, 6  # px; opened, and of a line of text
VALUE = 96  # px that a loss may take
NARROW, RATE_WIDE, RATE_NARROW = 310, 112, 100
USUAL_MOMENTUM = 0.9  # another one is told at rest
FIND = "find"


class RunnerRow(KeyboardFocus, Hover, LaneRow):
    """A click, Space or Enter chooses it; once chosen, another one opens and closes its fields."""

    chosen = Signal()
    opened = Signal(bool)
    best_rate_requested = Signal()

    FEWEST = "Somebody has to run."
    own_keys = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Menu, *ENTER})
    ring_radius = RADIUS

    is_selected = is_open = False
    _keeps, _find_reason = True, ""
    _memory: tuple[str, ...] = ()
    _told: tuple[str, theme.Ink] = ("", "text2")  # the note that is painted
    _lines = 0  # of the memory: never fewer while it is the same runner, so that nothing below it trembles
    _shown: Sequence[str] = ()  # the memory, in lines
    constants: ConstantFields | None = None

    def __init__(self, lane: Lane, parent: QWidget | None = None):
        super().__init__(lane, parent)
        self._glide = Glide(self)
        self.constants = ConstantFields(self)
        self.constants.show_optimizer(lane.options.optimizer)
        self.constants.optimizer_requested.connect(self._ask)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._fit()

    # -- values down ---------------------------------------------------------------------------------------------

    def set_selected(self, selected: bool) -> None:
        """Whether it is the one that is looked at."""
        if selected != self.is_selected:
            self.is_selected = selected
            self.is_open = self.is_open and selected
            self._lines = 0
            self._fit()

    def set_open(self, is_open: bool) -> None:
        """With its fields or at rest."""
        if is_open != self.is_open:
            self.is_open = is_open
            self._fit()
            self.opened.emit(is_open)

    def show_memory(self, lines: Sequence[str]) -> None:
        """What its optimizer remembers, in a line or a few."""
        if tuple(lines) != self._memory:
            self._memory = tuple(lines)
            self._fit_height()
            self.update(self._memory_box())

    def allow(self, *, keeps: bool, find_reason: str = "") -> None:
        """Whether it has weights to keep, and why its best rate cannot be looked for, if so."""
        self._keeps, self._find_reason = keeps, find_reason

    def memory(self) -> tuple[str, ...]:
        """What it remembers."""
        return self._memory

    def details(self) -> str:
        """How it trains, beside its optimizer."""
        optimizer: Optimizer = self.lane.options.optimizer
        has_momentum = ("momentum", "momentum") in CONSTANTS.get(optimizer.name, ())
        is_told = has_momentum and optimizer.momentum != USUAL_MOMENTUM
        more = f", momentum {tick_text(optimizer.momentum)}" if is_told else ""
        return f"rate {rate_text(optimizer.rate)}{more}"

    def _dress(self) -> None:
        super()._dress()
        self._memory, self._lines = (), 0  # that of another runner
        if self.constants is not None:
            self.constants.show_optimizer(self.lane.options.optimizer)
            self._fit()

    # -- requests up ---------------------------------------------------------------------------------------------

    def _entries(self) -> list[Entry]:
        find = (FIND, "target", "Find the best rate", self._find_reason)
        return [find, *([self._keeping()] if self._keeps else []), self._removal()]

    def _on_triggered(self, action: QAction) -> None:
        if action.data() == FIND:
            self.best_rate_requested.emit()
        else:
            super()._on_triggered(action)

    def activate(self) -> None:
        """What a click on it does."""
        if self.is_selected:
            self.set_open(not self.is_open)
        else:
            self.chosen.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # so that the release comes here too

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.activate()

    def contextMenuEvent(self, _event: QContextMenuEvent) -> None:
        self.open_menu()

    @property
    def _is_inside(self) -> bool:
        """Whether the keyboard is at one of its fields, whose keys mean nothing to the row but Esc."""
        focused = QApplication.focusWidget()
        return focused is not None and focused is not self and self.isAncestorOf(focused)

    def owns(self, event: QKeyEvent) -> bool:
        return not self._is_inside and super().owns(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case key if key != Qt.Key.Key_Escape and self._is_inside:
                super().keyPressEvent(event)
            case Qt.Key.Key_Menu:
                self.open_menu()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if not self._fewest:  # as the key of a Mac is called
                self.remove_requested.emit()
            case Qt.Key.Key_Escape if self.is_open:
                self.set_open(False)
            case key if key == Qt.Key.Key_Space or key in ENTER:
                self.activate()
            case _:
                super().keyPressEvent(event)

    # -- places ----------------------------------------------------------------------------------------------------

    def _state_y(self) -> int:
        has_constants = self.constants is not None and not self.constants.is_empty
        return FIELDS_Y + PITCH * (2 if has_constants else 1) - 3

    def _memory_top(self) -> int:
        return self._state_y() + 12 if self.is_open else HIGH - 8

    def _fit(self) -> None:
        """Show what belongs to it, as high as that is."""
        for part in (self.optimizer, self.rate, self.more):
            part.setVisible(self.is_open)
        self.constants.setVisible(self.is_open and not self.constants.is_empty)
        self._place()
        self._fit_height()
        self.update()

    def _fit_height(self) -> None:
        self._shown = self._memory_lines() if self.is_selected else []
        self._lines = max(self._lines, len(self._shown))
        self.setFixedHeight(self._memory_top() + 8 + (LINE * self._lines + 2 if self._lines else 0))

    def _memory_lines(self) -> list[str]:
        room = self.width() - LEFT - PADDING
        lines: list[str] = []
        for text in self._memory:
            if theme.text_width(text, 12, 450) <= room:
                lines.append(text)
            else:
                lines += [line for piece in text.split(" · ") for line in wrapped(piece, room, 12, 450)]
        return lines

    def _place(self) -> None:
        right, is_narrow = self.width() - PADDING, self.width() < NARROW
        wide = RATE_NARROW if is_narrow else RATE_WIDE
        self.rate.setGeometry(right - wide, FIELDS_Y - 16, wide, 32)
        self.optimizer.setGeometry(LEFT - 1, FIELDS_Y - 16, self.rate.x() - GAP - LEFT + 1, 32)
        left = PADDING if is_narrow else LEFT
        if self.constants is not None:
            self.constants.setGeometry(left, FIELDS_Y + PITCH - 16, right - left, 32)
        self.more.move(right - 32 + 8, self._state_y() - 16)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.oldSize().width() != self.width():
            self._lines = 0
        self._place()
        self._fit_height()

    # -- painting ------------------------------------------------------------------------------------------------

    def _update_state(self) -> None:
        told, self._told = self._told, self._note()
        if told == self._told:
            self.update(self._state_box())
        else:
            self.update()

    def _state_box(self) -> QRect:
        """Where the loss stands."""
        if self.is_open:
            return QRect(LEFT, self._state_y() - 10, self.width() - LEFT, 20)
        return QRect(self.width() - PADDING - VALUE, NAME_Y - 10, VALUE + PADDING, 20)

    def _memory_box(self) -> QRect:
        return QRect(LEFT, self._memory_top(), self.width() - LEFT, LINE * self._lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        state, memory = QRegion(self._state_box()), QRegion(self._memory_box())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter)
            if event.region().intersects(state):
                self._paint_loss(painter)
            if event.region().intersects(memory):
                self._paint_memory(painter)
            rest = event.region().subtracted(state).subtracted(memory)  # only those two change while they run
            if not rest.isEmpty():
                self._paint_runner(painter)

    def _paint_runner(self, painter: QPainter) -> None:
        mark = self.lane.mark
        middle = QPointF(DISC_X, FIELDS_Y if self.is_open else HIGH / 2)
        paint_disc(painter, middle, mark.color, mark.letter, DISC)
        if self.is_open:
            self._paint_edges(painter)
        else:
            self._paint_rest(painter)

    def _paint_loss(self, painter: QPainter) -> None:
        if self.is_open:
            self._paint_state(painter, LEFT, self.width() - PADDING - 30, self._state_y())
            return
        value, ink = ("out", "bad") if self.lane.out else (self._loss(), "text")
        theme.draw_text(painter, self.width() - PADDING, NAME_Y, value, 15, 600, ink, "r")

    def _paint_memory(self, painter: QPainter) -> None:
        for index, line in enumerate(self._shown):
            theme.draw_text(painter, LEFT, self._memory_top() + 9 + LINE * index, line, 12, 450, "text2")

    def _paint_ground(self, painter: QPainter) -> None:
        rest = theme.color("accentbg" if self.is_selected else "panel")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.mix(rest, "hover", self._glide.value * (0.3 if self.is_selected else 0.6)))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)

    def _note(self) -> tuple[str, theme.Ink]:
        """What stands beneath the loss."""
        at = f"at update {self.lane.update:,}"
        if self.lane.out:
            return at, "bad"
        return (at, "good") if self._arrival() else ("loss", "text2")

    def _paint_edges(self, painter: QPainter) -> None:
        """Around the fields, which would be lost on the lit ground of the light theme."""
        inner = [field.geometry().translated(self.constants.pos()) for field in self.constants.fields.values()]
        painter.setPen(QPen(theme.color("line2"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for box in (self.optimizer.geometry(), self.rate.geometry(), *inner):
            painter.drawRoundedRect(QRectF(box).adjusted(-0.5, -0.5, 0.5, 0.5), 8.5, 8.5)

    def _paint_rest(self, painter: QPainter) -> None:
        right, (note, ink) = self.width() - PADDING, self._note()
        name = theme.elided(OPTIMIZERS[self.lane.options.optimizer.name][0], right - VALUE - 22 - LEFT, 14, 600)
        x = LEFT + theme.draw_text(painter, LEFT, NAME_Y, name, 14, 600)
        if self.is_selected:
            theme.draw_icon(painter, "chevron-down", x + 12, NAME_Y, 14, "text2")
        taken = theme.draw_text(painter, right, RATE_Y, note, 12, 450, ink, "r")
        room = right - taken - 8 - LEFT
        theme.draw_text(painter, LEFT, RATE_Y, theme.elided(self.details(), room, 12, 450), 12, 450, "text2")
