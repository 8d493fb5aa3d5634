"""Work that would keep the window waiting, done in a thread beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal


class Newest(QObject):
    """Does what it is asked to, one job after the other, in a thread that lives as long as there is something to do.

    A job that has not begun when a newer one comes is dropped: who asks wants to see the newest state, not all of them.
    """

    done = Signal(object)  # what a job returned; arrives in the window's thread

    def __init__(self, name: str, parent: QObject | None = None):
        super().__init__(parent)
        self._name = name
        self._lock = threading.Lock()
        self._job: Callable[[], object] | None = None
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether a job is being done or waits."""
        return self._thread is not None

    def ask(self, job: Callable[[], object]) -> None:
        """Do this next."""
        with self._lock:
            self._job = job
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()

    def rest(self, timeout: float = 5.0) -> None:
        """Drop what has not begun and wait for what has: before the window goes away."""
        with self._lock:
            self._job, thread = None, self._thread
        if thread is not None:
            thread.join(timeout)

    def wait(self, timeout: float = 5.0) -> None:
        """Wait until everything is done; for pictures and tests."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _work(self) -> None:
        while True:
            with self._lock:
                job, self._job = self._job, None
                if job is None:
                    self._thread = None
                    return
            try:
                result = job()
            except BaseException:
                with self._lock:
                    self._thread = None
                raise
            try:
                self.done.emit(result)
            except RuntimeError:  # the window was closed meanwhile
                self._thread = None
                return
