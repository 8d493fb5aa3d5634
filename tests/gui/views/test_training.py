"""The settings: what is shown, and one request for every finished change."""

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from tests.gui.conftest import LEFT, move
from visualnn.gui import theme
from visualnn.gui.views.training import TrainingView
from visualnn.gui.views.training.settings import FIRST, MORE
from visualnn.nn import functions, initializers, optimizers, options, schedule
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule
from visualnn.scene.names import INITIALIZERS, LOSSES, OPTIMIZERS, PRECISIONS, SCHEDULES

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
    choose(qtbot, view.field("Optimizer"), "Momentum")
    assert requests == [(Options(Optimizer("momentum")), "Optimizer")]
    view.show_options(requests[0][0], 81, "linear")
    assert view.field("Optimizer").label() == "Momentum"
    assert "momentum=0.9" in view.field("Optimizer").toolTip()


def test_choosing_what_is_chosen_asks_for_nothing(view, requests, qtbot):
    choose(qtbot, view.field("Optimizer"), "Adam")
    assert requests == []


def test_dragging_the_rate_tells_at_once_and_asks_once(view, requests, qtbot):
    rates = []
    view.rate_scrubbed.connect(rates.append)
    field = view.field("Learning rate")
    qtbot.mousePress(field, LEFT, pos=QPoint(40, 16))
    for x in (30, 10, -60):
        move(field, QPoint(x, 16), LEFT)
    assert len(rates) == 3
    assert requests == []
    qtbot.mouseRelease(field, LEFT, pos=QPoint(-60, 16))
    assert requests == [(Options(Optimizer(rate=rates[-1])), "Learning rate")]
    assert rates[-1] == pytest.approx(0.01)


def test_a_rate_that_cannot_train_is_refused_in_the_field(view, requests, qtbot):
    view.field("Learning rate").setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view.field("Learning rate"), Qt.Key.Key_Return)
    editor = view.field("Learning rate").editor()
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
    assert labels(view.field("Batch size")) == ["all 81", "1", "4", "16", "32", "64"]
    choose(qtbot, view.field("Batch size"), "16")
    assert requests == [(Options(batch_size=16), "Batch size")]
    view.show_options(Options(batch_size=10), 30, "linear")
    assert labels(view.field("Batch size")) == ["all 30", "1", "4", "10", "16"]
    assert view.field("Batch size").label() == "10"
    view.show_options(Options(batch_size=500), 30, "linear")
    assert view.field("Batch size").label() == "all 30"


def test_the_seed_is_always_told(view):
    assert view.seed_line() == "Random weights, seed 0"
    view.show_options(Options(seed=38), 81, "linear")
    assert view.seed_line() == "Random weights, seed 38"
    assert view.accessibleDescription() == "Random weights, seed 38"


def seen(view):
    """The labels of the settings that are to be seen."""
    return [setting.name for setting in (*FIRST, *MORE) if view.field(setting.name).isVisible()]


def test_more_settings_open_and_close(view, qtbot):
    assert seen(view) == ["Optimizer", "Learning rate", "Batch size"]
    low = view.height()
    qtbot.mouseClick(view._more, LEFT)
    assert seen(view)[3:] == [
        *("First weights", "Seed", "Beta 1", "Beta 2", "Epsilon", "Loss", "Schedule", "Warmup", "Weight decay"),
        *("L1 penalty", "L2 penalty", "Dropout", "Clip norm", "Clip value", "Stop at loss", "Stop after", "Precision"),
    ]
    assert view.device.isVisible()
    assert view.device.geometry().bottom() == view.height() - 1
    assert view.height() == low + 17 * 40 + 10 + view.device.height()
    assert view._more.label() == "Fewer settings"
    view._more.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view._more, Qt.Key.Key_Return)
    assert view.height() == low
    assert not view.device.isVisible()


@pytest.mark.parametrize(
    ("schedule", "rows"),
    [
        ("constant", []),
        ("step", ["Period", "Factor", "Lowest factor"]),
        ("exponential", ["Period", "Factor", "Lowest factor"]),
        ("cosine", ["Period", "Lowest factor"]),
        ("plateau", ["Patience", "Factor", "Lowest factor"]),
    ],
)
def test_a_schedule_shows_what_matters_for_it(view, qtbot, schedule, rows):
    qtbot.mouseClick(view._more, LEFT)
    before = view.height()
    view.show_options(Options(schedule=Schedule(schedule)), 81, "linear")
    assert [name for name in seen(view) if name in ("Period", "Patience", "Factor", "Lowest factor")] == rows
    assert view.height() == before + 40 * len(rows)
    assert SCHEDULES[schedule][1] in view.field("Schedule").toolTip()


@pytest.mark.parametrize(
    ("optimizer", "constants"),
    [
        ("sgd", []),
        ("nesterov", ["Momentum"]),
        ("adagrad", ["Epsilon"]),
        ("rmsprop", ["Rho", "Epsilon"]),
        ("adam", ["Beta 1", "Beta 2", "Epsilon"]),
        ("lion", ["Beta 1", "Beta 2"]),
    ],
)
def test_an_optimizer_shows_its_own_constants(view, qtbot, optimizer, constants):
    qtbot.mouseClick(view._more, LEFT)
    view.show_options(Options(Optimizer(optimizer)), 81, "linear")
    known = ("Momentum", "Beta 1", "Beta 2", "Rho", "Epsilon")
    assert [name for name in seen(view) if name in known] == constants


def test_stopping_early_needs_rows_that_are_held_back(view, requests, qtbot):
    qtbot.mouseClick(view._more, LEFT)
    assert "Stop early" not in seen(view)
    view.show_options(Options(), 81, "linear", tests=20)
    choose(qtbot, view.field("Stop early"), "20 epochs")
    choose(qtbot, view.field("Stop after"), "100 epochs")
    assert requests == [(Options(patience=20), "Stop early"), (Options(epochs=100), "Stop after")]


def test_the_links_ask_for_their_pages(view, qtbot):
    asked = []
    view.page_requested.connect(asked.append)
    view.show_runs(3)
    assert view.runs.label() == "Runs · 3"
    for link in (view.runs, *view._links):
        qtbot.mouseClick(link, LEFT)
    assert asked == ["runs", "race", "sweep", "insides", "library"]


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_the_size_of_first_weights_is_asked_where_it_matters(view, qtbot, initializer):
    qtbot.mouseClick(view._more, LEFT)
    view.show_options(Options(initializer=initializer), 81, "linear")
    assert view.field("Their size").isVisible() == (initializer in ("uniform", "normal", "constant"))


def test_everything_there_is_can_be_chosen():
    """And every name has a label of its own and a tip."""
    for names, known in (
        (OPTIMIZERS, optimizers.OPTIMIZERS),
        (INITIALIZERS, initializers.INITIALIZERS),
        (LOSSES, functions.LOSSES),
        (SCHEDULES, schedule.SCHEDULES),
        (PRECISIONS, options.PRECISIONS),
    ):
        assert tuple(names) == known
        assert all(label and tip for label, tip in names.values())
        assert len({tip for _, tip in names.values()}) == len(names)


def test_another_optimizer_brings_its_own_constants(view, requests, qtbot):
    view.show_options(Options(Optimizer(rate=0.02)), 81, "linear")
    choose(qtbot, view.field("Optimizer"), "AdamW")
    view.show_options(requests[0][0], 81, "linear")
    choose(qtbot, view.field("Optimizer"), "Lion")
    assert requests == [
        (Options(Optimizer("adamw", 0.02, weight_decay=0.01)), "Optimizer"),
        (Options(Optimizer("lion", 0.02, beta2=0.99)), "Optimizer"),
    ]


@pytest.mark.parametrize(
    ("name", "label", "changes"),
    [
        ("Schedule", "Cosine", {"schedule": Schedule("cosine")}),
        ("Weight decay", "0.001", {"optimizer": Optimizer(weight_decay=0.001)}),
        ("L1 penalty", "0.01", {"l1": 0.01}),
        ("L2 penalty", "1e−5", {"l2": 1e-5}),
        ("Clip norm", "0.5", {"clip_norm": 0.5}),
        ("Precision", "Fast (32 bit)", {"precision": "float32"}),
    ],
)
def test_what_is_chosen_is_asked_for_by_its_name(view, requests, qtbot, name, label, changes):
    qtbot.mouseClick(view._more, LEFT)
    choose(qtbot, view.field(name), label)
    assert requests == [(replace(Options(), **changes), name)]


@pytest.mark.parametrize(
    ("name", "typed", "changes"),
    [
        ("Period", "30", {"schedule": Schedule("plateau", period=30)}),
        ("Patience", "3", {"schedule": Schedule("plateau", patience=3)}),
        ("Factor", "0.9", {"schedule": Schedule("plateau", gamma=0.9)}),
        ("Warmup", "20", {"schedule": Schedule("plateau", warmup=20)}),
        ("Dropout", "0.25", {"dropout": 0.25}),
        ("Their size", "0.5", {"initializer_scale": 0.5}),
    ],
)
def test_what_is_typed_is_asked_for_by_its_name(view, requests, qtbot, name, typed, changes):
    start = Options(schedule=Schedule("plateau"), initializer="normal")
    qtbot.mouseClick(view._more, LEFT)
    view.show_options(start, 81, "linear")
    view.field(name).start_typing()
    view.field(name).editor().selectAll()
    qtbot.keyClicks(view.field(name).editor(), typed)
    qtbot.keyClick(view.field(name).editor(), Qt.Key.Key_Return)
    assert requests == [(replace(start, **changes), name)]
    assert isinstance(requests[0][0].schedule.warmup, int)


def test_an_amount_of_ones_own_is_offered_and_can_be_taken_away(view, requests, qtbot):
    qtbot.mouseClick(view._more, LEFT)
    mine = Options(clip_norm=3.0, l2=0.003)
    view.show_options(mine, 81, "linear")
    assert labels(view.field("Clip norm")) == ["none", "10", "5", "3", "1", "0.5", "0.1"]
    assert view.field("L2 penalty").label() == "0.003"
    choose(qtbot, view.field("Clip norm"), "none")
    assert requests == [(replace(mine, clip_norm=None), "Clip norm")]


def test_negative_weights_do_not_become_a_negative_spread(view, requests, qtbot):
    qtbot.mouseClick(view._more, LEFT)
    view.show_options(Options(initializer="constant", initializer_scale=-0.5), 81, "linear")
    choose(qtbot, view.field("First weights"), "Normal")
    assert requests == [(Options(initializer="normal", initializer_scale=0.5), "First weights")]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (Options(initializer="zeros"), "All weights are 0"),
        (Options(initializer="constant", initializer_scale=0.5), "All weights are 0.5"),
    ],
)
def test_equal_weights_are_not_called_random(view, options, line):
    view.show_options(options, 81, "linear")
    assert view.seed_line() == line


def test_first_weights_seed_and_goal(view, requests, qtbot):
    qtbot.mouseClick(view._more, LEFT)
    choose(qtbot, view.field("First weights"), "He normal")
    view.field("Seed").setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view.field("Seed"), Qt.Key.Key_Return)
    view.field("Seed").editor().selectAll()
    qtbot.keyClicks(view.field("Seed").editor(), "7")
    qtbot.keyClick(view.field("Seed").editor(), Qt.Key.Key_Return)
    choose(qtbot, view.field("Stop at loss"), "0.001")
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
    assert view.field("Stop at loss").label() == "0.02"
    choose(qtbot, view.field("Stop at loss"), "never")
    assert requests == [(Options(goal=None), "Stop at loss")]


def test_only_losses_that_fit_the_output_are_offered(view, requests, qtbot):
    qtbot.mouseClick(view._more, LEFT)
    assert labels(view.field("Loss")) == ["Squared error", "Absolute error", "Huber"]
    view.show_options(Options(), 81, "linear", classification=True)
    assert labels(view.field("Loss")) == ["Squared error", "Absolute error", "Huber", "Hinge"]
    view.show_options(Options(loss="hinge"), 81, "linear")
    assert view.field("Loss").label() == "Hinge"
    options = Options(loss="binary_cross_entropy")
    view.show_options(options, 160, "sigmoid")
    assert labels(view.field("Loss")) == ["Cross-entropy", "Squared error", "Absolute error", "Huber"]
    assert "binary_crossentropy" in view.field("Loss").toolTip()
    choose(qtbot, view.field("Loss"), "Squared error")
    assert requests == [(replace(options, loss="mse"), "Loss")]


@pytest.mark.parametrize("width", [300, 320, 360, 520])
def test_nothing_overlaps(view, width, qtbot):
    view.resize(width, view.height())
    qtbot.mouseClick(view._more, LEFT)
    widest = Options(seed=999_999, schedule=Schedule("step"), initializer="normal", loss="binary_cross_entropy")
    view.show_options(widest, 100_000, "sigmoid")
    fields = [view.field(name) for name in seen(view)]
    assert len(fields) == 24
    for above, below in pairwise(fields):
        assert above.geometry().bottom() < below.geometry().top()
    assert fields[-1].geometry().bottom() < view.height()
    assert all(field.geometry().right() < width - 23 for field in fields)
    assert all(field.accessibleName() for field in fields)
    assert all(theme.text_width(name, 13, 450) < fields[0].x() - 24 for name in seen(view))
    view.grab()
