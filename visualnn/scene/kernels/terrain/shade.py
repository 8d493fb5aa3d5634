"""The colour of every pixel: the surface in its light with contour lines, the floor with a map of it, the background.

Lines are drawn where they are, to a fraction of a pixel: the distance of a value from the next level, over how fast the
value changes from pixel to pixel, is a distance in pixels.

A row is painted a block of pixels at a time. What is known of them lies in lanes of one array, so that the compiler can
do eight pixels at once: only the looking up in tables is done pixel by pixel.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from visualnn.scene.kernels.terrain.chart import floor_map
from visualnn.scene.kernels.terrain.lanes import (
    BLUE,
    FAST,
    GREEN,
    HALF,
    LANES,
    NONE,
    ON,
    ONE,
    RED,
    B,
    F,
    heights_of,
    unit,
)
from visualnn.scene.kernels.terrain.skin import lights, places, surface

PLANE, TABLE = types.Array(types.float32, 2, "C", readonly=True), types.Array(types.float32, 3, "C", readonly=True)
ROW, GAPS = types.Array(types.float32, 1, "C", readonly=True), types.Array(types.boolean, 2, "C", readonly=True)
TONES = types.Array(types.uint32, 1, "C", readonly=True)


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy")
def _canvas(lane, n, left, width, ty, inks):
    """The background: a glow in the middle."""
    r0, g0, b0 = inks[0, 0], inks[0, 1], inks[0, 2]
    r1, g1, b1 = inks[1, 0], inks[1, 1], inks[1, 2]
    scale = ONE / F(width)
    for k in range(n):
        tx = (F(left + k) + HALF) * scale - HALF
        glow = max(NONE, ONE - F(3.4) * (tx * tx + ty * ty))
        glow = glow * glow
        lane[RED + k], lane[GREEN + k], lane[BLUE + k] = r0 + r1 * glow, g0 + g1 * glow, b0 + b1 * glow


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy")
def _packed(lane, n, out, y, left):
    """Rounded up or down by a pattern instead of to the nearest: no bands in the dark."""
    row = out[y, left:]
    line = np.uint32(y) * np.uint32(9277)
    for k in range(n):
        grain = np.uint32(left + k) * np.uint32(1973) + line
        grain = (grain ^ (grain >> np.uint32(7))) * np.uint32(26699)
        noise = F(np.int32((grain >> np.uint32(8)) & np.uint32(255))) * F(1 / 255)
        red = np.uint32(np.int32(unit(lane[RED + k]) * F(254.99) + noise))
        green = np.uint32(np.int32(unit(lane[GREEN + k]) * F(254.99) + noise))
        blue = np.uint32(np.int32(unit(lane[BLUE + k]) * F(254.99) + noise))
        row[k] = np.uint32(0xFF000000) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy")
def _reached(start, growth, reach, count):
    """Between which pixels |start + k · growth| is no more than `reach`."""
    if abs(growth) < F(1e-12):
        return (0, count) if abs(start) <= reach else (0, 0)
    a, b = (-reach - start) / growth, (reach - start) / growth
    low, high = min(a, b), max(a, b)
    return max(0, int(max(low, F(-1)))), min(count, int(min(high, F(count))) + 2)


@njit(
    types.void(
        *(types.intp, types.intp, PLANE, PLANE, PLANE, PLANE, GAPS, TABLE, TONES, ROW, ROW, ROW, PLANE, ROW),
        types.uint32[:, ::1],
    ),
    nogil=True,
    cache=True,
    fastmath=FAST,
    error_model="numpy",
)
def shade(first, last, near, u, v, heights, gaps, light, ramp, camera, sun, lines, inks, floor, out):
    """Rows [first, last). `plain.shade` says what the numbers are."""
    height, width = near.shape
    right, bottom = F(heights.shape[1]) - F(1.001), F(heights.shape[0]) - F(1.001)
    columns, glow = heights.shape[1], light.reshape(light.size)
    lane = np.zeros(LANES * B, np.float32)
    tones, line = np.zeros(B, np.uint32), np.zeros(5, np.float32)
    inverse = ONE / camera[12]
    for y in range(first, last):
        down = (F(y) + HALF - camera[14]) * inverse
        rz = camera[11] - down * camera[8]
        ty = (F(y) + HALF) / F(height) - F(0.46)
        begin, end = 0, 0
        if rz < F(-1e-4) and floor[0] < camera[2]:
            along = (floor[0] - camera[2]) / rz
            line[2], line[3] = along * camera[3] * inverse, along * camera[4] * inverse
            across = (HALF - camera[13]) * inverse
            x0 = camera[0] + along * (camera[9] - down * camera[6] + across * camera[3])
            y0 = camera[1] + along * (camera[10] - down * camera[7] + across * camera[4])
            line[4] = along * inverse * F(1.25)
            one = _reached(x0, line[2], floor[1] + line[4], width)
            two = _reached(y0, line[3], floor[1] + line[4], width)
            begin, end = max(one[0], two[0]), min(one[1], two[1])
        for left in range(0, width, B):
            n = min(B, width - left)
            row = near[y, left:]
            on = np.int32(0)
            for k in range(n):
                lane[ON + k] = ONE if row[k] > NONE else NONE
            for k in range(n):
                on += np.int32(lane[ON + k])
            if on < n:
                _canvas(lane, n, left, width, ty, inks)
                if begin < left + n and end > left:
                    line[0], line[1] = x0 + F(left) * line[2], y0 + F(left) * line[3]
                    floor_map(lane, tones, n, heights, gaps, ramp, lines, inks, floor, sun, line)
            if on > 0:
                places(lane, n, near, u, v, y, left, right, bottom, F(columns))
                heights_of(lane, tones, n, heights, ramp)
                lights(lane, n, glow, np.uint32(columns))
                surface(lane, tones, n, right, bottom, lines, inks, floor[2], floor[3])
            _packed(lane, n, out, y, left)
