"""What is drawn upon a relief, as values; all points are those of its window, all heights are losses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn.network import Matrix, Vector
from visualnn.scene.look import RGB


@dataclass(frozen=True, eq=False)
class Trail:
    """A path: points (n, 2) and the true loss at each; a ball with the letter is at its end, unless it has none."""

    points: Matrix
    losses: Vector
    color: RGB
    name: str = ""
    letter: str = ""
    floors: Vector | None = None  # the surface's true heights there; None: as it is drawn

    @property
    def height(self) -> float:
        """The true loss where the ball is."""
        return float(self.losses[-1])


@dataclass(frozen=True, slots=True)
class Minimum:
    """A known lowest point."""

    x: float
    y: float
    loss: float


@dataclass(frozen=True, slots=True)
class Slope:
    """The gradient at a point, and which part of it, by its square, leads out of the plane (None: no other weights)."""

    x: float
    y: float
    gradient: tuple[float, float]
    outside: float | None = None
    others: int = 0  # how many more directions there are


@dataclass(frozen=True, slots=True)
class Moment:
    """What an optimizer remembers at a point: where its velocity alone would lead, and how it treats each weight."""

    x: float
    y: float
    velocity: tuple[float, float] | None = None  # the way that memory alone takes in the next update; None: no memory
    rates: tuple[float, float] | None = None  # the rate of each weight; None: both have the same


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """All of them."""

    trails: tuple[Trail, ...] = ()
    minima: tuple[Minimum, ...] = ()
    slope: Slope | None = None
    moment: Moment | None = None  # of the selected runner
    start: tuple[float, float, float] | None = None  # x, y and the loss there
    selected: int | None = None  # which of the trails is looked at
    pointed: tuple[float, float] | None = None  # under the pointer: on the surface and on the map


NOTHING = Marks()


def trail(points: Matrix, losses: Vector, color: RGB, name: str = "", *, floors: Vector | None = None) -> Trail:
    """A path whose ball bears the first letter of its name."""
    made = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    return Trail(made, np.asarray(losses, dtype=np.float64).reshape(-1), color, name, name[:1].upper(), floors)
