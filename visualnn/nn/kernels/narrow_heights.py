"""The loss at many points of a plane through the parameters of a narrow network: the forward pass of `lane`.

As `heights`, but with the rows in lanes, so that a column of three neurons takes three vectors and no whole tile.
"""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
from numba import njit

from visualnn.nn.kernels.across import total
from visualnn.nn.kernels.arguments import Integers, Task
from visualnn.nn.kernels.formulas import CROSS_ENTROPY
from visualnn.nn.kernels.judgement import judge
from visualnn.nn.kernels.lane import Work, forward, mark_rows, stage
from visualnn.nn.kernels.narrow import LaneLoop
from visualnn.nn.kernels.numbers import IS_GATED, LOSS, ROWS, Floats, Plan, filled, keep_of
from visualnn.nn.kernels.vector import item, lanes_of, like, load, store
from visualnn.nn.network import Vector

PRECISION = "float64"  # heights are compared with what training shows


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


class NarrowHeights:
    """The losses of a task over a plane. For one thread at a time."""

    def __init__(self, task: Task, origin: Vector, u: Vector, v: Vector) -> None:
        exact = replace(task.options, precision=PRECISION, dropout=0.0, batch_size=None)
        self.task = Task(task.network, exact, task.inputs, task.targets, task.mask)
        loop = LaneLoop(self.task)
        self._plan, self._work, self._w = loop.plan, loop.work, loop.w[: loop.size]
        self._first = len(loop.work.valid) * sum(task.network.sizes)  # where the inputs begin
        prepare(loop.plan, loop.work, loop.x, loop.y, np.arange(task.rows, dtype=np.int64), self._first)
        self._ways = self._packed(origin, u, v)

    def through(self, origin: Vector, u: Vector, v: Vector) -> NarrowHeights:
        """The same over another plane, with the same room: not for another thread."""
        other = copy.copy(self)
        other._ways = self._packed(origin, u, v)
        return other

    def at(self, ps: Vector, qs: Vector) -> Vector:
        """The losses at these points."""
        out = np.empty(ps.size)
        survey(self._plan, self._work, self._ways, self._w, self._first, np.ravel(ps), np.ravel(qs), out)
        return out.reshape(ps.shape)

    def _packed(self, *ways: Vector) -> Floats:
        keep = keep_of(self.task)
        return np.concatenate([filled(way * keep, PRECISION)[: self._w.size] for way in ways])
