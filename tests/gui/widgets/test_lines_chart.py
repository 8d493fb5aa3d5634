"""A chart of several lines: drawn where they were recorded, and read off where one points."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.conftest import LEFT, move
from visualnn.gui import theme
from visualnn.gui.widgets.lines_chart import ChartLine, LinesChart, segments
from visualnn.gui.widgets.runner_disc import runner_color

STEEP = ChartLine("Adam", np.arange(101), np.geomspace(1.0, 0.001, 101), "adam", "A", is_runner=True)
FLAT = ChartLine("Run 2", np.arange(0, 51, 10), np.full(6, 0.5), "good", "2", (4.0, 3.0))


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    yield
    theme.appearance().set_mode("dark")


@pytest.fixture
def chart(qtbot):
    host = QWidget()  # the ring lies in it
    qtbot.addWidget(host)
    chart = LinesChart(host)
    chart.resize(360, chart.height())
    host.resize(chart.size())
    host.show()
    host.activateWindow()
    qtbot.waitUntil(host.isActiveWindow)
    yield chart
    host.hide()


def at(chart, update):
    box = chart._box()
    return QPoint(round(box.left() + chart._across.share(float(update)) * box.width()), round(box.center().y()))


def test_nothing_yet_is_said(chart):
    chart.show_lines([], empty="Press play.")
    assert chart.is_empty
    assert chart.accessibleDescription() == "Press play."
    chart.grab()


def test_pointing_reads_all_lines_off(chart):
    chart.show_lines([STEEP, FLAT])
    move(chart, at(chart, 20), Qt.MouseButton.NoButton)
    update = chart._asked
    assert abs(update - 20) <= 1
    assert chart.readout() == f"Update {update}: Adam {STEEP.values[update]:#.4g}; Run 2 0.5000"
    move(chart, at(chart, 90), Qt.MouseButton.NoButton)
    assert chart.readout().endswith("Run 2 ended")
    chart.grab()
    QApplication.sendEvent(chart, QEvent(QEvent.Type.Leave))
    assert chart.readout() == ""
    assert chart.accessibleDescription() == "Adam 0.001000; Run 2 0.5000"


def test_keys_walk_along_the_lines(chart, qtbot):
    chart.show_lines([STEEP, FLAT])
    chart.clearFocus()  # which a new window gives to the first that takes it
    chart.setFocus(Qt.FocusReason.TabFocusReason)
    assert chart.has_ring()
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart._asked == 100
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart._asked == 99
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    assert chart.readout() == "Update 0: Adam 1.000; Run 2 0.5000"
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert chart._asked is None


def test_points_are_drawn_where_the_axes_say(chart):
    chart.show_lines([STEEP])
    box = QRectF(0, 0, 1000, 300)
    pieces, joined = segments(STEEP, box, chart._across, chart._up)
    assert joined.all()
    assert len(pieces) == 100
    assert pieces[0, :2] == pytest.approx([0, 300 - 300 * chart._up.share(1.0)])
    assert pieces[-1, 2:] == pytest.approx([1000 * 100 / chart._across.high, 300 - 300 * chart._up.share(0.001)])


def test_a_gap_stays_a_gap_and_a_long_line_is_short(chart):
    values = np.full(200_000, 0.5)
    values[100_000:120_000] = np.nan
    long = ChartLine("long", np.arange(200_000), values)
    chart.show_lines([long])
    pieces, joined = segments(long, QRectF(0, 0, 300, 100), chart._across, chart._up)
    assert len(pieces) <= 600
    assert not joined.all()
    assert np.isfinite(pieces[joined]).all()


def test_the_axis_is_logarithmic_until_it_is_asked_to_be_linear(chart, qtbot):
    chart.show_lines([STEEP, FLAT])
    assert chart._up.is_log
    qtbot.mouseClick(chart.switch, LEFT)
    assert chart.switch.label() == "linear"
    assert chart._up.low == 0
    chart.show_lines([STEEP, FLAT])
    assert not chart._up.is_log


def test_the_goal_is_on_the_axis(chart):
    chart.show_lines([FLAT], goal=1e-3)
    assert chart._up.holds(1e-3)
    chart.grab()


def test_a_run_that_ended_in_no_number_ends_in_a_cross(chart):
    broken = ChartLine("broken", np.arange(4), np.array([1.0, 9.0, np.inf, np.nan]), "good", "1")
    chart.show_lines([broken])
    image = chart.grab().toImage()
    bad = theme.color("bad").rgb()
    assert any(image.pixel(x, y) == bad for x in range(image.width()) for y in range(30, 60))


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_a_runner_has_its_colour_in_both_themes(chart, mode):
    theme.appearance().set_mode(mode)
    chart.show_lines([STEEP, FLAT])
    image = chart.grab().toImage()
    colors = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert runner_color("adam").rgb() in colors
    assert theme.color("good").rgb() in colors


def test_a_click_chooses_an_update(chart, qtbot):
    chart.show_lines([STEEP])
    chart.set_distance(200)
    assert chart._across.high == 200
    for update in (0, 50, 150):
        with qtbot.waitSignal(chart.update_chosen) as chosen:
            qtbot.mouseClick(chart, LEFT, pos=at(chart, update))
        assert abs(chosen.args[0] - update) <= 1
    with qtbot.assertNotEmitted(chart.update_chosen):
        qtbot.mouseClick(chart, LEFT, pos=QPoint(5, 5))


def test_enter_chooses_the_update_that_is_asked_for(chart, qtbot):
    chart.show_lines([STEEP])
    with qtbot.assertNotEmitted(chart.update_chosen):
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    with qtbot.waitSignal(chart.update_chosen) as chosen:
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert chosen.args == [99]


def test_lines_up_to_an_update_look_as_if_they_ended_there(chart):
    chart.set_distance(100)
    chart.show_lines([STEEP, FLAT], until=40)
    known = chart.lines
    empty = QImage(chart.size(), QImage.Format.Format_RGB32)
    empty.fill(theme.color("panel"))
    quick = chart.grab().toImage()
    assert [line.updates[-1] for line in known] == [40, 40]
    assert chart.accessibleDescription() == f"Adam {STEEP.values[40]:#.4g}; Run 2 0.5000"
    chart.show_lines(known)
    slow = chart.grab().toImage()
    now = at(chart, 40).x()
    far = np.abs(np.arange(360) - now) > 12  # near it are the discs, and the last column of the line
    difference = np.abs(pixels(quick) - pixels(slow)).max(axis=(0, 2))
    assert difference[far].max() <= 8  # as colours are rounded twice
    assert np.abs(pixels(quick)[:, : now - 12] - pixels(empty)[:, : now - 12]).max() > 100


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.array(image.constBits()).reshape(image.height(), image.width(), 4)[:, :, :3].astype(int)


def test_another_moment_of_the_same_lines_paints_no_line_anew(chart):
    chart.set_distance(100)
    chart.show_lines([STEEP, FLAT], until=60)
    chart.grab()
    painted = chart._ink.paintings
    for update in (61, 62, 63):
        chart.show_lines([STEEP, FLAT], until=update)
        chart.grab()
    assert chart._ink.paintings == painted
    chart.show_lines([FLAT, STEEP], until=63)
    chart.grab()
    assert chart._ink.paintings == painted + 1


def test_a_line_above_the_ceiling_leaves_the_picture(chart):
    lost = ChartLine("lost", np.arange(50), np.geomspace(1.0, 1e12, 50), "sgd", "S", is_runner=True)
    chart.show_lines([STEEP, lost])
    assert chart._up.high >= 1e12
    chart.set_ceiling(10.0)
    assert chart._up.high == 10.0
    box = chart._box()
    image = chart.grab(QRectF(box.left(), 28, box.width(), box.top() - 28 - 12).toRect()).toImage()
    colors = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert runner_color("sgd").rgb() not in colors


def test_letters_at_one_place_stand_beside_each_other(chart):
    lines = [ChartLine(letter, STEEP.updates, STEEP.values, "adam", letter, is_runner=True) for letter in "SMARG"]
    for distance in (100, 400):
        chart.set_distance(distance)
        chart.show_lines(lines)
        spots = [spot for _line, spot in chart._ends(chart._box())]
        assert len({spot.y() for spot in spots}) == 1
        xs = sorted(spot.x() for spot in spots)
        assert all(b - a >= 12 for a, b in pairwise(xs))
        assert 0 < xs[0] < xs[-1] <= chart._box().right()
    chart.grab()
