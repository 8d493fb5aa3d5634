"""The colour of every pixel: the surface in its light with contour lines, the floor with a map of it, the background.

Lines are drawn where they are, to a fraction of a pixel: the distance of a value from the next level, over how fast the
value changes from pixel to pixel, is a distance in pixels.
"""

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
def _line(height, change, spread, first, main, pen):
    """How much of a pixel contour lines cover; they fade where they would be denser than pixels, and on a plain."""
    level = height * spread - first
    nearest = np.floor(level + HALF)
    change = change * spread + TINY
    major = abs(nearest - main * np.floor(nearest / main + HALF)) < HALF
    wide, strong = (F(1.25), F(0.62)) if major else (F(0.75), F(0.36))
    covered = _unit(pen * wide + HALF - abs(level - nearest) / change)
    return covered * strong * min(ONE, HALF / change) * _unit(change * F(2e4) - F(0.1))


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
    lx, ly, lz, dark = sun[0], sun[1], sun[2], floor[2]
    spread, begin, main, pen = lines[0], lines[1], lines[2], lines[3]
    ground, reach, rimmed, shadow, strength, tint = floor[0], floor[1], floor[3], floor[4], floor[5], floor[6]
    canvas_r, canvas_g, canvas_b = inks[0, 0], inks[0, 1], inks[0, 2]
    lift_r, lift_g, lift_b = inks[1, 0], inks[1, 1], inks[1, 2]
    plate_r, plate_g, plate_b = inks[2, 0], inks[2, 1], inks[2, 2]
    rule_r, rule_g, rule_b = inks[3, 0], inks[3, 1], inks[3, 2]
    mark_r, mark_g, mark_b = inks[4, 0], inks[4, 1], inks[4, 2]
    edge_r, edge_g, edge_b = inks[5, 0], inks[5, 1], inks[5, 2]
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
                k, d = i + 1, j + 1
                h00, h01, h10, h11 = field[i, j, 0], field[i, d, 0], field[k, j, 0], field[k, d, 0]
                raw = h00 * ka + h01 * kb + h10 * kc + h11 * kd
                nx = -(field[i, j, 1] * ka + field[i, d, 1] * kb + field[k, j, 1] * kc + field[k, d, 1] * kd)
                ny = -(field[i, j, 2] * ka + field[i, d, 2] * kb + field[k, j, 2] * kc + field[k, d, 2] * kd)
                light = field[i, j, 3] * ka + field[i, d, 3] * kb + field[k, j, 3] * kc + field[k, d, 3] * kd
                by_u = (h01 - h00) * (ONE - c) + (h11 - h10) * c
                by_v = (h10 - h00) * (ONE - a) + (h11 - h01) * a
                nz = ONE / math.sqrt(nx * nx + ny * ny + ONE)
                nx, ny = nx * nz, ny * nz
                far = -ONE / math.sqrt(rx * rx + ry * ry + rz * rz)
                vx, vy, vz = rx * far, ry * far, rz * far
                facing = nx * vx + ny * vy + nz * vz
                h = min(raw, ONE)
                tone = int(_unit(h) * most + HALF)
                r, g, b = ramp[tone, 0], ramp[tone, 1], ramp[tone, 2]
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
                # how u and v change to the pixel beside, or from the one before where there is none
                du1, dv1, du2, dv2 = TINY, TINY, TINY, TINY
                if x + 1 < width and near[y, x + 1] > NONE:
                    du1, dv1 = u[y, x + 1] - u[y, x], v[y, x + 1] - v[y, x]
                elif x > 0 and near[y, x - 1] > NONE:
                    du1, dv1 = u[y, x] - u[y, x - 1], v[y, x] - v[y, x - 1]
                if y + 1 < height and near[y + 1, x] > NONE:
                    du2, dv2 = u[y + 1, x] - u[y, x], v[y + 1, x] - v[y, x]
                elif y > 0 and near[y - 1, x] > NONE:
                    du2, dv2 = u[y, x] - u[y - 1, x], v[y, x] - v[y - 1, x]
                gx, gy = by_u * du1 + by_v * dv1, by_u * du2 + by_v * dv2
                change = math.sqrt(gx * gx + gy * gy)
                wide_u, wide_v = abs(du1) + abs(du2) + TINY, abs(dv1) + abs(dv2) + TINY
                if raw < ONE:
                    ink = _line(raw, change, spread, begin, main, pen)
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
                cut = _unit(pen * F(2.2) + HALF - abs(raw - ONE) / (change + TINY)) * F(0.9) * rimmed
                border = min(min(uu, right - uu) / wide_u, min(vv, bottom - vv) / wide_v)
                border = _unit(pen * F(1.9) + HALF - border) * F(0.62)
                r, g, b = r + cut * (mark_r - r), g + cut * (mark_g - g), b + cut * (mark_b - b)
                r, g, b = (
                    r + border * (edge_r - r),
                    g + border * (edge_g - g),
                    b + border * (edge_b - b),
                )
            elif rz < F(-1e-4):
                along = (ground - ez) / rz
                wx, wy = ex + along * rx, ey + along * ry
                side, pixel = max(abs(wx), abs(wy)), along * inverse * F(1.25)
                seen = _unit((reach - side) / pixel + HALF)
                if along > NONE and seen > NONE:
                    sx, sy = abs(wx + F(0.24) * lx), abs(wy + F(0.24) * ly)
                    sx, sy = _unit((F(1.22) - sx) * F(1.3)), _unit((F(1.22) - sy) * F(1.3))
                    under = sx * sx * (F(3) - TWO * sx) * sy * sy * (F(3) - TWO * sy) * shadow
                    pr, pg, pb = plate_r * (ONE - under), plate_g * (ONE - under), plate_b * (ONE - under)
                    if side < ONE:
                        fu, fv = (wx + ONE) * HALF * right, (wy + ONE) * HALF * bottom
                        j, i = int(fu), int(fv)
                        a, c, k, d = fu - F(j), fv - F(i), i + 1, j + 1
                        h00, h01, h10, h11 = field[i, j, 0], field[i, d, 0], field[k, j, 0], field[k, d, 0]
                        upper, lower = h00 + (h01 - h00) * a, h10 + (h11 - h10) * a
                        h, by_v = upper + (lower - upper) * c, lower - upper
                        by_u = (h01 - h00) * (ONE - c) + (h11 - h10) * c
                        open_ = min(min(field[i, j, 3], field[i, d, 3]), min(field[k, j, 3], field[k, d, 3]))
                        if open_ < NONE:  # a hole: hatched
                            stripe = (wx + wy) * F(24)
                            off = abs(stripe - np.floor(stripe) - HALF) / (pixel * F(24))
                            ink = _unit(pen * F(1.2) + HALF - off) * F(0.5)
                            pr, pg, pb = pr + ink * (mark_r - pr), pg + ink * (mark_g - pg), pb + ink * (mark_b - pb)
                        elif h < ONE:
                            by_u, by_v = by_u * right, by_v * bottom
                            change = math.sqrt(by_u * by_u + by_v * by_v) * pixel * HALF
                            ink = _line(h, change, spread, begin, main, pen)
                            ink = _unit(TWO * ink) * strength
                            tone = int(_unit(h) * most + HALF)
                            tr, tg, tb = ramp[tone, 0] * tint, ramp[tone, 1] * tint, ramp[tone, 2] * tint
                            pr, pg, pb = pr + ink * (tr - pr), pg + ink * (tg - pg), pb + ink * (tb - pb)
                    frame = _unit(pen * F(1.2) + HALF - abs(side - ONE) / pixel) * F(0.8)
                    pr, pg, pb = pr + frame * (rule_r - pr), pg + frame * (rule_g - pg), pb + frame * (rule_b - pb)
                    r, g, b = r + seen * (pr - r), g + seen * (pg - g), b + seen * (pb - b)
            grain = np.uint32(x) * np.uint32(1973) + np.uint32(y) * np.uint32(9277)
            grain = (grain ^ (grain >> np.uint32(7))) * np.uint32(26699)
            noise = F((grain >> np.uint32(8)) & np.uint32(255)) / F(255)  # instead of rounding: no bands in the dark
            red = np.uint32(np.int32(_unit(r) * F(254.99) + noise))
            green = np.uint32(np.int32(_unit(g) * F(254.99) + noise))
            blue = np.uint32(np.int32(_unit(b) * F(254.99) + noise))
            out[y, x] = np.uint32(0xFF000000) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue
