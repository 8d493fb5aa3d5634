"""The name of a run while it is typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.focus import give_back_focus

LONGEST = 60  # letters


class NameEditor(QLineEdit):
    """Lies over the name; Enter and leaving it keep what was typed, Esc does not."""

    committed = Signal(str)
    closed = Signal()

    def __init__(self, name: str, parent: QWidget):
        super().__init__(name, parent)
        self._done = False
        self.setMaxLength(LONGEST)
        self.setFont(theme.font(13, 600))
        self.setAccessibleName("Name of the run")
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish(keep=True)
        elif event.key() == Qt.Key.Key_Escape:
            self._finish(keep=False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._finish(keep=True)

    def _finish(self, keep: bool) -> None:
        if self._done:
            return
        self._done = True
        name = " ".join(self.text().split())
        if self.hasFocus():
            give_back_focus(self.parentWidget(), self)
        self.hide()
        if keep and name:
            self.committed.emit(name)
        self.closed.emit()
