"""The terminal that a program without a console was started from, as it is on Windows.

There the window's program has no standard output. What was typed is answered in the terminal all the same; but who
opens a window lets go of it, for closing the terminal would end the program.
"""

from __future__ import annotations

import contextlib
import sys


def take() -> None:
    """Answers go to that terminal, where there is one and they would go nowhere."""
    if sys.platform == "win32" and (sys.stdout is None or sys.stderr is None):
        import ctypes

        ctypes.windll.kernel32.AttachConsole(-1)  # that of the process that started this one
        with contextlib.suppress(OSError):  # it has none: a double click
            screen = open("CONOUT$", "w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: PTH123, SIM115
            sys.stdout = sys.stdout or screen
            sys.stderr = sys.stderr or screen


def leave() -> None:
    """The terminal is given back, if it was taken."""
    if sys.platform == "win32":
        import ctypes

        taken = [name for name in ("stdout", "stderr") if getattr(getattr(sys, name), "name", "") == "CONOUT$"]
        for name in taken:
            setattr(sys, name, None)
        if taken:
            ctypes.windll.kernel32.FreeConsole()
