"""Changes of safetensors: of what the header says, with a length that fits, and of the numbers."""

from __future__ import annotations

import struct
from random import Random

from tests.files.fuzzing import raw, values

BITS = (b"\0\0\0\0\0\0\xf0\x7f", b"\xff" * 8, b"\0\0\0\0\0\0\xf8\x7f", b"\1\0\0\0\0\0\0\0")  # infinity, NaN, the least


def mutated(rng: Random, content: bytes) -> bytes:
    if len(content) < 8 or rng.random() < 0.2:
        return raw.mutated(rng, content)
    length = struct.unpack("<Q", content[:8])[0]
    header, data = content[8 : 8 + length], content[8 + length :]
    match rng.randrange(4):
        case 0 | 1:
            header = values.mutated(rng, header)
        case 2:
            data = _odd_number(rng, data)
        case _:
            return struct.pack("<Q", rng.choice(raw.NUMBERS)) + header + data
    return struct.pack("<Q", len(header)) + header + data


def _odd_number(rng: Random, data: bytes) -> bytes:
    place = 8 * rng.randrange(len(data) // 8) if len(data) >= 8 else 0
    return data[:place] + rng.choice(BITS) + data[place + 8 :]
