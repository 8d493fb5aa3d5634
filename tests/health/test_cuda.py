"""What doctor tells of a GPU: what the probe found, the packages, the kernels."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from visualnn import gpu, kernel_cache
from visualnn.health import cuda
from visualnn.nn.kernels.gpu import kept

H200 = gpu.Gpu(True, "It can train.", "NVIDIA H200", "13.0", (9, 0), 150_000_000_000, 132, 232_448, True)
VERSIONS = {"numba": "0.68.1", "numba-cuda": "0.30.4", "nvidia-nvvm": "13.5.37"}


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A computer with a card, packages, and an empty cache, whose folder is returned."""

    def version(name: str) -> str:
        if name not in VERSIONS:
            raise metadata.PackageNotFoundError(name)
        return VERSIONS[name]

    monkeypatch.setattr(gpu, "probe", lambda: H200)
    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(kernel_cache, "_candidates", lambda: iter([tmp_path / "cache"]))
    kernel_cache.folder.cache_clear()
    yield tmp_path / "cache"
    kernel_cache.folder.cache_clear()


def test_a_card_is_told_of_as_the_probe_found_it(card):
    found = cuda.cuda()
    assert (found.usable, found.sentence, found.name) == (True, "It can train.", "NVIDIA H200")
    assert (found.driver, found.capability, found.memory) == ("13.0", "9.0", 150_000_000_000)
    assert (found.multiprocessors, found.shared, found.watchdog) == (132, 232_448, True)
    assert found.packages == (("numba-cuda", "0.30.4"), ("nvidia-nvvm", "13.5.37"))
    assert found.kernels == (("gpu-block", False), ("gpu-grid", False))
    assert not card.exists()


def test_without_a_card_nothing_is_told_but_why(monkeypatch, card):
    monkeypatch.setattr(gpu, "probe", lambda: gpu.Gpu(False, "There is none."))
    monkeypatch.setattr(cuda, "PACKAGES", ())
    assert cuda.cuda() == cuda.Cuda(False, "There is none.")


def test_kernels_that_are_kept_are_those_for_this_kind_of_card(monkeypatch, card):
    kept.note("block")
    assert cuda.kernels() == (("gpu-block", True), ("gpu-grid", False))
    other = gpu.Gpu(True, "It can train.", "NVIDIA T4", "13.0", (7, 5))
    monkeypatch.setattr(gpu, "probe", lambda: other)
    assert cuda.kernels() == (("gpu-block", False), ("gpu-grid", False))


def test_without_numba_no_kernels_are_told_of(monkeypatch, card):
    kept.note("block")
    monkeypatch.delitem(VERSIONS, "numba")
    assert cuda.kernels() == ()
