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

import numpy as np
from numpy.typing import NDArray

from visualnn.files.errors import Damage

WHOLE, WIDE, LONG, NARROW = 0, 1, 2, 5  # kinds: a varint, 8 bytes, a length and as many bytes, 4 bytes
FIXED = {WIDE: 8, NARROW: 4}  # bytes
Place = tuple[int, int, int]  # kind, and first and last of its bytes; of a varint the number in the middle
MAX_FIELDS = 400_000
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

    __slots__ = ("_budget", "_bytes", "_fields")

    def __init__(self, content: bytes, budget: Budget, start: int = 0, end: int | None = None) -> None:
        self._bytes, self._budget = content, budget
        self._fields = scanned(content, start, len(content) if end is None else end, budget)

    def __contains__(self, number: int) -> bool:
        return number in self._fields

    def count(self, number: int) -> int:
        """How often a field is there."""
        return len(self._fields.get(number, ()))

    def whole(self, number: int, default: int = 0) -> int:
        """A whole number of 64 bits."""
        place = self._one(number, WHOLE)
        return default if place is None else signed(place[1])

    def real(self, number: int, default: float = 0.0) -> float:
        """A number of 32 bits."""
        place = self._one(number, NARROW)
        return default if place is None else float(struct.unpack_from("<f", self._bytes, place[1])[0])

    def text(self, number: int) -> str:
        """A text; an empty one where there is none."""
        place = self._one(number, LONG)
        return "" if place is None else self._text(place)

    def content(self, number: int) -> memoryview | None:
        """Bytes, if there are any."""
        place = self._one(number, LONG)
        return None if place is None else memoryview(self._bytes)[place[1] : place[2]]

    def message(self, number: int) -> Message | None:
        """A message inside, if there is one."""
        place = self._one(number, LONG)
        return None if place is None else Message(self._bytes, self._budget, *place[1:])

    def messages(self, number: int) -> Iterator[Message]:
        """Messages inside, one after the other."""
        return (Message(self._bytes, self._budget, *place[1:]) for place in self._long(number))

    def texts(self, number: int) -> tuple[str, ...]:
        """A list of texts."""
        return tuple([self._text(place) for place in self._long(number)])

    def wholes(self, number: int) -> tuple[int, ...]:
        """A list of whole numbers, packed together or one by one."""
        found: list[int] = []
        for kind, first, last in self._fields.get(number, ()):
            if kind == WHOLE:
                found.append(signed(first))
            elif kind == LONG:
                found.extend(self._packed(first, last))
            else:
                raise Damage(DAMAGED)
        return tuple(found)

    def numbers(self, number: int, kind: str) -> NDArray[np.float64] | NDArray[np.float32]:
        """A list of floats, of "<f4" or "<f8", packed together or one by one."""
        alone, size = (NARROW, 4) if kind == "<f4" else (WIDE, 8)
        places = self._fields.get(number, ())
        if any(found not in (alone, LONG) or (last - first) % size for found, first, last in places):
            raise Damage(DAMAGED)
        arrays = [np.frombuffer(self._bytes, kind, (last - first) // size, first) for _, first, last in places]
        return arrays[0] if len(arrays) == 1 else np.concatenate([np.empty(0, kind), *arrays])

    def _packed(self, place: int, end: int) -> Iterator[int]:
        while place < end:
            self._budget.take()
            value, place = _varint(self._bytes, place, end)
            yield signed(value)

    def _one(self, number: int, kind: int) -> Place | None:
        """The place of a value that may be there once."""
        places = self._fields.get(number)
        if places is None:
            return None
        if len(places) > 1 or places[0][0] != kind:
            raise Damage(DAMAGED)
        return places[0]

    def _long(self, number: int) -> list[Place]:
        places = self._fields.get(number, [])
        if any(kind != LONG for kind, _, _ in places):
            raise Damage(DAMAGED)
        return places

    def _text(self, place: Place) -> str:
        try:
            return self._bytes[place[1] : place[2]].decode("utf-8")
        except UnicodeDecodeError:
            raise Damage(DAMAGED) from None


def scanned(content: bytes, place: int, end: int, budget: Budget) -> dict[int, list[Place]]:
    """The fields of a message by their number."""
    fields: dict[int, list[Place]] = {}
    while place < end:
        budget.take()
        tag, place = _varint(content, place, end)
        kind = tag & 7
        if kind == WHOLE:
            value, place = _varint(content, place, end)
            found = (kind, value, 0)
        else:
            size: int | None = FIXED.get(kind)
            if kind == LONG:
                size, place = _varint(content, place, end)
            if size is None or size > end - place:
                raise Damage(DAMAGED)
            found = (kind, place, place + size)
            place += size
        fields.setdefault(tag >> 3, []).append(found)
    return fields


def _varint(content: bytes, place: int, end: int) -> tuple[int, int]:
    """A whole number, seven bits a byte, and the place after it."""
    value = shift = 0
    while place < end and shift < 70:
        byte = content[place]
        place += 1
        if byte < 128:
            return value | byte << shift, place
        value |= (byte & 127) << shift
        shift += 7
    raise Damage(DAMAGED)


def signed(value: int) -> int:
    """What stands in 64 bits as a number that may be negative."""
    value &= 2**64 - 1
    return value - 2**64 if value >= 2**63 else value


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
