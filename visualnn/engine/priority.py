"""Threads that compute give way to the one that answers the learner."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading

NICE = 10  # of 19: still first where nobody else wants the processor
BELOW_NORMAL = -1  # what Windows calls it


def give_way() -> None:
    """Lowers the priority of the calling thread where the system lets it; on Linux also that of threads it starts."""
    with contextlib.suppress(OSError, AttributeError):
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        elif sys.platform == "win32":
            kernel = ctypes.windll.kernel32
            kernel.GetCurrentThread.restype = ctypes.c_void_p
            kernel.SetThreadPriority.argtypes = (ctypes.c_void_p, ctypes.c_int)
            kernel.SetThreadPriority(kernel.GetCurrentThread(), BELOW_NORMAL)
