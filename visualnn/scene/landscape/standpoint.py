"""From which side a relief is looked at first."""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.landscape.camera import HOME, Camera, view
from visualnn.scene.landscape.drape import LIFT, rope
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.marks import Marks
from visualnn.scene.landscape.picking import are_hidden
from visualnn.scene.landscape.relief import TALL, Relief

LOOKS = 200  # points of all paths that are looked for
ASIDE = 21  # points of the surface along a side that are looked for
DEEP = 1.15  # the lower a point, the more it is worth seeing; the highest ones a little
TURNS = (0.0, pi, pi / 2, -pi / 2)  # where all else is alike, from beyond the far end of both axes
ENOUGH = 0.05  # so much more must be seen for another turn to be worth it
SIZE = (900.0, 640.0)


def facing(relief: Relief, marks: Marks) -> Camera:
    """The camera at home, or a quarter or half turn from there where clearly more is seen of valleys and paths."""
    groups = [group for group in (_surface(relief), _paths(relief, marks)) if group[1].sum() > 0]
    best, most = HOME, -1.0
    for turn in TURNS if groups else ():
        camera = Camera(HOME.turn + turn, HOME.tilt, HOME.zoom)
        seen = view(camera, SIZE)
        shares = [float(weights @ ~are_hidden(relief, seen, points) / weights.sum()) for points, weights in groups]
        score = sum(shares) / len(shares)
        if score > most + (ENOUGH if turn else 0.0):
            best, most = camera, score
    return best


def _surface(relief: Relief) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    z = ground(relief)
    rows, columns = (np.linspace(0, length - 1, ASIDE).round().astype(np.intp) for length in z.shape)
    x, y = np.meshgrid(2 * columns / (z.shape[1] - 1) - 1, 2 * rows / (z.shape[0] - 1) - 1)
    points = np.column_stack([x.ravel(), y.ravel(), z[np.ix_(rows, columns)].ravel() + LIFT])
    points = points[np.isfinite(points).all(axis=1)]
    return points, (DEEP - points[:, 2] / TALL) ** 2


def _paths(relief: Relief, marks: Marks) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    parts = [rope(relief, trail).points for trail in marks.trails]
    points = np.concatenate(parts) if parts else np.zeros((0, 3))
    points = points[:: max(1, len(points) // LOOKS)]
    return points, np.ones(len(points))
