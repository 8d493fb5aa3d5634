"""The page with the lines of other libraries: what is shown is what is copied."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.gui.conftest import LEFT
from visualnn.files.examples import load
from visualnn.gui import theme
from visualnn.gui.views.libraries import LibraryView
from visualnn.gui.views.libraries import view as page
from visualnn.scene.libraries import LIBRARIES, listing


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    yield
    theme.appearance().set_mode("dark")


@pytest.fixture
def texts() -> dict[str, str]:
    project = load("circles")
    return {library: listing(project, library) for library in LIBRARIES}


@pytest.fixture
def view(qtbot, texts):
    view = LibraryView()
    qtbot.addWidget(view)
    view.resize(360, 690)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.show_lines(texts)
    return view


def test_the_libraries_of_the_page_are_those_there_are():
    assert page.LIBRARIES == LIBRARIES


def test_the_other_library_is_a_click_away(view, texts, qtbot):
    assert view.code.toPlainText() == texts["PyTorch"]
    qtbot.mouseClick(view.choice, LEFT, pos=view.choice.segment_rect(1).center().toPoint())
    assert view.code.toPlainText() == texts["Keras"]


def test_what_is_shown_is_copied(view, texts, qtbot):
    view.choice.choose(1)
    with qtbot.waitSignal(view.copy_requested) as copied:
        qtbot.mouseClick(view.copy, LEFT)
    assert copied.args == [texts["Keras"]]


def test_the_lines_can_be_read_and_selected_but_not_written(view, qtbot):
    before = view.code.toPlainText()
    qtbot.keyClicks(view.code, "x")
    assert view.code.toPlainText() == before
    qtbot.keyClick(view.code, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.code.textCursor().hasSelection()


def test_the_same_lines_again_do_not_scroll_back(view, texts):
    bar = view.code.verticalScrollBar()
    bar.setValue(5)
    view.show_lines(texts)
    assert bar.value() == 5


def test_escape_leaves_the_page_from_anywhere(view, qtbot):
    for widget in (view.code, view.choice, view):
        with qtbot.waitSignal(view.back_requested):
            qtbot.keyClick(widget, Qt.Key.Key_Escape)


def colour_of(view, word):
    """The colour in which a word of the program is written."""
    place = view.code.toPlainText().index(word)
    block = view.code.document().findBlock(place)
    inside = place - block.position()
    found = [each for each in block.layout().formats() if each.start <= inside < each.start + each.length]
    return found[0].format.foreground().color() if found else None


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_code_has_the_colours_of_the_theme(view, mode):
    theme.appearance().set_mode(mode)
    view.grab()
    assert colour_of(view, "import") == theme.color("code_kw")
    assert colour_of(view, "# x:") == theme.color("code_cm")
    assert colour_of(view, "Sequential") == theme.color("code_fn")
