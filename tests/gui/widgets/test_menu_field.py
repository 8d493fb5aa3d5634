import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from visualnn.gui.widgets.menu_field import MenuField

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
LEFT = Qt.MouseButton.LeftButton
OPTIONS = [("sgd", "SGD"), ("adam", "Adam"), ("rmsprop", "RMSProp")]


@pytest.fixture
def field(place):
    return place(MenuField(OPTIONS, name="Optimizer", width=150))


def open_menu(field) -> QMenu:
    return field.findChild(QMenu)


def test_a_click_opens_and_a_click_chooses(field, qtbot):
    qtbot.mouseClick(field, LEFT)
    menu = open_menu(field)
    assert menu.isVisible()
    with qtbot.waitSignal(field.chosen) as heard:
        qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(menu.actions()[1]).center())
    assert heard.args == ["adam"]
    assert (field.key(), field.label()) == ("adam", "Adam")


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Down])
def test_keys_open_and_choose(field, qtbot, key):
    field.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(field, key)
    menu = open_menu(field)
    with qtbot.waitSignal(field.chosen):
        qtbot.keyClick(menu, Qt.Key.Key_Down)
        qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert field.key() == "adam"


def test_escape_leaves_it_as_it_was(field, qtbot):
    with qtbot.assertNotEmitted(field.chosen):
        qtbot.keyClick(field, Qt.Key.Key_Space)
        qtbot.keyClick(open_menu(field), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: open_menu(field) is None)
    assert field.key() == "sgd"


def test_the_chosen_one_again_says_nothing(field, qtbot):
    with qtbot.assertNotEmitted(field.chosen):
        qtbot.keyClick(field, Qt.Key.Key_Space)
        qtbot.keyClick(open_menu(field), Qt.Key.Key_Return)


def test_a_disabled_option_says_why(field, qtbot):
    field.set_option_enabled("adam", False, "Not for this network.")
    menu = field.open_menu()
    assert not menu.actions()[1].isEnabled()
    assert menu.actions()[1].toolTip() == "Not for this network."
    menu.close()
    field.set_option_enabled("adam", True)
    menu = field.open_menu()
    assert menu.actions()[1].isEnabled()
    menu.close()


def test_other_options_keep_the_choice_if_they_can(field):
    field.set_key("adam")
    field.set_options([("adam", "Adam"), ("sgd", "SGD")])
    assert field.key() == "adam"
    field.set_options([("x", "X")])
    assert field.key() == "x"
    field.set_options([])
    assert (field.key(), field.label()) == ("", "")


def test_name_and_value_are_told(field):
    field.set_key("rmsprop")
    assert (field.accessibleName(), field.accessibleDescription()) == ("Optimizer", "RMSProp")


def test_it_is_as_wide_as_its_widest_option(place):
    narrow, wide = MenuField([("a", "a")]), MenuField([("a", "a"), ("b", "a much longer one")], icon="sun")
    assert narrow.sizeHint().width() < wide.sizeHint().width()
    place(narrow)
    place(wide)


def test_states_look_different(field, qtbot, window):
    rest = field.grab().toImage()
    qtbot.mouseMove(field)
    qtbot.waitUntil(lambda: field.grab().toImage() != rest)
    qtbot.mouseMove(window, QPoint(600, 500))
    qtbot.waitUntil(lambda: field.grab().toImage() == rest)
    field.setEnabled(False)
    assert field.grab().toImage() != rest
