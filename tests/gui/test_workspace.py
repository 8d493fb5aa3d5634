"""The one mutable object: swaps that can be undone, joined by gesture, and taken back when a gesture is broken off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from visualnn.files import examples
from visualnn.gui.workspace import Workspace
from visualnn.nn.order import rows_of
from visualnn.nn.passes import predict
from visualnn.nn.training import Training
from visualnn.project import frozen


@pytest.fixture
def workspace(qapp):
    """The adder on the table."""
    workspace = Workspace()
    workspace.open(examples.load("adder"))
    yield workspace
    workspace.deleteLater()


def changed(workspace: Workspace, value: float):
    return workspace.project.with_parameter(0, value)


def test_an_empty_table(qapp):
    workspace = Workspace()
    assert workspace.project is None
    assert not workspace.dirty
    with pytest.raises(RuntimeError):
        workspace.trace()
    with pytest.raises(RuntimeError):
        workspace.edit(examples.load("adder"), "Nothing")
    workspace.deleteLater()


def test_an_edit_is_told_with_the_project_before(workspace):
    heard = []
    workspace.project_changed.connect(lambda *both: heard.append(both))
    before, after = workspace.project, changed(workspace, 1.0)
    workspace.edit(after, "Weight")
    assert heard == [(after, before)]
    workspace.stack.undo()
    assert heard[1:] == [(before, after)]
    assert workspace.stack.redoText() == "Weight"


def test_showing_the_same_project_is_no_news(workspace):
    heard = []
    workspace.project_changed.connect(lambda *both: heard.append(both))
    workspace.show(workspace.project)
    assert heard == []


def test_opening_forgets_the_past(workspace):
    workspace.edit(changed(workspace, 1.0), "Weight")
    heard = []
    workspace.project_changed.connect(lambda *both: heard.append(both))
    project = examples.load("xor")
    workspace.open(project, Path("xor.vnn"))
    assert heard == [(project, None)]
    assert not workspace.stack.canUndo()
    assert not workspace.dirty
    assert workspace.path == Path("xor.vnn")


def test_closing_leaves_nothing(workspace):
    workspace.edit(changed(workspace, 1.0), "Weight")
    workspace.close()
    assert (workspace.project, workspace.path, workspace.dirty) == (None, None, False)


def test_edits_of_one_gesture_are_one_step(workspace):
    before = workspace.project
    for value in (1.0, 2.0, 3.0):
        workspace.edit(changed(workspace, value), "Weight", "drag")
    assert workspace.stack.count() == 1
    assert workspace.project.parameters[0] == 3.0
    workspace.stack.undo()
    assert workspace.project is before
    workspace.stack.redo()
    assert workspace.project.parameters[0] == 3.0


def test_edits_without_a_gesture_are_steps_of_their_own(workspace):
    for value in (1.0, 2.0):
        workspace.edit(changed(workspace, value), "Weight")
    assert workspace.stack.count() == 2
    assert workspace.gesture() != workspace.gesture()


def test_cancel_takes_back_its_gesture_and_nothing_else(workspace):
    workspace.edit(changed(workspace, 1.0), "Weight")
    kept = workspace.project
    for value in (2.0, 3.0):
        workspace.edit(changed(workspace, value), "Weight", "drag")
    workspace.cancel("another")
    assert workspace.project.parameters[0] == 3.0
    workspace.cancel("drag")
    assert workspace.project is kept
    assert workspace.stack.count() == 1
    workspace.cancel("drag")
    assert workspace.project is kept


def test_cancel_on_an_empty_stack(workspace):
    before = workspace.project
    workspace.cancel("drag")
    assert workspace.project is before


def test_cancel_gives_back_what_was_saved(workspace):
    workspace.saved(Path("mine.vnn"))
    workspace.edit(changed(workspace, 1.0), "Weight", "drag")
    assert workspace.dirty
    workspace.cancel("drag")
    assert not workspace.dirty


def test_what_was_saved_is_clean(workspace):
    heard = []
    workspace.document_changed.connect(lambda: heard.append(workspace.dirty))
    workspace.edit(changed(workspace, 1.0), "Weight")
    workspace.saved(Path("mine.vnn"))
    workspace.stack.undo()
    workspace.stack.redo()
    assert heard[0] is True
    assert heard[-1] is False
    assert not workspace.dirty


def test_the_trace_is_made_once_a_project(workspace):
    first = workspace.trace()
    assert workspace.trace() is first
    workspace.edit(changed(workspace, 1.0), "Weight")
    assert workspace.trace() is not first
    project = workspace.project
    np.testing.assert_array_equal(
        workspace.trace().output, predict(project.network, project.parameters, project.sample)
    )


def test_without_an_answer_the_trace_ends_after_the_forward_pass(qapp):
    workspace = Workspace()
    unknown = frozen(np.array([0.123, 0.456]))
    workspace.open(replace(examples.load("circles"), sample=unknown))
    assert workspace.trace().target is None
    assert workspace.trace().updated is None
    workspace.edit(workspace.project.with_target(np.array([1.0])), "Target")
    assert workspace.trace().updated is not None
    workspace.deleteLater()


def test_an_input_that_the_data_do_not_know_keeps_its_answer(qapp):
    workspace = Workspace()
    workspace.open(examples.load("circles"))
    answer = workspace.trace().target
    workspace.edit(workspace.project.with_sample(np.array([0.123, 0.456])), "Input")
    assert workspace.trace().target.tolist() == answer.tolist()
    workspace.deleteLater()


def test_a_typed_target_holds_until_another_row_is_followed(workspace):
    workspace.edit(workspace.project.with_target(np.array([7.0])), "Target")
    workspace.edit(workspace.project.with_sample(np.array([1.0, 2.0])), "Input")
    assert workspace.trace().target.tolist() == [7.0]
    workspace.edit(workspace.project.without_target(), "Target")
    assert workspace.trace().target.tolist() == [3.0]
    workspace.stack.undo()
    workspace.edit(workspace.project.next_row(1), "Row")
    assert workspace.trace().target.tolist() == [workspace.project.sample.sum()]


def test_a_batch_is_that_of_the_trainings_next_update(workspace):
    options = replace(workspace.project.options, batch_size=8)
    workspace.edit(workspace.project.with_options(options), "Batch size")
    workspace.edit(workspace.project.with_batch(8), "Rows")
    project, seen = workspace.project, workspace.trace()
    assert len(seen.batch.inputs) == 8
    training = Training(project.network, project.data, options, project.parameters)
    training.run(1)
    np.testing.assert_allclose(seen.updated, training.parameters, rtol=1e-9)
    np.testing.assert_allclose(seen.mean_loss, training.curve.view(1).losses[0], rtol=1e-12)


def test_a_row_of_the_batch_can_be_singled_out_and_edited(workspace):
    workspace.edit(workspace.project.with_batch(4), "Rows")
    before = workspace.trace()
    workspace.edit(workspace.project.singled_out(2), "Row")
    seen = workspace.trace()
    assert seen.batch.row == 2
    assert seen.x.tolist() == before.batch.inputs[2].tolist()
    assert seen.mean_loss == before.mean_loss
    workspace.edit(workspace.project.with_sample(np.array([0.5, 0.5])), "Input")
    edited = workspace.trace()
    assert (edited.batch.row, edited.x.tolist(), edited.target.tolist()) == (2, [0.5, 0.5], [1.0])
    assert edited.mean_loss != before.mean_loss
    workspace.stack.undo()
    workspace.stack.undo()
    assert workspace.trace().batch.row == before.batch.row
    workspace.stack.undo()
    assert workspace.trace().batch is None


def test_the_rows_of_the_data_follow_each_other(workspace):
    data = workspace.project.data
    workspace.edit(workspace.project.with_sample(np.array([0.5, 0.5])), "Input")
    seen = []
    for by in (1, 1, -1, -1):
        workspace.edit(workspace.project.next_row(by), "Row")
        seen.append(workspace.project.sample.tolist())
    assert seen == data.inputs[[0, 1, 0, -1]].tolist()


def test_after_an_update_other_rows_follow_and_undo_brings_back_the_first(workspace):
    workspace.edit(workspace.project.with_batch(4), "Rows")
    first, project = workspace.trace(), workspace.project
    workspace.edit(project.with_update(first.updated, first.memory_after), "Update 1")
    second = workspace.trace()
    rows = project.data.inputs[rows_of(project.data.rows, 4, project.options.seed, 1)]
    assert second.batch.inputs.tolist() == rows.tolist()
    assert (second.update, second.x.tolist()) == (2, rows[second.batch.row].tolist())
    workspace.stack.undo()
    assert workspace.trace().batch.inputs.tolist() == first.batch.inputs.tolist()
    workspace.stack.undo()
    assert workspace.trace().batch is None


def test_another_seed_or_new_weights_begin_a_new_series_of_updates(workspace):
    project, seen = workspace.project.with_batch(4), workspace.trace()
    project = project.with_update(seen.updated, seen.memory_after)
    reseeded = project.with_options(replace(project.options, seed=5))
    assert (reseeded.updates, reseeded.memory, reseeded.batch) == (0, None, 0)
    redrawn = project.with_fresh_layer(1, "he_normal")
    assert (redrawn.updates, redrawn.memory) == (0, None)
