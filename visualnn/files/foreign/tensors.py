"""Tensors in a safetensors file: what it says it holds, and then their numbers, as 64 bits.

The library reads the header, which must cover the file exactly; the numbers are read once their sizes were found fit.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualnn.files.errors import Damage
from visualnn.nn.network import Matrix, Vector

MAX_HEADER = 4 * 2**20  # bytes: 10,000 layers with long names
MOST_SIZES = 8  # of a tensor that are told
LENGTH = struct.Struct("<Q")  # of the header, at the beginning
ALIGNED = 8  # bytes: where the numbers begin
FLOATS = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}
BF16 = "BF16"  # the upper half of a number of 32 bits


@dataclass(frozen=True, slots=True)
class Tensor:
    """What a file says about one of its tensors."""

    dtype: str
    shape: tuple[int, ...]

    def __str__(self) -> str:
        told = [f"{size:,}" for size in self.shape[:MOST_SIZES]]
        return "×".join(told + ["…"] * (len(self.shape) > MOST_SIZES)) or "one number"

    @property
    def is_float(self) -> bool:
        """Whether its numbers are such that widening them to 64 bits is known here and exact."""
        return self.dtype in FLOATS or self.dtype == BF16


@dataclass(frozen=True, slots=True)
class Contents:
    """The tensors of a file, in its order, and what else was written into it."""

    tensors: dict[str, Tensor]
    words: dict[str, str]


def contents(path: Path) -> Contents:
    """What a file says that it holds. Raises `Damage` if it cannot be so."""
    from safetensors import safe_open

    size = path.stat().st_size
    with path.open("rb") as file:
        beginning = file.read(LENGTH.size)
    length = LENGTH.unpack(beginning)[0] if len(beginning) == LENGTH.size else 0
    if not 2 <= length <= size - LENGTH.size:
        raise Damage("it is damaged or not a safetensors file")
    if length > MAX_HEADER:
        raise Damage(f"the list of its tensors has {length:,} bytes; at most {MAX_HEADER:,} can be read")
    with _told(), safe_open(path, "np") as file:
        slices = {name: file.get_slice(name) for name in file.offset_keys()}
        found = {name: Tensor(part.get_dtype(), tuple(part.get_shape())) for name, part in slices.items()}
        return Contents(found, dict(file.metadata() or {}))


def numbers(path: Path) -> dict[str, Matrix]:
    """All tensors of a file by name, each of them a float. Raises `Damage`."""
    from safetensors import deserialize

    with _told():
        found = deserialize(path.read_bytes())  # type: ignore[no-untyped-call]
    return {name: _widened(part["data"], part["dtype"]).reshape(part["shape"]) for name, part in found}


def content(tensors: dict[str, NDArray[Any]], words: dict[str, str]) -> bytes:
    """The bytes of a file; the same for the same numbers and words."""
    from safetensors.numpy import save

    packed = save({name: np.ascontiguousarray(values) for name, values in tensors.items()}, metadata=words)
    start = LENGTH.size + LENGTH.unpack_from(packed)[0]
    header = json.loads(packed[LENGTH.size : start])
    header["__metadata__"] = dict(sorted(words.items()))  # which the library puts down in any order
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % ALIGNED)
    return b"".join((LENGTH.pack(len(text)), text, memoryview(packed)[start:]))


def _widened(data: bytearray, dtype: str) -> Vector:
    """The same numbers in 64 bits, all of them exactly."""
    if dtype == BF16:
        upper = np.frombuffer(data, "<u2").astype(np.uint32)
        return (upper << 16).view(np.float32).astype(np.float64)
    return np.frombuffer(data, FLOATS[dtype]).astype(np.float64, copy=False)


@contextmanager
def _told() -> Iterator[None]:
    """What the library says of a file that is none."""
    from safetensors import SafetensorError

    try:
        yield
    except (SafetensorError, ValueError, TypeError, OverflowError) as error:
        raise Damage("it is damaged or not a safetensors file") from error
