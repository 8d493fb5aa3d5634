"""Changes of a zip: its members by what they are, their names and claims, and bombs."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile
from collections.abc import Callable
from random import Random

from tests.files.fuzzing import raw, tensors, values

Member = tuple[zipfile.ZipInfo, bytes]
NAMES = ("../project.json", "/etc/passwd", "project.json/", "a\\b", "", "project.json\0x", "PROJECT.JSON", "x" * 3000)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
BOMB = 2**24  # bytes that are all the same
KINDS: dict[str, Callable[[Random, bytes], bytes]] = {".json": values.mutated, ".safetensors": tensors.mutated}


def mutated(rng: Random, content: bytes) -> bytes:
    """The zip with one of its members, its list of them, or its bytes changed."""
    try:
        members = _members(content)
    except Exception:  # noqa: BLE001  # whatever Python's own module says of a broken zip
        return raw.mutated(rng, content)
    if not members or rng.random() < 0.15:
        return raw.mutated(rng, content)
    if rng.random() < 0.7:
        place = rng.randrange(len(members))
        entry, inside = members[place]
        members[place] = (entry, KINDS.get("." + entry.filename.rpartition(".")[2], raw.mutated)(rng, inside))
        return _packed(members)
    return _packed(_rearranged(rng, members))


def _members(content: bytes) -> list[Member]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(entry, archive.read(entry)) for entry in archive.infolist()]


def _rearranged(rng: Random, members: list[Member]) -> list[Member]:
    place = rng.randrange(len(members))
    entry, inside = members[place]
    match rng.randrange(7):
        case 0:
            return members[:place] + members[place + 1 :]
        case 1:
            return [*members, members[place]]
        case 2:
            return [*members[:place], (_entry(rng.choice(NAMES), entry), inside), *members[place + 1 :]]
        case 3:
            return [*members, *((_entry(f"{number}", entry), b"") for number in range(rng.choice((1, 1100))))]
        case 4:
            bomb = zipfile.ZipInfo(entry.filename)
            bomb.compress_type = zipfile.ZIP_DEFLATED
            return [*members[:place], (bomb, bytes([rng.choice(b"\0 [1")]) * BOMB), *members[place + 1 :]]
        case 5:
            link = zipfile.ZipInfo(entry.filename)
            link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            return [*members[:place], (link, b"/etc/passwd"), *members[place + 1 :]]
        case _:
            other = zipfile.ZipInfo(entry.filename)
            other.compress_type = rng.choice(METHODS)
            return [*members[:place], (other, inside), *members[place + 1 :]]


def _entry(name: str, like: zipfile.ZipInfo) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.compress_type = like.compress_type
    return made


def _packed(members: list[Member]) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as archive:
        warnings.simplefilter("ignore")  # about members of the same name, which are meant
        for entry, inside in members:
            archive.writestr(_entry(entry.filename, entry) if not entry.external_attr else entry, inside)
    return buffer.getvalue()
