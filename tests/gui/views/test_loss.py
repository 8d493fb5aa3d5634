"""The chart of a run: what is drawn is what was recorded, and what is clicked is an update of the run."""

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import LEFT, move
from visualnn.files.examples import load
from visualnn.gui import theme
from visualnn.gui.views.loss import LossView
from visualnn.gui.views.loss.curve import OVERHANG
from visualnn.nn.training import Training
from visualnn.scene.record import EMPTY, Line, Mark, Record

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    yield
    theme.appearance().set_mode("dark")


@pytest.fixture
def view(qtbot):
    view = LossView()
    qtbot.addWidget(view)
    view.resize(360, 300)
    view.show()
    return view


@pytest.fixture
def run():
    project = load("circles")
    training = Training(project.network, project.data, project.options)
    training.run(120)
    return training.snapshot()


def show_curve(view, updates, losses, latest_update, latest_loss, goal=None):
    """The losses recorded before the latest update, and that one."""
    view.show_record(Record((Line("train", updates, losses).until(latest_update, latest_loss),), goal=goal))


def show(view, snapshot, goal=None):
    show_curve(view, snapshot.curve.updates, snapshot.curve.losses, snapshot.update, snapshot.loss, goal)


def at(view, update):
    """The point over an update, in the marker's coordinates."""
    share = view.record.across.share(float(update))
    return QPoint(round(OVERHANG + share * (view._marker.width() - 2 * OVERHANG)), 60)


def test_importing_the_view_does_not_import_pyqtgraph():
    code = "import sys, visualnn.gui.views.loss; assert 'pyqtgraph' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("last", [10, 900, 44_067, 500_000, 1_900_000])
@pytest.mark.parametrize("width", [320, 360])
def test_the_numbers_of_updates_do_not_touch(view, last, width):
    view.resize(width, 300)
    show_curve(view, np.arange(2), np.ones(2), last, 1.0)
    texts = view.update_texts()
    assert texts[-1][1] == view.record.across.ticks[-1].text
    ends = [left + theme.text_width(text, 12, 450) for left, text in texts]
    assert all(end + 4 <= left for end, (left, _) in zip(ends, texts[1:], strict=False))
    assert ends[-1] <= view.axes_rect().right() + 2


def test_before_the_first_update_it_says_what_to_do(view):
    assert view.accessibleDescription() == EMPTY
    show_curve(view, np.empty(0, dtype=np.int64), np.empty(0), 0, 15.6, None)
    view.grab()
    assert view.record.is_empty
    assert view.record.up.holds(15.6)
    assert view._marker.readout() is None


def test_the_curve_and_the_latest_point_are_drawn(view, run):
    view.attach()
    show(view, run)
    x, y = view._curve.points()
    across, up = view.record.across, view.record.up
    losses = np.append(run.curve.losses, run.loss)
    assert x == pytest.approx(np.arange(121) / across.high)
    assert y == pytest.approx([up.share(float(loss)) for loss in losses])
    assert view.accessibleDescription().startswith("Update 120: loss 0.")


def test_what_was_shown_before_the_plot_came_is_in_it(view, run):
    show(view, run)
    view.grab()
    view.attach()
    view.attach()
    assert len(view._curve.points()[0]) == 121


def test_a_click_switches_between_log_and_linear(view, run, qtbot):
    view.attach()
    show(view, run)
    assert view.is_log
    qtbot.mouseClick(view._head.switch, LEFT)
    assert not view.is_log
    assert view.record.up.low == 0
    assert view._head.switch.label() == "linear"
    assert view._curve.points()[1][0] == pytest.approx(run.curve.losses[0] / view.record.up.high)
    show(view, run)
    assert not view.is_log
    view._head.switch.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view._head.switch, Qt.Key.Key_Return)
    assert view.is_log


def test_pointing_tells_all_values(view, run):
    show(view, run)
    move(view._marker, at(view, 57), Qt.MouseButton.NoButton)
    update = view._marker.marked()
    assert abs(update - 57) <= 1
    assert view._marker.accessibleDescription() == f"Update {update}: train {run.curve.losses[update]:#.4g}"
    assert view._plate.isVisible()
    view.grab()
    QApplication.sendEvent(view._marker, QEvent(QEvent.Type.Leave))
    assert view._marker.readout() is None
    assert view._plate.isHidden()


@pytest.mark.parametrize("width", [300, 360, 520])
def test_the_plate_stays_inside_and_beside_the_pointer(view, run, width):
    view.resize(width, 300)
    view.show_record(race(run))
    for update in range(0, 121, 5):
        view._marker._ask(float(update))
        plate = view._plate.geometry()
        assert view.rect().contains(plate)
        assert plate.width() < 300


def race(run, **changes):
    """The run with a test loss, and another run that lasted half as long."""
    updates = np.arange(121)
    train = Line("train", run.curve.updates, run.curve.losses).until(run.update, run.loss)
    test = Line("test", updates[::10], np.linspace(1, 0.5, 13), "test")
    other = Line("run 1, rate 0.01", updates[:61], np.linspace(1, 0.7, 61), "other", 0)
    return Record((train, test, other), epoch_length=3, **changes)


def test_other_lines_are_told_too(view, run):
    view.attach()
    view.show_record(race(run))
    view._marker._ask(90.0)
    told = view._marker.accessibleDescription()
    assert told.startswith("Update 90 · epoch 30: train 0.")
    assert told.endswith("; test 0.6250; run 1, rate 0.01 at 60 0.7000")
    assert {stroke.role for stroke in view._curve.strokes()} == {"train", "test", "other"}
    assert view.grab().toImage() != shot_without_others(view, run)


def shot_without_others(view, run):
    shown = race(run)
    view.show_record(replace(shown, lines=shown.lines[:2]))
    return view.grab().toImage()


def test_the_legend_names_train_and_test_only(view, run):
    view.show_record(race(run))
    assert [name for name, _, _ in view._head.entries()] == ["train", "test"]
    show(view, run)
    assert view._head.entries() == []


def test_smoothing_is_chosen_from_a_menu_and_stays(view, run, qtbot):
    view.attach()
    show(view, run)
    assert view._head.smoothing.label() == "raw"
    view._head.smoothing.setFocus(Qt.FocusReason.TabFocusReason)
    menu = view._head.smoothing.open_menu()
    action = next(action for action in menu.actions() if action.data() == "0.9")
    with qtbot.waitSignal(view.smoothing_chosen) as heard:
        action.trigger()
    menu.close()
    assert heard.args == [0.9]
    show(view, run)
    assert view.smoothing == 0.9
    assert view._head.smoothing.label() == "smooth 0.9"
    raw, calm = view._curve.strokes()
    assert (raw.raw, calm.raw) == (True, False)
    assert raw.y == pytest.approx(view.record.up.share(view.record.own.values))
    view._marker._ask(60.0)
    assert ", smooth 0." in view._marker.accessibleDescription()
    view.grab()


def test_a_metric_is_asked_for_and_shown_when_it_comes(view, run, qtbot):
    assert view._head.measure.focusPolicy() == Qt.FocusPolicy.NoFocus
    view.set_metrics(("loss", "right"))
    menu = view._head.measure.open_menu()
    with qtbot.waitSignal(view.metric_chosen) as heard:
        menu.actions()[1].trigger()
    menu.close()
    assert heard.args == ["right"]
    view.show_record(Record((Line("train", np.arange(3), np.array([0.5, 0.6, 0.9])),), metric="right"))
    assert view._head.measure.label() == "Right"
    assert view._head.switch.isHidden()
    assert view.accessibleDescription() == "Update 2: right 90.0 %"


def test_the_down_key_opens_the_metrics(view, qtbot):
    view.set_metrics(("loss", "miss"))
    view._head.measure.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view._head.measure, Qt.Key.Key_Down)
    popup = QApplication.activePopupWidget()
    assert [action.text() for action in popup.actions()] == ["Loss", "Mean miss"]
    popup.close()


@pytest.mark.parametrize("width", [300, 320, 360, 520])
@pytest.mark.parametrize("metric", ["loss", "right", "miss"])
def test_nothing_in_the_head_overlaps(view, run, width, metric):
    view.resize(width, 300)
    view.set_metrics(("loss", "right", "miss"))
    view.set_smoothing(0.97)
    view.show_record(race(run, metric=metric))
    head = view._head
    boxes = [button.geometry() for button in (head.measure, head.smoothing, head.switch) if not button.isHidden()]
    assert all(a.right() - 6 <= b.left() + 6 for a, b in pairwise(boxes))
    assert head._fits() or head._fits(12)
    view.grab()


def test_looking_back_leaves_the_rest_of_the_curve_fainter(view, run):
    view.attach()
    view.show_record(race(run, at=40))
    later = [stroke for stroke in view._curve.strokes() if stroke.later]
    assert {stroke.role for stroke in later} == {"train", "test"}
    assert later[-1].x[0] == pytest.approx(view.record.across.share(40.0))
    assert later[-1].x[-1] == pytest.approx(view.record.across.share(120.0))
    looked = view.grab().toImage()
    view.show_record(race(run))
    assert view.grab().toImage() != looked


def test_trouble_is_a_red_dot(view, run):
    def reds():
        image, bad = view.grab().toImage(), theme.color("bad").rgb()
        return sum(image.pixel(x, y) == bad for x in range(image.width()) for y in range(image.height()))

    view.attach()
    view.show_record(race(run))
    assert reds() == 0
    view.show_record(race(run, trouble=True, now="now, rate 0.1"))
    assert reds() > 10


def test_a_changed_rate_is_a_tick_that_tells_its_rate(view, run):
    view.attach()
    view.show_record(race(run))
    plain = view.grab().toImage()
    view.show_record(race(run, marks=(Mark(60, "rate 0.001"),)))
    assert view.grab().toImage() != plain
    view._marker._ask(60.0)
    assert "rate 0.001" in view._marker.readout().title


def test_a_loss_of_0_is_said_where_it_cannot_be_drawn(view):
    view.attach()
    show_curve(view, np.arange(4), np.array([4.0, 1.0, 0.5, 0.0]), 4, 0.0)
    assert "0 is drawn at the lower edge" in view.accessibleDescription()
    assert view._curve.points()[1][-1] == 0
    view.set_log(False)
    assert "lower edge" not in view.accessibleDescription()


def test_a_click_asks_for_the_update_under_it(view, run, qtbot):
    view.attach()
    show(view, run)
    with qtbot.waitSignal(view.update_chosen) as chosen:
        qtbot.mouseClick(view._marker, LEFT, pos=at(view, 80))
    assert abs(chosen.args[0] - 80) <= 1
    with qtbot.waitSignal(view.update_chosen) as chosen:
        qtbot.mouseClick(view._marker, LEFT, pos=QPoint(view._marker.width() - 2, 60))
    assert chosen.args == [120]


def test_keys_choose_an_update(view, run, qtbot):
    show(view, run)
    view._marker.setFocus(Qt.FocusReason.TabFocusReason)
    assert view._marker.has_ring()
    keys = (Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right)
    for key in keys:
        qtbot.keyClick(view._marker, key)
    with qtbot.waitSignal(view.update_chosen) as chosen:
        qtbot.keyClick(view._marker, Qt.Key.Key_Return)
    assert chosen.args == [119]
    qtbot.keyClick(view._marker, Qt.Key.Key_Escape)
    assert view._marker.marked() is None


def test_nothing_is_chosen_before_the_first_update(view, qtbot):
    with qtbot.assertNotEmitted(view.update_chosen):
        qtbot.mouseClick(view._marker, LEFT, pos=QPoint(40, 40))


def test_a_diverged_run_ends_in_a_mark(view):
    view.attach()
    losses = np.array([1.0, 4.0, 90.0, 1e7, np.inf])
    show_curve(view, np.arange(5), losses, 5, float("nan"), None)
    assert view.record.broken_at() == 4
    _x, y = view._curve.points()
    assert np.isfinite(y[:4]).all()
    assert np.isnan(y[4:]).all()
    image = view.grab().toImage()
    bad = theme.color("bad").rgb()
    assert any(image.pixel(x, y) == bad for x in range(image.width()) for y in range(30, 60))
    move(view._marker, at(view, 5), Qt.MouseButton.NoButton)
    assert view._marker.accessibleDescription() == "Update 5: train not a number"
    view.grab()


def test_the_goal_is_a_line_where_it_can_be_seen(view, run):
    view.attach()
    show(view, run, goal=1e-9)
    assert view._curve.goal_share() is None
    low = view.record.up.low
    show(view, run, goal=low * 2)
    assert view._curve.goal_share() == pytest.approx(view.record.up.share(low * 2))


def test_a_long_run_is_thinned_without_losing_a_spike(view):
    view.attach()
    losses = np.exp(-np.arange(60_000) / 9000.0)
    losses[33_333] = 7.0
    show_curve(view, np.arange(60_000) * 4, losses, 240_000, 1e-3, None)
    x, y = view._curve.points()
    assert len(x) <= 2 * view._curve.width()
    assert y.max() == pytest.approx(view.record.up.share(7.0))


def test_another_theme_repaints_the_curve(view, run):
    view.attach()
    show(view, run)
    for mode in ("light", "dark"):
        theme.appearance().set_mode(mode)
        assert view._curve._items[0].opts["pen"].color() == theme.color("text")
        spot = view.axes_rect().topRight() + QPoint(-20, 6)
        # the panel beneath is to be seen through the plot
        assert view.grab().toImage().pixelColor(spot) == theme.color("canvas")


@pytest.mark.parametrize("width", [300, 320, 360, 520])
def test_the_axes_stay_inside(view, run, width):
    view.attach()
    view.resize(width, 300)
    show(view, run)
    assert view.axes_rect().right() <= width - 24
    assert view._curve.geometry() == view._marker.geometry()
    view.grab()


def test_the_chart_is_lower_in_a_low_window(view):
    high = view.axes_rect().height()
    view.set_compact(True)
    assert view.axes_rect().height() < high
    view.set_compact(False)
    assert view.axes_rect().height() == high
