"""Which points of a line the surface hides."""

from __future__ import annotations

import math

from numba import njit, types

NEAR = 1.5  # cells around a point that do not hide it: it lies on the surface
PLANES = types.Array(types.float32, 2, "C", readonly=True)


@njit(
    types.void(
        types.Array(types.float64, 2, "C", readonly=True),
        types.Array(types.float64, 1, "C", readonly=True),
        PLANES,
        types.float64,
        types.boolean[::1],
    ),
    nogil=True,
    cache=True,
    error_model="numpy",
)
def hidden(points, eye, z, slack, out):
    """For every point (x, y, z) whether the surface lies between it and the eye.

    A point less than `slack` under the surface counts as one on it; what is further below is seen past its edge only.
    """
    rows, columns = z.shape
    top = -1.0
    for r in range(rows):
        for c in range(columns):
            top = max(top, z[r, c]) if z[r, c] > -1.0 else top
    for n in range(points.shape[0]):
        x, y, h = (points[n, 0] + 1) / 2 * (columns - 1), (points[n, 1] + 1) / 2 * (rows - 1), points[n, 2]
        dx, dy = (eye[0] - points[n, 0]) / 2 * (columns - 1), (eye[1] - points[n, 1]) / 2 * (rows - 1)
        dh, length = eye[2] - h, math.sqrt(dx * dx + dy * dy)
        steps = max(length, 4.0)
        dx, dy, dh = dx / steps, dy / steps, dh / steps
        below, out[n] = 0, False
        for k in range(int(steps)):
            px, py, ph = x + dx * k, y + dy * k, h + dh * k
            if ph > top and dh >= 0 and below >= 0:  # above everything
                break
            if px < 0 or py < 0 or px > columns - 1 or py > rows - 1:
                if below != 0:
                    break
                continue
            c, r = min(int(px), columns - 2), min(int(py), rows - 2)
            a, b = px - c, py - r
            upper, lower = z[r, c] * (1 - a) + z[r, c + 1] * a, z[r + 1, c] * (1 - a) + z[r + 1, c + 1] * a
            surface = upper * (1 - b) + lower * b
            if not surface > -1.0:  # a hole
                continue
            if below == 0:
                below = -1 if ph < surface - slack else 1
            if k > NEAR and (ph - surface) * below < 0:
                out[n] = True
                break
