"""Files of other tools that are not read here: what they are, and what to make of them instead."""

from __future__ import annotations

import zipfile
from pathlib import Path

from visualnn.files.directory import opened
from visualnn.files.errors import Damage

PICKLE = (
    "is a pickle, which could run a program when it is opened; in PyTorch save the weights alone: "
    'from safetensors.torch import save_file; save_file(model.state_dict(), "model.safetensors")'
)
SKLEARN_PICKLE = (
    "is a pickle, which could run a program when it is opened; export the model from scikit-learn "
    "as JSON or with skl2onnx as ONNX"
)
OLD_KERAS = (
    "is in the format that Keras had before version 3, or holds weights alone; in Keras save the whole model: "
    'model.save("model.keras")'
)
TENSORFLOW = (
    "is a graph of TensorFlow; make an ONNX file of it: "
    "python -m tf2onnx.convert --saved-model FOLDER --output model.onnx --opset 17"
)
LITE = (
    "is a model for TensorFlow Lite; make an ONNX file of it: "
    "python -m tf2onnx.convert --tflite model.tflite --output model.onnx --opset 17"
)
ARRAYS = "holds arrays without the network they belong to; save the weights as safetensors, or the model as ONNX"
LANGUAGE_MODEL = "holds a language model, which is not a network of fully connected layers"
SUFFIXES = {  # what only the ending of a name tells; the rest of a sentence each
    ".pt": PICKLE,
    ".pth": PICKLE,
    ".pkl": SKLEARN_PICKLE,
    ".pickle": SKLEARN_PICKLE,
    ".joblib": SKLEARN_PICKLE,
    ".pb": TENSORFLOW,
}
BEGINNINGS = {  # what files are whatever they are called
    b"\x89HDF\r\n\x1a\n": OLD_KERAS,
    b"\x93NUMPY": ARRAYS,
    b"GGUF": LANGUAGE_MODEL,
    **{bytes((0x80, protocol)): PICKLE for protocol in range(2, 6)},
}
LITE_MARK = b"TFL3"  # at byte 4
ARCHIVE = b"PK\3\4"
TENSORFLOW_GRAPH = "saved_model.pb"  # in a folder


def near_miss(path: Path) -> str | None:
    """What is wrong with a file that nobody here reads, as the rest of a sentence; None for all others."""
    try:
        if path.is_dir():
            return TENSORFLOW if (path / TENSORFLOW_GRAPH).exists() else None
        if not path.is_file():
            return None
        with path.open("rb") as file:
            words = _of_beginning(path, file.read(16))
    except (OSError, ValueError):
        return None
    return SUFFIXES.get(path.suffix.lower(), words)


def _of_beginning(path: Path, beginning: bytes) -> str | None:
    for mark, words in BEGINNINGS.items():
        if beginning.startswith(mark):
            return words
    if beginning[4:8] == LITE_MARK:
        return LITE
    return _of_archive(path) if beginning.startswith(ARCHIVE) else None


def _of_archive(path: Path) -> str | None:
    """PyTorch's files are zips with a pickle in a folder, NumPy's zips of arrays."""
    try:
        with path.open("rb") as file, opened(file) as archive:
            names = archive.namelist()
    except (Damage, zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError):
        return None
    if any(name.endswith("/data.pkl") for name in names):
        return PICKLE
    return ARRAYS if names and all(name.endswith(".npy") for name in names) else None
