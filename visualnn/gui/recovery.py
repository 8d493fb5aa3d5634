"""What is not saved is kept safe: written every few seconds beside the window, and offered back after a crash.

Each document with unsaved changes has a folder of its own in the user's state folder, and a lock there as long as a
window works on it. What is there without one was left by a window that is gone. A window that cannot write there works
all the same, and says so once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import thread_time, time

from PySide6.QtCore import QObject, QTimer, Signal

from visualnn.files import recovery
from visualnn.files.errors import FileError
from visualnn.files.recovery import Entry, Note
from visualnn.gui.documents import Documents
from visualnn.gui.locks import Claim
from visualnn.gui.tasks import Newest, awaited
from visualnn.gui.workspace import Workspace
from visualnn.work import Work

INTERVAL_MS = 5000  # from a change until it is kept
AGAIN_MS = 30_000  # from a failure until the next try
SHARE = 0.05  # of one core, at most, for keeping what changes all the time
LOCK = "lock"
NO_ROOM = "Save the network to be safe."
TAKEN = "Another window has recovered these changes already."


class Place:
    """Where one document is kept, and the lock that says whose it is."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._claim = Claim(folder / LOCK)

    def take(self) -> bool:
        """Whether it is this window's from now on."""
        return self._claim.take()

    def keep(self, work: Work, note: Note) -> float:
        """Write the document there; how many seconds of computing that took. Raises `FileError`."""
        begun = thread_time()
        self.take()
        recovery.keep(self.folder, work, note)
        return thread_time() - begun

    def leave(self) -> None:
        """Nobody works on it any more; what is there stays."""
        self._claim.give()

    def remove(self) -> None:
        """Neither is it worked on nor needed."""
        recovery.withdraw(self.folder)  # before others could find it without a lock
        self._claim.give()
        recovery.remove(self.folder)


class Recovery(QObject):
    """Keeps the document of this window, and knows what others could not save. Without a folder it does neither."""

    failed = Signal(str)
    found_changed = Signal()

    def __init__(self, workspace: Workspace, documents: Documents, state: Path | None):
        super().__init__(documents)
        self._workspace, self._documents = workspace, documents
        self._root = None if state is None else state / "recovery"
        self.unsaved: Callable[[], Work | None] = lambda: documents.work() if workspace.dirty else None
        self.goes_on: Callable[[], bool] = lambda: False  # whether something changes that nobody tells of
        self.found: tuple[Entry, ...] = ()  # what others could not save, the newest first
        self._place: Place | None = None
        self._gone: list[Place] = []  # no longer needed, and still to be removed
        self._discarded: list[Place] = []  # the same, at the end: until then the user may want them back
        self._changes = self._kept = 0  # so many changes there were, so many are kept
        self._is_told = False
        self._thread = Newest(self)
        self._thread.done.connect(self._on_done)
        self._timer = QTimer(self, singleShot=True, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.tick)
        workspace.project_changed.connect(self._on_project_changed)
        workspace.document_changed.connect(self.note_change)
        documents.saved.connect(self._on_saved)

    # -- keeping -------------------------------------------------------------------------------------------------

    @property
    def interval_ms(self) -> int:
        """How long after a change it is kept; longer for what takes long."""
        return self._timer.interval()

    def note_change(self) -> None:
        """Something may be lost from now on."""
        self._changes += 1
        if self._root is not None and not self._timer.isActive():
            self._timer.start()

    def tick(self) -> None:
        """Keep what has changed."""
        self._timer.stop()
        if self._thread.busy:
            self._timer.start()
            return
        work = None if self._root is None else self.unsaved()
        if work is None:
            self.forget()
        elif self._changes != self._kept:
            self._keep(work)
        if self._root is not None and self.goes_on():
            self._timer.start()

    def _keep(self, work: Work) -> None:
        assert self._root is not None
        self._place = self._place or Place(recovery.new_folder(self._root))
        self._kept = self._changes
        self._thread.ask(partial(_kept, self._place, work, self._note(work)))

    def _note(self, work: Work, *, orderly: bool = False) -> Note:
        path = self._workspace.path
        where = "" if path is None else str(path.absolute())
        return Note(work.project.name, time(), where, orderly=orderly, stamp=self._documents.stamp)

    def _on_done(self, result: float | str) -> None:
        self._thread.wait()  # its last few lines
        self._tidy()
        if isinstance(result, str):
            self._on_failed(result)
            return
        self._is_told = False
        self._timer.setInterval(max(INTERVAL_MS, round(1000 * result / SHARE)))

    def _on_failed(self, why: str) -> None:
        """Say so once, and try again after a while."""
        if not self._is_told:
            self.failed.emit(f"{why} {NO_ROOM}")
        self._is_told = True
        self._timer.setInterval(AGAIN_MS)
        self.note_change()

    def forget(self) -> None:
        """All is saved, or the user wants it no more."""
        self._timer.stop()
        self._kept = self._changes
        if self._place is not None:
            self._gone.append(self._place)
            self._place = None
        self._tidy()

    def _tidy(self) -> None:
        """Remove what is no longer needed, unless it may be written just now."""
        if not self._thread.busy:
            while self._gone:
                self._gone.pop().remove()

    def leave(self) -> None:
        """The session ends: keep what is not saved, at once, for the next start. Nothing is kept after this."""
        self.keep_now()
        if self._place is not None:
            self._place.leave()
        self._place, self._root = None, None

    def keep_now(self) -> None:
        """Keep what is not saved, and be done when this returns: the session may end."""
        work = self.unsaved() if self._root is not None else None
        self._thread.wait()
        if self._root is None or work is None:
            return
        self._place = self._place or Place(recovery.new_folder(self._root))
        _kept(self._place, work, self._note(work, orderly=True))

    def rest(self) -> None:
        """The window is being closed, and nothing that is open in it is needed any more."""
        self._thread.rest()
        self.forget()
        self._gone += self._discarded
        self._discarded, self._root = [], None
        self._tidy()

    # -- recovering ----------------------------------------------------------------------------------------------

    def find(self) -> None:
        """Look for what was left by windows that are gone."""
        before, self.found = self.found, ()
        if self._root is not None:
            mine = {place.folder for place in (self._place, *self._gone, *self._discarded) if place is not None}
            entries = [entry for entry in recovery.found(self._root) if entry.folder not in mine]
            self.found = tuple(entry for entry in entries if Claim(entry.folder / LOCK).is_free)
            for folder in recovery.empty(self._root):
                if folder not in mine and Claim(folder / LOCK).is_free:
                    recovery.remove(folder)
        if self.found != before:
            self.found_changed.emit()

    def recover(self, entry: Entry) -> bool:
        """Open what was left, as unsaved changes; whether that worked."""
        place = Place(entry.folder)
        if not place.take():
            self._drop(entry, TAKEN)
            return False
        try:
            work = awaited(partial(recovery.read, entry))
        except FileError as error:
            place.leave()
            self.failed.emit(str(error))
            return False
        path = Path(entry.note.path) if entry.note.path else None
        if not self._documents.recover(work, path, entry.note.stamp):
            place.leave()
            return False
        recovery.sweep(entry.folder)
        self._place = place
        self._drop(entry)
        return True

    def discard(self, entry: Entry) -> bool:
        """Offer it no more; it is gone with the window. Whether that worked."""
        place = Place(entry.folder)
        mine = place.take()
        if mine:
            self._discarded.append(place)
        self._drop(entry, "" if mine else TAKEN)
        return mine

    def restore(self, entry: Entry) -> None:
        """Offer what was discarded after all."""
        for place in [place for place in self._discarded if place.folder == entry.folder]:
            self._discarded.remove(place)
            place.leave()
        self.find()

    def _drop(self, entry: Entry, why: str = "") -> None:
        self.found = tuple(other for other in self.found if other.folder != entry.folder)
        self.found_changed.emit()
        if why:
            self.failed.emit(why)

    # -- slots ---------------------------------------------------------------------------------------------------

    def _on_project_changed(self, _project: object, before: object) -> None:
        if before is None:
            self.forget()  # the user has decided about the document that lay there
        else:
            self.note_change()

    def _on_saved(self, _path: Path) -> None:
        if not self._workspace.dirty:
            self.forget()


def _kept(place: Place, work: Work, note: Note) -> float | str:
    """The seconds of computing that it took, or one sentence that says why it failed."""
    try:
        return place.keep(work, note)
    except FileError as error:
        return str(error)
