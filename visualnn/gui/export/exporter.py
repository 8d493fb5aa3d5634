"""Writes one file at a time in a thread beside the window, says how far it is, and can be stopped."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import shiboken6
from PySide6.QtCore import QObject, Signal

from visualnn.engine.priority import give_way
from visualnn.gui.export.target import Cancelled, Report
from visualnn.nn.errors import VisualNNError

TOLD_EVERY_S = 0.04


class Exporter(QObject):
    """Does one job after it was started; `ended` comes after each, however it went."""

    progressed = Signal(int, int)  # done, of how many
    saved = Signal(object)  # Path
    failed = Signal(str)
    ended = Signal()
    _over = Signal(object, str)  # Path or None, a sentence if it failed

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._told = 0.0
        self._over.connect(self._on_over)

    @property
    def busy(self) -> bool:
        """Whether a file is being written."""
        return self._thread is not None

    def start(self, path: Path, job: Callable[[Path, Report], None]) -> None:
        """Have `job` write the file; it tells its report how far it is."""
        if self.busy:
            raise RuntimeError("one export at a time")
        self._stop.clear()
        self._told = 0.0
        self._thread = threading.Thread(target=self._work, args=(path, job), name="export", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Stop: nothing will have been written."""
        self._stop.set()

    def rest(self, timeout: float = 10.0) -> None:
        """Stop, and wait for the thread: before the window goes away."""
        self.cancel()
        if self._thread is not None:
            self._thread.join(timeout)

    def _report(self, done: int, whole: int) -> None:
        """Called by the thread."""
        if self._stop.is_set():
            raise Cancelled
        now = perf_counter()
        if now - self._told > TOLD_EVERY_S or done == whole:
            self._told = now
            self.progressed.emit(done, whole)

    def _work(self, path: Path, job: Callable[[Path, Report], None]) -> None:
        give_way()
        saved, sentence = None, ""
        try:
            job(path, self._report)
            saved = path
        except Cancelled:
            pass
        except VisualNNError as error:
            sentence = str(error)
        except Exception:  # noqa: BLE001  told of like any other failure in a thread
            sentence = f"{path.name} could not be written."
            threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))
        if shiboken6.isValid(self):
            self._over.emit(saved, sentence)

    def _on_over(self, path: Path | None, sentence: str) -> None:
        if self._thread is not None:
            self._thread.join()
        self._thread = None
        self.ended.emit()
        if path is not None:
            self.saved.emit(path)
        elif sentence:
            self.failed.emit(sentence)
