"""Work that would keep the window waiting, done in a thread beside it."""

from __future__ import annotations

import _thread
import sys
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from visualnn.engine.priority import give_way


class Newest(QObject):
    """Does what it is asked to, one job after the other, in a thread that lives as long as there is something to do.

    A job that has not begun when a newer one comes is dropped: who asks wants to see the newest state, not all of them.
    """

    done = Signal(object)  # what a job returned; arrives in the window's thread

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._change = threading.Condition()
        self._job: Callable[[], object] | None = None
        self._working = False

    @property
    def busy(self) -> bool:
        """Whether a job is being done or waits."""
        return self._working

    def ask(self, job: Callable[[], object]) -> None:
        """Do this next; returns at once, which starting a `threading.Thread` while others compute would not."""
        with self._change:
            self._job = job
            if not self._working:
                self._working = True
                _thread.start_new_thread(self._work, ())

    def rest(self, timeout: float = 5.0) -> None:
        """Drop what has not begun and wait for what has: before the window goes away."""
        with self._change:
            self._job = None
        self.wait(timeout)

    def wait(self, timeout: float = 5.0) -> None:
        """Wait until everything is done."""
        with self._change:
            self._change.wait_for(lambda: not self._working, timeout)

    def _work(self) -> None:
        give_way()
        while (job := self._next()) is not None:
            try:
                self.done.emit(job())
            except RuntimeError as error:
                if "deleted" not in str(error):  # else the window was closed meanwhile
                    self._tell()
            except Exception:  # noqa: BLE001  a job that fails is told of like any other failure in a thread
                self._tell()

    def _next(self) -> Callable[[], object] | None:
        with self._change:
            job, self._job = self._job, None
            if job is None:
                self._working = False
                self._change.notify_all()
            return job

    def _tell(self) -> None:
        kind, error, trace = sys.exc_info()
        threading.excepthook(threading.ExceptHookArgs((kind, error, trace, None)))
