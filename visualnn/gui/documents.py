"""Opening and saving: asks where, asks once before anything is lost, says in one sentence what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from visualnn.files import documents, native
from visualnn.files.foreign import formats
from visualnn.files.foreign.adoption import NO_HINTS, Hints, NeedsActivations
from visualnn.files.stamp import Stamp, fate, glance, stamp
from visualnn.gui.locks import OpenFile
from visualnn.gui.question import Answer, ask
from visualnn.gui.tasks import Newest, awaited
from visualnn.gui.workspace import Workspace
from visualnn.gui.writer import Writer, Written
from visualnn.nn.errors import VisualNNError
from visualnn.project import Project
from visualnn.work import Work

FILTER = "VisualNN networks (*.vnn)"
SMALL = 100_000  # parameters of a document that is written in a moment
AT_ONCE_S = 2.0  # so long the window waits for a small one
PATIENCE_S = 60.0  # and so long where something else must not begin before
FATES = {"changed": "was changed by another program since you opened it", "gone": "is no longer where it was"}


class Documents(QObject):
    """Moves documents between the workspace and the disk. `state` is the folder in which windows know of each other."""

    opened = Signal(object)  # Path, or None for an example
    saving = Signal(object)  # Path: it takes a while
    saved = Signal(object)  # Path
    failed = Signal(str)
    imported = Signal(str, object)  # what a model of another tool, which was opened, is called; Path, None for a link
    activations_wanted = Signal(str)  # the file that holds weights alone

    def __init__(self, workspace: Workspace, window: QWidget, state: Path | None = None):
        super().__init__(window)
        self._workspace = workspace
        self._window = window
        self._file = OpenFile(None if state is None else state / "open")
        self._writer = Writer(self)
        self._writer.written.connect(self._on_written)
        self._reader = Newest(self)  # looks at the content of what was opened
        self._reader.done.connect(self._on_stamped)
        self._name: str | None = None  # what the document is called by the file that is being written
        self._failure = False
        self.stamp: Stamp | None = None  # of the file when it was opened or saved
        self.folder = ""
        self.export_folder = ""  # where the last picture, film or table went
        self._beside: Path | None = None  # the model of another tool that was opened
        self.before_saving: Callable[[], None] = lambda: None  # what is soon done is waited for
        self.before_leaving: Callable[[], None] = lambda: None  # nothing goes on any more
        self.goes_on: Callable[[], bool] = lambda: False  # whether the document changes by itself, as in a training
        self.work: Callable[[], Work | None] = self._plain_work
        workspace.document_changed.connect(self._on_document_changed)

    def _plain_work(self) -> Work | None:
        project = self._workspace.project
        return None if project is None else Work(project)

    # -- opening -------------------------------------------------------------------------------------------------

    def open(self, name: str, hints: Hints = NO_HINTS) -> bool:
        """Open a file, an example, a shape or a link; whether that worked."""
        read = partial(documents.open_work, name, hints)
        try:
            is_foreign, model = documents.is_foreign(name), documents.model_of(name)
            make = partial(awaited, read) if is_foreign or documents.is_large(name) else read
            opened = self._open(make, partial(documents.file_of, name))
        except NeedsActivations:
            self.activations_wanted.emit(name)
            return False
        except VisualNNError as error:
            self.failed.emit(str(error))
            return False
        if opened and is_foreign:
            self._beside = model
            self.imported.emit(documents.label(name), model)
        return opened

    def start(self, make: Callable[[], Project]) -> bool:
        """Open a new network that lies nowhere yet; whether that worked."""
        return self._open(make, lambda: None)

    def _open(self, make: Callable[[], Project | Work], where: Callable[[], Path | None]) -> bool:
        self.settle()  # it may be the very file that is to be read
        try:
            path = where()
            known = None if path is None else glance(path)  # before it is read: what changes meanwhile is seen
            made = make()
        except NeedsActivations:
            raise
        except (VisualNNError, OSError) as error:
            self.failed.emit(str(error))
            return False
        return self._enter(made if isinstance(made, Work) else Work(made), path, known)

    def recover(self, work: Work, path: Path | None, known: Stamp | None) -> bool:
        """Open what was not saved, as changes to the file that lies, or lay, there; whether that worked."""
        return self._enter(work, path, known, changed=True)

    def _enter(self, work: Work, path: Path | None, known: Stamp | None, *, changed: bool = False) -> bool:
        """Put a document on the table in place of the one that lies there, unless the user decides otherwise."""
        answer = Answer.Yes if path is None else self._ask_elsewhere(path)
        if answer == Answer.Cancel or not self.may_leave():
            return False
        if path is not None:
            work = documents.named(work, path)
        if answer == Answer.Open:
            work, path, known = _copy(work), None, None
        self._workspace.open(work, path)
        self.stamp, self._beside = known, None
        self._file.hold(path)
        if path is not None and known is not None and not known.digest:
            self._reader.ask(partial(stamp, path))
        if changed:
            self._workspace.touch()
        self.opened.emit(path)
        return True

    def _on_stamped(self, found: Stamp | None) -> None:
        """The content of the file, if it is the one that was opened."""
        if found is not None and self.stamp == replace(found, digest=""):
            self.stamp = found

    def _ask_elsewhere(self, path: Path) -> Answer:
        """Yes: open it; Open: open a copy of it."""
        if not self._file.is_elsewhere(path):
            return Answer.Yes
        text = f"“{path.name}” is open in another window. What is saved last, there or here, wins."
        answers = {Answer.Yes: "Open anyway", Answer.Open: "Open a copy", Answer.Cancel: ""}
        return ask(self._window, text, answers, Answer.Open)

    def ask_open(self) -> None:
        """Let the user choose a file."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open a network", self.folder, all_kinds())
        if name:
            self.folder = str(Path(name).parent)
            self.open(name)

    # -- saving --------------------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save where it lies; ask where if it lies nowhere yet. Whether it is saved, or on its way."""
        path = self._workspace.path
        answer = Answer.Save if path is None else self._ask_replace(path)
        if path is None or answer == Answer.Save:
            return self.ask_save()
        return answer == Answer.Yes and self._write(path)

    def _ask_replace(self, path: Path) -> Answer:
        """Yes: write there; Save: write elsewhere."""
        self.settle()
        what = fate(path, self.stamp)
        if what == "same":
            return Answer.Yes
        again = "Replace it" if what == "changed" else "Save it there"
        answers = {Answer.Yes: again, Answer.Save: "Save as…", Answer.Cancel: ""}
        return ask(self._window, f"“{path.name}” {FATES[what]}.", answers, Answer.Save)

    def ask_save(self) -> bool:
        """Let the user choose where to save. Whether it is saved, or on its way."""
        project = self._workspace.project
        if project is None:
            return False
        beside = self._workspace.path or self._beside
        folder = Path(self.folder or Path.home()) if beside is None else beside.absolute().parent
        proposed = str(folder / f"{project.name}{native.SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the network", proposed, FILTER)
        path = self._completed(Path(name), native.SUFFIX) if name else None
        return path is not None and self._write(path)

    def _completed(self, path: Path, suffix: str) -> Path | None:
        """The path with its ending; None if a file of that name, which no dialog asked about, is to stay."""
        if path.suffix.lower() == suffix:
            return path
        path = path.with_name(path.name + suffix)
        if not path.exists():
            return path
        text = f"{path.name} exists already. Replace it?"
        answer = ask(self._window, text, {Answer.Yes: "", Answer.Cancel: ""}, Answer.Cancel)
        return path if answer == Answer.Yes else None

    def _write(self, path: Path) -> bool:
        """Begin to write, and wait a moment: longer for what is soon done."""
        if not self._settled():
            return False
        self.before_saving()
        work = self.work()
        if work is None:
            return False
        self._name = documents.name_of(path) if self._workspace.path != path else None
        if self._name is not None:
            work = replace(work, project=work.project.renamed(self._name))
        self._failure = False
        self._workspace.save_begun(goes_on=self.goes_on())
        self._writer.write(path, work)
        self._writer.wait(AT_ONCE_S if work.project.network.parameter_count <= SMALL else 0.0)
        if self._writer.busy:
            self.saving.emit(path)
        return not self._failure

    def _on_written(self, written: Written) -> None:
        self._failure = bool(written.error)
        if written.error:
            self._workspace.save_failed()
            self.failed.emit(written.error)
            return
        self.stamp = written.stamp
        self._workspace.saved(written.path, self._name)
        self._file.hold(written.path)
        self.saved.emit(written.path)

    def settle(self) -> bool:
        """Wait for a document that is being written; whether that is over."""
        if self._writer.busy:
            QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
            try:
                self._writer.wait(PATIENCE_S)
            finally:
                QGuiApplication.restoreOverrideCursor()
        return not self._writer.busy

    def _settled(self) -> bool:
        """The same, and the user is told if it is not."""
        over = self.settle()
        if not over:
            self.failed.emit("The network is still being saved.")
        return over

    def ask_target(self, title: str, proposed: str, suffix: str, kind: str) -> Path | None:
        """Let the user choose where an export goes; the folder is proposed again the next time."""
        folder = Path(self.export_folder or self.folder or Path.home())
        name, _ = QFileDialog.getSaveFileName(self._window, title, str(folder / proposed), kind)
        path = self._completed(Path(name), suffix) if name else None
        if path is not None:
            self.export_folder = str(path.parent)
        return path

    # -- leaving -------------------------------------------------------------------------------------------------

    def may_leave(self) -> bool:
        """True if nothing would be lost, or the user has decided."""
        if not self._settled():
            return False
        self.before_leaving()  # a run that goes on would be lost too
        project = self._workspace.project
        if project is None or not self._workspace.dirty:
            return True
        answers = {Answer.Save: "", Answer.Discard: "", Answer.Cancel: ""}
        answer = ask(self._window, f"Save the changes to “{project.name}”?", answers, Answer.Save)
        if answer == Answer.Save:
            return self.save() and self._settled() and not self._workspace.dirty
        return answer == Answer.Discard

    def rest(self) -> None:
        """Nothing is open here any more: the window is being closed."""
        self._writer.rest()
        self._reader.rest()
        self._file.hold(None)

    def _on_document_changed(self) -> None:
        if self._workspace.project is None:
            self.stamp = None
            self._file.hold(None)


def all_kinds() -> str:
    """What can be opened, for a dialog: all of it together, our own, and the models of other tools."""
    together = " ".join(f"*{suffix}" for suffix in (native.SUFFIX, *formats.SUFFIXES))
    return f"Networks and models ({together});;{FILTER};;{formats.dialog_filter()}"


def _copy(work: Work) -> Work:
    """The same as a document of its own."""
    return replace(work, project=work.project.renamed(f"{work.project.name} copy"))
