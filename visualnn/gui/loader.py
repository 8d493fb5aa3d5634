"""Loads what the first picture does not need, in one background thread, one thing after the other.

First come the modules that let the start page move, then those of the desk; these wait until the window has made its
desk of them. The plotting library and the compiled kernels take most of a second more. Loading all this after the first
paint, in this order and with the garbage collector off, keeps the window's longest stall near 20 ms instead of
hundreds. What draws connections comes before what trains; of that, the kernel that the open document needs comes first,
also when that is opened meanwhile. Last come the modules of Landscape mode, so that nobody waits for them who goes
there. The kernels of sweeps and of a GPU are loaded when somebody wants one.

Knows nothing of all that before it is to be loaded. Qt's `classes` are to be made before it begins.
"""

from __future__ import annotations

import gc
import logging
import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from visualnn.nn.kernels import choose

log = logging.getLogger(__name__)


class Loader(QObject):
    """Loads once; its signals arrive in the window's thread."""

    start_ready = Signal()
    desk_ready = Signal()  # it goes on when it is told to
    plot_ready = Signal()
    raster_ready = Signal()
    engine_ready = Signal()
    landscape_ready = Signal()
    gpu_loaded = Signal(str)  # or why not

    def __init__(self, parent: QObject | None = None, needed: Callable[[], choose.Kind | None] = lambda: None):
        super().__init__(parent)
        self._needed = needed
        self._thread: threading.Thread | None = None
        self._others: dict[str, threading.Thread] = {}  # by what they are for
        self._compiling = threading.Lock()  # nothing is compiled twice at once
        self._may_go_on = threading.Event()
        self._is_wanted = True

    def start(self) -> None:
        """Begin, the first time this is called."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="loader", daemon=True)
            self._thread.start()

    def go_on(self) -> None:
        """The desk is made: load what it does without at first."""
        self._may_go_on.set()

    def load_landscape(self) -> None:
        """What only landscapes need, as soon as somebody looks at one."""
        self._begin("loader of landscapes", self._load_landscape)

    def prepare_landscape(self) -> None:
        """Have compiled what landscapes and sweeps need, before somebody looks at one: after the first start ever."""
        self._begin("compiler of landscapes", self._prepare_landscape)

    def load_page(self, name: str) -> None:
        """What only this page over the panel needs, if it needs anything."""
        if name == "sweep":
            self._begin("loader of sweeps", self._load_sweeps)

    def load_gpu(self) -> None:
        """What only a GPU needs; may be asked for again where it has failed."""
        self._begin("loader of the GPU", self._load_gpu, again=True)

    def _begin(self, name: str, work: Callable[[], None], *, again: bool = False) -> None:
        """Have it done in a thread: once, or again when that has ended."""
        before = self._others.get(name)
        if before is None or (again and not before.is_alive()):
            self._others[name] = threading.Thread(target=work, name=name, daemon=True)
            self._others[name].start()

    def wait(self, timeout: float | None = None) -> None:
        """Block until all is loaded, but no longer than this in all."""
        end = None if timeout is None else perf_counter() + timeout
        for thread in (self._thread, *self._others.values()):
            if thread is not None:
                thread.join(None if end is None else max(0.0, end - perf_counter()))

    def rest(self, timeout: float) -> None:
        """The window is closed: load no more than what has begun, and wait so long for that."""
        self._is_wanted = False
        self._may_go_on.set()
        self.wait(timeout)

    def _prepare_landscape(self) -> None:
        from visualnn.nn.kernels import choose
        from visualnn.scene.kernels.terrain import choose as terrain

        kernels = [partial(choose.prepare, kind) for kind in (choose.HEIGHTS, *choose.FLEETS)]
        for prepare in (terrain.prepare, *kernels):
            with self._compiling:
                prepare()

    def _load_landscape(self) -> None:
        from visualnn.nn.kernels import choose
        from visualnn.scene.kernels.terrain import choose as terrain

        try:
            with self._compiling:
                terrain.prepare()
            terrain.load()
            self.landscape_ready.emit()
            with self._compiling:
                choose.prepare(choose.HEIGHTS)
            choose.load(choose.HEIGHTS)
        except RuntimeError:  # the window was closed meanwhile
            log.debug("loading ended early", exc_info=True)

    def _load_sweeps(self) -> None:
        """Until then each network of a sweep is trained by a loop of its own, to the same bits."""
        from visualnn.nn.kernels import choose

        for kind in choose.FLEETS:
            with self._compiling:
                choose.prepare(kind)
            choose.load(kind)

    def _load_gpu(self) -> None:
        from visualnn.nn.kernels import accelerator

        try:
            self.gpu_loaded.emit(accelerator.load())
        except RuntimeError:  # the window was closed meanwhile
            log.debug("loading ended early", exc_info=True)

    def _load(self) -> None:
        start = perf_counter()
        gc.disable()
        try:
            for _ in self._parts():
                if not self._is_wanted:
                    break
        except RuntimeError:  # the window was closed meanwhile
            log.debug("loading ended early", exc_info=True)
        finally:
            gc.freeze()
            gc.enable()
        log.info("all loaded after %.2f s", perf_counter() - start)

    def _parts(self) -> Iterator[None]:
        """Load one thing after the other."""
        import_start()
        self.start_ready.emit()
        yield
        import_desk()
        self.desk_ready.emit()
        self._may_go_on.wait()
        yield
        import_plot()
        self.plot_ready.emit()
        yield
        from visualnn.scene.kernels import choose as drawing

        drawing.prepare()
        drawing.load()
        self.raster_ready.emit()
        yield
        for _ in self._kernels():
            yield
        self.engine_ready.emit()
        import_landscape()
        yield
        import_about()

    def _kernels(self) -> Iterator[choose.Kind]:
        from visualnn.nn.kernels import choose

        left = list(choose.KINDS)
        while left:
            needed = self._needed()
            kind = needed if needed in left else left[0]
            left.remove(kind)
            choose.prepare(kind)
            choose.load(kind)
            yield kind


def import_start() -> None:
    """Import what the start page computes with, and compute what it shows first."""
    import numpy.random  # noqa: F401  which NumPy leaves for later

    from visualnn.gui.views.start import adder, pictures  # noqa: F401

    adder.subject()


def import_desk() -> None:
    """Import all that works on a document, some two hundred modules."""
    from visualnn.gui import desk  # noqa: F401


def import_landscape() -> None:
    """Import what Landscape mode is made of, some hundred modules."""
    from visualnn.gui import landscape_parts, tour  # noqa: F401


def import_about() -> None:
    """Import what only *About* needs."""
    from visualnn.gui import about  # noqa: F401


def import_plot() -> None:
    """Import pyqtgraph, bound to PySide6 whatever else is installed."""
    os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
    import pyqtgraph  # noqa: F401
