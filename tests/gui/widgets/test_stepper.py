import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from visualnn.gui import theme
from visualnn.gui.widgets.count_edit import read_count
from visualnn.gui.widgets.numbers import NumberError
from visualnn.gui.widgets.stepper import Stepper, stepper_width

LEFT = Qt.MouseButton.LeftButton
NOTHING = Qt.KeyboardModifier.NoModifier
LIMITS = "A layer can have 1 to 100,000 neurons."


@pytest.fixture
def stepper(place):
    made = Stepper(name="Neurons of Hidden 1")
    made.set_range(1, 100_000)
    made.set_value(8)
    return place(made, x=200, y=100)


@pytest.fixture
def heard(stepper):
    """What it asked for; it is given what it asks for."""
    told = []
    stepper.value_requested.connect(told.append)
    stepper.value_requested.connect(stepper.set_value)
    stepper.removal_requested.connect(lambda: told.append("remove"))
    return told


def press(stepper, key, repeated=False):
    QApplication.sendEvent(stepper, QKeyEvent(QEvent.Type.KeyPress, key, NOTHING, "", repeated))


def test_the_signs_ask_for_one_more_and_one_fewer(stepper, heard, qtbot):
    qtbot.mouseClick(stepper.plus, LEFT)
    qtbot.mouseClick(stepper.minus, LEFT)
    qtbot.mouseClick(stepper.minus, LEFT)
    assert heard == [9, 8, 7]


def test_it_changes_nothing_by_itself(stepper, qtbot):
    qtbot.mouseClick(stepper.plus, LEFT)
    assert stepper.value() == 8


def test_a_held_sign_repeats(stepper, heard, qtbot):
    qtbot.mousePress(stepper.plus, LEFT)
    qtbot.waitUntil(lambda: len(heard) >= 3)
    qtbot.mouseRelease(stepper.plus, LEFT)
    assert heard[:3] == [9, 10, 11]


def test_a_held_minus_stops_at_one_and_only_a_new_press_removes(stepper, heard, qtbot):
    stepper.set_value(2)
    stepper.set_removes(True)
    qtbot.mousePress(stepper.minus, LEFT)
    qtbot.waitUntil(lambda: stepper.value() == 1)
    qtbot.mouseRelease(stepper.minus, LEFT)
    assert heard == [1]
    assert stepper.minus.toolTip() == "Remove layer  (−)"
    qtbot.mouseClick(stepper.minus, LEFT)
    assert heard == [1, "remove"]


def test_the_last_neuron_of_a_layer_that_must_stay_stays(stepper, heard, qtbot):
    stepper.set_value(1)
    qtbot.mouseClick(stepper.minus, LEFT)
    press(stepper, Qt.Key.Key_Minus)
    assert heard == []
    assert stepper.minus.toolTip() == LIMITS


@pytest.mark.parametrize(
    ("key", "value"), [(Qt.Key.Key_Plus, 9), (Qt.Key.Key_Up, 9), (Qt.Key.Key_Minus, 7), (Qt.Key.Key_Down, 7)]
)
def test_keys_step(stepper, heard, key, value):
    press(stepper, key)
    assert heard == [value]


def test_neither_a_held_key_nor_an_arrow_removes_a_layer(stepper, heard):
    stepper.set_value(1)
    stepper.set_removes(True)
    press(stepper, Qt.Key.Key_Minus, repeated=True)
    press(stepper, Qt.Key.Key_Down)
    assert heard == []
    press(stepper, Qt.Key.Key_Minus)
    assert heard == ["remove"]


def test_ctrl_plus_is_not_its_own(stepper, heard, qtbot):
    qtbot.keyClick(stepper, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert heard == []


def test_a_clicked_number_is_typed_in_place(stepper, heard, qtbot):
    qtbot.mouseClick(stepper.number, LEFT)
    editor = QApplication.focusWidget()
    assert editor.geometry().contains(stepper.geometry().center())
    assert editor.hasSelectedText()
    qtbot.keyClicks(editor, "1000")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert heard == [1000]
    assert not editor.isVisible()
    assert stepper.accessibleDescription() == "1,000"


def test_digits_start_typing_and_give_the_focus_back(stepper, heard, qtbot):
    stepper.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClicks(stepper, "1")
    qtbot.keyClicks(stepper.editor(), "2")
    qtbot.keyClick(stepper.editor(), Qt.Key.Key_Return)
    assert heard == [12]
    assert stepper.hasFocus()
    assert stepper.has_ring()


def test_escape_restores(stepper, heard, qtbot):
    stepper.start_typing()
    qtbot.keyClicks(stepper.editor(), "5")
    qtbot.keyClick(stepper.editor(), Qt.Key.Key_Escape)
    assert heard == []
    assert not stepper.is_typing()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("abc", "“abc” is not a number."),
        ("", "Type a number."),
        ("2.5", "“2.5” is not a whole number."),
        ("0", LIMITS),
        ("-3", LIMITS),
        ("1000000000", LIMITS),
        ("1e9", LIMITS),
    ],
)
def test_a_wrong_number_stays_open_with_a_sentence(stepper, heard, qtbot, text, sentence):
    stepper.start_typing()
    stepper.editor().setText(text)
    qtbot.keyClick(stepper.editor(), Qt.Key.Key_Return)
    assert heard == []
    assert stepper.editor().isVisible()
    assert stepper.editor().is_wrong()
    assert stepper.editor().toolTip() == sentence


@pytest.mark.parametrize(("text", "count"), [("12", 12), ("1,000", 1000), (" 100 000 ", 100_000), ("7.0", 7)])
def test_counts_are_read_as_people_write_them(text, count):
    assert read_count(text, 1, 100_000) == count


def test_a_number_of_a_thousand_digits_is_only_too_large():
    with pytest.raises(NumberError, match=LIMITS):
        read_count("9" * 1000, 1, 100_000)


def test_the_editor_goes_where_the_number_goes_and_closes_with_it(stepper):
    stepper.start_typing()
    before = stepper.editor().geometry().center()
    stepper.stand_at(QPointF(stepper.geometry().center()) + QPointF(40, 20))
    moved = stepper.editor().geometry().center() - before
    assert (moved.x(), moved.y()) == (pytest.approx(40, abs=1), pytest.approx(20, abs=1))
    assert stepper.is_typing()
    stepper.hide()
    assert not stepper.is_typing()


def test_it_has_the_measures_of_the_picture_and_is_easier_to_hit(stepper):
    assert (stepper.body().width(), stepper.body().height()) == (84, 26)
    assert stepper.height() == 34
    assert min(part.width() for part in (stepper.minus, stepper.number, stepper.plus)) >= 32


def test_a_long_number_and_a_large_stage_need_more_room():
    assert stepper_width(8) < stepper_width(1000) < stepper_width(100_000) < stepper_width(100_000, 1.5)


def test_at_the_upper_end_the_plus_says_why_it_rests(stepper, heard, qtbot):
    stepper.set_value(100_000)
    qtbot.mouseClick(stepper.plus, LEFT)
    assert heard == []
    assert stepper.plus.toolTip() == LIMITS
    stepper.set_value(99_999)
    assert stepper.plus.toolTip() == "One neuron more  (+)"


def test_it_says_what_it_counts_and_how_many(stepper):
    assert (stepper.accessibleName(), stepper.accessibleDescription()) == ("Neurons of Hidden 1", "8")


def test_the_ring_lies_around_the_pill(stepper, window, qtbot):
    stepper.setFocus(Qt.FocusReason.TabFocusReason)
    image, top = window.grab().toImage(), stepper.y() + 4
    accent = theme.color("accent").name()
    accents = [y for y in range(90, 120) if image.pixelColor(stepper.x() + 48, y).name() == accent]
    assert accents == [top - 4, top - 3]


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_hover_lights_a_sign(stepper, window, qtbot, appearance, mode):
    appearance.set_mode(mode)
    rest = stepper.grab().toImage()
    qtbot.mouseMove(stepper.plus)
    qtbot.waitUntil(lambda: stepper.grab().toImage() != rest)
    qtbot.mouseMove(window, QPoint(700, 500))
    qtbot.waitUntil(lambda: stepper.grab().toImage() == rest)
