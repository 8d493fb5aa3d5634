"""A data set as a table to be read: one line a row, those to learn from first, then those held back for testing.

Cells are made when they are asked for: a table of 100,000 rows costs nothing until somebody looks at one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import floor, isfinite, log10
from typing import Protocol

import numpy as np

from visualnn.nn.data import Dataset
from visualnn.nn.network import Matrix, Vector
from visualnn.scene.formula import number, precise
from visualnn.scene.look import sign_role

COLOURS = ("orange", "blue")  # the classes 0 and 1 of points in a plane, as they are drawn
ANSWER = "answer"
CLASS = "class"
PICTURE = "picture"
TEXT = "text"
FEW = 1_000  # numbers of a column tell how large they are


@dataclass(frozen=True, slots=True)
class Heading:
    """The top of a column; `note` is what the column is for, and `words` are written from the left."""

    name: str
    note: str = ""
    words: bool = False
    role: str = "text2"
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a place of the table, or the pixels that do."""

    text: str
    role: str = "text"
    pixels: Matrix | None = None


class Rows(Protocol):
    """What can be shown as a table."""

    @property
    def rows(self) -> int:
        """How many lines there are."""

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The columns, without that of the numbers of the rows."""

    def cell(self, row: int, column: int) -> Cell:
        """What stands there."""

    def is_test(self, row: int) -> bool:
        """Whether a row is held back."""

    def line(self, row: int) -> int:
        """The number written before a row."""


def decimals_of(values: Vector) -> int:
    """How many decimals tell the numbers of a column apart: none where all are whole, three for shares of 1."""
    few = values[:: max(1, len(values) // FEW)]
    finite = few[np.isfinite(few)]
    if not finite.size or (_are_whole(finite) and _are_whole(values[np.isfinite(values)])):
        return 0
    largest = float(np.abs(finite).max()) or 1.0
    power = floor(log10(largest))
    return min(6, 2 - power) if power < -1 else max(1, 3 - max(power, 0))


def _are_whole(values: Vector) -> bool:
    return bool((values == np.rint(values)).all())


def counted(count: int, noun: str) -> str:
    """How many: “1 row”, “100,000 rows”."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def class_name(data: Dataset, index: int) -> str:
    """What a class is called; unnamed ones in a plane by the colour they are drawn in."""
    if data.classes:
        return data.classes[index]
    return COLOURS[index] if data.targets.shape[1] == 1 and index < 2 else str(index)


def class_roles(data: Dataset) -> tuple[str, ...]:
    """A colour for each class: that of its points where there are two, else none."""
    return ("neg", "pos") if data.targets.shape[1] == 1 or len(data.classes) == 2 else ("text",)


class DataRows:
    """The rows of a data set."""

    def __init__(self, data: Dataset):
        self.data = data
        self._decimals: dict[int, int] = {}

    @property
    def rows(self) -> int:
        """Those to learn from and those held back."""
        return self.data.rows + len(self.data.test_inputs)

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The inputs and the answers; a picture is one column, and a text stands before the numbers made of it."""
        data = self.data
        if data.image is not None:
            return (Heading(PICTURE, words=True), *self._answers)
        inputs = tuple(Heading(name, tip=self._scaled(name, column)) for column, name in enumerate(data.input_names))
        if data.texts:
            return (Heading(TEXT, words=True), *self._answers, *inputs)
        return (*inputs, *self._answers)

    def _scaled(self, name: str, column: int) -> str:
        """How the numbers of an input came from those of the file."""
        scaling = self.data.scaling
        if scaling is None or (scaling.mean[column], scaling.spread[column]) == (0.0, 1.0):
            return ""
        mean, spread = precise(float(scaling.mean[column])), precise(float(scaling.spread[column]))
        return f"{name}, less its mean {mean}, by its spread {spread}"

    @cached_property
    def _answers(self) -> tuple[Heading, ...]:
        data, outputs = self.data, self.data.targets.shape[1]
        if data.classification:
            return (Heading(data.output_names[0] if len(data.output_names) == 1 else CLASS),)
        if len(data.output_names) == outputs:
            return tuple(Heading(name) for name in data.output_names)
        return tuple(Heading(ANSWER if outputs == 1 else f"{ANSWER} {i + 1}") for i in range(outputs))

    @cached_property
    def _before(self) -> int:
        """How many columns stand before the answers."""
        return 1 if self.data.image is not None or self.data.texts else len(self.data.input_names)

    def is_test(self, row: int) -> bool:
        """Whether the network never learns from this row."""
        return row >= self.data.rows

    def line(self, row: int) -> int:
        """Rows are counted from 1."""
        return row + 1

    def cell(self, row: int, column: int) -> Cell:
        """A number, a class, a picture or a text."""
        data = self.data
        answer = column - self._before
        if 0 <= answer < len(self._answers):
            return self._answer(row, answer)
        if data.image is not None:
            return Cell("", pixels=self._inputs(row).reshape(data.image))
        if data.texts and column == 0:
            return Cell(data.texts[row])
        return self._number(row, column if answer < 0 else answer - len(self._answers))

    def _inputs(self, row: int) -> Vector:
        rows = self.data.rows
        found: Vector = self.data.inputs[row] if row < rows else self.data.test_inputs[row - rows]
        return found

    def _targets(self, row: int) -> Vector:
        rows = self.data.rows
        found: Vector = self.data.targets[row] if row < rows else self.data.test_targets[row - rows]
        return found

    def _answer(self, row: int, output: int) -> Cell:
        target = self._targets(row)
        if not self.data.classification:
            return self._written(float(target[output]), ~output, self.data.targets[:, output])
        index = int(target[0] > 0.5) if target.size == 1 else int(target.argmax())
        roles = class_roles(self.data)
        return Cell(class_name(self.data, index), roles[index % len(roles)])

    def _number(self, row: int, column: int) -> Cell:
        return self._written(float(self._inputs(row)[column]), column, self.data.inputs[:, column])

    def _written(self, value: float, key: int, column: Vector) -> Cell:
        """A number with as many decimals as its column has."""
        if key not in self._decimals:
            self._decimals[key] = decimals_of(column)
        decimals = self._decimals[key]
        if not decimals and isfinite(value) and value != round(value):  # a test row, among whole numbers
            decimals = 2
        return Cell(number(value, decimals), sign_role(value, 0.5 * 10.0**-decimals))


def row_sentence(rows: Rows, row: int) -> str:
    """A row read aloud, at most its first eight columns."""
    said = (
        f"{heading.name} {rows.cell(row, column).text}"
        for column, heading in enumerate(rows.headings[:8])
        if rows.cell(row, column).text
    )
    kept = ", for testing" if rows.is_test(row) else ""
    return f"Row {rows.line(row):,}{kept}: {', '.join(said)}"


def split_words(train: int, test: int) -> str:
    """How rows are shared out: “140 to train, 60 to test”."""
    return f"{train:,} to train, {test:,} to test" if test else "all to train"
