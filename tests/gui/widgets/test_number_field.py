import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from visualnn.gui.widgets.number_field import NumberField, Steps

LEFT = Qt.MouseButton.LeftButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def field(place):
    return place(NumberField(0.5, Steps(-2, 2), name="Weight", width=150))


@pytest.fixture
def heard(field):
    told = []
    field.edited.connect(lambda value: told.append(value))
    field.committed.connect(lambda old, new: told.append((old, new)))
    return told


def drag(field, *steps, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.mousePress(field, LEFT, pos=QPoint(40, 16))
    x = 40
    for step in steps:
        x += step
        local = QPointF(x, 16)
        event = QMouseEvent(QEvent.Type.MouseMove, local, field.mapToGlobal(local), LEFT, LEFT, modifiers)
        QApplication.sendEvent(field, event)


def release(field):
    QTest.mouseRelease(field, LEFT, pos=QPoint(40, 16))


def test_a_drag_is_many_edits_and_one_commit(field, heard):
    drag(field, 1, 1, 1)
    release(field)
    assert heard == [0.51, 0.52, 0.53, (0.5, 0.53)]


@pytest.mark.parametrize(("modifiers", "value"), [(SHIFT, 0.51), (CTRL, 1.5)])
def test_shift_is_finer_and_ctrl_coarser(field, modifiers, value):
    drag(field, 10, modifiers=modifiers)
    release(field)
    assert field.value() == value


def test_escape_restores_during_a_drag(field, heard, qtbot):
    drag(field, 7)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    release(field)
    assert field.value() == 0.5
    assert heard == [0.57, 0.5]


def test_limits_hold_and_give_back_at_once(field):
    drag(field, 500)
    assert field.value() == 2
    release(field)


def test_a_click_changes_nothing(field, heard, qtbot):
    qtbot.mouseClick(field, LEFT)
    assert heard == []


@pytest.mark.parametrize(
    ("key", "modifiers", "value"),
    [
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 0.51),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, 0.49),
        (Qt.Key.Key_Up, SHIFT, 0.501),
        (Qt.Key.Key_Up, CTRL, 0.6),
    ],
)
def test_arrows_step_and_commit_on_release(field, heard, qtbot, key, modifiers, value):
    qtbot.keyClick(field, key, modifiers)
    assert heard == [value, (0.5, value)]


def test_a_held_arrow_is_one_commit(field, heard):
    for repeated in (False, True, True):
        press = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, "", repeated)
        field.keyPressEvent(press)
        loose = QKeyEvent(QKeyEvent.Type.KeyRelease, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, "", True)
        field.keyReleaseEvent(loose)
    field.keyReleaseEvent(QKeyEvent(QKeyEvent.Type.KeyRelease, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier))
    assert heard == [0.51, 0.52, 0.53, (0.5, 0.53)]


@pytest.mark.parametrize("start", ["enter", "double click"])
def test_typing(field, heard, qtbot, start):
    if start == "enter":
        qtbot.keyClick(field, Qt.Key.Key_Return)
    else:
        qtbot.mouseDClick(field, LEFT)
    qtbot.keyClicks(field.editor(), "-1,25")
    qtbot.keyClick(field.editor(), Qt.Key.Key_Return)
    assert heard == [(0.5, -1.25)]
    assert field.editor() is None
    assert field.text() == "−1.25"
    assert field.hasFocus()


def test_typing_can_be_left(field, heard, qtbot):
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClicks(field.editor(), "9")
    qtbot.keyClick(field.editor(), Qt.Key.Key_Escape)
    assert heard == []
    assert field.value() == 0.5


@pytest.mark.parametrize("text", ["n/a", "3"])
def test_bad_text_stays_and_loses_nothing(field, heard, qtbot, text):
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClicks(field.editor(), text)
    qtbot.keyClick(field.editor(), Qt.Key.Key_Return)
    assert field.editor().is_wrong()
    assert field.editor().text() == text
    assert heard == []
    assert field.value() == 0.5
    QToolTip.hideText()


def test_tab_commits_and_goes_on(field, heard, qtbot, place):
    after = place(NumberField(1.0, name="Bias", width=150), y=80)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClicks(field.editor(), "1")
    qtbot.keyClick(field.editor(), Qt.Key.Key_Tab)
    assert heard == [(0.5, 1.0)]
    assert after.hasFocus()


def test_learning_rates_move_by_factors():
    steps = Steps(1e-6, 10, 0.01, is_log=True)
    assert steps.moved(0.02, 100) == 0.2
    assert steps.moved(0.02, -100) == 0.002
    assert steps.moved(0.02, 5) == 0.022
    assert steps.moved(0.02, 0.5) == 0.0202
    assert steps.moved(5, 1000) == 10
    assert steps.moved(0.0, 5) == 1e-6


def test_whole_numbers_stay_whole():
    assert Steps(1, 100, 1, is_whole=True).moved(4, 0.3) == 4
    assert Steps(1, 100, 1, is_whole=True).moved(4, 2) == 6


def test_a_rate_by_key(place, qtbot):
    rate = place(NumberField(0.02, Steps(1e-6, 10, is_log=True), name="Learning rate"))
    qtbot.keyClick(rate, Qt.Key.Key_Up)
    assert rate.value() == 0.022
    qtbot.keyClick(rate, Qt.Key.Key_Down, SHIFT)
    assert 0.02 < rate.value() < 0.022


def test_what_comes_from_elsewhere_waits_for_the_hand(field):
    field.set_value(0.7)
    assert field.accessibleDescription() == "0.7"
    drag(field, 1)
    field.set_value(1.9)
    assert field.value() == 0.71
    release(field)


def test_trouble_is_red_and_says_why(field):
    rest = field.grab().toImage()
    field.set_trouble("Two steps at rate 0.1 were too large.")
    assert field.grab().toImage() != rest
    assert field.toolTip() == "Two steps at rate 0.1 were too large."
    field.set_trouble("")
    assert field.grab().toImage() == rest


def test_cursor_and_name_tell_what_it_is(field):
    assert field.cursor().shape() == Qt.CursorShape.SizeHorCursor
    assert field.accessibleName() == "Weight"
    field.setEnabled(False)
    assert not field.grab().isNull()


def test_other_keys_go_on(field, window, qtbot):
    qtbot.keyClick(field, Qt.Key.Key_Q)
    assert field.value() == 0.5
