"""Reads JSON values without trusting them: each getter returns a value of the right type or raises `Damage`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import isfinite
from typing import Any

from visualnn.files.errors import Damage

MAX_TEXT = 1_000_000  # characters
MAX_LIST = 1_000_000  # values
MOST = {b"{": 250_000, b"[": 3_500_000, b",": 8_000_000}  # in a description: each takes memory once it is parsed


@dataclass(frozen=True)
class Fields:
    """One JSON object; `where` is its place in the file, such as ``network.`` or nothing at the top."""

    values: dict[str, Any]
    where: str = ""

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def wrong(self, key: str, wanted: str) -> Damage:
        """The problem that a value is not what it should be."""
        return Damage(f"its “{self.where}{key}” is not {wanted}")

    def get(self, key: str) -> Any:
        """Any value that must be there."""
        if key not in self.values:
            raise Damage(f"its “{self.where}{key}” is missing")
        return self.values[key]

    def text(self, key: str) -> str:
        """A text that can be written as UTF-8."""
        value = self.get(key)
        if not isinstance(value, str) or len(value) > MAX_TEXT or not _is_unicode(value):
            raise self.wrong(key, "a text")
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.get(key)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def whole(self, key: str, low: int = 0, high: int | None = None) -> int:
        """A whole number from `low` to `high`."""
        value = self.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < low or (high is not None and value > high):
            raise self.wrong(key, f"a whole number from {low}" + ("" if high is None else f" to {high:,}"))
        return value

    def whole_or_none(self, key: str, low: int = 0) -> int | None:
        """A whole number from `low`, or nothing."""
        return None if self.get(key) is None else self.whole(key, low)

    def number(self, key: str) -> float:
        """A finite number."""
        value = finite(self.get(key))
        if value is None:
            raise self.wrong(key, "a number")
        return value

    def number_or_none(self, key: str) -> float | None:
        """A finite number, or nothing."""
        return None if self.get(key) is None else self.number(key)

    def numbers(self, key: str) -> list[float]:
        """A list of finite numbers."""
        values = [finite(value) for value in self._list(key)]
        known = [value for value in values if value is not None]
        if len(known) != len(values):
            raise self.wrong(key, "a list of numbers")
        return known

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._list(key)
        if not all(isinstance(value, str) and len(value) <= MAX_TEXT and _is_unicode(value) for value in values):
            raise self.wrong(key, "a text")
        return tuple(values)

    def object(self, key: str) -> Fields:
        """A JSON object."""
        value = self.get(key)
        if not isinstance(value, dict):
            raise self.wrong(key, "an object")
        return Fields(value, f"{self.where}{key}.")

    def objects(self, key: str) -> list[Fields]:
        """A list of JSON objects."""
        return [Fields({str(i): v}, f"{self.where}{key}.").object(str(i)) for i, v in enumerate(self._list(key))]

    def _list(self, key: str) -> list[Any]:
        value = self.get(key)
        if not isinstance(value, list) or len(value) > MAX_LIST:
            raise self.wrong(key, "a list")
        return value


def parse(data: bytes) -> Fields:
    """JSON text in UTF-8 that holds one object, without repeated keys, NaN or infinities."""
    check_parts(data)
    try:
        values = json.loads(data.decode("utf-8"), object_pairs_hook=_unrepeated, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Damage("its description is not valid JSON") from None
    if not isinstance(values, dict):
        raise Damage("its description is not a JSON object")
    return Fields(values)


def check_parts(data: bytes) -> None:
    """Raises `Damage` for a text that would take too much memory to parse; it is told before it is."""
    if any(data.count(mark) > most for mark, most in MOST.items()):
        raise Damage("its description has more parts than this program reads")


def are_whole(values: object, length: int) -> bool:
    """Whether this is a list of so many whole numbers."""
    return isinstance(values, list) and len(values) == length and all(type(value) is int for value in values)


def finite(value: object) -> float | None:
    """The number as a float, or None if it is not a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("repeated key")
    return values


def _refuse(name: str) -> None:
    raise ValueError(name)


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
