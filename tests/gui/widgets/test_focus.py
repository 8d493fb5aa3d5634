import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import delete

from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.focus import FocusRing
from visualnn.gui.widgets.menu_field import MenuField
from visualnn.gui.widgets.number_field import NumberField
from visualnn.gui.widgets.numbers import InlineEditor
from visualnn.gui.widgets.sheet import FindSheet
from visualnn.gui.widgets.toast import Toast


def tab(window, qtbot):
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Tab)


def test_after_typing_the_ring_is_back(place, window, qtbot):
    field = place(NumberField(1.0))
    tab(window, qtbot)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not field.has_ring()
    qtbot.keyClick(field.editor(), Qt.Key.Key_Escape)
    assert field.has_ring()


def test_after_a_double_click_there_is_none(place, qtbot):
    field = place(NumberField(1.0))
    qtbot.mouseDClick(field, Qt.MouseButton.LeftButton)
    qtbot.keyClick(field.editor(), Qt.Key.Key_Return)
    assert field.hasFocus()
    assert not field.has_ring()


def test_after_a_sheet_the_ring_is_back(place, window, qtbot):
    button = place(TextButton("One"))
    tab(window, qtbot)
    sheet = FindSheet(window)
    sheet.open()
    qtbot.waitUntil(sheet.line().hasFocus)
    assert not button.has_ring()
    qtbot.keyClick(sheet.line(), Qt.Key.Key_Escape)
    assert button.has_ring()


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
def test_after_a_menu_the_ring_is_back(place, window, qtbot):
    field = place(MenuField([("a", "A"), ("b", "B")]))
    tab(window, qtbot)
    menu = field.open_menu()
    qtbot.keyClick(menu, Qt.Key.Key_Escape)
    qtbot.waitUntil(field.has_ring)


def test_the_ring_moves_house_with_its_control(place, window, qtbot):
    button = place(TextButton("One"))
    tab(window, qtbot)
    box = QWidget(window)
    layout = QVBoxLayout(box)
    layout.addWidget(button)
    box.show()
    window.setFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.has_ring()
    assert button._ring.parentWidget() is box
    assert button._ring.geometry().contains(button.geometry())


def test_a_control_without_a_parent_has_no_ring(qtbot):
    button = TextButton("One")
    qtbot.addWidget(button)
    button.show_ring()
    assert not button.has_ring()


def test_keys_with_ctrl_stay_the_windows(place):
    button = place(TextButton("One"))
    event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    event.ignore()
    button.event(event)
    assert not event.isAccepted()


def test_what_closes_does_not_light_a_stranger(place, window, qtbot):
    stranger = place(TextButton("One"))
    editor = InlineEditor(window)
    editor.open_at(QPoint(200, 200), 1.0)
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not stranger.hasFocus()
    sheet = FindSheet(window)
    sheet.open()
    sheet.leave()
    assert not stranger.hasFocus()
    toast = Toast(window)
    toast.say("Layer removed.", "Undo")
    toast.setFocus()
    toast.dismiss()
    assert not stranger.hasFocus()


def test_the_focus_is_not_given_to_what_is_gone(window, qtbot):
    gone = NumberField(1.0, parent=window)
    gone.show()
    gone.setFocus()
    editor = InlineEditor(window)
    editor.open_at(QPoint(200, 200), 1.0)
    delete(gone)
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert editor.isHidden()


def test_the_ring_of_what_fills_its_parent_lies_inside(place, window, qtbot):
    button = place(TextButton("One"))
    button.setGeometry(button.parentWidget().rect())
    tab(window, qtbot)
    ring = button.parentWidget().findChild(FocusRing)
    assert ring.isVisible()
    assert ring.geometry() == button.parentWidget().rect()
