from __future__ import annotations

from pathlib import Path

import pytest

from visualnn import assets
from visualnn.files import native
from visualnn.files.documents import (
    Link,
    NoSuchDocumentError,
    file_of,
    find,
    is_foreign,
    label,
    model_of,
    name_of,
    named,
    open_document,
    open_work,
)
from visualnn.files.errors import FileError
from visualnn.files.examples import IDS, load
from visualnn.files.foreign import plain_json, state_dict
from visualnn.files.foreign.adoption import Hints, NeedsActivations
from visualnn.nn.network import Network
from visualnn.work import View, Work

LINK = "https://playground.tensorflow.org/#activation=tanh&networkShape=4,2&dataset=xor"


def test_documents_are_examples_or_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "adder").write_bytes(b"")
    (tmp_path / "mine.vnn").write_bytes(assets.read_bytes("examples", "xor.vnn"))
    assert find("adder") == "adder"
    assert open_document("adder").name == "Add two numbers"
    assert open_document("mine.vnn").name == "XOR"
    assert label(str(tmp_path / "mine.vnn")) == "mine.vnn"
    with pytest.raises(FileError, match=r"^“adder” is not a VisualNN file"):
        open_document("./adder")


@pytest.mark.parametrize("name", ["add", "", "\0", "x" * 5000, "2", "-2-3"])
def test_what_is_none_of_the_three_is_told(name: str) -> None:
    with pytest.raises(NoSuchDocumentError) as caught:
        open_document(name)
    said = f"is neither a file nor an example ({', '.join(IDS)}) nor a shape like 2-16-16-1."
    assert str(caught.value).endswith(said)


@pytest.mark.parametrize("name", ["missing.vnn", "model.ONNX", "folder/spirals", "C:\\nets\\spirals"])
def test_of_what_looks_like_a_file_it_is_told_that_there_is_none(name: str) -> None:
    with pytest.raises(NoSuchDocumentError) as caught:
        open_document(name)
    assert str(caught.value) == f"“{name}” cannot be found: there is no such file."


def test_another_address_is_told_apart_from_a_link_to_the_playground() -> None:
    with pytest.raises(NoSuchDocumentError, match=r"is no link to the TensorFlow Playground; .* downloaded"):
        open_document("https://example.org/model.onnx")


def test_a_shape_is_a_new_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "2-5-1").write_bytes(b"")
    assert find("2-5-1") == Network.of(2, 5, 1)
    assert open_document(" 2 × 5 × 1 ").name == "2-5-1"
    assert label("2, 5, 1") == "2-5-1"
    with pytest.raises(FileError, match=r"^“2-5-1” is not a VisualNN file"):
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


def test_a_model_of_another_tool_opens_under_the_name_of_its_file_and_lies_nowhere_yet(tmp_path: Path) -> None:
    path = tmp_path / "theirs.json"
    path.write_bytes(state_dict.content(load("xor")))
    path = path.rename(tmp_path / "theirs.SAFETENSORS")
    found = open_document(str(path))
    assert (found.name, found.network) == ("theirs", load("xor").network)
    assert file_of(str(path)) is None
    assert label(str(path)) == "theirs.SAFETENSORS"


def test_hints_go_to_whoever_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bare.json"
    path.write_text('{"coefs": [[[1.0]], [[2.0]]], "intercepts": [[0.0], [0.0]]}')
    with pytest.raises(NeedsActivations):
        open_document(str(path))
    assert open_document(str(path), Hints("tanh", "sigmoid")).network.activations == ("tanh", "sigmoid")


def test_a_link_to_the_playground_is_a_document() -> None:
    assert find(LINK) == Link(LINK)
    assert (file_of(LINK), label(LINK)) == (None, "the Playground link")
    assert open_document(LINK).network.sizes[1:] == (4, 2, 1)


def test_an_export_of_our_own_lies_nowhere_yet(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_bytes(plain_json.content(load("adder")))
    assert file_of(str(path)) is None
    assert open_document(str(path)).name == "Add two numbers"


@pytest.mark.parametrize("suffix", [".pt", ".h5", ".npz", ".joblib"])
def test_a_file_that_nobody_reads_is_named_and_lies_nowhere(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"model{suffix}"
    path.write_bytes(b"\x89HDF\r\n\x1a\n")
    with pytest.raises(FileError, match=rf"^“model\{suffix}” is "):
        open_document(str(path))
    assert file_of(str(path)) is None


@pytest.mark.parametrize(
    ("file", "name"), [("work.vnn", "work"), ("a.b.VNN", "a.b"), (" .vnn", ".vnn"), ("\udcff.vnn", "?")]
)
def test_a_file_of_ours_is_called_by_its_name_though_it_was_copied_or_renamed(file: str, name: str) -> None:
    work = Work(load("xor"), view=View("train"))
    found = named(work, Path("nets") / file)
    assert found.project.name == name_of(Path("nets") / file) == name
    assert (found.view, found.project.parameters) == (work.view, work.project.parameters)
    assert named(found, Path("nets") / file) is found


def test_a_model_of_another_tool_lies_somewhere_too(tmp_path: Path) -> None:
    path = tmp_path / "theirs.json"
    path.write_bytes(plain_json.content(load("xor")))
    assert model_of(str(path)) == path
    assert (model_of("xor"), model_of("2-5-1"), model_of(LINK)) == (None, None, None)
    assert is_foreign(LINK)


def test_all_that_a_file_of_ours_holds_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "mine.vnn"
    native.write(path, Work(load("xor"), view=View("train")))
    assert open_work(str(path)).view == View("train")
    assert open_work("xor").runs == ()
