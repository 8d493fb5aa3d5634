"""Fields: the fast discrete Radon transform of a matrix, and its lines as pixels.

The transform of N rows is made of those of their halves, and so on down to single rows, which takes N² log₂ N steps for
all N slopes of one octant; the transposed matrix gives the other. The last step is left to the pixel columns, which do
not need all slopes. A line's number is where it meets the rows' first; the keys' own columns begin at N / 2.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from visualnn.scene.kernels.lattice import FRACTION
from visualnn.scene.kernels.plain import FULL

NONE, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)
TILE = 32

KEYS, KEY = types.uint16[:, ::1], types.uint16[::1]
INT, ROWS = types.intp, types.Array(types.int32, 1, "C", readonly=True)
WEIGHTS = types.Array(types.float32, 2, "C", readonly=True)
NUMBERS = types.Array(types.float32, 1, "C", readonly=True)
WHOLES = types.Array(types.int64, 1, "C", readonly=True)
FLAGS = types.Array(types.boolean, 1, "C", readonly=True)
INK = types.float32[:, :, ::1]


@njit(types.void(WEIGHTS, ROWS, ROWS, types.float32, KEYS), nogil=True, cache=True, error_model="numpy")
def place(weights, rows, columns, gain, keys):
    """The keys of all weights in their rows, last row first, and columns; the strongest where several share a place."""
    points, (n_in, n_out) = keys.shape[0], weights.shape
    of_row = np.empty(n_out, np.uint16)
    in_order = columns[n_out - 1] == n_out - 1
    for row in range(points):
        keys[row, points // 2 : points // 2 + points] = 0
    for i in range(n_in):
        source = weights[i]
        for j in range(n_out):
            strength = abs(source[j]) * gain
            strength = min(strength, FULL) if strength >= NONE else NONE  # what is not a number is 0
            whole = np.uint16(np.int32(strength + HALF))
            of_row[j] = whole << 1 | (np.uint16(source[j] < NONE) if whole else np.uint16(0))
        line = keys[points - 1 - rows[i], points // 2 : points // 2 + points]
        if in_order:
            for j in range(n_out):
                line[j] = max(line[j], of_row[j])
        else:
            for j in range(n_out):
                line[columns[j]] = max(line[columns[j]], of_row[j])


@njit(types.void(KEYS, KEYS), nogil=True, cache=True, error_model="numpy")
def turn(keys, turned):
    """The keys as `place` would have put them for the transposed matrix, tile by tile."""
    points = keys.shape[0]
    end, middle = points - 1, points // 2
    for top in range(0, points, TILE):
        for left in range(0, points, TILE):
            for m in range(left, left + TILE):
                out = turned[end - m, middle + top : middle + top + TILE]
                for k in range(TILE):
                    out[k] = keys[end - top - k, middle + m]


@njit(nogil=True, cache=True, error_model="numpy")
def _copy(source, out):
    """Unlike ``out[:] = source`` it asks neither whether both are as long nor whether they overlap."""
    for k in range(out.size):
        out[k] = source[k]


@njit(nogil=True, cache=True, error_model="numpy")
def _join(near, far, slope, line, zero):
    """Lines of two neighbouring strips that continue each other; line n goes to place `zero` + n."""
    points, half = near.size // 3 * 2, slope // 2
    middle, shift = points // 2, slope - half
    begin, end = middle - half, middle + points - shift
    count, zero = end - begin, zero - middle
    _copy(far[begin : begin + shift], line[zero + middle - slope : zero + begin])
    _copy(near[end : middle + points], line[zero + end : zero + middle + points])
    a, b, c = near[begin:end], far[begin + shift : end + shift], line[zero + begin : zero + end]
    for x in range(count):
        c[x] = max(a[x], b[x])


@njit(nogil=True, cache=True, error_model="numpy")
def _join_strips(source, out, strip, height):
    """A pair of strips of `height` rows becomes one of twice as many slopes."""
    first = 2 * strip * height
    for slope in range(2 * height):
        near = first + slope // 2
        _join(source[near], source[near + height], slope, out[first + slope], source.shape[0] // 2)


@njit(types.void(KEYS, KEYS), nogil=True, cache=True, error_model="numpy")
def transform(keys, spare):
    """All joins but the last, each as soon as its strips are there and still in the processor's cache.

    The result is in `keys` after an even number of joins, else in `spare`.
    """
    points = keys.shape[0]
    for pair in range(points // 2):
        strip, height, odd = pair, 1, True
        _join_strips(keys, spare, strip, height)
        while strip & 1 and 4 * height < points:
            strip, height = strip // 2, 2 * height
            if odd:
                _join_strips(spare, keys, strip, height)
            else:
                _join_strips(keys, spare, strip, height)
            odd = not odd


@njit(nogil=True, cache=True, error_model="numpy")
def _windows(lines, slope, window, out, spare):
    """The last join for one slope. Place 2N + n of the result is the greatest key of the lines n … n + window − 1."""
    points = lines.shape[0]
    zero, end, half = 2 * points, 3 * points, slope // 2
    first, width = zero - slope - window, 1
    _join(lines[half], lines[points // 2 + half], slope, out, zero)
    out[first : zero - slope] = 0
    out[end : end + window] = 0
    spare[end : end + window] = 0
    while width < window:
        step = min(width, window - width)
        a, b, c = out[first:end], out[first + step : end + step], spare[first:end]
        for n in range(end - first):
            c[n] = max(a[n], b[n])
        out, spare = spare, out
        width += step
    return out


@njit(
    types.void(INT, INT, INT, KEYS, KEYS, FLAGS, *([WHOLES] * 6), NUMBERS, NUMBERS, INK),
    nogil=True,
    cache=True,
    error_model="numpy",
)
def project(
    first, last, origin, straight, turned, turns, slopes, per_pixel, start, windows, tops, bottoms, share, alphas, ink
):
    """Blends lines into pixel columns [first, last); `origin` is the one that the arrays of columns begin with."""
    points = straight.shape[0]
    out, spare = np.empty(4 * points, np.uint16), np.empty(4 * points, np.uint16)
    for x in range(first, last):
        i, column = x - origin, ink[x]
        strongest = _windows(turned if turns[i] else straight, slopes[i], windows[i], out, spare)
        each, at, part = per_pixel[i], start[i] + (2 * points << FRACTION), share[i]
        for y in range(tops[i], bottoms[i]):
            key = strongest[y * each + at >> FRACTION]
            alpha = alphas[key >> 1] * part
            negative = alpha if key & 1 else NONE
            column[y, 0] = column[y, 0] * (ONE - alpha) + (alpha - negative)
            column[y, 1] = column[y, 1] * (ONE - alpha) + negative
