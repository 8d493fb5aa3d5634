from __future__ import annotations

from pathlib import Path

import pytest

from visualnn import assets
from visualnn.files.documents import NoSuchDocumentError, file_of, find, label, open_document
from visualnn.files.errors import FileError
from visualnn.files.examples import IDS
from visualnn.nn.network import Network


def test_documents_are_examples_or_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "adder").write_bytes(b"")
    (tmp_path / "mine.vnn").write_bytes(assets.read_bytes("examples", "xor.vnn"))
    assert find("adder") == "adder"
    assert open_document("adder").name == "Add two numbers"
    assert open_document("mine.vnn").name == "XOR"
    assert label(str(tmp_path / "mine.vnn")) == "mine.vnn"
    with pytest.raises(FileError, match=r"^“adder” cannot be opened"):
        open_document("./adder")


@pytest.mark.parametrize("name", ["add", "", "\0", "x" * 5000, "missing.vnn", "2", "-2-3"])
def test_what_is_none_of_the_three_is_told(name: str) -> None:
    with pytest.raises(NoSuchDocumentError) as caught:
        open_document(name)
    said = f"is neither a file nor an example ({', '.join(IDS)}) nor a shape like 2-16-16-1."
    assert str(caught.value).endswith(said)


def test_a_shape_is_a_new_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "2-5-1").write_bytes(b"")
    assert find("2-5-1") == Network.of(2, 5, 1)
    assert open_document(" 2 × 5 × 1 ").name == "2-5-1"
    assert label("2, 5, 1") == "2-5-1"
    with pytest.raises(FileError, match=r"^“2-5-1” cannot be opened"):
        open_document("./2-5-1")


@pytest.mark.parametrize("shape", ["2-0-1", "2--1", "2-3.5-1", "2-", "2-1000000000-1"])
def test_what_is_wrong_with_a_shape_is_told(shape: str) -> None:
    with pytest.raises(NoSuchDocumentError) as caught:
        find(shape)
    assert "example" not in str(caught.value)


def test_only_a_file_lies_somewhere(tmp_path: Path) -> None:
    path = tmp_path / "mine.vnn"
    path.write_bytes(b"")
    assert file_of(str(path)) == path
    assert (file_of("adder"), file_of("2-5-1")) == (None, None)
