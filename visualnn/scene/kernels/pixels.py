"""Ink becomes pixels: colours mixed, columns turned into rows."""

from __future__ import annotations

import numpy as np
from numba import njit, types

WIDE, HIGH = 32, 128  # pixels of a tile, which stays in the processor's cache
HALF = np.float32(0.5)
OPAQUE = np.uint32(0xFF000000)

INK = types.Array(types.float32, 3, "C", readonly=True)
COLOURS = types.Array(types.float32, 2, "C", readonly=True)


@njit(
    types.void(types.intp, types.intp, INK, COLOURS, types.uint32[:, ::1]),
    nogil=True,
    cache=True,
    fastmath={"contract", "nsz"},
    error_model="numpy",
)
def resolve(first, last, ink, colours, out):
    """Pixel rows [first, last). `colours`: the ground's red, green, blue, and what full ink of either sign adds."""
    width = ink.shape[0]
    (r, g, b), (r1, g1, b1), (r2, g2, b2) = colours[0], colours[1], colours[2]
    tile = np.empty((WIDE, HIGH), np.uint32)
    for top in range(first, last, HIGH):
        rows = min(HIGH, last - top)
        for left in range(0, width, WIDE):
            columns = min(WIDE, width - left)
            for x in range(columns):
                amounts, line = ink[left + x, top : top + rows], tile[x]
                for y in range(rows):
                    p, n = amounts[y, 0], amounts[y, 1]
                    red = np.uint32(np.int32(r + p * r1 + n * r2 + HALF))
                    green = np.uint32(np.int32(g + p * g1 + n * g2 + HALF))
                    blue = np.uint32(np.int32(b + p * b1 + n * b2 + HALF))
                    line[y] = OPAQUE | red << np.uint32(16) | green << np.uint32(8) | blue
            for y in range(rows):
                pixels = out[top + y, left : left + columns]
                for x in range(columns):
                    pixels[x] = tile[x, y]
