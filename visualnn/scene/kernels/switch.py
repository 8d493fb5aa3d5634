"""Which kernels of a package are used: the compiled ones once they are loaded; before, or without Numba, plain ones."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from types import ModuleType

from visualnn import kernel_cache, precompiled

log = logging.getLogger(__name__)


class Switch:
    """Stands at the `plain` module of a package; `load` turns it to the `compiled` one, which has the same names."""

    def __init__(self, plain: ModuleType, name: str, work: str):
        self._plain, self._package, self._work = plain, plain.__name__.rpartition(".")[0], work
        self._loading = threading.Lock()
        self.name = name  # in the cache
        self.folder = Path(str(plain.__file__)).parent
        self.command = (sys.executable, "-c", f"from {self._package} import choose; choose.load()")
        self.used = plain

    def kernels(self) -> ModuleType:
        """The kernels in use, by the names that `plain` has."""
        return self.used

    def loaded(self) -> bool:
        """Whether the compiled kernels are in use."""
        return self.used is not self._plain

    def load(self) -> bool:
        """Loads the kernels, or has Numba compile them the first time; True if they are in use from now on.

        For a thread in the background. Never raises: without them the plain kernels make the same pictures in ten to
        fifty times the time, and the log says why.
        """
        with self._loading:
            if not self.loaded():
                start = time.perf_counter()
                try:
                    kernel_cache.install()
                    self.used = import_module(f"{self._package}.compiled")
                except Exception:  # whatever Numba or LLVM do on some machine, the app works without them
                    log.warning("The compiled kernels are not available; %s will be slower.", self._work, exc_info=True)
                else:
                    if not precompiled.place():
                        kernel_cache.note_filled(self.folder, self.name)
                    log.info("compiled kernels for %s ready after %.2f s", self._work, time.perf_counter() - start)
        return self.loaded()

    def prepare(self) -> None:
        """Where the compiled kernels are not in the cache yet, compiles them in a child process and waits for that.

        As for the training loops: compiling here would stall other threads. Never raises; a frozen app has no
        interpreter to call and does nothing.
        """
        if precompiled.place() or getattr(sys, "frozen", False):
            return
        try:
            if not kernel_cache.is_filled(self.folder, self.name):
                subprocess.run(self.command, env=kernel_cache.child_environment(), capture_output=True, check=True)
        except Exception:  # then `load` compiles, or says why it cannot
            log.warning("The kernels for %s could not be compiled in a child process.", self._work, exc_info=True)
