"""A learner shapes a network where it is drawn: by its steppers, heads and rings, its keys, its menus, its matrix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.gui.conftest import LEFT, Learner
from visualnn.gui.edits import Edit
from visualnn.gui.views.matrix.map import MatrixMap
from visualnn.gui.widgets.add_button import AddButton
from visualnn.gui.widgets.head_button import HeadButton
from visualnn.gui.widgets.stepper import Stepper
from visualnn.nn import room
from visualnn.nn.passes import predict
from visualnn.scene.frame import Place

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")

A, C, D, E, F = (Place("neuron", *at) for at in ((0, 0), (1, 0), (1, 1), (1, 2), (2, 0)))
AC, BD = Place("weight", 1, 0, 0), Place("weight", 1, 1, 1)


def control(learner: Learner, kind: type[QWidget], words: str) -> QWidget:
    """A control on the stage, by what it says of itself."""
    found = [each for each in learner.stage.findChildren(kind) if each.isVisible()]
    return next(each for each in found if words in (each.accessibleName(), each.accessibleDescription()))


def stepper(learner: Learner, title: str = "Hidden layer") -> Stepper:
    return control(learner, Stepper, f"Neurons of {title}")


def choose(learner: Learner, text: str) -> None:
    """A click on an entry of the menu that is open."""
    menu = QApplication.activePopupWidget()
    action = next(each for each in menu.actions() if each.text() == text)
    learner.qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def context_menu(learner: Learner, place: Place, reason=QContextMenuEvent.Reason.Mouse) -> QMenu:
    """What the window system sends for a right click, or for the menu key."""
    point = learner.at(place)
    QApplication.sendEvent(learner.stage, QContextMenuEvent(reason, point, learner.stage.mapToGlobal(point)))
    return QApplication.activePopupWidget()


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def weights(learner: Learner, layer: int = 0) -> np.ndarray:
    """Those of the project, from the columns on the left to those on the right."""
    return learner.project.network.views(learner.project.parameters)[layer].w


def stack(learner: Learner):
    return learner.window.workspace.stack


def output(learner: Learner) -> float:
    """What the network says about the sample."""
    return float(learner.window.workspace.trace().output[0])


def epochs(learner: Learner, count: int) -> None:
    """So much training in the mode Train."""
    for _ in range(count):
        learner.page.step(1)
        learner.learn()
    learner.page.finish()
    QCoreApplication.processEvents()


# -- how many neurons --------------------------------------------------------------------------------------------------


def test_plus_and_minus_change_the_network_and_keep_the_weights(adder):
    before = adder.project
    adder.qtbot.mouseClick(stepper(adder).plus, LEFT)
    assert adder.project.network.sizes == (2, 4, 1)
    assert stepper(adder).value() == 4
    np.testing.assert_array_equal(weights(adder)[:, :3], before.network.views(before.parameters)[0].w)
    np.testing.assert_array_equal(weights(adder, 1)[:3], before.network.views(before.parameters)[1].w)
    for _ in range(2):
        adder.qtbot.mouseClick(stepper(adder).minus, LEFT)
    assert adder.project.network.sizes == (2, 2, 1)
    np.testing.assert_array_equal(weights(adder), before.network.views(before.parameters)[0].w[:, :2])
    assert adder.window.workspace.trace().output == predict(
        adder.project.network, adder.project.parameters, adder.project.sample
    )


def test_every_click_is_taken_back_by_itself(adder):
    before = adder.project
    for sign in ("plus", "plus", "minus"):
        adder.qtbot.mouseClick(getattr(stepper(adder), sign), LEFT)
    assert stack(adder).count() == 3
    for units in (5, 4, 3):
        adder.press("Ctrl+Z")
        assert adder.project.network.sizes == (2, units, 1)
        assert stepper(adder).value() == units
    assert adder.project is before


def test_a_thousand_is_typed_into_the_stepper(adder):
    adder.qtbot.mouseClick(stepper(adder).number, LEFT)
    adder.type("1000")
    adder.press("Return")
    assert adder.project.network.sizes == (2, 1000, 1)
    assert stack(adder).count() == 1
    assert adder.stage.hasFocus()
    adder.page.finish()
    QCoreApplication.processEvents()
    assert adder.stage.layout_shown().column(1).form == "bar"
    assert "1,000" in stepper(adder).accessibleDescription()


@pytest.mark.parametrize("name", ["adder", "xor"])
def test_a_network_grows_past_the_letters_of_the_alphabet(learner, name):
    learner.window.open_document(name)
    for units in range(17, 24):
        learner.page.reshape((units,))
        names = [each for column in learner.project.names for each in column]
        assert len(names) == len(set(names)) == units + 3
        assert not learner.stage.grab().isNull()


@pytest.mark.parametrize("text", ["0", "1000000000", "-3", "abc", "2.5", ""])
def test_what_no_layer_can_have_is_said_in_one_sentence_and_changes_nothing(adder, text):
    before = adder.project
    adder.qtbot.mouseClick(stepper(adder).number, LEFT)
    editor = QApplication.focusWidget()
    editor.clear()
    adder.type(text)
    adder.press("Return")
    assert editor.isVisible()
    assert editor.is_wrong()
    assert editor.accessibleDescription().endswith(".")
    adder.press("Escape")
    assert adder.project is before
    assert not stack(adder).canUndo()


def test_what_finds_no_memory_is_said_in_one_sentence_and_changes_nothing(learner, monkeypatch):
    monkeypatch.setattr(room, "known_memory", lambda: room.Memory(2**30, "{} are free"))
    learner.window.open_document("million")
    before = learner.project
    learner.qtbot.mouseClick(stepper(learner, "Hidden 1").number, LEFT)
    learner.type("100000")
    learner.press("Return")
    assert learner.window.toast.text().startswith("This network would need about ")
    assert learner.project is before
    assert stepper(learner, "Hidden 1").value() == 1000
    assert not stack(learner).canUndo()


# -- how many layers ---------------------------------------------------------------------------------------------------


def test_a_ring_adds_a_layer_where_it_stands(adder):
    adder.push(control(adder, AddButton, "After Hidden layer"))
    assert adder.project.network.sizes == (2, 3, 3, 1)
    assert [each.value() for each in (stepper(adder, "Hidden 1"), stepper(adder, "Hidden 2"))] == [3, 3]
    adder.push(control(adder, AddButton, "After Input"))
    assert adder.project.network.sizes == (2, 3, 3, 3, 1)
    adder.press("Ctrl+Z", "Ctrl+Z")
    assert adder.project.network.sizes == (2, 3, 1)
    assert not stack(adder).canUndo()


def test_the_last_neuron_goes_with_its_layer_and_the_toast_brings_it_back(adder):
    for _ in range(2):
        adder.qtbot.mouseClick(stepper(adder).minus, LEFT)
    before = adder.project
    adder.qtbot.mouseClick(stepper(adder).minus, LEFT)
    assert adder.project.network.sizes == (2, 1)
    assert adder.window.toast.text() == "Layer removed."
    adder.window.toast.setFocus(Qt.FocusReason.TabFocusReason)
    adder.press("Return")
    assert adder.project is before


def test_layers_are_added_to_a_network_that_has_none_left(adder):
    adder.push(control(adder, HeadButton, "Activation of Hidden layer"))
    choose(adder, "Remove layer")
    assert adder.project.network.sizes == (2, 1)
    adder.push(control(adder, AddButton, "After Input"))
    assert adder.project.network.sizes == (2, 4, 1)


# -- activations -------------------------------------------------------------------------------------------------------


def test_another_activation_is_chosen_at_the_head(adder):
    adder.push(control(adder, HeadButton, "Activation of Hidden layer"))
    choose(adder, "Tanh")
    assert adder.project.network.activations == ("tanh", "linear")
    assert control(adder, HeadButton, "Activation of Hidden layer").label() == "Tanh"
    assert stack(adder).count() == 1


def test_the_loss_follows_the_output_and_says_so(learner):
    learner.window.open_document("xor")
    before = learner.project
    learner.push(control(learner, HeadButton, "Activation of Output"))
    choose(learner, "Linear")
    assert learner.project.network.activations[-1] == "linear"
    assert learner.project.options.loss == "mse"
    assert learner.window.toast.text() == "The loss is now mean squared error: it fits this output."
    learner.window.toast.trigger()
    assert learner.project is before


# -- the chosen place --------------------------------------------------------------------------------------------------


def gone_by_minus(learner: Learner) -> None:
    learner.qtbot.mouseClick(stepper(learner).minus, LEFT)


def gone_by_delete(learner: Learner) -> None:
    learner.press("Delete")


def gone_by_its_layer(learner: Learner) -> None:
    learner.push(control(learner, HeadButton, "Activation of Hidden layer"))
    choose(learner, "Remove layer")


@pytest.mark.parametrize(
    ("place", "go"),
    [
        (E, gone_by_minus),
        (E, gone_by_delete),
        (E, gone_by_its_layer),
        (Place("weight", 1, 2, 0), gone_by_minus),
        (Place("weight", 2, 0, 2), gone_by_minus),
        (Place("bias", 1, 2), gone_by_its_layer),
    ],
)
def test_what_is_no_longer_there_is_no_longer_chosen(adder, place, go):
    adder.player.seek(20)
    adder.click(place)
    go(adder)
    adder.page.finish()
    assert is_there(adder.stage.selected, adder)
    adder.press("X", "W", "Escape", "Down", "Right")


def test_what_came_and_was_taken_back_is_no_longer_chosen(adder):
    adder.qtbot.mouseClick(stepper(adder).plus, LEFT)
    adder.click(Place("neuron", 1, 3))
    adder.press("Ctrl+Z")
    assert is_there(adder.stage.selected, adder)
    adder.press("Ctrl+Shift+Z", "Right")


def is_there(place: Place | None, learner: Learner) -> bool:
    """Whether the network has such a place; nothing is always there."""
    sizes = learner.project.network.sizes
    if place is None:
        return True
    known = place.column < len(sizes) and place.neuron < sizes[place.column]
    return known and (place.source is None or place.source < sizes[place.column - 1])


# -- cut and silent ----------------------------------------------------------------------------------------------------


def test_x_cuts_a_connection_and_brings_it_back(adder):
    adder.player.seek(20)
    before = adder.project
    adder.click(AC)
    adder.press("X")
    assert adder.project.cut == {(0, 0, 0)}
    without = np.array(before.parameters)
    without[before.network.weight_index(0, 0, 0)] = 0.0
    assert output(adder) == pytest.approx(float(predict(before.network, without, before.sample)[0]))
    assert adder.stage.tip(AC) == "Weight a→c is cut"
    np.testing.assert_array_equal(adder.project.parameters, before.parameters)
    adder.press("X")
    assert not adder.project.cut
    assert output(adder) == pytest.approx(3.99, abs=0.005)
    assert stack(adder).count() == 2


def test_a_cut_connection_is_not_dragged(adder):
    adder.click(AC)
    adder.press("X")
    cut = adder.project
    adder.drag(AC, 40)
    assert adder.project is cut


def test_x_silences_a_neuron(adder):
    adder.player.seek(20)
    before = adder.project
    adder.click(C)
    adder.press("X")
    assert adder.project.silent == {(1, 0)}
    assert output(adder) == pytest.approx(output_without(before, 0))
    assert "switched off" in adder.stage.tip(C)
    adder.press("X")
    assert adder.project.silent == frozenset()


def output_without(project, neuron: int) -> float:
    """The adder's answer without one of its hidden neurons, by hand."""
    first, second = project.network.views(project.parameters)
    a = np.maximum(project.sample @ first.w + first.b, 0)
    a[neuron] = 0.0
    return float((a @ second.w + second.b)[0])


def test_an_output_is_not_switched_off(adder):
    adder.click(F)
    adder.press("X", "Delete")
    assert not stack(adder).canUndo()


def test_delete_removes_a_neuron_and_the_toast_brings_it_back(adder):
    before = adder.project
    adder.click(C)
    adder.press("Delete")
    assert adder.project.network.sizes == (2, 2, 1)
    np.testing.assert_array_equal(weights(adder), before.network.views(before.parameters)[0].w[:, 1:])
    assert adder.window.toast.text() == "Neuron removed."
    adder.window.toast.trigger()
    assert adder.project is before


def test_the_only_neuron_of_a_layer_is_not_removed_alone(adder):
    for _ in range(2):
        adder.qtbot.mouseClick(stepper(adder).minus, LEFT)
    before = adder.project
    adder.click(C)
    adder.press("Delete")
    assert adder.project is before
    assert adder.window.toast.text().endswith("remove the layer instead.")


def test_what_is_cut_stays_cut_while_the_rest_learns(adder):
    index = adder.project.network.weight_index(0, 0, 0)
    adder.press("Ctrl+2")
    epochs(adder, 1)
    old = float(adder.project.parameters[index])
    adder.click(AC)
    adder.press("X")
    epochs(adder, 2)
    learned = adder.trainer.snapshot
    assert learned.update > 0
    assert learned.parameters[index] == 0.0
    assert adder.project.parameters[index] == old
    assert adder.stage.content.trace.parameters[index] == 0.0
    adder.press("X")
    assert adder.page.mode == 1
    assert not adder.project.cut
    assert adder.project.parameters[index] == old
    np.testing.assert_array_equal(np.delete(adder.project.parameters, index), np.delete(learned.parameters, index))


def test_a_neuron_is_silenced_while_the_run_goes_on(adder):
    adder.press("Ctrl+2")
    adder.press("Space")
    adder.until(lambda: adder.trainer.snapshot.update > 3)
    adder.stage.select(C)
    adder.press("X")
    assert adder.project.silent == {(1, 0)}
    epochs(adder, 1)
    silent = adder.project.mask.parameters == 0.0
    assert (adder.trainer.snapshot.parameters[silent] == 0.0).all()


# -- the menu of a place -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "texts"),
    [
        (D, ["Inspect", "Switch the neuron off", "Remove the neuron", "Matrix of these weights"]),
        (BD, ["Inspect", "Cut the connection", "Matrix of these weights"]),
        (A, ["Inspect", "Switch the neuron off"]),
        (F, ["Inspect", "Matrix of these weights"]),
    ],
)
def test_a_place_has_its_menu(adder, place, texts):
    menu = context_menu(adder, place)
    assert entries(menu) == texts
    menu.close()


def test_the_menu_of_a_neuron_switches_it_removes_it_and_inspects_it(adder):
    context_menu(adder, D)
    choose(adder, "Inspect")
    assert adder.stage.selected == D
    context_menu(adder, D, QContextMenuEvent.Reason.Keyboard)
    choose(adder, "Switch the neuron off")
    assert adder.project.silent == {(1, 1)}
    context_menu(adder, D)
    choose(adder, "Switch the neuron on")
    assert not adder.project.silent
    adder.press("Escape")
    context_menu(adder, D)
    choose(adder, "Remove the neuron")
    assert adder.project.network.sizes == (2, 2, 1)


def test_the_menu_of_a_connection_cuts_it_and_joins_it_again(adder):
    context_menu(adder, BD)
    choose(adder, "Cut the connection")
    assert adder.project.cut == {(0, 1, 1)}
    context_menu(adder, BD)
    choose(adder, "Restore the connection")
    assert not adder.project.cut


def test_empty_space_has_no_menu(adder):
    at = QPoint(5, 5)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, adder.stage.mapToGlobal(at))
    QApplication.sendEvent(adder.stage, event)
    assert QApplication.activePopupWidget() is None


# -- the matrix --------------------------------------------------------------------------------------------------------


def cells(learner: Learner) -> MatrixMap:
    (found,) = learner.page.matrix.findChildren(MatrixMap)
    return found


def test_the_matrix_opens_at_the_head_and_esc_goes_back(adder):
    adder.push(control(adder, HeadButton, "Activation of Output"))
    choose(adder, "Matrix of these weights")
    assert adder.page.matrix_layer == 1
    assert adder.page.matrix.isVisible()
    assert not adder.stage.isVisible()
    assert adder.page.matrix.accessibleName() == "Weights Hidden layer → Output, 3 by 1"
    adder.press("Escape")
    assert adder.stage.isVisible()
    assert adder.window.focusWidget() is adder.stage
    assert adder.page.matrix_layer is None


def test_w_opens_the_matrix_and_a_click_chooses_the_weight(adder):
    adder.click(D)
    adder.press("W")
    assert adder.page.matrix_layer == 0
    adder.qtbot.mouseClick(cells(adder), LEFT, pos=cells(adder).position_of((1, 1)).toPoint())
    assert adder.stage.selected == BD
    assert adder.page.matrix.chosen == (1, 1)
    adder.press("Escape")
    assert adder.stage.isVisible()
    assert adder.stage.selected == BD


def test_the_matrix_follows_the_training_and_what_is_cut(adder):
    adder.press("Ctrl+2")
    adder.click(AC)
    adder.press("X", "W")
    epochs(adder, 1)
    shown = adder.page.matrix._content
    network, parameters = adder.project.network, adder.trainer.snapshot.parameters
    np.testing.assert_array_equal(shown.weights, network.views(parameters)[0].w)
    assert shown.cut == {(0, 0)}
    before = shown.weights.copy()
    epochs(adder, 1)
    assert not np.array_equal(adder.page.matrix._content.weights, before)


def test_the_matrix_of_a_layer_that_has_gone_closes(adder):
    adder.page.open_matrix(1)
    adder.page.reshape(())
    assert adder.page.matrix_layer is None
    assert adder.stage.isVisible()


def test_another_document_is_shown_as_a_network(adder):
    adder.page.open_matrix(0)
    adder.window.open_document("xor")
    assert adder.stage.isVisible()
    assert adder.stage.hasFocus()


# -- what is switched off keeps its numbers ---------------------------------------------------------------------------


def test_numbers_of_a_silent_neuron_stand_still(adder):
    adder.click(C)
    adder.press("X")
    before = adder.project
    adder.drag(AC, 60)
    adder.click(AC)
    adder.press(Qt.Key.Key_Up, "5", Qt.Key.Key_Return)
    assert adder.project is before
    assert "switched off" in adder.stage.tip(AC)


def test_in_train_mode_what_is_dragged_starts_from_what_is_seen_also_with_something_cut(adder):
    adder.click(BD)
    adder.press("X")
    adder.page.set_mode(1)
    adder.learn()
    shown = adder.trainer.snapshot.parameters
    index = adder.project.network.weight_index(0, 0, 0)
    assert adder.stage.project.parameters[index] == shown[index]
    adder.drag(AC, 50)
    adder.learn()
    assert adder.project.parameters[index] == pytest.approx(shown[index] + 0.5)
    cut = adder.project.network.weight_index(0, 1, 1)
    assert adder.project.parameters[cut] == pytest.approx(-0.8950311)


def test_code_leaves_out_what_is_switched_off_even_before_a_shortcut(adder):
    adder.page.editor.apply(Edit("Shortcuts", lambda p: replace(p, network=replace(p.network, shortcut=1))))
    adder.page.editor.apply(Edit("Layer", lambda p: p.with_layer(1)))
    copied = []
    adder.page.code_copied.connect(copied.append)
    adder.click(C)
    adder.press("X")
    adder.page.copy_code()
    printed = []
    exec(compile(copied[0], "copied.py", "exec"), {"print": lambda *said: printed.append(said[-1])})
    assert printed[0] == adder.page.workspace.trace().output[0]


# -- what is said and what is chosen -----------------------------------------------------------------------------------


def test_a_toast_never_takes_back_something_else_than_it_says(adder):
    adder.click(D)
    adder.press(Qt.Key.Key_Delete)
    assert adder.window.toast.text() == "Neuron removed."
    adder.page.set_number(AC, 0.5)
    assert adder.window.toast.text() == "" or not adder.window.toast.is_waiting()


def test_removing_a_neuron_leaves_no_other_one_chosen(adder):
    adder.click(D)
    context_menu(adder, C)
    choose(adder, "Remove the neuron")
    assert adder.stage.selected is None


def test_what_is_found_in_a_folded_layer_is_unfolded(learner):
    learner.window.open_document("deep")
    learner.page.select_named("h30_3")
    assert learner.stage.position_of(Place("neuron", 30, 2)) is not None


def test_a_layer_at_work_is_told_of_once(learner):
    learner.window.open_document("digits")
    learner.player.set_grain("layer")
    learner.player.play()
    told = set()
    for _ in range(30):
        learner.wait(0.032)
        told.add(learner.subtitle)
    assert told == {"Hidden layer: 32 sums of 64 products each, then ReLU."}
    learner.player.pause()
    assert learner.subtitle not in told
