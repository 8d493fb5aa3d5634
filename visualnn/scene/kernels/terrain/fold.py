"""Four pixels become one."""

from __future__ import annotations

import numpy as np
from numba import njit, types

OPAQUE, BYTE, TWO = np.uint32(0xFF000000), np.uint32(255), np.uint32(2)
GREEN, RED = np.uint32(8), np.uint32(16)


@njit(
    types.void(types.intp, types.intp, types.Array(types.uint32, 2, "C", readonly=True), types.uint32[:, ::1]),
    nogil=True,
    cache=True,
    error_model="numpy",
)
def halved(first, last, fine, out):
    """Rows [first, last) of a picture half as wide and high, every pixel the mean of four."""
    for y in range(first, last):
        for x in range(out.shape[1]):
            a, b, c, d = fine[2 * y, 2 * x], fine[2 * y, 2 * x + 1], fine[2 * y + 1, 2 * x], fine[2 * y + 1, 2 * x + 1]
            red = ((a >> RED) & BYTE) + ((b >> RED) & BYTE) + ((c >> RED) & BYTE) + ((d >> RED) & BYTE)
            green = ((a >> GREEN) & BYTE) + ((b >> GREEN) & BYTE) + ((c >> GREEN) & BYTE) + ((d >> GREEN) & BYTE)
            blue = (a & BYTE) + (b & BYTE) + (c & BYTE) + (d & BYTE)
            red, green, blue = (red + TWO) >> TWO, (green + TWO) >> TWO, (blue + TWO) >> TWO
            out[y, x] = OPAQUE | (red << RED) | (green << GREEN) | blue
