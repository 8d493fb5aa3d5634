"""Presenting: the whole screen for stage and words, keys for a clicker, and afterwards everything as it was."""

from __future__ import annotations

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from tests.gui.conftest import NOTHING, Learner, move
from visualnn.scene.frame import Place
from visualnn.settings import load

BLANK = Qt.CursorShape.BlankCursor


@pytest.fixture
def speaker(adder) -> Learner:
    """Somebody who presents the adder's answer."""
    adder.player.seek(20)
    adder.press("F11")
    return adder


def seen(learner: Learner) -> set[str]:
    """The parts of the page that can be seen."""
    names = ("top_bar", "panel", "subtitle", "headline", "steps", "stage", "transport")
    return {name for name in names if getattr(learner.page, name).isVisible()}


def controls(learner: Learner) -> set[str]:
    """What the transport offers."""
    names = ("start", "back", "play", "forward", "scrubber", "grain", "grain_menu", "speed", "same_start", "leave")
    return {name for name in names if getattr(learner.page.transport, name).isVisible()}


# -- what is seen ------------------------------------------------------------------------------------------------------


def test_f11_gives_the_screen_to_the_stage_and_the_words(speaker):
    assert speaker.window.isFullScreen()
    assert seen(speaker) == {"headline", "stage", "transport"}
    assert controls(speaker) == {"back", "play", "forward", "scrubber", "leave"}
    assert speaker.page.transport.height() == 84


def test_the_numbers_stand_over_the_sentence(speaker):
    headline = speaker.page.headline
    assert headline.sentence.text() == "The network says 2 + 2 = 3.99."
    assert headline.formula.text().endswith("= 3.99")
    assert headline.formula.geometry().bottom() <= headline.sentence.geometry().center().y()


def test_the_sentence_stands_alone_where_there_are_no_numbers(speaker):
    headline = speaker.page.headline
    speaker.press("Home")
    assert not headline.formula.isVisible()
    assert abs(headline.sentence.geometry().center().y() - headline.rect().center().y()) <= 1
    speaker.press("PgDown")
    speaker.rest()
    assert headline.formula.isVisible()


def test_no_line_is_wider_than_the_screen(speaker):
    for step in range(speaker.player.length + 1):
        speaker.player.seek(step)
        for line in (speaker.page.headline.formula, speaker.page.headline.sentence):
            assert line.setting().size >= 15
            assert len(line.setting().lines) <= 2


def test_heads_say_all_in_one_line_and_nothing_can_be_shaped(speaker):
    assert "Hidden layer · ReLU" in speaker.texts
    assert "Output" in speaker.texts
    assert "type a value" not in speaker.texts
    children = [type(child).__name__ for child in speaker.stage.children() if getattr(child, "isVisible", bool)()]
    assert not {"Stepper", "AddButton", "HeadButton"} & set(children)


def test_only_the_bias_that_a_step_is_about_is_written(speaker):
    def biases(step: int) -> list[str]:
        speaker.player.seek(step)
        return [text for text in speaker.texts if text.startswith("bias")]

    assert [biases(step) for step in (7, 9, 42, 55)] == [[], ["bias −0.07"], ["bias ≈ 0"], ["bias 0.10"]]


def test_a_network_is_larger_than_on_a_stage_of_that_size(speaker):
    speaker.stage.resize(1280, 584)  # what a screen of 1280 × 800 leaves to it
    assert speaker.stage.layout_shown().head_scale == 1.28
    speaker.stage.set_presenting(False)
    assert speaker.stage.layout_shown().head_scale == 1.0


def test_train_mode_is_presented_too(adder):
    adder.press("Ctrl+2", "F11")
    assert seen(adder) == {"headline", "stage", "transport"}
    assert controls(adder) == {"back", "play", "forward", "scrubber", "leave"}
    adder.press("PgDown")
    adder.learn()
    assert adder.page.headline.sentence.text().startswith("Update 1")
    assert not adder.page.headline.formula.isVisible()
    adder.press("Ctrl+1")
    assert seen(adder) == {"headline", "stage", "transport"}


# -- leaving -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["F11", "Esc"])
def test_a_key_leaves(speaker, key):
    speaker.press(key)
    assert not speaker.window.presentation.active
    assert not speaker.window.isFullScreen()
    assert seen(speaker) == {"top_bar", "panel", "subtitle", "stage", "transport"}
    assert speaker.subtitle == "The network says 2 + 2 = 3.99."


def test_a_button_leaves(speaker):
    speaker.push(speaker.page.transport.leave)
    assert not speaker.window.presentation.active


def test_the_window_is_as_it_was(adder):
    adder.window.resize(1100, 720)
    adder.press("F2")
    field = adder.page.transport.scrubber
    field.setFocus(Qt.FocusReason.TabFocusReason)
    before = adder.window.geometry(), seen(adder), controls(adder)
    adder.press("F11", "F11")
    assert (adder.window.geometry(), seen(adder), controls(adder)) == before
    assert field.hasFocus()


def test_a_maximised_window_is_maximised_again(adder):
    adder.window.showMaximized()
    adder.press("F11", "Esc")
    assert adder.window.isMaximized()


def test_esc_first_leaves_what_is_chosen(speaker):
    speaker.page.select(Place("neuron", 1, 1))
    speaker.press("Esc")
    assert speaker.stage.selected is None
    assert speaker.window.presentation.active
    speaker.press("Esc")
    assert not speaker.window.presentation.active


def test_esc_first_closes_the_find_sheet(speaker):
    speaker.press("Ctrl+K", "Esc")
    assert not speaker.window.sheets.find.isVisible()
    assert speaker.window.presentation.active


def test_the_start_page_is_not_presented(speaker):
    speaker.press("Alt+Home")
    assert not speaker.window.presentation.active
    assert not speaker.window.isFullScreen()
    speaker.press("F11")
    assert not speaker.window.isFullScreen()


def test_a_system_that_takes_the_screen_away_ends_it(speaker):
    speaker.window.showNormal()
    assert not speaker.window.presentation.active
    assert "top_bar" in seen(speaker)


def test_the_panel_stays_away(speaker):
    speaker.press("F2")
    assert "panel" not in seen(speaker)
    speaker.press("F11")
    assert "panel" in seen(speaker)


def test_the_next_start_is_no_presentation(open_window, stopped_clock, settings_path, qtbot):
    window = open_window(remember=True)
    window.open_document("adder")
    window.presentation.enter()
    window.close()
    again = open_window(load())
    assert not again.isFullScreen()


# -- the clicker -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["F11", "Ctrl+1"])
def test_page_keys_step(adder, mode):
    adder.press(mode, "PgDown")
    adder.rest()
    adder.press("PgDown")
    adder.rest()
    assert adder.player.t == 2
    adder.press("PgUp")
    assert adder.player.t == 1


def test_page_keys_step_with_the_focus_on_the_scrubber(adder):
    adder.player.seek(30)
    adder.page.transport.scrubber.setFocus(Qt.FocusReason.TabFocusReason)
    adder.press("PgUp")
    assert adder.player.t == 29


def test_a_clicker_begins_and_cannot_do_harm(adder):
    adder.press("F5")
    assert adder.window.presentation.active
    adder.press("F5", ".", "B")
    assert adder.window.presentation.active
    assert adder.player.speed == 1
    adder.press("Space")
    assert adder.player.playing


def test_tab_reaches_everything(speaker):
    found = []
    for _ in range(8):
        QTest.keyClick(speaker.window.windowHandle(), Qt.Key.Key_Tab, NOTHING)
        found.append(speaker.window.focusWidget())
    bar = speaker.page.transport
    assert {bar.back, bar.play, bar.forward, bar.scrubber, bar.leave, speaker.stage} == set(found)


# -- the pointer -------------------------------------------------------------------------------------------------------


def test_the_pointer_goes_and_comes_back(speaker):
    pointer, stage = speaker.window.presentation.pointer, speaker.stage
    assert pointer._timer.interval() == 2000
    assert pointer._timer.isActive()
    pointer._timer.timeout.emit()
    assert stage.cursor().shape() == BLANK
    assert speaker.page.transport.cursor().shape() != BLANK
    move(stage, QPoint(5, 5), Qt.MouseButton.NoButton)
    assert stage.cursor().shape() != BLANK
    assert pointer._timer.isActive()


def test_the_pointer_is_there_afterwards(speaker):
    pointer = speaker.window.presentation.pointer
    pointer.hide()
    speaker.press("Esc")
    assert speaker.stage.cursor().shape() != BLANK
    assert not pointer._timer.isActive()


def test_something_that_moves_beneath_it_is_no_movement(speaker):
    pointer = speaker.window.presentation.pointer
    move(speaker.stage, QPoint(5, 5), Qt.MouseButton.NoButton)
    pointer.hide()
    move(speaker.stage, QPoint(5, 5), Qt.MouseButton.NoButton)
    assert pointer.is_hidden()


# -- read aloud --------------------------------------------------------------------------------------------------------


@pytest.fixture
def heard(monkeypatch) -> list[str]:
    """What a screen reader is told politely."""
    told: list[str] = []

    class Reader:
        @staticmethod
        def isActive() -> bool:
            return True

        @staticmethod
        def updateAccessibility(event) -> None:
            assert event.politeness() == QAccessible.AnnouncementPoliteness.Polite
            told.append(event.message())

    monkeypatch.setattr(QtGui, "QAccessible", Reader)
    return told


@pytest.mark.parametrize("presented", [False, True])
def test_a_step_is_said_once_and_not_with_every_frame(adder, heard, presented):
    if presented:
        adder.press("F11")
    heard.clear()
    adder.press("Right")
    adder.wait(0.3)
    adder.rest()
    adder.press("Right")
    adder.rest()
    assert heard == ["2 times its weight 0.99 makes 1.98.", "2 times its weight 1.026 makes 2.05."]


def test_training_is_not_said_while_it_runs(adder, heard):
    adder.press("Ctrl+2")
    heard.clear()
    adder.press("Space")
    adder.until(lambda: adder.trainer.snapshot.update > 5)
    assert not heard
    adder.press("Space")
    adder.learn()
    assert len(heard) <= 2
