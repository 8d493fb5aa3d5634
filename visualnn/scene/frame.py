"""What to paint at one moment: a list of shapes and texts in painting order, and what lies where for the pointer.

All lengths are logical pixels, x to the right, y down; colours are 0xRRGGBB and always opaque.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.look import RGB

Align = Literal["left", "center", "right"]
Kind = Literal["neuron", "gate", "weight", "bias", "target", "fold"]


@dataclass(frozen=True, slots=True)
class Place:
    """Something in a network that can be pointed at. Column 0 is the input; a weight leads into (column, neuron).

    A target is what the output `neuron` should be. A fold stands for the columns from `column` to `neuron`.
    """

    kind: Kind
    column: int
    neuron: int
    source: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Connections of one gap as curves whose handles are half the horizontal distance; arrays have one entry a link.

    A colour is that of the `sign`, `strength` of it over the canvas.
    """

    layer: int
    source: NDArray[np.intp]
    neuron: NDArray[np.intp]
    x0: float
    x1: float
    y0: NDArray[np.float32]
    y1: NDArray[np.float32]
    width: NDArray[np.float32]
    color: NDArray[np.uint32]
    sign: NDArray[np.int8]
    strength: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.width)


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """All connections of a gap at once: at every pixel the strongest one that passes there, the weak ones faint.

    Neuron k stands at `first` + k·`step`, on the left and on the right.
    """

    x0: float
    x1: float
    weights: NDArray[np.float32]  # (left, right)
    first: tuple[float, float]
    step: tuple[float, float]
    scale: float  # the weight that has the full strength
    amount: float  # how strong that is, of the sign's colour over the canvas


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """Discs below each other, too small for numbers."""

    x: float
    ys: NDArray[np.float64]
    radius: float
    fill: NDArray[np.uint32]
    edge: NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Pixels:
    """A small picture, 0xffRRGGBB, enlarged into a rectangle around a centre; `cell` > 0 draws its pixels as tiles."""

    x: float
    y: float
    width: float
    height: float
    colors: NDArray[np.uint32]  # (rows, columns)
    radius: float = 0.0
    edge: RGB | None = None
    edge_width: float = 1.0
    smooth: bool = False
    cell: float = 0.0  # px from tile to tile


@dataclass(frozen=True, slots=True)
class Box:
    """A rounded rectangle around a centre; with radius = height/2 a pill or a disc."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    fill: RGB | None = None
    edge: RGB | None = None
    edge_width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A polyline."""

    points: tuple[tuple[float, float], ...]
    color: RGB
    width: float = 1.0
    dash: tuple[float, float] | None = None  # on and off, in px
    drift: float = 0.0  # px that the dashes have moved along the line


@dataclass(frozen=True, slots=True)
class Arrow:
    """A filled arrow head; (dx, dy) of length 1 is where it points to, (x, y) its middle."""

    x: float
    y: float
    dx: float
    dy: float
    length: float
    width: float
    color: RGB


@dataclass(frozen=True, slots=True)
class Glow:
    """Light around a rounded rectangle, fading out over `reach`."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    reach: float
    color: RGB
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; y is the middle of its capitals."""

    x: float
    y: float
    text: str
    size: float
    weight: int
    color: RGB
    align: Align = "center"


@dataclass(frozen=True, slots=True, eq=False)
class Sparks:
    """Points of light that run along connections, coloured by what they carry."""

    points: NDArray[np.float64]  # (n, 2)
    sign: NDArray[np.int8]
    radius: float
    positive: RGB
    negative: RGB


Ground = Links | Field
Item = Box | Line | Arrow | Glow | Text | Dots | Pixels | Sparks


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something can be hit: an ellipse-free rectangle around a centre."""

    place: Place
    x: float
    y: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return abs(x - self.x) <= self.width / 2 and abs(y - self.y) <= self.height / 2


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Everything to paint, bottom first, and the spots, topmost first.

    `trails` lie on the connections and beneath neurons and labels, `moving` lies above all.
    """

    width: float
    height: float
    ground: tuple[Ground, ...]
    items: tuple[Item, ...]
    around: tuple[Item, ...] = ()
    moving: tuple[Item, ...] = ()
    spots: tuple[Spot, ...] = field(default=())
    trails: tuple[Item, ...] = ()
    clip: tuple[float, float] | None = None  # from which y to which neurons and connections are seen

    def texts(self) -> list[str]:
        """All texts in painting order, for tests and screen readers."""
        return [item.text for item in (*self.items, *self.around, *self.moving) if isinstance(item, Text)]

    def at(self, x: float, y: float) -> Place | None:
        """What lies under a point."""
        return next((spot.place for spot in self.spots if spot.holds(x, y)), None)


def moved(frame: Frame, dx: float, dy: float) -> Frame:
    """The same frame shifted; used to put a network into a larger picture."""
    return replace(
        frame,
        ground=tuple(_moved_ground(item, dx, dy) for item in frame.ground),
        items=tuple(_moved(item, dx, dy) for item in frame.items),
        around=tuple(_moved(item, dx, dy) for item in frame.around),
        moving=tuple(_moved(item, dx, dy) for item in frame.moving),
        trails=tuple(_moved(item, dx, dy) for item in frame.trails),
        spots=tuple(replace(spot, x=spot.x + dx, y=spot.y + dy) for spot in frame.spots),
    )


def _moved_ground(item: Ground, dx: float, dy: float) -> Ground:
    there = replace(item, x0=item.x0 + dx, x1=item.x1 + dx)
    if isinstance(there, Field):
        return replace(there, first=(there.first[0] + dy, there.first[1] + dy))
    return replace(there, y0=there.y0 + np.float32(dy), y1=there.y1 + np.float32(dy))


def _moved(item: Item, dx: float, dy: float) -> Item:
    if isinstance(item, Line):
        return replace(item, points=tuple((x + dx, y + dy) for x, y in item.points))
    if isinstance(item, Dots):
        return replace(item, x=item.x + dx, ys=item.ys + dy)
    if isinstance(item, Sparks):
        return replace(item, points=item.points + np.array((dx, dy)))
    return replace(item, x=item.x + dx, y=item.y + dy)
