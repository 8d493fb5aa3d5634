"""Which kernels are used: the compiled ones once they are loaded, the plain ones before and without Numba."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType

from visualnn import kernel_cache
from visualnn.scene.kernels.terrain import plain

log = logging.getLogger(__name__)

PACKAGE = Path(__file__).parent
NAME = "terrain"
COMPILE = (sys.executable, "-c", "from visualnn.scene.kernels.terrain import choose; choose.load()")

_loading = threading.Lock()
_kernels: ModuleType = plain


def kernels() -> ModuleType:
    """The kernels in use, by the names that `plain` has."""
    return _kernels


def loaded() -> bool:
    """Whether the compiled kernels are in use."""
    return _kernels is not plain


def load() -> bool:
    """Imports Numba and loads, or the first time compiles, the kernels; True if they are in use from now on.

    For a thread in the background. Never raises: without Numba, or where it does not work, the plain kernels draw the
    same pictures in about twenty times the time, and the log says why.
    """
    global _kernels
    with _loading:
        if not loaded():
            start = time.perf_counter()
            try:
                kernel_cache.install()
                from visualnn.scene.kernels.terrain import compiled
            except Exception:  # whatever Numba or LLVM do on some machine, the app works without them
                log.warning("The compiled kernels of landscapes are not available; they turn slower.", exc_info=True)
            else:
                _kernels = compiled
                kernel_cache.note_filled(PACKAGE, NAME)
                log.info("compiled kernels of landscapes ready after %.2f s", time.perf_counter() - start)
    return loaded()


def prepare() -> None:
    """Where the compiled kernels are not in the cache yet, compiles them in a child process and waits for that.

    As for the training loops: compiling here would stall other threads. Never raises; a frozen app does nothing.
    """
    try:
        if not getattr(sys, "frozen", False) and not kernel_cache.is_filled(PACKAGE, NAME):
            subprocess.run(COMPILE, env=_child_environment(), capture_output=True, check=True)
    except Exception:  # then `load` compiles, or says why it cannot
        log.warning("The kernels of landscapes could not be compiled in a child process.", exc_info=True)


def _child_environment() -> dict[str, str]:
    """This process's, with the folder this package was imported from in front."""
    paths = [str(PACKAGE.parents[3]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
