"""The page: the runners, the bet, their losses up to this moment, and who has arrived."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from visualnn.gui.views.contest.best_rate import BestRate
from visualnn.gui.views.contest.bets import HIGHEST as BETS_HIGH
from visualnn.gui.views.contest.bets import Bets
from visualnn.gui.views.contest.caption import Caption
from visualnn.gui.views.contest.content import ContestContent
from visualnn.gui.views.contest.head import Foot, Head
from visualnn.gui.views.contest.scoreboard import Scoreboard
from visualnn.gui.widgets.lines_chart import BELOW, TOP, ChartLine, LinesChart
from visualnn.gui.widgets.menu import Menu
from visualnn.gui.widgets.rule import Rule
from visualnn.gui.widgets.runner_row import HIGH as ROW_HIGH
from visualnn.gui.widgets.runner_row import RunnerRow
from visualnn.gui.widgets.scroll import Scroll
from visualnn.nn.options import Options
from visualnn.scene.racing import five_optimizers, five_rates, next_racer

INSET = 12  # px beside a row
LOW, HIGH = 84, 150  # px of the chart
FEW, WIDE_GAP, NARROW_GAP = 3, 8, 2  # rows with room between them, px
STRETCH = 10.0  # times the loss at the start
EMPTY = "Press play to race."
OPTIMIZERS, RATES = "optimizers", "rates"
PRESETS = {OPTIMIZERS: "Five optimizers, their usual rates", RATES: "One optimizer, five rates"}
NO_GOAL, SEARCHING = "First choose a loss to race to.", "Rates are being tried already."


class ContestView(QWidget):
    """Shows a moment of the race; says what is asked for."""

    runners_requested = Signal(tuple)  # of Options
    runner_chosen = Signal(int)
    keep_requested = Signal(int)
    start_requested = Signal(bool)  # whether the next click on the surface is to be the new start
    goal_chosen = Signal(object)  # a loss, or None
    bet_placed = Signal(object)  # the place of a runner, or None: no idea
    best_rate_requested = Signal(int)
    search_cancelled = Signal()
    rate_accepted = Signal(int, float)
    update_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("contest")
        self.setAccessibleName("Race")
        self.setMinimumWidth(300)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._content = ContestContent()
        self._opening: int | None = None  # the place of a runner that was asked for and is not there yet
        self.rows: list[RunnerRow] = []
        self._make_parts()
        self._lay_out()
        self.show_content(self._content)

    def _make_parts(self) -> None:
        inside = self._inside = QWidget(self)
        self.head, self.foot, self.bets = Head(inside), Foot(inside), Bets(inside)
        self.best_rate, self.scoreboard, self.caption = BestRate(inside), Scoreboard(inside), Caption(inside)
        self.chart = LinesChart(inside, title="Loss", high=HIGH)
        self.head.presets.clicked.connect(self.open_presets)
        self.foot.add.clicked.connect(self._on_add_clicked)
        self.foot.pick.clicked.connect(self._on_pick_clicked)
        self.bets.goal_chosen.connect(self.goal_chosen)
        self.bets.bet_placed.connect(self.bet_placed)
        self.best_rate.accepted.connect(self.rate_accepted)
        self.best_rate.cancelled.connect(self.search_cancelled)
        self.chart.update_chosen.connect(self.update_chosen)

    def _lay_out(self) -> None:
        inside = self._inside
        self._search_rule, self._score_rule = Rule(inside), Rule(inside)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(INSET, 0, INSET, 0)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(self._column)
        for part in (self.foot, self._search_rule, self.best_rate, Rule(inside), self.bets, Rule(inside), self.chart):
            column.addWidget(part)
        for part in (self._score_rule, self.scoreboard, Rule(inside), self.caption):
            column.addWidget(part)
        column.addStretch(1)
        inside.installEventFilter(self)
        self._scroll = Scroll(inside, self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.addWidget(self._scroll)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_content(self, content: ContestContent) -> None:
        """Show this moment; only what is different from the last one is painted."""
        before, self._content = self._content, content
        self._fit_rows()
        self._show_rows()
        self.head.set_note(f"update {content.update:,}" if content.update else "same start, same data")
        self.foot.show_state(runners=len(content.lanes), is_picking=content.is_picking)
        self.bets.show_goal(content.goal, content.own_goal)
        self.bets.show_bet(content.bet, content.lanes)
        self._show_search()
        self._show_losses(before)
        self.scoreboard.show_scores(content.scores)
        self._score_rule.setVisible(not self.scoreboard.isHidden())
        self.caption.say(content.caption)
        self._fit_chart()
        if before.search is None and not self.best_rate.isHidden():
            self._scroll.reveal(self.best_rate)

    def _show_rows(self) -> None:
        content = self._content
        reason = NO_GOAL if content.goal is None else SEARCHING if _is_searching(content) else ""
        for place, (row, lane) in enumerate(zip(self.rows, content.lanes, strict=True)):
            row.show_lane(lane, content.goal, fewest=len(content.lanes) == 1)
            row.allow(keeps=content.keeps, find_reason=reason)
            row.set_selected(place == content.selected)
            row.show_memory(content.memory if place == content.selected else ())
        if self._opening is not None and self._opening < len(self.rows) and self.rows[self._opening].is_selected:
            self.rows[self._opening].set_open(True)
            self._opening = None

    def _show_search(self) -> None:
        search = self._content.search
        lane = None if search is None or search.runner >= len(self.rows) else self._content.lanes[search.runner]
        self.best_rate.show_search(search, lane)
        self._search_rule.setVisible(lane is not None)

    def _show_losses(self, before: ContestContent) -> None:
        content = self._content
        self.chart.set_distance(content.distance)
        self.chart.set_ceiling(_ceiling(content.lines))
        if _losses(content) != _losses(before):
            lines = selected_first(content.lines, content.selected)
            self.chart.show_lines(lines, content.goal, EMPTY, until=content.update)
        elif not content.lines:
            self.chart.show_lines((), content.goal, EMPTY)

    def _fit_rows(self) -> None:
        """A row for each lane; those that stay keep their places."""
        lanes = self._content.lanes
        while len(self.rows) > len(lanes):
            row = self.rows.pop()
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(lanes):
            row, place = RunnerRow(lanes[len(self.rows)], self._inside), len(self.rows)
            row.chosen.connect(partial(self.runner_chosen.emit, place))
            row.options_requested.connect(partial(self._on_options_requested, place))
            row.keep_requested.connect(partial(self.keep_requested.emit, place))
            row.remove_requested.connect(partial(self._on_remove_requested, place))
            row.best_rate_requested.connect(partial(self.best_rate_requested.emit, place))
            self._column.insertWidget(place, row)
            row.show()
            QWidget.setTabOrder(self.rows[-1].more if self.rows else self.head.presets, row)
            self.rows.append(row)
        self._column.setSpacing(WIDE_GAP if len(lanes) <= FEW else NARROW_GAP)

    # -- requests up ---------------------------------------------------------------------------------------------

    @property
    def runners(self) -> tuple[Options, ...]:
        """How they train."""
        return tuple(lane.options for lane in self._content.lanes)

    def open_presets(self) -> Menu:
        """The menu of ready-made races."""
        menu = Menu(self.head.presets)
        for key, label in PRESETS.items():
            menu.addAction(label).setData(key)
        menu.triggered.connect(self._on_preset_chosen)
        menu.open_below(self.head.presets)
        return menu

    def _on_preset_chosen(self, action) -> None:
        preset = five_optimizers if action.data() == OPTIMIZERS else five_rates
        self.runners_requested.emit(preset(self._content.base))

    def _on_add_clicked(self) -> None:
        self._opening = len(self.rows)
        self.runners_requested.emit((*self.runners, next_racer(self.runners or (self._content.base,))))
        self.runner_chosen.emit(self._opening if self._opening is not None else len(self.rows) - 1)

    def _on_pick_clicked(self, is_picking: bool) -> None:
        self.foot.show_picking(self._content.is_picking)  # Qt has switched it over; what is lit is what is known
        self.start_requested.emit(is_picking)

    def _on_options_requested(self, place: int, options: Options) -> None:
        runners = self.runners
        if options != runners[place]:
            self.runners_requested.emit((*runners[:place], options, *runners[place + 1 :]))

    def _on_remove_requested(self, place: int) -> None:
        self.rows[place].set_open(False)
        self.runners_requested.emit((*self.runners[:place], *self.runners[place + 1 :]))

    # -- places ----------------------------------------------------------------------------------------------------

    def _fit_chart(self) -> None:
        """The chart takes the room that is left by what is there at the start: it shall not change while they run."""
        count, gap = len(self.rows), self._column.spacing()
        rows = count * ROW_HIGH + max(0, count - 1) * gap
        others = self.head.height() + rows + self.foot.height() + BETS_HIGH + self.caption.height() + 3
        high = min(max(self.height() - others - TOP - BELOW, LOW), HIGH)
        if self.chart.height() != TOP + high + BELOW:
            self.chart.set_high(high)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self._fit_chart()
        return super().eventFilter(watched, event)

    def resizeEvent(self, _event: QEvent) -> None:
        self._fit_chart()


def _is_searching(content: ContestContent) -> bool:
    return content.search is not None and not content.search.is_over


def _losses(content: ContestContent) -> tuple[object, ...]:
    """What the chart depends on."""
    return content.lines, content.update, content.goal, content.selected


def _ceiling(lines: tuple[ChartLine, ...]) -> float | None:
    """The highest loss that the axis makes room for: a runner that is lost leaves the picture."""
    starts = [float(line.values[0]) for line in lines if line.values.size and np.isfinite(line.values[0])]
    return STRETCH * max(starts) if starts and max(starts) > 0 else None


def selected_first(lines: tuple[ChartLine, ...], selected: int) -> tuple[ChartLine, ...]:
    """The chart draws the first line on top."""
    return (*lines[selected : selected + 1], *lines[:selected], *lines[selected + 1 :])
