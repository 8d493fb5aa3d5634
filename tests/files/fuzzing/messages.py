"""Changes of protobuf messages, whose fields are found without knowing what they mean."""

from __future__ import annotations

from random import Random

from tests.files.fuzzing import raw

VARINT, EIGHT, BYTES, FOUR = 0, 1, 2, 5
WORDS = (
    *(b"Gemm", b"MatMul", b"Add", b"Relu", b"Conv", b"Softmax", b"If", b"Loop", b"Flatten", b"Transpose", b"Constant"),
    *(b"Reshape", b"ai.onnx.ml", b"LSTM", b"alpha", b"transB", b"axis", b"", b"\xff\xfe", b"x" * 3000),
)
DEEP = 2000  # messages in messages
Field = tuple[int, int, int | bytes]  # number, kind, value


def mutated(rng: Random, content: bytes, depth: int = 0) -> bytes:
    """The message with a field of it changed, or one of a message in it."""
    fields = parsed(content)
    if not fields or (depth == 0 and rng.random() < 0.1):
        return raw.mutated(rng, content) if content else rng.choice(WORDS)
    place = rng.randrange(len(fields))
    number, kind, value = fields[place]
    if isinstance(value, bytes) and rng.random() < 0.75:
        inside = mutated(rng, value, depth + 1) if parsed(value) and rng.random() < 0.9 else _odd(rng, value)
        fields[place] = (number, kind, inside)
    else:
        _change(rng, fields, place)
    return packed(fields)


def parsed(content: bytes) -> list[Field] | None:
    """The fields of a message; None where these bytes are none."""
    place, fields = 0, []
    try:
        while place < len(content):
            key, place = _varint(content, place)
            size = {EIGHT: 8, FOUR: 4}.get(key & 7)
            if key & 7 == VARINT:
                value, place = _varint(content, place)
                fields.append((key >> 3, VARINT, value))
                continue
            if key & 7 == BYTES:
                size, place = _varint(content, place)
            if size is None or place + size > len(content) or not key >> 3:
                return None
            fields.append((key >> 3, key & 7, content[place : place + size]))
            place += size
    except IndexError:
        return None
    return fields


def packed(fields: list[Field]) -> bytes:
    out = bytearray()
    for number, kind, value in fields:
        out += _written(number << 3 | kind)
        if isinstance(value, int):
            out += _written(value)
        else:
            out += (_written(len(value)) if kind == BYTES else b"") + value
    return bytes(out)


def _change(rng: Random, fields: list[Field], place: int) -> None:
    number, kind, value = fields[place]
    match rng.randrange(7):
        case 0:
            del fields[place]
        case 1:
            fields.insert(rng.randrange(len(fields) + 1), fields[place])
        case 2:
            other = rng.randrange(len(fields))
            fields[place], fields[other] = fields[other], fields[place]
        case 3:
            fields[place] = (rng.choice((1, 2, 3, 5, 7, 9, 13, 20, 2**28)), kind, value)
        case 4:
            fields.extend([fields[place]] * rng.choice((1, 50, 2000)))
        case 5:
            nested = value if isinstance(value, bytes) else b""
            for _ in range(rng.choice((3, DEEP))):
                nested = packed([(number, BYTES, nested)])[:100_000]
            fields[place] = (number, BYTES, nested)
        case _:
            odd = rng.choice(raw.NUMBERS) if rng.random() < 0.5 else rng.randrange(40)
            fields[place] = (number, VARINT, odd)


def _odd(rng: Random, value: bytes) -> bytes:
    return rng.choice(WORDS) if rng.random() < 0.5 else raw.mutated(rng, value) if value else b"\0"


def _varint(content: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place
        if shift > 63:
            raise IndexError


def _written(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))
