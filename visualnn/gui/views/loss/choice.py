"""A quiet word that says what is chosen; a click opens the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QWidget

from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.menu import Menu

PAD = 6  # px beside the word


class Choice(TextButton):
    """One of several options; with a single one it is only a word and does nothing."""

    chosen = Signal(str)

    own_keys = TextButton.own_keys | {Qt.Key.Key_Down}

    def __init__(self, name: str, parent: QWidget, *, arrow: bool = False, **looks):
        super().__init__("", parent=parent, pad=PAD, **looks)
        self._title, self._arrow = name, arrow
        self._options: dict[str, str] = {}
        self._choice = ""
        self.clicked.connect(self._on_clicked)

    def show_options(self, options: Sequence[tuple[str, str]], key: str, label: str, hint: str) -> None:
        """Offer these, keys with what the menu says; the word of the chosen one, and what a pointer is told."""
        self._options, self._choice = dict(options), key
        several = len(self._options) > 1
        self._trailing = "chevron-down" if self._arrow and several else None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if several else Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not several)
        self.set_label(label)
        self.set_hint(self._title)
        self.setToolTip(hint)
        self.setAccessibleDescription(self._options.get(key, label))
        self.resize(self.sizeHint())

    def open_menu(self) -> Menu:
        """Open the menu and return it."""
        menu = Menu(self)
        for key, label in self._options.items():
            menu.add_choice(label, key, key == self._choice)
        menu.triggered.connect(self._on_triggered)
        menu.open_below(self)
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.click()
        else:
            super().keyPressEvent(event)

    def _on_clicked(self) -> None:
        if len(self._options) > 1:
            self.open_menu()

    def _on_triggered(self, action: QAction) -> None:
        if action.data() != self._choice:
            self.chosen.emit(action.data())
