"""Four pixels become one, and one four."""

from __future__ import annotations

import numpy as np
from numba import njit, types

OPAQUE, BYTE, TWO = np.uint32(0xFF000000), np.uint32(255), np.uint32(2)
GREEN, RED = np.uint32(8), np.uint32(16)
ODD, THREE, FOUR, EIGHT, EIGHTS = np.uint32(0xFF00FF), np.uint32(3), np.uint32(4), np.uint32(8), np.uint32(0x80008)
HIGH = np.uint64(32)


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


@njit(nogil=True, cache=True, error_model="numpy")
def _weighted(near, far, out):
    """Three parts of one row and one of another: red and blue, and below them green, in fields of 16 bits."""
    n = near.shape[0]
    for x in range(n):
        out[0, x] = THREE * (near[x] & ODD) + (far[x] & ODD)
        out[1, x] = THREE * ((near[x] >> GREEN) & BYTE) + ((far[x] >> GREEN) & BYTE)


@njit(nogil=True, cache=True, error_model="numpy")
def _spread(mixed, row):
    """Two pixels for every one of a row, each three parts of it and one of its neighbour."""
    n = row.shape[0]
    odd, even = mixed[0], mixed[1]
    for x in range(1, n - 1):
        a, b = THREE * odd[x] + odd[x - 1] + EIGHTS, THREE * odd[x] + odd[x + 1] + EIGHTS
        c, d = THREE * even[x] + even[x - 1] + EIGHT, THREE * even[x] + even[x + 1] + EIGHT
        left = OPAQUE | ((a >> FOUR) & ODD) | ((c >> FOUR) << GREEN)
        right = OPAQUE | ((b >> FOUR) & ODD) | ((d >> FOUR) << GREEN)
        row[x] = np.uint64(left) | (np.uint64(right) << HIGH)
    for x in (0, n - 1):
        before, after = max(x - 1, 0), min(x + 1, n - 1)
        a, b = THREE * odd[x] + odd[before] + EIGHTS, THREE * odd[x] + odd[after] + EIGHTS
        c, d = THREE * even[x] + even[before] + EIGHT, THREE * even[x] + even[after] + EIGHT
        left = OPAQUE | ((a >> FOUR) & ODD) | ((c >> FOUR) << GREEN)
        right = OPAQUE | ((b >> FOUR) & ODD) | ((d >> FOUR) << GREEN)
        row[x] = np.uint64(left) | (np.uint64(right) << HIGH)


@njit(
    types.void(types.intp, types.intp, types.Array(types.uint32, 2, "C", readonly=True), types.uint64[:, ::1]),
    nogil=True,
    cache=True,
    error_model="numpy",
)
def doubled(first, last, coarse, out):
    """Rows [first, last) of a picture twice as wide and high, two of its pixels in one number: what is between."""
    mixed = np.empty((2, coarse.shape[1]), np.uint32)
    for y in range(first, last):
        near = y // 2
        far = min(max(near - 1 + 2 * (y % 2), 0), coarse.shape[0] - 1)
        _weighted(coarse[near], coarse[far], mixed)
        _spread(mixed, out[y])
