"""The rows to learn from that a selection makes of a table.

A column of numbers is one input. A column of texts is one for each text, 1 where it stands and 0 elsewhere, named like
"colour=red". A column that is predicted gives an output if it holds numbers. If it holds two texts, or only 0 and 1, it
gives one that is 0 or 1; if it holds more texts, one for each. What is scaled are the numbers: each less the mean
of its column in the rows to learn from, by its spread there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from visualnn.files.tables.column import Column
from visualnn.files.tables.selection import MAX_CLASSES, Selection, chosen, problems, texts_of
from visualnn.files.tables.table import Places, Table
from visualnn.nn.data import Dataset
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Matrix
from visualnn.nn.room import known_memory
from visualnn.nn.scaling import Scaling

MAX_NUMBERS = 200_000_000
FEWEST_ROWS = 2


class Part(NamedTuple):
    """One side of the rows: numbers, their names, what classes they stand for, and which of them may be scaled."""

    values: Matrix
    names: tuple[str, ...]
    classes: tuple[str, ...]
    numbers: tuple[bool, ...]


def dataset(table: Table, selection: Selection) -> Dataset:
    """The rows of the chosen columns, those held back apart. Raises `VisualNNError` with one sentence."""
    inputs, targets = _columns(table, selection)
    rows = _rows(table, selection)
    _check_size(len(rows), inputs + targets)
    answers = _answers(targets, rows)
    learned, held = _split(len(rows), selection)
    return _dataset(table.name, _inputs(inputs, rows), answers, (learned, held), scaled=selection.scaled)


def _dataset(name: str, read: Part, answers: Part, places: tuple[Places, Places], *, scaled: bool) -> Dataset:
    learned, held = places
    x, y, scaling = read.values, answers.values, _scaling(read, answers, learned) if scaled else None
    if scaling is not None:
        x, y = scaling.apply(x), scaling.apply_targets(y)
    return Dataset(
        name,
        x[learned],
        y[learned],
        input_names=read.names,
        classification=bool(answers.classes),
        classes=answers.classes,
        test_inputs=x[held],
        test_targets=y[held],
        output_names=answers.names,
        scaling=scaling,
    )


def _columns(table: Table, selection: Selection) -> tuple[list[Column], list[Column]]:
    inputs, targets = chosen(table, selection.inputs), chosen(table, selection.targets)
    if not inputs:
        raise VisualNNError("No column is chosen to read.")
    if not targets:
        raise VisualNNError("No column is chosen to predict.")
    for column in targets:
        if column in inputs:
            raise VisualNNError(f'Column "{column.name}" cannot be read and predicted at once.')
        if column.kind == "text" and len(targets) > 1:
            raise VisualNNError(f'Column "{column.name}" holds classes; it can only be predicted alone.')
    for column in inputs + targets:
        _check_column(column)
    return inputs, targets


def _check_column(column: Column) -> None:
    if column.kind == "empty":
        raise VisualNNError(f'Column "{column.name}" is empty.')
    if len(column.categories) > MAX_CLASSES:
        many = f"more than {len(column.categories):,}" if column.is_crowded else f"{len(column.categories):,}"
        raise VisualNNError(f'Column "{column.name}" holds {many} different texts; there can be {MAX_CLASSES}.')


def _rows(table: Table, selection: Selection) -> Places:
    """The rows that are used. Raises `VisualNNError` about the first cell that is wrong, unless such are skipped."""
    found = problems(table, selection)
    if found.count and not selection.skip:
        raise VisualNNError(found.first[0].sentence())
    rows = np.flatnonzero(~found.rows)
    if len(rows) < FEWEST_ROWS:
        left = {0: "no row is", 1: "only one row is"}[len(rows)]
        raise VisualNNError(f"To learn takes at least {FEWEST_ROWS} rows; {left} left.")
    return rows


def _check_size(rows: int, columns: list[Column]) -> None:
    numbers = rows * sum(max(1, len(column.categories)) for column in columns)
    if numbers > MAX_NUMBERS:
        raise VisualNNError(f"These columns make {numbers:,} numbers; there can be {MAX_NUMBERS:,}.")
    memory = known_memory()
    if memory is not None and 24 * numbers > memory.size:  # raw, scaled, and in two parts
        words = memory.words.format(f"{memory.size / 1e9:,.1f} GB")
        raise VisualNNError(f"These columns need {24 * numbers / 1e9:,.1f} GB of memory; {words}.")


def _inputs(columns: list[Column], rows: Places) -> Part:
    parts = [_input(column, rows) for column in columns]
    names = tuple(name for part in parts for name in part.names)
    return Part(np.column_stack([part.values for part in parts]), names, (), sum((part.numbers for part in parts), ()))


def _input(column: Column, rows: Places) -> Part:
    if column.kind == "number":
        return Part(column.values[rows, None], (column.name,), (), (True,))
    texts, ones = _one_for_each(column, rows)
    return Part(ones, tuple(f"{column.name}={text}" for text in texts), (), (False,) * len(texts))


def _answers(columns: list[Column], rows: Places) -> Part:
    parts = [_answer(column, rows) for column in columns]
    if len(parts) == 1:
        return parts[0]
    values, names = np.column_stack([part.values for part in parts]), tuple(column.name for column in columns)
    return Part(values, names, (), (True,) * len(columns))


def _answer(column: Column, rows: Places) -> Part:
    if column.kind == "number":
        values = column.values[rows, None]
        _check_varies(column, len(np.unique(values)), f"{values[0, 0]:g}")
        is_class = set(np.unique(values)) == {0.0, 1.0}
        return Part(values, (column.name,), ("0", "1") if is_class else (), (not is_class,))
    texts, ones = _one_for_each(column, rows)
    _check_varies(column, len(texts), texts[0])
    if len(texts) == 2:
        return Part(ones[:, 1:], (column.name,), texts, (False,))
    return Part(ones, texts, texts, (False,) * len(texts))


def _check_varies(column: Column, different: int, always: str) -> None:
    if different < 2:
        raise VisualNNError(f'Column "{column.name}" is always {always}; there is nothing to predict.')


def _one_for_each(column: Column, rows: Places) -> tuple[tuple[str, ...], Matrix]:
    """The texts of these rows in order, and a column for each that is 1 where it stands."""
    codes = column.codes[rows]
    present = set(np.unique(codes).tolist())
    place = {text: code for code, text in enumerate(column.categories) if code in present}
    texts = tuple(text for text in texts_of(column) if text in place)
    return texts, (codes[:, None] == [place[text] for text in texts]).astype(np.float64)


def _split(rows: int, selection: Selection) -> tuple[Places, Places]:
    """Which rows are learned from and which are held back, both in the order of the file."""
    if not 0 <= selection.test_share < 1:
        raise VisualNNError("The share for testing must be from 0 to less than 1.")
    held = min(round(selection.test_share * rows), rows - 1)
    order = np.random.default_rng(selection.seed).permutation(rows)
    return np.sort(order[held:]), np.sort(order[:held])


def _scaling(read: Part, answers: Part, learned: Places) -> Scaling:
    """Of the rows to learn from; what is 0 or 1 to tell texts apart stays so."""
    x, y = read.values[learned], answers.values[learned]
    found, numbers = Scaling.of(x, y, numbers=not answers.classes), np.array(read.numbers)
    mean, spread = np.where(numbers, found.mean, 0.0), np.where(numbers, found.spread, 1.0)
    return Scaling(mean, spread, found.target_mean, found.target_spread)
