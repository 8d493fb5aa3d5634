"""The Python side of `lanes`, in the room of `lane`: many small networks of one shape."""

from __future__ import annotations

from collections.abc import Sequence
from operator import is_not
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualnn import precompiled
from visualnn.nn.kernels.arguments import Control, State, Task
from visualnn.nn.kernels.narrow import LaneLoop
from visualnn.nn.kernels.numbers import keep_of
from visualnn.nn.kernels.room import filled
from visualnn.nn.network import Vector
from visualnn.nn.order import Order

# Where in memory something of a network begins: columns of `addresses`
PARAMETERS_AT, MEMORY_AT, SCALARS_AT, FLAGS_AT, DIALS_AT, LOSSES_AT, LINE_AT, WORDS_AT, EPOCH_AT, ADDRESSES = range(10)
# Columns of `numbers`
STRIDE_OF, UPDATES_OF, SEED_OF, ROOM_OF_LOSSES, NUMBERS = range(5)
WORD = 8  # bytes of every number that is found by its address


class LaneFleet:
    """Training of small networks that differ in rate, seed and weights only; see `Fleet`. For one thread."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._tasks, self._loop = tuple(tasks), LaneLoop(tasks[0])
        self._train = precompiled.kernel("visualnn.nn.kernels.lanes", "train")
        self._arrays: list[tuple[NDArray[Any], ...]] = [()] * len(
            self._tasks
        )  # whose addresses these are, and no other's
        self._addresses = np.zeros((len(self._tasks), ADDRESSES), dtype=np.int64)
        self._seeds = [task.options.seed for task in self._tasks]
        self._keep = filled(keep_of(tasks[0]), tasks[0].options.precision)[: tasks[0].network.parameter_count]

    @np.errstate(over="ignore")
    def run(
        self,
        orders: Sequence[Order],
        states: Sequence[State],
        controls: Sequence[Control],
        losses: Sequence[Vector],
        strides: Sequence[int],
        updates: Sequence[int],
    ) -> list[int]:
        """Does at most so many updates of each; why each ended."""
        for i, own in enumerate(zip(orders, states, controls, losses, strict=True)):
            self._find(i, _arrays(*own))
        numbers = np.empty((len(strides), NUMBERS), dtype=np.int64)
        numbers[:, STRIDE_OF], numbers[:, UPDATES_OF] = strides, updates
        numbers[:, SEED_OF] = self._seeds
        numbers[:, ROOM_OF_LOSSES] = [of_net.size for of_net in losses]
        whys, loop = np.zeros(len(strides), dtype=np.int64), self._loop
        self._train(
            loop.plan,
            loop.work,
            loop.constants,
            loop.x,
            loop.y,
            self._keep,
            loop.w,
            loop.memory,
            len(states[0].memory),
            self._addresses,
            numbers,
            whys,
        )
        ends: list[int] = whys.tolist()
        return ends

    def _find(self, i: int, arrays: tuple[NDArray[Any], ...]) -> None:
        """The addresses of a network's arrays, mostly those of the call before; the arrays live as long as we do."""
        known = self._arrays[i]
        if not known or any(map(is_not, arrays, known)):
            self._arrays[i], self._addresses[i] = arrays, [_address(array) for array in arrays]


def _arrays(order: Order, state: State, control: Control, losses: Vector) -> tuple[NDArray[Any], ...]:
    """In the order of the columns of `addresses`."""
    return (*state, control.flags, control.dials, losses, order.line, order.words, order.epoch)


def _address(array: NDArray[Any]) -> int:
    """Raises TypeError for what the kernel would take for something else."""
    if not array.flags.c_contiguous or array.itemsize != WORD:
        raise TypeError(
            f"This kernel needs numbers of {8 * WORD} bits without gaps, not {array.dtype} {array.strides}."
        )
    return precompiled.address(array)
