"""The player's bar: its buttons, menus and switches ask for what they say, and show what they are told."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import LEFT
from visualnn.gui.views.transport import SPEED_LABELS, STEP_GRAINS, TransportView

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")


@pytest.fixture
def bar(qtbot):
    """A bar of its own."""
    bar = TransportView()
    qtbot.addWidget(bar)
    bar.resize(1280, 64)
    bar.show_step([("Forward", 20), ("Loss", 2)])
    bar.show()
    return bar


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("start", "start_requested"),
        ("back", "back_requested"),
        ("play", "play_requested"),
        ("forward", "forward_requested"),
        ("same_start", "same_start_requested"),
        ("new_weights", "new_weights_requested"),
    ],
)
def test_a_click_asks_for_it(bar, qtbot, button, signal):
    bar.show_train([1.0, 0.5], 2, 2, "Update")
    with qtbot.waitSignal(getattr(bar, signal)):
        qtbot.mouseClick(getattr(bar, button), LEFT)


@pytest.mark.parametrize(("index", "grain"), list(enumerate(key for key, _ in STEP_GRAINS)))
def test_a_grain_is_chosen_by_click(bar, qtbot, index, grain):
    bar.show_state(False, "pass" if grain == "operation" else "operation", 1.0, True)
    with qtbot.waitSignal(bar.grain_chosen) as heard:
        qtbot.mouseClick(bar.grain, LEFT, pos=bar.grain.segment_rect(index).center().toPoint())
    assert heard.args == [grain]


@pytest.mark.parametrize(("key", "label"), SPEED_LABELS)
def test_every_speed_is_shown(bar, key, label):
    bar.show_state(False, "operation", float(key), True)
    assert bar.speed.label() == label


def test_a_speed_of_the_settings_that_is_in_no_menu(bar):
    bar.show_state(False, "operation", 3.0, True)
    assert not bar.grab().isNull()


def test_at_the_start_there_is_no_way_back(bar):
    bar.show_state(False, "operation", 1.0, True)
    assert not bar.start.isEnabled()
    assert not bar.back.isEnabled()
    bar.show_state(False, "operation", 1.0, False)
    assert bar.start.isEnabled()


def test_train_mode_has_buttons_of_its_own(bar):
    assert not bar.same_start.isVisible()
    bar.show_train([1.0, 0.5], 2, 2, "Update")
    assert bar.same_start.isVisible()
    assert bar.new_weights.isVisible()
    assert bar.scrubber.label() == "Update 2 of 2"
    bar.show_step([("Forward", 20)])
    assert not bar.same_start.isVisible()
    assert bar.scrubber.label().endswith(" of 20")


def test_a_narrow_bar_has_menus(bar):
    bar.set_compact(True)
    assert not bar.grain.isVisible()
    assert bar.grain_menu.isVisible()
    bar.show_state(False, "layer", 1.0, True)
    assert bar.grain_menu.label() == "Layer"
    bar.set_compact(False)
    assert bar.grain.isVisible()


# -- in the window -----------------------------------------------------------------------------------------------------


def test_the_buttons_move_the_pass(adder):
    bar = adder.page.transport
    assert not bar.back.isEnabled()
    adder.push(bar.forward)
    adder.rest()
    adder.push(bar.forward)
    adder.rest()
    assert adder.player.t == 2
    adder.push(bar.back)
    assert adder.player.t == 1
    adder.push(bar.play)
    assert bar.play.is_playing()
    adder.wait(2)
    adder.push(bar.play)
    assert not bar.play.is_playing()
    assert adder.player.t > 2
    adder.push(bar.start)
    assert adder.player.t == 0
    assert not bar.start.isEnabled()


def test_the_speed_menu(adder):
    menu = adder.page.transport.speed.open_menu()
    action = next(action for action in menu.actions() if action.text() == "4×")
    adder.qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
    assert adder.player.speed == 4
    assert adder.page.transport.speed.label() == "4×"


def test_the_speed_menu_by_keys(adder):
    adder.page.transport.speed.setFocus(Qt.FocusReason.TabFocusReason)
    adder.press("Space")
    menu = QApplication.activePopupWidget()
    adder.qtbot.keyClick(menu, Qt.Key.Key_Down)
    adder.qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert adder.player.speed == 2
    assert not adder.player.playing


def test_the_granularity_follows_the_keys_and_the_keys_follow_it(adder):
    bar = adder.page.transport
    adder.press("3")
    assert bar.grain.index() == 2
    adder.qtbot.mouseClick(bar.grain, LEFT, pos=bar.grain.segment_rect(1).center().toPoint())
    assert adder.player.grain == "neuron"


def test_the_granularity_menu_of_a_narrow_window(adder):
    adder.window.resize(1024, 700)
    adder.qtbot.waitUntil(lambda: adder.page.transport.grain_menu.isVisible())
    menu = adder.page.transport.grain_menu.open_menu()
    action = next(action for action in menu.actions() if action.text() == "Pass")
    adder.qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
    assert adder.player.grain == "pass"


def test_the_modes_have_speeds_and_grains_of_their_own(adder):
    adder.press("3")
    adder.page.set_speed(4.0)
    adder.press("Ctrl+2")
    assert adder.page.transport.speed.label() == "1×"
    assert adder.page.transport.grain.index() == 0
    adder.press("Ctrl+1")
    assert adder.page.transport.speed.label() == "4×"
    assert adder.page.transport.grain.index() == 2
