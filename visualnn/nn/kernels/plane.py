"""The loss at many points of a plane through the parameters: the forward pass of `tile`, and no way back.

A point (p, q) stands for the parameters ``(origin + p·u) + q·v``, added in that order and rounded as NumPy does, so
that its loss is that of exactly the parameters that everybody else has there. The loss is the one that `tile` trains
with, in 64 bits, over all rows: equal to it to the bit where a full batch is trained.
"""

from __future__ import annotations

from numba import njit

from visualnn.nn.kernels.arguments import Integers
from visualnn.nn.kernels.formulas import CROSS_ENTROPY
from visualnn.nn.kernels.heights import Room
from visualnn.nn.kernels.numbers import LOSS, ROWS, Plan
from visualnn.nn.kernels.room import HEIGHT, Floats
from visualnn.nn.kernels.tile import forward, gather, judge_panel, mark_rows, mean_cost
from visualnn.nn.kernels.vector import lanes_of, like, load, store
from visualnn.nn.network import Vector


@njit(nogil=True, _nrt=False, cache=True, error_model="numpy")
def arrange(source: Floats, n: int, order: Integers, places: Integers, out: Floats, width: int) -> None:
    """Puts rows into panels, line by line; the gaps of the last panel hold its first row, which counts once."""
    rows = order.size
    stride = out.size // (-(-rows // width))
    for panel in range(-(-rows // width)):
        first = panel * width
        gather(source, n, order, first, min(width, rows - first), places, 0, out, panel * stride, width)


@njit(nogil=True, _nrt=False, cache=True, error_model="numpy")
def survey(plan: Plan, lines: Integers, room: Room, width: int, ps: Vector, qs: Vector, out: Vector) -> None:
    """The loss at each of these points."""
    lanes, n_out, rows = lanes_of(room.w), plan.sizes[-1], plan.whole[ROWS]
    panels, size, layers = -(-rows // width), room.ways.size // 3, plan.starts.size
    x_size, y_size, out_at = lines[1] * width, room.y.size // panels, lines[layers] * width
    scale = rows if plan.whole[LOSS] == CROSS_ENTROPY else rows * n_out
    mark_rows(room.valid, rows)
    for i in range(ps.size):
        p, q = like(load(room.w, 0), ps[i]), like(load(room.w, 0), qs[i])
        for at in range(0, size, lanes):
            along = load(room.ways, at) + p * load(room.ways, size + at)
            store(room.w, at, along + q * load(room.ways, 2 * size + at))
        for panel in range(panels):
            for at in range(0, x_size, lanes):
                store(room.a, at, load(room.x, panel * x_size + at))
            for layer in range(layers):
                tiles = -(-plan.sizes[layer + 1] // HEIGHT)
                forward(plan, lines, layer, room.w, room.a, room.d, room.gates, 0, width, 0, tiles)
            y_at = panel * y_size
            judge_panel(plan, room.a, room.d, room.y, room.valid, room.costs, out_at, y_at, panel, width, scale)
        out[i] = mean_cost(room.costs, panels * width // lanes, scale)
