"""Which connections are the strongest of many, without sorting the many.

The bits of a positive float, read as a whole number, have its order: a tally of their upper bits says from which
strength on there are enough, and only those are looked at.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from visualnn.scene.kernels.plain import INFINITE, SHIFT

MATRIX = types.Array(types.float32, 2, "C", readonly=True)
FACTORS = types.Array(types.float32, 1, "C", readonly=True)
INT = types.intp


@njit(nogil=True, cache=True, error_model="numpy")
def _strengths(matrix, factors, row, strengths):
    """The bits of a row's strengths."""
    source, factor = matrix[row], factors[row]
    for j in range(source.size):
        strengths[j] = abs(source[j] * factor)
    bits = strengths.view(np.uint32)
    for j in range(bits.size):
        bits[j] = bits[j] if bits[j] <= INFINITE else np.uint32(0)
    return bits


@njit(types.void(INT, INT, MATRIX, FACTORS, types.int64[::1]), nogil=True, cache=True, error_model="numpy")
def tally(first, last, matrix, factors, counts):
    """Counts the strengths of rows [first, last) by their upper bits."""
    strengths = np.empty(matrix.shape[1], np.float32)
    for row in range(first, last):
        for number in _strengths(matrix, factors, row, strengths):
            counts[number >> np.uint32(SHIFT)] += 1


@njit(INT(MATRIX, FACTORS, types.uint32, types.uint64[::1]), nogil=True, cache=True, error_model="numpy")
def collect(matrix, factors, least, found):
    """Strengths of at least `least` with their places in the matrix: (bits << 32) + (2³² − 1 − place); how many."""
    count, width = 0, matrix.shape[1]
    strengths = np.empty(width, np.float32)
    for row in range(matrix.shape[0]):
        bits = _strengths(matrix, factors, row, strengths)
        for j in range(width):
            if bits[j] >= least:
                place = np.uint64(row * width + j)
                found[count] = (np.uint64(bits[j]) << np.uint64(32)) + (np.uint64(0xFFFFFFFF) - place)
                count += 1
    return count
