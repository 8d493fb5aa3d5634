"""Where the cells of a matrix lie, at every zoom, in px of the widget."""

from __future__ import annotations

from dataclasses import dataclass, replace

from visualnn.gui.views.matrix.content import Cell

LARGEST = 96.0  # px of a cell
OBLONG = 3.0  # a cell is at most so many times as long as wide …
SLENDER = 24.0  # … or so many px, where that is more


@dataclass(frozen=True, slots=True)
class Axis:
    """Cells in a row; `offset` px of them are hidden before the room that they have."""

    cells: int
    before: float  # px for names
    room: float
    cell: float
    offset: float = 0.0
    after: float = 0.0  # px for what reaches beyond the last cell

    @property
    def extent(self) -> float:
        """All cells, seen or not."""
        return self.cells * self.cell

    @property
    def end(self) -> float:
        """Where the room ends."""
        return self.before + self.room

    @property
    def start(self) -> float:
        """Where cell 0 begins: what is smaller than its room stands in the middle, as far as the names let it."""
        if self.extent > self.room:
            return self.before - self.offset
        return max(self.before, min((self.end + self.after - self.extent) / 2, self.end - self.extent))

    @property
    def middle(self) -> float:
        """The share of the cells that lies before the middle of the room."""
        return (self.offset + self.room / 2) / self.extent if self.extent > self.room else 0.5

    def at(self, offset: float) -> Axis:
        """Scrolled there, as far as there are cells."""
        return replace(self, offset=min(max(offset, 0.0), max(self.extent - self.room, 0.0)))

    def around(self, middle: float) -> Axis:
        """Scrolled so that this share of the cells lies before the middle."""
        return self.at(middle * self.extent - self.room / 2)

    def zoomed(self, cell: float, about: float) -> Axis:
        """With cells of another length; what lies at `about` stays there."""
        larger = replace(self, cell=cell)
        return larger.at(self.before + (about - self.start) / self.cell * cell - about)

    def showing(self, index: int) -> Axis:
        """Scrolled no further than it takes to see a cell."""
        low, high = index * self.cell, (index + 1) * self.cell
        return self.at(min(max(self.offset, high - self.room), low))

    def position(self, index: float) -> float:
        """Where a cell begins."""
        return self.start + index * self.cell

    def index_at(self, position: float) -> int | None:
        """The cell there; None where there is none to be seen."""
        index = int((position - self.start) // self.cell)
        inside = self.before <= position < self.end and 0 <= index < self.cells
        return index if inside else None

    def shown(self) -> range:
        """The cells of which something is to be seen."""
        first = int((self.before - self.start) // self.cell)
        last = int((self.end - self.start) // self.cell)
        return range(max(first, 0), min(last + 1, self.cells))


@dataclass(frozen=True, slots=True)
class Box:
    """A place in the widget."""

    left: float
    top: float
    width: float
    height: float
    right: float = 0.0  # px free beside it


@dataclass(frozen=True, slots=True)
class Grid:
    """Both axes, `zoom` times as large as fits."""

    across: Axis
    down: Axis
    fit: tuple[float, float]
    zoom: float

    @classmethod
    def within(cls, shape: tuple[int, int], box: Box, before: Grid | None = None) -> Grid:
        """A matrix of this shape in a box, at the zoom and the middle of the grid before."""
        rows, columns = shape
        wide = min(LARGEST, box.width / max(columns, 1))
        high = min(LARGEST, box.height / max(rows, 1))
        fit = (min(wide, max(OBLONG * high, SLENDER)), min(high, max(OBLONG * wide, SLENDER)))
        zoom = 1.0 if before is None else min(before.zoom, LARGEST / min(fit))
        middles = (0.5, 0.5) if before is None else (before.across.middle, before.down.middle)
        across = Axis(columns, box.left, box.width, min(LARGEST, fit[0] * zoom), after=box.right)
        down = Axis(rows, box.top, box.height, min(LARGEST, fit[1] * zoom))
        return cls(across.around(middles[0]), down.around(middles[1]), fit, zoom)

    def zoomed(self, factor: float, x: float, y: float) -> Grid:
        """Larger or smaller about a point, between all cells and cells of 96 px."""
        zoom = min(max(self.zoom * factor, 1.0), LARGEST / min(self.fit))
        across = self.across.zoomed(min(LARGEST, self.fit[0] * zoom), x)
        return replace(self, across=across, down=self.down.zoomed(min(LARGEST, self.fit[1] * zoom), y), zoom=zoom)

    def panned(self, x: float, y: float) -> Grid:
        """Moved by so many px."""
        across, down = self.across.at(self.across.offset - x), self.down.at(self.down.offset - y)
        return replace(self, across=across, down=down)

    def showing(self, cell: Cell) -> Grid:
        """Moved no further than it takes to see a cell."""
        return replace(self, down=self.down.showing(cell[0]), across=self.across.showing(cell[1]))

    def cell_at(self, x: float, y: float) -> Cell | None:
        """The weight there."""
        row, column = self.down.index_at(y), self.across.index_at(x)
        return None if row is None or column is None else (row, column)

    def box(self, cell: Cell) -> Box:
        """Where a weight is."""
        x, y = self.across.position(cell[1]), self.down.position(cell[0])
        return Box(x, y, self.across.cell, self.down.cell)
