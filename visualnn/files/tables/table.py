"""A file that was read: its columns for learning, and its text for whoever wants to see what stands in it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from visualnn.files.tables.column import Column
from visualnn.files.tables.dialect import Dialect, records
from visualnn.files.tables.problem import Problem, Problems
from visualnn.nn.lazy import lazy

KEPT = 300  # problems
REMEMBERED = 512  # rows that were looked at

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Text:
    """The file in UTF-8, and where its rows are, so that a cell can be shown as it stands there."""

    content: bytes
    begins: Places  # (rows,) bytes
    ends: Places  # (rows,)
    lines: Places  # (rows,) in which line of the file each begins, from 1

    def cells(self, row: int, dialect: Dialect) -> list[str]:
        """The cells of a row, from 0, as many as there are."""
        text = self.content[self.begins[row] : self.ends[row]].decode("utf-8", "replace")
        return next(records(io.StringIO(text, newline=""), dialect)).cells

    @property
    def memory_bytes(self) -> int:
        """What it takes."""
        return len(self.content) + self.begins.nbytes + self.ends.nbytes + self.lines.nbytes


@dataclass(frozen=True, eq=False)
class Table:
    """Compared by identity, read-only. `wide`: rows, from 0, with more cells than there are columns, and how many."""

    name: str
    path: Path
    dialect: Dialect
    columns: tuple[Column, ...]
    rows: int
    text: Text
    wide: Mapping[int, int]

    @lazy
    def problems(self) -> Problems:
        """Of all columns together."""
        return problems_among(self, self.columns)

    @property
    def memory_bytes(self) -> int:
        """What the table takes: eight bytes for a number, four for a text, and the file itself."""
        return self.text.memory_bytes + sum(column.memory_bytes for column in self.columns)

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return self._named.get(name)

    def cell(self, row: int, column: int) -> str:
        """What stands in the file; both count from 0, as in an item model."""
        return self.cells(row)[column]

    def cells(self, row: int) -> tuple[str, ...]:
        """What stands in a row, a cell for each column. The last few hundred rows asked for are remembered."""
        known = self._remembered.get(row)
        if known is None:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            cells = self.text.cells(row, self.dialect)[: len(self.columns)]
            known = self._remembered[row] = (*cells, *[""] * (len(self.columns) - len(cells)))
        return known

    @lazy
    def _named(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @lazy
    def _remembered(self) -> dict[int, tuple[str, ...]]:
        return {}


def problems_among(table: Table, columns: Sequence[Column]) -> Problems:
    """What keeps rows from being learned from with these columns."""
    rows, count = np.zeros(table.rows, dtype=bool), len(table.wide)
    rows[list(table.wide)] = True
    for column in columns:
        bad = column.bad
        count += int(np.count_nonzero(bad))
        rows |= bad
    rows.setflags(write=False)
    return Problems(count, _first(table, columns, rows), rows)


def _first(table: Table, columns: Sequence[Column], rows: npt.NDArray[np.bool_]) -> tuple[Problem, ...]:
    places = {column.name: place for place, column in enumerate(table.columns)}
    found: list[Problem] = []
    for row in map(int, np.flatnonzero(rows)[:KEPT]):
        line = int(table.text.lines[row])
        if row in table.wide:
            found.append(Problem(row + 1, line, "", f"{table.wide[row]} cells instead of {len(table.columns)}"))
        for column in columns:
            if _is_bad(column, row):
                text = table.cell(row, places[column.name])
                found.append(Problem(row + 1, line, column.name, text, column.kind != "text"))
    return tuple(found[:KEPT])


def _is_bad(column: Column, row: int) -> bool:
    return bool(column.codes[row] == -1 if column.kind == "text" else np.isnan(column.values[row]))
