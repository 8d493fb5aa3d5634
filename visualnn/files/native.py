"""VisualNN's own format, `.vnn`: a zip with `project.json` to read and `arrays.safetensors` with the numbers.

The same project always gives the same bytes. Nothing in a file is executed, and nothing is unpacked before the sizes
it claims were found possible: the arrays must have exactly the sizes that follow from the description.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from time import sleep
from typing import BinaryIO

import numpy as np

from visualnn.files.document import Document, arrays, completed, description, understood
from visualnn.files.errors import Damage, FileError
from visualnn.files.fields import Fields, parse
from visualnn.files.upgrades import upgraded
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Matrix
from visualnn.project import Project
from visualnn.work import Work

SUFFIX = ".vnn"
DESCRIPTION, ARRAYS = "project.json", "arrays.safetensors"
MAX_DESCRIPTION = 64 * 2**20  # bytes
MAX_HEADER = 64 * 2**10  # bytes before the numbers in arrays.safetensors
MAX_MEMBERS = 1000
FREE_RATIO, FREE_SIZE = 100, 2**20  # no honest file over 1 MiB shrinks more than a hundredfold
PAUSES_S = (0.01, 0.05, 0.2, 0.5)  # before a file that another program holds is tried again
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OverflowError, RuntimeError, ValueError)


def read(path: Path) -> Project:
    """The project in a file, without its runs. Raises `FileError` as `read_work` does."""
    return read_work(path).project


def read_work(path: Path) -> Work:
    """All that a file holds. Raises `FileError` with one sentence, whatever that is."""
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
        replace_file(path, encode(work))
    except VisualNNError as error:
        raise FileError(f"“{path.name}” cannot be saved: {clause(error)}.") from error
    except (OSError, ValueError) as error:
        raise FileError(f"“{path.name}” cannot be saved: {reason(error)}.") from error


def encode(work: Work | Project) -> bytes:
    """The bytes of a file. Raises `VisualNNError` for a project that could not be read again."""
    project = work.project if isinstance(work, Work) else work
    values = description(project)
    numbers = arrays(project)
    completed(understood(Fields(values)), numbers)
    text = json.dumps(values, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(_entry(DESCRIPTION, zipfile.ZIP_DEFLATED), text + "\n")
        archive.writestr(_entry(ARRAYS, zipfile.ZIP_STORED), _packed(numbers))
    return buffer.getvalue()


def decode(file: BinaryIO) -> Work:
    """What an open file holds. Raises `VisualNNError` (mostly `Damage`) for everything that is wrong with it."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = _members(archive)
            document = understood(upgraded(parse(_content(archive, members[DESCRIPTION], MAX_DESCRIPTION))))
            expected = 8 * sum(int(np.prod(shape)) for shape in document.shapes.values())
            limit = expected + 8 * document.network.parameter_count + MAX_HEADER  # with an origin
            content = _content(archive, members[ARRAYS], limit)
    except UNREADABLE as error:
        raise Damage("it is damaged or not a VisualNN file") from error
    return Work(completed(document, _unpacked(content, document)))


def clause(error: VisualNNError) -> str:
    """An error's sentence as the second half of another one."""
    text = str(error).rstrip(".")
    return text[:1].lower() + text[1:]


def reason(error: OSError | ValueError) -> str:
    """What the system says, as half a sentence."""
    said = getattr(error, "strerror", None) or str(error)
    return said[:1].lower() + said[1:].rstrip(".")


def replace_file(path: Path, content: bytes) -> None:
    """Write beside the file, then put it in its place, with the permissions of the old one. Raises `OSError`."""
    target = path.resolve()  # a link stays a link
    temporary = target.with_name(f".visualnn-{os.urandom(8).hex()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        _take_place(temporary, target)
        _settle(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _take_place(temporary: Path, target: Path) -> None:
    """On Windows another program may hold the file for a moment: a virus scanner, a search index."""
    for pause_s in PAUSES_S:
        try:
            temporary.replace(target)
        except PermissionError:
            if os.name != "nt":
                raise
            sleep(pause_s)
        else:
            return
    temporary.replace(target)


def _settle(folder: Path) -> None:
    """The new name of the file, too, is on disk when this returns, where the system can do that for a folder."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):  # some network drives cannot; the content is safe all the same
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = compression
    entry.create_system = 3  # the same bytes on every system
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    return entry


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries = archive.infolist()
    members = {entry.filename: entry for entry in entries}
    if len(members) != len(entries) or len(entries) > MAX_MEMBERS:
        raise Damage("it holds two parts of the same name")
    for name in (DESCRIPTION, ARRAYS):
        if name not in members:
            raise Damage(f"it has no {name}")
    return members


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    """The bytes of a member, at most `limit`: what it claims is checked first, and no more than that is unpacked."""
    if entry.file_size > limit:
        raise Damage(f"its {entry.filename} is larger ({entry.file_size:,} bytes) than it can rightly be")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Damage(f"its {entry.filename} is packed in a way this program does not know")
    if entry.file_size > max(FREE_SIZE, FREE_RATIO * entry.compress_size):
        raise Damage(f"its {entry.filename} is packed suspiciously small")
    with archive.open(entry) as member:
        return member.read()


def _packed(numbers: Mapping[str, Matrix]) -> bytes:
    from safetensors.numpy import save

    return save({name: np.ascontiguousarray(values, dtype=np.float64) for name, values in numbers.items()})


def _unpacked(content: bytes, document: Document) -> dict[str, Matrix]:
    """The arrays, with exactly the names, types and shapes that the document calls for."""
    from safetensors import SafetensorError, deserialize

    try:
        tensors = dict(deserialize(content))  # type: ignore[no-untyped-call]
    except (SafetensorError, ValueError, TypeError) as error:
        raise Damage("its numbers are damaged") from error
    shapes = dict(document.shapes)
    if "origin" in tensors:
        shapes["origin"] = shapes["parameters"]
    if tensors.keys() != shapes.keys():
        raise Damage(f"it holds the numbers {_list(tensors)} instead of {_list(shapes)}")
    found = {}
    for name, shape in shapes.items():
        tensor = tensors[name]
        if tensor["dtype"] != "F64" or tuple(tensor["shape"]) != shape:
            wanted, given = "×".join(map(str, shape)), "×".join(map(str, tensor["shape"]))
            raise Damage(f"its {name} should be {wanted} numbers of 64 bits, not {given} of type {tensor['dtype']}")
        found[name] = np.frombuffer(tensor["data"], dtype="<f8").reshape(shape)
    return found


def _list(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(name[:40] for name in names)[:6]) or "nothing"
