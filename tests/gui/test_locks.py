"""Windows know of each other: one lock for each file, whatever it is called, and none of a process that is gone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from visualnn.gui import locks
from visualnn.gui.locks import Claim, OpenFile, identity


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "Mine.vnn"
    path.write_bytes(b"")
    return path


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "state" / "open"


def test_one_has_it_until_it_is_given_back(tmp_path):
    one, other = Claim(tmp_path / "lock"), Claim(tmp_path / "lock")
    assert one.take()
    assert one.take()
    assert not other.take()
    assert not other.is_free
    assert one.is_free
    one.give()
    assert other.is_free
    assert other.take()
    other.give()
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_everything_is_free(tmp_path):
    (tmp_path / "file").write_text("no folder")
    claim = Claim(tmp_path / "file" / "lock")
    assert claim.is_free
    assert claim.take()
    claim.give()


@pytest.mark.parametrize("content", [b"", b"nonsense", b"1\nnobody\nelsewhere\n"])
def test_a_lock_of_which_nobody_can_tell_is_none_after_a_while(tmp_path, content):
    lock = tmp_path / "lock"
    lock.write_bytes(content)
    claim = Claim(lock)
    assert not claim.take()
    os.utime(lock, (1e9, 1e9))
    assert claim.take()
    claim.give()


def test_a_lock_of_a_process_that_lives_is_one_however_old(tmp_path):
    one, other = Claim(tmp_path / "lock"), Claim(tmp_path / "lock")
    assert one.take()
    os.utime(tmp_path / "lock", (1e9, 1e9))
    assert not other.take()
    one.give()


def test_a_file_that_is_open_in_another_window(file, folder):
    one, other = OpenFile(folder), OpenFile(folder)
    assert not other.is_elsewhere(file)
    one.hold(file)
    assert other.is_elsewhere(file)
    assert not one.is_elsewhere(file)
    other.hold(file)  # all the same
    assert not other.is_elsewhere(file)
    one.hold(None)
    other.hold(file)
    assert one.is_elsewhere(file)
    other.hold(None)
    assert list(folder.iterdir()) == []


def test_another_file_gives_the_first_back(file, folder, tmp_path):
    one, other = OpenFile(folder), OpenFile(folder)
    one.hold(file)
    one.hold(tmp_path / "other.vnn")
    assert not other.is_elsewhere(file)
    one.hold(None)


def test_a_file_that_was_replaced_is_the_same(file, folder, tmp_path):
    one, other = OpenFile(folder), OpenFile(folder)
    one.hold(file)
    (tmp_path / "new").write_bytes(b"new")
    (tmp_path / "new").replace(file)
    assert other.is_elsewhere(file)
    one.hold(None)


def test_all_names_of_a_file_are_one(file, tmp_path, monkeypatch):
    (tmp_path / "link.vnn").symlink_to(file)
    (tmp_path / "folder").symlink_to(tmp_path, target_is_directory=True)
    names = [file, tmp_path / "link.vnn", tmp_path / "folder" / "Mine.vnn", tmp_path / "x" / ".." / "Mine.vnn"]
    monkeypatch.chdir(tmp_path)
    assert len({identity(path) for path in [*names, Path("Mine.vnn")]}) == 1
    assert identity(tmp_path / "other.vnn") != identity(file)


def test_letters_count_where_the_folder_tells_them_apart(file):
    same = file.with_name("mINE.VNN").exists()
    assert (identity(file) == identity(file.with_name("mine.vnn"))) is same


def test_letters_do_not_count_where_the_folder_finds_both(file, monkeypatch):
    monkeypatch.setattr(Path, "samefile", lambda self, other: str(self).lower() == str(other).lower())
    assert locks.folds_case(file)
    assert identity(file) == identity(file.with_name("mine.VNN"))


def test_a_name_written_in_two_ways_is_one(tmp_path):
    assert identity(tmp_path / "u\u0308.vnn") == identity(tmp_path / "\u00fc.vnn")


def test_who_says_nothing_hears_nothing(file, folder):
    one, silent = OpenFile(folder), OpenFile(None)
    one.hold(file)
    assert not silent.is_elsewhere(file)
    silent.hold(file)
    one.hold(None)
