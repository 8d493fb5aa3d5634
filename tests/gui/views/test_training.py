"""The settings: what is shown, and one request for every finished change."""

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from tests.gui.conftest import LEFT, move
from visualnn.gui.views.training import TrainingView
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.training import Options

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")


@pytest.fixture
def view(qtbot):
    view = TrainingView()
    qtbot.addWidget(view)
    view.resize(360, 200)
    view.show()
    view.activateWindow()
    view.show_options(Options(), 81, "linear")
    return view


@pytest.fixture
def requests(view):
    """What the view asked for."""
    made = []

    def note(options, what):
        made.append((options, what))

    view.options_requested.connect(note)
    return made


def choose(qtbot, field, label):
    """Opens a menu with a click and takes an entry by its label."""
    qtbot.mouseClick(field, LEFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(action for action in menu.actions() if action.text() == label)
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def labels(field):
    return list(field._options.values())


def test_the_optimizer_is_chosen_from_a_menu(view, requests, qtbot):
    choose(qtbot, view._optimizer, "Momentum")
    assert requests == [(Options(Optimizer("momentum")), "Optimizer")]
    view.show_options(requests[0][0], 81, "linear")
    assert view._optimizer.label() == "Momentum"
    assert "momentum=0.9" in view._optimizer.toolTip()


def test_choosing_what_is_chosen_asks_for_nothing(view, requests, qtbot):
    choose(qtbot, view._optimizer, "Adam")
    assert requests == []


def test_dragging_the_rate_tells_at_once_and_asks_once(view, requests, qtbot):
    rates = []
    view.rate_scrubbed.connect(rates.append)
    field = view._rate
    qtbot.mousePress(field, LEFT, pos=QPoint(40, 16))
    for x in (30, 10, -60):
        move(field, QPoint(x, 16), LEFT)
    assert len(rates) == 3
    assert requests == []
    qtbot.mouseRelease(field, LEFT, pos=QPoint(-60, 16))
    assert requests == [(Options(Optimizer(rate=rates[-1])), "Learning rate")]
    assert rates[-1] == pytest.approx(0.01)


def test_a_rate_that_cannot_train_is_refused_in_the_field(view, requests, qtbot):
    view._rate.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view._rate, Qt.Key.Key_Return)
    editor = view._rate.editor()
    editor.selectAll()
    qtbot.keyClicks(editor, "-1")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.is_wrong()
    assert requests == []
    editor.selectAll()
    qtbot.keyClicks(editor, "0,03")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert requests == [(Options(Optimizer(rate=0.03)), "Learning rate")]


def test_batch_sizes_are_those_below_the_rows(view, requests, qtbot):
    assert labels(view._batch) == ["all 81", "1", "4", "16", "32", "64"]
    choose(qtbot, view._batch, "16")
    assert requests == [(Options(batch_size=16), "Batch size")]
    view.show_options(Options(batch_size=10), 30, "linear")
    assert labels(view._batch) == ["all 30", "1", "4", "10", "16"]
    assert view._batch.label() == "10"
    view.show_options(Options(batch_size=500), 30, "linear")
    assert view._batch.label() == "all 30"


def test_the_seed_is_always_told(view):
    assert view.seed_line() == "Random weights, seed 0"
    view.show_options(Options(seed=38), 81, "linear")
    assert view.seed_line() == "Random weights, seed 38"
    assert view.accessibleDescription() == "Random weights, seed 38"


def test_more_settings_open_and_close(view, qtbot):
    hidden = (view._initializer, view._seed, view._loss, view._goal)
    assert not any(field.isVisible() for field in hidden)
    low = view.height()
    qtbot.mouseClick(view._more, LEFT)
    assert all(field.isVisible() for field in hidden)
    assert view.height() == low + 160
    assert view._more.label() == "Fewer settings"
    view._more.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view._more, Qt.Key.Key_Return)
    assert view.height() == low


def test_first_weights_seed_and_goal(view, requests, qtbot):
    qtbot.mouseClick(view._more, LEFT)
    choose(qtbot, view._initializer, "He normal")
    view._seed.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view._seed, Qt.Key.Key_Return)
    view._seed.editor().selectAll()
    qtbot.keyClicks(view._seed.editor(), "7")
    qtbot.keyClick(view._seed.editor(), Qt.Key.Key_Return)
    choose(qtbot, view._goal, "0.001")
    start = Options()
    assert requests == [
        (replace(start, initializer="he_normal"), "First weights"),
        (replace(start, seed=7), "Seed"),
        (replace(start, goal=0.001), "Stop at loss"),
    ]
    assert isinstance(requests[1][0].seed, int)


def test_a_goal_of_ones_own_is_offered_too_and_can_be_taken_away(view, requests, qtbot):
    qtbot.mouseClick(view._more, LEFT)
    view.show_options(Options(goal=0.02), 81, "linear")
    assert view._goal.label() == "0.02"
    choose(qtbot, view._goal, "never")
    assert requests == [(Options(goal=None), "Stop at loss")]


def test_only_losses_that_fit_the_output_are_offered(view, requests, qtbot):
    qtbot.mouseClick(view._more, LEFT)
    assert not view._loss.isEnabled()
    options = Options(loss="binary_cross_entropy")
    view.show_options(options, 160, "sigmoid")
    assert labels(view._loss) == ["Cross-entropy", "Squared error"]
    assert "binary_crossentropy" in view._loss.toolTip()
    choose(qtbot, view._loss, "Squared error")
    assert requests == [(replace(options, loss="mse"), "Loss")]


@pytest.mark.parametrize("width", [300, 320, 360, 520])
def test_nothing_overlaps(view, width, qtbot):
    view.resize(width, view.height())
    qtbot.mouseClick(view._more, LEFT)
    view.show_options(Options(seed=999_999), 100_000, "sigmoid")
    fields = [view._optimizer, view._rate, view._batch, view._initializer, view._seed, view._loss, view._goal]
    for above, below in pairwise(fields):
        assert above.geometry().bottom() < below.geometry().top()
    assert all(field.geometry().right() < width - 23 for field in fields)
    assert all(field.accessibleName() for field in fields)
    view.grab()
