"""What a file says about itself before its rows begin."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from visualnn.files.errors import Damage
from visualnn.files.tables.dialect import Dialect, records
from visualnn.files.tables.header import COMMENT, is_header, names_of, preamble
from visualnn.files.tables.numerals import decimal_of
from visualnn.files.tables.shape import sample, shape_of, width_of

LOOK = 2**18  # bytes to judge by
LINES = 400
MAX_COLUMNS = 10_000
SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)  # what Excel begins a file with


@dataclass(frozen=True)
class Layout:
    """How to read the rows: `skip` lines, then each row has a cell for each name."""

    dialect: Dialect
    names: tuple[str, ...]
    skip: int


def layout_of(content: bytes, encoding: str, dialect: Dialect | None) -> Layout:
    """The layout of UTF-8 `content`, with a dialect that is known, or guessed. Raises `Damage`."""
    lines = list(islice(_first_lines(content), LINES))
    separator, above = _head(lines)
    below = lines[above:]
    shape = dialect or _shape(below, separator)
    rows = sample(below, shape)
    if not rows:
        raise Damage("it is empty" if above == 0 else "it has no rows")
    comment = lines[above - 1].lstrip(COMMENT) if above and lines[above - 1].startswith(COMMENT) else ""
    found = _layout(rows, shape, sample([comment], shape), dialect)
    found = replace(found, dialect=replace(found.dialect, encoding=encoding))
    return replace(found, skip=above + _lines_of(below, shape, found.skip))


def _layout(rows: list[list[str]], shape: Dialect, comment: list[list[str]], known: Dialect | None) -> Layout:
    """The layout with `skip` counted in rows that are not empty."""
    width = _without_empty_ends(rows, width_of(rows))
    above = preamble(rows, width)
    first, below = rows[above], rows[above + 1 :]
    named = is_header(first, below)
    told = bool(comment) and len(comment[0]) == width and not named
    if known is None:
        cells = (cell for row in below for cell in row)
        shape = replace(shape, decimal=decimal_of(cells, shape.delimiter), header=named or told)
    taken = comment[0] if told else first
    if not shape.header:
        return _checked(Layout(shape, names_of([""] * width, width), above))
    width = max(width, _length(taken))
    return _checked(Layout(shape, names_of(taken, width), above + (not told)))


def _checked(layout: Layout) -> Layout:
    if len(layout.names) > MAX_COLUMNS:
        raise Damage(f"it has {len(layout.names):,} columns; there can be {MAX_COLUMNS:,}")
    return layout


def _shape(lines: list[str], separator: str | None) -> Dialect:
    return shape_of(lines) if separator is None else Dialect(separator)


def _head(lines: list[str]) -> tuple[str | None, int]:
    """The delimiter that the first line names, and how many lines hold it and comments."""
    found = SEPARATOR.fullmatch(lines[0]) if lines else None
    above = 0 if found is None else 1
    while above < len(lines) - 1 and lines[above].startswith(COMMENT):
        above += 1
    return (None if found is None else found[1]), above


def _without_empty_ends(rows: list[list[str]], width: int) -> int:
    """The width without columns at the end in which nothing stands."""
    return max(1, min(width, max(map(_length, rows))))


def _length(row: list[str]) -> int:
    return next((place for place in range(len(row), 0, -1) if row[place - 1]), 0)


def _lines_of(lines: list[str], dialect: Dialect, rows: int) -> int:
    """How many lines the first `rows` take that are not empty."""
    return max((record.after for record in islice(records(lines, dialect), rows)), default=0)


def _first_lines(content: bytes) -> Iterator[str]:
    whole = len(content) <= LOOK
    text = io.StringIO(content[:LOOK].decode("utf-8", "ignore"), newline="")
    lines = list(islice(text, LINES + 1))
    return iter(lines if whole or len(lines) in (1, LINES + 1) else lines[:-1])
