"""The surface: its colours in their light, contour lines, and where it is cut off."""

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
    LAMP,
    NONE,
    ON,
    ONE,
    RAW,
    RED,
    RIM,
    SHINE,
    SKY,
    TEN,
    TEN_BITS,
    TINY,
    TWENTY,
    U1,
    U2,
    V1,
    V2,
    A,
    C,
    F,
    U,
    V,
    line_of,
    unit,
)

FAR = F(9e9)  # no pixel to the right


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy")
def places(lane, n, near, u, v, y, left, right, bottom, columns):
    """Where on the field every pixel is, and how that changes to the one beside it; from the one before at an edge."""
    height, width = near.shape
    here, here_u, here_v = near[y, left:], u[y, left:], v[y, left:]
    low = y + 1 if y + 1 < height else y
    high = y - 1 if y > 0 else y
    below, below_u, below_v = near[low, left:], u[low, left:], v[low, left:]
    above, above_u, above_v = near[high, left:], u[high, left:], v[high, left:]
    has_low, has_high = low != y, high != y
    for k in range(n):
        lane[U + k], lane[V + k] = here_u[k], here_v[k]
    for k in range(n):
        uu, vv, down, up = lane[U + k], lane[V + k], below[k] > NONE and has_low, above[k] > NONE and has_high
        du, dv = below_u[k] - uu, below_v[k] - vv
        eu, ev = uu - above_u[k], vv - above_v[k]
        eu, ev = (eu if up else TINY), (ev if up else TINY)
        lane[U2 + k], lane[V2 + k] = (du if down else eu), (dv if down else ev)
    last = n - 1 if left + n == width else n  # of those that have a pixel to the right
    for k in range(last):
        other = here[k + 1] > NONE
        lane[U1 + k] = here_u[k + 1] - lane[U + k] if other else FAR
        lane[V1 + k] = here_v[k + 1] - lane[V + k] if other else FAR
    for k in range(last, n):
        lane[U1 + k] = lane[V1 + k] = FAR
    for k in range(n):
        if lane[U1 + k] == FAR and here[k] > NONE:  # the last of a row, or at an edge
            x = left + k
            back = x > 0 and near[y, x - 1] > NONE
            lane[U1 + k] = u[y, x] - u[y, x - 1] if back else TINY
            lane[V1 + k] = v[y, x] - v[y, x - 1] if back else TINY
    for k in range(n):
        uu, vv = min(max(lane[U + k], NONE), right), min(max(lane[V + k], NONE), bottom)
        lane[U + k], lane[V + k] = uu, vv
        j, i = np.floor(uu), np.floor(vv)
        at = i * columns + j
        lane[AT + k], lane[A + k], lane[C + k] = at if here[k] > NONE else NONE, uu - j, vv - i


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy")
def lights(lane, n, light, columns):
    """How light falls on every pixel of the surface."""
    one, two, three, four = np.uint32(1), np.uint32(2), np.uint32(3), np.uint32(4)
    for k in range(n):
        at = np.uint32(np.int32(lane[AT + k]))
        a, c = lane[A + k], lane[C + k]
        kb = a * (ONE - c)
        kc = (ONE - a) * c
        kd = a * c
        ka = ONE - kb - kc - kd
        p, q = at * four, (at + columns) * four
        o, w = p + four, q + four
        lane[SKY + k] = light[p] * ka + light[o] * kb + light[q] * kc + light[w] * kd
        lane[LAMP + k] = light[p + one] * ka + light[o + one] * kb + light[q + one] * kc + light[w + one] * kd
        lane[SHINE + k] = light[p + two] * ka + light[o + two] * kb + light[q + two] * kc + light[w + two] * kd
        lane[RIM + k] = light[p + three] * ka + light[o + three] * kb + light[q + three] * kc + light[w + three] * kd


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy")
def surface(lane, tones, n, right, bottom, lines, inks, dark, rimmed):
    """Colours: of the height, in its light, with lines, hatched where it is cut off, and with its borders."""
    spread, begin, main, pen = lines[0], lines[1], lines[2], lines[3]
    m_r, m_g, m_b = inks[4, 0], inks[4, 1], inks[4, 2]
    e_r, e_g, e_b = inks[5, 0], inks[5, 1], inks[5, 2]
    stripes = F(40) / (right + bottom)
    for k in range(n):
        raw, by_u, by_v = lane[RAW + k], lane[BY_U + k], lane[BY_V + k]
        uu, vv = lane[U + k], lane[V + k]
        du1, dv1, du2, dv2 = lane[U1 + k], lane[V1 + k], lane[U2 + k], lane[V2 + k]
        sky, lamp, shine, rim = lane[SKY + k], lane[LAMP + k], lane[SHINE + k], lane[RIM + k]
        tone = tones[k]
        r, g, b = F(np.int32(tone >> TWENTY)), F(np.int32((tone >> TEN) & TEN_BITS)), F(np.int32(tone & TEN_BITS))
        r = r * (sky * F(0.94 / 1023) + lamp * F(1.06 / 1023)) + shine + rim * F(0.06)
        g = g * (sky * F(0.98 / 1023) + lamp * F(1.02 / 1023)) + shine + rim * F(0.075)
        b = b * (sky * F(1.1 / 1023) + lamp * F(0.96 / 1023)) + shine + rim * F(0.11)
        gx, gy = by_u * du1 + by_v * dv1, by_u * du2 + by_v * dv2
        change = math.sqrt(gx * gx + gy * gy)
        wide_u, wide_v = abs(du1) + abs(du2) + TINY, abs(dv1) + abs(dv2) + TINY
        line = line_of(raw, change, spread, begin, main, pen)
        stripe = (uu + vv) * stripes  # clipped: darker, hatched along one diagonal
        off = abs(stripe - np.floor(stripe) - HALF) / ((wide_u + wide_v) * stripes + TINY)
        hatch = unit(pen * F(1.5) + HALF - off) * F(0.4)
        free = raw < ONE
        ink = line if free else hatch
        dim = ONE if free else F(0.72)
        r, g, b = r * dim, g * dim, b * dim
        bright = F(0.75) * min(ONE, F(0.3) + sky + lamp) * dark
        shade = F(0.75) * dark + F(0.66) * (ONE - dark)
        blue = F(0.75) * dark + F(0.58) * (ONE - dark)
        r, g, b = r + ink * (bright - shade * r), g + ink * (bright - shade * g), b + ink * (bright - blue * b)
        cut = unit(pen * F(2.2) + HALF - abs(raw - ONE) / (change + TINY)) * F(0.9) * rimmed
        border = min(min(uu, right - uu) / wide_u, min(vv, bottom - vv) / wide_v)
        border = unit(pen * F(1.9) + HALF - border) * F(0.62)
        r, g, b = r + cut * (m_r - r), g + cut * (m_g - g), b + cut * (m_b - b)
        r, g, b = r + border * (e_r - r), g + border * (e_g - g), b + border * (e_b - b)
        on = lane[ON + k] > NONE
        lane[RED + k] = r if on else lane[RED + k]
        lane[GREEN + k] = g if on else lane[GREEN + k]
        lane[BLUE + k] = b if on else lane[BLUE + k]
