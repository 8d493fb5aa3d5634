"""The list of parts at the end of a zip, measured before it is read: a part takes little room there, and much time."""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO

from visualnn.files.errors import Damage

MOST_BYTES = 2**20  # of a list: some thousands of parts
END, END_64 = b"PK\5\6", b"PK\6\6"
SIZE, SIZE_64 = struct.Struct("<12xI"), struct.Struct("<40xQ")  # of the list, after the beginning of each kind of end
COMMENT = 2**16  # bytes that may follow
RECORD, RECORD_64, LOCATOR_64 = 22, 56, 20  # bytes


def opened(file: BinaryIO) -> zipfile.ZipFile:
    """The zip in a file. Raises `Damage` where it lists more parts than an honest one has, or what `zipfile` raises."""
    size = file.seek(0, 2)
    file.seek(max(0, size - COMMENT - RECORD - LOCATOR_64 - RECORD_64))
    tail = file.read()
    found = [
        kind.unpack_from(tail, place)[0]
        for mark, kind, length in ((END, SIZE, RECORD), (END_64, SIZE_64, RECORD_64))
        if 0 <= (place := tail.rfind(mark)) <= len(tail) - length
    ]
    if any(MOST_BYTES < each <= size for each in found):
        raise Damage("it holds more parts than this program looks through")
    return zipfile.ZipFile(file)
