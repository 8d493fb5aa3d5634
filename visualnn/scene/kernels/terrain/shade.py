"""The colour of every pixel: the surface in its light with contour lines, the floor with a map of it, the background.

Lines are drawn where they are, to a fraction of a pixel: the distance of a value from the next level, over how fast the
value changes from pixel to pixel, is a distance in pixels.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-incomplete-defs

from __future__ import annotations

import math

import numpy as np
from numba import njit, types

F = np.float32
NONE, HALF, ONE, TWO, TINY = F(0), F(0.5), F(1), F(2), F(1e-6)
FAST = {"contract", "nsz", "arcp", "reassoc", "afn"}
PLANE, TABLE = types.Array(types.float32, 2, "C", readonly=True), types.Array(types.float32, 3, "C", readonly=True)
ROW = types.Array(types.float32, 1, "C", readonly=True)


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy", inline="always")
def _unit(value):
    return min(ONE, max(NONE, value))


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy", inline="always")
def _beside(near, a, b, y, x, other, column):
    """How u and v change from a pixel to the one beside it; from the one before where there is none."""
    if other < near.shape[column] and (near[y, other] if column else near[other, x]) > NONE:
        row, col = (y, other) if column else (other, x)
        return a[row, col] - a[y, x], b[row, col] - b[y, x]
    other -= 2
    if other >= 0 and (near[y, other] if column else near[other, x]) > NONE:
        row, col = (y, other) if column else (other, x)
        return a[y, x] - a[row, col], b[y, x] - b[row, col]
    return TINY, TINY


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy", inline="always")
def _height(field, u, v):
    """The height at a point of the field, its change along u and v, and the least light around: −1 beside a hole."""
    j, i = min(int(u), field.shape[1] - 2), min(int(v), field.shape[0] - 2)
    a, b = u - F(j), v - F(i)
    p, q, r, s = field[i, j], field[i, j + 1], field[i + 1, j], field[i + 1, j + 1]
    upper, lower = p[0] + (q[0] - p[0]) * a, r[0] + (s[0] - r[0]) * a
    by_u = (q[0] - p[0]) * (ONE - b) + (s[0] - r[0]) * b
    return upper + (lower - upper) * b, by_u, lower - upper, min(min(p[3], q[3]), min(r[3], s[3]))


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy", inline="always")
def _line(height, change, lines):
    """How much of a pixel contour lines cover; they fade where they would be denser than pixels, and on a plain."""
    level = height * lines[0] - lines[1]
    nearest = np.floor(level + HALF)
    change = change * lines[0] + TINY
    major = abs(nearest - lines[2] * np.floor(nearest / lines[2] + HALF)) < HALF
    wide, strong = (F(1.25), F(0.62)) if major else (F(0.75), F(0.36))
    return (
        _unit(lines[3] * wide + HALF - abs(level - nearest) / change)
        * strong
        * min(ONE, F(0.5) / change)
        * _unit(change * F(2e4) - F(0.1))
    )


@njit(
    types.void(
        *(types.intp, types.intp, PLANE, PLANE, PLANE, TABLE, PLANE, ROW, ROW, ROW, PLANE, ROW, types.uint32[:, ::1])
    ),
    nogil=True,
    cache=True,
    fastmath=FAST,
    error_model="numpy",
)
def shade(first, last, near, u, v, field, ramp, camera, sun, lines, inks, floor, out):
    """Rows [first, last). `plain.shade` says what the numbers are."""
    height, width = near.shape
    rows, columns = field.shape[0], field.shape[1]
    most, right, bottom = F(ramp.shape[0] - 1), F(columns) - F(1.001), F(rows) - F(1.001)
    lx, ly, lz, dark, pen = sun[0], sun[1], sun[2], floor[2], lines[3]
    canvas_r, canvas_g, canvas_b = inks[0, 0], inks[0, 1], inks[0, 2]
    lift_r, lift_g, lift_b = inks[1, 0], inks[1, 1], inks[1, 2]
    plate, rule, mark, edge_ink = inks[2], inks[3], inks[4], inks[5]
    ex, ey, ez = camera[0], camera[1], camera[2]
    inverse = ONE / camera[12]
    slant_x, slant_y, slant_z = camera[3] * inverse, camera[4] * inverse, camera[5] * inverse
    for y in range(first, last):
        down = (F(y) + HALF - camera[14]) * inverse
        row_x = camera[9] - down * camera[6]
        row_y = camera[10] - down * camera[7]
        row_z = camera[11] - down * camera[8]
        ty = (F(y) + HALF) / F(height) - F(0.46)
        for x in range(width):
            tx = (F(x) + HALF) / F(width) - HALF
            glow = max(NONE, ONE - F(3.4) * (tx * tx + ty * ty))
            glow = glow * glow
            r, g, b = canvas_r + lift_r * glow, canvas_g + lift_g * glow, canvas_b + lift_b * glow
            across = F(x) + HALF - camera[13]
            rx, ry, rz = row_x + across * slant_x, row_y + across * slant_y, row_z + across * slant_z
            if near[y, x] > NONE:
                uu, vv = min(max(u[y, x], NONE), right), min(max(v[y, x], NONE), bottom)
                j, i = int(uu), int(vv)
                a, c = uu - F(j), vv - F(i)
                ka, kb, kc, kd = (ONE - a) * (ONE - c), a * (ONE - c), (ONE - a) * c, a * c
                fa, fb, fc, fd = field[i, j], field[i, j + 1], field[i + 1, j], field[i + 1, j + 1]
                raw = fa[0] * ka + fb[0] * kb + fc[0] * kc + fd[0] * kd
                nx = -(fa[1] * ka + fb[1] * kb + fc[1] * kc + fd[1] * kd)
                ny = -(fa[2] * ka + fb[2] * kb + fc[2] * kc + fd[2] * kd)
                light = fa[3] * ka + fb[3] * kb + fc[3] * kc + fd[3] * kd
                by_u = (fb[0] - fa[0]) * (ONE - c) + (fd[0] - fc[0]) * c
                by_v = (fc[0] - fa[0]) * (ONE - a) + (fd[0] - fb[0]) * a
                nz = ONE / math.sqrt(nx * nx + ny * ny + ONE)
                nx, ny = nx * nz, ny * nz
                far = -ONE / math.sqrt(rx * rx + ry * ry + rz * rz)
                vx, vy, vz = rx * far, ry * far, rz * far
                facing = nx * vx + ny * vy + nz * vz
                h = min(raw, ONE)
                tone = ramp[int(_unit(h) * most + HALF)]
                r, g, b = tone[0], tone[1], tone[2]
                if facing > NONE:
                    sky = F(0.56) * (HALF + HALF * nz) * (F(0.5) + HALF * light)
                    lamp = F(0.62) * max(NONE, nx * lx + ny * ly + nz * lz) * light
                    hx, hy, hz = lx + vx, ly + vy, lz + vz
                    shine = max(NONE, nx * hx + ny * hy + nz * hz)
                    shine = shine * shine / (hx * hx + hy * hy + hz * hz)
                    shine = shine * shine
                    shine = shine * shine
                    shine = shine * shine
                    shine = shine * shine * F(0.2) * light
                else:
                    facing = -facing
                    sky, lamp, shine = F(0.3) + F(0.22) * facing, NONE, NONE
                rim = ONE - facing
                rim = rim * rim * rim
                r = r * (sky * F(0.94) + lamp * F(1.06)) + shine + rim * F(0.06)
                g = g * (sky * F(0.98) + lamp * F(1.02)) + shine + rim * F(0.075)
                b = b * (sky * F(1.1) + lamp * F(0.96)) + shine + rim * F(0.11)
                du1, dv1 = _beside(near, u, v, y, x, x + 1, 1)
                du2, dv2 = _beside(near, u, v, y, x, y + 1, 0)
                gx, gy = by_u * du1 + by_v * dv1, by_u * du2 + by_v * dv2
                change = math.sqrt(gx * gx + gy * gy)
                wide_u, wide_v = abs(du1) + abs(du2) + TINY, abs(dv1) + abs(dv2) + TINY
                if raw < ONE:
                    ink = _line(raw, change, lines)
                else:  # clipped: darker, hatched along one diagonal
                    stripe = (uu + vv) * F(40) / (right + bottom)
                    off = abs(stripe - np.floor(stripe) - HALF) / ((wide_u + wide_v) * F(40) / (right + bottom) + TINY)
                    ink = _unit(pen * F(1.5) + HALF - off) * F(0.4)
                    r, g, b = r * F(0.72), g * F(0.72), b * F(0.72)
                if dark > NONE:
                    bright = F(0.75) * min(ONE, F(0.3) + sky + lamp)
                    r, g, b = (
                        r + ink * (r * F(-0.75) + bright),
                        g + ink * (g * F(-0.75) + bright),
                        b + ink * (b * F(-0.75) + bright),
                    )
                else:
                    r, g, b = r * (ONE - ink * F(0.66)), g * (ONE - ink * F(0.66)), b * (ONE - ink * F(0.58))
                cut = _unit(pen * F(2.2) + HALF - abs(raw - ONE) / (change + TINY)) * F(0.9) * floor[3]
                border = min(min(uu, right - uu) / wide_u, min(vv, bottom - vv) / wide_v)
                border = _unit(pen * F(1.9) + HALF - border) * F(0.62)
                r, g, b = r + cut * (mark[0] - r), g + cut * (mark[1] - g), b + cut * (mark[2] - b)
                r, g, b = (
                    r + border * (edge_ink[0] - r),
                    g + border * (edge_ink[1] - g),
                    b + border * (edge_ink[2] - b),
                )
            elif rz < F(-1e-4):
                along = (floor[0] - ez) / rz
                wx, wy = ex + along * rx, ey + along * ry
                side, pixel = max(abs(wx), abs(wy)), along * inverse * F(1.25)
                seen = _unit((floor[1] - side) / pixel + HALF)
                if along > NONE and seen > NONE:
                    sx, sy = abs(wx + F(0.24) * lx), abs(wy + F(0.24) * ly)
                    sx, sy = _unit((F(1.22) - sx) * F(1.3)), _unit((F(1.22) - sy) * F(1.3))
                    under = sx * sx * (F(3) - TWO * sx) * sy * sy * (F(3) - TWO * sy) * floor[4]
                    pr, pg, pb = plate[0] * (ONE - under), plate[1] * (ONE - under), plate[2] * (ONE - under)
                    if side < ONE:
                        fu, fv = (wx + ONE) * HALF * right, (wy + ONE) * HALF * bottom
                        h, by_u, by_v, open_ = _height(field, fu, fv)
                        if open_ < NONE:  # a hole: hatched
                            stripe = (wx + wy) * F(24)
                            off = abs(stripe - np.floor(stripe) - HALF) / (pixel * F(24))
                            ink = _unit(pen * F(1.2) + HALF - off) * F(0.5)
                            pr, pg, pb = pr + ink * (mark[0] - pr), pg + ink * (mark[1] - pg), pb + ink * (mark[2] - pb)
                        elif h < ONE:
                            by_u, by_v = by_u * right, by_v * bottom
                            ink = _line(h, math.sqrt(by_u * by_u + by_v * by_v) * pixel * HALF, lines)
                            ink = _unit(TWO * ink) * floor[5]
                            tone = ramp[int(_unit(h) * most + HALF)]
                            tr, tg, tb = tone[0] * floor[6], tone[1] * floor[6], tone[2] * floor[6]
                            pr, pg, pb = pr + ink * (tr - pr), pg + ink * (tg - pg), pb + ink * (tb - pb)
                    frame = _unit(pen * F(1.2) + HALF - abs(side - ONE) / pixel) * F(0.8)
                    pr, pg, pb = pr + frame * (rule[0] - pr), pg + frame * (rule[1] - pg), pb + frame * (rule[2] - pb)
                    r, g, b = r + seen * (pr - r), g + seen * (pg - g), b + seen * (pb - b)
            grain = np.uint32(x) * np.uint32(1973) + np.uint32(y) * np.uint32(9277)
            grain = (grain ^ (grain >> np.uint32(7))) * np.uint32(26699)
            noise = F((grain >> np.uint32(8)) & np.uint32(255)) / F(255)  # instead of rounding: no bands in the dark
            red = np.uint32(np.int32(_unit(r) * F(254.99) + noise))
            green = np.uint32(np.int32(_unit(g) * F(254.99) + noise))
            blue = np.uint32(np.int32(_unit(b) * F(254.99) + noise))
            out[y, x] = np.uint32(0xFF000000) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue
