"""Copies what ``visualnn doctor`` tells to the clipboard. It is gathered beside the window: a screen may not answer."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from visualnn.gui.tasks import Newest
from visualnn.gui.toolkit import toolkit
from visualnn.health.screen import Toolkit

COPIED = "The diagnostics are on the clipboard."
COPIED_WITH_PROBLEMS = "The diagnostics are on the clipboard; they name a problem."


class Diagnostics(QObject):
    """Gathers the report and copies it."""

    copied = Signal(str)  # a sentence

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._gatherer = Newest(self)
        self._gatherer.done.connect(self._on_gathered)

    def copy(self) -> None:
        """Put the report on the clipboard as soon as it is known."""
        self._gatherer.ask(partial(_report, toolkit()))

    def rest(self) -> None:
        """The window is being closed."""
        self._gatherer.rest()

    def _on_gathered(self, report: tuple[str, bool]) -> None:
        text, is_well = report
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(COPIED if is_well else COPIED_WITH_PROBLEMS)


def _report(qt: Toolkit) -> tuple[str, bool]:
    """The text, and whether there are no problems."""
    from visualnn.health import findings, report, text

    health = report.gather(qt)
    return text.text(health), not findings.problems(health)
