"""The loss curve: what is drawn is what was recorded, and what is clicked is an update of the run."""

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import LEFT, move
from visualnn.files.examples import load
from visualnn.gui import theme
from visualnn.gui.views.loss import LossView
from visualnn.gui.views.loss.curve import OVERHANG
from visualnn.nn.training import Training
from visualnn.scene.record import EMPTY


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


def show(view, snapshot, goal=None):
    view.show_curve(snapshot.curve.updates, snapshot.curve.losses, snapshot.update, snapshot.loss, goal)


def at(view, update):
    """The point over an update, in the marker's coordinates."""
    share = view.record.across.share(float(update))
    return QPoint(round(OVERHANG + share * (view._marker.width() - 2 * OVERHANG)), 60)


def test_importing_the_view_does_not_import_pyqtgraph():
    code = "import sys, visualnn.gui.views.loss; assert 'pyqtgraph' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_before_the_first_update_it_says_what_to_do(view):
    assert view.accessibleDescription() == EMPTY
    view.show_curve(np.empty(0, dtype=np.int64), np.empty(0), 0, 15.6, None)
    view.grab()
    assert view.record.is_empty
    assert view.record.up.holds(15.6)
    assert view._marker.label() == ""


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
    qtbot.mouseClick(view._switch, LEFT)
    assert not view.is_log
    assert view.record.up.low == 0
    assert view._switch.label() == "linear"
    assert view._curve.points()[1][0] == pytest.approx(run.curve.losses[0] / view.record.up.high)
    show(view, run)
    assert not view.is_log
    view._switch.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view._switch, Qt.Key.Key_Return)
    assert view.is_log


def test_pointing_tells_both_values(view, run):
    show(view, run)
    move(view._marker, at(view, 57), Qt.MouseButton.NoButton)
    index = view._marker.marked()
    assert abs(index - 57) <= 1
    assert view._marker.label() == f"{run.curve.losses[index]:#.4g} at update {index}"
    view.grab()
    QApplication.sendEvent(view._marker, QEvent(QEvent.Type.Leave))
    assert view._marker.label() == ""


@pytest.mark.parametrize("width", [300, 360, 520])
def test_the_label_stays_inside_the_plot(view, run, width):
    view.resize(width, 300)
    show(view, run)
    marker = view._marker
    plot = QRectF(marker.rect()).adjusted(OVERHANG, OVERHANG, -OVERHANG, -OVERHANG)
    for update in range(121):
        point = marker._point(update, float(marker._record.losses[update]))
        wide = theme.text_width(marker._record.label(update), 12, 500) + 16
        assert plot.contains(marker._label_box(point, wide))


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
    view.show_curve(np.arange(5), losses, 5, float("nan"), None)
    assert view.record.broken_at() == 4
    _x, y = view._curve.points()
    assert np.isfinite(y[:4]).all()
    assert np.isnan(y[4:]).all()
    image = view.grab().toImage()
    bad = theme.color("bad").rgb()
    assert any(image.pixel(x, y) == bad for x in range(image.width()) for y in range(30, 60))
    move(view._marker, at(view, 5), Qt.MouseButton.NoButton)
    assert view._marker.label() == "not a number at update 5"
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
    view.show_curve(np.arange(60_000) * 4, losses, 240_000, 1e-3, None)
    x, y = view._curve.points()
    assert len(x) <= 2 * view._curve.width()
    assert y.max() == pytest.approx(view.record.up.share(7.0))


def test_another_theme_repaints_the_curve(view, run):
    view.attach()
    show(view, run)
    for mode in ("light", "dark"):
        theme.appearance().set_mode(mode)
        assert view._curve._line.opts["pen"].color() == theme.color("text")
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
