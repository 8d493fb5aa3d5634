"""Where a network's parts stand on a stage; `arrangement` finds these places.

All neurons of a column stand at the same distance, so that any of a million connections can be found by arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Network
from visualnn.scene.camera import HOME, Camera, Limits
from visualnn.scene.look import text_width
from visualnn.scene.pills import bezier as curve

Form = Literal["circle", "dot", "bar", "tile", "image"]

PILL_HEIGHT, PILL_WIDTH = 22.0, 52.0
NUMBER_RADIUS = 13.0  # from which a neuron can hold a number
SHARES = 84.0  # what the bars of the classes take to the right of the outputs
MOST_TILES = 34  # neurons in a column that are large enough for their maps
FIELD_PITCH = 9.0  # px from neuron to neuron up to which a connection is no more than a grain of a field
BAR_HALF = 4.5


@dataclass(frozen=True, slots=True)
class Manner:
    """How a network is to be laid out.

    `opened`: the columns that are not folded (None: as many as fit). `image`: rows and columns of the picture that the
    inputs are. `tiles`: every neuron shows its map, instead of its number where
    there is no room for both. `shares`: room for bars beside the outputs. `foot`: px taken below.
    """

    camera: Camera = HOME
    opened: tuple[int, ...] | None = None
    image: tuple[int, int] | None = None
    tiles: bool = False
    shares: bool = False
    foot: float = 0.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column of neurons, and the column of activation blocks right of it."""

    index: int
    x: float
    top: float  # where neuron 0 stands
    pitch: float
    units: int
    form: Form
    radius: float
    visible: range  # the neurons that are on the stage
    gate_x: float | None  # None: passes its sums on, or too small to draw
    gate_size: float
    across: int = 1  # neurons side by side: more than one in an image

    @property
    def half(self) -> float:
        """From the middle to where connections end."""
        if self.form == "image":
            return self.pitch * self.across / 2 + 6
        return max(BAR_HALF, self.radius) if self.form == "bar" else self.radius

    @property
    def exit_x(self) -> float:
        """Where outgoing connections start."""
        return self.x + self.half if self.gate_x is None else self.gate_x + self.gate_size / 2

    @property
    def entry_x(self) -> float:
        """Where incoming connections end."""
        return self.x - self.half

    @property
    def center_x(self) -> float:
        """The middle of neurons and blocks, where the column's head stands."""
        return self.x if self.gate_x is None else (self.x + self.gate_x) / 2

    @property
    def ys(self) -> NDArray[np.float64]:
        """Where every neuron stands."""
        return np.asarray(self.top + self.pitch * (np.arange(self.units) // self.across), dtype=np.float64)

    @property
    def bottom(self) -> float:
        """Where the last neuron stands."""
        return self.y_of(self.units - 1)

    def y_of(self, neuron: int) -> float:
        """Where a neuron stands."""
        return self.top + self.pitch * (neuron // self.across)

    def x_of(self, neuron: int) -> float:
        """Where a neuron stands."""
        return self.x + self.pitch * (neuron % self.across - (self.across - 1) / 2)

    def neuron_at(self, x: float, y: float) -> int | None:
        """The neuron that is drawn around a point; with pixels, the nearest one."""
        row = (y - self.top) / self.pitch
        reach = 0.5 if self.form in ("bar", "image") else min(0.5, max(self.radius, 4.0) / self.pitch)
        if abs(x - self.x) > max(self.half, 4.0) or abs(row - round(row)) > reach:
            return None
        side = round((x - self.x) / self.pitch + (self.across - 1) / 2) if self.across > 1 else 0
        neuron = round(row) * self.across + side
        inside = 0 <= side < self.across and round(row) >= 0 and neuron < self.units
        return neuron if inside else None


@dataclass(frozen=True, slots=True)
class Fold:
    """A card that stands for columns `first` to `last`."""

    first: int
    last: int
    x: float
    y: float

    @property
    def count(self) -> int:
        """How many columns are folded."""
        return self.last - self.first + 1


@dataclass(frozen=True, eq=False)
class Layout:
    """Positions of everything, in logical pixels; `scale` is that of the network, `head_scale` of what is around."""

    network: Network
    width: float
    height: float
    scale: float
    head_scale: float
    head_y: float
    foot_y: float
    columns: tuple[Column, ...]  # the open ones, in order
    folds: tuple[Fold, ...]
    manner: Manner
    limits: Limits
    clip: tuple[float, float]  # from which y to which the network is seen
    lowered: float  # how far below the middle of the stage the network's middle stands
    pills: dict[tuple[int, int, int], tuple[float, float]] = field(default_factory=dict)  # (layer, source, neuron)

    def column(self, index: int) -> Column | None:
        """An open column by its place in the network."""
        return next((column for column in self.columns if column.index == index), None)

    def is_biased(self, column: Column) -> bool:
        """Whether there is room for the biases of a column, down to the last one."""
        k = self.scale
        roomy = column.radius >= 18 * k and column.pitch >= 2 * column.radius + 30 * k
        end = self.foot_y - (46 if self.folds else 20) * self.head_scale
        free = not self.manner.camera.is_home or column.bottom + column.radius + 24 * k <= end
        return column.form == "circle" and roomy and free

    @property
    def tiled(self) -> bool:
        """Whether neurons show their maps instead of numbers."""
        return any(column.form == "tile" for column in self.columns)

    @property
    def gaps(self) -> tuple[tuple[int, Column, Column], ...]:
        """Layers whose connections are drawn: the layer, and the columns on both sides."""
        return tuple((a.index, a, b) for a, b in pairwise(self.columns) if b.index == a.index + 1)

    def is_coarse(self, left: Column, right: Column) -> bool:
        """Whether the neurons of a gap are too far apart for a field: its connections can be told apart."""
        return min(left.pitch, right.pitch) > FIELD_PITCH * self.scale

    def home(self, x: float, y: float) -> tuple[float, float]:
        """A point of the view as shares of the whole picture."""
        across, down = self.limits.stretch(self.manner.camera)
        height = self.height - self.manner.foot
        middle = height / 2 + self.lowered
        camera = self.manner.camera
        return camera.x + (x / self.width - 0.5) / across, camera.y + (y - middle) / height / down

    def seen(self, x: float, y: float) -> tuple[float, float]:
        """Where a share of the whole picture lies in the view."""
        across, down = self.limits.stretch(self.manner.camera)
        height = self.height - self.manner.foot
        camera = self.manner.camera
        return (
            (0.5 + (x - camera.x) * across) * self.width,
            height / 2 + self.lowered + (y - camera.y) * down * height,
        )

    def link(self, layer: int, source: int, neuron: int) -> tuple[float, float, float, float]:
        """Both ends of a connection: x, y, x, y. Raises KeyError if one of them is folded away."""
        left, right = self.column(layer), self.column(layer + 1)
        if left is None or right is None:
            raise KeyError((layer, source, neuron))
        return left.exit_x, left.y_of(source), right.entry_x, right.y_of(neuron)

    def pill_at(self, layer: int, source: int, neuron: int) -> tuple[float, float] | None:
        """Where a weight is written when it is pointed at; None if its connection is not drawn."""
        resting = self.pills.get((layer, source, neuron))
        if resting is not None:
            return resting
        try:
            return bezier(*self.link(layer, source, neuron), 0.5)
        except KeyError:
            return None


def bezier(x0: float, y0: float, x1: float, y1: float, s: float) -> tuple[float, float]:
    """The point at share s of a connection's curve."""
    x, y = curve((x0, y0, x1, y1), np.array([s]))[0]
    return float(x), float(y)


def fits(text: str, size: float, radius: float) -> bool:
    """Whether a text fits inside a neuron of this radius."""
    return text_width(text, size) <= 2 * radius - 8
