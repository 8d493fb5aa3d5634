"""A learner who does anything in any order: nothing raises, undo is exact, and every answer is the true one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QMessageBox

from visualnn.files import examples
from visualnn.gui import edits, trainer
from visualnn.gui.clock import FrameClock
from visualnn.gui.main_window import MainWindow
from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS, activate, losses_for
from visualnn.nn.training import Training
from visualnn.project import Project
from visualnn.scene.frame import Place
from visualnn.settings import Settings

NUMBERS = st.floats(-1e3, 1e3).map(lambda v: round(v, 3))
FRAME_S = 0.1
MOST_UNITS, MOST_COLUMNS = 9, 5  # of a network that is shaped


def reference(project: Project, x: np.ndarray) -> np.ndarray:
    """The network's answer by matrices, as a textbook computes it; what is switched off counts as 0."""
    network, columns = project.network, [heard(project, 0, x)]
    layers = zip(network.views(joined(project)), network.activations, network.shortcuts[1:], strict=True)
    for column, ((w, b), activation, source) in enumerate(layers, start=1):
        a = activate(activation, columns[-1] @ w + b)
        columns.append(heard(project, column, a if source is None else a + columns[source]))
    return columns[-1]


def heard(project: Project, column: int, values: np.ndarray) -> np.ndarray:
    """What a column passes on, without its silent neurons."""
    kept = np.array(values)
    kept[[neuron for where, neuron in project.silent if where == column]] = 0.0
    return kept


def joined(project: Project) -> np.ndarray:
    """The parameters without the connections that are cut."""
    kept = np.array(project.parameters)
    kept[[project.network.weight_index(*link) for link in project.cut]] = 0.0
    return kept


def alike(project: Project, one: np.ndarray, other: np.ndarray) -> None:
    """The same weights and biases, but for what is switched off."""
    works = slice(None) if project.mask is None else project.mask.parameters == 1.0
    np.testing.assert_array_equal(one[works], other[works])


class Journey(RuleBasedStateMachine):
    """The window beside a model of it: the projects that undo and redo lead to."""

    @initialize(name=st.sampled_from(examples.IDS))
    def open_window(self, name: str) -> None:
        self.folder = TemporaryDirectory()
        self.window = MainWindow(Settings(theme="dark", reduced_motion="on"), remember=False)
        self.page, self.workspace = self.window.page, self.window.workspace
        self.window.show()
        self.open_example(name)

    def teardown(self) -> None:
        if hasattr(self, "window"):
            self.page.rest()
            self.workspace.stack.setClean()
            self.window.close()
            self.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            self.folder.cleanup()

    def small(self) -> bool:
        """Whether it may grow a little, and stay quick."""
        network = self.workspace.project.network
        return max(network.sizes) <= MOST_UNITS and len(network.sizes) <= MOST_COLUMNS

    def column(self, data: st.DataObject, first: int, beyond: int) -> int:
        """A column from the first one, up to so many before the end."""
        return data.draw(st.integers(first, len(self.workspace.project.network.sizes) - 1 - beyond))

    def reshape(self, edit: edits.Edit) -> Project:
        """Ask for another shape as the stage does; what it was before."""
        before = self.workspace.project
        self.edit(lambda: self.page.editor.apply(edit))
        self.learn()
        return before

    # -- the model -------------------------------------------------------------------------------------------------

    def forget(self) -> None:
        """After opening: the only project there is."""
        self.past, self.future = [self.workspace.project], []

    def edit(self, act: Callable[[], object]) -> None:
        """Do something that is one edit at most."""
        before, index = self.workspace.project, self.workspace.stack.index()
        act()
        if self.workspace.project is before:
            return
        added = self.workspace.stack.index() - index
        assert added in (0, 1, 2)  # two: a run comes home before one of its weights is changed
        if added == 2:
            self.past.append(self.workspace.stack.command(index).after)
        if added:
            self.past.append(self.workspace.project)
        else:
            self.past[-1] = self.workspace.project
        self.future = []

    def learn(self) -> None:
        """Let the training thread finish, and the window hear of it."""
        self.page.trainer.settle_now()

    # -- what can be done ------------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(examples.IDS))
    def open_example(self, name: str) -> None:
        assert self.window.open_document(name)
        self.forget()
        assert self.page.mode == 0
        assert self.page.player.t == 0

    @rule(data=st.data(), value=NUMBERS)
    def edit_a_number(self, data: st.DataObject, value: float) -> None:
        sizes = self.workspace.project.network.sizes
        column = data.draw(st.integers(0, len(sizes) - 1))
        neuron = data.draw(st.integers(0, sizes[column] - 1))
        kind = data.draw(st.sampled_from(("weight", "bias"))) if column else "neuron"
        source = data.draw(st.integers(0, sizes[column - 1] - 1)) if kind == "weight" else None
        place = Place(kind, column, neuron, source)
        self.edit(lambda: self.page.set_number(place, value))

    @rule(value=NUMBERS)
    def break_a_drag_off(self, value: float) -> None:
        if self.page.mode == 1:
            self.page.set_mode(0)
            self.learn_into_model()
        before, future = self.workspace.project, self.workspace.stack.canRedo()
        gesture = object()
        for number in (value, value + 1):
            self.page.set_number(Place("bias", 1, 0), number, gesture)
        self.workspace.cancel(gesture)
        assert self.workspace.project is before
        if self.workspace.stack.canRedo() != future:
            self.future = []

    @rule()
    def undo(self) -> None:
        self.learn_into_model()
        if self.workspace.stack.canUndo():
            self.future.append(self.past.pop())
        self.window.undo()

    @rule()
    def redo(self) -> None:
        self.learn_into_model()
        if self.workspace.stack.canRedo():
            self.past.append(self.future.pop())
        self.window.redo()

    @rule(larger=st.booleans(), back=st.booleans())
    def step(self, larger: bool, back: bool) -> None:
        def act() -> None:
            (self.page.step_back if back else self.page.step)(int(larger))
            self.learn()

        self.edit(act)

    @precondition(lambda self: self.page.mode == 0)
    @rule(share=st.floats(0, 1))
    def scrub(self, share: float) -> None:
        length = self.page.player.length
        self.page.transport.scrubber.scrub_to(round(share * length))
        assert self.page.player.t == round(share * length) or length == 0

    @precondition(lambda self: self.page.mode == 0)
    @rule(seconds=st.floats(0, 5))
    def play(self, seconds: float) -> None:
        self.page.player.play()
        for _ in range(int(seconds / FRAME_S)):
            self.window.clock.advance(FRAME_S)
        self.page.player.pause()

    @rule()
    def switch_mode(self) -> None:
        self.edit(lambda: (self.page.set_mode(1 - self.page.mode), self.learn()))

    @precondition(lambda self: self.page.mode == 1)
    @rule()
    def new_weights(self) -> None:
        seed = self.workspace.project.options.seed
        self.edit(self.page.trainer.new_weights)
        project = self.workspace.project
        assert project.options.seed == seed + 1
        fresh = Training(project.network, project.data, project.options, mask=project.mask)
        np.testing.assert_array_equal(self.page.trainer.snapshot.parameters, fresh.snapshot().parameters)

    @precondition(lambda self: self.page.mode == 1)
    @rule()
    def same_start(self) -> None:
        self.edit(lambda: (self.page.trainer.same_start(), self.learn()))
        assert self.page.trainer.snapshot.update == 0

    @rule(rate=st.floats(1e-4, 0.5))
    def set_rate(self, rate: float) -> None:
        self.edit(lambda: self.page.set_rate(rate))

    @rule()
    def save_and_open(self) -> None:
        self.learn_into_model()
        path = Path(self.folder.name) / "journey.vnn"
        assert self.window.documents._write(path)
        before = self.workspace.project
        assert self.window.open_document(str(path))
        after = self.workspace.project
        np.testing.assert_array_equal(after.parameters, before.parameters)
        np.testing.assert_array_equal(after.sample, before.sample)
        assert (after.network, after.silent, after.cut) == (before.network, before.silent, before.cut)
        self.forget()

    @rule(name=st.sampled_from(("d", "b→c", "a", "nobody")))
    def inspect(self, name: str) -> None:
        self.edit(lambda: (self.page.select_named(name), self.learn()))

    # -- another shape ---------------------------------------------------------------------------------------------

    @precondition(lambda self: self.small() and len(self.workspace.project.network.sizes) > 2)
    @rule(data=st.data(), units=st.integers(1, MOST_UNITS))
    def resize_a_layer(self, data: st.DataObject, units: int) -> None:
        column = self.column(data, 1, 1)
        self.reshape(edits.resized(column, units))
        assert self.workspace.project.network.sizes[column] == units

    @precondition(lambda self: self.small() and len(self.workspace.project.network.sizes) < MOST_COLUMNS)
    @rule(data=st.data())
    def add_a_layer(self, data: st.DataObject) -> None:
        before = self.reshape(edits.layer_added(self.column(data, 0, 1)))
        assert len(self.workspace.project.network.sizes) == len(before.network.sizes) + 1

    @precondition(lambda self: self.small() and len(self.workspace.project.network.sizes) > 2)
    @rule(data=st.data())
    def remove_a_layer(self, data: st.DataObject) -> None:
        before = self.reshape(edits.layer_removed(self.column(data, 1, 1)))
        assert len(self.workspace.project.network.sizes) == len(before.network.sizes) - 1

    @precondition(lambda self: self.small() and len(self.workspace.project.network.sizes) > 2)
    @rule(data=st.data())
    def remove_a_neuron(self, data: st.DataObject) -> None:
        column = self.column(data, 1, 1)
        neuron = data.draw(st.integers(0, self.workspace.project.network.sizes[column] - 1))
        before = self.reshape(edits.neuron_removed(Place("neuron", column, neuron)))
        was, now = before.network.sizes[column], self.workspace.project.network.sizes[column]
        assert now == max(was - 1, 1)

    @precondition(small)
    @rule(data=st.data())
    def choose_an_activation(self, data: st.DataObject) -> None:
        column = self.column(data, 1, 0)
        last = column == len(self.workspace.project.network.sizes) - 1
        name = data.draw(st.sampled_from(ACTIVATIONS if last else HIDDEN_ACTIVATIONS))
        self.reshape(edits.activated(column, name))
        project = self.workspace.project
        assert project.network.activations[column - 1] == name
        assert project.options.loss in losses_for(project.network.activations[-1])

    @precondition(small)
    @rule(data=st.data())
    def switch_a_neuron(self, data: st.DataObject) -> None:
        column = self.column(data, 0, 1)
        neuron = data.draw(st.integers(0, self.workspace.project.network.sizes[column] - 1))
        self.switch(Place("neuron", column, neuron))

    @precondition(small)
    @rule(data=st.data())
    def switch_a_connection(self, data: st.DataObject) -> None:
        column, sizes = self.column(data, 1, 0), self.workspace.project.network.sizes
        source, neuron = (data.draw(st.integers(0, sizes[at] - 1)) for at in (column - 1, column))
        self.switch(Place("weight", column, neuron, source))

    def switch(self, place: Place) -> None:
        """With X, as at the chosen place."""
        before = self.workspace.project
        self.reshape(edits.switched(before, place))
        now = self.workspace.project
        assert (len(now.silent ^ before.silent), len(now.cut ^ before.cut)) in ((1, 0), (0, 1))
        assert now.network is before.network

    def learn_into_model(self) -> None:
        self.edit(self.page.trainer.pause_now)

    # -- what is always so -----------------------------------------------------------------------------------------

    @invariant()
    def undo_stack_fits_the_model(self) -> None:
        stack = self.workspace.stack
        assert self.workspace.project is self.past[-1]
        assert stack.index() == len(self.past) - 1
        assert stack.count() - stack.index() == len(self.future)
        assert self.workspace.dirty == (not stack.isClean())

    @invariant()
    def the_answer_is_true(self) -> None:
        project = self.workspace.project
        expected = reference(project, project.sample)
        np.testing.assert_allclose(self.workspace.trace().output, expected, rtol=1e-9, atol=1e-9)

    @invariant()
    def the_stage_shows_the_weights_of_its_mode(self) -> None:
        self.page.finish()
        QCoreApplication.processEvents()
        shown = self.page.shown_project()
        trace = self.page.stage._content.trace
        alike(shown, trace.parameters, shown.parameters)
        np.testing.assert_array_equal(heard(shown, 0, trace.x), heard(shown, 0, shown.sample))

    @invariant()
    def nothing_runs_by_itself(self) -> None:
        assert not self.page.trainer.running
        assert self.page.subtitle.text()
        assert self.page.stage.frame().items


@pytest.mark.timeout(400)  # a million weights learn now and then
@pytest.mark.usefixtures("qapp")
def test_any_journey(monkeypatch):
    monkeypatch.setattr(trainer, "PATIENCE_S", 60.0)  # on a busy machine as well: else the journey depends on its load
    monkeypatch.setattr(FrameClock, "_is_seen", lambda self: False)
    monkeypatch.setattr(QMessageBox, "exec", lambda _box: QMessageBox.StandardButton.Discard)
    quick = settings(max_examples=15, stateful_step_count=20, suppress_health_check=list(HealthCheck), database=None)
    run_state_machine_as_test(Journey, settings=quick)
