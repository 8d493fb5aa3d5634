"""What stands below one name.

A column holds numbers if nine in ten of the cells in which something is known are numbers; the others are then what is
wrong with it. Else it holds texts, also where some of them are digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from visualnn.files.tables.numerals import is_missing, number
from visualnn.nn.network import Vector

NEARLY_ALL = 0.9
MAX_TEXTS = 10_000  # different ones that are told apart
NO_TEXT, OTHER_TEXT = -1, -2

Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Column:
    """A column; read-only. `kind` is "number", "text" or "empty".

    `codes` and `categories` belong to texts: `categories[codes[row]]` stands in a row, nothing where the code is −1.
    With more than 10,000 different texts, which nobody can learn from, those beyond have the code −2.
    """

    name: str
    kind: str
    values: Vector  # (rows,), NaN where there is no number
    codes: Codes  # (rows,) or (0,)
    categories: tuple[str, ...]  # in the order in which they first appear
    missing: int  # cells
    wrong: int  # cells of a column of numbers that are none, and not missing either

    @property
    def bad(self) -> npt.NDArray[np.bool_]:
        """Whether a row lacks what the column is made of."""
        return np.isnan(self.values) if self.kind != "text" else self.codes == NO_TEXT

    @property
    def is_crowded(self) -> bool:
        """More different texts than are told apart."""
        return len(self.categories) == MAX_TEXTS

    @property
    def memory_bytes(self) -> int:
        """What it takes."""
        numbers = 0 if self.kind == "text" else self.values.nbytes
        return numbers + self.codes.nbytes + sum(64 + 2 * len(text) for text in self.categories)


class Gathering:
    """Collects a column block by block. With `texts`, every cell in which something stands is a text."""

    def __init__(self, name: str, decimal: str, *, texts: bool = False) -> None:
        self.name = name
        self._decimal, self._texts = decimal, texts
        self._known: dict[str, int] = {}  # each text that is no number, and its code
        self._blocks: list[tuple[Vector | None, Codes | None]] = []
        self.rows = self.numbers = self.missing = 0

    def add(self, cells: Sequence[str]) -> None:
        """The next rows."""
        self.rows += len(cells)
        values = None if self._texts else self._all_numbers(cells)
        if values is not None:
            self.numbers += len(cells)
            self._blocks.append((values, None))
        else:
            self._blocks.append(self._each(cells))

    @property
    def kind(self) -> str:
        """What the cells are so far."""
        known = self.rows - self.missing
        if known == 0:
            return "empty"
        return "number" if self.numbers >= NEARLY_ALL * known and not self._texts else "text"

    @property
    def is_mixed(self) -> bool:
        """A column of texts some of which are digits: those were not kept, and it must be gathered again as texts."""
        return self.kind == "text" and self.numbers > 0

    def column(self) -> Column:
        """All that was collected; the blocks are given up."""
        kind, rows, wrong = self.kind, self.rows, self.rows - self.missing - self.numbers
        blocks, self._blocks = self._blocks, []
        if kind == "text":
            codes = np.concatenate([block for _, block in blocks if block is not None])
            values = np.broadcast_to(np.array(np.nan), (rows,))
            return Column(self.name, kind, values, _fixed(codes), tuple(self._known), self.missing, 0)
        empty = np.full(max((_size(block) for block in blocks), default=0), np.nan)
        values = np.concatenate([empty[: _size(block)] if block[0] is None else block[0] for block in blocks])
        return Column(self.name, kind, _fixed(values), np.empty(0, np.int32), (), self.missing, wrong)

    def _all_numbers(self, cells: Sequence[str]) -> Vector | None:
        """Quickly, where there is nothing but plain numbers."""
        text = "\n".join(cells)
        if "_" in text or (self._decimal == "," and "." in text):
            return None
        plain = cells if self._decimal == "." else text.replace(",", ".").split("\n")
        try:
            values = np.fromiter(map(float, plain), np.float64, len(plain))
        except ValueError:
            return None
        return values if len(values) == len(cells) and np.isfinite(values).all() else None

    def _each(self, cells: Sequence[str]) -> tuple[Vector | None, Codes]:
        codes = np.full(len(cells), NO_TEXT, np.int32)
        values: Vector | None = None
        for place, cell in enumerate(cells):
            code = self._known.get(cell)
            if code is None:
                code, value = self._read(cell.strip())
                if value is not None:
                    values = np.full(len(cells), np.nan) if values is None else values
                    values[place] = value
            codes[place] = code
        return values, codes

    def _read(self, cell: str) -> tuple[int, float | None]:
        """The code of a text, or the number."""
        if is_missing(cell):
            self.missing += 1
            return NO_TEXT, None
        value = None if self._texts else number(cell, self._decimal)
        if value is not None:
            self.numbers += 1
            return NO_TEXT, value
        if len(self._known) == MAX_TEXTS:
            return self._known.get(cell, OTHER_TEXT), None
        return self._known.setdefault(cell, len(self._known)), None


def _size(block: tuple[Vector | None, Codes | None]) -> int:
    return next(len(part) for part in block if part is not None)


def _fixed(array: npt.NDArray[np.generic]) -> npt.NDArray:  # type: ignore[type-arg]
    array.setflags(write=False)
    return array
