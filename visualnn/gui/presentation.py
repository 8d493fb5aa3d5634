"""Presentation: the whole screen for the stage, large words for the last row, keys for a clicker."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget
from shiboken6 import isValid

from visualnn.gui.document import DocumentPage
from visualnn.gui.widgets.quiet_pointer import QuietPointer

FULL = Qt.WindowState.WindowFullScreen
LEAVING = Qt.Key.Key_Escape
CLICKER = (Qt.Key.Key_F5, Qt.Key.Key_Period, Qt.Key.Key_Comma)
"""What clickers send for "begin" and for a black screen, and its twin: none of them may change what is presented."""


class Presentation(QObject):
    """Enters and leaves; the window is afterwards as it was before."""

    def __init__(self, window: QMainWindow, pages: QStackedWidget, page: DocumentPage):
        super().__init__(window)
        self._window, self._page = window, page
        self._before: Qt.WindowState | None = None  # of the window; None: nothing is presented
        self._geometry = b""
        self._focus: QWidget | None = None
        self.pointer = QuietPointer((page.stage, page.headline), self)
        page.transport.leave_requested.connect(self.leave)
        pages.currentChanged.connect(self._on_page_changed)

    @property
    def active(self) -> bool:
        """Whether something is presented."""
        return self._before is not None

    @property
    def geometry(self) -> bytes:
        """Where the window is when nothing is presented: Qt's own bytes."""
        return self._geometry if self.active else bytes(self._window.saveGeometry().data())

    def toggle(self) -> None:
        """Enter or leave."""
        self.leave() if self.active else self.enter()

    def enter(self) -> None:
        """The whole screen for the document."""
        if self.active:
            return
        window = self._window
        self._geometry, self._focus = self.geometry, window.focusWidget()
        self._before = window.windowState()
        self._page.set_presenting(True)
        window.setWindowState(self._before | FULL)  # with the maximised state beneath
        self._page.keep_focus()
        window.installEventFilter(self)
        self.pointer.start()

    def leave(self) -> None:
        """The window as it was."""
        if self._before is None:
            return
        before, self._before = self._before, None
        self._window.removeEventFilter(self)
        self.pointer.stop()
        self._page.set_presenting(False)
        self._window.setWindowState(before & ~FULL)
        self._give_back_focus()

    def _give_back_focus(self) -> None:
        focus, self._focus = self._focus, None
        if focus is not None and isValid(focus) and focus.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._page.isVisible():
            self._page.keep_focus()

    def _on_page_changed(self, _index: int) -> None:
        if not self._page.isVisible():
            self.leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that nobody in the window has taken, before they are shortcuts; and a screen that was taken away."""
        if isinstance(event, QKeyEvent) and event.key() in (LEAVING, *CLICKER) and not event.modifiers():
            event.accept()
            if event.type() == QEvent.Type.KeyPress and event.key() == LEAVING:
                self.leave()
            return True
        if event.type() == QEvent.Type.WindowStateChange and not self._window.isFullScreen():
            self.leave()
        return False
