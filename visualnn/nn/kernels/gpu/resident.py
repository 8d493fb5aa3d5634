"""What of a task lies on the GPU while a loop for wide networks is there, and the ways there and back."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from visualnn.nn import schedule
from visualnn.nn.kernels.arguments import State, Task
from visualnn.nn.kernels.gpu import places, plan, tables
from visualnn.nn.kernels.gpu.door import SIMULATED, cuda
from visualnn.nn.kernels.gpu.places import NONE, TURN
from visualnn.nn.kernels.gpu.steps import Machine, kernels_of
from visualnn.nn.kernels.numbers import weights_of

IN_FLIGHT = 2  # launches: one is worked on, one waits
PLATEAU = (  # what the plateau rule remembers: its place among the scores, and in the scalars
    (places.FACTOR, schedule.FACTOR),
    (places.BEST, schedule.BEST),
    (places.BAD_EPOCHS, schedule.BAD_EPOCHS),
    (places.EPOCH_LOSS, schedule.EPOCH_LOSS),
)


class Slot:
    """What is handed over with a launch, in memory that the GPU can read and write while we go on."""

    def __init__(self, turn_size: int, most: int) -> None:
        self.turn = cuda.pinned_array(turn_size, np.uint32)
        self.constants = cuda.pinned_array(places.CONSTANTS + most * tables.COLUMNS, np.float32)
        self.losses, self.status = cuda.pinned_array(most, np.float32), cuda.pinned_array(places.STATUS, np.int32)
        self.begin, self.end = cuda.event(), cuda.event()
        self.begun = 0.0

    def seconds(self) -> float:
        """How long the launch took, once it is done."""
        if SIMULATED:
            return time.perf_counter() - self.begun
        return float(self.begin.elapsed_time(self.end)) / 1e3


class Memory:
    """What lies on the GPU, and the ways there."""

    def __init__(self, task: Task, machine: Machine, most: int) -> None:
        self.task, self.machine = task, machine
        self.ground = places.ground_of(task, machine.sizes, most)
        self.kernels, self.stream = kernels_of(machine), cuda.stream()
        self.count, self.slots = task.network.parameter_count, self.ground.head(places.SLOTS)
        turn_size = TURN + most + _most_lines(task, most)
        self.sheet, self.fixed = cuda.to_device(self.ground.sheet), cuda.to_device(plan.plan_of(task).fixed)
        self.status, self.turn = cuda.device_array(places.STATUS, np.int32), cuda.device_array(turn_size, np.uint32)
        self.constants = cuda.device_array(places.CONSTANTS + most * tables.COLUMNS, np.float32)
        self.room = cuda.device_array(self.ground.size, np.float32)
        self.dense = cuda.device_array((1 + self.slots) * self.count, np.float32)
        self.here = cuda.pinned_array((1 + self.slots) * self.count, np.float32)
        self.in_hand = [Slot(turn_size, most) for _ in range(IN_FLIGHT)]
        self.keep = np.ones(self.count, dtype=bool) if task.mask is None else task.mask.parameters != 0.0
        self._fill()

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What every kernel of an update is given, after the column."""
        return self.sheet, self.turn, self.constants, self.fixed, self.status, self.room

    def _fill(self) -> None:
        """Zeros everywhere, then what never changes."""
        self.kernels.clear[self._blocks(self.ground.size), self.machine.threads, self.stream](
            self.room, np.uint32(self.ground.size)
        )
        self.write(self.ground.head(places.X), plan.singles(self.task.inputs).ravel())
        self.write(self.ground.head(places.Y), plan.singles(self.task.targets).ravel())
        if self.ground.head(places.UNITS) != NONE:
            self.write(self.ground.head(places.UNITS), plan.units(self.task))
        if self.ground.head(places.KINDS):
            weights = np.where(weights_of(self.task) > 0.0, places.WEIGHT, places.BIAS)
            self.here[: self.count] = np.where(self.keep, weights, places.NOTHING)
            self._spread(0, self.ground.head(places.KINDS))
            self.stream.synchronize()

    def write(self, at: int, values: Any) -> None:
        """Puts numbers that lie together into the room, after all that has been asked for."""
        self.stream.synchronize()
        self.room[at : at + values.size].copy_to_device(values, stream=self.stream)
        self.stream.synchronize()

    def take(self, state: State) -> None:
        """The state, to the GPU."""
        with np.errstate(over="ignore", invalid="ignore"):  # what has diverged in 64 bits may not fit into 32
            self.here[: self.count] = np.where(self.keep, state.parameters, 0.0)
            for slot in range(self.slots):
                self.here[(slot + 1) * self.count : (slot + 2) * self.count] = state.memory[slot]
            scores = np.ones(places.SCORES_COUNT, dtype=np.float32)
            if self.ground.head(places.HAS_PLATEAU):
                for place, scalar in PLATEAU:
                    scores[place] = state.scalars[scalar]
        for slot in range(1 + self.slots):
            self._spread(slot, slot * self.ground.head(places.SLOT))
        self.write(self.ground.head(places.SCORES), scores)
        self.status.copy_to_device(np.zeros(places.STATUS, dtype=np.int32), stream=self.stream)
        self.stream.synchronize()

    def _spread(self, slot: int, behind: int) -> None:
        begin, end = slot * self.count, (slot + 1) * self.count
        self.dense[begin:end].copy_to_device(self.here[begin:end], stream=self.stream)
        self._walk(self.kernels.spread, slot, behind)

    def collect(self, slot: int) -> None:
        """Parameters, or a slot of their memory, one after another."""
        self._walk(self.kernels.collect, slot, slot * self.ground.head(places.SLOT))

    def _walk(self, kernel: Any, slot: int, behind: int) -> None:
        for column in range(1, len(self.task.network.sizes)):
            begin = np.uint32(slot * self.count)
            kernel[self._blocks(self.count), self.machine.threads, self.stream](
                np.uint32(column), self.sheet, self.dense, begin, np.uint32(behind), self.room
            )

    def _blocks(self, count: int) -> int:
        """In which so many numbers are moved."""
        return min(self.machine.most_blocks, -(-count // self.machine.threads))

    def give(self, state: State) -> None:
        """The state, from the GPU."""
        scores = np.empty(places.SCORES_COUNT, dtype=np.float32)
        for slot in range(1 + self.slots):
            self.collect(slot)
        self.dense.copy_to_host(self.here, stream=self.stream)
        at = self.ground.head(places.SCORES)
        self.room[at : at + places.SCORES_COUNT].copy_to_host(scores, stream=self.stream)
        self.stream.synchronize()
        np.copyto(state.parameters, self.here[: self.count], where=self.keep)
        for slot in range(self.slots):
            state.memory[slot] = self.here[(slot + 1) * self.count : (slot + 2) * self.count]
        if self.ground.head(places.HAS_PLATEAU):
            for place, scalar in PLATEAU:
                state.scalars[scalar] = scores[place]


def _most_lines(task: Task, most: int) -> int:
    """How many numbers the orders of a launch have at most."""
    return task.rows * ((most - 2) // task.epoch_length + 2 if task.epoch_length > 1 else 1)
