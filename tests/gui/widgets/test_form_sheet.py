import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from visualnn.gui.widgets.activations_sheet import ActivationsSheet
from visualnn.gui.widgets.notes_sheet import NotesSheet

ACTIVATIONS = [("relu", "ReLU"), ("tanh", "Tanh")]
OUTPUTS = [("linear", "Linear"), ("softmax", "Softmax")]


@pytest.fixture
def notes(window):
    return NotesSheet(window)


def test_notes_that_were_typed_are_kept(qtbot, notes):
    notes.ask_about("It learned")
    with qtbot.waitSignal(notes.kept) as kept:
        qtbot.keyClicks(notes.field, " to add.")
        qtbot.keyClick(notes.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert kept.args == ["It learned to add."]
    assert notes.isHidden()


def test_a_new_line_is_one_and_no_end(qtbot, notes):
    notes.ask_about("one")
    qtbot.keyClick(notes.field, Qt.Key.Key_Return)
    qtbot.keyClicks(notes.field, "two")
    assert notes.field.toPlainText() == "one\ntwo"
    assert notes.isVisible()


@pytest.mark.parametrize("leave", [Qt.Key.Key_Escape, None])
def test_notes_that_are_left_or_stay_the_same_tell_nobody(qtbot, notes, leave):
    told = []
    notes.kept.connect(told.append)
    notes.ask_about("It learned")
    if leave is None:
        notes.accept()
    else:
        qtbot.keyClicks(notes.field, "!")
        qtbot.keyClick(notes.field, leave)
    assert told == []
    assert notes.isHidden()


def test_tab_goes_round_inside_the_card(qtbot, notes):
    notes.ask_about("")
    seen = []
    for _ in range(4):
        seen.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert seen == [notes.field, notes.leave_button, notes.accept_button, notes.field]


def test_the_activations_that_were_chosen_are_told(qtbot, window):
    sheet = ActivationsSheet(window, ACTIVATIONS, OUTPUTS)
    sheet.ask_about("model.safetensors")
    assert "“model.safetensors”" in sheet.accessibleName()
    sheet.hidden.set_key("tanh")
    with qtbot.waitSignal(sheet.answered) as answered:
        qtbot.keyClick(sheet, Qt.Key.Key_Return)
    assert answered.args == ["tanh", "linear"]


@pytest.mark.parametrize("size", [(960, 640), (300, 260)])
def test_the_fields_lie_inside_the_card_and_above_its_buttons(qtbot, window, size):
    window.resize(*size)
    sheet = NotesSheet(window)
    sheet.ask_about("")
    assert sheet.card().contains(sheet.field.geometry().toRectF())
    assert sheet.field.geometry().bottom() < sheet.accept_button.geometry().top()
    assert sheet.card().contains(sheet.accept_button.geometry().toRectF())
