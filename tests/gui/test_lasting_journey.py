"""A training that is saved and opened again is the same training: its runs, its past, and all that is still to come."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from visualnn.cli import main
from visualnn.files import native
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.schedule import Schedule
from visualnn.nn.training import Training


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lasting.vnn"


def train(learner, updates: int) -> None:
    learner.trainer.prepare()
    for _ in range(updates):
        learner.trainer.step()
    learner.learn()


def options(learner, **changes) -> None:
    learner.page.editor.set_options(replace(learner.window.workspace.project.options, **changes), "Options")


def save(learner, path: Path) -> None:
    assert learner.window.documents._write(path)
    learner.window.documents.settle()
    assert not learner.window.workspace.dirty


def reopen(learner, path: Path) -> None:
    """Leave what is not saved, look at something else, and come back."""
    learner.window.workspace.stack.setClean()
    learner.window.open_document("xor")
    learner.window.open_document(str(path))
    learner.learn()


@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam", "nadam", "lion"])
@pytest.mark.parametrize("batch_size", [None, 7])
def test_a_training_goes_on_as_if_it_had_never_been_saved(adder, path, rule, batch_size):
    schedule = Schedule("plateau", gamma=0.5, patience=3, warmup=5)
    adder.page.set_mode(1)
    options(adder, optimizer=Optimizer(rule, 0.01), batch_size=batch_size, schedule=schedule)
    train(adder, 20)
    save(adder, path)
    train(adder, 15)
    whole = adder.trainer.snapshot

    reopen(adder, path)
    train(adder, 15)
    again = adder.trainer.snapshot
    assert again.update == whole.update == 35
    assert again.parameters.tobytes() == whole.parameters.tobytes()
    assert again.whole.losses.tobytes() == whole.whole.losses.tobytes()


@pytest.mark.parametrize(("rule", "batch_size"), [("sgd", None), ("momentum", 7), ("adam", 7), ("nadam", None)])
def test_a_training_that_is_saved_while_it_goes_on_does_so_and_goes_on_again(adder, path, rule, batch_size):
    schedule = Schedule("plateau", gamma=0.5, patience=3, warmup=5)
    adder.page.set_mode(1)
    options(adder, optimizer=Optimizer(rule, 0.01), batch_size=batch_size, schedule=schedule)
    adder.trainer.play()
    adder.until(lambda: adder.trainer.snapshot.update >= 5)
    assert adder.window.documents._write(path)
    adder.window.documents.settle()
    assert adder.trainer.running
    assert adder.window.workspace.dirty  # it has come further meanwhile
    work = native.read_work(path)
    update = work.runs[-1].update
    assert (work.number, work.project.name) == (1, "lasting")
    assert update >= 5
    adder.until(lambda: adder.trainer.snapshot.update > update + 5)
    adder.trainer.pause_now()
    far = adder.trainer.snapshot
    adder.trainer.seek(update)
    adder.learn()
    assert work.project.parameters.tobytes() == adder.trainer.snapshot.parameters.tobytes()

    reopen(adder, path)
    assert not adder.window.workspace.dirty
    assert adder.trainer.snapshot.update == update
    train(adder, far.update - update)
    again = adder.trainer.snapshot
    assert again.update == far.update
    assert again.parameters.tobytes() == far.parameters.tobytes()
    assert again.whole.losses.tobytes() == far.whole.losses.tobytes()


def test_what_was_saved_while_training_went_on_is_not_what_undo_comes_back_to(adder, path):
    adder.page.set_mode(1)
    save(adder, path)
    before = adder.window.workspace.project.parameters
    adder.trainer.play()
    adder.until(lambda: adder.trainer.snapshot.update >= 2)
    adder.press("Ctrl+S")
    assert adder.window.toast.text() == "Saved as lasting.vnn."
    adder.press("Ctrl+Z")
    assert adder.window.workspace.project.parameters.tobytes() == before.tobytes()
    assert adder.window.workspace.dirty
    save(adder, path)
    assert native.read(path).parameters.tobytes() == before.tobytes()


def test_the_past_of_a_run_can_be_seen_again(adder, path):
    adder.page.set_mode(1)
    train(adder, 30)
    adder.trainer.seek(11)
    adder.learn()
    then = adder.trainer.snapshot.parameters.copy()
    adder.trainer.seek(30)
    adder.learn()
    save(adder, path)
    reopen(adder, path)
    assert adder.page.mode == 1
    assert adder.trainer.snapshot.last == 30
    adder.trainer.seek(11)
    adder.learn()
    assert adder.trainer.snapshot.parameters.tobytes() == then.tobytes()


def test_all_runs_are_there_again_with_their_names(adder, path):
    adder.page.set_mode(1)
    train(adder, 12)
    adder.trainer.rename(adder.trainer.number, "the first")
    adder.trainer.same_start()
    adder.learn()
    train(adder, 8)
    save(adder, path)
    before = [adder.trainer.runs.get(1), adder.trainer.current()]
    reopen(adder, path)
    after = adder.trainer.runs.all
    assert after[0].name == "the first"
    assert [run.number for run in after] == [run.number for run in before] == [1, 2]
    assert [run.update for run in after] == [12, 8]
    for kept, again in zip(before, after, strict=True):
        assert kept.curve.losses.tobytes() == again.curve.losses.tobytes()
        assert kept.parameters.tobytes() == again.parameters.tobytes()
    adder.trainer.restore(1)
    adder.learn()
    assert adder.trainer.snapshot.last == 12
    train(adder, 1)
    assert adder.trainer.snapshot.last == 13


def test_a_run_that_was_renamed_is_a_change(adder, path):
    adder.page.set_mode(1)
    train(adder, 5)
    save(adder, path)
    adder.trainer.rename(adder.trainer.number, "mine")
    assert adder.window.workspace.dirty
    save(adder, path)
    assert [run.name for run in native.read_work(path).runs] == ["mine"]


def test_weights_that_were_edited_since_begin_a_run_of_their_own(adder, path):
    adder.page.set_mode(1)
    train(adder, 5)
    project = adder.window.workspace.project
    adder.window.workspace.edit(project.with_parameter(0, 0.5), "Edit")
    save(adder, path)
    work = native.read_work(path)
    assert work.number == 0
    assert len(work.runs) == 1
    reopen(adder, path)
    train(adder, 1)
    assert adder.trainer.snapshot.last == 1
    assert adder.trainer.start[0] == 0.5
    assert adder.trainer.number == 2


def test_it_is_looked_at_as_it_was_left(adder, path):
    adder.page.player.seek(7)
    adder.page.select_named("d")
    save(adder, path)
    reopen(adder, path)
    assert (adder.page.mode, adder.page.player.t) == (0, 7.0)
    assert adder.stage.selected is not None
    assert adder.page.view.selected == "d"


def test_notes_that_were_left_by_mistake_can_be_kept_after_all(qtbot, adder):
    adder.window.sheets.open_notes()
    qtbot.keyClicks(adder.window.sheets.notes.field, "Two neurons are enough.")
    qtbot.keyClick(adder.window.sheets.notes.field, Qt.Key.Key_Escape)
    assert adder.window.workspace.project.notes == ""
    adder.window.toast.trigger()
    assert adder.window.workspace.project.notes == "Two neurons are enough."


def test_notes_are_saved(qtbot, adder, path):
    adder.window.sheets.open_notes()
    qtbot.keyClicks(adder.window.sheets.notes.field, "Two neurons are enough.")
    adder.window.sheets.notes.accept()
    assert adder.window.workspace.dirty
    save(adder, path)
    assert native.read(path).notes == "Two neurons are enough."
    adder.press("Ctrl+Z")
    assert adder.window.workspace.project.notes == ""
    assert adder.window.workspace.project.name == "lasting"
    assert adder.window.toast.text() == "Undone: Notes."


def test_a_diverged_run_is_saved_with_the_others(adder, path):
    adder.page.set_mode(1)
    train(adder, 4)
    options(adder, optimizer=Optimizer("sgd", 1e150))
    for _ in range(3):
        adder.trainer.step()
        adder.learn()
    save(adder, path)
    work = native.read_work(path)
    assert work.runs[0].update == 4
    assert np.isfinite(work.project.parameters).all()


@pytest.mark.parametrize(
    "refined", [[], ["--batch", "9", "--rate", "0.01", "--schedule", "plateau", "--optimizer", "momentum"]]
)
def test_a_training_without_a_window_goes_on_in_one(adder, path, refined, capsys):
    assert main(["train", "adder", "--epochs", "30", *refined, "--out", str(path)]) == 0
    assert "saved as" in capsys.readouterr().out
    saved = native.read_work(path)
    reopen(adder, path)
    adder.page.set_mode(1)
    adder.learn()
    assert adder.trainer.number == saved.number == 1
    assert adder.trainer.snapshot.last == saved.runs[0].update
    train(adder, 10)

    again = Training(saved.project.network, saved.project.data, saved.project.options)
    again.run(saved.runs[0].update + 10)
    assert adder.trainer.snapshot.parameters.tobytes() == again.parameters.tobytes()
    adder.trainer.seek(11)
    adder.learn()
    assert adder.trainer.snapshot.update == 11
