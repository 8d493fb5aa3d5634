"""Documents that macOS hands to the program: double-clicked in the Finder, or dropped on the icon in the Dock.

They come as no argument but as an event, to a program that starts as to one that has long been running.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

QUESTION_MS = 200  # how often it is looked whether a question that stands in the way was answered


class Finder(QObject):
    """Keeps what is asked for until a window can open it. The window holds one document: of several the last counts."""

    def __init__(self, application: QApplication):
        super().__init__(application)
        self._wanted = ""
        self._window: QWidget | None = None
        self._open: Callable[[str], object] = str
        self._busy = False

    def hand_to(self, window: QWidget, open_document: Callable[[str], object]) -> None:
        """Let a window open what has been asked for, and what will be."""
        self._window, self._open = window, open_document
        QTimer.singleShot(0, self._try)

    def ask(self, name: str) -> None:
        """Ask for a document. It is opened when the event that asks is over, for opening may bring a question."""
        self._wanted = name
        QTimer.singleShot(0, self._try)

    def _try(self) -> None:
        if not self._wanted or self._window is None or self._busy:
            return
        if QApplication.activeModalWidget() is not None:
            QTimer.singleShot(QUESTION_MS, self._try)
            return
        name, self._wanted = self._wanted, ""
        self._bring_forward(self._window)
        self._busy = True
        try:
            self._open(name)
        finally:
            self._busy = False
            QTimer.singleShot(0, self._try)  # something else may have been asked for meanwhile

    def _bring_forward(self, window: QWidget) -> None:
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()


class Application(QApplication):
    """The application that macOS sends such events to. A filter of events would see every other event, too."""

    def __init__(self, arguments: Sequence[str]):
        super().__init__(arguments)
        self.finder = Finder(self)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FileOpen:
            self.finder.ask(event.file() or event.url().toString())
            return True
        return super().event(event)
