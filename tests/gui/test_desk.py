"""A window is there before its desk: made in pieces, or at once for whoever does not wait."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from tests.gui.conftest import put_away
from tests.gui.test_documents import drop
from visualnn import app
from visualnn import settings as preferences
from visualnn.files import examples, native
from visualnn.gui.classes import Classes
from visualnn.gui.loader import Loader
from visualnn.gui.main_window import MainWindow
from visualnn.settings import Settings


@pytest.fixture
def bare(qapp, qtbot, stopped_clock):
    """Opens a window without a desk."""
    opened: list[MainWindow] = []

    def make(*, blank: bool = False, remember: bool = False) -> MainWindow:
        settings = Settings(theme="dark", reduced_motion="on")
        window = MainWindow(settings, remember, at_once=False, blank=blank)
        opened.append(window)
        with qtbot.waitSignal(window.painted):
            window.show()
            window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield make
    for window in opened:
        if window.is_furnished:
            put_away(window)
        else:
            window.close()
            window.deleteLater()


Bare = Callable[..., MainWindow]


def test_it_is_made_in_pieces_between_events(bare: Bare, qtbot):
    window = bare()
    with qtbot.waitSignal(window.furnished):
        window.furnish()
        assert not window.is_furnished
    assert window.is_furnished
    assert window.pages.currentWidget() is window.start


def test_what_is_asked_for_before_is_made_at_once(bare: Bare):
    window = bare()
    window.look_around()
    assert window.is_furnished
    assert window.showing_document
    assert window.workspace.project.name == "Add two numbers"


def test_what_is_asked_for_between_two_pieces_is_made_at_once(bare: Bare, qtbot):
    window = bare()
    with qtbot.waitSignal(window.furnished):
        window.furnish()
        assert window.page.player.length == 0
        assert window.is_furnished


def test_a_key_that_is_pressed_before_means_what_it_always_does(bare: Bare):
    window = bare()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Control)
    assert not window.is_furnished
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.sheets.find.isVisible()
    window.sheets.find.close()


@pytest.mark.parametrize(
    ("key", "held"),
    [
        (Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier),  # as most keyboards type it
        (Qt.Key.Key_Slash, Qt.KeyboardModifier.ShiftModifier),  # as German ones do, …
        (Qt.Key.Key_Slash, Qt.KeyboardModifier.KeypadModifier),  # … and on the keypad
    ],
)
def test_a_sign_means_the_same_whatever_is_held_to_type_it(bare: Bare, key, held):
    window = bare()
    QTest.keyClick(window.windowHandle(), key, held)
    sheets = (window.sheets.keys, window.sheets.find)
    assert [sheet.isVisible() for sheet in sheets] == [key == Qt.Key.Key_Question, key == Qt.Key.Key_Slash]
    for sheet in sheets:
        sheet.close()


@pytest.mark.parametrize("name", ["new_button", "open_button"])
def test_a_click_on_new_or_open_is_not_lost(bare: Bare, monkeypatch, name: str):
    asked = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_given: asked.append("open") or ("", ""))
    window = bare()
    QTest.mouseClick(getattr(window.start._page, name), Qt.MouseButton.LeftButton)
    if window.sheets.find.isVisible():
        asked.append("new")
        window.sheets.find.close()
    assert asked == [name.removesuffix("_button")]
    QTest.mouseClick(window.start._page.open_button, Qt.MouseButton.LeftButton)
    assert asked[1:] == ["open"]  # and once only


def test_a_window_that_is_closed_before_keeps_its_place_and_makes_no_desk(bare: Bare):
    window = bare(remember=True)
    window.resize(1100, 700)
    window.close()
    assert window._desk is None
    assert preferences.load().geometry == window.saveGeometry().data().hex()


def test_qts_classes_are_made_between_events_before_anything_is_loaded_beside_the_window(qapp, qtbot):
    classes = Classes(qapp)
    with qtbot.waitSignal(classes.made):
        classes.start()
    assert not classes._timer.isActive()
    classes.deleteLater()


def test_keys_pressed_while_a_window_waits_for_its_document_are_for_that(bare: Bare, qtbot):
    window = bare(blank=True)
    loader = Loader(window)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_D)
    assert not window.is_furnished
    window.furnished.connect(lambda: app.begin(window, loader, "xor"))
    with qtbot.waitSignal(window.furnished):
        window.furnish()
    assert (window.page.mode, window.page.left.is_open) == (1, True)
    qtbot.waitUntil(loader._may_go_on.is_set)


@pytest.mark.parametrize("blank", [False, True])
def test_a_file_that_is_dropped_before_is_opened_at_once(bare: Bare, tmp_path, blank: bool):
    path = tmp_path / "mine.vnn"
    native.write(path, examples.load("xor"))
    window = bare(blank=blank)
    assert drop(window, path)
    assert window.showing_document
    assert window.workspace.path == path


def test_a_document_that_is_dropped_meanwhile_is_not_replaced(bare: Bare, qtbot):
    window = bare(blank=True)
    loader = Loader(window)
    window.open_document("2-8-1")
    app.begin(window, loader, "adder")
    assert window.workspace.project.network.sizes == (2, 8, 1)
    qtbot.waitUntil(loader._may_go_on.is_set)


def test_a_program_that_is_asked_to_end_before_makes_no_desk_for_that(bare: Bare, monkeypatch):
    codes = []
    monkeypatch.setattr(QCoreApplication, "exit", codes.append)
    window = bare()
    app.leave(window)
    assert codes == [0]
    assert window._desk is None


def test_there_is_nothing_else_of_the_window(bare: Bare):
    with pytest.raises(AttributeError, match="the window has no cellar"):
        bare().cellar  # noqa: B018


@pytest.mark.parametrize("document", ["adder", "none.vnn"])
def test_a_window_that_waits_for_a_document_shows_it_or_says_why_not(bare: Bare, qtbot, document: str):
    window = bare(blank=True)
    loader = Loader(window)
    window.furnished.connect(lambda: app.begin(window, loader, document))
    window.furnish()
    window.desk  # noqa: B018  made now
    window.furnish()
    if document == "adder":
        assert window.showing_document
    else:
        assert window.pages.currentWidget() is window.start
        assert "cannot be found" in window.toast.text()
    qtbot.waitUntil(loader._may_go_on.is_set)
