"""The page of a race over a landscape: it shows a moment, and asks for everything by one signal each."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.gui.conftest import LEFT, move
from visualnn.gui import theme
from visualnn.gui.views.contest import Bet, ContestContent, ContestView, Score, Search, Trial
from visualnn.gui.widgets.lines_chart import ChartLine
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Stop
from visualnn.scene.landscape.verdict import NOBODY
from visualnn.scene.names import LABELS
from visualnn.scene.racing import Lane, five_optimizers, five_rates, marks, names

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")

THREE = (("sgd", 0.5), ("momentum", 0.1), ("adam", 0.1))
FIVE = (*THREE, ("rmsprop", 0.01), ("adagrad", 0.1))
DISTANCE, GOAL = 200, 0.001
CAPTION = "A real network has many more weights. A picture like this is then one thin slice."
TRIALS = (Trial(0.001, None), Trial(0.01, 210), Trial(0.083, 21), Trial(0.1, None), Trial(1.0, None, is_out=True))
FOUND = Search(0, 5, 5, TRIALS, 0.083, "Best rate for SGD here: 0.083, 21 updates.")


def content(racers=THREE, update: int = 60, **more) -> ContestContent:
    """A race of these at an update; each loss falls by a rate of its own."""
    options = [Options(optimizer=Optimizer(name, rate)) for name, rate in racers]
    called, marked = names(options, LABELS["optimizer"]), marks([name for name, _rate in racers])
    falls = [0.97 + 0.005 * place for place in range(len(racers))]
    updates = np.arange(DISTANCE + 1)
    lines = [
        ChartLine(name, updates, fall**updates, mark.color, mark.letter, is_runner=True)
        for name, mark, fall in zip(called, marked, falls, strict=True)
    ]
    lanes = [
        Lane(name, each, mark, update, float(line.values[update]))
        for name, each, mark, line in zip(called, options, marked, lines, strict=True)
    ]
    given = {"goal": GOAL, "own_goal": GOAL, "bet": Bet(is_open=update == 0), "caption": CAPTION, "base": options[0]}
    return ContestContent(lanes=tuple(lanes), lines=tuple(lines), update=update, distance=DISTANCE, **{**given, **more})


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    theme.appearance().set_reduced_motion(True)
    yield
    theme.appearance().set_mode("dark")
    theme.appearance().set_reduced_motion(None)


@pytest.fixture
def view(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    view = ContestView(host)
    host.resize(360, 900)
    view.resize(360, 900)
    host.show()
    host.activateWindow()
    qtbot.waitUntil(host.isActiveWindow)
    view.show_content(content())
    yield view
    host.hide()


def choose(menu: QMenu, text: str, qtbot) -> None:
    action = next(action for action in menu.actions() if action.text() == text)
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def tab_to(widget: QWidget, qtbot) -> None:
    """Press Tab until the keyboard is there."""
    for _ in range(60):
        if QApplication.focusWidget() is widget:
            return
        qtbot.keyClick(QApplication.focusWidget() or widget.window(), Qt.Key.Key_Tab)
    pytest.fail(f"{widget.accessibleName()} is not reached by Tab")


# -- runners -------------------------------------------------------------------------------------------------------


def test_every_runner_has_a_row(view):
    assert [row.accessibleName() for row in view.rows] == ["SGD", "Momentum", "Adam"]
    assert [row.details() for row in view.rows] == ["rate 0.5", "rate 0.1", "rate 0.1"]
    assert [row.is_selected for row in view.rows] == [True, False, False]
    assert view.head.note() == "update 60"
    view.show_content(content(update=0))
    assert view.head.note() == "same start, same data"


def test_a_click_on_a_row_chooses_its_runner(view, qtbot):
    with qtbot.waitSignal(view.runner_chosen) as chosen:
        qtbot.mouseClick(view.rows[2], LEFT, pos=QPoint(100, 30))
    assert chosen.args == [2]
    view.show_content(content(selected=2, memory=("velocity (0.12, −0.03)",)))
    assert [row.is_selected for row in view.rows] == [False, False, True]
    assert [row.memory() for row in view.rows] == [(), (), ("velocity (0.12, −0.03)",)]


def test_a_row_is_reached_and_chosen_by_keys(view, qtbot):
    tab_to(view.rows[1], qtbot)
    with qtbot.waitSignal(view.runner_chosen) as chosen:
        qtbot.keyClick(view.rows[1], Qt.Key.Key_Space)
    assert chosen.args == [1]


def test_another_rate_asks_for_other_runners(view, qtbot):
    qtbot.mouseClick(view.rows[0], LEFT, pos=QPoint(100, 30))
    field = view.rows[0].rate
    field.start_typing()
    field.editor().selectAll()
    qtbot.keyClicks(field.editor(), "0.25")
    with qtbot.waitSignal(view.runners_requested) as asked:
        qtbot.keyClick(field.editor(), Qt.Key.Key_Return)
    assert asked.args[0][0].optimizer == Optimizer("sgd", 0.25)
    assert asked.args[0][1:] == view.runners[1:]


def test_a_runner_that_was_added_is_chosen_and_opened(view, qtbot):
    def serve(racers: tuple[Options, ...]) -> None:
        shown.append(tuple((each.optimizer.name, each.optimizer.rate) for each in racers))
        view.show_content(content(shown[-1], 0))

    shown: list[tuple[tuple[str, float], ...]] = []
    view.runners_requested.connect(serve)
    view.runner_chosen.connect(lambda place: view.show_content(content(shown[-1], 0, selected=place)))
    qtbot.mouseClick(view.foot.add, LEFT)
    assert shown[0][:3] == THREE
    assert [row.is_selected for row in view.rows] == [False, False, False, True]
    assert view.rows[3].is_open


def test_there_are_one_to_five_runners(view, qtbot):
    view.show_content(content(FIVE))
    assert not view.foot.add.isEnabled()
    view.show_content(content(THREE[:1], bet=None))
    assert len(view.rows) == 1
    assert view.foot.add.isEnabled()
    menu = view.rows[0].open_menu()
    assert [action.toolTip() for action in menu.actions() if not action.isEnabled()] == ["Somebody has to run."]
    menu.close()


def test_a_runner_is_removed(view, qtbot):
    with qtbot.waitSignal(view.runners_requested) as asked:
        choose(view.rows[1].open_menu(), "Remove this runner", qtbot)
    assert asked.args[0] == (view.runners[0], view.runners[2])


def test_weights_are_kept_where_there_are_any(view, qtbot):
    menu = view.rows[2].open_menu()
    assert "Keep these weights" not in [action.text() for action in menu.actions()]
    menu.close()
    view.show_content(content(keeps=True))
    with qtbot.waitSignal(view.keep_requested) as asked:
        choose(view.rows[2].open_menu(), "Keep these weights", qtbot)
    assert asked.args == [2]


@pytest.mark.parametrize(
    ("text", "preset"),
    [("Five optimizers, their usual rates", five_optimizers), ("One optimizer, five rates", five_rates)],
)
def test_presets_line_up_five(view, qtbot, text, preset):
    with qtbot.waitSignal(view.runners_requested) as asked:
        choose(view.open_presets(), text, qtbot)
    assert asked.args[0] == preset(Options(optimizer=Optimizer("sgd", 0.5)))


def test_picking_a_start_is_switched_on_and_off(view, qtbot):
    with qtbot.waitSignal(view.start_requested) as asked:
        qtbot.mouseClick(view.foot.pick, LEFT)
    assert asked.args == [True]
    assert not view.foot.pick.isChecked()  # it lights up when it is so
    view.show_content(content(is_picking=True))
    assert view.foot.pick.isChecked()
    assert view.foot.pick.label() == "Click on the surface"
    with qtbot.waitSignal(view.start_requested) as asked:
        qtbot.mouseClick(view.foot.pick, LEFT)
    assert asked.args == [False]


# -- bets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [0, 1, 2, NOBODY, None])
def test_before_the_start_one_may_bet(view, qtbot, answer):
    view.show_content(content(update=0))
    assert view.bets.prompt() == "Who is first below"
    buttons = [*view.bets.discs, view.bets.nobody, view.bets.no_idea]
    button = buttons[[0, 1, 2, NOBODY, None].index(answer)]
    with qtbot.waitSignal(view.bet_placed) as placed:
        qtbot.mouseClick(button, LEFT)
    assert placed.args == [answer]
    assert not any(each.isChecked() for each in buttons)
    view.show_content(content(update=0, bet=Bet(is_open=True, is_given=True, answer=answer)))
    assert [each for each in buttons if each.isChecked()] == [button]


def test_a_bet_is_placed_by_keys(view, qtbot):
    view.show_content(content(update=0))
    tab_to(view.bets.discs[2], qtbot)
    assert view.bets.discs[2].has_ring()
    with qtbot.waitSignal(view.bet_placed) as placed:
        qtbot.keyClick(view.bets.discs[2], Qt.Key.Key_Return)
    assert placed.args == [2]


@pytest.mark.parametrize(
    ("bet", "said"),
    [
        (Bet(is_open=False), ""),
        (None, ""),
        (Bet(is_open=False, is_given=True, answer=1), "You said Momentum."),
        (Bet(is_open=False, is_given=True, answer=NOBODY), "You said nobody."),
        (Bet(is_open=False, is_given=True, answer=None), "You had no idea."),
        (Bet(False, True, 1, "SGD was first, not Momentum.", "2 of 3 bets right"), "SGD was first, not Momentum."),
    ],
)
def test_while_they_run_it_says_what_was_said(view, bet, said):
    view.show_content(content(bet=bet))
    assert view.bets.said() == said
    assert view.bets.prompt() == "First below"
    assert not any(disc.isVisible() for disc in view.bets.discs)
    assert view.bets.count() == (bet.count if bet else "")


def test_the_goal_is_chosen(view, qtbot):
    view.show_content(content(goal=0.02, own_goal=0.02))
    assert list(view.bets.goal._options.values()) == [
        *("0.1", "0.02", "0.01", "0.001", "1e−4", "1e−5", "1e−6", "no goal"),
    ]
    with qtbot.waitSignal(view.goal_chosen) as chosen:
        choose(view.bets.goal.open_menu(), "1e−6", qtbot)
    assert chosen.args == [1e-6]
    with qtbot.waitSignal(view.goal_chosen) as chosen:
        choose(view.bets.goal.open_menu(), "no goal", qtbot)
    assert chosen.args == [None]


def test_without_a_goal_nobody_can_fail_to_arrive(view):
    view.show_content(content(update=0, goal=None))
    assert view.bets.prompt() == "Who ends lowest with"
    assert view.bets.discs[0].isVisible()
    assert not view.bets.nobody.isVisible()
    view.show_content(content(goal=None))
    assert view.bets.prompt() == "The race has"


# -- losses and arrivals -------------------------------------------------------------------------------------------


def test_losses_are_drawn_up_to_this_moment(view):
    view.show_content(content(update=60, selected=1))
    assert [line.letter for line in view.chart.lines] == ["M", "S", "A"]  # the one that is looked at lies on top
    assert all(line.updates[-1] == 60 for line in view.chart.lines)
    assert view.chart._across.high == DISTANCE
    view.show_content(content(update=0))
    assert view.chart.is_empty
    assert view.chart.accessibleDescription() == "Press play to race."


def test_a_click_on_the_chart_leads_to_its_update(view, qtbot):
    box = view.chart._box()
    place = QPoint(round(box.left() + 0.5 * box.width()), round(box.center().y()))
    move(view.chart, place, Qt.MouseButton.NoButton)
    with qtbot.waitSignal(view.update_chosen) as chosen:
        qtbot.mouseClick(view.chart, LEFT, pos=place)
    assert abs(chosen.args[0] - 100) <= 1


def test_who_arrived_is_on_the_scoreboard(view):
    assert not view.scoreboard.isVisible()
    first, second, _third = (lane.mark for lane in content().lanes)
    scores = (Score(1, second, "Momentum", 0.1, 48), Score(None, first, "SGD", 0.5, None))
    view.show_content(content(scores=scores))
    assert view.scoreboard.isVisible()
    assert view.scoreboard.accessibleDescription() == "1 Momentum rate 0.1, 48 updates; SGD rate 0.5, not arrived"
    view.show_content(content())
    assert not view.scoreboard.isVisible()


def test_the_chart_keeps_its_height_while_they_run(view):
    view.parentWidget().resize(360, 688)
    view.resize(360, 688)
    high = view.chart.height()
    scores = (Score(1, content().lanes[0].mark, "SGD", 0.5, 48),)
    view.show_content(content(scores=scores, memory=("velocity (0.12, −0.03)",)))
    QApplication.processEvents()
    assert view.chart.height() == high


def test_who_is_lost_does_not_press_the_others_flat(view):
    shown = content(update=60)
    lost = replace(shown.lines[0], values=np.where(np.arange(201) < 5, 10.0 ** np.arange(201.0), np.inf))
    view.show_content(replace(shown, lines=(lost, *shown.lines[1:])))
    assert view.chart._up.high == 10.0  # ten times the loss at the start
    view.grab()


def test_the_caption_is_the_one_that_was_given(view):
    assert view.caption.text() == CAPTION
    high = view.caption.height()
    view.show_content(content(caption=CAPTION + " " + CAPTION))
    assert view.caption.height() > high


# -- the best rate -------------------------------------------------------------------------------------------------


def test_the_best_rate_is_asked_for_in_the_menu(view, qtbot):
    with qtbot.waitSignal(view.best_rate_requested) as asked:
        choose(view.rows[0].open_menu(), "Find the best rate", qtbot)
    assert asked.args == [0]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"goal": None}, "First choose a loss to race to."),
        ({"search": Search(1, 3, 40)}, "Rates are being tried already."),
    ],
)
def test_the_menu_says_why_no_rate_can_be_looked_for(view, more, reason):
    view.show_content(content(**more))
    menu = view.rows[0].open_menu()
    assert menu.actions()[0].toolTip() == reason
    assert not menu.actions()[0].isEnabled()
    menu.close()


def test_a_search_tells_how_far_it_is_and_can_be_cancelled(view, qtbot):
    assert not view.best_rate.isVisible()
    view.show_content(content(search=Search(0, 12, 40, TRIALS[:2])))
    assert view.best_rate.isVisible()
    assert view.best_rate.title() == "Best rate for SGD"
    assert view.best_rate.sentence() == "Trying rates: 12 of 40"
    assert view.best_rate.bar.share() == 0.3
    assert not view.best_rate.use.isVisible()
    with qtbot.waitSignal(view.search_cancelled):
        qtbot.mouseClick(view.best_rate.close_button, LEFT)
    view.show_content(content())
    assert not view.best_rate.isVisible()


def test_what_was_found_can_be_used(view, qtbot):
    view.show_content(content(search=FOUND))
    assert view.best_rate.sentence() == FOUND.sentence
    assert not view.best_rate.bar.isVisible()
    with qtbot.waitSignal(view.rate_accepted) as accepted:
        qtbot.mouseClick(view.best_rate.use, LEFT)
    assert accepted.args == [0, 0.083]


def test_where_no_rate_arrives_there_is_none_to_use(view):
    view.show_content(content(search=Search(0, 2, 2, TRIALS[:1], None, "SGD arrives with no rate.")))
    assert not view.best_rate.use.isVisible()
    assert view.best_rate.close_button.label() == "Close"
    view.grab()


def test_trials_are_drawn_where_the_axes_say(view):
    view.show_content(content(search=FOUND))
    plot = view.best_rate.plot
    slow, better, best, stuck, out = map(plot.spot, TRIALS)
    assert slow.x() < better.x() < best.x() < stuck.x() < out.x()
    assert slow.y() == stuck.y() == out.y() < better.y() < best.y()
    assert better.x() - slow.x() == pytest.approx(out.x() - stuck.x())  # a decade each
    assert plot.legend == (("did not arrive", False), ("not a number", True))


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_the_best_one_is_ringed(view, mode):
    theme.appearance().set_mode(mode)
    view.show_content(content(search=FOUND))
    image, ring = view.best_rate.plot.grab().toImage(), theme.color("accent").rgb()
    spot = view.best_rate.plot.spot(TRIALS[2]).toPoint()
    pixels = {image.pixel(spot.x() + dx, spot.y() + dy) for dx in range(-8, 9) for dy in range(-8, 9)}
    assert ring in pixels
    far = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height()) if abs(x - spot.x()) > 9}
    assert ring not in far


# -- room ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [300, 320, 360, 420, 520])
@pytest.mark.parametrize("racers", [THREE[:1], THREE, FIVE])
def test_nothing_is_cut_at_any_width(view, width, racers):
    view.parentWidget().resize(width, 540)
    view.resize(width, 540)
    for update in (0, 60):
        view.show_content(content(racers, update, search=FOUND, memory=("velocity (0.12, −0.03)",)))
        view.rows[0].set_open(True)
        QApplication.processEvents()
        inside = view._inside
        assert inside.width() <= width
        for part in inside.findChildren(QWidget):
            if part.isVisible() and part.parentWidget() is not None:
                assert part.parentWidget().rect().contains(part.geometry()), part
        assert view.foot.add.geometry().right() < view.foot.pick.geometry().left()
        answers = [each for each in (*view.bets.discs, view.bets.nobody, view.bets.no_idea) if each.isVisible()]
        assert len(answers) == (len(racers) + 2 if update == 0 else 0)
        for a, b in pairwise(answers):
            assert not a.geometry().intersects(b.geometry())
        view.grab()
        view.rows[0].set_open(False)


def test_where_the_window_is_low_the_page_scrolls(view):
    view.parentWidget().resize(300, 540)
    view.resize(300, 540)
    view.show_content(content(FIVE))
    bar = view._scroll.verticalScrollBar()
    assert bar.maximum() > 0
    assert bar.value() == 0
    view.show_content(content(FIVE, search=Search(4, 0, 40)))
    assert bar.value() > 0  # a search that begins is brought into sight
    shown = view.best_rate.mapTo(view, QPoint(0, view.best_rate.height())).y()
    assert shown <= view.height()


class Painted(QObject):
    """Who is painted."""

    def __init__(self, parts: list[QWidget], parent: QWidget):
        super().__init__(parent)
        self.names: set[str] = set()
        for part in parts:
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.names.add(type(watched).__name__)
        return False


def test_only_what_has_changed_is_painted(view):
    shown = content()
    view.show_content(shown)
    QApplication.processEvents()
    painted = Painted(view._inside.findChildren(QWidget), view)
    view.show_content(replace(shown))
    QApplication.processEvents()
    assert painted.names == set()
    view.show_content(content(update=61))
    QApplication.processEvents()
    assert painted.names == {"Head", "LinesChart", "RunnerRow", "TextButton"}  # two lie on the head and on the chart


def test_who_arrived_or_is_out_is_shown_at_its_row(view):
    lanes = content().lanes
    arrived = replace(lanes[0], update=48, loss=0.0009, stop=Stop.GOAL)
    out = replace(lanes[1], update=5, loss=float("nan"), stop=Stop.DIVERGED)
    view.show_content(replace(content(), lanes=(arrived, out, lanes[2])))
    assert view.rows[0].accessibleDescription() == "loss 0.0009000, below 0.001 at update 48"
    assert view.rows[1].accessibleDescription() == "out at update 5: not a number"
    view.grab()


def test_an_empty_page_is_no_trouble(view):
    view.show_content(ContestContent())
    assert view.rows == []
    view.grab()
