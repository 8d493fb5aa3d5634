"""Work that would keep the window waiting, done in a thread beside it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QEventLoop, QMetaObject, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from visualnn.engine.priority import give_way

PATIENCE_S = 1.0  # how long the thread waits for the next job: while something moves, none need be started

Result = TypeVar("Result")


def awaited(job: Callable[[], Result]) -> Result:
    """What a job returns, or raises, that is done in a thread: meanwhile the window lives, but nobody can use it."""
    loop, made = QEventLoop(), ThreadPoolExecutor(1, "awaited", give_way)
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        coming = made.submit(job)
        coming.add_done_callback(
            lambda _done: QMetaObject.invokeMethod(loop, "quit", Qt.ConnectionType.QueuedConnection)
        )
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        return coming.result()
    finally:
        made.shutdown()
        QGuiApplication.restoreOverrideCursor()


class Newest(QObject):
    """Does what it is asked to, one job after the other, in a thread of its own.

    A job that has not begun when a newer one comes is dropped: who asks wants to see the newest state, not all of them.
    """

    done = Signal(object)  # what a job returned; arrives in the window's thread
    _finished = Signal(int, object)  # the number of a job and what it returned

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._finished.connect(self._on_finished)
        self._change = threading.Condition()
        self._job: Callable[[], object] | None = None
        self._asked = 0  # jobs so far; one below the `_floor` is no longer of interest
        self._floor = 0
        self._working = 0  # the number of the job being done, 0 for none
        self._thread: threading.Thread | None = None
        self._closing = False

    @property
    def busy(self) -> bool:
        """Whether a job is being done or waits."""
        with self._change:
            return bool(self._working) or self._job is not None

    def ask(self, job: Callable[[], object]) -> None:
        """Do this next."""
        with self._change:
            self._job, self._closing = job, False
            self._asked += 1
            self._change.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="newest", daemon=True)
                self._thread.start()

    def forget(self) -> None:
        """What is being done, or waits, is no longer of interest: somebody has answered at once."""
        with self._change:
            self._job, self._floor = None, self._asked + 1

    def wait(self, timeout: float = 5.0) -> None:
        """Wait until everything is done."""
        with self._change:
            self._change.wait_for(lambda: not self._working and self._job is None, timeout)

    def rest(self, timeout: float = 5.0) -> None:
        """Drop what has not begun, wait for what has, and end the thread: before the window goes away."""
        with self._change:
            self._job, self._closing, thread = None, True, self._thread
            self._change.notify_all()
        if thread is not None:
            thread.join(timeout)

    def _work(self) -> None:
        give_way()
        while (job := self._next()) is not None:
            try:
                result = job()
            except Exception:  # noqa: BLE001  told of like any other failure in a thread
                threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))
            else:
                if shiboken6.isValid(self):
                    self._finished.emit(self._working, result)

    def _on_finished(self, number: int, result: object) -> None:
        if number >= self._floor:
            self.done.emit(result)

    def _next(self) -> Callable[[], object] | None:
        """The next job; None if there is none for a while, and then the thread is over."""
        with self._change:
            self._working = 0
            self._change.notify_all()
            self._change.wait_for(lambda: self._job is not None or self._closing, PATIENCE_S)
            job, self._job = self._job, None
            self._working = 0 if job is None else self._asked
            if job is None:
                self._thread = None
            return job


class Growing:
    """What becomes known bit by bit in a thread of its own, as a generator yields it; who looks sees the newest bit.

    Another generator takes the place of the one before, which is given up at its next bit.
    """

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._given: Iterator[object] | None = None
        self._working = False
        self._newest: object | None = None
        self._thread: threading.Thread | None = None
        self._closing = False

    @property
    def busy(self) -> bool:
        """Whether there is more to come, or something that nobody has looked at yet."""
        with self._change:
            return self._working or self._given is not None or self._newest is not None

    def start(self, bits: Iterator[object]) -> None:
        """Take these from now on; none of the bits before is of interest any more."""
        with self._change:
            self._given, self._newest, self._closing = bits, None, False
            self._change.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="growing", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """No more; the bit under way is not of interest."""
        with self._change:
            self._given, self._newest = None if self._thread is None else iter(()), None
            self._change.notify_all()

    def poll(self) -> object | None:
        """The newest bit, once; None where there is none since the last look."""
        with self._change:
            newest, self._newest = self._newest, None
            return newest

    def wait(self, timeout: float = 30.0) -> None:
        """Wait until all is known."""
        with self._change:
            self._change.wait_for(lambda: not self._working and self._given is None, timeout)

    def rest(self, timeout: float = 5.0) -> None:
        """Give up what is under way and end the thread: before the window goes away."""
        with self._change:
            self._given, self._newest, self._closing, thread = None, None, True, self._thread
            self._change.notify_all()
        if thread is not None:
            thread.join(timeout)

    def _work(self) -> None:
        give_way()
        while (bits := self._next()) is not None:
            try:
                for bit in bits:
                    with self._change:
                        if self._given is not None or self._closing:
                            break
                        self._newest = bit
            except Exception:  # noqa: BLE001  told of like any other failure in a thread
                threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))

    def _next(self) -> Iterator[object] | None:
        """The next generator; None if there is none for a while, and then the thread is over."""
        with self._change:
            self._working = False
            self._change.notify_all()
            self._change.wait_for(lambda: self._given is not None or self._closing, PATIENCE_S)
            bits, self._given = self._given, None
            self._working = bits is not None
            if bits is None:
                self._thread = None
            return bits
