"""What can be chosen about a built-in data set: noise, rows, the share for testing, the seed, scaling."""

from __future__ import annotations

from dataclasses import replace
from random import randrange

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.data.parts import RING
from visualnn.gui.widgets.button import IconButton
from visualnn.gui.widgets.number_field import NumberField, Steps
from visualnn.gui.widgets.slider import Slider, Track
from visualnn.gui.widgets.toggle import Toggle
from visualnn.nn.data import Recipe
from visualnn.nn.recipes import SOURCES, Source
from visualnn.scene.scales import nice_step

PITCH = 40
FIELD_LEFT = 112  # px from the left, where sliders begin
SEED_WIDTH = 150
SEEDS = Steps(0, 999_999, 1, is_whole=True)
SHARE = Track(0.0, 0.5, 0.05)
SHORT_SEEDS = 1000  # that the dice shows
SCRUB_MS = 40  # between two wishes while something is dragged
NOISE, ROWS, TESTS, SEED = "Noise", "Rows", "For testing", "Seed"
SCALING = "Every column gets mean 0 and spread 1.\nSums by hand then use these numbers."


def percent(share: float) -> str:
    """A share without decimals."""
    return f"{round(100 * share)} %"


class Knobs(QWidget):
    """Shows a recipe and asks for others: `requested` by a click, `scrubbed` and at last `finished` by a gesture."""

    requested = Signal(object)  # Recipe
    scrubbed = Signal(object)  # Recipe
    finished = Signal()  # a drag is over, however it ended

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._recipe: Recipe | None = None
        self._sliders = {
            NOISE: Slider(Track(0.0, 1.0), self, name=NOISE),
            ROWS: Slider(Track(1.0, 2.0, 1.0, is_log=True), self, name=ROWS, write=lambda value: f"{value:,.0f}"),
            TESTS: Slider(SHARE, self, name=TESTS, write=percent, scale=100.0),
        }
        self._seed = NumberField(0, SEEDS, self, name=SEED, width=SEED_WIDTH - 38)
        self._dice = IconButton("dices", "Another seed", self, size=32, icon_size=17)
        self._scale = Toggle("Scale inputs", SCALING, self)
        self._wanted: Recipe | None = None  # by the gesture that goes on, and what it has told of
        self._told: Recipe | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SCRUB_MS)
        self._timer.timeout.connect(self._tell)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._connect()
        self.show_recipe(None)

    def _connect(self) -> None:
        for name, slider in self._sliders.items():
            slider.edited.connect(lambda value, name=name: self._scrub(self._with(name, value)))
            slider.finished.connect(self._finish)
        self._sliders[NOISE].set_hint("How far rows are moved by chance.")
        self._sliders[ROWS].set_hint("How many rows there are, those for testing included.")
        self._sliders[TESTS].set_hint("The share of rows that the network never learns from.")
        self._seed.edited.connect(lambda value: self._scrub(self._with(SEED, value)))
        self._seed.committed.connect(lambda _before, value: self._scrub(self._with(SEED, value)))  # typed
        self._seed.finished.connect(self._finish)
        self._seed.set_hint("Another seed gives other rows of the same kind.")
        self._dice.clicked.connect(self._on_dice_clicked)
        self._scale.toggled.connect(self._on_scale_toggled)

    # -- values down ---------------------------------------------------------------------------------------------

    def slider(self, name: str) -> Slider:
        """The slider beside a label."""
        return self._sliders[name]

    @property
    def seed(self) -> NumberField:
        """The field of the seed."""
        return self._seed

    @property
    def scale(self) -> Toggle:
        """Whether inputs are scaled."""
        return self._scale

    @property
    def dice(self) -> IconButton:
        """Throws another seed."""
        return self._dice

    def show_recipe(self, recipe: Recipe | None) -> None:
        """Shows what made the data; nothing where no recipe did."""
        self._recipe = recipe
        source = None if recipe is None else SOURCES.get(recipe.name)
        if recipe is not None and source is not None:
            self._sliders[NOISE].set_track(Track(0.0, source.most_noise, nice_step(max(source.most_noise, 0.01), 100)))
            self._sliders[NOISE].set_value(source.noise_of(recipe))
            self._sliders[ROWS].set_track(Track(source.fewest, source.most, 1.0, is_log=True))
            self._sliders[ROWS].set_value(source.rows_of(recipe))
            self._sliders[TESTS].set_value(recipe.test_share)
            self._seed.set_value(recipe.seed)
            self._scale.set_on(recipe.scaled)
        self._arrange(source)

    def _arrange(self, source: Source | None) -> None:
        """Shows what matters for a source, one below the other."""
        self._names = () if source is None else tuple(name for name in (NOISE, ROWS, TESTS, SEED) if has(source, name))
        for name, slider in self._sliders.items():
            slider.setVisible(name in self._names)
        for part in (self._seed, self._dice, self._scale):
            part.setVisible(source is not None)
        self._place()

    def _place(self) -> None:
        width = self.width() - RING
        for index, name in enumerate(self._names):
            top = index * PITCH + (PITCH - 32) // 2
            if name == SEED:
                self._seed.setGeometry(width - SEED_WIDTH, top, SEED_WIDTH - 38, 32)
                self._dice.setGeometry(width - 34, top, 34, 32)
            else:
                self._sliders[name].setGeometry(RING + FIELD_LEFT, top, width - RING - FIELD_LEFT, 32)
        top, height = len(self._names) * PITCH, self._scale.heightForWidth(max(width - RING, 250))
        self._scale.setGeometry(RING, top + 4, width - RING, height)
        self.setFixedHeight(top + 4 + height + 8 if self._names else 0)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            for index, name in enumerate(self._names):
                theme.draw_text(painter, RING, index * PITCH + PITCH / 2, name, 13, 450, "text2")

    # -- requests up ---------------------------------------------------------------------------------------------

    def _with(self, name: str, value: float) -> Recipe:
        assert self._recipe is not None
        match name:
            case "Noise":
                return replace(self._recipe, noise=value)
            case "Rows":
                return replace(self._recipe, rows=round(value))
            case "For testing":
                return replace(self._recipe, test_share=round(value, 6))
        return replace(self._recipe, seed=int(value))

    def _scrub(self, recipe: Recipe) -> None:
        """At once, and then the newest one whenever some time has passed."""
        self._wanted = recipe
        if not self._timer.isActive():
            self._tell()

    def _tell(self) -> None:
        """The newest wish, if it has not been told yet."""
        if self._wanted is not None and self._wanted != self._told:
            self._told = self._wanted
            self._timer.start()
            self.scrubbed.emit(self._wanted)

    def _finish(self) -> None:
        """The last wish is told before the end, so that what was broken off is seen as it was."""
        self._tell()
        self._timer.stop()
        self._wanted = self._told = None
        self.finished.emit()

    def _on_dice_clicked(self) -> None:
        assert self._recipe is not None
        self.requested.emit(replace(self._recipe, seed=(self._recipe.seed + randrange(1, SHORT_SEEDS)) % SHORT_SEEDS))

    def _on_scale_toggled(self, on: bool) -> None:
        assert self._recipe is not None
        self.requested.emit(replace(self._recipe, scaled=on))


def has(source: Source, name: str) -> bool:
    """Whether something can be chosen about a source."""
    if name == NOISE:
        return source.noise is not None and source.most_noise > 0
    if name == ROWS:
        return source.fewest < source.most
    return name != TESTS or not source.own_tests
