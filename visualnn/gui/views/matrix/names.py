"""The names of the neurons: those that the weights come from on the left, those that they go to on top."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QPainter

from visualnn.gui import theme
from visualnn.gui.views.matrix.content import Cell, MatrixContent
from visualnn.gui.views.matrix.grid import Axis, Grid

SIZE, WEIGHT, STRONG = 12, 450, 600
WIDEST = 96  # px of a name
HEIGHT = 26  # of the names on top
LINE = 17  # px from name to name on the left
GAP, RISE = 8, 14  # from the cells to a name on the left, and to the middle of one on top
BESIDE = 14  # between two names on top
STEPS = (1, 2, 5)  # every so many cells, or ten, a hundred … times that

Marks = dict[int, str]
"""The colour of the names that are to be seen in any case."""


@lru_cache(maxsize=8)
def width_of(names: tuple[str, ...]) -> float:
    """How wide the widest of the names is drawn."""
    return max((min(theme.text_width(name, SIZE, STRONG), WIDEST) for name in names), default=0.0)


def step_of(pitch: float, needed: float) -> int:
    """Every how many cells of `pitch` px there is room for a name."""
    tens = 1
    while STEPS[-1] * tens * pitch < needed:
        tens *= 10
    return next(step * tens for step in STEPS if step * tens * pitch >= needed)


def paint_names(painter: QPainter, content: MatrixContent, grid: Grid, *cells: tuple[Cell | None, str]) -> None:
    """Every name for which there is room, and those of the given cells, the last of them first, in their colours."""
    rows, columns = ({cell[side]: ink for cell, ink in cells if cell} for side in (0, 1))
    x, y = (max(a.start, a.before) - away for a, away in ((grid.across, GAP), (grid.down, RISE)))
    left = Line(grid.down, content.sources, rows, LINE, lambda _name: LINE)
    for middle, name, ink in left.names():
        theme.draw_text(painter, x, middle, name, SIZE, *look_of(ink), "r")
    top = Line(grid.across, content.targets, columns, width_of(content.targets) + BESIDE, _length)
    for middle, name, ink in top.names():
        theme.draw_text(painter, middle, y, name, SIZE, *look_of(ink), "c")


def look_of(ink: str | None) -> tuple[int, str]:
    """The weight and the colour of a name."""
    return (WEIGHT, "text3") if ink is None else (STRONG, ink)


def _length(name: str) -> float:
    return theme.text_width(name, SIZE, STRONG) + BESIDE


@dataclass(frozen=True)
class Line:
    """Names along an axis."""

    axis: Axis
    all: tuple[str, ...]
    marks: Marks
    needed: float  # px from name to name
    length: Callable[[str], float]

    def names(self) -> Iterator[tuple[float, str, str | None]]:
        """Where each stands, and its colour if it is marked; no two of them meet."""
        taken: list[tuple[float, float]] = []
        for index in self._order():
            middle, name = self.axis.position(index + 0.5), theme.elided(self.all[index], WIDEST, SIZE, STRONG)
            length = self.length(name)
            free = all(abs(middle - other) >= (length + its) / 2 for other, its in taken)
            if free and self.axis.before <= middle < self.axis.end:
                if index in self.marks:
                    taken.append((middle, length))
                yield middle, name, self.marks.get(index)

    def _order(self) -> list[int]:
        """The marked ones first, the latest mark before all."""
        step = step_of(self.axis.cell, self.needed)
        regular = [index for index in self.axis.shown() if (index + 1) % step == 0 and index not in self.marks]
        return [*reversed(self.marks), *regular]
