"""The finishing line, and who is said to be the first to cross it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.contest.content import GOALS, Bet
from visualnn.gui.widgets.button import Button, TextButton
from visualnn.gui.widgets.card import wrapped
from visualnn.gui.widgets.menu_field import MenuField
from visualnn.gui.widgets.runner_disc import paint_disc
from visualnn.scene.landscape.verdict import NOBODY
from visualnn.scene.racing import Lane
from visualnn.scene.scales import tick_text

PADDING, TOP, FIELD, GAP, BOTTOM, LINE, MOST = 24, 14, 100, 10, 14, 19, 3
SIDE, DISC, FIRST = 34, 22.0, 33  # px of a disc's button, of the disc, and the first one's middle
HIGHEST = TOP + 32 + 6 + SIDE + BOTTOM  # px, while it asks
NEVER = "never"
CLOSED = Bet(is_open=False)


class BetDisc(Button):
    """A runner to bet on."""

    ring_radius = SIDE / 2

    def __init__(self, lane: Lane, parent: QWidget | None = None):
        super().__init__(f"{lane.name} will be first", "", parent)
        self._mark = lane.mark
        self.setToolTip(lane.name)
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def paintEvent(self, _event: QEvent) -> None:
        middle = QPointF(self.width() / 2, self.height() / 2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("accent"), 2) if self.isChecked() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accentbg") if self.isChecked() else self._faded("hover"))
            painter.drawEllipse(middle, SIDE / 2 - 1, SIDE / 2 - 1)
            paint_disc(painter, middle, self._mark.color, self._mark.letter, DISC)


class Bets(QWidget):
    """“Who is first below 0.001?” before the start, what was said while they run, and how it ended."""

    bet_placed = Signal(object)  # the place of a runner, or None: no idea
    goal_chosen = Signal(object)  # a loss, or None

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._bet: Bet | None = None
        self._goal: tuple[float | None, float | None] | None = None
        self._lanes: tuple[Lane, ...] = ()
        self._lines: list[str] = []
        self.discs: list[BetDisc] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.goal = MenuField([], self, name="Race to a loss below", width=FIELD)
        self.goal.setToolTip("The race is over below this loss.")
        self.goal.chosen.connect(self._on_goal_chosen)
        self.nobody = self._word("Nobody", "Nobody will arrive", NOBODY)
        self.no_idea = self._word("No idea", "I have no idea", None)
        self._fit()

    def _word(self, label: str, hint: str, answer: int | None) -> TextButton:
        button = TextButton(label, parent=self, pad=8)
        button.set_hint(hint)
        button.setCheckable(True)
        button.clicked.connect(partial(self._on_clicked, answer))
        return button

    # -- values down ---------------------------------------------------------------------------------------------

    def show_goal(self, goal: float | None, own: float | None) -> None:
        """The finishing line, and that of the example."""
        if (goal, own) != self._goal:
            self._goal = (goal, own)
            goals = sorted({*GOALS, *(each for each in (goal, own) if each is not None)}, reverse=True)
            self.goal.set_options([*((repr(each), tick_text(each)) for each in goals), (NEVER, "no goal")])
            self.goal.set_key(NEVER if goal is None else repr(goal))
            self._fit()

    def show_bet(self, bet: Bet | None, lanes: Sequence[Lane]) -> None:
        """What was said, and of whom it can be said."""
        looks = [(lane.name, lane.mark) for lane in lanes]
        if looks != [(lane.name, lane.mark) for lane in self._lanes]:
            self._lanes = tuple(lanes)
            self._make_discs()
        elif bet == self._bet:
            return
        self._bet = bet
        self._mark()
        self._fit()

    def prompt(self) -> str:
        """What stands before the finishing line."""
        if self._goal is None or self._goal[0] is None:
            return "Who ends lowest with" if self._is_asking() else "The race has"
        return "Who is first below" if self._is_asking() else "First below" if len(self._lanes) > 1 else "Ends below"

    def said(self) -> str:
        """What was said, or how it ended."""
        bet = self._bet or CLOSED
        if bet.sentence or not bet.is_given:
            return bet.sentence
        if bet.answer is None or bet.answer >= len(self._lanes):
            return "You had no idea."
        return f"You said {'nobody' if bet.answer == NOBODY else self._lanes[bet.answer].name}."

    def count(self) -> str:
        """How many bets were right so far."""
        return self._bet.count if self._bet else ""

    def _is_asking(self) -> bool:
        return self._bet is not None and self._bet.is_open

    def _make_discs(self) -> None:
        for disc in self.discs:
            disc.hide()
            disc.deleteLater()
        self.discs = [BetDisc(lane, self) for lane in self._lanes]
        for place, disc in enumerate(self.discs):
            disc.clicked.connect(partial(self._on_clicked, place))
            QWidget.setTabOrder(self.discs[place - 1] if place else self.goal, disc)
        if self.discs:
            QWidget.setTabOrder(self.discs[-1], self.nobody)

    def _mark(self) -> None:
        """Which answer is lit."""
        bet = self._bet or CLOSED
        for place, disc in enumerate(self.discs):
            disc.setChecked(bet.is_given and bet.answer == place)
        self.nobody.setChecked(bet.is_given and bet.answer == NOBODY)
        self.no_idea.setChecked(bet.is_given and bet.answer is None)

    # -- requests up ---------------------------------------------------------------------------------------------

    def _on_clicked(self, answer: int | None) -> None:
        self._mark()  # Qt has switched the button over; what is lit is what is known
        self.bet_placed.emit(answer)

    def _on_goal_chosen(self, key: str) -> None:
        self.goal_chosen.emit(None if key == NEVER else float(key))

    # -- places and painting -------------------------------------------------------------------------------------

    def _fit(self) -> None:
        is_asking = self._is_asking()
        for part in (*self.discs, self.no_idea):
            part.setVisible(is_asking)
        self.nobody.setVisible(is_asking and self._goal is not None and self._goal[0] is not None)
        texts = () if is_asking else filter(None, (self.said(), self.count()))
        room = self.width() - 2 * PADDING
        self._lines = [line for text in texts for line in wrapped(text, room, 13, 450, most=MOST)]
        bottom = self._place()
        below = 8 + LINE * len(self._lines) if self._lines else 0
        self.setFixedHeight((bottom if is_asking else TOP + 32 + below) + BOTTOM)
        self.update()

    def _place(self) -> int:
        """Put everything where it belongs; the lowest pixel of the answers."""
        self.goal.move(PADDING + round(theme.text_width(self.prompt(), 13, 500)) + GAP, TOP)
        x, y = FIRST - SIDE // 2, TOP + 32 + 6
        for disc in self.discs:
            disc.setGeometry(x, y, SIDE, SIDE)
            x += SIDE + 2
        for word in (self.nobody, self.no_idea):
            word.resize(word.sizeHint())
            if x + word.width() > self.width() - PADDING + 8:
                x, y = PADDING - 8, y + SIDE
            word.move(x, y + 1)
            x += 0 if word.isHidden() else word.width()
        return y + SIDE

    def resizeEvent(self, _event: QEvent) -> None:
        self._fit()

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            theme.draw_text(painter, PADDING, TOP + 16, self.prompt(), 13, 500)
            if self._is_asking():
                theme.draw_text(painter, self.goal.geometry().right() + 8, TOP + 16, "?", 13, 500)
            for index, line in enumerate(self._lines):
                ink = "text3" if index == len(self._lines) - 1 and line == self.count() else "text2"
                theme.draw_text(painter, PADDING, TOP + 32 + 8 + LINE * (index + 0.5), line, 13, 450, ink)
