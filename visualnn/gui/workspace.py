"""The one mutable object: the document on the table and its undo stack."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from visualnn.nn.trace import Trace, trace
from visualnn.project import Project
from visualnn.work import Work


class Swap(QUndoCommand):
    """One immutable Project replaced by another. Swaps of one gesture become one."""

    def __init__(self, workspace: Workspace, before: Project, after: Project, text: str, gesture: object):
        super().__init__(text)
        self._workspace, self.before, self.after, self.gesture = workspace, before, after, gesture

    def redo(self) -> None:
        self._workspace.show(self.after)

    def undo(self) -> None:
        self._workspace.show(self.before)

    def id(self) -> int:
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, Swap) or other.gesture != self.gesture:
            return False
        self.after = other.after
        return True


class Workspace(QObject):
    """Holds the current Project; every change is a swap that can be undone."""

    project_changed = Signal(object, object)  # the new Project, the one before (None when a document was opened)
    document_changed = Signal()  # path or unsaved changes

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self.project: Project | None = None
        self.path: Path | None = None
        self.opened: Work | None = None  # as it came from its file
        self.stack = QUndoStack(self)
        self.stack.cleanChanged.connect(self._on_clean_changed)
        self._being_saved = False
        self._clean_before = 0  # where the undo stack was clean before that
        self._gestures = count()
        self._trace: tuple[Project, Trace] | None = None

    @property
    def dirty(self) -> bool:
        """Whether something is not saved."""
        return self.project is not None and (self._being_saved or not self.stack.isClean())

    def open(self, document: Project | Work, path: Path | None = None) -> None:
        """Put another document on the table."""
        self._being_saved = False
        self.stack.clear()
        self.path, self.project = path, None
        self.opened = document if isinstance(document, Work) else Work(document)
        self.show(self.opened.project)
        self.document_changed.emit()

    def touch(self) -> None:
        """Note a change that no undo takes back, as of a run that was renamed: only saving does away with it."""
        self.stack.resetClean()

    def close(self) -> None:
        """Leave the table empty."""
        self._being_saved = False
        self.stack.clear()
        self.project, self.path, self.opened, self._trace = None, None, None, None
        self.document_changed.emit()

    def save_begun(self, *, goes_on: bool = False) -> None:
        """Note that the document is being written as it is now: what is edited meanwhile is a change.

        `goes_on`: a run does, so that no state of the undo stack is what is being written.
        """
        self._being_saved, self._clean_before = True, self.stack.cleanIndex()
        if goes_on:
            self.stack.resetClean()
        else:
            self.stack.setClean()

    def save_failed(self) -> None:
        """Note that it was not written: what was a change before still is one."""
        self._being_saved = False
        if self.stack.index() == self._clean_before:
            self.stack.setClean()
        else:
            self.stack.resetClean()
        self.document_changed.emit()

    def saved(self, path: Path, name: str | None = None) -> None:
        """Note that the document, as it was when its writing began, now lies at `path`, there under another name."""
        if not self._being_saved:
            self.stack.setClean()
        self._being_saved, self.path = False, path
        if name is not None:
            self._rename(name)
        self.document_changed.emit()

    def _rename(self, name: str) -> None:
        """Call the document so, in its past and its future too: undoing changes the network, not the file."""
        for index in range(self.stack.count()):
            command = self.stack.command(index)
            if isinstance(command, Swap):
                command.before, command.after = command.before.renamed(name), command.after.renamed(name)
        if self.project is not None and self.project.name != name:
            self.show(self.project.renamed(name))

    def gesture(self) -> int:
        """A key for edits that belong together, such as one drag."""
        return next(self._gestures)

    def edit(self, project: Project, text: str, gesture: object | None = None) -> None:
        """Replace the project; `text` names the change in the undo menu. What lies in a file keeps its name."""
        if self.project is None:
            raise RuntimeError("there is no document to edit")
        if self.path is not None and project.name != self.project.name:
            project = project.renamed(self.project.name)
        key = self.gesture() if gesture is None else gesture
        self.stack.push(Swap(self, self.project, project, text, key))

    def finish(self, gesture: object) -> None:
        """A gesture is over: if all is as it was before, nothing is left to undo."""
        index = self.stack.index()
        command = self.stack.command(index - 1) if index else None
        if isinstance(command, Swap) and command.gesture == gesture and _alike(command.before, command.after):
            self.cancel(gesture)

    def cancel(self, gesture: object) -> None:
        """Take back the edits of a gesture that was broken off, leaving nothing to redo."""
        index = self.stack.index()
        command = self.stack.command(index - 1) if index else None
        if isinstance(command, Swap) and command.gesture == gesture:
            before = command.before
            command.setObsolete(True)
            self.stack.undo()  # an obsolete command is taken off the stack without being undone
            self.show(before)

    def show(self, project: Project) -> None:
        """Make this the current project without an undo step."""
        before, self.project = self.project, project
        if before is not project:
            self.project_changed.emit(project, before)

    def trace(self) -> Trace:
        """The current sample followed through the current network, alone or in its batch."""
        project = self.project
        if project is None:
            raise RuntimeError("there is no document")
        if self._trace is None or self._trace[0] is not project:
            self._trace = (project, trace_of(project, project.parameters))
        return self._trace[1]

    def _on_clean_changed(self, _clean: bool) -> None:
        self.document_changed.emit()


@np.errstate(over="ignore", invalid="ignore")  # the answer to huge inputs may be infinite
def _alike(a: Project, b: Project) -> bool:
    """Whether two projects hold the same network, numbers and options."""
    if (a.network, a.silent, a.cut, a.data) != (b.network, b.silent, b.cut, b.data):
        return False
    same = np.array_equal(a.parameters, b.parameters) and np.array_equal(a.sample, b.sample)
    same = same and (a.target is b.target or (a.target is not None and np.array_equal(a.target, b.target)))
    same = same and (a.batch, a.row) == (b.batch, b.row)
    return same and a.options == b.options and (a.name, a.notes) == (b.name, b.notes)


def trace_of(project: Project, parameters: np.ndarray) -> Trace:
    """The project's sample through its network with these parameters, as far as there is an answer to compare with."""
    target = project.answer
    return trace(
        project.network,
        parameters,
        project.sample,
        target=target,
        batch=project.followed,
        loss=project.options.loss,
        options=None if target is None else project.options,
        memory=None if target is None else project.memory,
        update=project.updates + 1,
        mask=project.mask,
    )
