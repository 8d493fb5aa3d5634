"""A button that opens what is hidden beneath it; its chevron says which way."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from visualnn.gui.widgets.button import TextButton


class Disclosure(TextButton):
    """Writes one word while it is closed and another while it is open."""

    def __init__(self, closed: str, opened: str, parent: QWidget | None = None, **looks):
        super().__init__(closed, parent=parent, trailing="chevron-down", **looks)
        self._words = closed, opened
        self.is_open = False

    def set_words(self, closed: str, opened: str) -> None:
        """Writes other words."""
        self._words = closed, opened
        self.set_open(self.is_open)

    def set_open(self, is_open: bool) -> None:
        """Says what a click does now."""
        self.is_open = is_open
        self._trailing = "chevron-up" if is_open else "chevron-down"
        self.set_label(self._words[is_open])
        self.resize(self.sizeHint())
