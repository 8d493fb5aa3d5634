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
Kind = Literal["neuron", "gate", "weight", "bias"]


@dataclass(frozen=True, slots=True)
class Place:
    """Something in a network that can be pointed at. Column 0 is the input; a weight leads into (column, neuron)."""

    kind: Kind
    column: int
    neuron: int
    source: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Connections as curves whose handles are half the horizontal distance; all arrays have one entry a link."""

    start: NDArray[np.float64]  # (n, 2)
    end: NDArray[np.float64]  # (n, 2)
    width: NDArray[np.float64]
    color: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.width)


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


Item = Links | Box | Line | Glow | Text


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
    """Everything to paint, bottom first, and the spots that can be pointed at, topmost first."""

    width: float
    height: float
    items: tuple[Item, ...]
    spots: tuple[Spot, ...] = field(default=())

    def texts(self) -> list[str]:
        """All texts in painting order, for tests and screen readers."""
        return [item.text for item in self.items if isinstance(item, Text)]

    def at(self, x: float, y: float) -> Place | None:
        """What lies under a point."""
        return next((spot.place for spot in self.spots if spot.holds(x, y)), None)


def moved(frame: Frame, dx: float, dy: float) -> Frame:
    """The same frame shifted; used to put a network into a larger picture."""
    items = tuple(_moved(item, dx, dy) for item in frame.items)
    spots = tuple(replace(spot, x=spot.x + dx, y=spot.y + dy) for spot in frame.spots)
    return replace(frame, items=items, spots=spots)


def _moved(item: Item, dx: float, dy: float) -> Item:
    if isinstance(item, Links):
        by = np.array((dx, dy))
        return replace(item, start=item.start + by, end=item.end + by)
    if isinstance(item, Line):
        return replace(item, points=tuple((x + dx, y + dy) for x, y in item.points))
    return replace(item, x=item.x + dx, y=item.y + dy)
