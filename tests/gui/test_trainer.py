"""Train mode: real training in its thread, brought home as one undo step, and back again to the very same weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMessageBox

from tests.gui.conftest import LEFT, Learner
from visualnn.files import examples, native
from visualnn.nn.kernels import choose
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.training import Snapshot, Stop, Training
from visualnn.project import Project
from visualnn.scene.frame import Place

A, AC = Place("neuron", 0, 0), Place("weight", 1, 0, 0)


def by_hand(updates: int, seed: int = 0, rate: float | None = None) -> Training:
    """The adder's training without a window."""
    project = examples.load("adder")
    options = replace(project.options, seed=seed)
    if rate is not None:
        options = replace(options, optimizer=replace(options.optimizer, rate=rate))
    training = Training(project.network, project.data, options)
    training.run(updates)
    return training


def index(learner: Learner, place: Place) -> int:
    return learner.project.network.weight_index(place.column - 1, place.source, place.neuron)


@pytest.fixture
def trainee(adder: Learner) -> Learner:
    """Somebody who has opened the adder in Train mode."""
    adder.press("Ctrl+2")
    return adder


@pytest.fixture
def fast(trainee: Learner) -> Learner:
    """The same with the compiled kernel and at full speed."""
    choose.load()
    trainee.trainer.set_speed(float("inf"))
    return trainee


# -- before the first update -------------------------------------------------------------------------------------------


def test_train_mode_shows_random_weights_and_changes_nothing(trainee):
    start = by_hand(0)
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, start.parameters)
    assert trainee.subtitle == "Random weights, seed 0. It says 2 + 2 = 0.20. Press play to train."
    assert f"{start.parameters[0]:.2f}".replace("-", "−") in trainee.texts
    np.testing.assert_array_equal(trainee.project.parameters, examples.load("adder").parameters)
    assert not trainee.window.workspace.stack.canUndo()
    assert not trainee.window.workspace.dirty


def test_looking_and_going_back_changes_nothing(trainee):
    trainee.press("Ctrl+1")
    assert not trainee.window.workspace.dirty
    assert trainee.page.mode == 0
    trainee.press("End")
    trainee.player.seek(20)
    assert trainee.subtitle == "The network says 2 + 2 = 3.99."


# -- step by step ------------------------------------------------------------------------------------------------------


def test_a_step_is_one_update_exactly(trainee):
    for updates in (1, 2, 3):
        trainee.press("Right")
        trainee.learn()
        expected = by_hand(updates)
        snapshot = trainee.trainer.snapshot
        assert snapshot.update == updates
        assert snapshot.loss == expected.loss
        np.testing.assert_array_equal(snapshot.parameters, expected.parameters)
        np.testing.assert_array_equal(trainee.project.parameters, expected.parameters)
        assert trainee.subtitle.startswith(f"Update {updates}: loss ")


def test_back_leads_to_the_very_same_weights(trainee):
    seen = {}
    for _ in range(5):
        snapshot = trainee.trainer.snapshot
        seen[snapshot.update] = (snapshot.parameters, snapshot.loss, trainee.texts)
        trainee.press("Right")
        trainee.learn()
    for update in (4, 3, 2, 1, 0):
        trainee.press("Left")
        trainee.learn()
        snapshot = trainee.trainer.snapshot
        parameters, loss, texts = seen[update]
        assert snapshot.update == update
        np.testing.assert_array_equal(snapshot.parameters, parameters)
        assert snapshot.loss == loss
        assert trainee.texts == texts
    trainee.press("Left")
    trainee.learn()
    assert trainee.trainer.snapshot.update == 0


def test_many_quick_steps_are_all_made(trainee):
    for _ in range(12):
        trainee.press("Right")
    trainee.learn()
    assert trainee.trainer.snapshot.update == 12


def test_all_steps_of_a_run_are_one_undo_step(trainee):
    before = trainee.project
    for _ in range(4):
        trainee.press("Right")
        trainee.learn()
    assert trainee.window.workspace.stack.count() == 1
    assert trainee.window.workspace.stack.undoText() == "Training"
    trainee.press("Ctrl+Z")
    assert trainee.project is before
    assert trainee.trainer.snapshot.update == 0


def test_the_scrubber_travels_in_the_history(trainee):
    for _ in range(10):
        trainee.press("Right")
    trainee.learn()
    scrubber = trainee.page.transport.scrubber
    assert scrubber.label() == "Update 10 of 10"
    trainee.qtbot.mouseClick(scrubber, LEFT, pos=QPoint(round(scrubber.knob().x() * 0.5), scrubber.height() // 2))
    trainee.learn()
    update = trainee.trainer.snapshot.update
    assert 4 <= update <= 6
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, by_hand(update).parameters)


def test_an_epoch_is_as_many_updates_as_there_are_batches(trainee):
    options = replace(trainee.project.options, batch_size=32)
    trainee.page._on_options_requested(options, "Batch size")
    trainee.page.transport.grain.choose(1)
    assert trainee.trainer.by_epoch
    trainee.press("Right")
    trainee.learn()
    assert trainee.trainer.snapshot.update == 3
    trainee.press("Left")
    trainee.learn()
    assert trainee.trainer.snapshot.update == 0


# -- playing -----------------------------------------------------------------------------------------------------------


def test_play_trains_to_the_goal(fast):
    article = fast.project
    fast.press("Space")
    assert fast.page.transport.play.is_playing()
    fast.learn()
    snapshot = fast.trainer.snapshot
    assert snapshot.stop is Stop.GOAL
    assert snapshot.loss < 1e-10
    assert fast.subtitle.startswith(f"Trained: after {snapshot.update:,} updates the loss is ")
    assert not fast.page.transport.play.is_playing()
    np.testing.assert_array_equal(fast.project.parameters, snapshot.parameters)
    stack = fast.window.workspace.stack
    assert [stack.text(i) for i in range(stack.count())] == ["Training"]
    fast.click(A)
    fast.type("100")
    fast.press(Qt.Key.Key_Tab)
    fast.type("-250")
    fast.press("Return")
    assert "−150.00" in fast.texts
    assert fast.subtitle.endswith("It says 100 + (−250) = −150.001.")
    fast.press("Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    assert fast.project is article


def test_play_trains_on_a_real_clock(open_window, qtbot):
    window = open_window()
    window.open_document("xor")
    learner = Learner(window, qtbot)
    learner.press("Ctrl+2", "Space")
    qtbot.waitUntil(lambda: learner.trainer.snapshot.update >= 5, timeout=20_000)
    learner.press("Space")
    qtbot.waitUntil(lambda: not learner.trainer.running and not window.clock.is_running(), timeout=20_000)
    assert learner.trainer.snapshot.loss < learner.trainer.snapshot.curve.losses[0]
    np.testing.assert_array_equal(window.workspace.project.parameters, learner.trainer.snapshot.parameters)


def test_space_pauses_and_goes_on(trainee):
    trainee.press("Space")
    trainee.until(lambda: trainee.trainer.snapshot.update >= 3)
    trainee.press("Space")
    trainee.learn()
    first = trainee.trainer.snapshot.update
    np.testing.assert_array_equal(trainee.project.parameters, by_hand(first).parameters)
    trainee.press("Space")
    trainee.until(lambda: trainee.trainer.snapshot.update > first)
    trainee.press("Space")
    trainee.learn()
    last = trainee.trainer.snapshot.update
    np.testing.assert_array_equal(trainee.project.parameters, by_hand(last).parameters)
    assert trainee.window.workspace.stack.count() == 1


def test_the_network_lives_while_it_trains(trainee):
    seen = set()
    trainee.trainer.ticked.connect(lambda: seen.add(tuple(trainee.texts)))
    trainee.press("Space")
    trainee.until(lambda: trainee.trainer.snapshot.update >= 6)
    trainee.press("Space")
    trainee.learn()
    assert len(seen) > 2
    trainee.until(lambda: not trainee.window.clock._held)


def test_a_run_can_go_beyond_its_goal_step_by_step(fast):
    fast.press("Space")
    fast.learn()
    end = fast.trainer.snapshot.update
    fast.press("Right")
    fast.learn()
    assert fast.trainer.snapshot.update == end + 1


def test_the_speed_can_be_changed_while_it_runs(trainee):
    choose.load()
    trainee.press("Space")
    trainee.page.transport.speed_chosen.emit(float("inf"))
    assert trainee.page.transport.speed.label() == "Max"
    trainee.learn()
    assert trainee.trainer.snapshot.stop is Stop.GOAL


def test_training_that_leads_astray_says_so(fast):
    fast.page.set_rate(1e6)
    sgd = replace(fast.project.options, optimizer=Optimizer("sgd", 1e6))
    fast.page._on_options_requested(sgd, "Optimizer")
    fast.press("Space")
    fast.learn()
    assert fast.trainer.snapshot.stop is Stop.DIVERGED
    assert fast.subtitle.startswith(("Training stopped: after update ", "Stopped: "))
    assert not fast.window.grab().isNull()
    fast.press("R")
    fast.learn()
    assert fast.trainer.snapshot.update == 0
    assert np.isfinite(fast.trainer.snapshot.loss)


# -- beginnings --------------------------------------------------------------------------------------------------------


def test_same_start_returns_to_identical_weights(trainee):
    start = trainee.trainer.snapshot
    for _ in range(3):
        trainee.press("Right")
    trainee.learn()
    trainee.push(trainee.page.transport.same_start)
    trainee.learn()
    assert trainee.trainer.snapshot.update == 0
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, start.parameters)
    assert trainee.subtitle.startswith("Random weights, seed 0.")


def test_same_start_trains_to_the_same_weights_again(fast):
    fast.press("Space")
    fast.learn()
    first = fast.trainer.snapshot
    fast.press("R")
    fast.learn()
    fast.press("Space")
    fast.learn()
    assert fast.trainer.snapshot.update == first.update
    np.testing.assert_array_equal(fast.trainer.snapshot.parameters, first.parameters)


def test_new_weights_take_the_next_seed(trainee):
    before = trainee.project
    trainee.push(trainee.page.transport.new_weights)
    assert trainee.project.options.seed == 1
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, by_hand(0, seed=1).parameters)
    assert trainee.subtitle.startswith("Random weights, seed 1.")
    trainee.press("Shift+R")
    assert trainee.project.options.seed == 2
    trainee.press("Ctrl+Z", "Ctrl+Z")
    assert trainee.project is before
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, by_hand(0).parameters)


def test_new_weights_after_training_are_random_again(trainee):
    trainee.press("Right")
    trainee.learn()
    trainee.press("Shift+R")
    assert trainee.trainer.snapshot.update == 0
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, by_hand(0, seed=1).parameters)


def test_new_weights_while_it_trains_stop_the_run(trainee):
    trainee.press("Space")
    trainee.until(lambda: trainee.trainer.snapshot.update >= 2)
    trainee.press("Shift+R")
    trainee.learn()
    assert trainee.trainer.snapshot.update == 0
    assert not trainee.page.transport.play.is_playing()
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, by_hand(0, seed=1).parameters)


def test_home_in_train_mode_is_same_start(trainee):
    trainee.press("Right")
    trainee.learn()
    trainee.press("Home")
    trainee.learn()
    assert trainee.trainer.snapshot.update == 0


# -- settings ----------------------------------------------------------------------------------------------------------


def test_the_rate_can_be_changed_between_steps(trainee):
    trainee.press("Right")
    trainee.learn()
    trainee.page.set_rate(0.5)
    trainee.press("Right")
    trainee.learn()
    expected = by_hand(1)
    expected.set_rate(0.5)
    expected.run(1)
    assert trainee.trainer.snapshot.update == 2
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, expected.parameters)


def test_the_rate_can_be_changed_while_it_runs(trainee):
    trainee.press("Space")
    trainee.until(lambda: trainee.trainer.snapshot.update >= 3)
    trainee.page.set_rate(0.02)
    changed = trainee.trainer.snapshot.update
    assert trainee.trainer.running
    trainee.until(lambda: trainee.trainer.snapshot.update >= changed + 3)
    trainee.press("Space")
    trainee.learn()
    assert trainee.trainer._runner.training.rate == 0.02
    assert trainee.project.options.optimizer.rate == 0.02


def test_another_optimizer_begins_another_run(trainee):
    trainee.press("Right")
    trainee.learn()
    options = replace(trainee.project.options, optimizer=Optimizer("sgd", 0.01))
    trainee.page._on_options_requested(options, "Optimizer")
    assert trainee.trainer.snapshot.update == 0
    assert trainee.trainer._runner.training.options.optimizer.name == "sgd"


# -- editing while training --------------------------------------------------------------------------------------------


def test_dragging_a_weight_starts_from_the_number_shown(trainee):
    shown = float(trainee.trainer.snapshot.parameters[index(trainee, AC)])
    trainee.drag(AC, 40)
    assert float(trainee.project.parameters[index(trainee, AC)]) == pytest.approx(shown + 0.4)
    assert f"{shown + 0.4:.2f}".replace("-", "−") in trainee.texts


def test_a_run_goes_on_from_the_edited_weights(trainee):
    for _ in range(3):
        trainee.press("Right")
    trainee.learn()
    trainee.drag(AC, 100)
    edited = trainee.project.parameters
    project = trainee.project
    trainee.press("Right")
    trainee.learn()
    expected = Training(project.network, project.data, project.options, edited)
    expected.run(1)
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, expected.parameters)


def test_the_keys_on_a_weight_start_from_the_number_shown(trainee):
    shown = float(trainee.trainer.snapshot.parameters[index(trainee, AC)])
    trainee.click(AC)
    trainee.press("Up")
    assert float(trainee.project.parameters[index(trainee, AC)]) == pytest.approx(shown + 0.01)


def test_typing_at_a_weight_shows_the_number_on_the_stage(trainee):
    shown = float(trainee.trainer.snapshot.parameters[index(trainee, AC)])
    trainee.double_click(AC)
    assert float(trainee.stage._editor.text().replace("−", "-")) == pytest.approx(shown)
    trainee.press("Escape")


def test_editing_while_it_runs_pauses_it(trainee):
    trainee.press("Space")
    trainee.until(lambda: trainee.trainer.snapshot.update >= 3)
    trainee.drag(AC, 40)
    assert not trainee.trainer.running
    assert not trainee.page.transport.play.is_playing()


def test_escape_during_a_drag_in_train_mode(trainee):
    shown = trainee.trainer.snapshot.parameters
    start = trainee.grab(AC)
    trainee.pull(start + QPoint(3, 0))
    trainee.pull(start + QPoint(43, 0))
    trainee.press("Escape")
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, shown)
    assert not trainee.window.workspace.stack.canRedo()


def test_an_input_can_be_typed_while_it_runs(trainee):
    trainee.press("Space")
    trainee.until(lambda: trainee.trainer.snapshot.update >= 2)
    before = trainee.trainer.snapshot.update
    trainee.click(A)
    trainee.type("3")
    trainee.press("Return")
    assert trainee.trainer.running
    trainee.until(lambda: trainee.trainer.snapshot.update > before)
    trainee.press("Space")
    trainee.learn()
    assert trainee.project.sample.tolist() == [3, 2]
    np.testing.assert_array_equal(trainee.project.parameters, by_hand(trainee.trainer.snapshot.update).parameters)


# -- leaving -----------------------------------------------------------------------------------------------------------


def test_step_mode_pauses_and_shows_the_trained_weights(trainee):
    trainee.press("Space")
    trainee.until(lambda: trainee.trainer.snapshot.update >= 3)
    trainee.press("Ctrl+1")
    trainee.learn()
    np.testing.assert_array_equal(trainee.project.parameters, trainee.trainer.snapshot.parameters)
    trainee.player.seek(20)
    answer = float(trainee.window.workspace.trace().output[0])
    assert trainee.subtitle == f"The network says 2 + 2 = {answer:.2f}.".replace("-", "−")
    trainee.press("Ctrl+2")
    assert trainee.trainer.snapshot.update >= 3


def test_undo_while_it_runs_takes_the_whole_run_back(trainee):
    before = trainee.project
    trainee.press("Space")
    trainee.until(lambda: trainee.trainer.snapshot.update >= 3)
    trainee.press("Ctrl+Z")
    assert trainee.project is before
    assert not trainee.trainer.running
    assert trainee.trainer.snapshot.update == 0
    trainee.press("Ctrl+Y")
    assert trainee.project is not before


def test_redo_after_undo_brings_the_trained_weights_back(trainee):
    for _ in range(3):
        trainee.press("Right")
    trainee.learn()
    trained = trainee.project.parameters
    trainee.press("Ctrl+Z", "Ctrl+Y")
    np.testing.assert_array_equal(trainee.project.parameters, trained)
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, trained)


def test_closing_the_window_while_it_trains_ends_the_thread(trainee, questions):
    questions.answers = [QMessageBox.StandardButton.Discard]
    trainee.press("Space")
    trainee.until(lambda: trainee.trainer.snapshot.update >= 2)
    runner = trainee.trainer._runner
    assert trainee.window.close()
    assert questions.asked == ["Save the changes to “Add two numbers”?"]
    assert runner.state == "closed"


def test_another_document_during_training_asks_about_the_run(trainee, questions):
    questions.answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard]
    trainee.press("Space")
    trainee.until(lambda: trainee.trainer.snapshot.update >= 2)
    assert not trainee.window.open_document("xor")
    assert trainee.project.name == "Add two numbers"
    assert trainee.window.open_document("xor")
    assert trainee.project.name == "XOR"
    assert trainee.page.mode == 0
    trainee.press("Ctrl+2")
    assert trainee.trainer.snapshot.update == 0
    assert trainee.trainer.snapshot.parameters.size == trainee.project.network.parameter_count
    assert not trainee.window.workspace.stack.canUndo()


def test_the_start_page_pauses_the_run(trainee):
    trainee.press("Space")
    trainee.until(lambda: trainee.trainer.snapshot.update >= 2)
    trainee.press("Alt+Home")
    trainee.learn()
    np.testing.assert_array_equal(trainee.project.parameters, trainee.trainer.snapshot.parameters)


@pytest.mark.parametrize("name", ["xor", "circles", "backprop"])
def test_every_example_can_be_trained(learner, name):
    learner.window.open_document(name)
    learner.press("Ctrl+2", "Right")
    learner.learn()
    assert learner.trainer.snapshot.update == 1
    assert learner.subtitle
    assert not learner.window.grab().isNull()


def test_other_settings_say_that_they_begin_another_run(adder):
    adder.press("Ctrl+2", "Right")
    adder.learn()
    options = adder.project.options
    adder.page._on_options_requested(replace(options, batch_size=10), "Batch size")
    assert adder.trainer.snapshot.update == 0
    assert adder.window.toast.text() == "Other settings make another run: back at the same start."


def test_other_first_weights_are_not_called_the_same_start(adder):
    adder.press("Ctrl+2", "Right")
    adder.learn()
    adder.page._on_options_requested(replace(adder.project.options, initializer="zeros"), "First weights")
    assert adder.trainer.snapshot.update == 0
    assert not adder.trainer.snapshot.parameters.any()
    assert adder.window.toast.text() != "Other settings make another run: back at the same start."
    assert adder.subtitle == "All weights are 0. It says 2 + 2 = 0.00. Press play to train."


def test_a_run_that_diverges_offers_a_smaller_rate(adder):
    options = replace(adder.project.options, optimizer=Optimizer("sgd", 100.0))
    adder.page._on_options_requested(options, "Optimizer")
    adder.press("Ctrl+2", "Space")
    adder.learn()
    assert adder.trainer.snapshot.stop is Stop.DIVERGED
    adder.until(lambda: adder.page.trouble.isVisible())
    assert adder.page.trouble.advice.title == "Training stopped"
    assert adder.page.training.field("Learning rate")._trouble
    adder.push(adder.page.trouble.mend)
    adder.learn()
    assert adder.project.options.optimizer.rate < 100.0
    assert adder.trainer.snapshot.update == 0
    adder.until(lambda: not adder.page.trouble.isVisible())
    assert not adder.page.training.field("Learning rate")._trouble


def test_epochs_are_counted_where_one_steps_by_them(adder):
    adder.page._on_options_requested(replace(adder.project.options, batch_size=27), "Batch size")
    adder.press("Ctrl+2", "2", "Right")
    adder.learn()
    assert adder.trainer.snapshot.update == 3
    assert adder.page.transport.scrubber.label() == "Epoch 1 of 1"
    assert "batch loss" in adder.subtitle
    assert adder.page.output.metrics()[0].label == "Loss, all rows"


# -- where a run begins, and what undo makes of it ---------------------------------------------------------------------


def trained(learner: Learner, updates: int = 20) -> np.ndarray:
    """The weights after so many updates."""
    learner.press("Ctrl+2")
    learner.trainer.seek(updates)
    learner.learn()
    return np.array(learner.trainer.snapshot.parameters)


def ticked(learner: Learner) -> Snapshot:
    """The newest snapshot after one tick of the clock."""
    learner.window.clock.advance(0.016)
    return learner.trainer.snapshot


def test_undoing_a_second_training_leaves_the_first(adder):
    first = trained(adder)
    adder.page.set_rate(0.05)
    adder.trainer.seek(40)
    adder.learn()
    adder.press("Ctrl+Z")
    np.testing.assert_array_equal(adder.project.parameters, first)
    np.testing.assert_array_equal(adder.trainer.snapshot.parameters, first)
    assert not adder.trainer.fresh
    assert adder.subtitle.startswith("Training starts from these weights. It says 2 + 2 = ")
    adder.press("Right")
    adder.learn()
    assert np.abs(adder.project.parameters - first).max() < 0.11  # one step of Adam from there


def test_another_seed_asks_for_fresh_weights(adder):
    trained(adder)
    adder.page._on_options_requested(replace(adder.project.options, seed=5), "Seed")
    assert adder.trainer.fresh
    assert adder.subtitle.startswith("Random weights, seed 5. ")
    assert not adder.project.trained


def test_another_optimizer_begins_at_the_very_same_start(adder):
    adder.press("Ctrl+2")
    start = np.array(adder.trainer.snapshot.parameters)
    trained(adder)
    adder.page._on_options_requested(replace(adder.project.options, optimizer=Optimizer("sgd", 0.01)), "Optimizer")
    np.testing.assert_array_equal(adder.trainer.snapshot.parameters, start)
    assert adder.trainer.fresh


def test_other_options_in_mid_run_bring_the_run_home_first(fast):
    fast.press("Ctrl+2", "Space")
    fast.qtbot.waitUntil(lambda: ticked(fast).update > 3)
    fast.page._on_options_requested(replace(fast.project.options, batch_size=9), "Batch size")
    stack = fast.window.workspace.stack
    assert [stack.text(i) for i in range(stack.count())] == ["Training", "Batch size"]


def test_an_edit_in_step_mode_right_after_training_keeps_the_training(adder):
    adder.press("Ctrl+2")
    adder.trainer.seek(20)
    adder.press("Ctrl+1")
    adder.page.set_number(Place("weight", 1, 0, 0), 0.5)
    stack = adder.window.workspace.stack
    assert [stack.text(i) for i in range(stack.count())] == ["Training", "Weight a→c"]


def test_a_saved_training_goes_on_from_its_weights(adder, tmp_path):
    weights = trained(adder)
    path = tmp_path / "trained.vnn"
    native.write(path, adder.project)
    adder.window.workspace.stack.setClean()
    adder.window.open_document(str(path))
    adder.press("Ctrl+2")
    np.testing.assert_array_equal(adder.trainer.snapshot.parameters, weights)
    assert adder.page.training.seed_line() == "Random weights, seed 0"


@pytest.mark.parametrize("batch", [None, 10])
def test_a_saved_training_goes_on_as_if_there_had_been_no_break(adder, tmp_path, batch):
    adder.page._on_options_requested(replace(adder.project.options, batch_size=batch), "Batch size")
    trained(adder)
    update, project = adder.trainer.snapshot.update, adder.project
    path = tmp_path / "trained.vnn"
    native.write(path, adder.project)
    adder.window.workspace.stack.setClean()
    adder.window.open_document(str(path))
    adder.press("Ctrl+2")
    adder.learn()
    assert adder.trainer.snapshot.update == update
    for _ in range(7):
        adder.trainer.step()
    adder.learn()
    straight = Training(project.network, project.data, project.options)
    straight.run(update + 7)
    np.testing.assert_allclose(adder.project.parameters, straight.parameters, rtol=1e-12)
    np.testing.assert_allclose(adder.trainer.snapshot.curve.losses, straight.curve.view(update + 7).losses, rtol=1e-12)
    adder.trainer.seek(2)
    adder.learn()
    straight.seek(2)
    np.testing.assert_allclose(adder.trainer.snapshot.parameters, straight.parameters, rtol=1e-12)


def test_a_saved_training_that_was_edited_begins_at_its_weights(adder, tmp_path):
    trained(adder)
    adder.press("Ctrl+1")
    adder.page.set_number(Place("weight", 1, 0, 0), 0.5)
    path = tmp_path / "edited.vnn"
    native.write(path, adder.project)
    adder.window.workspace.stack.setClean()
    adder.window.open_document(str(path))
    adder.press("Ctrl+2")
    assert adder.trainer.snapshot.update == 0
    assert adder.page.training.seed_line() == "Starts from its own weights"


def test_a_goal_chosen_while_training_counts(fast):
    fast.page._on_options_requested(replace(fast.project.options, goal=None), "Stop at loss")
    fast.press("Ctrl+2", "Space")
    fast.qtbot.waitUntil(lambda: ticked(fast).update > 0)
    fast.page._on_options_requested(replace(fast.project.options, goal=1e30), "Stop at loss")
    fast.qtbot.waitUntil(lambda: ticked(fast).stop is not None)
    assert fast.trainer.snapshot.stop is Stop.GOAL


def test_a_larger_step_back_is_an_epoch(adder):
    adder.page._on_options_requested(replace(adder.project.options, batch_size=27), "Batch size")
    trained(adder, 9)
    adder.press("Shift+Left")
    adder.learn()
    assert adder.trainer.snapshot.update == 6


def test_two_drags_of_the_rate_are_two_undo_steps(adder):
    rate, before = adder.page.training.field("Learning rate"), adder.project.options.optimizer.rate
    for value in (0.2, 0.3):
        rate.edited.emit(value)
        rate.finished.emit()
    stack = adder.window.workspace.stack
    assert [stack.text(i) for i in range(stack.count())] == ["Learning rate", "Learning rate"]
    rate.edited.emit(0.5)
    rate.edited.emit(0.3)
    rate.finished.emit()
    assert stack.count() == 2  # nothing has changed in the end
    adder.press("Ctrl+Z", "Ctrl+Z")
    assert adder.project.options.optimizer.rate == before


# -- parts switched off, other shapes ----------------------------------------------------------------------------------


def goes_on(project: Project, updates: int) -> Training:
    """A run from the weights on the table, without a window."""
    training = Training(project.network, project.data, project.options, project.parameters, mask=project.mask)
    training.run(updates)
    return training


def test_a_silenced_neuron_rests_while_the_others_learn_on(trainee):
    trainee.press("Right")
    trainee.learn()
    learned = trainee.project
    silent = learned.with_silent(1, 1, True).with_cut(0, 0, 2, True)
    off = silent.mask.parameters == 0
    trainee.window.workspace.edit(silent, "Silence")
    assert trainee.trainer.snapshot.update == 0
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, np.where(off, 0.0, learned.parameters))
    trainee.press("Right")
    trainee.learn()
    expected = goes_on(silent, 1).parameters
    np.testing.assert_array_equal(trainee.project.parameters, np.where(off, learned.parameters, expected))
    assert (trainee.project.parameters != learned.parameters)[~off].any()
    assert trainee.project.silent == {(1, 1)}


def test_mending_goes_on_from_the_weights_on_the_table(trainee):
    workspace = trainee.window.workspace
    trainee.press("Right")
    trainee.learn()
    workspace.edit(trainee.project.with_silent(1, 1, True), "Silence")
    trainee.press("Right")
    trainee.learn()
    mended = trainee.project.with_silent(1, 1, False)
    workspace.edit(mended, "Mend")
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, mended.parameters)
    trainee.press("Right")
    trainee.learn()
    np.testing.assert_array_equal(trainee.project.parameters, goes_on(mended, 1).parameters)


def test_resting_twice_with_a_silent_neuron_edits_nothing(trainee):
    workspace = trainee.window.workspace
    trainee.press("Right")
    trainee.learn()
    workspace.edit(trainee.project.with_silent(1, 1, True), "Silence")
    count, project = workspace.stack.count(), trainee.project
    trainee.trainer.adopt()
    assert (workspace.stack.count(), trainee.project) == (count, project)


def test_an_edit_that_switches_nothing_keeps_the_run(trainee):
    for _ in range(2):
        trainee.press("Right")
        trainee.learn()
    trainee.window.workspace.edit(trainee.project.with_silent(1, 1, False), "Nothing")
    assert trainee.trainer.snapshot.update == 2


def test_a_grown_network_learns_on(trainee):
    trainee.press("Right")
    trainee.learn()
    grown = trainee.project.with_units(1, 5)
    trainee.window.workspace.edit(grown, "Grow")
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, grown.parameters)
    trainee.press("Right")
    trainee.learn()
    np.testing.assert_array_equal(trainee.project.parameters, goes_on(grown, 1).parameters)


def test_another_activation_learns_on_from_the_same_weights(trainee):
    trainee.press("Right")
    trainee.learn()
    other = trainee.project.with_activation(1, "tanh")
    trainee.window.workspace.edit(other, "Activation")
    np.testing.assert_array_equal(trainee.trainer.snapshot.parameters, other.parameters)
