"""The bar at the top names the document and leads everywhere."""

from __future__ import annotations

import pytest

from tests.gui.conftest import LEFT
from visualnn.gui.views.top_bar import TopBar
from visualnn.scene.frame import Place


@pytest.fixture
def bar(qtbot):
    """A bar of its own."""
    bar = TopBar()
    qtbot.addWidget(bar)
    bar.resize(1280, 48)
    bar.show_document("Add two numbers", False, "Training", "Weight a→c")
    bar.show()
    return bar


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("home", "home_requested"),
        ("document", "document_menu_requested"),
        ("undo", "undo_requested"),
        ("redo", "redo_requested"),
        ("find", "find_requested"),
        ("export", "export_menu_requested"),
        ("more", "more_menu_requested"),
    ],
)
def test_a_click_asks_for_it(bar, qtbot, button, signal):
    with qtbot.waitSignal(getattr(bar, signal)):
        qtbot.mouseClick(getattr(bar, button), LEFT)


def test_what_can_be_undone_is_named(bar):
    assert bar.undo.toolTip() == "Undo Training  (Ctrl+Z)"
    assert bar.redo.toolTip() == "Redo Weight a→c  (Ctrl+Shift+Z)"
    bar.show_document("Add two numbers", False, "", "")
    assert not bar.undo.isEnabled()
    assert bar.redo.toolTip().startswith("Nothing to redo")


def test_unsaved_is_a_dot_and_a_word(bar):
    before = bar.grab().toImage()
    bar.show_document("Add two numbers", True, "Training", "Weight a→c")
    assert bar.grab().toImage() != before
    assert bar.document.accessibleName() == "Document Add two numbers, not saved"


def test_a_long_name_is_cut(bar):
    bar.show_document("A very long name of a network " * 5, False, "", "")
    assert bar.document.label().endswith("…")
    assert bar.document.geometry().right() < bar.modes.geometry().left()


@pytest.mark.parametrize("width", [960, 1280, 1920])
def test_nothing_overlaps(bar, qtbot, width):
    bar.set_compact(width < 1200)
    bar.resize(width, 48)
    bar.show_document("A very long name of a network " * 5, True, "", "")
    qtbot.waitUntil(lambda: bar.redo.geometry().right() < bar.modes.geometry().left())
    assert bar.modes.geometry().right() < bar.find.geometry().left()
    assert not bar.grab().isNull()


def test_in_the_window_it_follows_the_document(adder):
    bar = adder.page.top_bar
    assert bar.document.label() == "Add two numbers"
    assert not bar.undo.isEnabled()
    before = adder.project
    adder.drag(Place("weight", 1, 0, 0), 40)
    assert bar.document.accessibleName().endswith("not saved")
    adder.push(bar.undo)
    assert adder.project is before
    adder.push(bar.redo)
    assert adder.project is not before
