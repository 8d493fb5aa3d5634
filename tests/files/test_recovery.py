"""What is kept of a document comes back to the bit, whatever has become of the note beside it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.files import examples, recovery
from visualnn.files.errors import FileError
from visualnn.files.recovery import DOCUMENT, NOTE, UNNAMED, Note
from visualnn.files.stamp import Stamp
from visualnn.work import Work

NOTED = Note("Mine", 1000.5, str(Path("mine.vnn").absolute()), "1.2", True, Stamp(1, 2, 3, "4"))
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture
def kept(tmp_path) -> Path:
    """A folder in which the adder is kept."""
    folder = recovery.new_folder(tmp_path)
    recovery.keep(folder, Work(examples.load("adder")), NOTED)
    return folder


def test_what_is_kept_is_found_and_read(kept, tmp_path):
    (entry,) = recovery.found(tmp_path)
    assert (entry.folder, entry.note) == (kept, NOTED)
    np.testing.assert_array_equal(recovery.read(entry).project.parameters, examples.load("adder").parameters)


def test_what_is_kept_again_takes_the_place_of_what_was(kept, tmp_path):
    changed = examples.load("adder").with_parameter(0, 42.0)
    recovery.keep(kept, Work(changed), Note("Other", 2000.0))
    (entry,) = recovery.found(tmp_path)
    assert entry.note.name == "Other"
    np.testing.assert_array_equal(recovery.read(entry).project.parameters, changed.parameters)
    assert sorted(path.name for path in kept.iterdir()) == [DOCUMENT, NOTE]


def test_the_newest_comes_first(tmp_path):
    for when in (2.0, 3.0, 1.0):
        recovery.keep(recovery.new_folder(tmp_path), Work(examples.load("adder")), Note(f"{when:g}", when))
    assert [entry.note.name for entry in recovery.found(tmp_path)] == ["3", "2", "1"]


def test_nobody_else_may_look_into_it(kept):
    if os.name != "nt":
        assert kept.stat().st_mode & 0o077 == 0


def test_nothing_is_found_where_nothing_is(tmp_path):
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "folder").mkdir()
    assert recovery.found(tmp_path) == []
    assert recovery.found(tmp_path / "nowhere") == []
    assert recovery.found(tmp_path / "file") == []


def test_a_link_leads_nowhere(kept, tmp_path):
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "link").symlink_to(kept, target_is_directory=True)
    assert recovery.found(other) == []


def test_without_a_note_it_is_found_all_the_same(kept, tmp_path):
    (kept / NOTE).unlink()
    os.utime(kept / DOCUMENT, (77.0, 77.0))
    (entry,) = recovery.found(tmp_path)
    assert entry.note == Note(UNNAMED, 77.0)
    assert recovery.read(entry).project.name == "Add two numbers"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", ""),
        ("name", 3),
        ("name", "two\nlines"),
        ("when", "now"),
        ("when", float("nan")),
        ("when", True),
        ("path", "elsewhere/mine.vnn"),
        ("path", "/a\0b"),
        ("orderly", 1),
        ("stamp", {"size": 1}),
        ("stamp", {"size": "1", "changed_ns": 2, "number": 3, "digest": "4"}),
    ],
)
def test_what_makes_no_sense_in_a_note_is_left_out(kept, tmp_path, key, value):
    (kept / NOTE).write_text(json.dumps(json.loads((kept / NOTE).read_text()) | {key: value}))
    (entry,) = recovery.found(tmp_path)
    others = {name: getattr(NOTED, name) for name in ("name", "when", "path", "version", "orderly", "stamp")}
    for name, noted in others.items():
        assert (getattr(entry.note, name) == noted) is (name != key)


@given(JSON | st.dictionaries(st.sampled_from(["name", "when", "path", "version", "orderly", "stamp"]), JSON))
def test_no_note_stops_the_start(values):
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "one"
        folder.mkdir()
        (folder / DOCUMENT).write_bytes(b"something")
        (folder / NOTE).write_text(json.dumps(values))
        (entry,) = recovery.found(Path(name))
        assert entry.note.name
        assert entry.note.when >= 0


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff\xfe", b'{"name": "' + b"x" * recovery.MAX_NOTE])
def test_a_note_may_be_anything(kept, tmp_path, content):
    (kept / NOTE).write_bytes(content)
    assert len(recovery.found(tmp_path)) == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"nonsense" * 1000])
def test_a_damaged_document_is_one_sentence(kept, tmp_path, content):
    (kept / DOCUMENT).write_bytes(content)
    (entry,) = recovery.found(tmp_path)
    with pytest.raises(FileError, match=r"^The changes to “Mine” cannot be recovered: [^\n]+[.]$"):
        recovery.read(entry)


def test_what_is_gone_when_it_is_read_is_one_sentence(kept, tmp_path):
    (entry,) = recovery.found(tmp_path)
    recovery.remove(kept)
    with pytest.raises(FileError, match="Mine"):
        recovery.read(entry)


def test_what_is_removed_is_gone(kept, tmp_path):
    (kept / ".visualnn-left.tmp").write_bytes(b"half")
    recovery.remove(kept)
    assert list(tmp_path.iterdir()) == []
    recovery.remove(kept)


def test_what_was_half_written_is_swept_away(kept):
    (kept / ".visualnn-left.tmp").write_bytes(b"half")
    recovery.sweep(kept)
    assert sorted(path.name for path in kept.iterdir()) == [DOCUMENT, NOTE]


def test_where_nothing_can_be_written_it_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(FileError, match=r"^Changes cannot be kept safe: [^\n]+[.]$"):
        recovery.keep(tmp_path / "file" / "one", Work(examples.load("adder")), NOTED)


def test_only_what_was_left_empty_long_ago_is_rubbish(kept, tmp_path):
    for name, age in (("begun", 0.0), ("left", 1.0)):
        (tmp_path / name).mkdir()
        if age:
            os.utime(tmp_path / name, (age, age))
    assert recovery.empty(tmp_path) == [tmp_path / "left"]
    assert recovery.empty(tmp_path / "nowhere") == []


def test_the_folder_is_the_users_own():
    import platformdirs

    assert Path(platformdirs.user_state_path("visualnn", appauthor=False)).name == "visualnn"
