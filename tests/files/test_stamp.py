"""What has become of a file: its content decides."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from visualnn.files.stamp import fate, glance, stamp


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "mine.vnn"
    path.write_bytes(b"as it was")
    return path


def test_a_file_that_nobody_touched_is_the_same(file):
    assert fate(file, stamp(file)) == "same"


def test_a_file_that_was_only_touched_is_the_same(file):
    known = stamp(file)
    os.utime(file, ns=(1, 1))
    assert fate(file, known) == "same"


def test_a_copy_in_its_place_is_the_same(file, tmp_path):
    known = stamp(file)
    (tmp_path / "copy").write_bytes(b"as it was")
    (tmp_path / "copy").replace(file)
    assert fate(file, known) == "same"


@pytest.mark.parametrize("content", [b"", b"as it is!", b"as it was and more"])
def test_other_content_is_a_change(file, content):
    known = stamp(file)
    os.utime(file, ns=(1, 1))
    file.write_bytes(content)
    assert fate(file, known) == "changed"


def test_a_file_that_is_gone_is_gone(file):
    known = stamp(file)
    file.unlink()
    assert fate(file, known) == "gone"


def test_a_folder_in_its_place_is_a_change(file):
    known = stamp(file)
    file.unlink()
    file.mkdir()
    assert fate(file, known) == "changed"


def test_without_a_look_at_the_content_a_file_that_was_touched_may_have_changed(file):
    known = glance(file)
    assert fate(file, known) == "same"
    os.utime(file, ns=(1, 1))
    assert fate(file, known) == "changed"


def test_what_was_never_known_cannot_have_changed(file, tmp_path):
    assert stamp(tmp_path / "nowhere") is glance(tmp_path / "nowhere") is None
    assert fate(file, None) == "same"
    assert fate(tmp_path / "nowhere", None) == "same"
