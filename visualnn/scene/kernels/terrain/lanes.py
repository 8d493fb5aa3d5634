"""What is known of a block of pixels: every number in a lane of its own, all lanes in one array.

So the compiler sees that they do not overlap, and does eight pixels at once.
"""

from __future__ import annotations

import numpy as np
from numba import njit

F = np.float32
NONE, HALF, ONE, TWO, TINY = F(0), F(0.5), F(1), F(2), F(1e-6)
TEN_BITS, TWENTY, TEN = np.uint32(1023), np.uint32(20), np.uint32(10)
FAST = {"contract", "nsz", "arcp", "reassoc", "afn"}

B = 128  # pixels of a block
RED, GREEN, BLUE = 0, B, 2 * B  # what is painted
ON = 3 * B  # 1 on the surface
U, V, U1, V1, U2, V2 = 4 * B, 5 * B, 6 * B, 7 * B, 8 * B, 9 * B  # place on the field; its change to the right, and down
AT, A, C = 10 * B, 11 * B, 12 * B  # the corner of the field before it, and how far it is from there
RAW, BY_U, BY_V, TONE = 13 * B, 14 * B, 15 * B, 16 * B  # height, its changes, and the number of its colour
X, Y, KIND = 17 * B, 18 * B, 19 * B  # place on the floor; 1 on the map, 2 under a hole
SKY, LAMP, SHINE, RIM = 20 * B, 21 * B, 22 * B, 23 * B
LANES = 24


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy", inline="always")
def unit(value):
    """Between 0 and 1."""
    return min(ONE, max(NONE, value))


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy", inline="always")
def line_of(height, change, spread, first, main, pen):
    """How much of a pixel contour lines cover; they fade where they would be denser than pixels, and on a plain."""
    level = height * spread - first
    nearest = np.floor(level + HALF)
    change = change * spread + TINY
    major = abs(nearest - main * np.floor(nearest / main + HALF)) < HALF
    wide = F(1.25) if major else F(0.75)
    strong = F(0.62) if major else F(0.36)
    covered = unit(pen * wide + HALF - abs(level - nearest) / change)
    return covered * strong * min(ONE, HALF / change) * unit(change * F(2e4) - F(0.1))


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy")
def heights_of(lane, tones, n, heights, ramp):
    """The height at every place, how it changes along both axes of the field, and its colour."""
    flat, columns, most = heights.reshape(heights.size), np.uint32(heights.shape[1]), F(len(ramp) - 1)
    for k in range(n):
        at = np.uint32(np.int32(lane[AT + k]))
        below = at + columns
        a, c = lane[A + k], lane[C + k]
        h00, h01, h10, h11 = flat[at], flat[at + np.uint32(1)], flat[below], flat[below + np.uint32(1)]
        upper, lower = h00 + (h01 - h00) * a, h10 + (h11 - h10) * a
        height = upper + (lower - upper) * c
        lane[RAW + k], lane[BY_V + k] = height, lower - upper
        lane[BY_U + k] = (h01 - h00) * (ONE - c) + (h11 - h10) * c
        lane[TONE + k] = unit(height) * most + HALF
    for k in range(n):
        tones[k] = ramp[np.uint32(np.int32(lane[TONE + k]))]
