"""Everything is found without a trace, and without what may be missing."""

from __future__ import annotations

import json
import platform
import re
import zlib
from pathlib import Path

import pytest

from visualnn import assets, kernel_cache, precompiled
from visualnn.files import recovery
from visualnn.health import kernels, libraries, machine, places, screen
from visualnn.health.report import gather, plain
from visualnn.health.screen import Toolkit


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has never started the program."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(recovery, "default_folder", lambda: home / "state")
    monkeypatch.setattr(places, "log_folder", lambda: home / "log")
    monkeypatch.setattr(kernel_cache, "_candidates", lambda: iter([home / "cache" / "kernels"]))
    return home


def test_looking_leaves_no_trace(empty_home):
    found = gather(Toolkit("6.11.3"))
    assert list(empty_home.iterdir()) == []
    assert all(place.writable for place in found.places)
    assert found.kernels
    assert not any(kernel.compiled for kernel in found.kernels)


def test_it_can_be_written_as_json(empty_home):
    told = json.loads(json.dumps(plain(gather(Toolkit("6.11.3")))))
    assert told["toolkit"]["version"] == "6.11.3"
    assert told["origin"] == "a checkout"
    assert {part["name"] for part in told["parts"]} >= {"Numba", "pyqtgraph"}
    assert set(told["kernels"]) >= {"lane-float64", "raster", "terrain"}
    assert "Inter-Regular" in told["fonts"]
    assert told["cuda"]["sentence"]
    assert {"usable", "name", "driver", "capability", "memory", "packages", "kernels"} <= set(told["cuda"])


def test_without_resources_the_rest_is_still_found(empty_home, monkeypatch):
    def lost() -> Path:
        raise assets.AssetError("nowhere")

    monkeypatch.setattr(assets, "root", lost)
    found = gather(Toolkit())
    assert (found.resources, found.fonts) == ("", ())
    assert "fonts" in found.missing


def test_a_folder_in_place_of_which_there_is_a_file_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    assert places.can_write(tmp_path / "file")
    assert places.can_write(tmp_path / "none" / "yet")
    assert not places.can_write(tmp_path / "file" / "below")


def test_without_a_home_there_is_no_place(tmp_path):
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    assert places.place("Log", homeless, "lost") == ("Log", "", False, "lost")


def test_without_numba_no_kernels_are_told_of(monkeypatch):
    monkeypatch.setattr(kernels, "is_here", lambda module: module != "numba")
    assert kernels.all_kernels() == ()


def test_kernels_that_an_installer_brought_need_no_numba(monkeypatch, tmp_path):
    monkeypatch.setenv("VISUALNN_KERNELS", str(tmp_path))
    monkeypatch.setattr(kernels, "is_here", lambda module: module != "numba")
    (tmp_path / precompiled.INDEX).write_text(json.dumps({"libraries": {platform.machine().lower(): "it.so"}}))
    found = kernels.all_kernels()
    assert ("lane-float64", True) in found
    assert all(kernel.compiled for kernel in found)
    assert kernels.ahead() == platform.machine().lower()


@pytest.mark.parametrize("index", ['{"libraries": {"z80": "z80.so"}}', "{}", "not json"])
def test_kernels_for_other_processors_are_none(monkeypatch, tmp_path, index):
    monkeypatch.setenv("VISUALNN_KERNELS", str(tmp_path))
    (tmp_path / precompiled.INDEX).write_text(index)
    assert kernels.ahead() == ""
    assert not any(kernel.compiled for kernel in kernels.all_kernels())


def test_kernels_are_compiled_ahead_for_installers_only(monkeypatch):
    monkeypatch.setenv("VISUALNN_KERNELS", "jit")
    assert kernels.ahead() is None


def test_libraries_say_their_versions_and_those_that_cannot_be_asked_are_left_out(monkeypatch):
    told = dict(libraries.all_libraries())
    assert told["zlib"] == zlib.ZLIB_RUNTIME_VERSION
    assert all(re.match(r"\d+\.\d+", version) for version in told.values())
    monkeypatch.setattr(libraries, "ASKED", (("none", lambda: libraries._answer("_ctypes", "there_is_no_such")),))
    assert libraries.all_libraries() == ()


@pytest.mark.parametrize(
    ("features", "level"),
    [
        ((), ""),
        (("SSE42", "SSSE3", "POPCNT"), "x86-64-v2"),
        (("SSE42", "SSSE3", "POPCNT", "AVX2", "FMA3", "F16C"), "x86-64-v3"),
        (("NEON", "ASIMD"), ""),
    ],
)
def test_the_level_of_a_processor(features, level):
    assert machine.level(features) == level


def test_what_the_system_lacks_is_named_with_its_package(monkeypatch):
    monkeypatch.setattr(screen.display, "lacking", lambda: ["libEGL.so.1"])
    monkeypatch.setattr(screen.display, "problem", lambda: "It cannot start.\nInstall with:\n\n    something\n")
    monkeypatch.setattr(screen.display, "_system_families", lambda: {"fedora"})
    found = screen.screen()
    assert found.missing == (("libEGL.so.1", "libglvnd-egl"),)
    assert found.install == "sudo dnf install libglvnd-egl"
    assert found.problem == "It cannot start."
