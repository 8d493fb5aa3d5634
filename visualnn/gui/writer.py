"""Puts documents on the disk in a thread beside the window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from visualnn.files import native
from visualnn.files.errors import FileError
from visualnn.files.stamp import Stamp, stamp
from visualnn.gui.tasks import Newest
from visualnn.work import Work


@dataclass(frozen=True, eq=False)
class Written:
    """What came of it: how the file lies there now, or one sentence that says why it does not."""

    path: Path
    work: Work
    stamp: Stamp | None = None
    error: str = ""


class Writer(QObject):
    """Writes one document at a time. Who waits for one is told of it before the waiting ends."""

    written = Signal(object)  # Written

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._thread = Newest(self)
        self._thread.done.connect(self._on_done)
        self._result: Written | None = None  # of what was written last, until it has been told

    @property
    def busy(self) -> bool:
        """Whether something is being written, or has been and was not told yet."""
        return self._thread.busy or self._result is not None

    def write(self, path: Path, work: Work) -> None:
        """Put this into that file; nothing else may be on its way."""
        assert not self.busy
        self._thread.ask(partial(self._write, path, work))

    def wait(self, seconds: float) -> None:
        """Wait for what is on its way, so long at most."""
        self._thread.wait(seconds)
        if not self._thread.busy:
            self._tell()

    def rest(self) -> None:
        """End the thread."""
        self._thread.rest()

    def _write(self, path: Path, work: Work) -> None:
        said = f"“{path.name}” cannot be saved: something went wrong inside VisualNN."
        result = Written(path, work, error=said)
        try:
            native.write(path, work)
            result = Written(path, work, stamp(path))
        except FileError as error:
            result = Written(path, work, error=str(error))
        except MemoryError:
            result = Written(path, work, error=f"“{path.name}” cannot be saved: it does not fit into memory.")
        finally:
            self._result = result

    def _on_done(self, _result: object) -> None:
        self._tell()

    def _tell(self) -> None:
        result, self._result = self._result, None
        if result is not None:
            self.written.emit(result)
