"""The surfaces that optimizers are raced on: where each is looked at, where its minima are, where a descent starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np

from visualnn.nn.landscape import formulas
from visualnn.nn.landscape.formulas import Numbers

Formula = Callable[[Numbers, Numbers], Numbers]
Slopes = Callable[[Numbers, Numbers], tuple[Numbers, Numbers]]
Place = tuple[float, float]
Minimum = tuple[float, float, float]  # x, y, loss


@dataclass(frozen=True, eq=False)
class Classic:
    """A surface by formula. `minima` are those in the window, also the ones that trap."""

    name: str
    title: str
    f: Formula
    gradient: Slopes
    minima: tuple[Minimum, ...]
    window: tuple[float, float, float, float]  # x from … to, y from … to
    start: Place
    rate: float  # of plain SGD, at which something is seen

    @property
    def epoch_length(self) -> int:
        """Every update is a whole pass: there are no rows."""
        return 1

    @np.errstate(all="ignore")  # far out everything overflows
    def heights(self, xs: Numbers, ys: Numbers) -> Numbers:
        """The losses at these points."""
        return np.asarray(self.f(np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)))

    @np.errstate(all="ignore")
    def slopes(self, x: float, y: float) -> Numbers:
        """The two slopes at a point."""
        return np.array(self.gradient(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)))

    @np.errstate(all="ignore")
    def loss_and_slopes(self, point: Numbers, _update: int = 0) -> tuple[float, Numbers]:
        """What a descent asks at a point; in plain floats, which are the same to the bit and faster."""
        x, y = point.tolist()
        return float(self.f(x, y)), np.array(self.gradient(x, y), dtype=np.float64)


WELLS = (-2.903534027771177, 2.7468027709908367)  # of Styblinski and Tang's function, in each direction
HOLLOWS = (-3.7793102533777469, -3.2831859912861696), (-2.805118086952745, 3.131312518250573)  # Himmelblau's, and …
CORNERS = (3.0, 2.0), (3.5844283403304917, -1.8481265269644034)
HOLES = (-0.15701716447606415, 0.0), (2.0, 0.0), (4.373222198604081, 0.0)  # of the sine neuron
TABLE: tuple[tuple[str, str, tuple[Place, ...], tuple[float, float, float, float], Place, float], ...] = (
    ("bowl", "Bowl: two weights that add", ((1, 1),), (-1.5, 3.5, -1.5, 3.5), (-1.0, 2.5), 0.05),
    ("valley", "Valley: one ReLU neuron", ((0.5, 2), (1, 1), (2, 0.5)), (-1, 3, -1, 3), (0.5, 0.5), 0.01),
    ("twins", "Twins: two tanh neurons", ((0.5, 3), (3, 0.5)), (-1.5, 4.5, -1.5, 4.5), (-1.0, 1.2), 0.5),
    ("sine", "Sine neuron: three different ends", HOLES, (-1.5, 6, -2, 2), (3.2, 0.0), 0.05),
    (
        "double_well",
        "Double well",
        ((-1.346997408527774, 0), (1.47299760111403, 0)),
        (-2.5, 2.5, -2, 2),
        (-2.2, 0.0),
        0.05,
    ),
    ("saddle", "Saddle", ((0, -sqrt(2)), (0, sqrt(2))), (-2, 2, -2, 2), (-1.5, 1e-4), 0.01),
    ("ravine", "Ravine", ((0, 0),), (-10, 4, -3, 3), (-8.0, 1.5), 0.9),
    ("plateau", "Plateau: a neuron that is sure and wrong", (), (-10, 4, -10, 4), (-8.0, 0.0), 1.0),
    ("rosenbrock", "Rosenbrock’s valley", ((1, 1),), (-2, 2, -1, 3), (-1.2, 1.0), 0.001),
    ("beale", "Beale’s function", ((3, 0.5),), (-1, 4.5, -1.5, 2), (1.0, 1.5), 0.02),
    ("himmelblau", "Himmelblau’s function: four minima", HOLLOWS + CORNERS, (-5, 5, -5, 5), (-0.5, -1.0), 0.01),
    (
        "styblinski_tang",
        "Styblinski–Tang: three traps",
        tuple((x, y) for x in WELLS for y in WELLS),
        (-5, 5, -5, 5),
        (4.0, 4.0),
        0.02,
    ),
    (
        "rastrigin",
        "Rastrigin’s egg box: nobody arrives",
        ((0, 0),),
        (-5, 5, -5, 5),
        (-3.2, 2.3),
        0.002,
    ),
    ("ackley", "Ackley’s ripples: nobody arrives", ((0, 0),), (-5, 5, -5, 5), (-3.0, 2.5), 0.05),
)


def _classic(
    name: str,
    title: str,
    places: tuple[Place, ...],
    window: tuple[float, float, float, float],
    start: Place,
    rate: float,
) -> Classic:
    f, gradient = getattr(formulas, name), getattr(formulas, f"{name}_slopes")
    minima = tuple((float(x), float(y), float(f(np.float64(x), np.float64(y)))) for x, y in places)
    return Classic(name, title, f, gradient, minima, window, start, rate)


CLASSICS: dict[str, Classic] = {row[0]: _classic(*row) for row in TABLE}
