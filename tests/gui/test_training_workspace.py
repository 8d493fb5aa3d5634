"""The training workspace as a learner uses it: data, the past, branches, runs, trouble, pads, races."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from tests.gui.conftest import LEFT, Learner
from visualnn.gui.widgets.focus import FocusRing
from visualnn.nn.data import number_pairs
from visualnn.nn.kernels import choose
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.recipes import SOURCES, Recipe
from visualnn.nn.training import Stop, Training
from visualnn.scene.formula import plain
from visualnn.scene.frame import Place


@pytest.fixture
def trainee(learner: Learner) -> Learner:
    """Somebody who trains the spirals."""
    choose.load()
    learner.window.open_document("spirals")
    learner.press("Ctrl+2", "R")
    learner.learn()
    return learner


def advance(learner: Learner, updates: int) -> None:
    """So many updates, as if played."""
    learner.trainer.prepare()
    for _ in range(updates):
        learner.trainer.step()
    learner.learn()


def seek(learner: Learner, update: int) -> None:
    learner.trainer.seek(update)
    learner.learn()


def play_on(learner: Learner, updates: int) -> None:
    """Play, and pause after some updates more."""
    first = learner.trainer.snapshot.update
    learner.press("Space")
    learner.until(lambda: learner.trainer.snapshot.update >= first + updates)
    learner.press("Space")
    learner.learn()


# -- the past ----------------------------------------------------------------------------------------------------------


def test_looking_back_keeps_the_whole_run_in_sight(trainee):
    advance(trainee, 30)
    seek(trainee, 10)
    assert trainee.subtitle.startswith("Looking back at update 10: loss ")
    record = trainee.page.loss.record
    assert record.at == 10
    assert record.own.last == 29
    scrubber = trainee.page.transport.scrubber
    assert (scrubber.value(), scrubber.maximum()) == (10, 30)
    assert trainee.page.transport.play.accessibleName().startswith("Continue from here")


def test_the_map_the_weights_and_the_numbers_are_those_of_the_past(trainee):
    advance(trainee, 30)
    seek(trainee, 10)
    project = trainee.project
    other = Training(project.network, project.data, project.options)
    other.run(10)
    np.testing.assert_array_equal(trainee.project.parameters, other.parameters)
    shown = {metric.label: metric.value for metric in trainee.page.output.metrics()}
    assert shown["Train loss"] == f"{other.full_loss():.3g}"


def test_playing_in_the_past_begins_a_branch(trainee):
    advance(trainee, 30)
    seek(trainee, 10)
    play_on(trainee, 3)
    runs = trainee.page.subpages.all_runs()
    assert [(run.number, run.parent, run.branched_at) for run in runs] == [(1, None, 0), (2, 1, 10)]
    assert runs[0].update == 30
    assert trainee.trainer.snapshot.last == trainee.trainer.snapshot.update


def test_another_rate_in_the_past_begins_a_branch_with_it(trainee):
    advance(trainee, 20)
    seek(trainee, 5)
    trainee.page.set_rate(0.5)
    trainee.learn()
    assert trainee.trainer.snapshot.last == 5
    advance(trainee, 1)
    branch = trainee.page.subpages.all_runs()[-1]
    assert (branch.parent, branch.branched_at) == (1, 5)
    assert branch.rate_changes == ((0, 0.02), (5, 0.5))
    assert [mark.update for mark in trainee.page.loss.record.marks] == [5]


def test_a_click_on_the_curve_travels_there(trainee):
    advance(trainee, 20)
    trainee.page.loss.update_chosen.emit(7)
    trainee.learn()
    assert trainee.trainer.snapshot.update == 7


def test_dragging_the_scrubber_lands_on_moments_that_are_soon_there(trainee):
    advance(trainee, 5)
    trainee.trainer.runs.take(None)
    trainee.trainer.set_speed(float("inf"))
    trainee.page._on_options_requested(replace(trainee.project.options, goal=None), "Stop at loss")
    play_on(trainee, 20_000)
    last = trainee.trainer.snapshot.last
    trainee.page._on_scrubbed(last // 2)
    trainee.learn()
    snapshot = trainee.trainer.snapshot
    assert abs(snapshot.update - last // 2) <= last // 400
    other = Training(trainee.project.network, trainee.project.data, trainee.project.options)
    assert snapshot.curve.losses[0] == pytest.approx(other.loss, rel=1e-12)


# -- runs --------------------------------------------------------------------------------------------------------------


def test_every_run_is_kept_and_counted(trainee):
    advance(trainee, 4)
    trainee.press("R")
    trainee.learn()
    advance(trainee, 6)
    assert [run.update for run in trainee.page.subpages.all_runs()] == [4, 6]
    assert trainee.page.training.runs.label() == "Runs · 2"


def test_a_restored_run_goes_on_as_if_it_had_never_been_left(trainee):
    advance(trainee, 12)
    project = trainee.project
    trainee.page._on_options_requested(replace(project.options, seed=7), "Seed")
    trainee.learn()
    advance(trainee, 3)
    trainee.trainer.restore(1)
    trainee.learn()
    assert trainee.project.options.seed == project.options.seed
    np.testing.assert_array_equal(trainee.project.parameters, project.parameters)
    advance(trainee, 5)
    straight = Training(project.network, project.data, project.options)
    straight.run(17)
    np.testing.assert_allclose(trainee.project.parameters, straight.parameters, rtol=1e-12)
    seek(trainee, 3)
    assert trainee.trainer.snapshot.last == 17


def test_a_restored_run_began_where_it_began(trainee):
    advance(trainee, 4)
    trainee.press("R")
    trainee.learn()
    advance(trainee, 2)
    trainee.trainer.restore(1)
    trainee.learn()
    assert trainee.page.training.seed_line() == "Random weights, seed 129"


def test_what_learned_nothing_is_no_run_and_takes_no_number(trainee):
    advance(trainee, 3)
    for seed in (5, 6, 7):
        trainee.page._on_options_requested(replace(trainee.project.options, seed=seed), "Seed")
        trainee.learn()
    advance(trainee, 2)
    assert [run.number for run in trainee.page.subpages.all_runs()] == [1, 2]


def test_restoring_is_one_step_that_can_be_undone(trainee):
    advance(trainee, 5)
    trainee.press("R")
    trainee.learn()
    advance(trainee, 2)
    before = trainee.project.parameters
    trainee.trainer.restore(1)
    trainee.learn()
    trainee.press("Ctrl+Z")
    np.testing.assert_array_equal(trainee.project.parameters, before)


def test_a_deleted_run_can_be_had_back(trainee):
    advance(trainee, 3)
    trainee.press("R")
    trainee.learn()
    trainee.page.open_subpage("runs")
    view = trainee.page.subpages.page("runs")
    view.deleted.emit(1)
    assert trainee.trainer.runs.get(1) is None
    trainee.window.toast.trigger()
    assert trainee.trainer.runs.get(1) is not None


def test_a_run_can_be_taken_away_as_a_table(trainee, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    advance(trainee, 6)
    path = tmp_path / "run.csv"
    monkeypatch.setattr(trainee.window.documents, "ask_target", lambda *_: path)
    trainee.page.open_subpage("runs")
    trainee.page.subpages.page("runs").export_requested.emit(1)
    trainee.until(path.exists)
    trainee.until(lambda: not trainee.window.exports.exporter.busy)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("update,epoch,loss,train_loss,test_loss")
    losses = [float(line.split(",")[2]) for line in lines[1:]]
    np.testing.assert_array_equal(losses[:6], trainee.trainer.snapshot.whole.losses)


def test_ticked_runs_are_laid_over_the_curve(trainee):
    advance(trainee, 5)
    trainee.press("R")
    trainee.learn()
    advance(trainee, 2)
    trainee.page.open_subpage("runs")
    trainee.page.subpages.page("runs").ticked_changed.emit((1,))
    trainee.page.subpages.close()
    lines = trainee.page.loss.record.lines
    assert [(line.name, line.role) for line in lines][-1] == ("run 1", "other")
    assert lines[-1].last == 5


def test_another_document_begins_without_runs(trainee):
    advance(trainee, 3)
    trainee.window.workspace.stack.setClean()
    trainee.window.open_document("xor")
    assert trainee.page.subpages.all_runs() == ()


# -- pages over the panel ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["runs", "race", "insides", "library"])
def test_a_page_slides_over_the_panel_and_away(trainee, name):
    advance(trainee, 2)
    trainee.page.open_subpage(name)
    view = trainee.page.subpages.page(name)
    assert view.isVisible()
    assert not trainee.page.training.isVisible()
    trainee.page.subpages.close()
    assert trainee.page.training.isVisible()
    trainee.page.open_subpage(name)
    trainee.press("Ctrl+1")
    assert trainee.page.inspector.isVisible()
    trainee.page.rest()


def test_the_links_open_the_pages(trainee):
    trainee.push(trainee.page.training.runs)
    assert trainee.page.subpages.name == "runs"


def test_a_racers_weights_can_be_kept(trainee):
    trainee.page.open_subpage("race")
    race = trainee.page.subpages._race.race
    race.step(20)
    trainee.until(lambda: race.update == 20 and all(lane.update == 20 for lane in race.lanes))
    lane = race.lanes[1]
    trainee.page.subpages.page("race").adopt_requested.emit(1)
    np.testing.assert_array_equal(trainee.project.parameters, lane.parameters)
    assert trainee.project.options.optimizer == lane.options.optimizer
    trainee.page.rest()


def test_the_lines_of_pytorch_are_those_of_the_settings(trainee):
    trainee.page.open_subpage("library")
    text = trainee.page.subpages.page("library").code.toPlainText()
    assert "torch.optim.Adam" in text
    assert "lr=0.02" in text
    assert "goes on from a trained net" not in text


# -- data --------------------------------------------------------------------------------------------------------------


def test_d_opens_the_data_and_closes_them(trainee):
    trainee.press("D")
    assert trainee.page.data.isVisible()
    trainee.press("D")
    assert not trainee.page.data.isVisible()


def test_other_data_fit_the_ends_of_the_network_and_can_be_undone(trainee):
    before = trainee.project
    trainee.page.desk._on_recipe_requested(Recipe("pairs"))
    trainee.learn()
    project = trainee.project
    assert project.data.name == "pairs"
    assert project.network.sizes == before.network.sizes
    assert (project.network.activations[-1], project.options.loss) == ("linear", "mse")
    trainee.press("Ctrl+Z")
    assert trainee.project.data is before.data
    assert trainee.project.network == before.network


def test_of_many_rows_an_update_uses_some(trainee):
    trainee.page.desk._on_recipe_requested(Recipe("spirals", rows=1000))
    assert trainee.project.options.batch_size == 32
    assert not trainee.project.trained


def test_dragging_the_noise_is_one_undo_step(trainee):
    before = trainee.window.workspace.stack.count()
    for noise in (0.03, 0.05, 0.08):
        trainee.page.data.recipe_scrubbed.emit(Recipe("spirals", noise=noise, test_share=0.3))
    trainee.page.data.scrub_finished.emit()
    assert trainee.window.workspace.stack.count() == before + 1
    assert trainee.project.data.recipe.noise == 0.08


def test_a_row_held_back_comes_onto_the_stage_with_its_answer(trainee):
    data = trainee.project.data
    trainee.page.desk.show_row(data.rows + 4)
    np.testing.assert_array_equal(trainee.project.sample, data.test_inputs[4])
    np.testing.assert_array_equal(trainee.project.answer, data.test_targets[4])


def test_a_table_that_is_dropped_becomes_the_data(trainee, tmp_path: Path):
    path = tmp_path / "flats.csv"
    rows = [f"{40 + 3 * k};{1 + k % 4};{(40 + 3 * k) * 2 + (k % 4) * 10},5" for k in range(30)]
    path.write_text("\n".join(["area;rooms;price", *rows]), encoding="utf-8")
    drop(trainee, path)
    view = trainee.page.data
    trainee.until(lambda: view.file.use.isVisible())
    trainee.push(view.file.use)
    trainee.until(lambda: trainee.project.data.input_names == ("area", "rooms"))
    assert trainee.project.network.inputs == 2
    assert trainee.project.data.rows + trainee.project.data.tests == 30


def drop(learner: Learner, path: Path) -> None:
    """What the window system sends when a file is let go over the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    middle = QPointF(learner.window.rect().center())
    held = Qt.KeyboardModifier.NoModifier
    learner.window.dropEvent(QDropEvent(middle, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, held))


# -- trouble -----------------------------------------------------------------------------------------------------------


def deadly(rate: float = 0.1) -> Options:
    """Two steps at this rate switch all hidden neurons of the adder off, on the pairs from 1 to 5."""
    return Options(Optimizer("sgd", rate), "mse", seed=11)


@pytest.fixture
def stuck(learner: Learner) -> Learner:
    """Somebody whose rate was too large."""
    choose.load()
    learner.window.open_document("adder")
    learner.press("Ctrl+2")
    learner.page._on_options_requested(deadly(), "Optimizer")
    learner.page.desk._on_dataset_requested(number_pairs(1, 5))
    learner.press("R")
    learner.learn()
    learner.trainer.set_speed(float("inf"))
    advance(learner, 200)  # of a run that goes on for long only every second update, or fewer, is remembered
    learner.until(lambda: learner.page.trouble.isVisible())
    return learner


def test_a_run_that_is_stuck_says_why_in_its_own_numbers(stuck):
    advice = stuck.page.trouble.advice
    assert advice.title == "Training is stuck"
    losses = stuck.trainer.snapshot.whole.losses
    assert "1,025" in plain(advice.cause)
    assert losses[1] == pytest.approx(1025.4, abs=0.1)
    assert stuck.subtitle == "Stuck: all three hidden neurons give 0 for every row."
    assert stuck.page.stage.content.blamed == {(1, 0), (1, 1), (1, 2)}
    output = stuck.page.output
    assert output.head.button.isVisible()
    assert not output.picture.isVisible()
    assert output.maximumHeight() == output.head.height()


def test_the_button_mends_it(stuck):
    stuck.push(stuck.page.trouble.mend)
    stuck.learn()
    assert stuck.project.options.optimizer.rate == 0.01
    assert stuck.trainer.snapshot.update == 0
    stuck.until(lambda: not stuck.page.trouble.isVisible())
    stuck.trainer.step()
    play_on(stuck, 2000)
    assert stuck.trainer.snapshot.loss < 1e-4
    assert not stuck.page.trouble.isVisible()


def test_a_dismissed_card_does_not_come_back(stuck):
    stuck.push(stuck.page.trouble.close_button)
    assert stuck.page.output.picture.isVisible()
    play_on(stuck, 200)
    stuck.page.finish()
    assert not stuck.page.trouble.isVisible()


def test_who_mends_by_key_goes_on_at_the_stage(stuck):
    stuck.page.trouble.mend.setFocus(Qt.FocusReason.TabFocusReason)
    stuck.press("Space")
    stuck.until(lambda: not stuck.page.trouble.isVisible())
    assert stuck.window.focusWidget() is stuck.stage


def test_looking_back_takes_the_card_away(stuck):
    seek(stuck, 1)
    assert not stuck.page.trouble.isVisible()


# -- stops -------------------------------------------------------------------------------------------------------------


def test_a_run_stops_after_the_epochs_that_were_asked_for(trainee):
    trainee.trainer.set_speed(float("inf"))
    trainee.page._on_options_requested(replace(trainee.project.options, goal=None, epochs=25), "Stop after")
    trainee.press("Space")
    trainee.learn()
    assert trainee.trainer.snapshot.epoch == 25
    trainee.press("Space")  # who plays on wants to see what comes then
    trainee.until(lambda: trainee.trainer.snapshot.epoch > 25)
    trainee.press("Space")
    trainee.learn()


def test_a_run_that_stops_early_says_so(trainee):
    trainee.trainer.set_speed(float("inf"))
    options = replace(trainee.project.options, goal=None, patience=5, optimizer=Optimizer("sgd", 3.0))
    trainee.page._on_options_requested(options, "Stop early")
    trainee.press("Space")
    trainee.learn()
    assert trainee.trainer.snapshot.stop is Stop.EARLY
    assert trainee.subtitle.startswith("The test loss got no better")


# -- pads --------------------------------------------------------------------------------------------------------------


def test_the_network_reads_while_one_draws(learner):
    learner.window.open_document("digits")
    pad = learner.page.step_reader.pad
    assert pad.isVisible()
    assert not learner.page.inspector.isVisible()
    surface = pad.surface
    before = learner.window.workspace.stack.count()
    points = [(0.5, 0.15), (0.5, 0.5), (0.5, 0.85)]
    at = [QPoint(round(x * surface.width()), round(y * surface.height())) for x, y in points]
    learner.qtbot.mousePress(surface, LEFT, pos=at[0])
    for point in at[1:]:
        learner.pull(point, widget=surface)
    learner.qtbot.mouseRelease(surface, LEFT, pos=at[-1])
    learner.qtbot.waitUntil(lambda: pad._sent is not None)
    np.testing.assert_array_equal(learner.project.sample, pad._sent)
    assert learner.window.workspace.stack.count() == before + 1
    assert pad.found[0].name in "0123456789"


def test_a_chosen_neuron_brings_the_inspector_back(learner):
    learner.window.open_document("digits")
    learner.page.select(Place("neuron", 2, 0))
    assert learner.page.inspector.isVisible()
    assert not learner.page.step_reader.isVisible()
    learner.press("Esc")
    assert learner.page.step_reader.isVisible()


def test_the_pad_is_there_while_it_trains_too(learner):
    learner.window.open_document("digits")
    learner.press("Ctrl+2")
    assert learner.page.output.isVisible()
    learner.page.sights._choice.chosen.emit(1)
    assert learner.page.train_reader.pad.isVisible()
    assert not learner.page.output.isVisible()


def test_code_stands_below_a_pad_only_where_the_window_is_high(learner):
    learner.window.open_document("digits")
    learner.window.resize(1280, 800)
    assert not learner.page.python.isVisible()
    learner.qtbot.waitUntil(lambda: learner.page.step_reader.height() <= learner.page.panel.height())
    learner.page.select(Place("neuron", 2, 0))
    assert learner.page.python.isVisible()
    learner.page.select(None)
    assert not learner.page.python.isVisible()
    learner.window.resize(1280, 950)
    assert learner.page.python.isVisible()


@pytest.mark.parametrize("name", ["reviews", "cats_dogs"])
@pytest.mark.parametrize("by_hand", [False, True])
def test_all_of_the_panel_is_seen_in_the_first_window(learner, name, by_hand):
    learner.window.resize(1280, 800)
    learner.window.open_document("spirals")
    learner.press("Ctrl+2")
    learner.page.desk._on_recipe_requested(SOURCES[name].recipe)
    learner.page.sights._on_chosen(int(by_hand))
    learner.page.finish()
    panel, training = learner.page.panel, learner.page.training
    learner.qtbot.waitUntil(lambda: training.mapTo(panel, training.rect().bottomLeft()).y() < panel.height())


def test_the_focus_goes_to_the_stage_from_what_hides(learner):
    learner.window.open_document("digits")
    learner.press("Ctrl+2")
    learner.page.training.runs.setFocus(Qt.FocusReason.TabFocusReason)
    learner.press("Ctrl+1")
    assert learner.window.focusWidget() is learner.stage
    assert not learner.page.top_bar.findChildren(FocusRing)


@pytest.mark.parametrize("name", ["runs", "race", "insides", "library"])
def test_esc_closes_a_page_over_the_panel(trainee, name):
    trainee.page.open_subpage(name)
    trainee.press("Esc")  # on the page
    assert not trainee.page.subpages.name
    trainee.page.open_subpage(name)
    trainee.stage.setFocus()
    trainee.press("Esc")
    assert not trainee.page.subpages.name
    assert trainee.window.focusWidget() is trainee.stage


def test_esc_closes_the_data(trainee):
    trainee.press("D")
    assert trainee.page.desk.is_open
    trainee.press("Esc")
    assert not trainee.page.desk.is_open
