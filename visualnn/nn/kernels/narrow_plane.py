"""The loss at many points of a plane through the parameters of a narrow network: the forward pass of `lane`.

As `plane`, but with the rows in lanes, so that a column of three neurons takes three vectors and no whole tile.
"""

from __future__ import annotations

from numba import njit

from visualnn.nn.kernels.across import total
from visualnn.nn.kernels.arguments import Integers
from visualnn.nn.kernels.formulas import CROSS_ENTROPY
from visualnn.nn.kernels.judgement import judge
from visualnn.nn.kernels.lane import forward, mark_rows, stage
from visualnn.nn.kernels.narrow import Work
from visualnn.nn.kernels.numbers import IS_GATED, LOSS, ROWS, Plan
from visualnn.nn.kernels.room import Floats
from visualnn.nn.kernels.vector import item, lanes_of, like, load, store
from visualnn.nn.network import Vector


@njit(nogil=True, _nrt=False, cache=True, error_model="numpy")
def prepare(plan: Plan, work: Work, x: Floats, y: Floats, line: Integers, first: int) -> None:
    """Puts the rows side by side from place `first` on, and marks which lanes they are."""
    rows = plan.whole[ROWS]
    mark_rows(work.valid, rows)
    stage(x, item(plan.sizes, 0), line, 0, rows, work.a, first)
    stage(y, plan.sizes[-1], line, 0, rows, work.y, 0)


@njit(nogil=True, _nrt=False, cache=True, error_model="numpy")
def survey(
    plan: Plan, work: Work, ways: Floats, w: Floats, first: int, ps: Vector, qs: Vector, out: Vector
) -> None:  # fmt: skip
    """The loss at each of these points."""
    lanes, n_in, n_out, rows = lanes_of(w), item(plan.sizes, 0), plan.sizes[-1], plan.whole[ROWS]
    blocks, size, gated = -(-rows // lanes), w.size, plan.whole[IS_GATED]
    out_at, code, loss = plan.lines[-1] * lanes, plan.activations[-1], plan.whole[LOSS]
    scale = rows if loss == CROSS_ENTROPY else rows * n_out
    for i in range(ps.size):
        p, q = like(load(w, 0), ps[i]), like(load(w, 0), qs[i])
        for at in range(0, size, lanes):
            store(w, at, load(ways, at) + p * load(ways, size + at) + q * load(ways, 2 * size + at))
        cost = like(load(w, 0), 0.0)
        share = like(cost, 1.0 / scale)
        for block in range(blocks):
            forward(plan, w, work, 0, first + block * n_in * lanes, gated)
            y_at, valid = block * n_out * lanes, load(work.valid, block * lanes)
            cost = cost + judge(loss, code, work.a, work.d, work.y, out_at, y_at, lanes, n_out, valid, share)
        out[i] = float(total(cost)) / scale
