"""Stepping at the window: what plays goes on through edits, wide layers go whole, a neuron is stepped through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from tests.gui.conftest import LEFT, Learner, move
from visualnn.scene.frame import Place

NEURON_D, OUTPUT = Place("neuron", 1, 1), Place("neuron", 2, 0)
PHASES = {"Forward": 8, "Loss": 21, "Backward": 30, "Update": 48}


@pytest.fixture
def by_layer(adder) -> Learner:
    """Somebody who has opened the adder and goes by layers."""
    adder.press("3")
    return adder


# -- editing in the middle ---------------------------------------------------------------------------------------------


def edit_input(learner: Learner) -> None:
    learner.drag(Place("neuron", 0, 0), 30)


def edit_weight(learner: Learner) -> None:
    learner.click(Place("weight", 1, 0, 0))
    learner.press("Up")


def edit_rate(learner: Learner) -> None:
    learner.press("Ctrl+K")
    learner.type("rate 0.03")
    learner.press("Return")


def edit_loss(learner: Learner) -> None:
    options = learner.window.workspace.project.options
    learner.page.editor.set_options(replace(options, loss="mae"), "Loss")


EDITS = [edit_input, edit_weight, edit_rate, edit_loss]


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("step", PHASES.values(), ids=PHASES)
def test_an_edit_by_hand_keeps_the_place(adder, edit, step):
    adder.player.seek(step)
    before = adder.project
    edit(adder)
    assert adder.project is not before
    assert adder.player.t == step
    assert adder.page.transport.scrubber.position() == step


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("step", PHASES.values(), ids=PHASES)
def test_what_plays_goes_on_through_an_edit(adder, edit, step):
    adder.player.seek(step)
    adder.press("Space")
    adder.wait(0.3)
    at = adder.player.t
    edit(adder)
    assert adder.player.playing
    assert adder.player.t == at
    adder.wait(0.9)
    assert adder.player.t > step + 1


# -- wide layers -------------------------------------------------------------------------------------------------------


def test_a_wide_network_opens_by_layers(by_layer):
    by_layer.press("1")
    by_layer.window.open_document("digits")
    assert by_layer.player.grain == "layer"
    by_layer.window.open_document("adder")
    assert by_layer.player.grain == "operation"


def test_a_network_that_is_made_wide_goes_on_as_it_did(adder):
    adder.page.reshape((100, 100))
    assert adder.player.grain == "operation"


# -- inside a neuron ---------------------------------------------------------------------------------------------------


def test_a_double_click_steps_inside_and_esc_leaves(by_layer):
    by_layer.double_click(NEURON_D)
    assert (by_layer.player.t, by_layer.player.grain) == (6, "operation")
    assert by_layer.subtitle == "2 times its weight 0.014 makes 0.03."
    by_layer.press("Esc")
    assert (by_layer.player.t, by_layer.player.grain) == (0, "layer")
    assert by_layer.stage.selected == NEURON_D


@pytest.mark.parametrize(("at", "first"), [(30, 34), (47, 43), (21, 1)])
def test_a_neuron_is_stepped_through_in_the_phase_that_goes_on(by_layer, at, first):
    by_layer.player.seek(at)
    by_layer.double_click(Place("neuron", 1, 0))
    assert by_layer.player.t == first
    by_layer.press("Esc")
    assert by_layer.player.t == at


def test_enter_steps_inside_the_chosen_neuron(by_layer):
    by_layer.click(OUTPUT)
    by_layer.press("Return")
    assert (by_layer.player.t, by_layer.player.grain) == (16, "operation")


def test_enter_still_types_at_an_input(by_layer):
    by_layer.stage.select(Place("neuron", 0, 0))
    by_layer.stage.setFocus()
    by_layer.press("Return")
    assert by_layer.player.inside is None


def test_find_steps_inside_and_leaves(by_layer):
    table = by_layer.window.actions_table
    assert table.reason("inside") == "Choose a hidden neuron or an output first."
    by_layer.click(NEURON_D)
    assert table.run("inside")
    assert by_layer.player.t == 6
    assert table.run("outside")
    assert by_layer.player.t == 0
    assert not table.run("outside")


def test_stepping_on_from_the_last_operation_finishes_the_layer(by_layer):
    by_layer.double_click(NEURON_D)
    for _ in range(5):
        by_layer.press("Right")
        by_layer.rest()
    assert (by_layer.player.t, by_layer.player.grain) == (15, "layer")


def test_a_neuron_of_a_wide_layer_can_be_entered(learner):
    learner.window.open_document("digits")
    learner.page.step_inside(Place("neuron", 1, 3))
    assert learner.player.timeline.step(int(learner.player.t)).place == Place("weight", 1, 3, 0)
    learner.press("Right")
    learner.rest()
    assert learner.player.timeline.step(int(learner.player.t)).source == 1


def test_esc_in_train_mode_leaves_nothing(by_layer):
    by_layer.double_click(NEURON_D)
    by_layer.press("Ctrl+2", "Esc", "Ctrl+1")
    assert by_layer.player.inside is not None


# -- the bubble at the knob --------------------------------------------------------------------------------------------


def test_the_bubble_says_the_step_that_is_dragged_to(adder):
    scrubber = adder.page.transport.scrubber
    scrubber.setValue(10)
    target = scrubber.knob().toPoint()
    scrubber.setValue(0)
    QTest.mousePress(scrubber, LEFT, pos=scrubber.knob().toPoint())
    move(scrubber, target + QPoint(1, 0), LEFT)
    assert adder.page.bubble.text() == "Step 10 · ReLU clips −1.83 to 0: neuron d passes nothing on."
    QTest.mouseRelease(scrubber, LEFT, pos=target)
    assert not adder.page.bubble.isVisible()
