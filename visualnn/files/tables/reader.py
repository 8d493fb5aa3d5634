"""Reads a file into a table, in blocks, so that whoever waits is told how far it is and can call it off.

A file may have 1 GiB and hold 200 million cells; what it would need is compared with the memory that is free before
any row is read.
"""

from __future__ import annotations

import io
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from visualnn.files.errors import Damage, FileError
from visualnn.files.native import clause, reason
from visualnn.files.tables.column import Column, Gathering
from visualnn.files.tables.dialect import Dialect, records
from visualnn.files.tables.encoding import as_utf8
from visualnn.files.tables.layout import Layout, layout_of
from visualnn.files.tables.table import Places, Table, Text
from visualnn.files.tables.watch import Watch
from visualnn.nn.errors import VisualNNError
from visualnn.nn.room import known_memory

MAX_BYTES = 2**30
MAX_CELLS = 200_000_000
PIECE = 2**20  # bytes read at a time
BLOCK = 20_000  # cells gathered at a time: a few milliseconds
FEWEST = 16  # rows, however many columns: each block asks something of every column
OTHER_FILES = {
    b"PK\x03\x04": "it is a workbook or an archive, not a table of text; save it as CSV first",
    b"\xd0\xcf\x11\xe0": "it is an old workbook, not a table of text; save it as CSV first",
    b"\x1f\x8b": "it is packed; unpack it first",
    b"%PDF": "it is a PDF, not a table of text",
}
SOMETHING = re.compile(rb"\S")
NO_TEXT = "it is not a table of text: it holds bytes that no text has"


def read(
    path: Path | str,
    *,
    dialect: Dialect | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Table:
    """The table in a file. Raises `FileError` with one sentence, or `Cancelled`.

    `progress` hears shares from 0 to 1, in this thread.
    """
    path = Path(path)
    try:
        return _table(path, dialect, Watch(progress, cancelled))
    except VisualNNError as error:
        raise FileError(f"“{path.name}” cannot be opened: {clause(error)}.") from error
    except MemoryError:
        raise FileError(f"“{path.name}” cannot be opened: it does not fit into memory.") from None
    except (OSError, ValueError) as error:
        raise FileError(f"“{path.name}” cannot be opened: {reason(error)}.") from error


def _table(path: Path, dialect: Dialect | None, watch: Watch) -> Table:
    content = _content(path, watch.part(0.0, 0.05))
    _check_kind(content)
    content, encoding = as_utf8(content, None if dialect is None else dialect.encoding, watch.part(0.05, 0.15))
    if b"\0" in content:
        raise Damage(NO_TEXT)
    layout = layout_of(content, encoding, dialect)
    starts = line_starts(content)
    _check_size(len(content), len(starts) - 1, len(layout.names))
    rows = _Rows(content, layout, starts)
    columns = rows.columns(watch.part(0.15, 1.0))
    watch.tick(1.0)
    return Table(path.stem, path, layout.dialect, columns, rows.count, rows.text(), rows.wide)


def _content(path: Path, watch: Watch) -> bytes:
    if not path.is_file():
        raise Damage("it is not a file" if path.exists() else "there is no such file")
    size, pieces, found = path.stat().st_size, [], 0
    with path.open("rb") as file:
        while found <= MAX_BYTES >= size and (piece := file.read(PIECE)):
            pieces.append(piece)
            found += len(piece)
            watch.tick(found / max(size, 1))
    if max(size, found) > MAX_BYTES:
        raise Damage(f"it has {max(size, found) / 1e9:,.1f} GB; at most {MAX_BYTES / 1e9:,.1f} GB can be read")
    return b"".join(pieces)


def _check_kind(content: bytes) -> None:
    for beginning, words in OTHER_FILES.items():
        if content.startswith(beginning):
            raise Damage(words)
    if not SOMETHING.search(content):
        raise Damage("it is empty")


def line_starts(content: bytes) -> Places:
    """Where each line begins: after a line feed, and after a carriage return alone; last, where the text ends."""
    found: list[Places] = [np.zeros(1, np.int64)]
    for place in range(0, len(content), PIECE):
        signs = np.frombuffer(content, np.uint8, min(PIECE + 1, len(content) - place), place)
        ends = signs == 10
        ends[:-1] |= (signs[:-1] == 13) & (signs[1:] != 10)
        if place + PIECE >= len(content):
            ends[-1] |= signs[-1] == 13
        found.append(np.flatnonzero(ends[:PIECE]) + (place + 1))
    starts = np.concatenate(found)
    return starts if starts[-1] == len(content) else np.append(starts, len(content))


def _check_size(size: int, lines: int, columns: int) -> None:
    if lines * columns > MAX_CELLS:
        raise Damage(f"it has {lines * columns:,} cells; at most {MAX_CELLS:,} can be read")
    needed, memory = 2 * size + 32 * lines + 8 * lines * (columns + 1), known_memory()
    if memory is not None and needed > memory.size:
        words = memory.words.format(f"{memory.size / 1e9:,.1f} GB")
        raise Damage(f"it needs {needed / 1e9:,.1f} GB of memory; {words}")


class _Rows:
    """Goes through the rows, once or twice."""

    def __init__(self, content: bytes, layout: Layout, starts: Places) -> None:
        self._content, self._layout, self._starts = content, layout, starts
        self._before, self._after = array("q"), array("q")  # the line in which a row begins, and that after it
        self.wide: dict[int, int] = {}
        self.count = 0

    def columns(self, watch: Watch) -> tuple[Column, ...]:
        """Everything below the names. Raises `Damage`."""
        decimal = self._layout.dialect.decimal
        gatherings = [Gathering(name, decimal) for name in self._layout.names]
        self._gather(gatherings, watch.part(watch.begin, 0.9))
        if not self.count:
            raise Damage("it names columns, but has no rows" if self._layout.dialect.header else "it has no rows")
        again = {
            place: Gathering(gathering.name, decimal, texts=True)
            for place, gathering in enumerate(gatherings)
            if gathering.is_mixed
        }
        if again:
            self._gather([again.get(place) for place in range(len(gatherings))], watch.part(0.9, 1.0))
        return tuple(again.get(place, gathering).column() for place, gathering in enumerate(gatherings))

    def text(self) -> Text:
        """Where the rows are."""
        before, after = (np.frombuffer(lines, np.int64) for lines in (self._before, self._after))
        return Text(self._content, self._starts[before], self._starts[after], before + 1)

    def _gather(self, gatherings: Sequence[Gathering | None], watch: Watch) -> None:
        self.count, self._before, self._after = 0, array("q"), array("q")
        size = max(FEWEST, BLOCK // len(gatherings))
        rows = self._records()
        while block := list(islice(rows, size)):
            for gathering, cells in zip(gatherings, self._cells(block), strict=True):
                if gathering is not None:
                    gathering.add(cells)
            self.count += len(block)
            watch.tick(self._after[-1] / len(self._starts))

    def _records(self) -> Iterator[list[str]]:
        """The rows in which something stands, their lines noted."""
        skip = self._layout.skip
        lines = io.TextIOWrapper(io.BytesIO(self._content), "utf-8", "replace", newline="")
        for cells, before, after in records(islice(lines, skip, None), self._layout.dialect, skip):
            self._before.append(before)
            self._after.append(after)
            yield cells
        self._check_end()

    def _check_end(self) -> None:
        """A quote that never closes has swallowed the rest of the file."""
        if not self._before or self._after[-1] - self._before[-1] < 2:
            return
        begin, end = self._starts[self._before[-1]], self._starts[self._after[-1]]
        last = self._content[begin:end].decode("utf-8", "replace")
        quote = self._layout.dialect.quote
        if quote and last.count(quote) % 2 and not self._layout.dialect.escape:
            raise Damage(f"the quote that opens in line {self._before[-1] + 1:,} never closes")

    def _cells(self, block: list[list[str]]) -> Iterable[Sequence[str]]:
        """The block column by column; what is too short is filled up, what is too long is noted and cut."""
        width = len(self._layout.names)
        for place, row in enumerate(block):
            if len(row) != width:
                if any(row[width:]):
                    self.wide[self.count + place] = len(row)
                block[place] = (row + [""] * (width - len(row)))[:width]
        return zip(*block, strict=True)
