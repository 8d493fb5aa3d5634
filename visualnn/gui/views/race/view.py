"""The page: who races, how they stand, and their losses in one chart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from visualnn.gui import theme
from visualnn.gui.views.race.controls import Controls
from visualnn.gui.views.race.sights import Sights
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.card import wrapped
from visualnn.gui.widgets.lane_row import LaneRow
from visualnn.gui.widgets.lines_chart import ChartLine, LinesChart
from visualnn.gui.widgets.menu import Menu
from visualnn.gui.widgets.page_head import PageHead
from visualnn.gui.widgets.scroll import Scroll
from visualnn.nn.options import Options
from visualnn.project import Project
from visualnn.scene.racing import FEWEST, MOST, Lane, five_optimizers, five_rates, next_racer, verdict

PADDING = 24
HIGH, LOW, ROOMY = 112, 84, 620  # px of the chart, and of a page that has room for the higher one
EMPTY = "Press play: all start at the same weights."
OPTIMIZERS, RATES = "optimizers", "rates"
PRESETS = {OPTIMIZERS: "Five optimizers, their usual rates", RATES: "One optimizer, five rates"}


class Verdict(QWidget):
    """How the race stands, in up to two lines."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._text = ""
        self.setFixedHeight(58)

    def say(self, text: str) -> None:
        """Another sentence."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    def text(self) -> str:
        """What it says."""
        return self._text

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            lines = wrapped(self._text, self.width() - 2 * PADDING, 14, 500)
            for index, line in enumerate(lines):
                theme.draw_text(painter, PADDING, 16 + 21 * index, line, 14, 500)


class Footer(QWidget):
    """Beneath the rows: one more runner."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFixedHeight(40)
        self.add = TextButton("Add a runner", "plus", parent=self)

    def resizeEvent(self, _event: QEvent) -> None:
        self.add.move(PADDING - 6, 2)


class RaceView(QWidget):
    """Shows lanes; says what is asked for."""

    back_requested = Signal()
    racers_requested = Signal(tuple)  # of Options
    adopt_requested = Signal(int)  # the place of a runner
    play_toggled = Signal()
    step_requested = Signal()
    same_start_requested = Signal()
    speed_chosen = Signal(float)
    goal_chosen = Signal(object)  # a loss, or None
    seen_changed = Signal(bool)  # whether the page is to be seen

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("race")
        self.setAccessibleName("Race")
        self.setMinimumWidth(300)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._lanes: tuple[Lane, ...] = ()
        self._base = Options()  # what presets begin with
        self._by_batch = self._running = False
        self._goal: float | None = None
        self.rows: list[LaneRow] = []
        self._make_parts()
        self._lay_out()
        self.show_lanes(())

    def _make_parts(self) -> None:
        self.head = PageHead("Race", self)
        self.presets = TextButton("Presets", parent=self, trailing="chevron-down", size=13, weight=500)
        self.head.add_tool(self.presets)
        self.controls, self.verdict, self.sights = Controls(self), Verdict(self), Sights(self)
        self.chart, self.footer = LinesChart(self, title="Loss", high=HIGH), Footer(self)
        self.head.back_requested.connect(self.back_requested)
        self.presets.clicked.connect(self.open_presets)
        self.footer.add.clicked.connect(self._on_add_clicked)
        self.controls.play_toggled.connect(self.play_toggled)
        self.controls.step_requested.connect(self.step_requested)
        self.controls.same_start_requested.connect(self.same_start_requested)
        self.controls.speed_chosen.connect(self.speed_chosen)
        self.controls.goal_chosen.connect(self.goal_chosen)

    def _lay_out(self) -> None:
        inside = QWidget(self)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.footer)
        self._column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.setSpacing(0)
        for part in (self.head, self.controls, self.verdict, self.sights, Scroll(inside, self), self.chart):
            outer.addWidget(part)
        outer.addSpacing(8)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_project(self, project: Project) -> None:
        """The data and the network that are raced on."""
        self._base = project.options
        self._by_batch = (project.options.batch_size or project.data.rows) < project.data.rows
        self.chart.set_title("Batch loss" if self._by_batch else "Loss")
        self.sights.show_project(project)

    def show_lanes(self, lanes: Sequence[Lane]) -> None:
        """Where the runners are."""
        self._lanes = tuple(lanes)
        self._fit_rows()
        for row, lane in zip(self.rows, lanes, strict=True):
            row.show_lane(lane, self._goal, fewest=len(lanes) <= FEWEST)
        self.verdict.say(verdict(lanes, self._goal))
        update = max((lane.update for lane in lanes), default=0)
        self.controls.same_start.set_enabled(update > 0, "All are at the start.")
        self.head.set_note(f"update {update:,}" if update else "same start, same data")
        self.chart.show_lines([chart_line(lane) for lane in lanes], self._goal, EMPTY)
        self.sights.show_lanes(lanes, hurry=not self._running)
        self.footer.add.set_enabled(len(lanes) < MOST, f"A race has up to {MOST} runners.")

    def show_state(self, *, running: bool, speed: float, goal: float | None) -> None:
        """Whether the race goes on, how fast, and up to where."""
        self.controls.show_state(running=running, speed=speed, goal=goal)
        self._goal, self._running = goal, running
        self.show_lanes(self._lanes)

    def _fit_rows(self) -> None:
        """A row for each lane; those that stay keep their places."""
        while len(self.rows) > len(self._lanes):
            row = self.rows.pop()
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(self._lanes):
            row, place = LaneRow(self._lanes[len(self.rows)], self), len(self.rows)
            row.options_requested.connect(partial(self._on_options_requested, place))
            row.keep_requested.connect(partial(self.adopt_requested.emit, place))
            row.remove_requested.connect(partial(self._on_remove_requested, place))
            self._column.insertWidget(place, row)
            self.rows.append(row)

    # -- requests up ---------------------------------------------------------------------------------------------

    @property
    def racers(self) -> tuple[Options, ...]:
        """How the runners train."""
        return tuple(lane.options for lane in self._lanes)

    def open_presets(self) -> Menu:
        """The menu of ready-made races."""
        menu = Menu(self.presets)
        for key, label in PRESETS.items():
            menu.addAction(label).setData(key)
        menu.triggered.connect(self._on_preset_chosen)
        menu.open_below(self.presets)
        return menu

    def _on_preset_chosen(self, action) -> None:
        self.choose_preset(action.data())

    def choose_preset(self, key: str) -> None:
        """Line up one of the `PRESETS`."""
        self.racers_requested.emit((five_optimizers if key == OPTIMIZERS else five_rates)(self._base))

    def _on_add_clicked(self) -> None:
        self.racers_requested.emit((*self.racers, next_racer(self.racers or (self._base,))))

    def _on_options_requested(self, place: int, options: Options) -> None:
        racers = self.racers
        if options != racers[place]:
            self.racers_requested.emit((*racers[:place], options, *racers[place + 1 :]))

    def _on_remove_requested(self, place: int) -> None:
        self.racers_requested.emit((*self.racers[:place], *self.racers[place + 1 :]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, _event: QEvent) -> None:
        is_low = self.height() < ROOMY
        self.chart.set_high(LOW if is_low else HIGH)
        self.sights.set_low(is_low)

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)
        self.seen_changed.emit(True)

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)
        self.seen_changed.emit(False)


def chart_line(lane: Lane) -> ChartLine:
    """The losses of a runner, the latest included."""
    updates, losses = lane.curve.updates, lane.curve.losses
    updates, losses = np.append(updates, lane.update), np.append(losses, lane.loss)
    return ChartLine(lane.name, updates, losses, lane.mark.color, lane.mark.letter, is_runner=True)
