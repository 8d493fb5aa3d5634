"""Arrays by name as safetensors, a format that other tools read: a list of what there is in JSON, then the numbers.

All are float64 here. Each is stored once: `shared` tells which names stand for the same numbers. Reading copies
nothing: the arrays are views of the content, whose claims are checked first. See https://github.com/safetensors.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualnn.files.errors import Damage
from visualnn.files.fields import are_whole, parse
from visualnn.nn.network import Matrix, Vector

NUMBER = 8  # bytes
KIND = "F64"
MAX_HEADER = 64 * 2**10  # bytes before the numbers, and for each array so many more:
MAX_ENTRY = 200
MAX_LENGTH = 2**53  # of an array along one side
PROBES = 64  # numbers of an array that are compared before all of them are

Shapes = dict[str, tuple[int, ...]]
Content = NDArray[np.uint8]


class Numbers:
    """The arrays of a file by name; two names of the same array give the same object."""

    def __init__(self, found: Mapping[str, Matrix]) -> None:
        self._found = found
        self._orders: dict[int, NDArray[np.int64]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def any(self, name: str) -> Matrix:
        """The numbers whatever they are, as those of a run that diverged."""
        return self._found[name]

    def finite(self, name: str) -> Matrix:
        """The numbers. Raises `Damage` if one of them is not finite."""
        if not np.isfinite(self._found[name]).all():
            raise Damage(f"its {name} hold a value that is not a finite number")
        return self._found[name]

    def order(self, name: str) -> NDArray[np.int64]:
        """The numbers as places from 0, made once for each array. Raises `Damage` if one is there twice or left out."""
        values = self._found[name]
        if id(values) not in self._orders:
            order = values.astype(np.int64) if ((values >= 0) & (values < values.size)).all() else None
            if order is None or not (order == values).all() or not (np.bincount(order, minlength=1) == 1).all():
                raise Damage(f"its {name} is no order of its rows")
            order.setflags(write=False)
            self._orders[id(values)] = order
        return self._orders[id(values)]


def plain(values: Matrix) -> Matrix:
    """The numbers as they lie in a file; the same object where they lie like that already."""
    return np.ascontiguousarray(values, dtype="<f8")


def same_bits(left: Matrix, right: Matrix) -> bool:
    """Whether two arrays hold the same numbers, told apart even where 0 and −0 are."""
    if left is right:
        return True
    return left.shape == right.shape and bool(np.array_equal(plain(left).view(np.uint64), plain(right).view(np.uint64)))


def shared(numbers: Mapping[str, Matrix]) -> dict[str, str]:
    """For each array that an earlier one equals to the bit, the name of that."""
    known: dict[object, list[str]] = {}
    same = {}
    for name, values in numbers.items():
        flat = values.reshape(-1)
        alike = known.setdefault((values.shape, flat[:: max(1, flat.size // PROBES)].tobytes()), [])
        other = next((other for other in alike if same_bits(numbers[other], values)), None)
        if other is None:
            alike.append(name)
        else:
            same[name] = other
    return same


def size_bytes(numbers: Mapping[str, Matrix], header: bytes) -> int:
    """Of a header and all that follows it."""
    return len(header) + sum(values.nbytes for values in numbers.values())


def header(numbers: Mapping[str, Matrix]) -> bytes:
    """What comes before the numbers."""
    place, entries = 0, {}
    for name, values in numbers.items():
        entries[name] = {"dtype": KIND, "shape": values.shape, "data_offsets": (place, place + values.nbytes)}
        place += values.nbytes
    text = json.dumps(entries, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % NUMBER)  # the numbers lie at places that a processor likes
    return len(text).to_bytes(8, "little") + text


def pieces(numbers: Mapping[str, Matrix]) -> Iterator[memoryview]:
    """The numbers, one array after the other."""
    return (values.data.cast("B") for values in numbers.values() if values.size)


def unpacked(
    content: Content, shapes: Mapping[str, tuple[int, ...]], optional: Mapping[str, tuple[int, ...]]
) -> dict[str, Matrix]:
    """Exactly the arrays of these shapes, and some of the optional ones. Raises `Damage`."""
    entries, start = _entries(content, most_header_bytes(len(shapes) + len(optional)))
    wanted = {**shapes, **{name: shape for name, shape in optional.items() if name in entries}}
    if entries.keys() != wanted.keys():
        raise Damage(f"it holds the numbers {_list(entries)} instead of {_list(wanted)}")
    for name, shape in wanted.items():
        _check(name, entries[name], shape)
    _check_places([entry["data_offsets"] for entry in entries.values()], content.size - start)
    numbers = content[start:]
    return {name: _view(numbers, entries[name]["data_offsets"]).reshape(shape) for name, shape in wanted.items()}


def _view(numbers: Content, places: list[int]) -> Vector:
    """Some of the numbers, read-only; copied where a processor would not like the place at which they lie."""
    values: Vector = numbers[slice(*places)].view("<f8")
    values = values if values.flags.aligned else values.copy()
    values.setflags(write=False)
    return values


def most_header_bytes(arrays: int) -> int:
    """What may stand before the numbers of so many arrays."""
    return MAX_HEADER + MAX_ENTRY * arrays


def _entries(content: Content, most_bytes: int) -> tuple[dict[str, dict[str, Any]], int]:
    """What the header says, and where the numbers begin."""
    length = int.from_bytes(content[:8].tobytes(), "little")
    if not 2 <= length <= min(content.size - 8, most_bytes):
        raise Damage("its numbers are damaged")
    try:
        entries = dict(parse(content[8 : 8 + length].tobytes()).values)
    except Damage:
        raise Damage("its numbers are damaged") from None
    entries.pop("__metadata__", None)
    if not all(map(_is_entry, entries.values())):
        raise Damage("its numbers are damaged")
    return entries, 8 + length


def _is_entry(entry: object) -> bool:
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        return False
    shape, places = entry["shape"], entry["data_offsets"]
    if not isinstance(entry["dtype"], str) or not isinstance(shape, list) or len(shape) > 8:
        return False
    return are_whole(shape, len(shape)) and are_whole(places, 2) and all(0 <= n < MAX_LENGTH for n in (*shape, *places))


def _check(name: str, entry: Mapping[str, Any], shape: tuple[int, ...]) -> None:
    if entry["dtype"] != KIND or tuple(entry["shape"]) != shape:
        wanted, given = ("×".join(map(str, each)) for each in (shape, entry["shape"]))
        raise Damage(f"its {name} should be {wanted} numbers of 64 bits, not {given} of type {entry['dtype'][:10]}")
    first, last = entry["data_offsets"]
    if last - first != NUMBER * prod(shape):
        raise Damage("its numbers are damaged")


def _check_places(places: Iterable[list[int]], size: int) -> None:
    """One array begins where another ends, from the first number to the last."""
    end = 0
    for first, last in sorted(places):
        if first != end:
            raise Damage("its numbers are damaged")
        end = last
    if end != size:
        raise Damage("its numbers are damaged")


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(name[:40] for name in names)[:6]) or "nothing"
