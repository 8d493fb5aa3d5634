"""Which delimiter and which quote make a table of a text.

Each that is possible is tried on the first lines. Best is what gives all rows the same number of cells, and cells that
look like something: a number, a date, a word without other delimiters in it.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from visualnn.files.errors import Damage
from visualnn.files.tables.dialect import DELIMITERS, Dialect, records
from visualnn.files.tables.numerals import NUMERIC, is_missing

ROWS = 100  # to judge by
CELLS = 4000
SPACE = 0.9  # words have spaces too
DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[T ]\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?")
PROSE = re.compile(r", |; ")
FOREIGN = re.compile(r"[,;\t|]")


def shape_of(lines: list[str]) -> Dialect:
    """The dialect as far as delimiter, quote and escape go."""
    found = [(_score(lines, dialect), dialect) for dialect in _possible("".join(lines))]
    return max(found, key=lambda pair: pair[0])[1]


def width_of(rows: list[list[str]]) -> int:
    """The most usual number of cells, without those that are empty in every row at the end."""
    widths = Counter(len(row) for row in rows)
    return max(widths, key=lambda width: (widths[width], width), default=1)


def sample(lines: list[str], dialect: Dialect) -> list[list[str]]:
    """The first rows. Raises `Damage`."""
    return [[cell.strip() for cell in record.cells] for record in islice(records(lines, dialect), ROWS)]


def _possible(text: str) -> list[Dialect]:
    quotes = ['"'] + (["'"] if re.search(r"(?:^|[,;\t| ])'", text, re.MULTILINE) else [])
    shapes = [Dialect(delimiter, quote=quote) for delimiter in DELIMITERS for quote in quotes]
    if '\\"' in text:
        shapes += [Dialect(delimiter, escape="\\") for delimiter in DELIMITERS]
    return shapes


def _score(lines: list[str], dialect: Dialect) -> float:
    try:
        rows = sample(lines, dialect)
    except Damage:
        return 0.0
    width = width_of(rows)
    if not rows or (dialect.delimiter == "," and width == 2 and _is_fraction(rows)):
        return 0.0
    first = len(rows[0]) in (width, width - 1 if width > 2 else width)  # R leaves out the name of the row's name
    alike = sum(len(row) == width for row in rows[1:]) + 2 * first
    cells = [cell for row in rows for cell in row][:CELLS]
    good = sum(_quality(cell, dialect) for cell in cells) / len(cells)
    return alike / (len(rows) + 1) * good * (1 - 0.45 / width) * (SPACE if dialect.delimiter == " " else 1.0)


def _is_fraction(rows: list[list[str]]) -> bool:
    """One name above whole numbers in pairs: a single column with a decimal comma."""
    return len(rows) > 1 and len(rows[0]) == 1 and all(cell.strip("+-").isdigit() for row in rows[1:] for cell in row)


def _quality(cell: str, dialect: Dialect) -> float:
    if NUMERIC.fullmatch(cell) or DATE.fullmatch(cell):
        return 1.0
    if is_missing(cell):
        return 0.8
    if cell[0] in "\"'" and (cell[0] != dialect.quote or cell[-1] == cell[0]) and (cell[0] == '"' or cell[-1] == "'"):
        return 0.1
    if FOREIGN.search(PROSE.sub(" ", cell)):
        return 0.2
    return 0.6 if PROSE.search(cell) else 0.8
