"""What the first picture does not need is loaded once, in a thread that ends."""

from __future__ import annotations

import gc
import sys
import threading

import pytest
from PySide6.QtCore import QObject

from visualnn.gui import loader as module
from visualnn.gui.classes import making
from visualnn.gui.loader import Loader
from visualnn.nn.kernels import accelerator, choose
from visualnn.scene.kernels import choose as drawing
from visualnn.scene.kernels.terrain import choose as terrain


@pytest.fixture(scope="module", autouse=True)
def _classes_are_made(qapp):
    """As they are when the program loads anything beside its window."""
    assert "QFileDialog" in set(making())


@pytest.fixture
def loader(qapp):
    parent = QObject()
    loader = Loader(parent)
    yield loader
    loader.wait(60)
    gc.unfreeze()
    parent.deleteLater()


def test_it_loads_the_start_page_then_the_desk_and_when_that_is_made_plot_raster_and_engine(loader, qtbot):
    order = []
    loader.start_ready.connect(lambda: order.append("start"))
    loader.desk_ready.connect(lambda: order.append("desk"))
    loader.desk_ready.connect(loader.go_on)
    loader.plot_ready.connect(lambda: order.append("plot"))
    loader.raster_ready.connect(lambda: order.append("raster"))
    loader.engine_ready.connect(lambda: order.append("engine"))
    with qtbot.waitSignal(loader.engine_ready, timeout=60_000):
        loader.start()
    loader.wait(60)
    assert order == ["start", "desk", "plot", "raster", "engine"]
    assert "pyqtgraph" in sys.modules
    assert drawing.loaded()
    assert choose.loaded()
    assert gc.isenabled()


def test_it_loads_once(loader):
    loader.go_on()
    loader.start()
    first = loader._thread
    loader.start()
    assert loader._thread is first
    loader.wait(60)
    assert not first.is_alive()


def test_waiting_without_a_start_is_harmless(loader):
    loader.wait(1)
    assert loader._thread is None


def test_a_window_that_was_closed_meanwhile_is_no_trouble(qapp, monkeypatch):
    parent = QObject()
    loader = Loader(parent)

    def closed() -> None:
        raise RuntimeError("Internal C++ object already deleted.")

    monkeypatch.setattr(module, "import_plot", closed)
    loader.go_on()
    loader.start()
    loader.wait(60)
    assert gc.isenabled()
    gc.unfreeze()
    parent.deleteLater()


def test_a_window_that_is_closed_before_its_desk_is_made_has_no_engine_loaded(loader, monkeypatch):
    loaded = []
    monkeypatch.setattr(module, "import_plot", lambda: loaded.append("plot"))
    loader.start()
    loader.rest(60)
    assert not loader._thread.is_alive()
    assert loaded == []


def test_a_window_that_is_closed_later_has_no_more_loaded_than_what_has_begun(loader, monkeypatch):
    loaded = []

    def closed_meanwhile() -> None:
        loaded.append("plot")
        loader._is_wanted = False

    monkeypatch.setattr(module, "import_plot", closed_meanwhile)
    monkeypatch.setattr(drawing, "load", lambda: loaded.append("raster"))
    loader.go_on()
    loader.start()
    loader.wait(60)
    assert loaded == ["plot"]


def test_the_plot_attaches_to_the_open_window(window, qtbot):
    loader = Loader(window)
    loader.plot_ready.connect(window.page.loss.attach)
    loader.go_on()
    with qtbot.waitSignal(loader.engine_ready, timeout=60_000):
        loader.start()
    loader.wait(60)
    gc.unfreeze()
    window.open_document("xor")
    window.page.set_mode(1)
    assert not window.grab().isNull()


def test_what_landscapes_need_is_compiled_before_anybody_looks_at_one(loader, monkeypatch):
    compiled = []
    monkeypatch.setattr(terrain, "prepare", lambda: compiled.append("terrain"))
    monkeypatch.setattr(choose, "prepare", compiled.append)
    loader.prepare_landscape()
    loader.wait(60)
    assert compiled == ["terrain", choose.HEIGHTS, *choose.FLEETS]


def test_a_landscape_that_is_looked_at_is_loaded_once(loader, qtbot, monkeypatch):
    loaded = []
    monkeypatch.setattr(terrain, "prepare", lambda: loaded.append("prepared"))
    monkeypatch.setattr(terrain, "load", lambda: loaded.append("loaded"))
    monkeypatch.setattr(choose, "prepare", lambda kind: None)
    monkeypatch.setattr(choose, "load", lambda kind: None)
    with qtbot.waitSignal(loader.landscape_ready, timeout=60_000):
        loader.load_landscape()
    loader.load_landscape()
    loader.wait(60)
    assert loaded == ["prepared", "loaded"]


def test_what_sweeps_need_is_loaded_once_when_somebody_opens_one(loader, monkeypatch):
    done = []
    monkeypatch.setattr(choose, "prepare", lambda kind: done.append(("prepared", kind)))
    monkeypatch.setattr(choose, "load", lambda kind: done.append(("loaded", kind)))
    for page in ("runs", "", "sweep", "sweep"):
        loader.load_page(page)
        loader.wait(60)
    assert done == [(what, kind) for kind in choose.FLEETS for what in ("prepared", "loaded")]


def test_whoever_closes_the_window_while_kernels_are_compiled_waits_once_for_all_of_them(loader, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(accelerator, "load", lambda: str(over.wait(60)))
    monkeypatch.setattr(choose, "prepare", lambda kind: over.wait(60))
    monkeypatch.setattr(choose, "load", lambda kind: None)
    monkeypatch.setattr(terrain, "prepare", lambda: over.wait(60))
    waited = []
    monkeypatch.setattr(module, "perf_counter", lambda: float(len(waited)))
    monkeypatch.setattr(threading.Thread, "join", lambda _self, timeout=None: waited.append(timeout))
    loader.load_gpu()
    loader.load_page("sweep")
    loader.prepare_landscape()
    loader.rest(2.0)
    assert waited == [2.0, 1.0, 0.0]
    monkeypatch.undo()
    over.set()


def test_the_kernels_of_a_gpu_are_loaded_when_they_are_wanted_and_again_where_that_failed(loader, qtbot, monkeypatch):
    answers = ["The memory of the GPU is full.", ""]
    monkeypatch.setattr(accelerator, "load", lambda: answers.pop(0))
    for why in ("The memory of the GPU is full.", ""):
        with qtbot.waitSignal(loader.gpu_loaded, timeout=60_000) as told:
            loader.load_gpu()
        assert told.args == [why]
        loader.wait(60)
    assert not answers
