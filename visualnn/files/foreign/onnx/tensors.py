"""The numbers of a tensor: beside their names in the file, or in another file beside it.

How many there must be follows from the shape; that they are there is checked before anything is made of them. Numbers
of 32 and 64 bits stay where they were read.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualnn.files.errors import Damage
from visualnn.files.foreign.onnx.model import Tensor, quoted
from visualnn.files.native import reason

Array = NDArray[Any]

FLOAT, INT32, INT64, TEXT, BOOL, HALF, DOUBLE, BRAIN = 1, 6, 7, 8, 9, 10, 11, 16
REALS = (FLOAT, DOUBLE, HALF, BRAIN)
WHOLES = (2, 3, 4, 5, INT32, INT64, 12, 13)
CODES = {FLOAT: "<f4", INT32: "<i4", INT64: "<i8", BOOL: "?", HALF: "<f2", DOUBLE: "<f8", BRAIN: "<u2"}
KINDS = {2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 12: "uint32", 13: "uint64", 14: "complex64", 15: "complex128"}
MOST = 1_000_000_000  # bytes of the numbers in another file
MOST_TEXTS = 100_000
SETTINGS = ("location", "offset", "length", "checksum", "basepath")


def texts(tensor: Tensor) -> tuple[str, ...]:
    """The texts of a tensor that holds such."""
    found = tensor.message.texts(6)
    if tensor.kind != TEXT or len(found) != prod(tensor.dims):
        raise Damage(f"its tensor {quoted(tensor.name)} does not hold the texts it should")
    return found


def numbers(tensor: Tensor, folder: Path | None = None) -> Array:
    """The numbers of a tensor, in its shape and read-only; other files are looked for in `folder` alone."""
    if tensor.kind not in CODES:
        kind = KINDS.get(tensor.kind, f"type {tensor.kind}")
        raise Damage(f"its tensor {quoted(tensor.name)} holds numbers of a kind that is not known here ({kind})")
    count, code = prod(tensor.dims), CODES[tensor.kind]
    if tensor.is_beside:
        values = np.frombuffer(_beside(tensor, count * np.dtype(code).itemsize, folder), dtype=code)
    else:
        values = _inside(tensor, count)
    if tensor.kind == BRAIN:  # the upper half of 32 bits
        values = (values.astype("<u4") << 16).view("<f4")
    try:
        values = values.reshape(tensor.dims)
    except ValueError:  # 0 × 2⁶²
        raise Damage(f"its tensor {quoted(tensor.name)} has a shape that cannot be") from None
    values.setflags(write=False)
    return values


def _inside(tensor: Tensor, count: int) -> Array:
    """As many numbers as there must be, from whichever field they stand in."""
    code, raw = CODES[tensor.kind], tensor.message.content(9)
    if raw is not None:
        _check(tensor, len(raw), count * np.dtype(code).itemsize, "bytes")
        return np.frombuffer(raw, dtype=code)
    values = FIELDS[tensor.kind](tensor)
    _check(tensor, values.size, count, "numbers")
    return values


def _small(tensor: Tensor, field: int) -> Array:
    """Numbers that are written as whole ones: as they are, or the bits of others."""
    bits = np.array(tensor.message.wholes(field), dtype=np.int64)
    code = CODES[tensor.kind]
    if tensor.kind == HALF:
        return bits.astype("<u2").view("<f2")
    if code not in ("<i8", "<u2", "?") and bits.size and not -(2**31) <= bits.min() <= bits.max() < 2**31:
        raise Damage(f"its tensor {quoted(tensor.name)} holds a number that is too large for its kind")
    return bits.astype(code)


FIELDS: dict[int, Callable[[Tensor], Array]] = {
    FLOAT: lambda tensor: tensor.message.numbers(4, "<f4"),
    DOUBLE: lambda tensor: tensor.message.numbers(10, "<f8"),
    INT64: lambda tensor: _small(tensor, 7),
    **{kind: (lambda tensor: _small(tensor, 5)) for kind in (INT32, BOOL, HALF, BRAIN)},
}


def _check(tensor: Tensor, found: int, wanted: int, unit: str) -> None:
    if found != wanted:
        raise Damage(f"its tensor {quoted(tensor.name)} has {found:,} {unit} for a shape that needs {wanted:,}")


def _beside(tensor: Tensor, size: int, folder: Path | None) -> bytes:
    """Bytes of a file in the same folder, and of no other one."""
    entries = {entry.text(1): entry.text(2) for entry in tensor.message.messages(13)}
    name = entries.get("location", "")
    if folder is None or not entries.keys() <= set(SETTINGS) or "basepath" in entries or not _is_plain(name):
        raise Damage(
            f"its tensor {quoted(tensor.name)} lies in {quoted(name)}, which is no plain name of a file beside it"
        )
    offset, length = (
        _amount(tensor, entries.get(key, other)) for key, other in (("offset", "0"), ("length", str(size)))
    )
    _check(tensor, length, size, "bytes")
    if size > MOST:
        raise Damage(f"its tensor {quoted(tensor.name)} would take {size:,} bytes; the limit is {MOST:,}")
    try:
        return _part(folder / name, offset, size)
    except (OSError, ValueError) as error:
        raise Damage(f"its numbers in {quoted(name)} cannot be read: {reason(error)}") from error


def _part(path: Path, offset: int, size: int) -> bytes:
    """So many bytes from the middle of a file."""
    if path.is_symlink() and path.resolve().parent != path.parent.resolve():
        raise ValueError("it is a link that leads elsewhere")
    if not path.is_file():
        raise ValueError("it is not a file" if path.exists() else "there is no such file")
    if offset + size > path.stat().st_size:
        raise ValueError(f"it ends after {path.stat().st_size:,} of {offset + size:,} bytes")
    with path.open("rb") as file:
        file.seek(offset)
        content = file.read(size)
    if len(content) != size:
        raise ValueError("it became shorter")
    return content


def _is_plain(name: str) -> bool:
    """Whether this is the name of a file in the same folder, on every system."""
    return name not in ("", ".", "..") and not any(c in name for c in "/\\:\0") and name.isprintable()


def _amount(tensor: Tensor, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Damage(f"its tensor {quoted(tensor.name)} lies at a place that is no number")
    return int(text)
