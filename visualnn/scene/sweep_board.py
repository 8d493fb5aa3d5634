"""Where the cells of a sweep lie, in whole pixels of the screen, so that every cell is drawn alike and sharp."""

from __future__ import annotations

from dataclasses import dataclass

LEFT, RIGHT = 78, 24  # px beside the cells: the seeds, and nothing
TOP, BELOW = 78, 22  # px above them: heading and rates; below, and …
LINE = 22  # … for every line of what each rate comes to
STRIP, LEAST_STRIP = 0.34, 15.0  # of a cell's height that its curve takes below its map, and px at least
WORTH = 1.1  # times as large is the map of a cell whose curve lies beside it, or it lies below
WIDEST, HIGHEST = 2.2, 1.3  # of a cell, in times of its other side

Box = tuple[int, int, int, int]  # left, top, width, height


@dataclass(frozen=True, slots=True)
class Board:
    """A grid of cells of one size. `xs`, `ys`, `width` and `height` count pixels of the screen, everything else px."""

    scale: float  # pixels per px
    xs: tuple[int, ...]
    ys: tuple[int, ...]
    width: int
    height: int
    map: Box | None  # within a cell, in pixels; None where there is none
    curve: Box
    letters: float = 1.0  # times as large, for those who sit far away

    @classmethod
    def within(
        cls,
        size: tuple[float, float],
        columns: int,
        rows: int,
        *,
        lines: int = 2,
        scale: float = 1.0,
        maps: bool = True,
        letters: float = 1.0,
    ) -> Board:
        """As large as there is room for."""
        before, above = LEFT * letters, TOP * letters
        room = size[0] - before - RIGHT
        across = max(8.0, room / columns)
        down = max(8.0, (size[1] - above - (BELOW + lines * LINE) * letters) / rows)
        across, down = min(across, WIDEST * down), min(down, HIGHEST * across)
        gap = max(2.0, min(6.0, 0.08 * min(across, down)))
        left = before + (room - columns * across) / 2
        xs = tuple(round((left + k * across) * scale) for k in range(columns))
        ys = tuple(round((above + k * down) * scale) for k in range(rows))
        width, height = int((across - gap) * scale), int((down - gap) * scale)
        return cls(scale, xs, ys, width, height, *_parts(width, height, scale, maps), letters)

    @property
    def origin(self) -> tuple[float, float]:
        """The upper left corner of all cells."""
        return self.xs[0] / self.scale, self.ys[0] / self.scale

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of all cells together, in pixels."""
        return self.xs[-1] - self.xs[0] + self.width, self.ys[-1] - self.ys[0] + self.height

    @property
    def is_flat(self) -> bool:
        """Whether the curves lie beside the maps."""
        return self.map is not None and self.map[2] < self.width

    @property
    def bottom(self) -> float:
        """Where the cells end."""
        return (self.ys[-1] + self.height) / self.scale

    def box(self, index: int) -> tuple[float, float, float, float]:
        """Left, top, width and height of a cell."""
        row, column = divmod(index, len(self.xs))
        return tuple(each / self.scale for each in (self.xs[column], self.ys[row], self.width, self.height))  # type: ignore[return-value]

    def center(self, column: int) -> float:
        """The middle of a column."""
        return (self.xs[column] + self.width / 2) / self.scale

    def middle(self, row: int) -> float:
        """The middle of a row."""
        return (self.ys[row] + self.height / 2) / self.scale

    def at(self, x: float, y: float) -> int | None:
        """The cell under a point."""
        column = next((k for k, left in enumerate(self.xs) if left <= x * self.scale < left + self.width), None)
        row = next((k for k, top in enumerate(self.ys) if top <= y * self.scale < top + self.height), None)
        return None if row is None or column is None else row * len(self.xs) + column


def _parts(width: int, height: int, scale: float, maps: bool) -> tuple[Box | None, Box]:
    """Map and curve of a cell: one below the other, or side by side where the map is larger then."""
    pad = max(1, round(2 * scale))
    if not maps:
        return None, (pad, pad, width - 2 * pad, height - 2 * pad)
    low = round(max(LEAST_STRIP * scale, STRIP * height))
    side = min(height, width // 2 + pad)
    if side > WORTH * min(width, height - low):
        return (0, 0, side, height), (side + pad, pad, width - side - 2 * pad, height - 2 * pad)
    return (0, 0, width, height - low), (pad, height - low + pad, width - 2 * pad, low - 2 * pad)
