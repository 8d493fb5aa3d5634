from __future__ import annotations

import re
from pathlib import Path

import pytest

from visualnn.nn import room
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Network

LARGE = Network.of(10_000, 10_000, 9_000)


def raises(*_arguments: object) -> int:
    raise ValueError("unrecognized configuration name")


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch):
    """Sets how much memory there is."""

    def there_are(size: int, words: str = "{} are free") -> None:
        monkeypatch.setattr(room, "known_memory", lambda: room.Memory(size, words))

    return there_are


def test_what_fits_is_let_through(free):
    free(2_000_000_000)
    room.check_room(Network.of(2, 1000, 1000, 1), rows=1000)


def test_what_does_not_fit_is_told_with_both_sizes(free):
    free(3_100_000_000)
    with pytest.raises(VisualNNError) as caught:
        room.check_room(LARGE)
    assert str(caught.value) == "This network would need about 10.6 GB of memory; 3.1 GB are free."


def test_small_sizes_are_told_in_megabytes(free):
    free(40_000_000, "this computer has {}")
    with pytest.raises(VisualNNError, match=r"about 56 MB of memory; this computer has 40 MB\.$"):
        room.check_room(Network.of(2, 1000, 1000, 1))


def test_rows_need_room_too(free):
    free(20_000_000)
    room.check_room(Network.of(2, 1000, 1), rows=100)
    with pytest.raises(VisualNNError, match="memory"):
        room.check_room(Network.of(2, 1000, 1), rows=1000)


def test_where_nothing_is_known_nothing_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "_free", raises)
    monkeypatch.setattr(room, "_total", raises)
    assert room.known_memory() is None
    room.check_room(LARGE, rows=10**9)


def test_linux_says_what_is_available(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    told = tmp_path / "meminfo"
    told.write_text("MemTotal:  64 kB\nMemFree:  16 kB\nMemAvailable:  32 kB\n", encoding="ascii")
    monkeypatch.setattr(room, "MEMINFO", told)
    monkeypatch.setattr(room.sys, "platform", "linux")
    assert room.known_memory() == (32 * 1024, "{} are free")


def test_elsewhere_the_pages_are_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    pages = {"SC_AVPHYS_PAGES": 3, "SC_PHYS_PAGES": 8, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(room, "MEMINFO", tmp_path / "none")
    monkeypatch.setattr(room.sys, "platform", "other")
    monkeypatch.setattr(room.os, "sysconf", pages.__getitem__, raising=False)
    assert room.known_memory() == (3 * 4096, "{} are free")
    monkeypatch.setattr(room, "_free", raises)
    assert room.known_memory() == (8 * 4096, "this computer has {}")


def test_this_machine_has_some_memory():
    memory = room.known_memory()
    assert memory is None or (memory.size > 2**20 and re.search(r"\{\}", memory.words))
