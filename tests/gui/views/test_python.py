"""The Python view: its lit line, its values, and a copy that computes what the network says, to the last bit."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import NOTHING
from visualnn.nn.kernels import choose
from visualnn.nn.trace import predict
from visualnn.scene.frame import Place

INPUTS = ((2.0, 2.0), (0.0, 0.0), (100.0, -250.0), (-0.3, 0.7), (1e-9, 3.25))


def run(text: str) -> dict:
    """The program's names after it ran, with what it printed as "printed"."""
    names: dict = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "copied.py", "exec"), names)
    return {**names, "printed": printed.getvalue()}


def copied(learner) -> dict:
    """What is on the clipboard after a click on Copy, executed."""
    QGuiApplication.clipboard().clear()
    if learner.page.mode == 0:
        learner.push(learner.page.python._copy)
    else:
        learner.press("Ctrl+Shift+C")
    return run(QGuiApplication.clipboard().text())


def check(learner) -> None:
    """The copied program and the network on screen agree to the last bit."""
    names, project = copied(learner), learner.page.shown_project()
    for x in INPUTS:
        assert names["run"](*x) == predict(project.network, project.parameters, np.array(x))[0]
    answer = predict(project.network, project.parameters, project.sample)[0]
    assert float(names["printed"]) == answer
    assert learner.window.toast.text() == "The Python code is on the clipboard."


@pytest.mark.parametrize("name", ["adder", "xor", "circles", "backprop"])
def test_the_copied_program_computes_what_the_network_says(learner, name):
    learner.window.open_document(name)
    check(learner)


def test_after_an_edit_it_computes_the_edited_network(adder):
    adder.player.seek(20)
    adder.drag(Place("weight", 1, 0, 0), 123)
    adder.drag(Place("bias", 2, 0), -77)
    check(adder)


@pytest.mark.parametrize("name", ["adder", "circles"])
def test_in_train_mode_it_has_the_weights_of_the_run(learner, name):
    learner.window.open_document(name)
    before = learner.project.parameters
    learner.press("Ctrl+2")
    check(learner)
    learner.press("Right", "Right", "Right")
    learner.learn()
    check(learner)
    assert learner.page.shown_project().parameters.tolist() != before.tolist()


def test_after_training_it_computes_the_trained_network(adder):
    choose.load()
    adder.press("Ctrl+2")
    adder.trainer.set_speed(float("inf"))
    adder.press("Space")
    adder.learn()
    names = copied(adder)
    assert names["run"](100.0, -250.0) == pytest.approx(-150, abs=1e-2)
    check(adder)


# -- lines -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "line", "part"), [(1, "c", 0), (7, "d", 1), (9, "d", "bias"), (10, "d", "activation"), (18, "f", 2)]
)
def test_the_line_being_computed_is_lit(adder, step, line, part):
    adder.player.seek(step)
    lit = [valued for valued in adder.page.python._lines if valued.lit]
    assert [valued.line.text.split()[0] for valued in lit] == [line]
    assert lit[0].part == part


@pytest.mark.parametrize("step", [0, 21, 40, 55])
def test_no_line_is_lit_outside_the_forward_pass(adder, step):
    adder.player.seek(step)
    assert not any(valued.lit for valued in adder.page.python._lines)


def test_values_appear_when_they_are_known(adder):
    def values() -> list[str]:
        return [valued.value for valued in adder.page.python._lines if valued.line.neuron is not None]

    assert values() == ["…"] * 4
    adder.player.seek(12)
    assert values() == ["4.03", "0.00", "…", "…"]
    adder.player.seek(20)
    assert values() == ["4.03", "0.00", "3.27", "3.99"]


def test_the_lit_line_has_a_lit_ground(adder):
    view = adder.page.python
    adder.player.seek(1)
    accent = adder.window.look.theme.color("accent").name()
    image = view.grab().toImage()
    column = {image.pixelColor(13, y).name() for y in range(image.height())}
    assert accent in column
    adder.player.seek(0)
    image = view.grab().toImage()
    assert accent not in {image.pixelColor(13, y).name() for y in range(image.height())}


def test_a_long_program_scrolls(learner):
    learner.window.open_document("circles")
    view = learner.page.python
    view.resize(view.width(), 48 + 3 * 23 + 8)
    learner.player.seek(learner.player.timeline.forward_length)
    assert any(valued.lit for valued in view._lines[view._first : view._first + view._fit()])
    first = view._first
    for delta in (1200, -12000):
        event = QWheelEvent(
            QPointF(10, 60), QPointF(10, 60), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, NOTHING,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view, event)
        assert 0 <= view._first <= len(view._lines) - view._fit()
        assert not view.grab().isNull()
    assert first > 0


def test_a_narrow_window_has_smaller_code(adder):
    adder.page.python.set_compact(True)
    assert not adder.page.python.grab().isNull()
