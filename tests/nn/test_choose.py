"""Compiling happens in a child process, once; every failure there is survived."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from visualnn import kernel_cache, precompiled
from visualnn.nn.kernels import choose
from visualnn.nn.network import Network
from visualnn.nn.options import Options

KIND = choose.KINDS[0]


@pytest.fixture
def children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A cache folder of this test's own, and the commands of the child processes that were started."""
    kernel_cache.folder.cache_clear()
    monkeypatch.setenv("VISUALNN_CACHE_DIR", str(tmp_path))
    started: list[tuple[str, ...]] = []

    def run(command, **_options):
        started.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    yield started
    kernel_cache.folder.cache_clear()


def test_an_empty_cache_is_filled_by_a_child_process(children):
    choose.prepare(KIND)
    assert children == [choose.compile_command(KIND)]


def test_a_filled_cache_needs_no_child(children):
    kernel_cache.note_filled(choose.PACKAGE, "lane-float64")
    assert kernel_cache.is_filled(choose.PACKAGE, "lane-float64")
    choose.prepare(KIND)
    assert not children


def test_each_kernel_is_compiled_by_itself(children):
    kernel_cache.note_filled(choose.PACKAGE, "lane-float64")
    choose.prepare(choose.Kind("tile", "float32"))
    assert children == [choose.compile_command(choose.Kind("tile", "float32"))]
    assert eval(children[0][-1].split("load(choose.")[1][:-1], vars(choose)) == ("tile", "float32")


def test_narrow_and_wide_networks_have_kernels_of_their_own():
    assert choose.kind_of(Network.of(2, 3, 1), Options()) == ("lane", "float64")
    assert choose.kind_of(Network.of(2, 8, 8, 1), Options(precision="float32")) == ("lane", "float32")
    assert choose.kind_of(Network.of(64, 32, 10), Options()) == ("tile", "float64")


def test_a_cache_filled_from_other_sources_counts_as_empty(children, tmp_path: Path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "kernel.py").write_text("x = 1\n", encoding="utf-8")
    kernel_cache.note_filled(choose.PACKAGE, "lane-float64")
    assert not kernel_cache.is_filled(tmp_path / "package", "lane-float64")


def test_a_frozen_app_starts_no_child(children, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    choose.prepare(KIND)
    assert not children


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder of kernels that were compiled ahead, for processors that there are none of."""
    (tmp_path / precompiled.INDEX).write_text('{"libraries": {"abacus": "kernels.so"}, "kernels": {}}', "utf-8")
    monkeypatch.setenv("VISUALNN_KERNELS", str(tmp_path))
    monkeypatch.setattr(choose, "_ready", set())
    precompiled.shipped.cache_clear()
    yield
    precompiled.shipped.cache_clear()


def test_kernels_that_were_compiled_ahead_need_no_child_and_no_cache(
    children, library, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(choose, "_warm", lambda kind: None)
    choose.prepare(KIND)
    assert choose.load(KIND)
    assert not children
    assert not list(kernel_cache.folder().iterdir())


def test_a_library_that_cannot_be_used_leaves_the_readable_loop(library, caplog):
    assert not choose.load(KIND)
    assert "will be slower" in caplog.text


def test_a_child_that_fails_is_only_logged(children, monkeypatch: pytest.MonkeyPatch, caplog):
    def fail(command, **_options):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", fail)
    with caplog.at_level(logging.WARNING, logger="visualnn"):
        choose.prepare(KIND)
    assert "could not be compiled in a child process" in caplog.text


def test_the_child_imports_this_very_package():
    first = kernel_cache.child_environment()["PYTHONPATH"].split(":" if sys.platform != "win32" else ";")[0]
    assert (Path(first) / "visualnn" / "nn" / "kernels" / "choose.py").exists()
