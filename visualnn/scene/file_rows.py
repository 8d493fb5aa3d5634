"""A file as a table to be read: every cell as it stands there, and over each column what it is for."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from visualnn.files.tables import Column, Dialect, Selection, Table
from visualnn.scene.look import sign_role
from visualnn.scene.rows import Cell, Heading, counted

READ, PREDICT, LEFT_OUT = "Read", "Predict", "Left out"
DELIMITERS = {",": "Commas", ";": "Semicolons", "\t": "Tabs", "|": "Bars", " ": "Spaces"}
DECIMALS = {".": "decimal point", ",": "decimal comma"}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
    "koi8_r": "KOI8-R",
    "cp932": "Shift JIS",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp949": "Korean",
    "mac_roman": "Mac Roman",
}
ROLES = {READ: "text2", PREDICT: "accent", LEFT_OUT: "text3"}


class FileRows:
    """The rows of a file, with the columns that a selection makes use of."""

    def __init__(self, table: Table, selection: Selection):
        self.table, self.selection = table, selection

    @property
    def rows(self) -> int:
        """All of them."""
        return self.table.rows

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """One for each column."""
        return tuple(self._heading(column) for column in self.table.columns)

    def _heading(self, column: Column) -> Heading:
        use = use_of(self.selection, column.name)
        return Heading(column.name, use, column.kind == "text", ROLES[use], column_sentence(column))

    def is_test(self, row: int) -> bool:
        """Nothing is held back as long as the rows are only looked at."""
        return False

    def line(self, row: int) -> int:
        """As problems count the rows."""
        return row + 1

    def cell(self, row: int, column: int) -> Cell:
        """The cell as it stands in the file; red if it cannot be used."""
        text, found = self.table.cell(row, column), self.table.columns[column]
        used = self.headings[column].note != LEFT_OUT
        if found.kind != "number":
            wrong = used and found.kind == "text" and found.codes[row] == -1
            return Cell(text.strip() or ("empty" if wrong else ""), "bad" if wrong else "text" if used else "text3")
        value = float(found.values[row])
        if np.isnan(value):
            return Cell(text.strip() or ("empty" if used else ""), "bad" if used else "text3")
        return Cell(text.strip(), sign_role(value, 0.0) if used else "text3")


def use_of(selection: Selection, name: str) -> str:
    """What a column is for."""
    if name in selection.targets:
        return PREDICT
    return READ if name in selection.inputs else LEFT_OUT


def with_use(table: Table, selection: Selection, name: str, use: str) -> Selection:
    """Another use for a column. Texts are predicted alone, and so is what is predicted beside them."""
    inputs = [each for each in selection.inputs if each != name]
    targets = [each for each in selection.targets if each != name]
    if use == READ:
        inputs.append(name)
    elif use == PREDICT:
        alone = any(_is_text(table, each) for each in (name, *targets))
        inputs += targets if alone else []
        targets = [name] if alone else [*targets, name]
    order = {column.name: place for place, column in enumerate(table.columns)}
    return replace(
        selection,
        inputs=tuple(sorted(inputs, key=order.__getitem__)),
        targets=tuple(sorted(targets, key=order.__getitem__)),
    )


def _is_text(table: Table, name: str) -> bool:
    column = table.column(name)
    return column is not None and column.kind == "text"


def column_sentence(column: Column) -> str:
    """What stands in a column."""
    if column.kind == "empty":
        return f"{column.name}: nothing stands in this column."
    kind = "numbers" if column.kind == "number" else counted(len(column.categories), "different text")
    said = [f"{column.name}: {kind}"]
    said += [f"{column.missing:,} missing"] if column.missing else []
    said += (
        [f"{counted(column.wrong, 'cell')} that {'is' if column.wrong == 1 else 'are'} no number"]
        if column.wrong
        else []
    )
    return ", ".join(said) + "."


def dialect_words(dialect: Dialect) -> str:
    """How a file is written: “Semicolons, decimal comma, UTF-8”."""
    delimiter = DELIMITERS.get(dialect.delimiter, dialect.delimiter)
    return ", ".join((delimiter, DECIMALS[dialect.decimal], encoding_name(dialect.encoding)))


def encoding_name(encoding: str) -> str:
    """What people call an encoding."""
    return ENCODINGS.get(encoding, encoding)


def choice_words(selection: Selection) -> str:
    """What will be learned: “Reads 4 columns, predicts price.”"""
    read = counted(len(selection.inputs), "column")
    if not selection.targets:
        return f"Reads {read}, predicts nothing yet."
    first, *more = selection.targets
    return f"Reads {read}, predicts {first}{f' and {len(more)} more' if more else ''}."
