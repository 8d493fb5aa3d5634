"""The surface as triangles: which of its points is seen at every pixel."""

from __future__ import annotations

import math

import numpy as np
from numba import njit, types

NONE, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)
SLACK = np.float32(-1e-5)  # so that no pixel falls between two triangles
PLANE = types.float32[:, ::1]


@njit(
    types.void(types.intp, types.intp, types.Array(types.float32, 3, "C", readonly=True), types.intp, *([PLANE] * 3)),
    nogil=True,
    cache=True,
    fastmath={"contract", "nsz", "arcp", "reassoc"},
    error_model="numpy",
)
def cover(first, last, seen, stride, near, u, v):
    """Rows [first, last): 1/distance of the nearest point, 0 where there is none, and its column and row in the field.

    `seen` is (rows, columns, 3) of every `stride`-th of the field: x, y on the screen and 1/distance, 0 at a hole.
    """
    rows, columns, _ = seen.shape
    width = near.shape[1]
    for y in range(first, last):
        for x in range(width):
            near[y, x] = NONE
    for i in range(rows - 1):
        for j in range(columns - 1):
            a, b, c, d = seen[i, j, 1], seen[i, j + 1, 1], seen[i + 1, j, 1], seen[i + 1, j + 1, 1]
            if max(max(a, b), max(c, d)) < first or min(min(a, b), min(c, d)) > last:
                continue
            for half in range(2):
                i1, j1 = (i, j + 1) if half == 0 else (i + 1, j + 1)
                i2, j2 = (i + 1, j + 1) if half == 0 else (i + 1, j)
                x0, y0, w0 = seen[i, j, 0], seen[i, j, 1], seen[i, j, 2]
                x1, y1, w1 = seen[i1, j1, 0], seen[i1, j1, 1], seen[i1, j1, 2]
                x2, y2, w2 = seen[i2, j2, 0], seen[i2, j2, 1], seen[i2, j2, 2]
                area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
                if area == NONE or w0 <= NONE or w1 <= NONE or w2 <= NONE:
                    continue
                top = max(first, math.ceil(min(y0, min(y1, y2)) - HALF))
                bottom = min(last - 1, math.floor(max(y0, max(y1, y2)) - HALF))
                left = max(0, math.ceil(min(x0, min(x1, x2)) - HALF))
                right = min(width - 1, math.floor(max(x0, max(x1, x2)) - HALF))
                inverse = ONE / area
                ax, ay = (y2 - y0) * inverse, -(x2 - x0) * inverse
                bx, by = -(y1 - y0) * inverse, (x1 - x0) * inverse
                u0, u1, u2 = np.float32(j * stride) * w0, np.float32(j1 * stride) * w1, np.float32(j2 * stride) * w2
                v0, v1, v2 = np.float32(i * stride) * w0, np.float32(i1 * stride) * w1, np.float32(i2 * stride) * w2
                for y in range(top, bottom + 1):
                    dx, dy = np.float32(left) + HALF - x0, np.float32(y) + HALF - y0
                    p, q = ax * dx + ay * dy, bx * dx + by * dy
                    for x in range(left, right + 1):
                        o = ONE - p - q
                        if p >= SLACK and q >= SLACK and o >= SLACK:
                            w = o * w0 + p * w1 + q * w2
                            if w > near[y, x]:
                                near[y, x] = w
                                far = ONE / w
                                u[y, x] = (o * u0 + p * u1 + q * u2) * far
                                v[y, x] = (o * v0 + p * v1 + q * v2) * far
                        p, q = p + ax, q + bx
