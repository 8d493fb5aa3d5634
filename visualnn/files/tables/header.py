"""Where a table begins, and whether its first row names the columns."""

from __future__ import annotations

from collections.abc import Sequence

from visualnn.files.tables.numerals import NUMERIC, is_missing

COMMENT = "#"


def names_of(row: Sequence[str], width: int) -> tuple[str, ...]:
    """A name for each column, no two alike: those of the row, else their number."""
    cells = ["", *row] if len(row) == width - 1 else list(row)  # R leaves out the name of the row's name
    names: dict[str, int] = {}  # in order, and how many are called like that
    for place in range(width):
        name = (" ".join(cells[place].split()) if place < len(cells) else "") or f"column {place + 1}"
        names[_free(name, names)] = 1
    return tuple(names)


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is made of other stuff than those below it.

    A word above numbers says yes, a number above numbers no, and a word that comes again below no. In doubt it is one.
    Years beside words name columns too.
    """
    if _are_years(first):
        return True
    if any(_is_number(cell) for cell in first) and not rows:
        return False
    votes = sum(_vote(cell, [row[place] for row in rows if place < len(row)]) for place, cell in enumerate(first))
    return votes > 0 or (votes == 0 and not any(_is_number(cell) for cell in first))


def preamble(rows: Sequence[Sequence[str]], width: int) -> int:
    """How many rows stand before the table: titles, with one cell where the table has several."""
    if width < 2:
        return 0
    narrow = (sum(map(bool, row)) < min(width, 2) and len(row) != width - 1 for row in rows)
    return next((place for place, skipped in enumerate(narrow) if not skipped), 0)


def _vote(cell: str, below: list[str]) -> int:
    known = [other for other in below if not is_missing(other)]
    numbers = sum(map(_is_number, known))
    if known and numbers == len(known):
        return -1 if _is_number(cell) else 0 if is_missing(cell) else 1
    return -1 if cell and cell in known else 0


def _are_years(cells: Sequence[str]) -> bool:
    """Whole numbers that rise by one, and at least one word."""
    numbers = [int(cell) for cell in cells if len(cell) == 4 and cell.isdecimal()]
    words = [cell for cell in cells if cell and not _is_number(cell)]
    return bool(words) and len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_number(cell: str) -> bool:
    return bool(NUMERIC.fullmatch(cell))


def _free(name: str, taken: dict[str, int]) -> str:
    """The name, or with the next number that makes another one of it."""
    free = name
    while free in taken:
        taken[name] += 1
        free = f"{name} ({taken[name]})"
    return free
