"""Bytes of any encoding as UTF-8.

A byte order mark is believed. Without one, what reads as UTF-8 is UTF-8, also with a few broken bytes in it; zeros at
every second place are UTF-16; what makes Western words is Windows-1252, of which Latin-1 is a part; and where
none of this holds `charset_normalizer` compares the code pages that spreadsheets write.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from visualnn.files.errors import Damage
from visualnn.files.tables.watch import Watch

MARKS = (  # in this order: the mark of UTF-16 begins that of UTF-32
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PIECE = 2**20  # bytes at a time
LOOK = 2**16  # bytes to judge by
FORGIVEN = 0.1  # of the signs beyond ASCII may be broken
WESTERN = "cp1252"
OTHERS = ("cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "koi8_r", "cp932", "gb18030", "big5", "cp949", "mac_roman")
LETTERS = "ÄÖÜäöüßÉÈÊËÀÂÇÙÛÎÏÔŒÆéèêëàâçùûîïôœæÁÍÓÚÑáíóúñÃÕãõÅØåøÌÒìò"
SIGNS = "€£§°²³µ–—‘’“”„…«»¿¡·½¼×±ª º©®™\xa0"
LETTER = r"[^\W\d_]"
ODD = re.compile(  # in Western words: other signs, three accents in a row, ìm, Èe, aÄ, a§b
    f"[^\x00-\x7f{LETTERS}{SIGNS}]|[{LETTERS}]{{3}}|[ìòÌÒ](?={LETTER})|È[a-z]|[a-zß-öø-ÿ][À-ÖØ-ÞŒ]"
    f"|{LETTER}[£§²³µ„…«»¿¡½¼×±©®™°]{LETTER}"
)


def as_utf8(content: bytes, encoding: str | None, watch: Watch) -> tuple[bytes, str]:
    """The same text in UTF-8 without a mark, and the encoding that was found, or given. Raises `Damage`."""
    name = encoding or encoding_of(content)
    try:
        b"a".decode(name, "replace")
    except (LookupError, ValueError):
        raise Damage(f"“{name}” is no encoding that this program knows") from None
    watch.tick(0.0)
    if codecs.lookup(name).name == "utf-8" and not content.startswith(codecs.BOM_UTF8) and _utf8(content)[1] == 0:
        return content, name
    decoder, pieces = codecs.getincrementaldecoder(name)("replace"), []
    for place, piece, final in _pieces(content):
        watch.tick(place / len(content))
        pieces.append(decoder.decode(piece, final).encode("utf-8", "replace"))
    return b"".join(pieces).removeprefix(codecs.BOM_UTF8), name


def encoding_of(content: bytes) -> str:
    """The name of the encoding, for Python."""
    for mark, name in MARKS:
        if content.startswith(mark):
            return name
    if wide := _wide(content[:LOOK]):
        return wide
    return "utf-8" if _is_utf8(content) else _code_page(content)


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark: most signs have a zero beside them, always on the same side."""
    half = len(start) // 2
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) < 0.3 * half or min(even, odd) > 0.01 * half:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(content: bytes) -> bool:
    good, broken = _utf8(content)
    return broken <= FORGIVEN * (good + broken)


def _utf8(content: bytes) -> tuple[int, int]:
    """How many signs beyond ASCII read as UTF-8, and how many do not."""
    decoder, good, broken = codecs.getincrementaldecoder("utf-8")("replace"), 0, 0
    for _, piece, final in _pieces(content):
        text = decoder.decode(piece, final)
        if not text.isascii():
            wrong = text.count("\ufffd")
            broken, good = broken + wrong, good + len(text) - len(text.encode("ascii", "ignore")) - wrong
    return good, broken


def _code_page(content: bytes) -> str:
    lines = _foreign(content)
    try:
        if not ODD.search(lines.decode(WESTERN)):
            return WESTERN
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(lines, cp_isolation=list(OTHERS)).best()
    return WESTERN if best is None else best.encoding


def _foreign(content: bytes) -> bytes:
    """The first lines that hold more than ASCII."""
    found = bytearray()
    for _, piece, _ in _pieces(content):
        if not piece.isascii():
            found += b"".join(line for line in piece.splitlines(keepends=True) if not line.isascii())
        if len(found) >= LOOK:
            break
    return bytes(found[:LOOK])


def _pieces(content: bytes) -> Iterator[tuple[int, bytes, bool]]:
    for place in range(0, max(len(content), 1), PIECE):
        yield place, content[place : place + PIECE], place + PIECE >= len(content)
