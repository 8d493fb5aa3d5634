"""What a network says for every point of a plane: coloured grids with contour lines.

Grids are (rows, columns) with the first row at the top.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from visualnn.nn import metrics
from visualnn.nn.maps import neuron_maps
from visualnn.nn.network import Matrix, Vector
from visualnn.project import Project
from visualnn.scene import look
from visualnn.scene.contours import contour, contour_levels

POINTS = 56  # the grid is 56 × 56, smoothly enlarged: 3.8 px from point to point in the largest map
CLASS_MARGIN = 0.075  # of the data's extent, shown all around them
NUMBER_MARGIN = 0.125
SPECK = 0.1  # of the map: contour lines that are shorter in all are left out
MAP_STRENGTH = 0.5  # how much of the sign's colour a map takes on where the value is ±1
MAP_BEND = 0.75  # below 1: small values show their sign early
LARGE = 100_000  # parameters from which a map has a quarter of the points
SHADES = 256
TILE_POINTS, TILE_STRENGTH = 48, 0.85  # of the maps of single neurons
BOUNDED = ("tanh", "sigmoid", "softmax", "hard_tanh", "hard_sigmoid")  # never beyond −1 … 1


@dataclass(frozen=True, slots=True)
class Plane:
    """The part of a plane that a map shows, and where in it the data lie."""

    left: float
    right: float
    bottom: float
    top: float
    data: tuple[float, float, float, float]  # left, right, bottom, top

    def shares(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (…, x and y) as shares of the way from left to right and from top to bottom."""
        return (points - (self.left, self.top)) / (self.right - self.left, self.bottom - self.top)

    def grid(self, points: int) -> tuple[Vector, Vector]:
        """Columns from left to right and rows from top to bottom, both edges included."""
        return np.linspace(self.left, self.right, points), np.linspace(self.top, self.bottom, points)


def plane_around(inputs: Matrix, margin: float) -> Plane:
    """The plane of two-column inputs, with `margin` of their extent all around."""
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    half = np.where(high > low, (high - low) / 2, 1.0)
    outer = np.column_stack([low - 2 * half * margin, high + 2 * half * margin])
    data = (float(low[0]), float(high[0]), float(low[1]), float(high[1]))
    return Plane(float(outer[0, 0]), float(outer[0, 1]), float(outer[1, 0]), float(outer[1, 1]), data)


def plane_of(project: Project) -> Plane | None:
    """The plane to draw: for two inputs, and one answer or two classes."""
    outputs = project.network.outputs
    if project.network.inputs != 2 or outputs > (2 if project.data.classification else 1):
        return None
    margin = CLASS_MARGIN if project.data.classification else NUMBER_MARGIN
    return plane_around(project.data.inputs, margin)


@dataclass(frozen=True, slots=True)
class Contour:
    """A value, and the segments (n, 2 ends, x and y) where it is reached, in shares of the map."""

    level: float
    segments: NDArray[np.float64]

    @property
    def length(self) -> float:
        """Of all segments together."""
        return float(np.linalg.norm(self.segments[:, 1] - self.segments[:, 0], axis=1).sum())


@dataclass(frozen=True, eq=False, slots=True)
class Map:
    """The picture for exactly one set of parameters."""

    pixels: NDArray[np.uint32]
    contours: tuple[Contour, ...]


def map_of(project: Project, parameters: Vector, plane: Plane, colors: look.Look) -> Map:
    """Two classes: coloured by certainty, with their boundary. Numbers: by size, with contours at round values.

    In single precision, which is enough for colours and for lines of a few pixels.
    """
    points = POINTS if project.network.parameter_count <= LARGE else POINTS // 2
    said = neuron_maps(project.network, parameters, *plane.grid(points), project.mask)[-project.network.outputs :]
    grid = answer(np.moveaxis(said.astype(np.float64), 0, -1))
    if project.data.classification:
        middle = 0.0 if project.network.outputs > 1 else metrics.decision(project.options.loss)
        levels: tuple[float, ...] = (middle,)
        values = 2 * (grid - middle) / (2 - 2 * middle)
    else:
        largest = float(np.abs(project.data.targets).max()) or 1.0
        values, levels = grid / largest, contour_levels(largest)
    contours = [Contour(level, contour(grid, level) / (points - 1)) for level in levels]
    return Map(map_pixels(values, colors), tuple(line for line in contours if line.length > SPECK))


def tiles(project: Project, parameters: Vector, plane: Plane, colors: look.Look) -> NDArray[np.uint32]:
    """What every neuron says all over the plane, (neurons, rows, columns), the inputs first, as 0xffRRGGBB.

    Each is coloured against its own largest value, but for those that cannot leave −1 … 1, and for the outputs of a
    classifier, which are coloured as the decision map is.
    """
    network, (xs, ys) = project.network, plane.grid(TILE_POINTS)
    found = np.empty((sum(network.sizes), TILE_POINTS, TILE_POINTS), dtype=np.float32)
    found[0], found[1] = np.broadcast_to(xs, found[0].shape), np.broadcast_to(ys[:, None], found[0].shape)
    found[2:] = neuron_maps(network, parameters, xs, ys, project.mask)
    top = np.nan_to_num(np.abs(found)).max(axis=(1, 2))
    bounded = np.repeat([name in BOUNDED for name in ("linear", *network.activations)], network.sizes)
    found /= np.where(bounded | ~(top > 0), 1.0, top).astype(np.float32)[:, None, None]
    if project.data.classification and bounded[-1]:
        found[-network.outputs :] = 2 * found[-network.outputs :] - 1
    places = np.clip(np.nan_to_num(found) * 0.5 + 0.5, 0, 1) * (SHADES - 1) + 0.5
    return np.asarray(shades(colors, TILE_STRENGTH)[places.astype(np.uint8)])


def answer(out: Matrix) -> Matrix:
    """One number for the outputs of each point: the only one, or how far class 1 is ahead of class 0."""
    return out[..., 0] if out.shape[-1] == 1 else out[..., 1] - out[..., 0]


@lru_cache(maxsize=4)
def shades(colors: look.Look, strength: float = MAP_STRENGTH) -> NDArray[np.uint32]:
    """0xffRRGGBB for values from −1 (orange) over 0 (the ground) to 1 (blue)."""
    ground = colors.mix("canvas", "raised", 0.5)
    values = np.linspace(-1, 1, SHADES).tolist()
    parts = [(colors["neg" if t < 0 else "pos"], abs(t) ** MAP_BEND * strength) for t in values]
    return np.array([0xFF000000 | look.blend(ground, ink, share) for ink, share in parts], dtype=np.uint32)


def map_pixels(values: Matrix, colors: look.Look) -> NDArray[np.uint32]:
    """A grid of values in −1 … 1 as pixels; what is beyond is cut, what is not a number is ground."""
    t = np.clip(np.where(np.isnan(values), 0.0, values), -1, 1)
    return shades(colors)[np.rint((t + 1) * ((SHADES - 1) / 2)).astype(np.intp)]
