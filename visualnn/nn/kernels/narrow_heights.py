"""The Python side of `narrow_plane`, in the room of `lane`."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np

from visualnn import precompiled
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.narrow import LaneLoop
from visualnn.nn.kernels.numbers import keep_of
from visualnn.nn.kernels.room import Floats, filled, flat
from visualnn.nn.network import Vector

KERNELS = "visualnn.nn.kernels.narrow_plane"
PRECISION = "float64"  # heights are compared with what training shows


class NarrowHeights:
    """The losses of a task over a plane. For one thread at a time."""

    def __init__(self, task: Task, origin: Vector, u: Vector, v: Vector) -> None:
        exact = replace(task.options, precision=PRECISION, dropout=0.0, batch_size=None)
        self.task = Task(task.network, exact, task.inputs, task.targets, task.mask)
        loop = LaneLoop(self.task)
        self._plan, self._work, self._w = loop.plan, loop.work, loop.w[: loop.size]
        self._first = len(loop.work.valid) * sum(task.network.sizes)  # where the inputs begin
        prepare = precompiled.kernel(KERNELS, "prepare")
        prepare(loop.plan, loop.work, loop.x, loop.y, np.arange(task.rows, dtype=np.int64), self._first)
        self._ways = self._packed(origin, u, v)

    def through(self, origin: Vector, u: Vector, v: Vector) -> NarrowHeights:
        """The same over another plane, with the same room: not for another thread."""
        other = copy.copy(self)
        other._ways = self._packed(origin, u, v)
        return other

    def at(self, ps: Vector, qs: Vector) -> Vector:
        """The losses at these points."""
        out, survey = np.empty(ps.size), precompiled.kernel(KERNELS, "survey")
        survey(self._plan, self._work, self._ways, self._w, self._first, flat(ps), flat(qs), out)
        return out.reshape(ps.shape)

    def _packed(self, *ways: Vector) -> Floats:
        keep = keep_of(self.task)
        return np.concatenate([filled(way * keep, PRECISION)[: self._w.size] for way in ways])
