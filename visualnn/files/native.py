"""VisualNN's own format, `.vnn`: a zip with `project.json` to read and `arrays.safetensors` with the numbers.

The same work always gives the same bytes. Nothing in a file is executed, and nothing is unpacked before the sizes it
claims were found possible: the arrays must have exactly the sizes that follow from the description. For other programs
the format is described in `resources/format`.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from visualnn.catalog import SUFFIX
from visualnn.files.arrays import NUMBER, most_header_bytes, unpacked
from visualnn.files.container import ARRAYS, DESCRIPTION, MAX_DESCRIPTION, content, members, put
from visualnn.files.directory import opened
from visualnn.files.disk import replace_file, replacing
from visualnn.files.document import Document, completed, told, understood
from visualnn.files.errors import Damage, FileError
from visualnn.files.fields import check_parts, parse
from visualnn.files.salvage import salvaged
from visualnn.files.upgrades import upgraded
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Matrix
from visualnn.project import Project
from visualnn.work import Work

__all__ = ["SUFFIX", "clause", "decode", "encode", "read", "read_work", "reason", "replace_file", "write"]

BEGINNING = b"PK\3\4"  # of a zip
LONGEST_CLAUSE = 400  # letters of a sentence in another one
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OverflowError, RuntimeError, ValueError)


def read(path: Path) -> Project:
    """The project in a file, without its runs. Raises `FileError` as `read_work` does."""
    return read_work(path).project


def read_work(path: Path) -> Work:
    """All that a file holds. Raises `FileError` with one sentence, whatever that is."""
    if _is_stranger(path):
        raise FileError(f"“{path.name}” is not a VisualNN file.")
    try:
        if not path.is_file():
            raise Damage("it is not a file" if path.exists() else "there is no such file")
        with path.open("rb") as file:
            return decode(file)
    except VisualNNError as error:
        raise FileError(f"“{path.name}” cannot be opened: {clause(error)}.") from error
    except MemoryError:
        raise FileError(f"“{path.name}” cannot be opened: it does not fit into memory.") from None
    except (OSError, ValueError) as error:
        raise FileError(f"“{path.name}” cannot be opened: {reason(error)}.") from error


def write(path: Path, work: Work | Project) -> None:
    """Put all of it into a file; the old content stays until the new one is safely on disk. Raises `FileError`."""
    try:
        text, numbers = _parts(work)
        with replacing(path) as file:
            put(file, text, numbers)
    except VisualNNError as error:
        raise FileError(f"“{path.name}” cannot be saved: {clause(error)}.") from error
    except (OSError, ValueError) as error:
        raise FileError(f"“{path.name}” cannot be saved: {reason(error)}.") from error


def encode(work: Work | Project) -> bytes:
    """The bytes of a file. Raises `VisualNNError` for a project that could not be read again.

    Of a run that could not be, as much is kept as can: see `salvage`.
    """
    buffer = io.BytesIO()
    put(buffer, *_parts(work))
    return buffer.getvalue()


def decode(file: BinaryIO) -> Work:
    """What an open file holds. Raises `VisualNNError` (mostly `Damage`) for everything that is wrong with it."""
    try:
        with opened(file) as archive:
            entries = members(archive)
            text = content(archive, entries[DESCRIPTION], MAX_DESCRIPTION)
            document = understood(upgraded(parse(text.tobytes())))
            numbers = content(archive, entries[ARRAYS], _most_bytes(document))
    except UNREADABLE as error:
        raise Damage("it is damaged or not a VisualNN file") from error
    return completed(document, unpacked(numbers, document.shapes, document.optional))


def clause(error: VisualNNError) -> str:
    """An error's sentence as the second half of another one."""
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(error).rstrip("."))
    if len(text) > LONGEST_CLAUSE:  # what a file calls its parts can be of any length
        text = text[: LONGEST_CLAUSE - 1] + "…"
    return text[:1].lower() + text[1:]


def reason(error: OSError | ValueError) -> str:
    """What the system says, as half a sentence."""
    said = getattr(error, "strerror", None) or str(error)
    return said[:1].lower() + said[1:].rstrip(".")


def _is_stranger(path: Path) -> bool:
    """Whether a file neither is called like one of ours nor begins like one."""
    try:
        with path.open("rb") as file:
            return path.suffix.lower() != SUFFIX and file.read(len(BEGINNING)) != BEGINNING
    except (OSError, ValueError):
        return False


def _parts(work: Work | Project) -> tuple[bytes, Mapping[str, Matrix]]:
    """The two parts of the file."""
    return salvaged(work if isinstance(work, Work) else Work(work), _told)


def _told(work: Work) -> tuple[bytes, Mapping[str, Matrix]]:
    values, numbers = told(work)
    return _written(values), numbers


def _written(values: dict[str, Any]) -> bytes:
    """A line for each key: with more of them, many runs take long to write."""
    lines = (f" {json.dumps(key)}: {_json(values[key])}" for key in sorted(values))
    text = ("{\n" + ",\n".join(lines) + "\n}\n").encode()
    if len(text) > MAX_DESCRIPTION:
        raise Damage(f"its description would have {len(text):,} bytes; the limit is {MAX_DESCRIPTION:,}")
    check_parts(text)
    return text


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _most_bytes(document: Document) -> int:
    """Of the arrays that a description calls for or allows, and of what stands before them."""
    shapes = [*document.shapes.values(), *document.optional.values()]
    return NUMBER * sum(map(prod, shapes)) + most_header_bytes(len(shapes))
