"""Strokes: anti-aliased curves, one pixel column after the other and in it one curve after the other."""

from __future__ import annotations

import math

import numpy as np
from numba import njit, types

CHUNK = 4  # pixels that are drawn at once, needed or not: cheaper than a branch that nobody can foresee
NONE, HALF, ONE, STEP = np.float32(0), np.float32(0.5), np.float32(1), np.float32(CHUNK)

INK = types.float32[:, :, ::1]
NUMBERS = types.Array(types.float32, 1, "C", readonly=True)
FAST = {"contract", "nsz", "arcp", "reassoc"}


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy")
def _blend(pixel, alpha, p, n, across, along):
    """One pixel under ink: how far its middle is from the stroke's sides, and from the column's last of the stroke."""
    cover = alpha * max(NONE, min(ONE, min(across, along)))
    pixel[0] = pixel[0] * (ONE - cover) + cover * p
    pixel[1] = pixel[1] * (ONE - cover) + cover * n


@njit(
    types.void(types.intp, types.intp, types.intp, *([NUMBERS] * 9), INK),
    nogil=True,
    cache=True,
    fastmath=FAST,
    error_model="numpy",
)
def draw(first, last, origin, s, slope, share, y0, y1, width, strength, positive, negative, ink):
    """Draws into pixel columns [first, last); `origin` is the one that the three arrays of columns begin with."""
    count, height = y0.size, ink.shape[1]
    top, flat, half = np.empty(count, np.float32), np.empty(count, np.float32), np.empty(count, np.float32)
    begin, end = np.empty(count, np.int32), np.empty(count, np.int32)
    middle, reach = np.empty(count, np.float32), np.empty(count, np.float32)
    bottom = np.float32(height)
    for x in range(first, last):
        at, tilt, part, column = s[x - origin], slope[x - origin], share[x - origin], ink[x]
        for e in range(count):
            rise = y1[e] - y0[e]
            y, m = y0[e] + rise * at, rise * tilt
            length = np.float32(math.sqrt(ONE + m * m))
            h = width[e] * HALF + HALF
            low = max(y - h * length, min(y0[e], y1[e]) - h)
            high = min(y + h * length, max(y0[e], y1[e]) + h)
            a = np.int32(min(bottom, max(NONE, low + HALF)))
            begin[e], end[e] = a, np.int32(max(NONE, min(bottom, high + HALF)))
            top[e], flat[e], half[e] = np.float32(a) + HALF - y, ONE / length, h
            middle[e], reach[e] = np.float32(a) + HALF - HALF * (low + high), HALF * (high - low)
        for e in range(count):
            a, b, d, cosine, h, m, r = begin[e], end[e], top[e], flat[e], half[e], middle[e], reach[e]
            alpha, p, n = strength[e] * part, positive[e], negative[e]
            while a < b and a + CHUNK <= height:
                pixels = column[a : a + CHUNK]
                for i in range(CHUNK):
                    _blend(pixels[i], alpha, p, n, h - abs(d + np.float32(i)) * cosine, r - abs(m + np.float32(i)))
                d, m, a = d + STEP, m + STEP, a + CHUNK
            while a < b:
                _blend(column[a], alpha, p, n, h - abs(d) * cosine, r - abs(m))
                d, m, a = d + ONE, m + ONE, a + 1
