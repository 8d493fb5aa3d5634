"""Step mode on the document page: keys, buttons, scrubber and time move the pass; everything shown follows."""

from __future__ import annotations

from math import ceil

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui.conftest import LEFT, NOTHING, Learner, move
from visualnn.scene.frame import Links, Place
from visualnn.settings import Settings

SUBTITLES = {
    0: "The inputs are 2 and 2. Press play to follow them.",
    1: "2 times its weight 0.99 makes 1.98.",
    10: "ReLU clips −1.83 to 0: neuron d passes nothing on.",
    13: "Neuron e adds them up: 3.27.",
    20: "The network says 2 + 2 = 3.99.",
    21: "It should be 4. It misses by −0.0104.",
    55: "Same inputs again: too large a step, the loss rises from 0.000108 to 2.06.",
}


def scrub_to(learner: Learner, step: int) -> QPoint:
    """Where the knob would be for a step."""
    scrubber = learner.page.transport.scrubber
    before = scrubber.position()
    scrubber.setValue(step)
    point = scrubber.knob().toPoint()
    scrubber.setValue(before)
    return point


def comparable(items: tuple) -> list:
    """Frame items as values that can be compared."""
    return [
        tuple(getattr(item, part).tolist() for part in ("start", "end", "width", "color"))
        if isinstance(item, Links)
        else item
        for item in items
    ]


# -- keys --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "sentence"), SUBTITLES.items())
def test_the_subtitle_says_what_happens(adder, step, sentence):
    adder.press("End")
    for _ in range(55 - step):
        adder.press("Left")
    assert adder.player.t == step
    assert adder.subtitle == sentence


def test_right_shows_one_operation_happening(adder):
    adder.press("Right")
    assert adder.player.moving
    adder.wait(0.45)
    assert 0 < adder.player.t < 1
    assert adder.subtitle == SUBTITLES[1]
    adder.rest()
    assert adder.player.t == 1
    assert not adder.window.clock._held


def test_a_second_press_finishes_the_first(adder):
    adder.press("Right")
    adder.wait(0.1)
    adder.press("Right")
    adder.rest()
    assert adder.player.t == 2


def test_left_goes_back_at_once(adder):
    adder.player.seek(10)
    adder.press("Left")
    assert adder.player.t == 9
    assert not adder.player.moving


def test_left_in_the_middle_goes_to_where_it_began(adder):
    adder.press("Right")
    adder.wait(0.4)
    adder.press("Left")
    assert adder.player.t == 0


@pytest.mark.parametrize(("grain", "stop"), [("1", 5), ("2", 15), ("3", 20), ("4", 20)])
def test_shift_goes_one_granularity_further(adder, grain, stop):
    adder.press(grain, "Shift+Right")
    adder.rest()
    assert adder.player.t == stop


@pytest.mark.parametrize(("grain", "stop"), [("1", 15), ("2", 15), ("3", 0), ("4", 0)])
def test_shift_goes_back_by_one_granularity_more(adder, grain, stop):
    adder.player.seek(20)
    adder.press(grain, "Shift+Left")
    assert adder.player.t == stop


@pytest.mark.parametrize(
    ("grain", "stops"),
    [
        ("1", [1, 2, 3]),
        ("2", [5, 10, 15, 20, 21, 22, 23, 26, 27]),
        ("3", [15, 20, 22, 27, 42, 51, 55]),
        ("4", [20, 22, 42, 55]),
    ],
)
def test_granularities_stop_where_they_say(adder, grain, stops):
    adder.press(grain)
    found = []
    for _ in stops:
        adder.press("Right")
        adder.rest()
        found.append(adder.player.t)
    assert found == stops


def test_home_and_end(adder):
    adder.press("End")
    assert adder.player.t == 55
    assert adder.page.transport.scrubber.label() == "Step 55 of 55"
    adder.press("Right")
    assert adder.player.t == 55
    adder.press("Home")
    assert adder.player.t == 0
    adder.press("Left")
    assert adder.player.t == 0


def test_space_plays_and_pauses(adder):
    adder.press("Space")
    assert adder.player.playing
    assert adder.page.transport.play.is_playing()
    adder.wait(2)
    adder.press("Space")
    assert not adder.player.moving
    stood = adder.player.t
    assert 1 < stood < 4
    adder.wait(2)
    assert adder.player.t == stood
    adder.press("Space")
    adder.rest()
    assert adder.player.t == 55


def test_playing_from_the_end_begins_anew(adder):
    adder.press("End", "Space")
    assert adder.player.playing
    assert adder.player.t == 0


def test_comma_and_dot_change_the_speed(adder):
    heard = []
    for key in ("Period", "Period", "Period", "Period", "Period"):
        adder.press(getattr(Qt.Key, f"Key_{key}"))
        heard.append(adder.page.transport.speed.label())
    assert heard == ["2×", "4×", "10×", "Max", "Max"]
    for _ in range(8):
        adder.press(Qt.Key.Key_Comma)
    assert adder.player.speed == 0.25
    assert adder.page.transport.speed.label() == "¼×"


@pytest.mark.parametrize("speed", [0.5, 1.0, 4.0])
def test_speed_is_a_factor_on_time(adder, speed):
    adder.player.set_speed(speed)
    adder.press("Right")
    adder.wait(0.448 / speed)
    assert adder.player.t == pytest.approx(0.448 / 0.9, abs=0.08)


def test_at_full_speed_a_step_takes_no_time(adder):
    adder.player.set_speed(float("inf"))
    adder.press("Right")
    assert adder.player.t == 1
    adder.press("Space")
    adder.wait(1)
    assert adder.player.t == 55


# -- the same whichever way --------------------------------------------------------------------------------------------


def test_stepping_back_shows_the_very_same_frames(adder):
    forth, sentences = {0: comparable(adder.stage.frame().items)}, {0: adder.subtitle}
    adder.player.set_speed(float("inf"))
    for step in range(1, 56):
        adder.press("Right")
        forth[step], sentences[step] = comparable(adder.stage.frame().items), adder.subtitle
    for step in range(54, -1, -1):
        adder.press("Left")
        assert adder.player.t == step
        assert comparable(adder.stage.frame().items) == forth[step]
        assert adder.subtitle == sentences[step]
    assert len({sentences[step] for step in range(56)}) > 40


def test_playing_ends_in_the_frame_that_jumping_gives(adder):
    adder.press("Right")
    adder.rest()
    played = comparable(adder.stage.frame().items)
    adder.press("End")
    adder.page.player.seek(1)
    assert comparable(adder.stage.frame().items) == played


def test_nothing_is_known_before_it_is_computed(adder):
    assert "3.99" not in adder.texts
    assert "4.03" not in adder.texts
    adder.page.player.seek(5)
    assert "4.03" in adder.texts
    assert "−1.83" not in adder.texts
    adder.page.player.seek(20)
    assert "3.99" in adder.texts


# -- scrubber ----------------------------------------------------------------------------------------------------------


def test_a_click_on_the_scrubber_jumps(adder):
    scrubber = adder.page.transport.scrubber
    adder.qtbot.mouseClick(scrubber, LEFT, pos=scrub_to(adder, 13))
    assert adder.player.t == 13
    assert adder.subtitle == SUBTITLES[13]
    assert adder.stage.hasFocus()


def test_dragging_the_scrubber_shows_every_step_under_it(adder):
    scrubber = adder.page.transport.scrubber
    seen = []
    adder.player.moved.connect(lambda t: seen.append((t, adder.subtitle)))
    adder.qtbot.mousePress(scrubber, LEFT, pos=scrub_to(adder, 1))
    for step in (10, 20, 55, 10):
        move(scrubber, scrub_to(adder, step), LEFT)
    adder.qtbot.mouseRelease(scrubber, LEFT)
    assert [t for t, _ in seen] == [1, 10, 20, 55, 10]
    assert adder.subtitle == SUBTITLES[10]


def test_the_subtitle_follows_while_scrubbing(adder):
    scrubber = adder.page.transport.scrubber
    adder.qtbot.mousePress(scrubber, LEFT, pos=scrub_to(adder, 20))
    assert adder.subtitle == SUBTITLES[20]
    adder.qtbot.mouseRelease(scrubber, LEFT)


def test_the_knob_follows_the_pass(adder):
    scrubber = adder.page.transport.scrubber
    adder.press("Space")
    while adder.player.t < 12:
        adder.window.clock.advance(0.05)
        assert scrubber.position() == ceil(adder.player.t)


# -- motion ------------------------------------------------------------------------------------------------------------


def test_reduced_motion_steps_at_once(open_window, stopped_clock, qtbot):
    window = open_window(Settings(theme="dark", reduced_motion="on"))
    learner = Learner(window, qtbot)
    window.open_document("adder")
    learner.press("Right")
    assert learner.player.t == 1
    assert not learner.player.moving


def test_reduced_motion_plays_without_anything_moving(open_window, stopped_clock, qtbot):
    window = open_window(Settings(theme="dark", reduced_motion="on"))
    learner = Learner(window, qtbot)
    window.open_document("adder")
    seen = []
    learner.player.moved.connect(seen.append)
    learner.press("Space")
    learner.wait(3)
    assert set(seen) == {1.0, 2.0, 3.0}


def test_motion_can_be_switched_while_the_window_is_open(adder):
    adder.window.set_reduced_motion("on")
    adder.press("Right")
    assert adder.player.t == 1
    assert adder.window.preferences.reduced_motion == "on"


# -- the guided pass ---------------------------------------------------------------------------------------------------


def test_the_guide_stops_at_each_finished_sum(learner):
    learner.window.page.player.set_grain("layer")
    hero = learner.window.start._page.hero
    learner.push(hero.start_button)
    assert learner.window.showing_document
    sums = []
    for _ in range(3):
        assert learner.player.playing
        learner.rest()
        assert learner.subtitle.endswith("  Press Space to go on.")
        sums.append((learner.player.t, learner.subtitle.split()[-6]))
        learner.press("Space")
    assert sums == [(4, "4.03."), (9, "−1.83."), (14, "3.27.")]
    learner.rest()
    assert learner.player.t == 20
    assert learner.subtitle == SUBTITLES[20] + "  Press Space to go on."
    learner.press("Right")
    learner.rest()
    assert "Space" not in learner.subtitle


def test_another_granularity_ends_the_guiding(learner):
    learner.push(learner.window.start._page.hero.start_button)
    learner.press("1")
    learner.rest()
    assert learner.player.t == 55


# -- numbers of decimals -----------------------------------------------------------------------------------------------


def test_four_decimals_on_the_canvas(adder):
    adder.player.seek(20)
    assert "3.9896" not in adder.texts
    adder.window.set_decimals(4)
    assert "3.9896" in adder.texts
    assert adder.window.preferences.decimals == 4


# -- the focus ---------------------------------------------------------------------------------------------------------


def test_a_button_keeps_its_keys_and_gives_the_others_to_the_window(adder):
    adder.page.transport.forward.setFocus(Qt.FocusReason.TabFocusReason)
    adder.press("Space")  # presses the button
    adder.rest()
    assert adder.player.t == 1
    assert not adder.player.playing
    adder.press("Right")
    adder.rest()
    assert adder.player.t == 2


def test_tab_walks_through_the_whole_page_and_back(adder):
    seen = []
    for _ in range(60):
        QTest.keyClick(adder.window.windowHandle(), Qt.Key.Key_Tab, NOTHING)
        widget = adder.window.focusWidget()
        if widget in seen:
            break
        seen.append(widget)
    page = adder.page
    wanted = {adder.stage, page.transport.play, page.transport.scrubber, page.transport.speed, page.top_bar.modes}
    assert wanted <= set(seen)
    assert all(widget.isVisible() for widget in seen)


def test_a_named_place_is_inspected(adder):
    adder.page.select_named("b→c")
    assert adder.stage.selected == Place("weight", 1, 0, 1)
    adder.page.select_named("d")
    assert adder.stage.selected == Place("neuron", 1, 1)
    adder.page.select_named("nobody")
    assert adder.stage.selected == Place("neuron", 1, 1)
