"""A driver may take a second to answer, or hang: the window's thread never asks it, whatever the learner looks at."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from tests.fake_gpu import CARD, NO_CARD
from visualnn import gpu
from visualnn.gui.document import LANDSCAPE, STEP, TRAIN
from visualnn.gui.loader import Loader
from visualnn.gui.main_window import MainWindow


@pytest.fixture(params=[CARD, NO_CARD], ids=["a card", "none"])
def askers(request, fake_gpu, monkeypatch) -> list[threading.Thread]:
    """The threads that have asked the driver."""
    asked: list[threading.Thread] = []

    def probe() -> gpu.Gpu:
        asked.append(threading.current_thread())
        return request.param

    monkeypatch.setattr(gpu, "probe", probe)
    return asked


def at_work(window: MainWindow) -> Loader:
    """Opens a document; what a GPU needs is loaded as `app` has it loaded."""
    loader = Loader(window)
    window.open_document("xor")
    loader.gpu_loaded.connect(window.page.devices.take_loaded)
    window.page.devices.gpu_wanted.connect(loader.load_gpu)
    return loader


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_neither_the_start_nor_a_training_asks_in_the_threads_of_the_window(askers, open_window, settings, device):
    window = open_window(replace(settings, device=device))
    loader = at_work(window)
    assert askers == []
    for mode in (TRAIN, STEP, LANDSCAPE, TRAIN):
        window.page.set_mode(mode)
    window.page.trainer.seek(3)
    window.page.trainer.settle_now()
    window.page.devices.look()
    loader.wait()
    window.page.finish()
    assert threading.main_thread() not in askers


def test_who_chooses_the_gpu_asks_beside_the_window(askers, open_window, settings, qtbot):
    window = open_window(settings)
    loader = at_work(window)
    window.page.set_mode(TRAIN)
    window.page.devices.choose("cuda")
    qtbot.waitUntil(lambda: bool(askers))
    loader.wait()
    window.page.trainer.seek(3)
    window.page.trainer.settle_now()
    assert threading.main_thread() not in askers
    assert window.page.trainer.snapshot.update == 3
