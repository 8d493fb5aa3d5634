"""Play, step, back to the start, how fast, and where the race ends."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui.widgets.button import IconButton, PlayButton
from visualnn.gui.widgets.menu_field import MenuField
from visualnn.scene.racing import GOALS
from visualnn.scene.scales import tick_text

HEIGHT, PADDING, MIDDLE = 52, 24, 24
SPEEDS = (("0.25", "¼×"), ("0.5", "½×"), ("1", "1×"), ("2", "2×"), ("4", "4×"), ("10", "10×"), ("inf", "Max"))
NEVER = "never"
SPEED_WIDTH, GOAL_WIDTH, GAP = 70, 104, 3


class Controls(QWidget):
    """Says what was asked for; shows what it is told."""

    play_toggled = Signal()
    step_requested = Signal()
    same_start_requested = Signal()
    speed_chosen = Signal(float)
    goal_chosen = Signal(object)  # a loss, or None

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.same_start = IconButton("rotate-ccw", "Same start", self, size=32, icon_size=16)
        self.play = PlayButton(self, key="")
        self.play.set_diameter(38)
        self.step = IconButton("step-forward", "One update each", self, size=32, icon_size=16)
        self.goal = MenuField([], self, name="Race to a loss below", width=GOAL_WIDTH)
        self.goal.setToolTip("The race is over below this loss.")
        self.speed = MenuField(SPEEDS, self, name="Speed", width=SPEED_WIDTH)
        self.same_start.clicked.connect(self.same_start_requested)
        self.play.clicked.connect(self.play_toggled)
        self.step.clicked.connect(self.step_requested)
        self.goal.chosen.connect(self._on_goal_chosen)
        self.speed.chosen.connect(self._on_speed_chosen)
        self.show_state(running=False, speed=1.0, goal=None)

    def show_state(self, *, running: bool, speed: float, goal: float | None) -> None:
        """Whether it goes on, how fast, and up to where."""
        self.play.set_playing(running, "Pause the race" if running else "Race")
        self.speed.set_key(f"{speed:g}")
        goals = sorted({*GOALS, *(() if goal is None else (goal,))}, reverse=True)
        self.goal.set_options([*((repr(each), f"< {tick_text(each)}") for each in goals), (NEVER, "no end")])
        self.goal.set_key(NEVER if goal is None else repr(goal))

    def _on_goal_chosen(self, key: str) -> None:
        self.goal_chosen.emit(None if key == NEVER else float(key))

    def _on_speed_chosen(self, key: str) -> None:
        self.speed_chosen.emit(float(key))

    def resizeEvent(self, _event: QEvent) -> None:
        x = PADDING - 8
        for part, wide in ((self.same_start, 32), (self.play, 38), (self.step, 32)):
            part.move(x, MIDDLE - part.sizeHint().height() // 2)
            x += wide + GAP
        right = self.width() - PADDING
        self.speed.setGeometry(right - SPEED_WIDTH, MIDDLE - 16, SPEED_WIDTH, 32)
        wide = min(GOAL_WIDTH, self.speed.x() - 6 - x)
        self.goal.setGeometry(self.speed.x() - 6 - wide, MIDDLE - 16, wide, 32)
