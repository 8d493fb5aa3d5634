"""Ends the process where something hangs, after it has said what, and has cleaned up."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
from collections.abc import Callable

LONGER_S = 15.0  # after which a second one bites, which needs neither Python nor its lock


class Watchdog:
    """Bites once its time is over, unless it is called off; `last` is what is called before."""

    def __init__(self, seconds: float, last: Callable[[], object], leave: Callable[[int], object] = os._exit):
        self._seconds, self._last, self._leave = seconds, last, leave
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Watchdog:
        if sys.stderr is not None and _has_number():
            faulthandler.dump_traceback_later(self._seconds + LONGER_S, exit=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()
        if sys.stderr is not None and _has_number():
            faulthandler.cancel_dump_traceback_later()

    def _watch(self) -> None:
        if not self._over.wait(self._seconds):
            try:
                self._last()
            finally:
                self._leave(1)


def _has_number() -> bool:
    """Whether standard error is a file of the system, which faulthandler writes to."""
    try:
        return sys.stderr.fileno() >= 0
    except (OSError, ValueError, AttributeError):
        return False
