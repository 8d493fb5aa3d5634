"""Drawn strokes become pixels as those of the data were made.

The handwritten digits were normalised before their ink was counted, and a network that never saw anything else reads
nothing else. Measured on the 1,437 rows to learn from: every digit reaches from the first row to the last, is about 20
of 32 dots wide, has as much ink as any other (30 % of the dots, also a 1), and stands upright. So a drawing is set
upright, box-fit into that room, centred, drawn again with the pen that gives this much ink, and counted in blocks of
4 × 4 dots. Of 1,667 scanned digits of other writers the built-in network reads 79 % where they are brought into this
form, and 51 % where they are only fitted into the square and centred.

Strokes are in shares of the pad's side, x to the right and y down; dots are those of the bitmap that is counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.data import Dataset
from visualnn.nn.network import Matrix, Vector

BRUSH = 30 / 256  # the width of a stroke on the pad
RUBBER = 44 / 256  # of one that erases
BLOCK = 4  # dots of a pixel's side
WIDE = 19 / 32  # of the bitmap's width for a drawing
INK = 0.305  # of all dots
FIRST_RADIUS = 2.0  # dots from the middle of a stroke to its edge, to begin with
THINNEST, THICKEST = 1.0, 5.0
MOST_SLANT = 0.7  # dots aside for each dot down that are set upright
MOST_STRETCH = 1.3  # how much more a drawing may grow across than down
MOST_GROWTH = 4.0  # a drawing a quarter of the pad high fills the bitmap, a smaller one does not
SPACING = 0.01  # between two points of a stroke
FINE = 2  # points of the grid on which distances are measured, across a dot
TOLERANCE = 1e-6  # of a count
RUBBING = 64  # of the grid on which is erased, across the pad

Bits = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Stroke:
    """What was drawn, or erased, without lifting the pen."""

    points: Matrix  # (points, 2)
    erases: bool = False


@dataclass(frozen=True, eq=False)
class Drawing:
    """Strokes in their order, and what they left: the middle lines as close points, without those erased later."""

    strokes: tuple[Stroke, ...] = ()
    points: Matrix = field(default_factory=lambda: np.empty((0, 2)))

    def with_stroke(self, stroke: Stroke) -> Drawing:
        """The drawing with one more."""
        points = _close(stroke.points)
        left = _erased(self.points, points) if stroke.erases else np.concatenate([self.points, points])
        return Drawing((*self.strokes, stroke), left)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is left of what was drawn."""
        return not len(self.points)


def pixels(drawing: Drawing, image: tuple[int, int]) -> Vector:
    """The drawing as a row of inputs from 0 to 1, for pictures of so many rows and columns."""
    rows, columns = image
    counts = bitmap(drawing, image).reshape(rows, BLOCK, columns, BLOCK).sum(axis=(1, 3))
    return np.asarray(counts / BLOCK**2).reshape(-1)


def bitmap(drawing: Drawing, image: tuple[int, int]) -> Bits:
    """The dots that are counted, (4 · rows, 4 · columns); none if nothing is drawn."""
    shape = (image[0] * BLOCK, image[1] * BLOCK)
    if drawing.is_blank:
        return np.zeros(shape, dtype=np.bool_)
    points = upright(drawing.points)
    radius = _radius(_distances(placed(points, shape, FIRST_RADIUS), shape))
    return np.asarray(_distances(placed(points, shape, radius), shape) <= radius)


def upright(points: Matrix) -> Matrix:
    """The same, sheared so that what is further down is not further to a side."""
    around = points - points.mean(axis=0)
    down = float((around[:, 1] ** 2).sum())
    slant = float((around[:, 0] * around[:, 1]).sum()) / down if down > 0 else 0.0
    return np.column_stack([around[:, 0] - np.clip(slant, -MOST_SLANT, MOST_SLANT) * around[:, 1], around[:, 1]])


def placed(points: Matrix, shape: tuple[int, int], radius: float) -> Matrix:
    """The points in dots, so that with a pen of that radius they fill the room of a drawing, in the middle of it."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([shape[1] * WIDE, shape[0]]) - 2 * radius
    across, down = room / np.maximum(high - low, 1e-9)
    down = min(down, MOST_GROWTH * shape[0])
    across = min(across, MOST_STRETCH * down)
    return np.asarray((points - (low + high) / 2) * (across, down) + (shape[1] / 2, shape[0] / 2))


def _radius(distances: Matrix) -> float:
    """The pen with which so much is ink."""
    return float(np.clip(np.quantile(distances, INK), THINNEST, THICKEST))


def _distances(points: Matrix, shape: tuple[int, int], fine: int = FINE) -> Matrix:
    """How far the middle of each dot is from the nearest point; in two passes, first along the rows."""
    height, width = shape[0] * fine, shape[1] * fine
    taken = np.zeros((height, width), dtype=np.bool_)
    column, row = np.clip(points * fine, 0, (width - 1, height - 1)).astype(np.intp).T
    taken[row, column] = True
    across, down = _squares(shape[1], fine), _squares(shape[0], fine)
    rows = np.flatnonzero(taken.any(axis=1))
    beside = np.where(taken[rows, None, :], across, np.inf).min(axis=2)  # (rows, columns of dots)
    return np.asarray(np.sqrt((down[:, rows, None] + beside).min(axis=1)))


def _squares(dots: int, fine: int) -> Matrix:
    """The squared distances between the dots and the points of the grid along one side, (dots, points)."""
    grid = (np.arange(dots * fine) + 0.5) / fine
    return np.asarray((np.arange(dots)[:, None] + 0.5 - grid) ** 2)


def _close(points: Matrix) -> Matrix:
    """The points with others between them, none further apart than `SPACING`."""
    steps = np.diff(points, axis=0)
    parts = np.maximum(np.ceil(np.hypot(steps[:, 0], steps[:, 1]) / SPACING), 1).astype(np.intp)
    which = np.repeat(np.arange(len(steps)), parts)
    share = (np.arange(len(which)) - np.repeat(np.cumsum(parts) - parts, parts) + 1) / parts[which]
    return np.concatenate([points[:1], points[which] + steps[which] * share[:, None]])


def _erased(points: Matrix, rubber: Matrix) -> Matrix:
    """The points that the rubber has not come over, to a percent of the side."""
    side = (RUBBING, RUBBING)
    near = _distances(rubber * RUBBING, side, fine=1) <= RUBBER / 2 * RUBBING
    column, row = np.clip(points * RUBBING, 0, RUBBING - 1).astype(np.intp).T
    return np.asarray(points[~near[row, column]])


def is_counted(data: Dataset) -> bool:
    """Whether the rows are pictures of counted ink, so that what is drawn can be made to look like them."""
    if data.image is None or not data.rows:
        return False
    counts = raw(data, data.inputs) * BLOCK**2
    whole = np.abs(counts - np.round(counts)) < TOLERANCE
    return bool(whole.all() and counts.min() > -TOLERANCE and counts.max() < BLOCK**2 + TOLERANCE)


def raw(data: Dataset, inputs: Matrix) -> Matrix:
    """Pixels as they were before the columns were scaled."""
    return inputs if data.scaling is None else data.scaling.undo(inputs)


def as_sample(data: Dataset, drawn: Vector) -> Vector:
    """Drawn pixels as the network gets them."""
    return drawn if data.scaling is None else data.scaling.apply(drawn)
