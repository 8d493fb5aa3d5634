"""The table of actions: every row can be found, run and pressed, and says why if it cannot."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from visualnn import assets
from visualnn.gui.actions import Action, Actions


@pytest.fixture
def table(qtbot):
    """A window with two rows, one of which never works."""
    window = QWidget()
    qtbot.addWidget(window)
    ran: list[str] = []
    table = Actions(window)
    table.add(
        [
            Action("good", "Good", lambda: ran.append("good"), ("G", "Ctrl+G")),
            Action("bad", "Bad", lambda: ran.append("bad"), ("B",), reason=lambda: "Not today."),
            Action("keyless", "Keyless", lambda: ran.append("keyless")),
        ]
    )
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window, table, ran


def test_every_shortcut_of_a_row_works(table, qtbot):
    window, _, ran = table
    for key in ("G", "Ctrl+G", "B"):
        combination = QKeySequence(key)[0]
        qtbot.keyClick(window, combination.key(), combination.keyboardModifiers())
    assert ran == ["good", "good"]


def test_a_reason_keeps_it_from_running(table):
    _, actions, ran = table
    assert actions.reason("bad") == "Not today."
    assert not actions.run("bad")
    assert actions.run("keyless")
    assert ran == ["keyless"]
    assert actions["good"].key_text == "G"
    assert actions["keyless"].key_text == ""
    assert [row.id for row in actions] == ["good", "bad", "keyless"]


def test_a_command_key_says_why_nothing_happens(table, qtbot):
    window, actions, ran = table
    actions.add([Action("save", "Save", lambda: ran.append("save"), ("Ctrl+S",), reason=lambda: "Nothing to save.")])
    with qtbot.waitSignal(actions.refused) as told:
        qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert told.args == ["Nothing to save."]
    with qtbot.assertNotEmitted(actions.refused):
        qtbot.keyClick(window, Qt.Key.Key_B)
    assert ran == []


def test_no_key_has_two_meanings(window):
    keys = [QKeySequence(key).toString() for row in window.actions_table for key in row.keys]
    assert sorted(set(keys)) == sorted(keys)


def test_every_row_is_complete(window):
    rows = list(window.actions_table)
    assert len({row.id for row in rows}) == len(rows)
    assert len({row.text for row in rows}) == len(rows)
    for row in rows:
        assert row.text
        assert row.group
        assert not row.icon or assets.path("icons", f"{row.icon}.svg").exists()
        assert all(not QKeySequence(key).isEmpty() for key in row.keys)


def test_without_a_document_every_reason_is_a_sentence(window):
    reasons = {row.id: window.actions_table.reason(row.id) for row in window.actions_table}
    assert reasons["step"] == "Open a network first."
    assert reasons["undo"] == reasons["redo"] == "Open a network first."
    assert reasons["open"] == reasons["find"] == reasons["guide"] == ""
    assert all(reason == "" or reason.endswith(".") for reason in reasons.values())


def test_what_belongs_to_training_says_so(adder):
    table = adder.window.actions_table
    assert table.reason("same_start") == "This belongs to Train mode."
    adder.press("Ctrl+2")
    assert table.reason("same_start") == ""
