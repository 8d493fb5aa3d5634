"""What stands in whose light: soft shadows, and how much of the sky a point sees."""

from __future__ import annotations

import math

import numpy as np
from numba import njit, types

STEPS, STEP = 64, 1.5  # towards the sun, in cells of the field
SOFT = 0.12  # of the sun's slope, on both sides of a shadow's edge
WAYS, REACHES = 12, (2, 4, 7, 12, 20)  # in cells
ANGLES = np.arange(WAYS)[:, None] * (2 * math.pi / WAYS)
AROUND = np.rint(np.stack([np.cos(ANGLES), np.sin(ANGLES)], -1) * np.array(REACHES)[:, None] * 0.999).astype(np.int64)
DIM, NIGHT = 0.42, 0.5  # what is left without sun, and without sky


@njit(
    types.void(
        types.intp,
        types.intp,
        types.Array(types.float32, 2, "C", readonly=True),
        types.float64,
        types.Array(types.float64, 1, "C", readonly=True),
        types.float32[:, ::1],
    ),
    nogil=True,
    cache=True,
    fastmath={"contract", "nsz", "arcp", "reassoc"},
    error_model="numpy",
)
def lit(first, last, z, cell, sun, out):
    """Rows [first, last): the light on a field of heights whose cells are `cell` wide; the sun shines from `sun`."""
    rows, columns = z.shape
    flat = math.sqrt(sun[0] * sun[0] + sun[1] * sun[1])
    ux, uy, slope = sun[0] / flat * STEP, sun[1] / flat * STEP, sun[2] / flat
    for i in range(first, last):
        for j in range(columns):
            here, steepest = z[i, j], -9.0
            for k in range(1, STEPS):
                x, y = j + ux * k, i + uy * k
                if x < 0 or y < 0 or x >= columns - 1 or y >= rows - 1:
                    break
                c, r = int(x), int(y)
                a, b = x - c, y - r
                upper, lower = z[r, c] * (1 - a) + z[r, c + 1] * a, z[r + 1, c] * (1 - a) + z[r + 1, c + 1] * a
                steepest = max(steepest, (upper * (1 - b) + lower * b - here) / (k * STEP * cell))
            sunny = 1 - min(1.0, max(0.0, (steepest - slope + SOFT) / (2 * SOFT)))
            sky = 0.0
            for way in range(WAYS):
                wall = 0.0
                for at, reach in enumerate(REACHES):
                    c, r = j + AROUND[way, at, 0], i + AROUND[way, at, 1]
                    if 0 <= c < columns and 0 <= r < rows:
                        wall = max(wall, (z[r, c] - here) / (reach * cell))
                sky += 1 - wall / math.sqrt(1 + wall * wall)
            out[i, j] = (DIM + (1 - DIM) * sunny) * (NIGHT + (1 - NIGHT) * sky / WAYS)
