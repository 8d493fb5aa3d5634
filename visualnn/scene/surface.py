"""A function of two inputs as a surface seen from somewhere above, beyond the rows it has learned from too.

The floor is the square u, v ∈ [−1, 1]; the height h ∈ [−1, 1] stands for the lowest and the highest answer shown. A
point of that box is seen at x (to the right) and y (downwards) in units of half the floor's side, without perspective,
so that equal lengths look equal. Grids are (v, u), from low to high.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.data import RULES, Dataset
from visualnn.nn.maps import activations
from visualnn.nn.network import Matrix, Vector
from visualnn.project import Project
from visualnn.scene import look
from visualnn.scene.function import ticked
from visualnn.scene.maps import SHADES, Plane, plane_around, shades
from visualnn.scene.scales import Scale
from visualnn.scene.units import raw_answers, raw_inputs, seen_inputs

CELLS = 32  # along each side
STEP = 2  # lines of the grid from one strip of the picture to the next
STRIPS = CELLS // STEP
BEYOND = 0.5  # of the data's extent, shown on all sides: half of the cells along a side lie where the data lie
INNER = slice(CELLS // 4, CELLS - CELLS // 4 + 1)  # the grid lines there
HEADROOM = 0.25  # of the answers' extent, above and below, where no formula says how far they would go
TALL = 0.62  # the box, as a share of the floor's side
FLATTEST, STEEPEST = 0.12, 1.35
TURN_PER_PX = 0.011
STRENGTH = 0.9  # of the colour of the largest answer
FADED = 0.62  # how far what lies beyond the rows takes on the panel's colour
LIGHT = np.array([-0.45, 0.25, 0.86])  # from where it shines, of length 1
SHADE = 0.34  # how much darker is what is turned away from it

Pixels = NDArray[np.uint32]
Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Orbit:
    """From where the surface is seen: turned about the upright axis, then tilted towards the reader."""

    turn: float = 0.62
    tilt: float = 0.46

    def dragged(self, across: float, down: float) -> Orbit:
        """After so many pixels with the mouse."""
        turn = (self.turn - across * TURN_PER_PX + pi) % (2 * pi) - pi
        return Orbit(turn, min(max(self.tilt + down * TURN_PER_PX, FLATTEST), STEEPEST))

    def seen(self, u: Vector, v: Vector, h: Vector | float) -> Matrix:
        """Where points of the box are seen: (…, x and y)."""
        u, v = np.asarray(u, dtype=np.float64), np.asarray(v, dtype=np.float64)
        x = cos(self.turn) * u - sin(self.turn) * v
        y = -TALL * cos(self.tilt) * h - sin(self.tilt) * self.depth(u, v)
        return np.stack(np.broadcast_arrays(x, y), axis=-1)

    def depth(self, u: Vector, v: Vector) -> Vector:
        """How far from the reader a point of the floor is."""
        return np.asarray(sin(self.turn) * u + cos(self.turn) * v)

    @property
    def along_u(self) -> bool:
        """Whether a line of constant v runs across the picture, rather than into it."""
        return abs(cos(self.turn)) >= abs(sin(self.turn))

    def far_first(self, grid: NDArray[Number]) -> NDArray[Number]:
        """A (v, u, …) grid as lines that run across the picture, the farthest first."""
        if self.along_u:
            return grid[::-1] if cos(self.turn) > 0 else grid
        across = grid.swapaxes(0, 1)
        return across[::-1] if sin(self.turn) > 0 else across


@dataclass(frozen=True, eq=False, slots=True)
class Ground:
    """What stays while the network learns: the floor, the height axis, the rows and the right answers."""

    plane: Plane  # in the units of the data
    up: Scale
    largest: float  # the answer that has the full colour
    rule: Matrix | None  # the right answers over the grid, where a formula knows
    rows: Matrix  # (rows, u, v and h); empty where a formula knows
    learned: tuple[float, float, float, float]  # left, right, bottom and top of the rows, in the units of the data

    def heights(self, answers: Matrix) -> Matrix:
        """Answers as heights in the box; those beyond it lie on its lid or its floor."""
        return np.clip(2 * self.up.share(answers) - 1, -1, 1)


@dataclass(frozen=True, eq=False, slots=True)
class Surface:
    """What is said over the grid, for exactly one set of parameters."""

    ground: Ground
    said: Matrix  # (CELLS + 1, CELLS + 1)

    @property
    def is_finite(self) -> bool:
        """Whether there is a surface at all: a diverged network has none."""
        return bool(np.isfinite(self.said).all())


def ground_of(data: Dataset) -> Ground:
    """The box reaches beyond the rows to all sides; upwards as far as a formula goes there, or a little."""
    inputs, answers = raw_inputs(data, data.inputs), raw_answers(data, data.targets)[:, 0]
    plane = plane_around(inputs, BEYOND)
    rule = RULES[data.rule](_pairs(plane))[..., 0] if data.rule in RULES else None
    spare = HEADROOM * float(np.ptp(answers)) or 1.0
    low, high = float(answers.min()) - spare, float(answers.max()) + spare
    if rule is not None:
        low, high = float(rule.min()), float(rule.max())
    largest = float(np.abs(answers).max()) or 1.0
    ground = Ground(plane, ticked(low, high, 4), largest, rule, np.empty((0, 3)), plane.data)
    if rule is not None:
        return ground
    across, down = plane.shares(inputs).T
    rows = np.column_stack([2 * across - 1, 1 - 2 * down, ground.heights(answers)])
    return Ground(plane, ground.up, largest, None, rows, plane.data)


def _pairs(plane: Plane) -> NDArray[np.float64]:
    """The points of the grid, (v, u, both inputs)."""
    xs, ys = plane.grid(CELLS + 1)
    return np.stack(np.meshgrid(xs, ys[::-1]), axis=-1)


@np.errstate(all="ignore")  # a diverged network overflows
def surface_of(project: Project, parameters: Vector, ground: Ground) -> Surface:
    """What the network says all over the grid; in single precision, which is enough for a picture."""
    seen = seen_inputs(project.data, _pairs(ground.plane).reshape(-1, 2))
    out = activations(project.network, parameters, seen, project.mask)[-1].astype(np.float64)
    return Surface(ground, raw_answers(project.data, out[:, None]).reshape(CELLS + 1, CELLS + 1))


@lru_cache(maxsize=1)
def _sides() -> Vector:
    return np.linspace(-1, 1, CELLS + 1)


def points(orbit: Orbit, heights: Matrix) -> NDArray[np.float64]:
    """Where the points of a grid of heights are seen, (v, u, x and y)."""
    side = _sides()
    return orbit.seen(side[None, :], side[:, None], heights)


def strip_colors(surface: Surface, colors: look.Look, orbit: Orbit) -> tuple[Pixels, Pixels]:
    """A colour for each piece of each strip, the farthest strip first, as 0xffRRGGBB: as it is, and faded."""
    heights = surface.ground.heights(surface.said)
    said = (surface.said[1:, 1:] + surface.said[:-1, :-1]) / 2 / surface.ground.largest
    index = np.rint((np.clip(said, -1, 1) + 1) * ((SHADES - 1) / 2)).astype(np.intp)
    cells = _channels(shades(colors, STRENGTH)[index]) * _light(heights)[..., None]
    plain = orbit.far_first(cells).reshape(STRIPS, STEP, CELLS, 3).mean(axis=1)
    panel = _channels(np.array(colors["panel"], dtype=np.uint32))
    return _packed(plain), _packed(plain + (panel - plain) * FADED)


def _light(heights: Matrix) -> Matrix:
    """How bright each cell is, 1 at most."""
    side = 2 / CELLS
    across = TALL * (heights[1:, 1:] + heights[:-1, 1:] - heights[1:, :-1] - heights[:-1, :-1]) / (2 * side)
    along = TALL * (heights[1:, 1:] + heights[1:, :-1] - heights[:-1, 1:] - heights[:-1, :-1]) / (2 * side)
    facing = (LIGHT[2] - LIGHT[0] * across - LIGHT[1] * along) / np.sqrt(1 + across**2 + along**2)
    return np.asarray(1 - SHADE * (1 - np.clip(facing, 0, 1)))


def _channels(pixels: Pixels) -> NDArray[np.float64]:
    return np.stack([(pixels >> shift) & 255 for shift in (16, 8, 0)], axis=-1).astype(np.float64)


def _packed(channels: NDArray[np.float64]) -> Pixels:
    parts = channels.astype(np.uint32)
    return np.asarray(0xFF000000 | (parts[..., 0] << 16) | (parts[..., 1] << 8) | parts[..., 2])
