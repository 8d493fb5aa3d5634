"""The Python side of `lane`: the room it works in."""

from __future__ import annotations

import numpy as np

from visualnn.nn.kernels.arguments import Control, State, Task
from visualnn.nn.kernels.lane import STAGED, Work, train
from visualnn.nn.kernels.numbers import (
    HAS_SHORTCUTS,
    IS_GATED,
    constants_of,
    dense_layout,
    filled,
    keep_of,
    packed_rows,
    plan_of,
    rounded_up,
    units_of,
    weights_of,
)
from visualnn.nn.kernels.vector import WIDTH, aligned
from visualnn.nn.network import Vector
from visualnn.nn.order import Order


class LaneLoop:
    """Training of a small network; see `arguments.Loop`."""

    @np.errstate(over="ignore")  # rows may be infinite with 32 bits
    def __init__(self, task: Task) -> None:
        self.task, precision = task, task.options.precision
        layout, lanes = dense_layout(task), WIDTH[task.options.precision]
        self.plan, self.constants = plan_of(task, layout), constants_of(task)
        self.x = packed_rows(task.inputs, precision, task.network.inputs)
        self.y = packed_rows(task.targets, precision, task.network.outputs)
        self.size = rounded_up(layout.size, precision)
        self.w, self.memory = aligned(self.size, precision), aligned(2 * self.size, precision)[: 2 * self.size]
        self.work = self._work(-(-task.batch // lanes), lanes)

    def _work(self, blocks: int, lanes: int) -> Work:
        task, precision, sizes = self.task, self.task.options.precision, self.task.network.sizes
        step = sum(sizes) * lanes * blocks
        updates = max(1, STAGED // blocks) if task.epoch_length > 1 else 1
        a = aligned(step + updates * blocks * sizes[0] * lanes, precision)[:-16]
        a[step:].reshape(-1, sizes[0], lanes)[:] = task.inputs[0][:, None]  # lanes that are no rows are like a row
        gates = aligned(step if self.plan.whole[IS_GATED] else 0, precision)
        if gates.size > step:
            gates[:step].reshape(blocks, -1, lanes)[:] = units_of(task)[:, None]
        return Work(
            a=a,
            d=aligned(step, precision),
            y=aligned(updates * blocks * sizes[-1] * lanes, precision),
            carried=aligned(step if self.plan.whole[HAS_SHORTCUTS] else 0, precision),
            gates=gates,
            valid=aligned(blocks * lanes, precision)[: blocks * lanes],
            parts=aligned(self.size * lanes, precision),
            g=aligned(self.size, precision),
            units=filled(units_of(task), precision),
            weights=filled(weights_of(task), precision),
            keep=filled(keep_of(task), precision),
        )

    @np.errstate(over="ignore")  # what has diverged in 64 bits may not fit into 32
    def run(self, order: Order, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
        """Does at most `updates` updates."""
        n, slots = state.parameters.size, len(state.memory)
        keep = self.work.keep[:n]
        self.w[:n] = state.parameters * keep
        slot = self.memory.size // 2
        for k in range(slots):
            self.memory[k * slot : k * slot + n] = state.memory[k]
        flags, dials = control.flags, control.dials
        why: int = train(
            self.plan,
            self.work,
            self.constants,
            self.x,
            self.y,
            order.line,
            order.words,
            order.epoch,
            self.w,
            self.memory,
            state.scalars,
            flags,
            dials,
            losses,
            stride,
            updates,
        )
        np.copyto(state.parameters, self.w[:n], where=keep != 0.0)
        for k in range(slots):
            state.memory[k] = self.memory[k * slot : k * slot + n]
        return why
