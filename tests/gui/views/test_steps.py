"""The step list: it shows the pass as a row of chips, goes where it is told by click and key, and can be read aloud."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import LEFT, NOTHING, Learner
from visualnn.gui import theme
from visualnn.scene import chips as chips_module
from visualnn.scene.frame import Place

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def listed(adder) -> Learner:
    """Somebody who has opened the adder and its step list, where nothing slides."""
    theme.appearance().set_reduced_motion(True)
    adder.press("L")
    return adder


def row(learner: Learner):
    """The widget."""
    return learner.page.steps


def middle(learner: Learner, index: int) -> QPoint:
    """Where a chip is."""
    return row(learner).chip_rect(index).center().toPoint()


def turn_wheel(widget, pixels: int) -> None:
    """The wheel over the row."""
    at = QPointF(widget.rect().center())
    turn = QWheelEvent(
        at, widget.mapToGlobal(at), QPoint(), QPoint(0, pixels), Qt.MouseButton.NoButton, NOTHING,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, turn)


def test_it_is_off_until_it_is_asked_for(adder):
    assert not row(adder).isVisible()
    adder.press("L")
    assert row(adder).isVisible()
    adder.press("L")
    assert not row(adder).isVisible()


def test_it_is_remembered(open_window, settings, stopped_clock):
    window = open_window(replace(settings, step_list=True))
    window.open_document("adder")
    assert row(window).isVisible()
    window.toggle_step_list()
    assert not window.preferences.step_list


def test_it_belongs_to_step_mode(listed):
    listed.press("Ctrl+2")
    assert not row(listed).isVisible()
    listed.press("Ctrl+1")
    assert row(listed).isVisible()


def test_the_present_step_is_in_the_middle(listed):
    for number in (20, 30, 40):
        listed.player.seek(number)
        assert middle(listed, number - 1).x() == pytest.approx(row(listed).width() / 2, abs=1)


def test_the_row_ends_where_the_window_does(listed):
    listed.press("End")
    assert row(listed).chip_rect(54).right() < row(listed).width()
    assert 54 in row(listed).visible()
    listed.press("Home")
    assert row(listed).chip_rect(0).left() > 0


def test_a_click_goes_to_the_step(listed, qtbot):
    qtbot.mouseClick(row(listed), LEFT, pos=middle(listed, 4))
    assert listed.player.t == 5
    assert listed.subtitle == "ReLU lets 4.03 through unchanged."


def test_every_seen_chip_is_where_it_is_pointed_at(listed):
    listed.player.seek(22)  # where Loss ends
    seen = [index for index in row(listed).visible() if 0 < middle(listed, index).x() < row(listed).width()]
    assert [row(listed).chip_at(middle(listed, index).x()) for index in seen] == seen


def test_the_wheel_looks_ahead_and_the_next_step_comes_back(listed):
    listed.player.seek(20)
    turn_wheel(row(listed), -1200)
    assert 19 not in row(listed).visible()
    assert listed.player.t == 20
    listed.press("Right")
    assert 20 in row(listed).visible()


def test_the_arrows_step_as_anywhere(listed):
    row(listed).setFocus(Qt.FocusReason.TabFocusReason)
    listed.press("Right")
    listed.rest()
    assert listed.player.t == 1


def test_ctrl_arrows_only_read_and_enter_goes_there(listed):
    row(listed).setFocus(Qt.FocusReason.TabFocusReason)
    listed.player.seek(8)
    for _ in range(2):
        listed.press(Qt.Key.Key_Right, modifiers=CTRL)
    assert listed.player.t == 8
    assert row(listed).accessibleName() == (
        "Step 10 of 55, Forward: ReLU clips −1.83 to 0: neuron d passes nothing on."
    )
    assert row(listed).has_ring()
    listed.press("Return")
    assert listed.player.t == 10


def test_the_cursor_stays_in_the_row(listed):
    row(listed).setFocus(Qt.FocusReason.TabFocusReason)
    listed.press(Qt.Key.Key_Left, modifiers=CTRL)
    assert row(listed).cursor_index == 0
    listed.player.seek(55)
    listed.press(Qt.Key.Key_Right, modifiers=CTRL)
    assert row(listed).cursor_index == 54


def test_it_names_the_step_that_has_been_done(listed):
    assert row(listed).accessibleName() == "Before the first step"
    listed.player.seek(1)
    assert row(listed).accessibleName() == "Step 1 of 55, Forward: 2 times its weight 0.99 makes 1.98."


def test_an_edit_is_seen_in_the_row(listed):
    listed.player.seek(1)
    assert row(listed).chips.result(0).value.text == "1.98"
    listed.page.set_number(Place("neuron", 0, 0), 3.0)
    assert row(listed).chips.result(0).value.text == "2.97"


def test_only_what_is_seen_and_done_is_worked_out(listed, monkeypatch):
    listed.window.open_document("digits")
    listed.player.seek(1500)
    asked = []
    true = chips_module.record
    monkeypatch.setattr(chips_module, "record", lambda story, number: asked.append(number) or true(story, number))
    listed.player.seek(2000)
    row(listed).grab()
    assert set(asked) <= set(range(1988, 2001))
    assert 2000 in asked


def test_a_very_long_timeline_has_a_chip_for_each_layer(listed):
    listed.window.open_document("million")
    assert len(row(listed).chips) == 10
    listed.player.seek(5)
    assert row(listed).accessibleName() == "Step 5,000 of 3,023,007, Forward: Hidden 1 forward."
