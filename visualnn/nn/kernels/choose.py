"""Which training loop is used: the compiled one once it is loaded, the readable one before and without Numba."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from visualnn import kernel_cache
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import Control, Data, Kernel, Plan, State
from visualnn.nn.network import Vector

log = logging.getLogger(__name__)

PACKAGE = Path(__file__).parent
COMPILE = (sys.executable, "-c", "from visualnn.nn.kernels import choose; choose.load()")

_compiled: Kernel | None = None
_loading = threading.Lock()


def loaded() -> bool:
    """Whether the compiled kernel is in use."""
    return _compiled is not None


def kernel() -> Kernel:
    """The loop to call now."""
    return _compiled or reference.train


def train(plan: Plan, data: Data, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
    """Does at most `updates` updates with the best loop there is now; see `arguments`."""
    return kernel()(plan, data, state, control, losses, stride, updates)


def load() -> bool:
    """Imports Numba and loads, or the first time compiles, the fast kernel; True if it is in use from now on.

    For a thread in the background. Never raises: without Numba, or where it does not work, training stays on the
    readable loop, which gives the same numbers, and the log says why.
    """
    with _loading:
        if _compiled is None:
            _load()
    return loaded()


def prepare() -> None:
    """Where the compiled kernel is not in the cache yet, compiles it in a child process and waits for that.

    Compiling takes seconds and would stall other threads of this process; loading from the cache does not. For a
    thread in the background, before `load`. Never raises; a frozen app has no interpreter to call and does nothing.
    """
    try:
        if not getattr(sys, "frozen", False) and not kernel_cache.is_filled(PACKAGE):
            subprocess.run(COMPILE, env=_child_environment(), capture_output=True, check=True)
    except Exception:  # then `load` compiles, or says why it cannot
        log.warning("The kernel could not be compiled in a child process.", exc_info=True)


def _child_environment() -> dict[str, str]:
    """This process's, with the folder this package was imported from in front."""
    paths = [str(PACKAGE.parents[2]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _load() -> None:
    global _compiled
    start = time.perf_counter()
    try:
        kernel_cache.install()
        from visualnn.nn.kernels import cpu

        cpu.warm()
    except Exception:  # whatever Numba or LLVM do on some machine, the app works without them
        log.warning("The compiled training kernel is not available; training will be slower.", exc_info=True)
    else:
        _compiled = cpu.train
        kernel_cache.note_filled(PACKAGE)
        log.info("compiled training kernel ready after %.2f s", time.perf_counter() - start)
