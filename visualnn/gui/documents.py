"""Opening and saving: asks where, asks once before changes are lost, says in one sentence what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from visualnn.files import documents, native
from visualnn.gui.workspace import Workspace
from visualnn.nn.errors import VisualNNError
from visualnn.project import Project

FILTER = "VisualNN networks (*.vnn)"


class Documents(QObject):
    """Moves projects between the workspace and the disk."""

    opened = Signal(object)  # Path, or None for an example
    saved = Signal(object)  # Path
    failed = Signal(str)

    def __init__(self, workspace: Workspace, window: QWidget):
        super().__init__(window)
        self._workspace = workspace
        self._window = window
        self.folder = ""
        self.export_folder = ""  # where the last picture, film or table went
        self.before_saving: Callable[[], None] = lambda: None

    def open(self, name: str) -> bool:
        """Open a file, an example or a shape; whether that worked."""
        return self._open(lambda: documents.open_document(name), lambda: documents.file_of(name))

    def start(self, make: Callable[[], Project]) -> bool:
        """Open a new network that lies nowhere yet; whether that worked."""
        return self._open(make, lambda: None)

    def _open(self, make: Callable[[], Project], where: Callable[[], Path | None]) -> bool:
        try:
            project = make()
        except (VisualNNError, OSError) as error:
            self.failed.emit(str(error))
            return False
        if not self.may_leave():
            return False
        path = where()
        self._workspace.open(project, path)
        self.opened.emit(path)
        return True

    def ask_open(self) -> None:
        """Let the user choose a file."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open a network", self.folder, FILTER)
        if name:
            self.open(name)

    def save(self) -> bool:
        """Save where it lies; ask where if it lies nowhere yet."""
        path = self._workspace.path
        return self.ask_save() if path is None else self._write(path)

    def ask_save(self) -> bool:
        """Let the user choose where to save."""
        project = self._workspace.project
        if project is None:
            return False
        proposed = str(Path(self.folder or Path.home()) / f"{project.name}{native.SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the network", proposed, FILTER)
        if not name:
            return False
        path = self._completed(Path(name), native.SUFFIX)
        return path is not None and self._write(path)

    def _completed(self, path: Path, suffix: str) -> Path | None:
        """The path with its ending; None if a file of that name, which no dialog asked about, is to stay."""
        if path.suffix.lower() == suffix:
            return path
        path = path.with_name(path.name + suffix)
        if not path.exists():
            return path
        box = QMessageBox(self._window)
        box.setWindowTitle("VisualNN")
        box.setText(f"{path.name} exists already. Replace it?")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Yes | buttons.Cancel)
        answer = box.exec()
        box.deleteLater()
        return path if answer == buttons.Yes else None

    def _write(self, path: Path) -> bool:
        self.before_saving()
        project = self._workspace.project
        if project is None:
            return False
        if self._workspace.path != path:
            project = project.renamed(path.stem)
        try:
            native.write(path, project)
        except (VisualNNError, OSError) as error:
            self.failed.emit(str(error))
            return False
        if project is not self._workspace.project:
            self._workspace.edit(project, "Rename")
        self._workspace.saved(path)
        self.saved.emit(path)
        return True

    def ask_target(self, title: str, proposed: str, suffix: str, kind: str) -> Path | None:
        """Let the user choose where an export goes; the folder is proposed again the next time."""
        folder = Path(self.export_folder or self.folder or Path.home())
        name, _ = QFileDialog.getSaveFileName(self._window, title, str(folder / proposed), kind)
        path = self._completed(Path(name), suffix) if name else None
        if path is not None:
            self.export_folder = str(path.parent)
        return path

    def may_leave(self) -> bool:
        """True if nothing would be lost, or the user has decided."""
        self.before_saving()  # a run that goes on would be lost too
        if not self._workspace.dirty:
            return True
        project = self._workspace.project
        box = QMessageBox(self._window)
        box.setWindowTitle("VisualNN")
        box.setText(f"Save the changes to “{project.name if project else ''}”?")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        box.deleteLater()
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard
