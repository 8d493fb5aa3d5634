"""What is wrong with single cells, and in which rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LONGEST = 40  # signs of a cell that a sentence repeats


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be used, or a row with too many cells: then there is no column, and `text` says how many.

    `row` counts the rows of data, `line` those of the file, both from 1.
    """

    row: int
    line: int
    column: str
    text: str
    number: bool = True  # the column holds numbers

    def sentence(self) -> str:
        """For the learner."""
        if not self.column:
            return f"Row {self.row} has {self.text}."
        place = f'Row {self.row}, column "{shortened(self.column)}"'
        if not self.text.strip():
            return f"{place} is empty."
        return f'{place}: "{shortened(self.text)}" {"is not a number" if self.number else "says that it is missing"}.'


@dataclass(frozen=True, eq=False)
class Problems:
    """How many there are, the first few hundred, row by row, and which rows have any."""

    count: int
    first: tuple[Problem, ...]
    rows: npt.NDArray[np.bool_]  # (rows,), read-only

    @property
    def bad_rows(self) -> int:
        """How many rows would be skipped."""
        return int(np.count_nonzero(self.rows))


def shortened(text: str) -> str:
    """The beginning of a text, in one line."""
    words = " ".join(text.split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
