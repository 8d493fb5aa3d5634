"""Has PySide make all of Qt's classes, a few milliseconds at a time, before anything is imported beside the window.

PySide makes a class when it is first asked for. While a thread makes one, the window's thread may come upon it half
made, and the program crashes: so it is the window's thread that makes them, and the others find them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from importlib import import_module
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

MODULES = ("QtCore", "QtGui", "QtWidgets", "QtSvg", "QtOpenGL", "QtOpenGLWidgets", "QtTest")  # ours and pyqtgraph's
SLICE_S = 0.004  # and the class that was begun


class Classes(QObject):
    """Makes them between events."""

    made = Signal()  # all of them

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._left = making()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """From now on."""
        self._timer.start()

    def _on_timeout(self) -> None:
        deadline = perf_counter() + SLICE_S
        while perf_counter() < deadline:
            if next(self._left, None) is None:
                self._timer.stop()
                self.made.emit()
                return


def making() -> Iterator[str]:
    """Make one after the other; their names. A module that is not installed has none."""
    for name in MODULES:
        with contextlib.suppress(ImportError):
            module = import_module(f"PySide6.{name}")
            for each in dir(module):
                getattr(module, each)
                yield each
