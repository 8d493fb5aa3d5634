from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from visualnn.files import disk, native
from visualnn.files.disk import replace_file, replacing
from visualnn.nn.data import Dataset
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.project import Project, new_project

CHILD = """
import sys
from pathlib import Path
from visualnn.files import native
path = Path(sys.argv[1])
names = "first", "second"
works = [native.read_work(path.with_name(name)) for name in names]
contents = [path.with_name(name).read_bytes() for name in names]
while True:
    for work, content in zip(works, reversed(contents)):
        native.write(path, work)
        print("saved", flush=True)
        native.replace_file(path, content)
        print("saved", flush=True)
"""


def test_a_file_takes_the_place_of_another_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_who_fails_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def fail() -> None:
        with replacing(path) as file:
            file.write(b"new")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows does not sync folders")
def test_the_content_is_on_disk_before_the_name_and_the_name_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def sync(file: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(file).st_mode)
        seen.append(("folder" if is_folder else "file", (tmp_path / "a").exists()))

    monkeypatch.setattr(os, "fsync", sync)
    replace_file(tmp_path / "a", b"new")
    assert seen == [("file", False), ("folder", True)]


def held(monkeypatch: pytest.MonkeyPatch, times: int) -> list[Path]:
    """Another program holds the file for so many tries."""
    tries: list[Path] = []
    whole = Path.replace

    def take_place(self: Path, target: Path) -> Path:
        tries.append(target)
        if len(tries) <= times:
            raise PermissionError(13, "Permission denied")
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", take_place)
    monkeypatch.setattr(disk, "PAUSES_S", (0.0, 0.0))
    return tries


def test_on_windows_a_file_that_is_held_for_a_moment_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "IS_WINDOWS", True)
    tries = held(monkeypatch, 2)
    replace_file(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert len(tries) == 3


@pytest.mark.parametrize(("windows", "count"), [(True, 3), (False, 1)])
def test_a_file_that_is_held_for_ever_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, windows: bool, count: int
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(disk, "IS_WINDOWS", windows)
    tries = held(monkeypatch, 100)
    with pytest.raises(PermissionError):
        replace_file(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert len(tries) == count


def large() -> Project:
    """A document that takes a while to write."""
    network = Network.of(2, 300, 300, 1)
    data = Dataset("mine", np.zeros((3, 2)), np.zeros((3, 1)), ("a", "b"))
    start = np.random.default_rng(0).normal(size=network.parameter_count)
    return new_project("First", network, data, Options(), start)


def test_on_windows_the_old_file_may_not_be_written_and_nothing_is_left_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There, a file that may not be written can neither be replaced nor removed."""
    monkeypatch.setattr(disk, "IS_WINDOWS", True)
    monkeypatch.setattr(disk, "PAUSES_S", ())
    path = tmp_path / "mine.vnn"
    path.write_bytes(b"old")
    path.chmod(0o444)
    unlinked = []

    def replace(self: Path, target: Path) -> None:
        raise PermissionError(target)

    def unlink(self: Path, missing_ok: bool = False) -> None:
        unlinked.append(bool(self.stat().st_mode & 0o200))

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(PermissionError):
        disk.replace_file(path, b"new")
    assert unlinked == [True]
    assert path.read_bytes() == b"old"


def test_a_program_killed_while_it_saves_leaves_the_old_document_or_the_new_one(tmp_path: Path) -> None:
    path, project = tmp_path / "a.vnn", large()
    whole = {"first": native.encode(project), "second": native.encode(replace(project, notes="another " * 999))}
    for name, content in whole.items():
        path.with_name(name).write_bytes(content)
    for turn in range(5):
        with subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            for _ in range(random.Random(turn).randrange(1, 12)):
                assert child.stdout.readline() == b"saved\n"
            child.kill()
        assert path.read_bytes() in whole.values()
        assert native.read(path).name == "First"
