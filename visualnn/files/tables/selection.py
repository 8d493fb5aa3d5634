"""Which columns are read, and which are predicted from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from visualnn.files.tables.column import NO_TEXT, Column
from visualnn.files.tables.problem import Problems
from visualnn.files.tables.table import Table, problems_among
from visualnn.nn.errors import VisualNNError

MAX_CLASSES = 256  # different texts of a column that is used
FEW_TEXTS = 32  # that are suggested as inputs: each becomes one
MOSTLY = 0.5  # of the cells must be known in a column that is suggested
ANSWERS = ("target", "label", "class", "y")  # what a column that is predicted is called, wherever it stands


@dataclass(frozen=True)
class Selection:
    """What is made of a table. `skip`: rows in which something is wrong are left out."""

    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    scaled: bool = True
    test_share: float = 0.3
    seed: int = 0
    skip: bool = False


def suggested(table: Table) -> Selection:
    """The last column that can be is predicted from all others, without those that only count the rows or name them."""
    usable = [column for column in table.columns if _is_known(column)]
    answers = [column for column in usable if not _is_number_of_row(column) and not _is_too_varied(column)]
    named = [column for column in answers if column.name.casefold() in ANSWERS]
    target = next(iter(named[-1:] or answers[-1:] or usable[-1:]), None)
    inputs = [
        column.name
        for column in usable
        if column is not target and not _is_number_of_row(column) and len(texts_of(column)) <= FEW_TEXTS
    ]
    return Selection(tuple(inputs), () if target is None else (target.name,))


def problems(table: Table, selection: Selection) -> Problems:
    """What is wrong in the columns that are chosen. Raises `VisualNNError` for a name that there is not."""
    return problems_among(table, chosen(table, (*selection.inputs, *selection.targets)))


def chosen(table: Table, names: Iterable[str]) -> list[Column]:
    """The columns of these names."""
    found = []
    for name in dict.fromkeys(names):
        column = table.column(name)
        if column is None:
            raise VisualNNError(f'“{table.name}” has no column "{name}".')
        found.append(column)
    return found


def texts_of(column: Column) -> tuple[str, ...]:
    """The different texts of a column in order; none for numbers."""
    return tuple(sorted(column.categories))


def _is_known(column: Column) -> bool:
    rows = len(column.values)
    return column.kind != "empty" and rows - column.missing - column.wrong > MOSTLY * rows


def _is_too_varied(column: Column) -> bool:
    return len(column.categories) > MAX_CLASSES or (column.kind == "text" and _names_rows(column))


def _names_rows(column: Column) -> bool:
    """A different text in nearly each of many rows."""
    known = int(np.count_nonzero(column.codes != NO_TEXT))
    return known > FEW_TEXTS and len(column.categories) > 0.9 * known


def _is_number_of_row(column: Column) -> bool:
    """1, 2, 3, … or 0, 1, 2, …"""
    values = column.values
    return column.kind == "number" and len(values) > 2 and values[0] in (0, 1) and bool((np.diff(values) == 1).all())
