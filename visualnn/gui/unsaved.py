"""What of a window's document is not saved: kept while it is open, offered back on the start page, kept at the end."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QGuiApplication

from visualnn.files.recovery import Entry
from visualnn.gui.actions import Window
from visualnn.gui.recovery import Recovery
from visualnn.work import Work


class Unsaved(QObject):
    """Tells the recovery of a window what there is, and the window of what was found."""

    def __init__(self, window: Window, recovery: Recovery):
        super().__init__(window)
        self._window, self._recovery = window, recovery
        self.ends = False  # whether the session is ending
        trainer = window.page.trainer
        recovery.unsaved = self.work
        recovery.goes_on = lambda: trainer.running
        recovery.failed.connect(window.say)
        recovery.found_changed.connect(self._on_found)
        window.start.recover_requested.connect(self._on_recover_requested)
        window.start.discard_requested.connect(self._on_discard_requested)
        window.workspace.project_changed.connect(self._on_project_changed)
        trainer.snapshot_changed.connect(recovery.note_change)
        trainer.runs.changed.connect(recovery.note_change)
        QGuiApplication.instance().commitDataRequest.connect(self._on_session_ending)

    def work(self) -> Work | None:
        """What would be lost if the process ended now; nothing where all is saved."""
        trainer, is_dirty = self._window.page.trainer, self._window.workspace.dirty
        work = self._window.work() if is_dirty or trainer.running else None  # which looks how far a run has come
        has_learned = trainer.running and trainer.snapshot is not None and trainer.snapshot.update > 0
        return work if is_dirty or has_learned else None

    def leave(self) -> None:
        """Keep it for the next start, without a question: the program is made to end."""
        self.ends = True
        self._window.documents.settle()
        self._recovery.leave()
        QCoreApplication.exit(0)  # quit would close the window first, and that asks

    def rest(self) -> None:
        """Nothing is open any more; what is not saved is wanted again only where the session ends."""
        if self.ends:
            self._recovery.leave()
        self._recovery.rest()

    def tell(self) -> None:
        """Say that there is something to be had back where the page that offers it is not in front."""
        if self._recovery.found and self._window.showing_document:
            self._window.say("Unsaved changes are kept from before.", "Show", self._window.go_home)

    def _on_found(self) -> None:
        self._window.start.show_unsaved(self._recovery.found)

    def _on_recover_requested(self, entry: Entry) -> None:
        if self._recovery.recover(entry):
            said = f"“{entry.note.name}” is recovered, and not saved yet."
            self._window.say(said, "Save", self._window.documents.save)

    def _on_discard_requested(self, entry: Entry) -> None:
        if self._recovery.discard(entry):
            said = f"The changes to “{entry.note.name}” are gone."
            self._window.say(said, "Undo", partial(self._recovery.restore, entry))

    def _on_project_changed(self, _project: object, _before: object) -> None:
        self.ends = False

    def _on_session_ending(self, _manager: object) -> None:
        """The session may end soon; it may go on, too, and then closing asks again as soon as something is edited."""
        self.ends = True
        self._window.documents.settle()
        self._recovery.keep_now()
