"""What a cell says: a number, nothing, or a word.

Thousands may be marked where nothing else can be meant: ``1,234.5`` where the point is the decimal sign, ``1.234,5``
where the comma is, and ``1 234`` or ``1'234`` in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "?", "-", "–", "—"})  # in any case
LONGEST_MISSING = max(map(len, MISSING))
BESIDE = "  \u202f'’"  # between thousands; a space, and two that do not break
EXPONENT = r"(?:[eE][+-]?\d+)?"


def _grouped(decimal: str) -> re.Pattern[str]:
    comma, point = re.escape("," if decimal == "." else "."), re.escape(decimal)
    return re.compile(rf"[+-]?[1-9]\d{{0,2}}(?P<mark>[{comma}{BESIDE}])\d{{3}}(?:(?P=mark)\d{{3}})*(?:{point}\d*)?")


def _sure(decimal: str) -> re.Pattern[str]:
    """A number that can be read in one way only, with that decimal sign."""
    comma, point = re.escape("," if decimal == "." else "."), re.escape(decimal)
    both = rf"\d{{1,3}}(?:[{comma}{BESIDE}]\d{{3}})+{point}\d+"
    many = rf"\d{{1,3}}(?:{comma}\d{{3}}){{2,}}"
    short = rf"\d*{point}(?:\d{{1,2}}|\d{{4,}})|(?:0|\d{{4,}}){point}\d+"
    return re.compile(rf"[+-]?(?:{both}|{many}|{short}){EXPONENT}")


GROUPED = {".": _grouped("."), ",": _grouped(",")}
SURE = {".": _sure("."), ",": _sure(",")}
UNSURE = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
NUMERIC = re.compile(rf"[+−-]?(?:\d+(?:[.,]\d*)?|[.,]\d+|\d{{1,3}}(?:[.,{BESIDE}]\d{{3}})+(?:[.,]\d+)?){EXPONENT}")


def is_missing(cell: str) -> bool:
    """Whether nothing is known here."""
    return len(cell) <= LONGEST_MISSING and cell.casefold() in MISSING


def number(cell: str, decimal: str) -> float | None:
    """The number that a cell holds, or None: also for what is infinite or no number to a computer."""
    plain = cell.replace("−", "-")
    if GROUPED[decimal].fullmatch(plain):
        plain = "".join(sign for sign in plain if sign in "+-0123456789" + decimal)
    elif decimal == "," and "." in plain:
        return None
    try:
        value = float(plain.replace(",", ".") if decimal == "," else plain)
    except ValueError:
        return None
    return value if isfinite(value) and "_" not in plain else None


def decimal_of(cells: Iterable[str], delimiter: str) -> str:
    """The decimal sign of more numbers that leave no doubt. Without any, ``1,234`` is a fraction between semicolons."""
    known = list(cells)
    commas, points = (sum(1 for cell in known if SURE[sign].fullmatch(cell)) for sign in ",.")
    if commas == points == 0 and delimiter == ";":
        return "," if any(UNSURE.fullmatch(cell) for cell in known) else "."
    return "," if commas > points else "."
