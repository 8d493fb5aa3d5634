from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from visualnn.files import native
from visualnn.files.directory import opened
from visualnn.files.errors import Damage, FileError
from visualnn.files.foreign import formats
from visualnn.files.foreign.near_misses import near_miss


def zipped(count: int, comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for place in range(count):
            archive.writestr(zipfile.ZipInfo(f"{place}"), b"")
        archive.comment = comment
    return buffer.getvalue()


@pytest.mark.parametrize("comment", [b"", b"a comment" * 1000])
def test_an_honest_zip_is_opened(comment: bytes) -> None:
    with opened(io.BytesIO(zipped(1000, comment))) as archive:
        assert len(archive.namelist()) == 1000


@pytest.mark.parametrize("comment", [b"", b"a comment" * 1000])
def test_a_zip_of_too_many_parts_is_not_looked_through(comment: bytes) -> None:
    with pytest.raises(Damage, match="more parts than this program looks through"):
        opened(io.BytesIO(zipped(30_000, comment)))


def test_a_long_list_of_the_large_kind_is_seen_too() -> None:
    content = zipped(30_000)
    place = content.rindex(b"PK\5\6")
    size, start = struct.unpack_from("<II", content, place + 12)
    large = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 30_000, 30_000, size, start)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, place, 1)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0, 0xFFFFFFFF, 0)
    made = content[:place] + large + locator + end
    assert len(zipfile.ZipFile(io.BytesIO(made)).namelist()) == 30_000
    with pytest.raises(Damage):
        opened(io.BytesIO(made))


@pytest.mark.parametrize("content", [b"", b"abc", b"PK\5\6", b"PK\5\6" * 9, b"PK\6\6" * 9])
def test_what_is_no_zip_is_told_by_who_reads_zips(content: bytes) -> None:
    with pytest.raises(zipfile.BadZipFile):
        opened(io.BytesIO(content))


@pytest.mark.parametrize("suffix", [".vnn", ".keras"])
def test_readers_of_zips_tell_it(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"model{suffix}"
    path.write_bytes(zipped(30_000))
    with pytest.raises(FileError, match=r"cannot be opened: it holds more parts than this program looks through\.$"):
        native.read(path) if suffix == ".vnn" else formats.read(path)


def test_a_zip_under_another_name_is_not_looked_through(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(zipped(30_000))
    assert near_miss(path) is None
