"""The zip around a document: `project.json` to read, and `arrays.safetensors` with the numbers, which is not packed.

What a part claims is checked before it is unpacked. The same parts always give the same bytes.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO

import numpy as np

from visualnn.files import arrays
from visualnn.files.arrays import Content
from visualnn.files.errors import Damage
from visualnn.nn.network import Matrix

DESCRIPTION, ARRAYS = "project.json", "arrays.safetensors"
MAX_DESCRIPTION = 64 * 2**20  # bytes
MAX_MEMBERS = 1000
FREE_RATIO, FREE_SIZE = 100, 2**20  # no honest file over 1 MiB shrinks more than a hundredfold
LOCAL = 30  # bytes of what stands before each part, with the lengths of its name and of more in the last four
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


def put(file: BinaryIO, text: bytes, numbers: Mapping[str, Matrix]) -> None:
    """Writes both parts; nothing is copied on the way."""
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(_entry(DESCRIPTION, _packing(text), len(text)), text)
        header = arrays.header(numbers)
        entry = _entry(ARRAYS, STORED, arrays.size_bytes(numbers, header))
        with archive.open(entry, "w") as member:
            member.write(header)
            for piece in arrays.pieces(numbers):
                member.write(piece)


def members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The parts by name, the two that there must be among them."""
    entries = archive.infolist()
    found = {entry.filename: entry for entry in entries}
    if len(found) != len(entries) or len(entries) > MAX_MEMBERS:
        raise Damage("it holds two parts of the same name")
    for name in (DESCRIPTION, ARRAYS):
        if name not in found:
            raise Damage(f"it has no {name}")
    return found


def content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> Content:
    """The bytes of a part, at most `limit`: what it claims is checked first, and no more than that is unpacked."""
    if entry.file_size > limit:
        raise Damage(f"its {entry.filename} is larger ({entry.file_size:,} bytes) than it can rightly be")
    if entry.compress_type not in (STORED, DEFLATED):
        raise Damage(f"its {entry.filename} is packed in a way this program does not know")
    if entry.file_size > max(FREE_SIZE, FREE_RATIO * entry.compress_size):
        raise Damage(f"its {entry.filename} is packed suspiciously small")
    with archive.open(entry) as member:
        if entry.compress_type == DEFLATED:
            return np.frombuffer(member.read(), dtype=np.uint8)
    return _as_it_lies(archive, entry)


def _as_it_lies(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Content:
    """The bytes of a part that is not packed, read in one go; its head was checked by who opened it."""
    file = archive.fp
    assert file is not None
    file.seek(entry.header_offset)
    head = file.read(LOCAL)
    lengths = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    file.seek(entry.header_offset + LOCAL + lengths)
    if entry.compress_size != entry.file_size or file.tell() + entry.file_size > file.seek(0, 2):
        raise zipfile.BadZipFile("the end is missing")
    file.seek(entry.header_offset + LOCAL + lengths)
    found = np.empty(entry.file_size, dtype=np.uint8)
    if file.readinto(found.data) != found.size:  # type: ignore[attr-defined]
        raise zipfile.BadZipFile("the end is missing")
    if zlib.crc32(found.data) != entry.CRC:
        raise zipfile.BadZipFile("other bytes than were written")
    return found


def _packing(text: bytes) -> int:
    """Packed, but for what would shrink so much that it looked like a trap."""
    is_honest = len(text) <= FREE_SIZE or len(zlib.compress(text)) * (FREE_RATIO // 2) > len(text)
    return DEFLATED if is_honest else STORED


def _entry(name: str, compression: int, size: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = compression
    entry.create_system = 3  # the same bytes on every system
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    entry.file_size = size  # so that it is known where more than 4 GB follow
    return entry
