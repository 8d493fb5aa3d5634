"""A learner asks: processor or GPU? With a GPU that computes like the readable loop, and fails when it is told to."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QMenu

from tests.fake_gpu import CARD, NO_CARD, FakeGpu
from tests.gui.conftest import LEFT, Learner
from visualnn import settings as preferences
from visualnn.engine import devices as engine
from visualnn.engine.devices import Times
from visualnn.gui.device_facts import ANEW, DEVICES, LATER, LOADING, MIXED, ONLY_32, PREPARING
from visualnn.gui.devices import FULL as NO_ROOM
from visualnn.gui.devices import OTHER_RUN, SAME_RUN
from visualnn.nn.device import CPU, Device, DeviceError
from visualnn.nn.device import DEVICES as KNOWN
from visualnn.nn.kernels import accelerator, choose
from visualnn.nn.training import Training
from visualnn.settings import Settings

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")

FULL = DeviceError("The memory of the GPU is full.")
LOST = DeviceError("The GPU stopped: the system reset it.", is_lost=True)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured is soon known, and the readable loop trains."""
    monkeypatch.setattr(engine, "LONG_SECONDS", 0.002)
    monkeypatch.setattr(engine, "SECONDS", 0.05)
    monkeypatch.setattr(choose, "_ready", set())


@pytest.fixture
def student(fake_gpu: FakeGpu, quick: None, learner: Learner) -> Learner:
    """Somebody before the spirals in Train mode; a GPU that is wanted is loaded at once."""
    learner.window.open_document("spirals")
    workspace = learner.window.workspace
    workspace.show(workspace.project.with_options(replace(workspace.project.options, goal=None)))  # who pauses, pauses
    devices = learner.page.devices
    devices._calm.setInterval(0)
    devices.gpu_wanted.connect(lambda: devices.take_loaded(accelerator.load()))
    learner.press("Ctrl+2")
    return learner


def view(learner: Learner):
    return learner.page.training.device


def look(learner: Learner) -> None:
    """Open the further settings and go down to the device; wait until all is known."""
    if not learner.page.training.is_open:
        learner.push(learner.page.training._more)
    bar = learner.page._train_page.verticalScrollBar()
    bar.setValue(bar.maximum())
    learner.until(lambda: view(learner).is_in_sight)
    known(learner)


def known(learner: Learner) -> None:
    """Wait until both times are there, or that of the only one."""
    devices = learner.page.devices

    def is_known() -> bool:
        content = view(learner).content
        has_times = content.times.cpu is not None and (bool(content.reason) or content.times.gpu is not None)
        return has_times and devices._comparison is None

    learner.until(is_known)


def pick(learner: Learner, label: str) -> None:
    """Choose from the menu of the field with clicks."""
    field = view(learner).field
    learner.push(field)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(action for action in menu.actions() if action.text() == label)
    learner.qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
    menu.close()


def said(learner: Learner) -> str:
    return learner.window.toast.text()


def sentences(learner: Learner) -> str:
    return " ".join(view(learner).content.sentences).replace("\u00a0", " ")


def train(learner: Learner, updates: int) -> None:
    """Press Play, and pause after so many updates more."""
    learner.trainer.prepare()
    learner.trainer.set_speed(float("inf"))
    first = learner.trainer.snapshot.update
    learner.push(learner.page.transport.play)
    learner.until(lambda: learner.trainer.snapshot.update >= first + updates)
    learner.push(learner.page.transport.play)
    learner.learn()


# -- without a GPU -----------------------------------------------------------------------------------------------------


def test_nobody_looks_for_a_gpu_before_a_learner_does(student: Learner, fake_gpu: FakeGpu):
    fake_gpu.card = NO_CARD
    train(student, 5)
    assert fake_gpu.probed == 0
    look(student)
    assert fake_gpu.probed == 1


def test_the_driver_is_never_asked_in_the_windows_thread(student: Learner, monkeypatch: pytest.MonkeyPatch):
    asked = []

    def probe():
        asked.append(threading.current_thread())
        return CARD

    monkeypatch.setattr("visualnn.gpu.probe", probe)
    look(student)
    assert threading.main_thread() not in asked[:1]


def test_without_a_gpu_the_row_says_why_and_how_long_the_processor_takes(student: Learner, fake_gpu: FakeGpu):
    fake_gpu.card = NO_CARD
    look(student)
    content = view(student).content
    assert content.reason == NO_CARD.sentence
    assert sentences(student).endswith(f"µs an update. {NO_CARD.sentence}")
    assert view(student).field.toolTip() == NO_CARD.sentence
    pick(student, "GPU")
    assert view(student).field.label() == "Processor"
    assert student.trainer.device == CPU
    assert not student.window.workspace.stack.canUndo()


def test_everything_is_written_in_full_in_the_narrowest_panel(student: Learner, fake_gpu: FakeGpu):
    fake_gpu.card = replace(
        NO_CARD, sentence=f"{NO_CARD.sentence} {'If there is one, install its driver. ' * 3}".strip()
    )
    student.window.resize(960, 640)
    look(student)
    widget = view(student)
    assert "…" not in " ".join(widget.lines())
    assert " ".join(widget.lines()).split() == " ".join(widget.content.sentences).split()
    assert widget._lines[-1][0] + 8 < widget.height()
    assert widget.geometry().bottom() < student.page.training.height()


# -- with one ----------------------------------------------------------------------------------------------------------


def test_both_are_measured_and_the_row_says_what_follows(student: Learner, fake_gpu: FakeGpu):
    look(student)
    content = view(student).content
    assert (content.key, content.reason, content.card, content.has_tf32) == ("cpu", "", "Test card", True)
    assert content.times.cpu > 0 < content.times.gpu
    assert content.sentences[-1] == MIXED
    assert fake_gpu.calls
    assert view(student).accessibleDescription() == " ".join(content.sentences)
    assert student.trainer.snapshot.update == 0


def test_choosing_the_gpu_takes_32_bits_in_the_same_step_and_trains_there(student: Learner, fake_gpu: FakeGpu):
    look(student)
    fake_gpu.calls.clear()
    pick(student, "GPU")
    assert student.project.options.precision == "float32"
    assert said(student) == SAME_RUN
    stack = student.window.workspace.stack
    assert (stack.count(), stack.undoText()) == (1, "Train on the GPU")
    assert student.page.training.field("Precision").label() == "Fast (32 bit)"
    known(student)
    fake_gpu.calls.clear()
    train(student, 20)
    assert fake_gpu.calls[0][0] == 0
    assert view(student).content.computing == "cuda"
    for _ in range(2):
        student.push(student.page.top_bar.undo)
    assert student.project.options.precision == "float64"
    assert ONLY_32 in view(student).content.sentences
    known(student)
    fake_gpu.calls.clear()
    train(student, 20)
    assert not fake_gpu.calls
    assert view(student).content.computing == "cpu"


def test_a_run_that_has_learned_is_begun_anew_and_that_is_said(student: Learner):
    train(student, 20)
    look(student)
    pick(student, "GPU")
    assert said(student) == OTHER_RUN
    assert student.trainer.snapshot.update == 0
    student.window.toast.trigger()
    assert student.project.options.precision == "float64"


def test_with_32_bits_the_run_just_moves(student: Learner, fake_gpu: FakeGpu):
    student.page.editor.set_options(replace(student.project.options, precision="float32"), "Precision")
    look(student)
    train(student, 20)
    before, steps = student.trainer.snapshot.update, student.window.workspace.stack.count()
    pick(student, "GPU")
    assert student.trainer.snapshot.update == before
    fake_gpu.calls.clear()
    train(student, 20)
    assert fake_gpu.calls[0][0] == before
    pick(student, "Processor")
    fake_gpu.calls.clear()
    train(student, 20)
    assert not fake_gpu.calls
    project, trainer = student.project, student.trainer
    expected = Training(project.network, project.data, project.options, trainer.start)
    expected.run(trainer.snapshot.update)
    assert np.array_equal(trainer.snapshot.parameters, expected.parameters)
    assert student.window.workspace.stack.count() == steps


def test_tensor_cores_are_a_choice_where_the_card_has_them(student: Learner, fake_gpu: FakeGpu):
    look(student)
    pick(student, "GPU, TF32")
    assert student.trainer.device == Device("cuda", tf32=True)
    assert "set_float32_matmul_precision" in view(student).field.toolTip()
    train(student, 5)
    assert fake_gpu.made[-1] == Device("cuda", tf32=True)


def test_they_are_none_on_an_older_card(student: Learner, fake_gpu: FakeGpu):
    fake_gpu.card = replace(CARD, capability=(7, 5))
    look(student)
    assert list(view(student).field._options) == ["cpu", "cuda"]


def test_what_was_chosen_is_remembered_and_nothing_is_looked_for_before_somebody_trains(
    fake_gpu: FakeGpu, quick: None, open_window, stopped_clock: None, qtbot
):
    first = Learner(open_window(Settings(theme="dark"), remember=True), qtbot)
    first.window.open_document("spirals")
    first.press("Ctrl+2")
    first.page.devices.choose("tf32")
    assert preferences.load().device == "tf32"
    first.window.workspace.stack.setClean()
    first.window.close()
    again = Learner(open_window(preferences.load()), qtbot)
    assert again.trainer.device == Device("cuda", tf32=True)
    probed = fake_gpu.probed
    again.window.open_document("xor")
    assert fake_gpu.probed == probed
    wanted = []
    again.page.devices.gpu_wanted.connect(lambda: wanted.append(1))
    again.press("Ctrl+2")
    again.until(lambda: fake_gpu.probed > probed)
    again.until(lambda: bool(wanted))


def test_another_document_that_is_to_be_exact_is_offered_32_bits_once(student: Learner, fake_gpu: FakeGpu):
    student.page.devices.choose("cuda")
    student.window.workspace.stack.setClean()
    student.window.open_document("xor")
    student.press("Ctrl+2")
    student.until(lambda: accelerator.loaded())
    train(student, 3)
    assert said(student) == ONLY_32
    student.window.toast.withdraw()
    train(student, 3)
    assert said(student) == ""
    student.window.workspace.stack.setClean()
    student.window.open_document("circles")
    student.press("Ctrl+2")
    train(student, 3)
    assert said(student) == ONLY_32
    student.window.toast.trigger()
    assert student.project.options.precision == "float32"
    fake_gpu.calls.clear()
    train(student, 3)
    assert fake_gpu.calls


def test_while_its_kernels_are_compiled_the_processor_trains(fake_gpu: FakeGpu, quick: None, learner: Learner):
    learner.window.open_document("spirals")
    learner.press("Ctrl+2")
    devices = learner.page.devices
    devices._calm.setInterval(0)
    learner.push(learner.page.training._more)
    bar = learner.page._train_page.verticalScrollBar()
    bar.setValue(bar.maximum())
    learner.until(lambda: PREPARING in view(learner).content.sentences)
    devices.choose("cuda")
    assert LOADING in view(learner).content.sentences
    train(learner, 10)
    assert not fake_gpu.calls
    devices.take_loaded(accelerator.load())
    train(learner, 10)
    assert fake_gpu.calls


def test_kernels_that_cannot_be_compiled_are_told_of_and_tried_again_when_chosen(student: Learner, fake_gpu: FakeGpu):
    fake_gpu.error, fake_gpu.fails_to_load = DeviceError("The GPU’s compiler failed."), True
    student.push(student.page.training._more)
    bar = student.page._train_page.verticalScrollBar()
    bar.setValue(bar.maximum())
    student.until(lambda: "The GPU’s compiler failed." in view(student).content.sentences)
    fake_gpu.fails_to_load = False
    fake_gpu.mend()
    pick(student, "GPU")
    known(student)
    assert accelerator.loaded()


def test_what_can_be_chosen_can_be_remembered():
    assert tuple(DEVICES) == preferences.DEVICES
    assert {device.name for device in DEVICES.values()} == set(KNOWN)


def test_a_network_that_is_too_large_to_be_measured_says_so(student: Learner, monkeypatch: pytest.MonkeyPatch):
    def full(_comparison: object) -> None:
        raise MemoryError

    monkeypatch.setattr(engine.Comparison, "cpu", full)
    student.page.show_device()
    student.until(lambda: NO_ROOM in view(student).content.sentences)


def test_weights_that_are_no_numbers_any_more_are_not_what_is_measured(student: Learner):
    project = student.project
    student.window.workspace.show(project.with_parameters(np.full_like(project.parameters, np.nan)))
    look(student)
    assert view(student).content.times.cpu


def test_find_leads_there(student: Learner):
    student.page.open_subpage("runs")
    student.window.sheets.choose("device")
    assert student.page.training.is_open
    student.until(lambda: view(student).is_in_sight)
    known(student)
    bottom = view(student).mapTo(student.window, view(student).rect().bottomLeft()).y()
    assert bottom <= student.page.transport.mapTo(student.window, student.page.transport.rect().topLeft()).y()
    student.window.sheets.choose("device")
    assert student.page.training.is_open


# -- measuring ---------------------------------------------------------------------------------------------------------


def test_times_belong_to_the_network_they_were_measured_with(student: Learner):
    look(student)
    known_before = view(student).content.times
    student.page.reshape((3,))
    assert view(student).content.times != known_before
    known(student)
    again = view(student).content.times
    student.page.set_rate(0.5)
    assert view(student).content.times == again


def test_nothing_is_measured_while_a_run_goes_on_unless_somebody_asks(student: Learner, fake_gpu: FakeGpu):
    student.push(student.page.transport.play)
    student.until(lambda: student.trainer.snapshot.update > 2)
    student.push(student.page.training._more)
    bar = student.page._train_page.verticalScrollBar()
    bar.setValue(bar.maximum())
    student.until(lambda: fake_gpu.probed > 0 and view(student).content.offers)
    for _ in range(20):
        student.window.clock.advance(0.016)
        QApplication.processEvents()
    assert view(student).content.times == Times()
    assert LATER in view(student).content.sentences
    bar.setValue(bar.maximum())
    student.push(view(student).measure)
    known(student)
    assert student.trainer.running
    assert not view(student).content.offers
    assert not view(student).measure.isVisible()


def test_a_run_that_begins_stops_what_is_being_measured(student: Learner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine, "LONG_SECONDS", 60.0)
    monkeypatch.setattr(engine, "SECONDS", 60.0)
    student.push(student.page.training._more)
    bar = student.page._train_page.verticalScrollBar()
    bar.setValue(bar.maximum())
    student.until(lambda: student.page.devices._comparison is not None)
    comparison = student.page.devices._comparison
    student.push(student.page.transport.play)
    assert comparison.is_stopped
    student.until(lambda: not student.page.devices._measurer.busy)
    monkeypatch.setattr(engine, "LONG_SECONDS", 0.002)
    monkeypatch.setattr(engine, "SECONDS", 0.05)
    student.push(student.page.transport.play)
    student.learn()
    known(student)


def test_a_gpu_that_cannot_be_measured_says_why(student: Learner, fake_gpu: FakeGpu):
    fake_gpu.fail(FULL, -1)
    student.push(student.page.training._more)
    bar = student.page._train_page.verticalScrollBar()
    bar.setValue(bar.maximum())
    student.until(lambda: str(FULL) in view(student).content.sentences)
    assert view(student).content.times.cpu is not None


def test_a_gpu_that_is_lost_while_it_is_measured_is_not_asked_again(student: Learner, fake_gpu: FakeGpu):
    fake_gpu.fail(LOST, 0)
    look(student)
    content = view(student).content
    assert content.reason == f"{LOST} {ANEW}"
    assert content.times.cpu is not None
    assert content.times.gpu is None
    calls = len(fake_gpu.calls)
    student.page.reshape((3,))
    known(student)
    assert len(fake_gpu.calls) == calls


# -- failures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [FULL, LOST], ids=["memory", "lost"])
def test_a_run_whose_gpu_fails_goes_on_and_the_learner_is_told_once(
    student: Learner, fake_gpu: FakeGpu, error: DeviceError
):
    student.page.editor.set_options(replace(student.project.options, precision="float32"), "Precision")
    look(student)
    pick(student, "GPU")
    train(student, 10)
    told = []
    student.trainer.noticed.connect(told.append)
    first = student.trainer.snapshot.update
    fake_gpu.fail(error, first + 15)
    train(student, 40)
    assert told == [f"{error} Training goes on on the processor."]
    assert said(student) == told[0]
    project, trainer = student.project, student.trainer
    expected = Training(project.network, project.data, project.options, trainer.start)
    expected.run(trainer.snapshot.update)
    assert np.array_equal(trainer.snapshot.parameters, expected.parameters)
    assert np.array_equal(student.project.parameters, expected.parameters)
    content = view(student).content
    assert (content.key, content.computing) == ("cpu", "cpu")
    fake_gpu.mend()
    fake_gpu.calls.clear()
    train(student, 10)
    assert not fake_gpu.calls
    assert len(told) == 1
    if error is LOST:
        assert content.reason == f"{LOST} {ANEW}"
        pick(student, "GPU")
        assert trainer.device == CPU
    else:
        assert told[0] in content.sentences
        pick(student, "GPU")
        assert told[0] not in view(student).content.sentences
        known(student)
        fake_gpu.calls.clear()
        train(student, 10)
        assert fake_gpu.calls
