"""The Inspector: what a neuron, a weight or an input is made of, with “=” only where it is true, and a way back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from tests.gui.conftest import LEFT, move
from visualnn.gui.views.inspector import EMPTY
from visualnn.scene.frame import Place

A, D, F = Place("neuron", 0, 0), Place("neuron", 1, 1), Place("neuron", 2, 0)
AC, BIAS_D, BIAS_F = Place("weight", 1, 0, 0), Place("bias", 1, 1), Place("bias", 2, 0)


@pytest.fixture
def at_end(adder):
    """The adder after its forward pass."""
    adder.player.seek(20)
    return adder


def spoken(learner) -> str:
    return learner.page.inspector.accessibleName()


def test_without_a_selection_it_says_what_to_do(adder):
    assert spoken(adder) == EMPTY


def test_it_follows_the_pass(adder):
    adder.player.seek(8)
    assert spoken(adder).startswith("Neuron d, hidden layer. a × weight 2 × 0.0142 = 0.0284.")
    assert "Sum so far −1.7617" in spoken(adder)
    assert "ReLU gives …" in spoken(adder)
    adder.player.seek(10)
    assert spoken(adder).endswith("bias = −0.0685. Sum −1.8302. ReLU gives 0")


@pytest.mark.parametrize(
    ("place", "beginning"),
    [
        (D, "Neuron d, hidden layer. a × weight 2 × 0.0142 = 0.0284. b × weight 2 × −0.89503 = −1.7901."),
        (F, "Neuron f, output layer. c × weight "),
        (Place("gate", 1, 1), "Neuron d, hidden layer. "),
        (BIAS_D, "Neuron d, hidden layer. "),
        (AC, "Weight a → c, now 0.99. a × weight 2 × 0.9907 = 1.9814. Sum of c with it = 4.0337."),
        (A, "Input a, type a value. × weight to c 2 × 0.9907 = 1.9814."),
    ],
)
def test_a_click_inspects(at_end, place, beginning):
    if place == A:
        at_end.grab(place)
        at_end.qtbot.mouseRelease(at_end.stage, LEFT, pos=at_end.at(place))
        at_end.press("Escape")
    else:
        at_end.click(place)
    assert spoken(at_end).startswith(beginning)


def test_a_click_on_a_curve_inspects_its_weight(at_end):
    layout = at_end.stage._layout
    x0, y0, _, _ = layout.link(1, 1, 0)  # d→f runs straight on
    at_end.qtbot.mouseClick(at_end.stage, LEFT, pos=QPoint(round(x0) + 15, round(y0)))
    assert spoken(at_end).startswith("Weight d → f, now 1.17.")


def test_a_selection_stays_while_the_pass_goes_on(at_end):
    at_end.click(F)
    at_end.press("Home")
    at_end.player.seek(3)
    assert spoken(at_end).startswith("Neuron f, output layer.")
    at_end.stage.setFocus()
    at_end.press("Escape")
    assert spoken(at_end).startswith("Neuron c, hidden layer.")


# -- the field ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "name"), [(AC, "Weight"), (BIAS_D, "Bias"), (BIAS_F, "Bias"), (A, "Input")])
def test_a_number_that_can_be_edited_has_a_field(at_end, place, name):
    at_end.page.select(place)
    field = at_end.page.inspector._field
    assert field.isVisible()
    assert field.accessibleName() == name


@pytest.mark.parametrize("place", [D, F, Place("gate", 1, 0)])
def test_a_result_has_none(at_end, place):
    at_end.page.select(place)
    assert not at_end.page.inspector._field.isVisible()


def test_dragging_the_field_is_one_undo_step(at_end):
    at_end.page.select(BIAS_F)
    field = at_end.page.inspector._field
    before = field.value()
    middle = field.rect().center()
    for _ in range(2):
        at_end.qtbot.mousePress(field, LEFT, pos=middle)
        for pixels in (10, 20, 40):
            move(field, middle + QPoint(pixels, 0), LEFT)
        at_end.qtbot.mouseRelease(field, LEFT, pos=middle + QPoint(40, 0))
    stack = at_end.window.workspace.stack
    assert [stack.text(i) for i in range(stack.count())] == ["Bias of f", "Bias of f"]
    assert field.value() == pytest.approx(before + 0.8, abs=0.01)
    at_end.press("Ctrl+Z", "Ctrl+Z")
    assert field.value() == before


def test_typing_in_the_field(at_end):
    at_end.page.select(AC)
    field = at_end.page.inspector._field
    field.setFocus(Qt.FocusReason.TabFocusReason)
    at_end.press("Return")
    at_end.type("-2.5")
    at_end.press("Return")
    assert "−2.50" in at_end.texts
    assert spoken(at_end).startswith("Weight a → c, now −2.50.")
    assert at_end.window.workspace.stack.count() == 1


def test_escape_while_the_field_is_dragged_leaves_nothing(at_end):
    at_end.page.select(AC)
    field = at_end.page.inspector._field
    before = at_end.project.parameters.tolist()
    field.setFocus(Qt.FocusReason.TabFocusReason)
    at_end.qtbot.mousePress(field, LEFT, pos=field.rect().center())
    move(field, field.rect().center() + QPoint(30, 0), LEFT)
    at_end.press("Escape")
    at_end.qtbot.mouseRelease(field, LEFT)
    assert at_end.project.parameters.tolist() == before


def test_reset_this_weight(at_end):
    origin = float(at_end.project.parameters[0])
    at_end.page.select(AC)
    reset = at_end.page.inspector._reset
    assert not reset.isVisible()
    at_end.drag(AC, 40)
    at_end.drag(AC, 40)
    assert reset.isVisible()
    assert reset.label() == "Reset this weight"
    at_end.push(reset)
    assert float(at_end.project.parameters[0]) == origin
    assert not reset.isVisible()
    assert at_end.window.workspace.stack.count() == 3
    at_end.press("Ctrl+Z")
    assert float(at_end.project.parameters[0]) == pytest.approx(origin + 0.8)


def test_reset_names_a_bias(at_end):
    at_end.drag(BIAS_D, 40)
    assert at_end.page.inspector._reset.label() == "Reset this bias"


def test_reset_without_a_selection_does_nothing(at_end):
    at_end.window.actions_table.run("reset")
    at_end.page.select(D)
    at_end.window.actions_table.run("reset")
    assert not at_end.window.workspace.stack.canUndo()


# -- details -----------------------------------------------------------------------------------------------------------


def test_the_tooltip_has_all_digits(at_end):
    at_end.page.select(D)
    inspector = at_end.page.inspector
    inspector.grab()
    area, text = inspector._tips[1]
    point = area.center().toPoint()
    QApplication.sendEvent(inspector, QHelpEvent(QEvent.Type.ToolTip, point, inspector.mapToGlobal(point)))
    assert QToolTip.text() == text == "−1.7900622"
    QApplication.sendEvent(
        inspector, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), inspector.mapToGlobal(QPoint(1, 1)))
    )


@pytest.mark.parametrize("name", ["adder", "xor", "circles", "backprop"])
def test_everything_can_be_painted(learner, name):
    learner.window.open_document(name)
    project = learner.project
    places = [Place("neuron", c, n) for c, size in enumerate(project.network.sizes) for n in range(size)]
    places += [Place("weight", 1, 0, 0), Place("bias", 1, 0)]
    for place in places:
        learner.page.select(place)
        assert not learner.page.inspector.grab().isNull()
    learner.page.inspector.set_compact(True)
    assert not learner.page.inspector.grab().isNull()


def test_a_low_window_does_without_the_curve(at_end):
    at_end.page.select(D)
    high = at_end.page.inspector.sizeHint().height()
    at_end.page.inspector.set_compact(True)
    assert at_end.page.inspector.sizeHint().height() < high
