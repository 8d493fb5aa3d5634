"""What of a gradient lies in a plane, and what of it leads out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn.landscape.plane import Plane, shadows
from visualnn.nn.network import Vector


@dataclass(frozen=True, slots=True)
class Slope:
    """A gradient seen from a plane."""

    along: tuple[float, float]  # its shadow on the plane, in the plane's coordinates
    inside: float  # the length of the shadow, among all parameters
    outside: float  # the length of what leads out of the plane
    directions: int  # how many more there are than the plane's two

    @property
    def share_outside(self) -> float:
        """Which part of the gradient, by its square, leads out of the plane; 0 where there is no slope at all."""
        longest = max(self.inside, self.outside)
        if not longest > 0:
            return 0.0
        inside, outside = self.inside / longest, self.outside / longest
        return outside**2 / (inside**2 + outside**2)


@np.errstate(all="ignore")  # a diverged network has no gradient
def slope(plane: Plane, gradient: Vector) -> Slope:
    """A gradient, flat as the parameters are, split at a plane."""
    size = float(np.abs(gradient).max()) or 1.0  # so that no square overflows
    x, y = shadows(plane, gradient[None] / size)[0]
    shadow = x * plane.u + y * plane.v
    inside, outside = np.linalg.norm(shadow), np.linalg.norm(gradient / size - shadow)
    along = float(x * size), float(y * size)
    return Slope(along, float(inside * size), float(outside * size), gradient.size - 2)
