"""The menus of the top bar hold actions, examples and files, and do what they say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import LEFT
from visualnn.files import native
from visualnn.gui.menus import CommandMenu, document_menu, export_offers, more_menu

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")


def open_menu(learner, button: str) -> CommandMenu:
    """A click on a button of the top bar; the menu that opens."""
    learner.push(getattr(learner.page.top_bar, button))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, CommandMenu)
    return menu


def choose(learner, menu: CommandMenu, text: str) -> None:
    """A click on a row."""
    action = next(action for action in menu.actions() if action.text() == text)
    learner.qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def texts(menu: CommandMenu) -> list[str]:
    found = [action.text() for action in menu.actions() if not action.isSeparator()]
    menu.deleteLater()
    return found


def test_the_document_menu(adder):
    found = texts(document_menu(adder.window))
    assert found[:5] == ["New network", "Open…", "Save", "Save as…", "Export…"]
    assert {"Add two numbers", "XOR", "Circles", "Backprop by hand", "Start page"} <= set(found)


def test_an_example_is_chosen_by_click(adder):
    choose(adder, open_menu(adder, "document"), "XOR")
    assert adder.project.name == "XOR"
    assert QApplication.activePopupWidget() is None


def test_recent_files_are_offered_while_they_exist(adder, tmp_path):
    paths = [tmp_path / f"file{i}.vnn" for i in range(7)]
    for path in paths:
        native.write(path, adder.project.renamed(path.stem))
        adder.window.open_document(str(path))
    paths[6].unlink()
    found = texts(document_menu(adder.window))
    assert [text for text in found if text.startswith("file")] == [f"file{i}.vnn" for i in (5, 4, 3, 2, 1)]
    choose(adder, open_menu(adder, "document"), "file3.vnn")
    assert adder.project.name == "file3"


def test_an_ampersand_in_a_name_is_shown(adder, tmp_path):
    path = tmp_path / "a & b.vnn"
    native.write(path, adder.project)
    adder.window.open_document(str(path))
    assert "a && b.vnn" in texts(document_menu(adder.window))


def test_code_can_be_taken_away(adder):
    QGuiApplication.clipboard().clear()
    adder.push(adder.page.top_bar.export)
    offered = [offer.title for offer in adder.window.sheets.export.offers]
    adder.press(*["Down"] * offered.index("Copy Python"), "Return")
    assert "def run(a, b):" in QGuiApplication.clipboard().text()
    assert set(offered) == {offer.title for offer in export_offers(adder.window)}


def test_the_more_menu(adder):
    choose(adder, open_menu(adder, "more"), "4 decimals on the canvas")
    assert adder.page.decimals == 4
    choose(adder, open_menu(adder, "more"), "All keys")
    assert adder.window.sheets.keys.isVisible()


def test_a_menu_by_keys(adder):
    menu = open_menu(adder, "more")
    wanted = [action.text() for action in menu.actions() if not action.isSeparator()].index("4 decimals on the canvas")
    for _ in range(wanted + 1):
        adder.qtbot.keyClick(menu, Qt.Key.Key_Down)
    adder.qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert adder.page.decimals == 4


def test_escape_closes_a_menu_and_nothing_happens(adder):
    before = adder.project
    menu = open_menu(adder, "document")
    adder.qtbot.keyClick(menu, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert adder.project is before


def test_a_row_that_cannot_be_done_is_grey_and_says_why(learner):
    menu = document_menu(learner.window)
    save = next(action for action in menu.actions() if action.text() == "Save")
    assert not save.isEnabled()
    assert save.toolTip() == "Open a network first."
    menu.deleteLater()


def test_the_keys_stand_in_the_menus(adder):
    menu = more_menu(adder.window)
    keys = {action.text(): action.shortcut().toString() for action in menu.actions()}
    assert keys["All keys"] == "?"
    assert keys["Show or hide the panel"] == "F2"
    menu.deleteLater()
