"""The row of a runner: in the race of Train mode always open, in that of Landscape mode quiet until it is opened."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from tests.gui.conftest import LEFT
from visualnn.gui import theme
from visualnn.gui.widgets.lane_row import LaneRow
from visualnn.gui.widgets.runner_row import HIGH, LINE, RunnerRow
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Stop
from visualnn.scene.names import LABELS
from visualnn.scene.racing import LETTERS, Lane, Mark

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")

ON_NAME = QPoint(60, 20)


def lane(name: str = "adam", rate: float = 0.1, *, update: int = 60, loss: float = 0.005873, **more) -> Lane:
    constants, stop = more.pop("constants", {}), more.pop("stop", None)
    options = Options(optimizer=Optimizer(name, rate, **constants))
    return Lane(LABELS["optimizer"][name], options, Mark(LETTERS[name], "adam"), update, loss, stop)


@pytest.fixture
def row(place) -> RunnerRow:
    """Adam's, chosen, at rest, as wide as in a panel of 360 px."""
    row = place(RunnerRow(lane()), width=336)
    row.show_lane(lane(), 0.001, fewest=False)
    row.set_selected(True)
    return row


def choose(menu: QMenu, text: str, qtbot) -> None:
    action = next(action for action in menu.actions() if action.text() == text)
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def entries(menu: QMenu) -> dict[str, str]:
    """What can be chosen, and why the rest cannot."""
    found = {action.text(): "" if action.isEnabled() else action.toolTip() for action in menu.actions()}
    menu.close()
    return found


def on_screen(widget):
    """The pixels that are really there, in which only what was painted anew has changed."""
    QApplication.processEvents()
    window = widget.window()
    shot = window.screen().grabWindow(window.winId())
    return shot.copy(widget.geometry()).toImage()


# -- in Train mode -------------------------------------------------------------------------------------------------


def test_the_open_row_says_where_it_is(place):
    row = place(LaneRow(lane()), width=360)
    assert row.state() == "loss 0.005873"
    row.show_lane(lane(update=63, loss=0.00099, stop=Stop.GOAL), 0.001, fewest=False)
    assert row.state() == row.accessibleDescription() == "loss 0.0009900, below 0.001 at update 63"
    row.show_lane(lane(update=5, loss=float("nan"), stop=Stop.DIVERGED), 0.001, fewest=False)
    assert row.state() == "out at update 5: not a number"


def test_the_open_row_has_no_search_for_a_rate(place):
    row = place(LaneRow(lane()), width=360)
    row.show_lane(lane(), None, fewest=True)
    assert entries(row.open_menu()) == {"Keep these weights": "", "Remove this runner": "A race needs two runners."}


# -- chosen and opened ---------------------------------------------------------------------------------------------


def test_a_click_chooses_and_another_one_opens(place, qtbot):
    row = place(RunnerRow(lane()), width=336)
    with qtbot.waitSignal(row.chosen):
        qtbot.mouseClick(row, LEFT, pos=ON_NAME)
    assert not row.is_open
    row.set_selected(True)
    with qtbot.assertNotEmitted(row.chosen), qtbot.waitSignal(row.opened):
        qtbot.mouseClick(row, LEFT, pos=ON_NAME)
    assert row.is_open
    assert row.optimizer.isVisible()
    assert row.height() > HIGH


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_choose_open_and_close(place, qtbot, key):
    row = place(RunnerRow(lane()), width=336)
    row.clearFocus()
    row.setFocus(Qt.FocusReason.TabFocusReason)
    assert row.has_ring()
    with qtbot.waitSignal(row.chosen):
        qtbot.keyClick(row, key)
    row.set_selected(True)
    qtbot.keyClick(row, key)
    assert row.is_open
    qtbot.keyClick(row, Qt.Key.Key_Escape)
    assert not row.is_open
    assert not row.rate.isVisible()


def test_another_one_that_is_chosen_closes_it(row):
    row.set_open(True)
    row.set_selected(False)
    assert not row.is_open
    assert row.height() == HIGH


def test_a_press_that_is_let_go_elsewhere_does_nothing(row, qtbot):
    qtbot.mousePress(row, LEFT, pos=ON_NAME)
    qtbot.mouseRelease(row, LEFT, pos=QPoint(60, HIGH + 40))
    assert not row.is_open


# -- what it asks for ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_it_has_the_fields_of_its_optimizer(place, name):
    row = place(RunnerRow(lane(name)), width=336)
    row.set_selected(True)
    row.set_open(True)
    expected = {"sgd": [], "adagrad": [], "momentum": ["momentum"], "nesterov": ["momentum"], "rmsprop": ["rho"]}
    assert list(row.constants.fields) == expected.get(name, ["beta1", "beta2"])
    for constant, field in row.constants.fields.items():
        assert field.isVisible()
        assert field.value() == getattr(Optimizer(name), constant)
    assert row.constants.isVisible() == bool(expected.get(name, True))


def test_a_constant_is_asked_for_once_it_is_set(row, qtbot):
    row.set_open(True)
    field = row.constants.fields["beta2"]
    field.start_typing()
    field.editor().selectAll()
    qtbot.keyClicks(field.editor(), "0.99")
    with qtbot.waitSignal(row.options_requested) as asked:
        qtbot.keyClick(field.editor(), Qt.Key.Key_Return)
    optimizer = row.lane.options.optimizer
    assert asked.args[0] == replace(row.lane.options, optimizer=replace(optimizer, beta2=0.99))


def test_another_optimizer_brings_its_own_fields(row, qtbot):
    row.set_open(True)
    with qtbot.waitSignal(row.options_requested) as asked:
        choose(row.optimizer.open_menu(), "Momentum", qtbot)
    options = asked.args[0]
    row.show_lane(replace(row.lane, options=options, name="Momentum"), 0.001, fewest=False)
    assert list(row.constants.fields) == ["momentum"]
    assert row.rate.value() == options.optimizer.rate


def test_its_menu_says_why_something_cannot_be(row):
    row.allow(keeps=True, find_reason="Rates are being tried already.")
    row.show_lane(lane(update=0), 0.001, fewest=True)
    assert entries(row.open_menu()) == {
        "Find the best rate": "Rates are being tried already.",
        "Keep these weights": "It has learned nothing yet.",
        "Remove this runner": "Somebody has to run.",
    }
    row.allow(keeps=False)
    assert list(entries(row.open_menu())) == ["Find the best rate", "Remove this runner"]


def test_its_menu_asks(row, qtbot):
    for text, signal in (
        ("Find the best rate", row.best_rate_requested),
        ("Keep these weights", row.keep_requested),
        ("Remove this runner", row.remove_requested),
    ):
        with qtbot.waitSignal(signal):
            choose(row.open_menu(), text, qtbot)


def test_delete_removes_it_unless_it_is_the_last(row, qtbot):
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):  # Backspace is what a Mac's key sends
        with qtbot.waitSignal(row.remove_requested):
            qtbot.keyClick(row, key)
    row.show_lane(lane(), 0.001, fewest=True)
    with qtbot.assertNotEmitted(row.remove_requested):
        qtbot.keyClick(row, Qt.Key.Key_Delete)


# -- what is seen --------------------------------------------------------------------------------------------------


def test_an_unusual_momentum_is_told_at_rest(place):
    row = place(RunnerRow(lane("momentum", 0.02)), width=336)
    assert row.details() == "rate 0.02"
    row.show_lane(lane("momentum", 0.02, constants={"momentum": 0.8}), None, fewest=False)
    assert row.details() == "rate 0.02, momentum 0.8"


def test_what_it_remembers_stands_in_lines_that_fit(row):
    told = ("velocity (0.12, −0.03)", "rate for weight 1 0.012 · for weight 2 0.31")
    row.show_memory(told)
    assert (row.memory(), row.height()) == (told, HIGH + 2 * 18 + 2)
    row.resize(276, row.height())
    assert row.height() == HIGH + 3 * 18 + 2  # the second one is cut at its dot
    row.set_selected(False)
    assert row.height() == HIGH


def test_the_row_does_not_tremble_while_numbers_grow_and_shrink(row):
    row.resize(276, row.height())
    row.show_memory(("rate for weight 1 0.012 · for weight 2 0.31",))
    high = row.height()
    row.show_memory(("rate for w 1 · for v 2",))
    assert row.height() == high


@pytest.mark.parametrize("is_open", [False, True])
def test_what_is_painted_in_part_is_as_if_painted_anew(row, is_open):
    row.set_open(is_open)
    row.show_memory(("velocity (0.12, −0.03)",))
    before = on_screen(row)
    row.show_lane(lane(update=61, loss=0.1234), 0.001, fewest=False)
    row.show_memory(("velocity (0.10, 0.04)",))
    after = on_screen(row)
    row.update()
    assert after == on_screen(row)
    for box in (row._state_box(), row._memory_box()):
        assert after.copy(box) != before.copy(box)


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("width", [276, 336, 396, 496])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_nothing_is_cut_at_any_width(place, appearance, mode, width, name):
    appearance.set_mode(mode)
    row = place(RunnerRow(lane(name, 0.00001)), width=width)
    row.set_selected(True)
    row.set_open(True)
    label = theme.text_width(row.optimizer.label(), 13, 500)
    assert label <= row.optimizer.width() - 42  # what it leaves for the chevron
    for field in (row.rate, *row.constants.fields.values()):
        assert theme.text_width(field.text(), 13, 500) <= field.width() - 44
        assert field.mapTo(row, field.rect().topRight()).x() < width
    assert row.optimizer.geometry().right() < row.rate.geometry().left()
    assert row.more.geometry().bottom() <= row.height()
    row.grab()


def test_who_arrived_and_who_is_out_are_told_at_rest(row):
    quiet = row.grab().toImage()
    row.show_lane(lane(update=63, loss=0.00099, stop=Stop.GOAL), 0.001, fewest=False)
    assert row._note() == ("at update 63", "good")
    row.show_lane(lane(update=5, loss=float("inf"), stop=Stop.DIVERGED), 0.001, fewest=False)
    assert row._note() == ("at update 5", "bad")
    assert row.accessibleDescription() == "out at update 5: not a number"
    assert row.grab().toImage() != quiet


def test_keys_in_its_fields_mean_nothing_to_the_row_but_esc(place, qtbot):
    row = place(RunnerRow(lane()), width=336)
    row.set_selected(True)
    row.set_open(True)
    row.rate.setFocus(Qt.FocusReason.TabFocusReason)
    removed = []
    row.remove_requested.connect(lambda: removed.append(row))
    qtbot.keyClick(row.rate, Qt.Key.Key_Space)
    qtbot.keyClick(row.rate, Qt.Key.Key_Delete)
    assert (row.is_open, removed) == (True, [])
    qtbot.keyClick(row.rate, Qt.Key.Key_Escape)
    assert not row.is_open


def test_what_is_not_known_yet_is_not_told_as_lost(place):
    row = place(RunnerRow(Lane("SGD")), width=336)
    assert row.state() == "loss …"
    assert not row.lane.out


def test_what_another_runner_remembered_leaves_no_room_behind(place):
    row = place(RunnerRow(lane("adam")), width=336)
    row.set_selected(True)
    row.show_memory(("velocity (0.1, 0.2)", "rate for x 0.1 · for y 0.2"))
    high = row.height()
    row.show_lane(lane("sgd"), None, fewest=False)
    row.show_memory(())
    assert row.height() == high - 2 * LINE - 2
