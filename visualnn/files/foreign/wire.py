"""The wire format of Protocol Buffers, in which ONNX writes its messages.

A message is a row of fields: a number, one of four kinds, a value. `Message` finds them without looking into them, so
that what a file claims is known before anything is made of it; a `Budget` says how many there may be in a whole file.
Nothing is copied: long values stay views of the bytes that were read.

The library that would do it takes 100 bytes for an empty message of two, so that a small file may fill the memory.
See https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualnn.files.errors import Damage

WHOLE, WIDE, LONG, NARROW = 0, 1, 2, 5  # kinds: a varint, 8 bytes, a length and as many bytes, 4 bytes
Value = Any  # an int, or a view of the bytes
MAX_FIELDS = 1_000_000
DAMAGED = "it is damaged or not an ONNX model"


class Budget:
    """How many fields a file may still have."""

    def __init__(self, fields: int = MAX_FIELDS) -> None:
        self.most = self.left = fields

    def take(self, fields: int = 1) -> None:
        """Raises `Damage` if there are too many."""
        self.left -= fields
        if self.left < 0:
            raise Damage(f"it has more than {self.most:,} parts")


class Message:
    """One message. Whoever asks for a field says what it should be; raises `Damage` if it is something else."""

    __slots__ = ("_budget", "_fields")

    def __init__(self, content: memoryview, budget: Budget) -> None:
        self._budget = budget
        self._fields: dict[int, list[tuple[int, Value]]] = {}
        for number, kind, value in scanned(content):
            budget.take()
            self._fields.setdefault(number, []).append((kind, value))

    def __contains__(self, number: int) -> bool:
        return number in self._fields

    def whole(self, number: int, default: int = 0) -> int:
        """A whole number of 64 bits."""
        value = self._one(number, WHOLE)
        return default if value is None else signed(value)

    def real(self, number: int, default: float = 0.0) -> float:
        """A number of 32 bits."""
        value = self._one(number, NARROW)
        return default if value is None else float(struct.unpack("<f", value)[0])

    def text(self, number: int) -> str:
        """A text; an empty one where there is none."""
        value = self._one(number, LONG)
        return "" if value is None else decoded(value)

    def content(self, number: int) -> memoryview | None:
        """Bytes, if there are any."""
        value: memoryview | None = self._one(number, LONG)
        return value

    def message(self, number: int) -> Message | None:
        """A message inside, if there is one."""
        value = self._one(number, LONG)
        return None if value is None else Message(value, self._budget)

    def messages(self, number: int) -> Iterator[Message]:
        """Messages inside, one after the other."""
        return (Message(value, self._budget) for value in self._long(number))

    def texts(self, number: int) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(decoded(value) for value in self._long(number))

    def wholes(self, number: int) -> tuple[int, ...]:
        """A list of whole numbers, packed together or one by one."""
        found: list[int] = []
        for kind, value in self._fields.get(number, ()):
            if kind == WHOLE:
                found.append(signed(value))
            elif kind == LONG:
                found.extend(self._packed(value))
            else:
                raise Damage(DAMAGED)
        return tuple(found)

    def numbers(self, number: int, kind: str) -> NDArray[np.float64] | NDArray[np.float32]:
        """A list of floats, of "<f4" or "<f8", packed together or one by one."""
        alone = NARROW if kind == "<f4" else WIDE
        parts = self._fields.get(number, ())
        if any(part not in (alone, LONG) or len(value) % int(kind[2:]) for part, value in parts):
            raise Damage(DAMAGED)
        arrays = [np.frombuffer(value, dtype=kind) for _, value in parts]
        return arrays[0] if len(arrays) == 1 else np.concatenate([np.empty(0, kind), *arrays])

    def _packed(self, content: memoryview) -> Iterator[int]:
        place = 0
        while place < len(content):
            self._budget.take()
            value, place = _varint(content, place)
            yield signed(value)

    def _one(self, number: int, kind: int) -> Value:
        """A value that may be there once."""
        parts = self._fields.get(number, ())
        if len(parts) > 1 or any(found != kind for found, _ in parts):
            raise Damage(DAMAGED)
        return parts[0][1] if parts else None

    def _long(self, number: int) -> Iterator[memoryview]:
        for kind, value in self._fields.get(number, ()):
            if kind != LONG:
                raise Damage(DAMAGED)
            yield value


def scanned(content: memoryview) -> Iterator[tuple[int, int, Value]]:
    """The fields of a message: number, kind, value."""
    place, end = 0, len(content)
    while place < end:
        tag, place = _varint(content, place)
        kind = tag & 7
        if kind == WHOLE:
            value, place = _varint(content, place)
            yield tag >> 3, kind, value
            continue
        size = {WIDE: 8, NARROW: 4}.get(kind)
        if kind == LONG:
            size, place = _varint(content, place)
        if size is None or size > end - place:
            raise Damage(DAMAGED)
        yield tag >> 3, kind, content[place : place + size]
        place += size


def _varint(content: memoryview, place: int) -> tuple[int, int]:
    """A whole number, seven bits a byte, and the place after it."""
    value = shift = 0
    while place < len(content) and shift < 70:
        byte = content[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
        shift += 7
    raise Damage(DAMAGED)


def signed(value: int) -> int:
    """What stands in 64 bits as a number that may be negative."""
    value &= 2**64 - 1
    return value - 2**64 if value >= 2**63 else value


def decoded(content: memoryview) -> str:
    """A text in UTF-8."""
    try:
        return bytes(content).decode("utf-8")
    except UnicodeDecodeError:
        raise Damage(DAMAGED) from None


# -- writing -----------------------------------------------------------------------------------------------------------


def whole(number: int, value: int) -> bytes:
    """A field with a whole number."""
    return _length(number << 3 | WHOLE) + _length(value & 2**64 - 1)


def real(number: int, value: float) -> bytes:
    """A field with a number of 32 bits."""
    return _length(number << 3 | NARROW) + struct.pack("<f", value)


def text(number: int, value: str) -> bytes:
    """A field with a text."""
    return b"".join(part(number, [value.encode("utf-8")]))


def part(number: int, content: Iterable[bytes]) -> list[bytes]:
    """A field with a message or bytes, still in pieces: they are put together once, at the end."""
    pieces = list(content)
    return [_length(number << 3 | LONG) + _length(sum(map(len, pieces))), *pieces]


def _length(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
