"""The Python side of `row`: which tasks it can do, and the room it works in."""

from __future__ import annotations

import numpy as np

from visualnn import precompiled
from visualnn.nn.kernels.arguments import Control, State, Task
from visualnn.nn.kernels.numbers import dense_layout, plan_of
from visualnn.nn.kernels.room import aligned, packed_rows
from visualnn.nn.network import Vector
from visualnn.nn.order import Order


def is_plain(task: Task) -> bool:
    """Whether a task is one row at a time and nothing but SGD."""
    options, network = task.options, task.network
    adds = options.l1 or options.l2 or options.dropout or options.is_clipped or options.optimizer.weight_decay
    is_simple = task.mask is None and not network.shortcut and network.activations[-1] != "softmax"
    return task.batch == 1 and options.optimizer.name == "sgd" and not adds and is_simple


class OnlineLoop:
    """Training by one row at a time; see `arguments.Loop`."""

    @np.errstate(over="ignore")  # rows may be infinite with 32 bits
    def __init__(self, task: Task) -> None:
        precision, layout = task.options.precision, dense_layout(task)
        self._train = precompiled.kernel("visualnn.nn.kernels.row", "train")
        self.plan = plan_of(task, layout)
        self.x = packed_rows(task.inputs, precision, task.network.inputs)
        self.y = packed_rows(task.targets, precision, task.network.outputs)
        self.w = aligned(layout.size, precision)[: layout.size]
        self.room = tuple(aligned(sum(task.network.sizes), precision) for _ in range(3))

    @np.errstate(over="ignore")  # what has diverged in 64 bits may not fit into 32
    def run(self, order: Order, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
        """Does at most `updates` updates."""
        self.w[:] = state.parameters
        flags, dials, places = control.flags, control.dials, (order.line, order.words, order.epoch)
        data = (*self.room, self.x, self.y, *places, self.w)
        why: int = self._train(self.plan, *data, state.scalars, flags, dials, losses, stride, updates)
        np.copyto(state.parameters, self.w)
        return why
