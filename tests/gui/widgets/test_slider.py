"""A number on a short scale."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.gui.conftest import LEFT, move
from visualnn.gui.widgets.slider import Slider, Track


@pytest.fixture
def heard():
    return []


@pytest.fixture
def slider(place, heard):
    slider = place(Slider(Track(0.0, 1.0, 0.05), name="Noise"), width=200)
    slider.set_value(0.5)
    slider.edited.connect(lambda value: heard.append(("edited", value)))
    slider.committed.connect(lambda before, value: heard.append(("committed", before, value)))
    slider.finished.connect(lambda: heard.append(("finished",)))
    return slider


def at(slider, share):
    return QPoint(round(7 + share * (200 - 56 - 14)), 16)


def test_the_knob_is_where_the_value_is(slider):
    for value, x in ((0.0, 7), (0.5, 72), (1.0, 137)):
        slider.set_value(value)
        assert slider.knob().x() == pytest.approx(x)


def test_a_drag_is_one_change(slider, heard, qtbot):
    qtbot.mousePress(slider, LEFT, pos=at(slider, 0.5))
    move(slider, at(slider, 0.62), LEFT)
    move(slider, at(slider, 0.8), LEFT)
    qtbot.mouseRelease(slider, LEFT, pos=at(slider, 0.8))
    assert heard == [("edited", 0.6), ("edited", 0.8), ("committed", 0.5, 0.8), ("finished",)]


def test_a_click_moves_it_and_values_from_elsewhere_wait_for_the_end_of_a_drag(slider, heard, qtbot):
    qtbot.mousePress(slider, LEFT, pos=at(slider, 0.2))
    slider.set_value(0.9)
    assert slider.value() == pytest.approx(0.2)
    qtbot.mouseRelease(slider, LEFT, pos=at(slider, 0.2))
    slider.set_value(0.9)
    assert slider.value() == 0.9
    assert heard[-1] == ("finished",)


def test_nothing_moves_beside_the_track(slider, heard, qtbot):
    qtbot.mouseClick(slider, LEFT, pos=QPoint(190, 16))
    assert heard == []


def test_keys_step_and_esc_goes_back(slider, heard, qtbot):
    slider.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == pytest.approx(0.55)
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert slider.value() == 0.0
    heard.clear()
    qtbot.keyPress(slider, Qt.Key.Key_Right)
    qtbot.keyPress(slider, Qt.Key.Key_Escape)
    assert slider.value() == 0.0
    assert heard == [("edited", 0.05), ("edited", 0.0), ("finished",)]
    qtbot.keyRelease(slider, Qt.Key.Key_Right)


def test_a_value_can_be_typed_in_the_unit_it_is_written_in(place, heard, qtbot):
    slider = place(Slider(Track(0.0, 0.5, 0.05), write=lambda v: f"{100 * v:.0f} %", scale=100.0), width=200)
    slider.committed.connect(lambda before, value: heard.append((before, value)))
    qtbot.mouseDClick(slider, LEFT, pos=QPoint(190, 16))
    editor = slider.editor()
    editor.selectAll()
    qtbot.keyClicks(editor, "80")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.is_wrong()
    editor.selectAll()
    qtbot.keyClicks(editor, "33")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert heard == [(0.0, 0.33)]
    assert slider.text() == "33 %"
    assert slider.accessibleDescription() == "33 %"


@pytest.mark.parametrize(
    "track", [Track(0.0, 0.2, 0.002), Track(8, 2000, 1.0, is_log=True), Track(4, 81, 1.0, is_log=True)]
)
def test_values_rise_with_the_share_and_stay_within(track):
    values = [track.value(share / 40) for share in range(41)]
    assert (values[0], values[-1]) == (track.low, track.high)
    assert all(a <= b for a, b in pairwise(values))
    assert all(abs(track.share(value) - share / 40) < 0.06 for share, value in enumerate(values))


def test_steps_on_a_log_scale_grow_and_are_whole():
    track = Track(8, 2000, 1.0, is_log=True)
    assert [track.moved(value, 1) for value in (8, 20, 200, 1990, 2000)] == [9, 21, 210, 2000, 2000]
