"""Changes of bytes that know nothing about what they mean."""

from __future__ import annotations

import struct
from random import Random

EDGES = (0, 1, 0x7F, 0x80, 0xFF)
NUMBERS = (0, 1, 2**7, 2**15 - 1, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**53, 2**62, 2**63 - 1, 2**63, 2**64 - 1)
MOST = 200_000  # bytes of an input


def mutated(rng: Random, content: bytes) -> bytes:
    """The content with one to a few changes."""
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
        if data:
            rng.choice(CHANGES)(rng, data)
    return bytes(data[:MOST])


def _flip(rng: Random, data: bytearray) -> None:
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _set(rng: Random, data: bytearray) -> None:
    data[rng.randrange(len(data))] = rng.choice(EDGES) if rng.random() < 0.5 else rng.randrange(256)


def _delete(rng: Random, data: bytearray) -> None:
    place = rng.randrange(len(data))
    del data[place : place + rng.choice((1, 1, 2, 8, 100))]


def _insert(rng: Random, data: bytearray) -> None:
    place = rng.randrange(len(data) + 1)
    data[place:place] = rng.randbytes(rng.choice((1, 1, 4, 8, 50)))


def _repeat(rng: Random, data: bytearray) -> None:
    first = rng.randrange(len(data))
    piece = data[first : first + rng.choice((1, 4, 16, 200))]
    place = rng.randrange(len(data) + 1)
    data[place:place] = piece * rng.choice((1, 1, 2, 20))


def _cut(rng: Random, data: bytearray) -> None:
    del data[rng.randrange(len(data)) :]


def _number(rng: Random, data: bytearray) -> None:
    """A length or a place becomes a suspicious one, in one of the sizes that formats use."""
    code = rng.choice(("<I", "<Q", ">I", "<H"))
    size = struct.calcsize(code)
    place = rng.randrange(len(data))
    data[place : place + size] = struct.pack(code, rng.choice(NUMBERS) % 2 ** (8 * size))


CHANGES = (_flip, _flip, _set, _set, _delete, _insert, _repeat, _cut, _number)
