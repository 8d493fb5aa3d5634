"""The media player's bar: the same place and the same keys in all modes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSpacerItem, QWidget

from visualnn.gui.theme import color
from visualnn.gui.widgets.button import IconButton, PlayButton, TextButton
from visualnn.gui.widgets.menu_field import MenuField
from visualnn.gui.widgets.segmented import Segmented
from visualnn.gui.widgets.transport import Scrubber
from visualnn.nn.history import HISTORY_BYTES

HEIGHT = 64
PRESENTED_HEIGHT = 84  # in a presentation, as all of the following
PRESENTED_SCALE = 4 / 3  # of the scrubber's letters
PRESENTED_PLAY, PRESENTED_BUTTON, PRESENTED_ICON = 60, 56, 26
ROOMS = (12, 0, 4, 4, 8, 16, 8, 16)  # px before, between and behind the controls
PRESENTED_ROOMS = (32, 0, 16, 16, 36, 12, 0, 24)
SPEED_LABELS = (
    ("0.25", "¼×"),
    ("0.5", "½×"),
    ("1", "1×"),
    ("2", "2×"),
    ("4", "4×"),
    ("10", "10×"),
    ("inf", "Max"),
)
STEP_GRAINS = (("operation", "Operation"), ("neuron", "Neuron"), ("layer", "Layer"), ("pass", "Pass"))
TRAIN_GRAINS = (("update", "Update"), ("epoch", "Epoch"))
RACE_GRAINS = (("1", "Update"), ("10", "10"), ("100", "100"))
RACE = "The whole race: drag to any moment of it."
SWEEP = "All networks: drag to the right to train them up to there."
HISTORY = f"The whole run: drag to look back. It is kept in {HISTORY_BYTES // 2**20} MB at most."


class TransportView(QWidget):
    """Buttons, scrubber, grain and speed. Says what was asked for; shows what it is told."""

    start_requested = Signal()
    back_requested = Signal()
    play_requested = Signal()
    forward_requested = Signal()
    scrubbed = Signal(int)
    grain_chosen = Signal(str)
    speed_chosen = Signal(float)
    same_start_requested = Signal()
    new_weights_requested = Signal()
    leave_requested = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._grains: Sequence[tuple[str, str]] = STEP_GRAINS
        self._compact, self._training, self._presenting = False, False, False
        self._racing = False
        self.start = IconButton("skip-back", "To the start", self, key="Home", size=40, icon_size=17, ink="text")
        self.back = IconButton("step-back", "Step back", self, key="←", size=40, icon_size=18, ink="text")
        self.play = PlayButton(self)
        self.forward = IconButton("step-forward", "Step", self, key="→", size=40, icon_size=18, ink="text")
        self.scrubber = Scrubber(self)
        self.scrubber.setAccessibleName("Timeline")
        self.same_start = TextButton("Same start", "rotate-ccw", "ghost", self, tooltip="Same start", key="R")
        self.new_weights = TextButton("New weights", "dices", "ghost", self, tooltip="New weights", key="Shift+R")
        self.grain = Segmented([label for _, label in STEP_GRAINS], parent=self, pad=12)
        self.grain.setAccessibleName("Step by")
        self.grain_menu = MenuField(STEP_GRAINS, self, name="Step by", width=124)
        self.speed = MenuField(SPEED_LABELS, self, name="Speed", width=72)
        self.speed.set_key("1")
        self.speed.setToolTip("Speed  (, slower · . faster)")
        self.leave = IconButton("minimize", "Leave the presentation", self, key="Esc", size=48, icon_size=22)
        self._lay_out()
        self._connect()
        self._arrange()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._rooms = [QSpacerItem(0, 0) for _ in ROOMS]
        controls = (
            (self.start,), (self.back,), (self.play,), (self.forward,), (self.scrubber,),
            (self.same_start, self.new_weights, self.grain, self.grain_menu), (self.speed, self.leave),
        )  # fmt: skip
        for room, together in zip(self._rooms, controls, strict=False):
            row.addSpacerItem(room)
            for control in together:
                row.addWidget(control, int(control is self.scrubber), Qt.AlignmentFlag.AlignVCenter)
        row.addSpacerItem(self._rooms[-1])

    def _connect(self) -> None:
        self.start.clicked.connect(self._on_start)
        self.back.clicked.connect(self._on_back)
        self.play.clicked.connect(self._on_play)
        self.forward.clicked.connect(self._on_forward)
        self.same_start.clicked.connect(self._on_same_start)
        self.new_weights.clicked.connect(self._on_new_weights)
        self.leave.clicked.connect(self._on_leave)
        self.scrubber.scrubbed.connect(self.scrubbed)
        self.grain.chosen.connect(self._on_grain)
        self.grain_menu.chosen.connect(self.grain_chosen)
        self.speed.chosen.connect(self._on_speed)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_step(self, phases: Sequence[tuple[str, int]]) -> None:
        """Step mode: phases on the track."""
        self._set_grains(STEP_GRAINS)
        self.scrubber.setToolTip("")
        self._training = self._racing = False
        self._arrange()
        self.scrubber.set_phases(phases, "Step")

    def show_train(self, losses: Sequence[float], last: int, position: int, unit: str) -> None:
        """Train mode: the whole history of the loss on the track; a position is an update or an epoch."""
        self._set_grains(TRAIN_GRAINS)
        self.scrubber.setToolTip(HISTORY)
        if not self._training or self._racing:
            self._training, self._racing = True, False
            self._arrange()
        self.scrubber.set_history(losses, last, position, unit)

    def show_race(self, losses: Sequence[float], last: int, position: int) -> None:
        """Landscape mode: the losses of the selected runner over the whole distance; a position is an update."""
        self._set_grains(RACE_GRAINS)
        self.scrubber.setToolTip(RACE)
        if not self._racing:
            self._training, self._racing = True, True
            self._arrange()
        self.scrubber.set_history(losses, last, position, "Update")

    def show_sweep(self, losses: Sequence[float], last: int, position: int) -> None:
        """A sweep: the losses of its best network over the whole distance; a position is an update."""
        self.show_race(losses, last, position)
        self.scrubber.setToolTip(SWEEP)

    def show_state(self, playing: bool, grain: str, speed: float, at_start: bool, name: str = "") -> None:
        """Whether it plays, how far a step goes, how fast."""
        self.play.set_playing(playing, name or None)
        keys = [key for key, _ in self._grains]
        if grain in keys:
            self.grain.set_index(keys.index(grain))
            self.grain_menu.set_key(grain)
        self.speed.set_key(f"{speed:g}")
        self.show_at_start(at_start)

    def show_at_start(self, at_start: bool) -> None:
        """Whether there is anything to go back to."""
        self.start.setEnabled(not at_start)
        self.back.setEnabled(not at_start)

    def set_compact(self, compact: bool) -> None:
        """Menus instead of segments, icons instead of words."""
        self._compact = compact
        self.same_start.set_compact(compact)
        self.new_weights.set_compact(compact)
        self._arrange()

    def set_presenting(self, presenting: bool) -> None:
        """Larger, and only what a talk needs."""
        self._presenting = presenting
        self.setFixedHeight(PRESENTED_HEIGHT if presenting else HEIGHT)
        self.play.set_diameter(PRESENTED_PLAY if presenting else PlayButton.DIAMETER)
        for button in (self.back, self.forward):
            button.set_size(*((PRESENTED_BUTTON, PRESENTED_ICON) if presenting else (40, 18)))
        self.scrubber.set_scale(PRESENTED_SCALE if presenting else 1.0)
        self._arrange()

    def _arrange(self) -> None:
        """What is seen, and how far apart."""
        plain = not self._presenting
        self.start.setVisible(plain)
        self.speed.setVisible(plain)
        self.grain.setVisible(plain and not self._compact)
        self.grain_menu.setVisible(plain and self._compact)
        self.same_start.setVisible(plain and self._training)
        self.new_weights.setVisible(plain and self._training and not self._racing)
        self.leave.setVisible(self._presenting)
        for room, width in zip(self._rooms, ROOMS if plain else PRESENTED_ROOMS, strict=True):
            room.changeSize(width, 0)
        self.layout().invalidate()

    def _set_grains(self, grains: Sequence[tuple[str, str]]) -> None:
        if grains is not self._grains:
            self._grains = grains
            self.grain.set_labels([label for _, label in grains])
            self.grain_menu.set_options(grains)

    # -- requests up ---------------------------------------------------------------------------------------------

    def _on_start(self) -> None:
        self.start_requested.emit()

    def _on_back(self) -> None:
        self.back_requested.emit()

    def _on_play(self) -> None:
        self.play_requested.emit()

    def _on_forward(self) -> None:
        self.forward_requested.emit()

    def _on_same_start(self) -> None:
        self.same_start_requested.emit()

    def _on_new_weights(self) -> None:
        self.new_weights_requested.emit()

    def _on_leave(self) -> None:
        self.leave_requested.emit()

    def _on_grain(self, index: int) -> None:
        self.grain_chosen.emit(self._grains[index][0])

    def _on_speed(self, key: str) -> None:
        self.speed_chosen.emit(float(key))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), color("panel"))
            painter.fillRect(QRectF(0, 0, self.width(), 1), color("line"))
