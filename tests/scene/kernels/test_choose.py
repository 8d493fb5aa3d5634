"""Drawing goes on whatever compiling does."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from visualnn import kernel_cache
from visualnn.scene.kernels import choose, plain


@pytest.fixture
def children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A cache folder of this test's own, and the commands of the child processes that were started."""
    kernel_cache.folder.cache_clear()
    monkeypatch.setenv("VISUALNN_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("VISUALNN_KERNELS", "jit")
    started: list[tuple[str, ...]] = []

    def run(command, **_options):
        started.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    yield started
    kernel_cache.folder.cache_clear()


def test_an_empty_cache_is_filled_by_a_child_process_once(children):
    choose.prepare()
    assert children == [choose.SWITCH.command]
    kernel_cache.note_filled(choose.SWITCH.folder, choose.SWITCH.name)
    choose.prepare()
    assert len(children) == 1


def test_kernels_that_were_compiled_ahead_call_for_no_child(children, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "index.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("VISUALNN_KERNELS", str(tmp_path))
    choose.prepare()
    assert not children


def test_a_child_that_fails_is_only_logged(children, monkeypatch: pytest.MonkeyPatch, caplog):
    def fail(command, **_options):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", fail)
    with caplog.at_level(logging.WARNING, logger="visualnn"):
        choose.prepare()
    assert "could not be compiled in a child process" in caplog.text


def test_without_numba_the_plain_kernels_stay(monkeypatch: pytest.MonkeyPatch, caplog):
    monkeypatch.setattr(choose.SWITCH, "used", plain)
    for name in ("compiled", "brush"):
        monkeypatch.delitem(sys.modules, f"visualnn.scene.kernels.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "visualnn.scene.kernels.compiled", None)
    monkeypatch.delattr("visualnn.scene.kernels.compiled", raising=False)
    with caplog.at_level(logging.WARNING, logger="visualnn"):
        assert not choose.load()
    assert "drawing will be slower" in caplog.text
    assert choose.kernels() is plain


def test_every_compiled_kernel_has_a_plain_twin(compiled):
    assert all(callable(getattr(plain, name)) for name in compiled.__all__)


def test_the_door_opens_without_numba():
    code = "import sys; from visualnn.scene.kernels import raster; assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], env=kernel_cache.child_environment(), check=True)
