from __future__ import annotations

import os
import stat
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from visualnn.exchange import writing
from visualnn.exchange.kinds import KINDS, Kind
from visualnn.exchange.writing import packed, put, write
from visualnn.files.errors import FileError
from visualnn.files.examples import load
from visualnn.files.fresh import from_shape
from visualnn.nn.errors import VisualNNError

ONE = {"model.bin": b"\x00\x01"}
MANY = {
    "README.md": b"# Read me\n" * 50,
    "train.py": b"print(1)\n",
    "data/rows.csv": b"a,b\n1,2\n",
    "w.npz": b"\x00" * 99,
}


class Stopped(Exception):
    """What a report raises where no more is wanted."""


def made_of(files: dict[str, bytes]) -> Kind:
    return replace(KINDS["pytorch"], make=lambda _project: files)


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_one_file_lies_there_as_it_is(tmp_path):
    assert put(ONE, tmp_path / "any.name") == tmp_path / "any.name"
    assert content(tmp_path) == {"any.name": ONE["model.bin"]}


def test_one_file_takes_the_place_of_another(tmp_path):
    target = tmp_path / "model.bin"
    target.write_bytes(b"old")
    put(ONE, target)
    assert content(tmp_path) == ONE


def test_several_files_become_a_folder(tmp_path):
    put(MANY, tmp_path / "mine")
    assert content(tmp_path / "mine") == MANY
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_or_a_zip_that_unpacks_into_one(tmp_path):
    put(MANY, tmp_path / "mine.ZIP")
    with zipfile.ZipFile(tmp_path / "mine.ZIP") as archive:
        assert archive.testzip() is None
        assert {entry.filename: archive.read(entry) for entry in archive.infolist()} == {
            f"mine/{name}": data for name, data in MANY.items()
        }
        assert {stat.S_IMODE(entry.external_attr >> 16) for entry in archive.infolist()} == {0o644}
        assert archive.getinfo("mine/README.md").compress_size < len(MANY["README.md"])


def test_the_same_files_give_the_same_zip():
    turned = dict(reversed(MANY.items()))
    assert packed(MANY, "mine") == packed(turned, "mine")


def test_a_folder_is_not_replaced_unless_that_is_asked_for(tmp_path):
    put(MANY, tmp_path / "mine")
    changed = {**MANY, "train.py": b"print(2)\n"}
    with pytest.raises(FileError, match=r"^“mine” cannot be written: there is such a folder already.$"):
        put(changed, tmp_path / "mine")
    assert content(tmp_path / "mine") == MANY
    put(changed, tmp_path / "mine", replace=True)
    assert content(tmp_path / "mine") == changed
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_folder_that_holds_something_else_stays(tmp_path):
    put(MANY, tmp_path / "mine")
    (tmp_path / "mine" / "data" / "thesis.txt").write_text("years of work", encoding="utf-8")
    before = content(tmp_path)
    with pytest.raises(FileError, match=r"^“mine” cannot be replaced: the folder holds something else too"):
        put(MANY, tmp_path / "mine", replace=True)
    assert content(tmp_path) == before


@pytest.mark.parametrize("name", ["numpy", "pytorch", "keras"])
def test_what_the_programs_write_does_not_keep_a_folder_from_being_replaced(tmp_path, name):
    project, kind = from_shape("2-3-1"), KINDS[name]
    write(project, kind, tmp_path / "mine")
    before = content(tmp_path)
    told = kind.make(project)["README.md"].decode()
    for left in kind.leaves:
        assert f"`{left}`" in told
        (tmp_path / "mine" / left).write_text("learned", encoding="utf-8")
    (tmp_path / "mine" / "__pycache__").mkdir()
    (tmp_path / "mine" / "__pycache__" / "model.cpython-313.pyc").write_bytes(b"")
    write(project, kind, tmp_path / "mine", replace=True)
    assert content(tmp_path) == before
    (tmp_path / "mine" / "thesis.cpython-313.pyc").write_bytes(b"")
    with pytest.raises(FileError, match="holds something else too, “thesis"):
        write(project, kind, tmp_path / "mine", replace=True)


def test_every_file_that_a_program_leaves_is_known(tmp_path):
    project, kind = load("adder"), KINDS["numpy"]
    write(replace(project, options=replace(project.options, epochs=2)), kind, tmp_path / "mine")
    subprocess.run([sys.executable, "train.py"], cwd=tmp_path / "mine", check=True, capture_output=True)
    left = content(tmp_path / "mine").keys() - kind.make(project).keys()
    assert {file for file in left if not file.startswith("__pycache__/")} == {*kind.leaves}


@pytest.mark.parametrize("allowed", [False, True])
def test_a_file_does_not_give_way_to_a_folder(tmp_path, allowed):
    (tmp_path / "mine").write_bytes(b"a file")
    with pytest.raises(FileError, match=r"^“mine” cannot be written: a file of that name is there"):
        put(MANY, tmp_path / "mine", replace=allowed)
    assert (tmp_path / "mine").read_bytes() == b"a file"


def test_a_folder_does_not_give_way_to_a_file(tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(FileError, match=r"^“mine” cannot be written: "):
        put(ONE, tmp_path / "mine")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(("files", "name"), [(ONE, "m.bin"), (MANY, "mine"), (MANY, "mine.zip")])
def test_where_there_is_no_folder_it_is_told(tmp_path, files, name):
    with pytest.raises(FileError, match=f"^“{name}” cannot be written: no such file or directory.$"):
        put(files, tmp_path / "none" / name)


@pytest.mark.parametrize("name", ["mine", "mine.zip"])
def test_progress_counts_the_files(tmp_path, name):
    told = []
    write(from_shape("2-3-1"), made_of(MANY), tmp_path / name, lambda *progress: told.append(progress))
    assert told == [(0, 1), (1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize(("files", "name"), [(ONE, "m.bin"), (MANY, "mine"), (MANY, "mine.zip")])
@pytest.mark.parametrize("moment", [0, 1, 3])
def test_what_is_stopped_was_never_there(tmp_path, files, name, moment):
    def report(done: int, whole: int) -> None:
        if done == min(moment, whole):
            raise Stopped

    with pytest.raises(Stopped):
        write(from_shape("2-3-1"), made_of(files), tmp_path / name, report)
    assert list(tmp_path.iterdir()) == []


def test_on_a_full_disk_nothing_is_left_behind(tmp_path, monkeypatch):
    calls = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match=r"^“mine” cannot be written: no space left on device.$"):
        put(MANY, tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []


def test_the_old_folder_comes_back_where_the_new_one_cannot_take_its_place(tmp_path, monkeypatch):
    put(MANY, tmp_path / "mine")
    rename = Path.rename

    def held(self: Path, target: Path) -> Path:
        if target.name == "mine" and not self.name.endswith(".old"):
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", held)
    with pytest.raises(FileError, match="permission denied"):
        put({**MANY, "train.py": b""}, tmp_path / "mine", replace=True)
    assert content(tmp_path) == {f"mine/{name}": data for name, data in MANY.items()}


def test_what_cannot_be_made_is_told_in_its_own_sentence(tmp_path):
    def refuse(_project: object) -> dict[str, bytes]:
        raise VisualNNError("This kind knows no shortcuts.")

    with pytest.raises(VisualNNError, match=r"^This kind knows no shortcuts.$"):
        write(from_shape("2-3-1"), replace(KINDS["onnx"], make=refuse), tmp_path / "x.onnx")
    assert list(tmp_path.iterdir()) == []


def test_without_a_listener_nobody_is_told(tmp_path):
    assert writing.quietly(1, 2) is None
    assert write(from_shape("2-3-1"), made_of(ONE), tmp_path / "m.bin").read_bytes() == ONE["model.bin"]
