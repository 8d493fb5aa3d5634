"""What a landscape is made of: a surface, the part of it that is looked at, and what its points stand for.

A terrain knows no path. Whoever has some asks for the part that shows them, with `framed`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape import plane
from visualnn.nn.landscape.grid import Heights
from visualnn.nn.landscape.ground import PICTURE_ROWS, Ground, sampled
from visualnn.nn.landscape.plane import Plane
from visualnn.nn.landscape.surfaces import CLASSICS, Classic
from visualnn.nn.landscape.window import Window, around
from visualnn.nn.network import Matrix, Vector

FORMULA = "formula"  # the kind of a classic surface; that of a network is its plane's
DIRECTIONS = 20_000  # a stream of random numbers of their own
HIGH = 10.0  # times the first loss: where a path is higher, the window does not follow it
RANDOM_WINDOW = Window(-1.0, 1.0, -1.0, 1.0)
MANY = 4_000_000  # rows × parameters from which a picture is made of some of the rows
NARROWEST = 1.5  # of weights: less is hardly a landscape

Way = tuple[Matrix, Vector]  # points (moments, 2) of a path, and the loss at each


@dataclass(frozen=True, eq=False)
class Terrain:
    """A surface over a window. Compared by identity."""

    title: str
    kind: str  # `FORMULA`, or one of `plane.KINDS`
    surface: Heights  # a `Classic`, or the `Ground` of a network
    names: tuple[str, str]  # of the axes
    window: Window
    here: tuple[float, float]  # where one stands: a classic's usual start, the network's own parameters
    plane: Plane | None = None  # of a network
    rows: tuple[int, int] | None = None  # looked at, of how many; None for a formula

    @property
    def is_exact(self) -> bool:
        """Whether everything that moves, moves in it, so that paths lie on it."""
        return self.plane is None or self.plane.is_exact

    @property
    def is_sampled(self) -> bool:
        """Whether its heights are those of some of the rows only."""
        return self.rows is not None and self.rows[0] < self.rows[1]

    def called(self, title: str, rows: int | None = None) -> Terrain:
        """The same under a title; `rows`: of how many it looks at some."""
        seen = self.rows
        return replace(self, title=title, rows=seen if rows is None or seen is None else (seen[0], rows))


def classic(name: str) -> Classic | None:
    """The surface of that name, if there is one; “Styblinski-Tang” is one too."""
    return CLASSICS.get(name.strip().lower().replace("-", "_").replace(" ", "_"))


def of_classic(name: str) -> Terrain:
    """A surface by formula, in its usual window. Raises `VisualNNError` where there is none of that name."""
    found = classic(name)
    if found is None:
        raise VisualNNError(f"There is no surface “{name}”; there are {', '.join(CLASSICS)}.")
    return Terrain(found.title, FORMULA, found, ("x", "y"), Window(*found.window), found.start)


def of_weights(task: Task, parameters: Vector, *, weights: tuple[int, int], names: tuple[str, str]) -> Terrain:
    """Two weights or biases of a network, by their places in the flat vector; all others as the parameters have them.

    The task has the rows that are looked at. Raises `VisualNNError` for what are not two of its parameters.
    """
    i, j = weights
    cut = plane.two_weights(task.network, parameters, i, j, names)
    return _of(task, cut, (float(parameters[i]), float(parameters[j])))


def of_path(task: Task, moments: Matrix) -> Terrain:
    """The main directions of a run, by its parameters (moments, parameters); (0, 0) is where it ends.

    Raises `VisualNNError` for a run that does not move.
    """
    cut = plane.of_path(moments)
    known = moments[np.isfinite(moments).all(axis=1)]
    made = _of(task, cut, (0.0, 0.0))
    return replace(made, window=around(plane.coordinates(cut, known)))


def at_random(task: Task, parameters: Vector, seed: int) -> Terrain:
    """Two random directions through the parameters. The seed is not what drew the first weights by it."""
    cut = plane.random(task.network, parameters, np.random.default_rng((DIRECTIONS, seed)))
    return replace(_of(task, cut, (0.0, 0.0)), window=RANDOM_WINDOW)


def _of(task: Task, cut: Plane, here: tuple[float, float]) -> Terrain:
    rows = (task.rows, task.rows)
    return Terrain("", cut.kind, Ground(task, cut), cut.names, around(np.array([here])), here, cut, rows)


def framed(terrain: Terrain, ways: Iterable[Way]) -> Terrain:
    """The same with the window that shows these paths, and where one stands.

    A surface by formula and random directions keep theirs. Where a path is far above its start nobody follows it.
    """
    if terrain.kind in (FORMULA, "random"):
        return terrain
    shown = [np.array([terrain.here]), *(calm(points, losses) for points, losses in ways)]
    return replace(terrain, window=around(np.vstack(shown)))


def roomy(terrain: Terrain) -> Terrain:
    """The same with a window that is not too small to be a landscape."""
    edges = terrain.window.x0, terrain.window.x1, terrain.window.y0, terrain.window.y1
    x, y = (max(0.0, NARROWEST - (high - low)) / 2 for low, high in (edges[:2], edges[2:]))
    x0, x1, y0, y1 = edges
    return replace(terrain, window=Window(x0 - x, x1 + x, y0 - y, y1 + y))


@np.errstate(all="ignore")
def calm(points: Matrix, losses: Vector) -> Matrix:
    """The points of a path but for those far above its start."""
    known = losses <= HIGH * losses[0]
    return np.asarray(points[known] if known.any() else points[:1])


def pictured(task: Task) -> Task:
    """The task with the rows that a picture is made of: some of them where all would take long."""
    return sampled(task, PICTURE_ROWS) if task.rows * task.network.parameter_count > MANY else task
