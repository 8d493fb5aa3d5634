"""The one table of what can be done. Menus, buttons, shortcuts, the Find sheet and the list of keys all read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from visualnn.gui.diagnostics import Diagnostics
from visualnn.gui.document import DocumentPage
from visualnn.gui.documents import Documents
from visualnn.gui.export.exports import Exports
from visualnn.gui.presentation import Presentation
from visualnn.gui.workspace import Workspace
from visualnn.settings import Settings


class Window(Protocol):
    """What commands and menus may ask of the window they belong to."""

    page: DocumentPage
    workspace: Workspace
    documents: Documents
    exports: Exports
    presentation: Presentation
    preferences: Settings
    actions_table: Actions
    showing_document: bool
    sheets: Any  # Sheets, and Intake: both know this module
    intake: Any
    diagnostics: Diagnostics

    def open_document(self, name: str) -> bool: ...
    def guide(self) -> None: ...
    def go_home(self) -> None: ...
    def go_to_document(self) -> None: ...
    def undo(self) -> None: ...
    def redo(self) -> None: ...
    def set_theme(self, mode: str) -> None: ...
    def toggle_theme(self) -> None: ...
    def set_decimals(self, decimals: int) -> None: ...
    def set_reduced_motion(self, choice: str) -> None: ...
    def toggle_panel(self) -> None: ...
    def toggle_step_list(self) -> None: ...
    def about(self) -> None: ...
    def say(self, text: str, action: str = "", callback: object = None) -> None: ...
    def close(self) -> bool: ...


SIGNS = [number for number in range(0x21, 0x7F) if not chr(number).isalpha()]  # keys that Qt knows by the same number
COMMAND = "Ctrl+"  # a key that is pressed for what it does; others mean something to whatever has the focus, too


@dataclass(frozen=True, slots=True)
class Action:
    """A row of the table. `reason` says why it cannot be done now, "" if it can."""

    id: str
    text: str
    run: Callable[[], object]
    keys: tuple[str, ...] = ()
    icon: str = ""
    group: str = ""
    reason: Callable[[], str] | None = None
    chosen: Callable[[], bool] | None = None  # for one of several choices: whether it is the present one
    quiet: bool = False  # its key may be pressed once too often, and nobody wonders

    @property
    def key_text(self) -> str:
        """The first shortcut as it is written on a key cap."""
        return QKeySequence(self.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if self.keys else ""


class Actions(QObject):
    """The rows by id, each with its shortcut alive in one window."""

    refused = Signal(str)  # why what a command key stands for cannot be done now

    def __init__(self, window: QWidget):
        super().__init__(window)
        self._window = window
        self._rows: dict[str, Action] = {}
        self._shortcuts: dict[str, QAction] = {}

    def add(self, rows: Iterable[Action]) -> None:
        """Add rows; their shortcuts work at once."""
        for row in rows:
            self._rows[row.id] = row
            if row.keys:
                shortcut = QAction(row.text, self._window)
                shortcut.setObjectName(row.id)
                shortcut.setShortcuts([QKeySequence(key) for key in row.keys])
                shortcut.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
                shortcut.triggered.connect(self._on_triggered)
                self._window.addAction(shortcut)
                self._shortcuts[row.id] = shortcut

    def __iter__(self):
        return iter(self._rows.values())

    def __getitem__(self, name: str) -> Action:
        return self._rows[name]

    def reason(self, name: str) -> str:
        """Why an action cannot be done now; "" if it can."""
        row = self._rows[name]
        return row.reason() if row.reason else ""

    def run(self, name: str) -> bool:
        """Do it, unless there is a reason not to."""
        if self.reason(name):
            return False
        self._rows[name].run()
        return True

    def press(self, keys: QKeyCombination) -> None:
        """Do what these keys stand for; for keys that were pressed before the rows were there.

        As with a shortcut, the keypad means what other keys do, and Shift nothing where it only helps to type a sign.
        """
        held = keys.keyboardModifiers() & ~Qt.KeyboardModifier.KeypadModifier
        wishes = [QKeyCombination(held, keys.key())]
        if keys.key() in SIGNS:
            wishes.append(QKeyCombination(held & ~Qt.KeyboardModifier.ShiftModifier, keys.key()))
        for wish in map(QKeySequence, wishes):
            for shortcut in self._shortcuts.values():
                if wish in shortcut.shortcuts():
                    shortcut.trigger()
                    return

    def _on_triggered(self) -> None:
        sender = self.sender()
        if sender is None:
            return
        row = self._rows[sender.objectName()]
        why = self.reason(row.id)
        if not self.run(row.id) and row.keys[0].startswith(COMMAND) and not row.quiet:
            self.refused.emit(why)
