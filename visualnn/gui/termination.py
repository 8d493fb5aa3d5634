"""Hears that the program is asked to end, by a signal as a terminal or a shutdown sends it."""

from __future__ import annotations

import contextlib
import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal

NAMES = [name for name in ("SIGTERM", "SIGHUP", "SIGINT") if hasattr(signal, name)]


class Termination(QObject):
    """Tells of the first such signal; the next one of its kind ends the program as if nobody listened.

    Python hears of a signal only when it is about to do something itself, and a window at rest does nothing. So the
    signal is written into a socket, which wakes the event loop.
    """

    requested = Signal()

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._near, self._far = socket.socketpair()
        for end in (self._near, self._far):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._near.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)
        self._before = signal.set_wakeup_fd(self._far.fileno(), warn_on_full_buffer=False)
        for name in NAMES:
            signal.signal(getattr(signal, name), _once)

    def uninstall(self) -> None:
        """Listen no more."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        for name in NAMES:
            signal.signal(getattr(signal, name), signal.SIG_DFL)
        self._near.close()
        self._far.close()

    def _on_activated(self) -> None:
        with contextlib.suppress(BlockingIOError):
            heard = {signal.Signals(number).name for number in self._near.recv(64)}
            if heard & set(NAMES):
                self.requested.emit()


def _once(number: int, _frame: object) -> None:
    """Who sends it again means it."""
    signal.signal(number, signal.SIG_DFL)
