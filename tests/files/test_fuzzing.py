"""A short run of what `tests/bench/fuzz.py` does for long, and every file that once ended badly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files.fuzzing.kinds import CORPUS, KINDS, OPENED, TOLD, WrongEnd, end
from visualnn.files.errors import FileError

INPUTS = 40


@pytest.mark.parametrize("name", KINDS)
def test_what_is_changed_at_random_is_opened_or_told(tmp_path: Path, name: str) -> None:
    kind, ends = KINDS[name], set()
    path = tmp_path / f"input{kind.suffix}"
    for seed in range(INPUTS):
        path.write_bytes(kind.input(seed))
        ends.add(end(kind, path))
    assert ends == {OPENED, TOLD}  # both, or the changes are too wild or too tame


@pytest.mark.parametrize("name", KINDS)
def test_most_of_the_files_to_begin_with_are_opened(tmp_path: Path, name: str) -> None:
    kind, ends = KINDS[name], []
    path = tmp_path / f"input{kind.suffix}"
    for content in kind.seeds():
        path.write_bytes(content)
        ends.append(end(kind, path))
    assert ends.count(OPENED) > 0.7 * len(ends) > 0


@pytest.mark.parametrize("name", KINDS)
def test_a_number_always_makes_the_same_input(name: str) -> None:
    kind = KINDS[name]
    assert kind.input(7) == kind.input(7)
    assert len({kind.input(seed) for seed in range(20)}) > 15


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_what_once_ended_badly_is_opened_or_told(path: Path) -> None:
    kind = next(kind for kind in KINDS.values() if kind.suffix == path.suffix)
    assert end(kind, path) in (OPENED, TOLD)


@pytest.mark.parametrize("said", ["two\nlines.", "no end", "x" * 700 + "."])
def test_what_is_not_one_sentence_is_noticed(tmp_path: Path, said: str) -> None:
    def opened(_path: Path) -> object:
        raise FileError(said)

    kind = KINDS["json"]
    with pytest.raises(WrongEnd):
        end(type(kind)(kind.suffix, kind.seeds, kind.changed, opened), tmp_path)
