"""A small map of the plane, quickly made: for many networks beside each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn import metrics
from visualnn.nn.network import Vector
from visualnn.project import Project
from visualnn.scene import look
from visualnn.scene.contours import contour, joined
from visualnn.scene.maps import Plane, answer, map_pixels

POINTS = 32  # a side; a map has at most 88 px
Line = NDArray[np.float64]  # (points, x and y) in shares of the map


@dataclass(frozen=True, eq=False, slots=True)
class Glance:
    """The colours for one set of parameters, and for two classes their boundary."""

    pixels: NDArray[np.uint32]
    boundary: tuple[Line, ...] = ()


def glance(project: Project, parameters: Vector, plane: Plane, colors: look.Look) -> Glance:
    """Classes are coloured by certainty, numbers by size, as in the large map."""
    data, network = project.data, project.network
    grid = answer(metrics.plane(network, parameters, *plane.grid(POINTS), project.mask))
    if not data.classification:
        return Glance(map_pixels(grid / (float(np.abs(data.targets).max()) or 1.0), colors))
    middle = 0.0 if network.outputs > 1 else metrics.decision(project.options.loss)
    lines = joined(contour(grid, middle) / (POINTS - 1))
    return Glance(map_pixels(2 * (grid - middle) / (2 - 2 * middle), colors), tuple(map(np.asarray, lines)))
