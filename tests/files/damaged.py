"""Files that are broken on purpose."""

from __future__ import annotations

import io
import json
import random
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load, save

from visualnn.files import native
from visualnn.files.errors import FileError

Values = dict[str, Any]


def parts(content: bytes) -> tuple[Values, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("project.json")), load(archive.read("arrays.safetensors"))


def packed(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", compression) as archive:
        warnings.simplefilter("ignore")  # about members of the same name, which are meant
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def made(values: object, arrays: dict[str, Any], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    text = json.dumps(values).encode()
    return packed(("project.json", text), ("arrays.safetensors", save(arrays)), compression=compression)


def sentence(folder: Path, content: bytes) -> str:
    """What the user is told about a file with that content."""
    path = folder / "a.vnn"
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        native.read(path)
    text = str(caught.value)
    assert text.startswith("“a.vnn” cannot be opened: ")
    assert text.endswith(".")
    assert "\n" not in text
    assert len(text) < 300
    return text.removeprefix("“a.vnn” cannot be opened: ")


def without(*path: str) -> Callable[[Values], None]:
    def change(values: Values) -> None:
        for key in path[:-1]:
            values = values[key]
        del values[path[-1]]

    return change


def put(value: object, *path: str | int) -> Callable[[Any], None]:
    def change(values: Any) -> None:
        for key in path[:-1]:
            values = values[key]
        values[path[-1]] = value

    return change


def mutated(rng: random.Random, content: bytes) -> bytes:
    """The content with a few bytes changed, taken out, put in or cut off."""
    data = bytearray(content)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 8))):
        place = rng.randrange(len(data))
        match rng.randrange(5):
            case 0:
                data[place] = rng.randrange(256)
            case 1:
                data[place] ^= 1 << rng.randrange(8)
            case 2:
                del data[place : place + rng.randrange(1, 9)]
            case 3:
                data[place:place] = rng.randbytes(rng.randrange(1, 9))
            case _:
                data[place] = rng.choice(b'0123456789{}[]",:-eE')
    return bytes(data)
