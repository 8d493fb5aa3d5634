"""The Python side of `lane`: the room it works in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from visualnn import precompiled
from visualnn.nn.kernels.arguments import Control, State, Task
from visualnn.nn.kernels.numbers import (
    HAS_SHORTCUTS,
    IS_GATED,
    constants_of,
    dense_layout,
    keep_of,
    plan_of,
    units_of,
    weights_of,
)
from visualnn.nn.kernels.room import WIDTH, Floats, aligned, filled, packed_rows, rounded_up
from visualnn.nn.network import Vector
from visualnn.nn.order import Order

STAGED = 64  # blocks of rows that are put in order ahead, so that the processor need not wait for its own writes


class Work(NamedTuple):
    """Room for one update, and what the parameters are. Blocks lie one after another."""

    a: Floats  # activations, line by line; behind them the inputs of the updates that are staged
    d: Floats  # slopes, line by line
    y: Floats  # the targets of the updates that are staged
    carried: Floats  # da that shortcuts bring back, line by line; zero between two updates
    gates: Floats  # what multiplies activations, line by line
    valid: Floats  # 1 for the lanes of each block that are rows
    parts: Floats  # the gradient lane by lane, a vector for each parameter
    g: Floats  # the gradient, where it is needed as a whole
    units: Floats  # 0 for neurons that are switched off
    weights: Floats  # 1 for weights, 0 for biases
    keep: Floats  # 0 for parameters that are cut


class LaneLoop:
    """Training of a small network; see `arguments.Loop`."""

    @np.errstate(over="ignore")  # rows may be infinite with 32 bits
    def __init__(self, task: Task) -> None:
        self.task, precision = task, task.options.precision
        self._train = precompiled.kernel("visualnn.nn.kernels.lane", "train")
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
        why: int = self._train(
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
