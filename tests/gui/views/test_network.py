"""The stage: pointed at, typed into, dragged and walked through."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from tests.gui.conftest import LEFT, NOTHING, move
from visualnn.gui.views.network import NetworkView
from visualnn.nn.passes import predict
from visualnn.project import Project
from visualnn.scene.formula import full
from visualnn.scene.frame import Box, Place

A, B, D, F = Place("neuron", 0, 0), Place("neuron", 0, 1), Place("neuron", 1, 1), Place("neuron", 2, 0)
AC, BD, CF = Place("weight", 1, 0, 0), Place("weight", 1, 1, 1), Place("weight", 2, 0, 0)
BIAS_D, BIAS_F = Place("bias", 1, 1), Place("bias", 2, 0)
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def weight(project: Project, place: Place) -> float:
    return float(project.network.views(project.parameters)[place.column - 1].w[place.source, place.neuron])


def bias(project: Project, place: Place) -> float:
    return float(project.network.views(project.parameters)[place.column - 1].b[place.neuron])


@pytest.fixture
def at_end(adder):
    """The adder after its forward pass."""
    adder.player.seek(20)
    return adder


# -- typing inputs -----------------------------------------------------------------------------------------------------


def test_inputs_are_typed_at_the_neurons(at_end):
    at_end.click(A)
    editor = QApplication.focusWidget()
    assert editor.text() == "2"
    assert editor.hasSelectedText()
    at_end.type("100")
    at_end.press(Qt.Key.Key_Tab)
    at_end.type("-250")
    at_end.press("Return")
    assert at_end.project.sample.tolist() == [100, -250]
    assert not editor.isVisible()
    assert at_end.stage.hasFocus()
    output = predict(at_end.project.network, at_end.project.parameters, np.array([100.0, -250.0]))[0]
    assert at_end.subtitle == f"The network says 100 + (−250) = {output:.2f}."
    assert f"{output:.2f}" in at_end.texts


def test_tab_goes_round_the_inputs_and_back(at_end):
    at_end.click(B)
    at_end.type("7")
    at_end.press(Qt.Key.Key_Tab)
    assert at_end.stage.selected == A
    assert QApplication.focusWidget().text() == "2"
    at_end.press(Qt.Key.Key_Backtab)
    assert at_end.stage.selected == B
    assert QApplication.focusWidget().text() == "7"


def test_a_typed_input_is_one_undo_step(at_end):
    at_end.click(A)
    at_end.type("3")
    at_end.press("Return", "Ctrl+Z")
    assert at_end.project.sample.tolist() == [2, 2]
    assert not at_end.window.workspace.stack.canUndo()


@pytest.mark.parametrize("text", ["abc", "", "1e999", "nan", "--1", "1,000"])
def test_a_text_that_is_no_number_stays_with_a_red_edge(at_end, text):
    at_end.click(A)
    editor = QApplication.focusWidget()
    editor.clear()
    at_end.type(text)
    at_end.press("Return")
    assert editor.isVisible()
    assert editor.is_wrong()
    assert editor.accessibleDescription()
    assert at_end.project.sample.tolist() == [2, 2]
    at_end.press("Escape")
    assert not editor.isVisible()
    assert at_end.stage.hasFocus()
    assert not at_end.window.workspace.stack.canUndo()


def test_letters_that_are_shortcuts_are_typed(at_end):
    at_end.click(A)
    editor = QApplication.focusWidget()
    at_end.press(*"12.5")
    at_end.press("Home", "Left", "Right", "End")
    assert editor.text() == "12.5"
    assert at_end.player.t == 20
    assert at_end.player.grain == "operation"
    assert at_end.player.speed == 1
    at_end.press("Return")
    assert at_end.project.sample.tolist() == [12.5, 2]


def test_the_window_does_not_undo_while_one_types(at_end):
    at_end.drag(AC, 40)
    at_end.click(A)
    at_end.type("5")
    at_end.press("Ctrl+Z")
    assert at_end.window.workspace.stack.undoText() == "Weight a→c"
    at_end.press("Escape")


def test_a_click_elsewhere_takes_the_number(at_end):
    at_end.click(A)
    at_end.type("9")
    at_end.stage.setFocus(Qt.FocusReason.MouseFocusReason)
    assert at_end.project.sample.tolist() == [9, 2]


def test_a_comma_and_a_true_minus_are_understood(at_end):
    at_end.click(A)
    QApplication.focusWidget().setText("−0,5")
    at_end.press("Return")
    assert at_end.project.sample.tolist() == [-0.5, 2]


def test_a_huge_input_is_shown_and_harms_nothing(at_end):
    at_end.click(A)
    at_end.type("1e308")
    at_end.press(Qt.Key.Key_Tab)
    at_end.type("1e308")
    at_end.press("Return")
    assert at_end.subtitle == "The network says 1.00e308 + 1.00e308 = ∞."
    for step in range(56):
        at_end.player.seek(step)
        assert at_end.subtitle
    assert not at_end.window.grab().isNull()
    at_end.press("Ctrl+2")
    assert not at_end.window.grab().isNull()


# -- typing weights and biases -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [AC, BD, CF, BIAS_D, BIAS_F])
def test_a_double_click_types_at_weights_and_biases(at_end, place):
    at_end.double_click(place)
    at_end.type("0.5")
    at_end.press("Return")
    number = weight if place.kind == "weight" else bias
    assert number(at_end.project, place) == 0.5
    assert at_end.window.workspace.stack.count() == 1


def test_the_bias_of_the_output_moves_the_output(at_end):
    before = float(at_end.window.workspace.trace().output[0])
    at_end.double_click(BIAS_F)
    at_end.type("10")
    at_end.press("Return")
    assert float(at_end.window.workspace.trace().output[0]) == pytest.approx(before + 10, abs=1e-4)
    assert at_end.window.workspace.stack.undoText() == "Bias of f"


def test_enter_types_at_what_is_selected(at_end):
    at_end.click(AC)
    at_end.press("Return")
    at_end.type("-1")
    at_end.press("Return")
    assert weight(at_end.project, AC) == -1


def test_all_digits_are_kept_when_a_number_is_confirmed_unchanged(at_end):
    before = at_end.project
    at_end.double_click(AC)
    at_end.press("Return")
    assert at_end.project is before
    assert not at_end.window.workspace.stack.canUndo()


# -- dragging ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("held", "change"), [(NOTHING, 0.4), (SHIFT, 0.04), (CTRL, 4.0)])
def test_dragging_a_weight(at_end, held, change):
    before = weight(at_end.project, AC)
    at_end.drag(AC, 40, held)
    assert weight(at_end.project, AC) == pytest.approx(before + change)
    assert at_end.window.workspace.stack.count() == 1
    at_end.press("Ctrl+Z")
    assert weight(at_end.project, AC) == before
    assert not at_end.window.workspace.stack.canUndo()


def test_dragging_down_to_the_left(at_end):
    before = bias(at_end.project, BIAS_D)
    at_end.drag(BIAS_D, -25)
    assert bias(at_end.project, BIAS_D) == pytest.approx(before - 0.25)


def test_an_input_can_be_dragged_too(at_end):
    at_end.drag(A, 50)
    assert at_end.project.sample.tolist() == [2.5, 2]
    assert not at_end.stage._editor.isVisible()


def test_two_drags_are_two_undo_steps(at_end):
    at_end.drag(AC, 40)
    at_end.drag(AC, 40)
    assert at_end.window.workspace.stack.count() == 2


def test_the_other_button_does_not_drag(at_end):
    at_end.qtbot.mouseClick(at_end.stage, Qt.MouseButton.RightButton, pos=at_end.at(AC))
    assert at_end.stage.selected is None


def test_a_shaky_click_changes_nothing(at_end):
    start = at_end.grab(AC)
    at_end.pull(start + QPoint(2, 0))
    at_end.qtbot.mouseRelease(at_end.stage, LEFT, NOTHING, start + QPoint(2, 0))
    assert at_end.stage.selected == AC
    assert not at_end.window.workspace.stack.canUndo()


def test_everything_follows_during_the_drag(at_end):
    start = at_end.grab(AC)
    at_end.pull(start + QPoint(3, 0))
    at_end.pull(start + QPoint(103, 0))
    assert "1.99" in at_end.texts
    assert at_end.subtitle != "The network says 2 + 2 = 3.99."
    at_end.qtbot.mouseRelease(at_end.stage, LEFT)


def test_escape_during_a_drag_leaves_nothing_to_undo_or_redo(at_end):
    before, stack = at_end.project, at_end.window.workspace.stack
    start = at_end.grab(AC)
    at_end.pull(start + QPoint(3, 0))
    at_end.pull(start + QPoint(43, 0))
    at_end.press("Escape")
    at_end.pull(start + QPoint(90, 0))
    at_end.qtbot.mouseRelease(at_end.stage, LEFT)
    assert at_end.project is before
    assert not stack.canUndo()
    assert not stack.canRedo()
    assert not at_end.window.workspace.dirty


def test_escape_keeps_the_edits_before_the_drag(at_end):
    at_end.drag(AC, 40)
    edited = at_end.project
    start = at_end.grab(BD)
    at_end.pull(start + QPoint(3, 0))
    at_end.pull(start + QPoint(43, 0))
    at_end.press("Escape")
    assert at_end.project is edited
    assert at_end.window.workspace.stack.undoText() == "Weight a→c"


# -- keys on a number --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("held", "change"), [(NOTHING, 0.01), (SHIFT, 0.001), (CTRL, 0.1)])
def test_up_and_down_on_a_weight(at_end, held, change):
    before = weight(at_end.project, AC)
    at_end.click(AC)
    at_end.press(Qt.Key.Key_Up, Qt.Key.Key_Up, modifiers=held)
    assert weight(at_end.project, AC) == pytest.approx(before + 2 * change)
    at_end.press(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, modifiers=held)
    assert weight(at_end.project, AC) == pytest.approx(before - change)
    at_end.press("Ctrl+Z")
    assert weight(at_end.project, AC) == before


def test_undo_and_redo_keys(at_end):
    before = at_end.project
    at_end.drag(AC, 40)
    after = at_end.project
    at_end.press("Ctrl+Z")
    assert at_end.project is before
    at_end.press("Ctrl+Shift+Z")
    assert at_end.project is after
    at_end.press("Ctrl+Z", "Ctrl+Y")
    assert at_end.project is after
    assert at_end.player.t == 20


# -- walking -----------------------------------------------------------------------------------------------------------


def test_the_arrows_walk_over_the_network(adder):
    adder.stage.setFocus()
    adder.press("Up")
    assert adder.stage.selected == A
    adder.press("Down")
    assert adder.stage.selected == B
    adder.press("Down")
    assert adder.stage.selected == A
    adder.press("Alt+Right", "Down")
    assert adder.stage.selected == D
    adder.press("Alt+Right", "Alt+Right")
    assert adder.stage.selected == F
    adder.press("Alt+Left", "Alt+Left", "Alt+Left")
    assert adder.stage.selected == A
    adder.press("Escape")
    assert adder.stage.selected is None
    assert adder.player.t == 0


def test_c_walks_through_the_connections_of_a_neuron(adder):
    adder.stage.select(D)
    adder.press("C")
    assert adder.stage.selected == Place("weight", 1, 1, 0)
    adder.press("C")
    assert adder.stage.selected == BD
    adder.press("C")
    assert adder.stage.selected == Place("weight", 1, 1, 0)
    adder.stage.select(B)
    adder.press("C")
    assert adder.stage.selected == Place("weight", 1, 0, 1)


# -- pointing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [D, F, AC, BD, BIAS_D, Place("gate", 1, 2)])
def test_what_is_clicked_is_selected(adder, place):
    adder.click(place)
    assert adder.stage.selected == place


def test_a_curve_is_hit_beside_its_label(adder):
    layout = adder.stage.layout_shown()
    x0, y0, x1, _ = layout.link(0, 0, 0)
    start = QPoint(round(x0 + (x1 - x0) * 0.12), round(y0))
    adder.qtbot.mouseClick(adder.stage, LEFT, pos=start + QPoint(0, 2))
    assert adder.stage.selected.kind == "weight"
    assert adder.stage.selected.source == 0


def test_a_click_beside_everything_clears_the_selection(adder):
    adder.click(D)
    adder.qtbot.mouseClick(adder.stage, LEFT, pos=QPoint(5, 5))
    assert adder.stage.selected is None


def test_a_number_under_the_pointer_says_that_it_can_be_dragged(adder):
    move(adder.stage, adder.at(AC), Qt.MouseButton.NoButton)
    assert adder.stage.cursor().shape() == Qt.CursorShape.SizeHorCursor
    move(adder.stage, adder.at(D), Qt.MouseButton.NoButton)
    assert adder.stage.cursor().shape() == Qt.CursorShape.PointingHandCursor
    move(adder.stage, QPoint(5, 5), Qt.MouseButton.NoButton)
    assert adder.stage.cursor().shape() == Qt.CursorShape.ArrowCursor
    move(adder.stage, adder.at(AC), Qt.MouseButton.NoButton)
    QApplication.sendEvent(adder.stage, QEvent(QEvent.Type.Leave))
    assert adder.stage._hovered is None


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (AC, "Weight a→c: 0.9907079"),
        (BIAS_D, "Bias of d: −0.06846002"),
        (A, "Input a: 2.0"),
        (D, "Neuron d: sum −1.83017214"),
    ],
)
def test_the_tooltip_has_all_digits(adder, place, words):
    point = adder.at(place)
    QApplication.sendEvent(adder.stage, QHelpEvent(QEvent.Type.ToolTip, point, adder.stage.mapToGlobal(point)))
    assert QToolTip.text().startswith(words)
    nowhere = QPoint(5, 5)
    QApplication.sendEvent(adder.stage, QHelpEvent(QEvent.Type.ToolTip, nowhere, adder.stage.mapToGlobal(nowhere)))


def test_the_selected_pill_has_a_violet_edge(adder):
    accent = int(adder.window.look.theme["accent"].removeprefix("#"), 16)
    adder.click(AC)
    at = adder.stage.position_of(AC)
    boxes = [i for i in adder.stage.frame().items if isinstance(i, Box) and QPointF(i.x, i.y) == at]
    assert accent in [box.edge for box in boxes]


# -- sizes and emptiness -----------------------------------------------------------------------------------------------


def test_an_empty_stage_ignores_everything(qtbot):
    stage = NetworkView()
    qtbot.addWidget(stage)
    stage.show()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_C, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        qtbot.keyClick(stage, key)
    qtbot.keyClick(stage, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.mouseClick(stage, LEFT, pos=QPoint(50, 50))
    assert stage.frame() is None
    assert stage.position_of(A) is None
    assert not stage.grab().isNull()


def test_places_follow_the_size_of_the_window(adder):
    before = adder.at(F)
    adder.window.resize(1600, 1000)
    adder.qtbot.waitUntil(lambda: adder.stage.width() > 1000)
    assert adder.at(F).x() > before.x()
    adder.click(F)
    assert adder.stage.selected == F


def test_an_open_editor_goes_when_the_window_is_resized(adder):
    adder.click(A)
    adder.window.resize(1500, 900)
    adder.qtbot.waitUntil(lambda: not adder.stage._editor.isVisible())
    assert adder.project.sample.tolist() == [2, 2]


def test_tips_tell_the_numbers_of_the_moment(adder):
    weight = Place("weight", 1, 0, 0)
    adder.player.seek(42)
    before = adder.stage.tip(weight)
    adder.player.seek(55)
    updated = adder.window.workspace.trace().updated
    assert adder.stage.tip(weight).startswith(f"Weight a→c: {full(updated[0])}")
    assert adder.stage.tip(weight) != before
