"""The Python side of the kernels for wide networks: how a run goes on, launch by launch."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from visualnn import gpu
from visualnn.nn.device import Device
from visualnn.nn.kernels.arguments import (
    DONE,
    GOAL_LOSS,
    RATE,
    STOP,
    STOPPED,
    UPDATE,
    WANTED,
    Control,
    State,
    Task,
)
from visualnn.nn.kernels.gpu import lines, places, tables
from visualnn.nn.kernels.gpu.chunk import Chunk
from visualnn.nn.kernels.gpu.memory import Shots, give_back, guarded
from visualnn.nn.kernels.gpu.places import BASE, FIRST_PART, LINES, NEXT, STATE, TURN
from visualnn.nn.kernels.gpu.resident import IN_FLIGHT, PLATEAU, Memory, Slot
from visualnn.nn.kernels.gpu.steps import (
    MACHINE,
    TENSOR_MACHINE,
    Cut,
    Machine,
    Procession,
    gathering,
    steps_of,
)
from visualnn.nn.network import Vector
from visualnn.nn.order import Order


@dataclass(frozen=True, eq=False, slots=True)
class Launch:
    """A launch that is under way."""

    slot: Slot
    t: int  # updates before it
    base: int  # of those in this call
    count: int
    table: tables.Table
    order: Order  # as it was before
    is_shot: bool


def machine_of(device: Device) -> Machine:
    """With tensor cores where they are wanted, and there are such that read float32."""
    return TENSOR_MACHINE if device.tf32 and gpu.probe().has_tf32 else MACHINE


def loops_of_every_tile(task: Task, device: Device) -> Iterator[GridLoop]:
    """Loops that together have all kernels; for whoever compiles them. Raises `DeviceError`."""
    machine = machine_of(device)
    for tile, speed in zip(machine.tiles, machine.speeds, strict=True):
        yield GridLoop(task, device, machine._replace(tiles=(tile,), speeds=(speed,)))


class GridLoop:
    """Training of a network that needs the whole GPU; see `arguments.Loop`. Raises `DeviceError`."""

    def __init__(self, task: Task, device: Device | None = None, machine: Machine | None = None) -> None:
        self.task, self.device = task, device or Device("cuda")
        machine = machine or machine_of(self.device)
        with guarded():
            give_back()
            self.chunk = Chunk(lines.most_updates(task))
            self.memory = Memory(task, machine, self.chunk.most)
            cut = Cut(machine, self.memory.ground, task.network.sizes, task.batch, max(1, gpu.probe().multiprocessors))
            steps = steps_of(task, cut)
            gather, arguments, stream = gathering(cut), self.memory.arguments, self.memory.stream
            is_full = task.epoch_length == 1
            self.before = Procession([gather] if is_full else [], arguments, stream)
            self.update = Procession(steps if is_full else [gather, *steps], arguments, stream)
            self.shots = Shots(self.memory.count)

    def run(self, order: Order, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
        """Does at most `updates` updates. Where it raises, nothing has changed but losses."""
        begun = int(control.flags[UPDATE])
        try:
            with guarded():
                return _Run(self, order, state, control).go(losses, stride, updates)
        except BaseException:
            control.flags[UPDATE], self.shots.is_under_way = begun, False
            raise


class _Run:
    """One call of `GridLoop.run`."""

    def __init__(self, loop: GridLoop, order: Order, state: State, control: Control) -> None:
        self.loop, self.memory, self.task = loop, loop.memory, loop.task
        self.final, self.state, self.control = order, state, control
        self.order, self.scalars = order.copy(), state.scalars.copy()
        self.begun, self.asked, self.launches = int(control.flags[UPDATE]), 0, 0
        self.last: Launch | None = None
        self.done = 0  # updates of the last launch

    def go(self, losses: Vector, stride: int, updates: int) -> int:
        """Launches, and waits for what was launched before."""
        self.memory.take(self.state)
        under_way: deque[Launch] = deque()
        why = DONE
        while why == DONE:
            while self.asked < updates and len(under_way) < IN_FLIGHT and not self.control.flags[STOP]:
                under_way.append(self._launch(min(self.loop.chunk.updates, updates - self.asked)))
            if not under_way:
                why = DONE if self.asked >= updates else STOPPED
                break
            why = self._await(under_way.popleft(), losses, stride)
        self._finish(why)
        return why

    def _launch(self, count: int) -> Launch:
        """Hands over what the next updates need, and launches them."""
        memory, control, stream = self.memory, self.control, self.memory.stream
        t, slot = self.begun + self.asked, memory.in_hand[self.launches % IN_FLIGHT]
        before, table = self.order.copy(), tables.table(self.task, self.scalars, _rate(control), t, count)
        wanted = bool(control.flags[WANTED]) and not self.loop.shots.is_under_way
        launch = Launch(slot, t, self.asked, count, table, before, wanted)
        if wanted:
            memory.collect(0)
            self.loop.shots.begin(memory.dense[: memory.count], stream)
        turn_size = self._fill(launch)
        slot.begun = time.perf_counter()
        slot.begin.record(stream)
        memory.turn[:turn_size].copy_to_device(slot.turn[:turn_size], stream=stream)
        end = places.CONSTANTS + count * tables.COLUMNS
        memory.constants[:end].copy_to_device(slot.constants[:end], stream=stream)
        self.loop.before.launch(1)
        self.loop.update.launch(count)
        at = memory.ground.head(places.LOSSES)
        memory.room[at : at + count].copy_to_host(slot.losses[:count], stream=stream)
        memory.status.copy_to_host(slot.status, stream=stream)
        slot.end.record(stream)
        self.scalars = table.scalars_after(count)
        self.asked, self.launches = self.asked + count, self.launches + 1
        return launch

    def _fill(self, launch: Launch) -> int:
        """Writes what changes from launch to launch; how much of `turn` that is."""
        slot, count, table = launch.slot, launch.count, launch.table
        rows = lines.lines(self.task, self.order, launch.t, count).ravel()
        first = TURN + count
        slot.turn[[BASE, FIRST_PART, LINES]] = launch.base, launch.t % self.task.epoch_length, first
        slot.turn[TURN:first] = table.keys
        slot.turn[first : first + rows.size] = rows
        slot.constants[places.GOAL] = _raised(float(self.control.dials[GOAL_LOSS]))
        slot.constants[places.CONSTANTS : places.CONSTANTS + count * tables.COLUMNS] = table.constants.ravel()
        return int(first + rows.size)

    def _await(self, launch: Launch, losses: Vector, stride: int) -> int:
        """Waits for a launch; why it ended."""
        slot, flags = launch.slot, self.control.flags
        slot.end.synchronize()
        why, done = int(slot.status[STATE]), int(slot.status[NEXT]) - launch.base
        self.loop.chunk.measured(launch.count, slot.seconds())
        judged = done + (why != DONE)  # that which ended it has a loss, too
        first = -launch.t % stride
        found = slot.losses[first:judged:stride]
        at = (launch.t + first) // stride
        losses[at : at + found.size] = found
        if launch.is_shot:
            flags[UPDATE] = launch.t
            self.control.fill(self.loop.shots.end(), float(slot.losses[0]))
        flags[UPDATE] = launch.t + done
        self.last, self.done = launch, done
        return why

    def _finish(self, why: int) -> None:
        """Puts back what was borrowed, once nothing can go wrong any more."""
        self.memory.stream.synchronize()
        if self.loop.shots.is_under_way:  # of a launch that did nothing
            self.loop.shots.end()
        if self.last is None:
            return
        scalars = self.last.table.scalars_after(self.done)
        scalars[[scalar for _, scalar in PLATEAU]] = self.state.scalars[[scalar for _, scalar in PLATEAU]]
        state = State(self.state.parameters.copy(), self.state.memory.copy(), scalars)
        self.memory.give(state)
        for own, found in zip(self.state, state, strict=True):
            own[:] = found
        latest = self.last.t + self.done - (why in (DONE, STOPPED))
        self.final.take(self.last.order)
        self.final.go_to(latest // self.task.epoch_length)


def _rate(control: Control) -> float:
    return float(control.dials[RATE])


def _raised(goal: float) -> np.float32:
    """The smallest float32 that is not below a goal: exactly the losses below the one are below the other."""
    with np.errstate(over="ignore"):
        rounded = np.float32(goal)
    return rounded if float(rounded) >= goal else np.nextafter(rounded, np.float32(np.inf))
