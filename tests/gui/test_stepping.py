"""A whole update at the real window: edits in the middle keep the place, rows together, one update after the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from visualnn.nn.training import Training
from visualnn.scene.frame import Place

WEIGHT, INPUT, TARGET = Place("weight", 1, 0, 1), Place("neuron", 0, 0), Place("target", 2, 0)


def stand_at(learner, step: int) -> None:
    learner.player.seek(step)


@pytest.mark.parametrize("step", [7, 21, 35, 50])
@pytest.mark.parametrize(
    "edit",
    [
        lambda page: page.set_number(INPUT, 1.25),
        lambda page: page.set_number(WEIGHT, 0.3),
        lambda page: page.set_number(TARGET, 9.0),
        lambda page: page.set_rate(0.3),
    ],
    ids=["input", "weight", "target", "rate"],
)
def test_an_edit_in_the_middle_keeps_the_place(adder, step, edit):
    stand_at(adder, step)
    before = adder.window.workspace.project
    edit(adder.page)
    assert adder.window.workspace.project is not before
    assert adder.player.t == step
    adder.press("Ctrl+Z")
    assert adder.player.t == step


def test_an_input_that_the_data_do_not_know_can_still_be_learned_from(learner):
    circles = learner
    circles.window.open_document("circles")
    stand_at(circles, circles.player.length - 3)
    length = circles.player.length
    circles.page.set_number(INPUT, 0.123456)
    assert (circles.player.t, circles.player.length) == (length - 3, length)


def test_a_target_is_dragged_and_typed_on_the_stage(adder):
    stand_at(adder, 35)
    adder.drag(TARGET, 100)
    assert adder.window.workspace.project.answer[0] == pytest.approx(5.0)
    adder.click(TARGET)
    assert adder.page.inspector.accessibleName().startswith("Target of f")
    adder.type("7")
    adder.press("Return")
    assert adder.window.workspace.project.answer.tolist() == [7.0]
    stand_at(adder, 55)
    assert adder.page.inspector.accessibleName().startswith("Target of f")
    adder.press("Ctrl+Z", "Ctrl+Z")
    assert adder.window.workspace.project.target is None
    assert adder.player.t == 55


def test_a_typed_target_can_be_given_back(adder):
    stand_at(adder, 35)
    adder.click(TARGET)
    adder.page.set_number(TARGET, 9.0)
    adder.push(adder.page.inspector._reset)
    assert adder.window.workspace.project.answer.tolist() == [4.0]
    assert not adder.page.inspector._reset.isVisible()


def test_between_layers_the_whole_layer_is_told_of(adder):
    adder.press("3")
    told = []
    for _ in range(6):
        adder.press("Right")
        adder.rest()
        told.append(adder.subtitle)
    assert told == [
        "Hidden layer: 3 sums of 2 products each, then ReLU.",
        "The network says 2 + 2 = 3.99.",
        "Squared, the loss is 0.000108.",
        "Output: slopes come back to 3 weights and 1 bias.",
        "Hidden layer: slopes come back to 6 weights and 3 biases.",
        "Hidden layer: 6 weights and 3 biases take their step.",
    ]


def test_while_layers_flow_the_details_follow(adder):
    adder.press("3")
    stand_at(adder, 22)
    adder.press("Right")
    adder.wait(0.3)
    assert adder.subtitle == "Output: slopes come back to 3 weights and 1 bias."
    adder.press("Right", "Right")
    adder.wait(0.3)
    assert adder.subtitle.startswith("Hidden layer: 6 weights")
    assert adder.page.inspector.accessibleName().startswith("Bias of e")


def test_at_the_end_the_inspector_offers_the_next_update(adder):
    adder.press("End")
    adder.push(adder.page.inspector._next)
    assert adder.window.workspace.project.updates == 1
    assert not adder.page.inspector._next.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")  # of menus, offscreen
def test_the_rows_are_chosen_at_the_head_of_the_inputs(adder):
    menu = adder.stage.shaper.shaping.open_head_menu(0)
    next(action for action in menu.actions() if action.text() == "4 rows together").trigger()
    assert adder.window.workspace.project.batch == 4
    assert adder.stage.shaper.shaping._heads.get(0).label() == "row 1 of 4"


def test_a_typed_target_changes_what_is_said(adder):
    stand_at(adder, 21)
    adder.page.set_number(TARGET, 5.0)
    assert adder.subtitle == "It should be 5. It misses by −1.01."
    assert "Target of f" in adder.window.workspace.stack.undoText()


def test_the_next_update_goes_on_where_this_one_ends(adder):
    adder.press("End")
    after = adder.window.workspace.trace().loss_after
    adder.press("N")
    assert adder.player.t == 0
    trace = adder.window.workspace.trace()
    assert (trace.loss, trace.update) == (after, 2)
    assert trace.memory.any()
    adder.press("Ctrl+Z")
    assert adder.window.workspace.trace().update == 1


def test_updates_by_hand_are_those_of_the_training(adder):
    for _ in range(3):
        adder.window.actions_table.run("batch_8")
        adder.press("N")
    project = adder.window.workspace.project
    assert project.updates == 3
    adder.press("Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    start = adder.window.workspace.project
    training = Training(start.network, start.data, replace(start.options, batch_size=8), start.parameters)
    training.run(3)
    np.testing.assert_allclose(project.parameters, training.parameters, rtol=1e-6, atol=1e-9)


def test_a_batch_has_one_step_more_and_keeps_the_place(adder):
    stand_at(adder, 35)
    adder.window.actions_table.run("batch_4")
    assert (adder.player.t, adder.player.length) == (36, 56)
    assert "Over all 4 rows it " in adder.subtitle
    stand_at(adder, 23)
    assert adder.subtitle.startswith("The mean over 4 rows is the loss: ")
    first = adder.window.workspace.trace().x.tolist()
    adder.window.actions_table.run("next_row")
    assert adder.window.workspace.trace().x.tolist() != first
    assert adder.player.t == 23
    stand_at(adder, 36)
    adder.window.actions_table.run("batch_0")
    assert (adder.player.t, adder.player.length) == (35, 55)
    assert "rows" not in adder.subtitle


def test_in_a_batch_the_loss_of_the_row_is_said_to_be_the_rows(adder):
    adder.window.actions_table.run("batch_4")
    stand_at(adder, 22)
    assert adder.subtitle.startswith("Squared, this row’s loss is ")


def test_what_takes_long_in_a_large_network_is_waited_for_beside_the_window(learner):
    learner.window.open_document("2-100-100-1")
    end = learner.player.length
    stand_at(learner, end - 1)
    learner.until(lambda: learner.subtitle.startswith("Weight "))
    learner.page.set_number(WEIGHT, 0.25)
    assert learner.subtitle == "Working out slopes and update …"
    assert learner.player.t == end - 1
    learner.until(lambda: learner.subtitle.startswith("Weight "))
    stand_at(learner, 3)
    assert learner.subtitle.startswith("Neuron h1_1 adds them up")
