"""Cuts the data of ICU down to what Qt asks it for: ``icu.py LIBICUDATA`` writes the library anew, a sixth as large.

Qt sorts and changes case by ICU's rules. Names of languages, regions, currencies and time zones, dates and numbers in
words, line breaks and old code pages it has of its own or never asks for; the texts of the program are English.

The library holds nothing but one table, in the format that ICU's source describes in ``ucmndata.h``. The assembler and
the linker of binutils make the new one.
"""

from __future__ import annotations

import fnmatch
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

KEPT = ["coll/*", "*.icu", "*.nrm", "root.res", "pool.res", "res_index.res", "supplementalData.res"]
KEPT += ["keyTypeData.res", "likelySubtags.res", "metadata.res", "timezoneTypes.res", "zoneinfo64.res"]
MAGIC, FORMAT = b"\xda\x27", b"CmnD"  # of the header, at 2 and at 12
ALIGNMENT = 16
ASSEMBLY = """\
.section .rodata,"a",%progbits
.balign 64
.globl {symbol}
.type {symbol},%object
{symbol}: .incbin "{file}"
.size {symbol}, .-{symbol}
.section .note.GNU-stack,"",%progbits
"""

Items = dict[str, bytes]


def main(library: Path) -> None:
    """Replace a library by its smaller self."""
    header, items = read(table(library.read_bytes(), library.name))
    package = next(iter(items)).split("/")[0]
    kept = {name: content for name, content in items.items() if is_kept(name.partition("/")[2])}
    link(write(header, kept), f"{package[:-1]}_dat", library)  # icudt73l, little-endian, is in icudt73_dat


def table(library: bytes, name: str) -> bytes:
    """The library from where its table begins."""
    start = library.find(FORMAT) - 12
    if start < 0 or library[start + 2 : start + 4] != MAGIC:
        raise SystemExit(f"{name} has no table of ICU that begins as this one knows it.")
    return library[start:]


def read(data: bytes) -> tuple[bytes, Items]:
    """The header, and the items by name. The last one keeps whatever comes behind it."""
    (size,) = struct.unpack_from("<H", data)
    header, body = data[:size], data[size:]
    (count,) = struct.unpack_from("<I", body)
    places = [struct.unpack_from("<II", body, 4 + 8 * i) for i in range(count)]
    ends = [start for _, start in places[1:]] + [len(body)]
    return header, {
        body[name : body.index(0, name)].decode("ascii"): body[start:end]
        for (name, start), end in zip(places, ends, strict=True)
    }


def write(header: bytes, items: Items) -> bytes:
    """A table; ICU looks up by halving, so the items are in the order of their names."""
    names, contents = [name.encode("ascii") + b"\0" for name in sorted(items)], [items[name] for name in sorted(items)]
    label = 4 + 8 * len(names)
    start = _aligned(label + sum(map(len, names)))
    body, tail = struct.pack("<I", len(names)), b""
    for name, content in zip(names, contents, strict=True):
        body += struct.pack("<II", label, start + len(tail))
        label += len(name)
        tail += content.ljust(_aligned(len(content)), b"\0")
    return header + (body + b"".join(names)).ljust(start, b"\0") + tail


def link(data: bytes, symbol: str, library: Path) -> None:
    """Make a library of the same name that holds these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "icu.dat").write_bytes(data)
        Path(folder, "icu.s").write_text(ASSEMBLY.format(symbol=symbol, file="icu.dat"))
        subprocess.run(["as", "-o", "icu.o", "icu.s"], cwd=folder, check=True)
        made = ["ld", "-shared", "--build-id=none", "-z", "noexecstack", "-soname", library.name, "-o", "made", "icu.o"]
        subprocess.run(made, cwd=folder, check=True)
        library.write_bytes(Path(folder, "made").read_bytes())


def is_kept(name: str) -> bool:
    """Whether an item stays; folders are part of the names."""
    return any(fnmatch.fnmatchcase(name, one) and name.count("/") == one.count("/") for one in KEPT)


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


if __name__ == "__main__":
    main(Path(sys.argv[1]))
