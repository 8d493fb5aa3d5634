"""How a file writes its cells down."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from visualnn.files.errors import Damage

DELIMITERS = (",", ";", "\t", "|", " ")


@dataclass(frozen=True)
class Dialect:
    """What must be known to read a file's cells. `encoding` is a name that Python knows; `quote` may be empty."""

    delimiter: str = ","
    decimal: str = "."
    encoding: str = "utf-8"
    quote: str = '"'
    header: bool = True
    escape: str = ""  # stands before a quote within quotes, where quotes are not doubled


class Record(NamedTuple):
    """A row of a file, and which lines it takes: from `before` on, up to but without `after`; the first is 0."""

    cells: list[str]
    before: int
    after: int


def records(lines: Iterable[str], dialect: Dialect, first: int = 0) -> Iterator[Record]:
    """The rows in which something stands. `first`: how many lines came before. Raises `Damage`.

    Spaces that begin a cell belong to nobody.
    """
    reader = _reader(lines, dialect)
    before = first
    try:
        for cells in reader:
            after = first + reader.line_num
            if any(cells):
                yield Record(cells, before, after)
            before = after
    except csv.Error:
        limit = csv.field_size_limit()
        raise Damage(f"line {before + 1:,} begins a cell of more than {limit:,} signs; is a quote missing?") from None


def _reader(lines: Iterable[str], dialect: Dialect):  # type: ignore[no-untyped-def]  # the type has no public name
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape or None,
        skipinitialspace=True,
    )
