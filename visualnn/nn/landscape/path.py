"""A path over a surface, with the true height of each of its points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.plane import coordinates
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.training import Stop


@dataclass(frozen=True, eq=False)
class Path:
    """Where a run has been. Compared by identity; the arrays are read-only.

    `losses` are true: those of the parameters that the run had. `floors` are the heights of the surface under these
    points; the same on an exact surface.
    """

    points: Matrix  # (moments, 2), in the coordinates of the plane
    losses: Vector  # (moments,), over all rows
    floors: Vector  # (moments,)
    stop: Stop = Stop.DONE

    def __post_init__(self) -> None:
        for array in (self.points, self.losses, self.floors):
            array.setflags(write=False)

    @property
    def stalks(self) -> Vector:
        """How far the ball is above the surface, or with a minus below it."""
        return np.asarray(self.losses - self.floors)

    def first_below(self, level: float) -> int | None:
        """The first moment whose loss is below a level."""
        below = np.flatnonzero(self.losses < level)
        return int(below[0]) if below.size else None


@np.errstate(all="ignore")  # a run may have diverged
def shadow(ground: Ground, parameters: Matrix) -> Path:
    """The path of a run, (moments, parameters), over a plane that it need not lie in: the nearest points to it."""
    points = coordinates(ground.plane, parameters)
    losses = np.array([ground.loss(moment) for moment in parameters])
    if ground.plane.is_exact and _is_inside(ground, parameters, points):
        return Path(points, losses, losses.copy())
    return Path(points, losses, ground.heights(points[:, 0].copy(), points[:, 1].copy()))


def _is_inside(ground: Ground, parameters: Matrix, points: Matrix) -> bool:
    """Whether the points are these parameters to the bit."""
    plane = ground.plane
    there = (plane.origin + points[:, :1] * plane.u) + points[:, 1:] * plane.v
    return np.array_equal(there, parameters)
