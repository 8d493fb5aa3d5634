"""The floor: a plate with a map of the surface, and the shadow of it."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from visualnn.scene.kernels.terrain.lanes import (
    AT,
    BLUE,
    BY_U,
    BY_V,
    FAST,
    GREEN,
    HALF,
    KIND,
    NONE,
    ON,
    ONE,
    RAW,
    RED,
    TEN,
    TEN_BITS,
    TWENTY,
    TWO,
    A,
    C,
    F,
    X,
    Y,
    heights_of,
    line_of,
    unit,
)


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy")
def floor_map(lane, tones, n, heights, gaps, ramp, lines, inks, floor, sun, line):
    """The floor: `line` is x and y of the first pixel and what they grow by, and how wide a pixel is there."""
    right, bottom = F(heights.shape[1]) - F(1.001), F(heights.shape[0]) - F(1.001)
    spread, begin, main, pen = lines[0], lines[1], lines[2], lines[3]
    reach, shadow, strength, tint = floor[1], floor[4], floor[5], floor[6] / F(1023)
    x0, y0, x1, y1, pixel = line[0], line[1], line[2], line[3], line[4]
    inverse = ONE / pixel
    columns = F(heights.shape[1])
    open_ = np.int32(0)
    for k in range(n):
        x, y = x0 + F(k) * x1, y0 + F(k) * y1
        lane[X + k], lane[Y + k] = x, y
        inside = max(abs(x), abs(y)) < ONE and lane[ON + k] == NONE
        lane[KIND + k] = ONE if inside else NONE
        fu, fv = unit((x + ONE) * HALF) * right, unit((y + ONE) * HALF) * bottom
        j, i = np.floor(fu), np.floor(fv)
        lane[AT + k], lane[A + k], lane[C + k] = i * columns + j, fu - j, fv - i
    for k in range(n):
        open_ += np.int32(lane[KIND + k])
    if open_ > 0:
        heights_of(lane, tones, n, heights, ramp)
        if gaps.size > 0:
            for k in range(n):
                at = np.int32(lane[AT + k])
                if lane[KIND + k] > NONE and gaps[at // heights.shape[1], at % heights.shape[1]]:
                    lane[KIND + k] = TWO
    lx, ly = F(0.24) * sun[0], F(0.24) * sun[1]
    p_r, p_g, p_b = inks[2, 0], inks[2, 1], inks[2, 2]
    f_r, f_g, f_b = inks[3, 0], inks[3, 1], inks[3, 2]
    m_r, m_g, m_b = inks[4, 0], inks[4, 1], inks[4, 2]
    for k in range(n):
        x, y = lane[X + k], lane[Y + k]
        side = max(abs(x), abs(y))
        seen = unit((reach - side) * inverse + HALF)
        sx, sy = unit((F(1.22) - abs(x + lx)) * F(1.3)), unit((F(1.22) - abs(y + ly)) * F(1.3))
        under = ONE - sx * sx * (F(3) - TWO * sx) * sy * sy * (F(3) - TWO * sy) * shadow
        r, g, b = p_r * under, p_g * under, p_b * under
        if open_ > 0:
            kind = lane[KIND + k]
            h, by_u, by_v = lane[RAW + k], lane[BY_U + k] * right, lane[BY_V + k] * bottom
            change = math.sqrt(by_u * by_u + by_v * by_v) * pixel * HALF
            ink = unit(TWO * line_of(h, change, spread, begin, main, pen)) * strength
            ink = ink if kind == ONE and h < ONE else NONE
            tone = tones[k]
            t_r = F(np.int32(tone >> TWENTY)) * tint
            t_g = F(np.int32((tone >> TEN) & TEN_BITS)) * tint
            t_b = F(np.int32(tone & TEN_BITS)) * tint
            r, g, b = r + ink * (t_r - r), g + ink * (t_g - g), b + ink * (t_b - b)
            stripe = (x + y) * F(24)
            off = abs(stripe - np.floor(stripe) - HALF) * inverse / F(24)
            ink = unit(pen * F(1.2) + HALF - off) * HALF if kind == TWO else NONE
            r, g, b = r + ink * (m_r - r), g + ink * (m_g - g), b + ink * (m_b - b)
        frame = unit(pen * F(1.2) + HALF - abs(side - ONE) * inverse) * F(0.8)
        r, g, b = r + frame * (f_r - r), g + frame * (f_g - g), b + frame * (f_b - b)
        lane[RED + k] = lane[RED + k] + seen * (r - lane[RED + k])
        lane[GREEN + k] = lane[GREEN + k] + seen * (g - lane[GREEN + k])
        lane[BLUE + k] = lane[BLUE + k] + seen * (b - lane[BLUE + k])
