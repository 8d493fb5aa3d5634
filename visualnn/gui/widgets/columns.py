"""Where the columns of a table lie: the first one stays, the others scroll, and what is narrower is spread out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from visualnn.gui import theme
from visualnn.gui.widgets.glyphs import Glyphs
from visualnn.scene.rows import Rows

SIZE, WEIGHT, HEAD_WEIGHT = 13, 500, 600
PAD = 8  # px before and behind what stands in a column
NARROWEST, WIDEST = 44, 148
NUMBERS_LEAST = 34  # px of the column with the numbers of the rows
MARK = 10  # px that the mark of a test row takes behind its number
NEAR = 16  # rows that are measured: so many of the first ones, and as many of all others
MOST_CELLS = 1_000  # that are measured
LONGEST_NOTE = "Left out"


@dataclass(frozen=True)
class Columns:
    """The right end of every column, in px from the end of the first one, which is `first` px wide."""

    first: float
    ends: tuple[float, ...]

    @property
    def extent(self) -> float:
        """All columns but the first."""
        return self.ends[-1] if self.ends else 0.0

    def left(self, column: int) -> float:
        """Where a column begins."""
        return self.ends[column - 1] if column else 0.0

    def width(self, column: int) -> float:
        """How wide it is."""
        return self.ends[column] - self.left(column)

    def at(self, x: float) -> int:
        """The column there, −1 behind the last one."""
        index = bisect_right(self.ends, x)
        return index if x >= 0 and index < len(self.ends) else -1

    def shown(self, offset: float, room: float) -> range:
        """The columns of which something is to be seen."""
        first = bisect_right(self.ends, offset)
        last = bisect_right(self.ends, offset + room)
        return range(first, min(last + 1, len(self.ends)))


def measured(rows: Rows, *, chooses: bool = False) -> tuple[float, list[float]]:
    """How wide the columns want to be; `chooses`: behind every note there is a chevron."""
    near = min(NEAR, max(2, MOST_CELLS // 2 // max(len(rows.headings), 1)))
    sample = sorted({*range(min(rows.rows, near)), *_spread(rows.rows, near)})
    glyphs = Glyphs(SIZE, WEIGHT)
    widths = [_width(rows, column, sample, glyphs, chooses) for column in range(len(rows.headings))]
    return max(NUMBERS_LEAST, theme.text_width(f"{_last(rows):,}", 12, 450) + 2 * PAD + MARK), widths


def _last(rows: Rows) -> int:
    return rows.line(rows.rows - 1) if rows.rows else 0


def _spread(count: int, parts: int) -> Iterable[int]:
    return range(0, count, max(1, count // parts))


def _width(rows: Rows, column: int, sample: list[int], glyphs: Glyphs, chooses: bool) -> float:
    heading = rows.headings[column]
    head = theme.text_width(heading.name, SIZE, HEAD_WEIGHT)
    note = theme.text_width(LONGEST_NOTE, 12, 500) + 18 if chooses else 0.0  # also if it will be another one
    cells = (glyphs.width(rows.cell(row, column).text) for row in sample)
    return min(max(NARROWEST, max(head, note, *cells, 0.0) + 2 * PAD), WIDEST)


def spread(rows: Rows, first: float, widths: list[float], room: float) -> Columns:
    """At least as wide together as the room: texts take what is left, else all columns share it."""
    left = room - first - sum(widths)
    if left > 0 and widths:
        takers = [i for i, heading in enumerate(rows.headings) if heading.words] or list(range(len(widths)))
        widths = [width + (left / len(takers) if i in takers else 0.0) for i, width in enumerate(widths)]
    return Columns(first, tuple(accumulate(widths)))
