"""The Python side of `plane`: the room it works in."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from visualnn import precompiled
from visualnn.nn.kernels.arguments import Integers, Task
from visualnn.nn.kernels.numbers import IS_GATED, keep_of, plan_of, units_of
from visualnn.nn.kernels.panels import padded_layout
from visualnn.nn.kernels.room import HEIGHT, WIDTH, Floats, aligned, filled, flat, packed_rows, rounded_up
from visualnn.nn.network import Vector

KERNELS = "visualnn.nn.kernels.plane"
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


class Heights:
    """The losses of a task over a plane. For one thread at a time."""

    def __init__(self, task: Task, origin: Vector, u: Vector, v: Vector) -> None:
        exact = replace(task.options, precision=PRECISION, dropout=0.0, batch_size=None)
        self.task = Task(task.network, exact, task.inputs, task.targets, task.mask)
        layout, lanes, rows = padded_layout(self.task), WIDTH[PRECISION], task.rows
        self.layout, self.plan = layout, plan_of(self.task, layout)
        self.width = lanes if rows <= lanes else 2 * lanes
        sizes = [rounded_up(n, "float32") for n in task.network.sizes]  # whole tiles, and vectors where rows are turned
        self.lines = np.cumsum([0, *sizes], dtype=np.int64)
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
        out, survey = np.empty(ps.size), precompiled.kernel(KERNELS, "survey")
        survey(self.plan, self.lines, self.room, self.width, flat(ps), flat(qs), out)
        return out.reshape(ps.shape)

    def _arranged(self, rows: Vector, step: int) -> Floats:
        order: Integers = np.arange(len(rows), dtype=np.int64)
        size, places = step * self.width * self._panels, np.zeros(self.width, dtype=np.int64)
        out, arrange = aligned(size, PRECISION)[:size], precompiled.kernel(KERNELS, "arrange")
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
