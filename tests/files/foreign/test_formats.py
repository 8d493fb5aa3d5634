from __future__ import annotations

import io
import pickle
import zipfile
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from visualnn.files.errors import FileError
from visualnn.files.examples import load
from visualnn.files.foreign import formats, near_misses, plain_json
from visualnn.files.foreign.formats import READERS, SUFFIXES, dialog_filter, is_foreign, read

RUBBISH = {
    "nothing": b"",
    "a zero": b"\0",
    "a word": b"hello",
    "a zip's beginning": b"PK\3\4",
    "braces": b"{}" * 50,
    "all bytes": bytes(range(256)) * 4,
    "line ends": b"\n" * 99,
}


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return buffer.getvalue()


def arrays() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, a=np.ones(2))
    return buffer.getvalue()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_reader_is_there(suffix: str) -> None:
    assert callable(import_module(f"visualnn.files.foreign.{READERS[suffix].module}").read)


def test_a_dialog_offers_all_kinds_together_and_one_by_one() -> None:
    together, *each = dialog_filter().split(";;")
    assert together == "Models (*.onnx *.keras *.safetensors *.json)"
    assert each[0] == "ONNX models (*.onnx)"
    assert len(each) == len(READERS)


def test_the_ending_may_be_written_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "Mine.JSON"
    path.write_bytes(plain_json.content(load("xor")))
    assert is_foreign(path)
    assert read(path).name == "XOR"


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("content", RUBBISH.values(), ids=RUBBISH)
def test_rubbish_ends_in_a_sentence(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"model{suffix}"
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        read(path)
    text = str(caught.value)
    assert text.startswith(f"“model{suffix}” cannot be opened: ")
    assert text.endswith(".")
    assert "\n" not in text


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_no_file_is_told(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"model{suffix}"
    with pytest.raises(FileError, match=r"cannot be opened: there is no such file\.$"):
        read(path)
    path.mkdir()
    with pytest.raises(FileError, match=r"cannot be opened: it is not a file\.$"):
        read(path)


def test_an_ending_that_nobody_knows_is_told(tmp_path: Path) -> None:
    path = tmp_path / "model.abc"
    path.write_bytes(b"abc")
    assert not is_foreign(path)
    with pytest.raises(FileError, match=r"its name ends in none of \.onnx, \.keras, \.safetensors, \.json\.$"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("model.pt", b"", near_misses.PICKLE),
        ("model.pth", zipped("archive/data.pkl", "archive/data/0"), near_misses.PICKLE),
        ("model.onnx", zipped("archive/data.pkl", "archive/data/0"), near_misses.PICKLE),
        ("model.safetensors", pickle.dumps({"a": 1}), near_misses.PICKLE),
        ("pytorch_model.bin", pickle.dumps({"a": 1}), near_misses.PICKLE),
        ("model.pkl", pickle.dumps({"a": 1}), near_misses.SKLEARN_PICKLE),
        ("model.joblib", b"\x78\x9c", near_misses.SKLEARN_PICKLE),
        ("model.h5", b"\x89HDF\r\n\x1a\n" + bytes(99), near_misses.OLD_KERAS),
        ("model.keras", b"\x89HDF\r\n\x1a\n" + bytes(99), near_misses.OLD_KERAS),
        ("model.weights.h5", b"\x89HDF\r\n\x1a\n" + bytes(99), near_misses.OLD_KERAS),
        ("saved_model.pb", b"\x08\x01", near_misses.TENSORFLOW),
        ("model.tflite", b"\x1c\0\0\0TFL3" + bytes(9), near_misses.LITE),
        ("weights.npz", arrays(), near_misses.ARRAYS),
        ("weights.npy", b"\x93NUMPY\x01\0", near_misses.ARRAYS),
        ("model.gguf", b"GGUF" + bytes(99), near_misses.LANGUAGE_MODEL),
    ],
)
def test_models_that_are_not_read_are_told_what_to_make_of_them(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert is_foreign(path)
    with pytest.raises(FileError) as caught:
        read(path)
    assert str(caught.value) == f"“{name}” {said}."


def test_a_folder_of_tensorflow_is_told_what_to_make_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    assert not is_foreign(folder)
    (folder / "saved_model.pb").write_bytes(b"")
    with pytest.raises(FileError, match=r"^“saved” is a graph of TensorFlow; make an ONNX file of it"):
        read(folder)


def test_a_pickle_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        pytest.fail("a pickle was opened")

    for name in ("load", "loads", "Unpickler", "_Unpickler"):
        monkeypatch.setattr(pickle, name, never)
    for suffix in (*SUFFIXES, ".pt", ".pkl"):
        path = tmp_path / f"model{suffix}"
        path.write_bytes(pickle.dumps([1, 2]) if suffix != ".pt" else zipped("a/data.pkl"))
        with pytest.raises(FileError):
            read(path)


def failing(monkeypatch: pytest.MonkeyPatch, folder: Path, failure: Exception) -> Path:
    """A JSON file whose reader fails."""

    def fail(_path: Path, _hints: object) -> None:
        raise failure

    monkeypatch.setattr(plain_json, "read", fail)
    path = folder / "model.json"
    path.write_bytes(b"{}")
    return path


def test_a_package_that_is_missing_is_named_with_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = formats.Reader(".json", "Models", "model", "plain_json", "keras", "pyfive")
    monkeypatch.setitem(READERS, ".json", reader)
    path = failing(monkeypatch, tmp_path, ModuleNotFoundError("No module named 'pyfive'", name="pyfive.core"))
    with pytest.raises(FileError) as caught:
        read(path)
    assert str(caught.value) == '“model.json” needs the package pyfive: pip install "visualnn[keras]".'


def test_a_module_of_our_own_that_is_missing_is_no_expected_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModuleNotFoundError):
        read(failing(monkeypatch, tmp_path, ModuleNotFoundError("No module named 'visualnn.x'", name="visualnn.x")))


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (MemoryError(), "it does not fit into memory."),
        (OSError(5, "Input/output error"), "input/output error."),
        (ValueError("Embedded null byte"), "embedded null byte."),
    ],
)
def test_what_the_system_says_becomes_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception, said: str
) -> None:
    with pytest.raises(FileError) as caught:
        read(failing(monkeypatch, tmp_path, failure))
    assert str(caught.value) == f"“model.json” cannot be opened: {said}"
