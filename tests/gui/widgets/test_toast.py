import pytest
from PySide6.QtCore import QPoint, Qt

from visualnn.gui.widgets.toast import HEIGHT, Toast

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def toast(window):
    return Toast(window, bottom_margin=100)


def test_it_says_one_line_at_the_bottom_middle(toast, window):
    toast.say("Layer removed.", "Undo")
    assert toast.isVisible()
    middle = toast.geometry().center()
    assert middle.x() == pytest.approx(window.width() / 2, abs=1)
    assert middle.y() == pytest.approx(600 - 100 - HEIGHT / 2, abs=4)
    assert toast.accessibleName() == "Layer removed. Undo"
    assert not toast.grab().isNull()


def test_the_action_is_a_click_away(toast, qtbot):
    done = []
    toast.say("Layer removed.", "Undo", lambda: done.append("undo"))
    with qtbot.waitSignal(toast.action_triggered):
        qtbot.mouseClick(toast, LEFT, pos=toast._action_rect().center().toPoint())
    assert done == ["undo"]
    assert toast.isHidden()


def test_a_click_on_the_line_is_no_action(toast, qtbot):
    toast.say("Layer removed.", "Undo")
    with qtbot.assertNotEmitted(toast.action_triggered):
        qtbot.mouseClick(toast, LEFT, pos=QPoint(30, 30))
    assert toast.isVisible()


def test_the_action_is_a_key_away(toast, qtbot, window):
    toast.say("Layer removed.", "Undo")
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Tab)
    assert toast.has_ring()
    with qtbot.waitSignal(toast.action_triggered):
        qtbot.keyClick(toast, Qt.Key.Key_Return)


def test_escape_and_other_keys(toast, qtbot):
    toast.say("Layer removed.", "Undo")
    toast.setFocus()
    qtbot.keyClick(toast, Qt.Key.Key_Q)
    assert toast.isVisible()
    with qtbot.waitSignal(toast.closed):
        qtbot.keyClick(toast, Qt.Key.Key_Escape)
    assert toast.isHidden()


def test_it_can_be_withdrawn_at_once_even_under_the_pointer(toast, qtbot):
    toast.say("Layer removed.", "Undo")
    toast._timer.stop()  # as under the pointer
    with qtbot.waitSignal(toast.closed):
        toast.withdraw()
    assert (toast.text(), toast.isVisible(), toast.is_waiting()) == ("", False, False)
    toast.say("Copied.")
    assert toast.isVisible()


def test_a_line_without_action_takes_no_focus(toast):
    toast.say("Copied.")
    assert toast.focusPolicy() == Qt.FocusPolicy.NoFocus
    toast.trigger()
    assert toast.isHidden()


def test_the_newest_wins(toast, window):
    toast.say("First.", "Undo")
    toast.say("Second.")
    assert toast.text() == "Second."
    assert len(window.findChildren(Toast)) == 1


def test_it_goes_by_itself_but_not_under_the_pointer(toast, qtbot, window):
    qtbot.mouseMove(window, QPoint(5, 5))
    toast.say("Layer removed.", "Undo")
    assert toast.is_waiting()
    qtbot.mouseMove(toast, toast._action_rect().center().toPoint())
    qtbot.waitUntil(lambda: not toast.is_waiting())
    qtbot.mouseMove(window, QPoint(5, 5))
    qtbot.waitUntil(toast.is_waiting)
    toast._timer.timeout.emit()
    assert toast.isHidden()


def test_it_fades_where_motion_is_wanted(toast, qtbot, appearance):
    appearance.set_reduced_motion(False)
    toast.say("Layer removed.")
    qtbot.waitUntil(lambda: toast._glide.value == 1)
    toast.dismiss()
    assert toast.isVisible()
    qtbot.waitUntil(toast.isHidden)


def test_it_follows_its_host(toast, window):
    toast.say("Layer removed.")
    window.resize(700, 500)
    assert toast.geometry().center().x() == pytest.approx(350, abs=1)


def test_a_long_line_is_cut(toast, window):
    toast.say("A very long sentence about what has happened. " * 10, "Undo")
    assert toast.width() <= window.width() + 28
    assert not toast.grab().isNull()


def test_a_long_sentence_is_there_to_its_last_word_and_long_enough_to_be_read(toast, window):
    said = " ".join(f"“model.pt” cannot be opened for reason {number}: do that in place of it." for number in range(4))
    toast.say(said, "Undo")
    assert " ".join(toast.lines) == said
    assert toast.shown_ms > 10_000
    assert window.rect().contains(toast.geometry())
    assert toast.geometry().center().y() < 600 - 100 - HEIGHT / 2
    toast.say("Copied.")
    assert toast.lines == ["Copied."]
    assert toast.shown_ms == 6000
