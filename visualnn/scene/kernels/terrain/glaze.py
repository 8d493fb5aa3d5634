"""How the light falls on every corner of the field, as the eye sees it: between corners it changes little."""

from __future__ import annotations

import math

import numpy as np
from numba import njit, types

F = np.float32
NONE, HALF, ONE, TWO = F(0), F(0.5), F(1), F(2)
ROW, TABLE = types.Array(types.float32, 1, "C", readonly=True), types.Array(types.float32, 3, "C", readonly=True)


@njit(
    types.void(types.intp, types.intp, TABLE, ROW, ROW, types.float32, types.float32[:, :, ::1]),
    nogil=True,
    cache=True,
    fastmath={"contract", "nsz", "arcp", "reassoc", "afn"},
    error_model="numpy",
)
def glaze(first, last, field, camera, sun, tall, out):
    """Rows [first, last) of the field: light of the sky, of the sun, the shine of the sun, and the haze of a rim."""
    rows, columns, _ = field.shape
    lx, ly, lz = sun[0], sun[1], sun[2]
    ex, ey, ez = camera[0], camera[1], camera[2]
    across, down = TWO / F(columns - 1), TWO / F(rows - 1)
    for i in range(first, last):
        vy = ey + ONE - F(i) * down
        for j in range(columns):
            light = max(NONE, field[i, j, 3])
            nx, ny = -field[i, j, 1], -field[i, j, 2]
            nz = ONE / math.sqrt(nx * nx + ny * ny + ONE)
            nx, ny = nx * nz, ny * nz
            vx, vz = ex + ONE - F(j) * across, ez - min(ONE, field[i, j, 0]) * tall
            near = ONE / math.sqrt(vx * vx + vy * vy + vz * vz)
            wx, wy, wz = vx * near, vy * near, vz * near
            facing = nx * wx + ny * wy + nz * wz
            hx, hy, hz = lx + wx, ly + wy, lz + wz
            shine = max(NONE, nx * hx + ny * hy + nz * hz)
            shine = shine * shine / (hx * hx + hy * hy + hz * hz)
            shine = shine * shine
            shine = shine * shine
            shine = shine * shine
            front = facing > NONE
            rim = ONE - abs(facing)
            sky = F(0.56) * (HALF + HALF * nz) * (HALF + HALF * light)
            lamp = F(0.62) * max(NONE, nx * lx + ny * ly + nz * lz) * light
            out[i, j, 0] = sky if front else F(0.3) - F(0.22) * facing
            out[i, j, 1] = lamp if front else NONE
            out[i, j, 2] = shine * shine * F(0.2) * light if front else NONE
            out[i, j, 3] = rim * rim * rim
