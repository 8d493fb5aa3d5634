"""The row of a runner: its letter, how it trains, and where it is."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import IconButton
from visualnn.gui.widgets.menu import Menu
from visualnn.gui.widgets.menu_field import MenuField
from visualnn.gui.widgets.number_field import NumberField, Steps
from visualnn.gui.widgets.runner_disc import paint_disc
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.scene.names import OPTIMIZERS
from visualnn.scene.racing import Lane, at_usual_rate
from visualnn.scene.record import significant
from visualnn.scene.scales import tick_text

HEIGHT, PADDING, DISC = 58, 24, 24
FIELDS_Y, STATE_Y = 18, 46  # the middles of both lines
LEFT, RATE_WIDTH, GAP = PADDING + DISC + 10, 88, 6
RATE = Steps(1e-6, 100.0, 0.01, is_log=True)
KEEP, REMOVE = "keep", "remove"
UNKNOWN = "…"

Entry = tuple[str, str, str, str]  # of the menu: key, icon, words, and why it cannot be chosen, if so


class LaneRow(QWidget):
    """Shows a lane; says what else it should be."""

    options_requested = Signal(object)  # Options
    keep_requested = Signal()
    remove_requested = Signal()

    FEWEST = "A race needs two runners."

    def __init__(self, lane: Lane, parent: QWidget | None = None):
        super().__init__(parent)
        self._lane, self._goal, self._fewest = lane, None, False
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        options = [(name, label) for name, (label, _spelling) in OPTIMIZERS.items()]
        self.optimizer = MenuField(options, self, name="Optimizer")
        self.rate = NumberField(0.1, RATE, self, name="Learning rate", width=RATE_WIDTH)
        self.more = IconButton("ellipsis", "What can be done with this runner", self, size=32, icon_size=16)
        self.optimizer.chosen.connect(self._on_optimizer_chosen)
        self.rate.committed.connect(self._on_rate_committed)
        self.more.clicked.connect(self.open_menu)
        self._dress()
        self.show_lane(lane, None, fewest=False)

    def show_lane(self, lane: Lane, goal: float | None, *, fewest: bool) -> None:
        """Show where it is; with the fewest there may be, none can go."""
        before = self._lane
        self._lane, self._goal, self._fewest = lane, goal, fewest
        looks = (before.name, before.options, before.mark, before.out)
        if looks != (lane.name, lane.options, lane.mark, lane.out):
            self._dress()
        state = self.state()
        if state != self.accessibleDescription():
            self.setAccessibleDescription(state)
            self._update_state()

    def _update_state(self) -> None:
        """Paint anew what changes at every update."""
        self.update(0, STATE_Y - 10, self.width(), 20)

    def _dress(self) -> None:
        """What does not change while it runs."""
        lane = self._lane
        self.optimizer.set_key(lane.options.optimizer.name)
        self.rate.set_value(lane.options.optimizer.rate)
        self.rate.set_trouble("With this rate the loss stopped being a number." if lane.out else "")
        self.setAccessibleName(lane.name)
        self.update()

    @property
    def lane(self) -> Lane:
        """What is on screen."""
        return self._lane

    def state(self) -> str:
        """Where it is, in words."""
        if self._lane.out:
            return f"out at update {self._lane.update:,}: not a number"
        return f"loss {self._loss()}{self._arrival()}"

    def _loss(self) -> str:
        return significant(self._lane.loss) if self._lane.is_known else UNKNOWN

    def _arrival(self) -> str:
        if not self._lane.finished or self._goal is None:
            return ""
        return f", below {tick_text(self._goal)} at update {self._lane.update:,}"

    # -- requests up ---------------------------------------------------------------------------------------------

    def open_menu(self) -> Menu:
        """What can be done with the runner."""
        menu = Menu(self)
        for key, icon, text, reason in self._entries():
            action = menu.addAction(theme.icon(icon, "text2", 16), text)
            action.setData(key)
            action.setIconVisibleInMenu(True)
            action.setEnabled(not reason)
            action.setToolTip(reason)
        menu.triggered.connect(self._on_triggered)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        return menu

    def _entries(self) -> list[Entry]:
        return [self._keeping(), self._removal()]

    def _keeping(self) -> Entry:
        reason = "It has learned nothing yet." if self._lane.update == 0 else ""
        return (KEEP, "check", "Keep these weights", "They are no numbers." if self._lane.out else reason)

    def _removal(self) -> Entry:
        return (REMOVE, "trash-2", "Remove this runner", self.FEWEST if self._fewest else "")

    def _on_triggered(self, action: QAction) -> None:
        (self.keep_requested if action.data() == KEEP else self.remove_requested).emit()

    def _on_optimizer_chosen(self, name: str) -> None:
        self.options_requested.emit(at_usual_rate(self._lane.options, name))

    def _on_rate_committed(self, _before: float, rate: float) -> None:
        self._ask(replace(self._lane.options.optimizer, rate=rate))

    def _ask(self, optimizer: Optimizer) -> None:
        options: Options = self._lane.options
        self.options_requested.emit(replace(options, optimizer=optimizer))

    # -- places and painting -------------------------------------------------------------------------------------

    def resizeEvent(self, _event: QEvent) -> None:
        self._place()

    def _place(self) -> None:
        right = self.width() - PADDING - 32 + 8
        self.more.move(right, FIELDS_Y - 16)
        self.rate.setGeometry(right - 2 - RATE_WIDTH, FIELDS_Y - 16, RATE_WIDTH, 32)
        self.optimizer.setGeometry(LEFT, FIELDS_Y - 16, self.rate.x() - GAP - LEFT, 32)

    def paintEvent(self, _event: QEvent) -> None:
        lane = self._lane
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_disc(painter, QPointF(PADDING + DISC / 2, FIELDS_Y), lane.mark.color, lane.mark.letter, DISC)
            self._paint_state(painter, LEFT, self.width() - PADDING, STATE_Y)

    def _paint_state(self, painter: QPainter, x: float, right: float, y: float) -> None:
        lane = self._lane
        if lane.out:
            text = theme.elided(self.state(), right - x, 12, 500)
            theme.draw_text(painter, x, y, text, 12, 500, "bad")
            return
        x += theme.draw_text(painter, x, y, "loss ", 12, 450, "text2")
        x += theme.draw_text(painter, x, y, self._loss(), 13, 600)
        arrival = self._arrival()
        short = arrival if theme.text_width(arrival, 12, 450) <= right - x else f", at update {lane.update:,}"
        theme.draw_text(painter, x, y, short if arrival else "", 12, 450, "good")
