"""The loss at many points of a plane through the parameters: the forward pass of `tile`, and no way back.

A point (p, q) stands for the parameters ``(origin + p·u) + q·v``, added in that order and rounded as NumPy does, so
that its loss is that of exactly the parameters that everybody else has there. The loss is the one that `tile` trains
with, in 64 bits, over all rows: equal to it to the bit where a full batch is trained.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numba import njit

from visualnn.nn.kernels.arguments import Integers, Task
from visualnn.nn.kernels.formulas import CROSS_ENTROPY
from visualnn.nn.kernels.microtile import ROWS as HEIGHT
from visualnn.nn.kernels.numbers import (
    IS_GATED,
    LOSS,
    ROWS,
    Floats,
    Plan,
    filled,
    keep_of,
    packed_rows,
    plan_of,
    units_of,
)
from visualnn.nn.kernels.tile import forward, gather, judge_panel, mark_rows, mean_cost
from visualnn.nn.kernels.vector import WIDTH, aligned, lanes_of, like, load, store
from visualnn.nn.kernels.wide import padded_layout
from visualnn.nn.network import Vector

PRECISION = "float64"  # heights are compared with what training shows


class Room(NamedTuple):
    """What the points are computed in, and from."""

    ways: Floats  # origin, u and v, one after another, with the gaps of `w`
    w: Floats  # the parameters of one point
    x: Floats  # the inputs, panel after panel, line by line
    y: Floats  # the targets, likewise
    valid: Floats  # 1 for the places of each panel that are rows
    a: Floats  # activations of one panel, line by line
    d: Floats  # slopes, which nobody needs
    gates: Floats  # what multiplies activations, line by line
    costs: Floats  # the losses of each vector of rows, lane by lane


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


class Heights:
    """The losses of a task over a plane. For one thread at a time."""

    def __init__(self, task: Task, origin: Vector, u: Vector, v: Vector) -> None:
        exact = replace(task.options, precision=PRECISION, dropout=0.0, batch_size=None)
        self.task = Task(task.network, exact, task.inputs, task.targets, task.mask)
        layout, lanes, rows = padded_layout(self.task), WIDTH[PRECISION], task.rows
        self.layout, self.plan = layout, plan_of(self.task, layout)
        self.width = lanes if rows <= lanes else 2 * lanes
        sizes = [_padded(n) for n in task.network.sizes]
        self.lines = np.cumsum([0, *sizes]).astype(np.int64)
        places = int(self.lines[-1]) * self.width
        self.room = Room(
            ways=self._packed(origin, u, v),
            w=aligned(layout.size + HEIGHT * int(layout.steps.max()), PRECISION),
            x=self._arranged(task.inputs, sizes[0]),
            y=self._arranged(task.targets, sizes[-1]),
            valid=aligned(self._panels * self.width, PRECISION)[: self._panels * self.width],
            a=aligned(places, PRECISION),
            d=aligned(places, PRECISION),
            gates=self._gates(places),
            costs=aligned(self._panels * self.width, PRECISION),
        )

    @property
    def _panels(self) -> int:
        return -(-self.task.rows // self.width)

    def through(self, origin: Vector, u: Vector, v: Vector) -> Heights:
        """The same over another plane, with the same room: not for another thread."""
        other = copy.copy(self)
        other.room = self.room._replace(ways=self._packed(origin, u, v))
        return other

    def at(self, ps: Vector, qs: Vector) -> Vector:
        """The losses at these points."""
        out = np.empty(ps.size)
        survey(self.plan, self.lines, self.room, self.width, np.ravel(ps), np.ravel(qs), out)
        return out.reshape(ps.shape)

    def _arranged(self, rows: Vector, step: int) -> Floats:
        order: Integers = np.arange(len(rows), dtype=np.int64)
        size, places = step * self.width * self._panels, np.zeros(self.width, dtype=np.int64)
        out = aligned(size, PRECISION)[:size]
        arrange(packed_rows(rows, PRECISION, step), step, order, places, out, self.width)
        return out

    def _packed(self, *ways: Vector) -> Floats:
        keep = keep_of(self.task)
        return np.concatenate([self._spaced(way * keep) for way in ways])

    def _spaced(self, values: Vector) -> Floats:
        packed, sizes = np.zeros(self.layout.size), self.task.network.sizes
        for (first, _b), start, step, n_in, n_out in zip(
            self.task.network.offsets, self.layout.starts, self.layout.steps, sizes, sizes[1:], strict=False
        ):
            lines = values[first : first + (n_in + 1) * n_out].reshape(n_in + 1, n_out)
            packed[start : start + (n_in + 1) * step].reshape(n_in + 1, step)[:, :n_out] = lines
        return packed

    def _gates(self, places: int) -> Floats:
        """What is switched off; nothing where all is on."""
        if not self.plan.whole[IS_GATED]:
            return aligned(0, PRECISION)
        gates, units = aligned(places, PRECISION), filled(units_of(self.task), PRECISION)
        of_lines = gates[:places].reshape(-1, self.width)
        for first, line, n in zip(self.plan.lines, self.lines, self.task.network.sizes, strict=False):
            of_lines[line : line + n] = units[first : first + n, None]
        return gates


def _padded(n: int) -> int:
    """Lines of a column: whole tiles, and whole vectors where rows are turned round."""
    return -(-n // 16) * 16
