"""Runs of a loop, with everything that it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from visualnn.nn.kernels.arguments import UPDATE, Control, Loop, State, Task
from visualnn.nn.order import Order
from visualnn.nn.schedule import fresh_scalars


class Fixed:
    """Launches of always so many updates, however long they take."""

    def __init__(self, updates: int) -> None:
        self.updates = updates

    def measured(self, updates: int, seconds: float) -> None:
        assert updates >= 0
        assert seconds >= 0.0


class Ran(NamedTuple):
    """What a run has left."""

    why: int
    state: State
    losses: np.ndarray  # NaN where none was noted
    order: Order
    update: int


def run(
    loop: Loop,
    task: Task,
    parameters: np.ndarray,
    updates: int,
    *,
    goal: float | None = None,
    stride: int = 1,
    calls: Sequence[int] = (),
    loops: Sequence[Loop] = (),
) -> Ran:
    """Some updates from these parameters, in one call or in several, each by a loop of its own if there are some."""
    options = task.options
    order = Order(task.rows, task.batch, options.seed)
    state = State(parameters.copy(), options.optimizer.memory(parameters.size), fresh_scalars())
    losses = np.full(-(-updates // stride) + 1, np.nan)
    control = Control(parameters.size, options.optimizer.rate, goal)
    why = 0
    for i, count in enumerate(calls or (updates,)):
        one = loops[i] if loops else loop
        why = one.run(order, state, control, losses, stride, count)
    return Ran(why, state, losses[: -(-updates // stride)], order, int(control.flags[UPDATE]))
