"""Lists of numbers in JSON: laid out so that a row is a line, and read as arrays without trusting them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np

from visualnn.files.errors import Damage
from visualnn.nn.network import Matrix, Vector

NUMBERS = {int, float}  # the types that JSON has for them


def listing(value: object, indent: str = "") -> str:
    """The JSON text of a value. Lists and objects that hold no others are on one line."""
    deeper = indent + " "
    match value:
        case dict() if any(isinstance(each, dict | list) for each in value.values()):
            entries = [f"{deeper}{_line(key)}: {listing(each, deeper)}" for key, each in value.items()]
            return "{\n" + ",\n".join(entries) + f"\n{indent}}}"
        case list() if any(isinstance(each, dict | list) for each in value):
            return "[\n" + ",\n".join(deeper + listing(each, deeper) for each in value) + f"\n{indent}]"
        case _:
            return _line(value)


def matrix(value: object, what: str) -> Matrix:
    """A list of rows of the same length. Raises `Damage` if it is something else."""
    rows: list[Any] = value if isinstance(value, list) and value else [None]
    if not all(isinstance(row, list) for row in rows) or len({len(row) for row in rows}) != 1:
        raise Damage(f"its {what} are no rows of the same length")
    return _array(rows, chain.from_iterable(rows), what)


def vector(value: object, what: str) -> Vector:
    """A list of numbers. Raises `Damage` if it is something else."""
    if not isinstance(value, list):
        raise Damage(f"its {what} are no list of numbers")
    return _array(value, value, what)


def _array(value: list[Any], numbers: Iterable[object], what: str) -> Matrix:
    if not NUMBERS.issuperset(map(type, numbers)):
        raise Damage(f"its {what} hold something that is no number")
    try:
        return np.array(value, dtype=np.float64)
    except OverflowError:
        raise Damage(f"its {what} hold a number that is too large") from None


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
