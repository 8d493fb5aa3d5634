"""The page in the panel: which rates and seeds, how far, and the network that is looked at."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from visualnn.gui import theme
from visualnn.gui.views.sweep.chosen import Chosen
from visualnn.gui.widgets.card import wrapped
from visualnn.gui.widgets.lines_chart import ChartLine, LinesChart
from visualnn.gui.widgets.menu_field import MenuField
from visualnn.gui.widgets.page_head import PageHead
from visualnn.gui.widgets.rule import Rule
from visualnn.gui.widgets.scroll import Scroll
from visualnn.nn.network import Vector
from visualnn.scene.series import Updates
from visualnn.scene.sweep import (
    DISTANCES,
    RATE_COUNTS,
    SEED_COUNTS,
    Standing,
    facts,
    rate_text,
    rates_around,
    seeds_from,
)

PADDING, PITCH, FIRST_Y, FIELD_WIDTH = 24, 38, 18, 190
CAPTION_HEIGHT = 46
HIGH, LOW, ROOMY = 132, 72, 640  # px of the chart, and of a page that has room for the higher one
EMPTY = "Press play: all learn at once."


class Curves(Protocol):
    """What tells the losses of a network, and their updates."""

    def __call__(self, index: int, *, brief: bool) -> tuple[Updates, Vector]: ...


class Choices(QWidget):
    """Rates, seeds and updates."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFixedHeight(3 * PITCH + 8)
        self.rates = MenuField([], self, name="Rates", width=FIELD_WIDTH)
        self.seeds = MenuField([], self, name="Seeds", width=FIELD_WIDTH)
        self.updates = MenuField([], self, name="Updates", width=FIELD_WIDTH)
        self.rates.setToolTip("Learning rates, evenly on a logarithmic scale")
        self.seeds.setToolTip("A seed is where the random first weights, and the order of the rows, come from")
        self.updates.setToolTip("The sweep rests after so many updates of each network")

    @property
    def fields(self) -> tuple[MenuField, ...]:
        """From top to bottom."""
        return self.rates, self.seeds, self.updates

    def resizeEvent(self, _event: QEvent) -> None:
        for row, field in enumerate(self.fields):
            field.setGeometry(self.width() - PADDING - FIELD_WIDTH, FIRST_Y + PITCH * row - 16, FIELD_WIDTH, 32)

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            for row, field in enumerate(self.fields):
                theme.draw_text(painter, PADDING, FIRST_Y + PITCH * row, field.accessibleName(), 13, 450, "text2")


class Caption(QWidget):
    """What the words below the cells mean."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFixedHeight(CAPTION_HEIGHT)
        self._text = ""

    def say(self, text: str) -> None:
        """Another sentence."""
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            for row, line in enumerate(wrapped(self._text, self.width() - 2 * PADDING, 12, 450)):
                theme.draw_text(painter, PADDING, 14 + 17 * row, line, 12, 450, "text2")


class SweepPage(QWidget):
    """Shows how a sweep stands; says what is asked for."""

    back_requested = Signal()
    counts_chosen = Signal(int, int)  # rates, seeds
    distance_chosen = Signal(int)
    use_requested = Signal()
    start_requested = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("sweep")
        self.setAccessibleName("Sweep")
        self.setMinimumWidth(300)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.head, self.choices, self.chosen = PageHead("Sweep", self), Choices(self), Chosen(self)
        self.chart, self.caption = LinesChart(self, title="Loss", high=HIGH), Caption(self)
        self._lay_out()
        self.head.back_requested.connect(self.back_requested)
        self.choices.rates.chosen.connect(self._on_counts_chosen)
        self.choices.seeds.chosen.connect(self._on_counts_chosen)
        self.choices.updates.chosen.connect(self._on_distance_chosen)
        self.chosen.use_requested.connect(self.use_requested)
        self.chosen.start_requested.connect(self.start_requested)

    def _lay_out(self) -> None:
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.rule = Rule(inside)
        for part in (self.choices, self.rule, self.chosen, self.chart, self.caption):
            column.addWidget(part)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.head)
        outer.addWidget(Scroll(inside, self))

    # -- values down ---------------------------------------------------------------------------------------------

    def show_choices(self, rate: float, seed: int, counts: tuple[int, int], distance: int) -> None:
        """What there is to choose from around a rate and from a seed on, and what is chosen."""
        rates = [(f"{n}", _rates_label(rate, n)) for n in RATE_COUNTS]
        seeds = [(f"{n}", _seeds_label(seed, n)) for n in SEED_COUNTS]
        for field, options, key in zip(self.choices.fields, (rates, seeds), map(str, counts), strict=False):
            field.set_options(options)
            field.set_key(key)
        self.choices.updates.set_options([(f"{n}", f"{n:,}") for n in sorted({*DISTANCES, distance})])
        self.choices.updates.set_key(f"{distance}")
        networks = counts[0] * counts[1]
        self.head.set_note(f"{networks} networks")

    def set_empty(self, empty: bool) -> None:
        """Whether there is no sweep, and so no network to tell of."""
        for part in (self.rule, self.chosen, self.chart, self.caption):
            part.setVisible(not empty)

    def show_standing(self, standing: Standing | None, index: int, curve: Curves, meaning: str) -> None:
        """The network that is looked at, among those of its rate."""
        self.caption.say(meaning)
        if standing is None:
            self.chosen.show_facts("", (), can_use=False)
            self.chart.show_lines([], None)
            return
        name = standing.name(index)
        can_use = standing.has_begun and not bool(standing.moment.diverged[index])
        self.chosen.show_facts(f"{name[0].upper()}{name[1:]}", facts(standing, index), can_use=can_use)
        _row, column = standing.field.place(index)
        self.chart.set_title(f"Loss at rate {rate_text(standing.field.rates[column])}")
        self.chart.show_lines(chart_lines(standing, index, curve), standing.goal, EMPTY)

    # -- requests up ---------------------------------------------------------------------------------------------

    def _on_counts_chosen(self, _key: str) -> None:
        self.counts_chosen.emit(int(self.choices.rates.key()), int(self.choices.seeds.key()))

    def _on_distance_chosen(self, key: str) -> None:
        self.distance_chosen.emit(int(key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, _event: QEvent) -> None:
        self.chart.set_high(LOW if self.height() < ROOMY else HIGH)


def chart_lines(standing: Standing, index: int, curve: Curves) -> list[ChartLine]:
    """All seeds of the rate of a network, this one first, bright and on top."""
    own, column = standing.field.place(index)
    made = []
    for row, seed in sorted(enumerate(standing.field.seeds), key=lambda each: each[0] != own):
        updates, losses = curve(row * len(standing.field.rates) + column, brief=row != own)
        ink = "text" if row == own else "line3"
        made.append(ChartLine(f"seed {seed}", updates, losses, ink, is_quiet=row != own))
    return made


def _rates_label(rate: float, count: int) -> str:
    rates = rates_around(rate, count)
    return f"{count}, {rate_text(rates[0])} to {rate_text(rates[-1])}"


def _seeds_label(seed: int, count: int) -> str:
    seeds = seeds_from(seed, count)
    return f"{count}, {seeds[0]} to {seeds[-1]}" if count > 1 else f"1, {seeds[0]}"
