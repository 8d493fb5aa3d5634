"""One call of a fleet: launch after launch, until every network has done what it was to do, or has ended.

What the networks of a launch have in common is brought to the GPU once: orders of the rows where seeds are the same,
constants where rates are. State, orders and scalars change at the end, when all has gone well.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from visualnn.nn import schedule
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
from visualnn.nn.kernels.gpu import block
from visualnn.nn.kernels.gpu.chunk import Chunk
from visualnn.nn.kernels.gpu.launches import Launch, Room
from visualnn.nn.kernels.gpu.lots import Lots, lots_for
from visualnn.nn.kernels.gpu.memory import Shots
from visualnn.nn.kernels.gpu.tables import COLUMNS, Table, table
from visualnn.nn.kernels.numbers import keep_of
from visualnn.nn.network import Vector
from visualnn.nn.order import Order

AT_ONCE = 2  # launches under way: while one computes, the next one is prepared
PLATEAU = {  # what the rule remembers, here and on the GPU
    schedule.FACTOR: block.FACTOR,
    schedule.BEST: block.BEST,
    schedule.BAD_EPOCHS: block.BAD_EPOCHS,
    schedule.EPOCH_LOSS: block.EPOCH_LOSS,
}


class Fleet(Protocol):
    """What a voyage needs of its fleet."""

    tasks: tuple[Task, ...]
    chunk: Chunk
    rooms: list[Room]
    stream: Any
    store: Any
    progress: Any
    dials: Any

    def launch(self, brought: Sequence[Any], losses: Any) -> None:
        """Launches the kernel."""
        ...

    def shots_of(self, net: int) -> Shots:
        """What makes snapshots of a network."""
        ...


class Net:
    """Where one of the networks is."""

    def __init__(self, task: Task, state: State, control: Control, updates: int) -> None:
        self.task, self.state, self.control = task, state, control
        self.begun = self.planned = self.reached = int(
            control.flags[UPDATE]
        )  # updates; with all launches; with those that ended
        self.left = updates  # to be planned
        self.why = DONE
        self.has_ended = False  # for a reason of its own
        self.scalars = self.planned_scalars = state.scalars.copy()
        self.order: Order | None = None  # as its last update leaves it

    def planned_for(self, most: int) -> int:
        """How many updates it is to do in the next launch."""
        if self.left and self.control.flags[STOP]:
            self.left, self.why = 0, STOPPED
        return min(self.left, most)


class Voyage:
    """One call of `FleetLoop.run`."""

    def __init__(
        self,
        fleet: Fleet,
        orders: Sequence[Order],
        states: Sequence[State],
        controls: Sequence[Control],
        losses: Sequence[Vector],
        strides: Sequence[int],
        updates: Sequence[int],
    ) -> None:
        self._fleet, self._orders, self._losses, self._strides = fleet, orders, losses, strides
        self._nets = [Net(*of_net) for of_net in zip(fleet.tasks, states, controls, updates, strict=True)]
        self._lots: Lots | None = None

    @np.errstate(over="ignore", invalid="ignore")  # what has diverged in 64 bits may not fit into 32
    def go(self) -> list[int]:
        """All of it; why each network ended."""
        fleet = self._fleet
        if any(net.left for net in self._nets):
            self._bring()
            self._lots = lots_for(fleet.tasks, self._orders, [net.begun for net in self._nets], fleet.stream)
            under_way: deque[Launch] = deque()
            turn = 0
            while True:
                while len(under_way) < AT_ONCE and (launch := self._begin(fleet.rooms[turn % AT_ONCE])):
                    under_way.append(launch)
                    turn += 1
                if not under_way:
                    break
                self._end(under_way.popleft())
            self._take()
        return [net.why for net in self._nets]

    def _bring(self) -> None:
        """The states to the GPU."""
        fleet, keep = self._fleet, keep_of(self._fleet.tasks[0])
        store = np.array([[net.state.parameters * keep, *net.state.memory] for net in self._nets], dtype=np.float32)
        dials = np.zeros(fleet.dials.shape, dtype=np.float32)
        for place, there in PLATEAU.items():
            dials[:, there] = [net.scalars[place] for net in self._nets]
        fleet.store.copy_to_device(store, stream=fleet.stream)
        fleet.dials.copy_to_device(dials, stream=fleet.stream)
        fleet.progress.copy_to_device(np.zeros(fleet.progress.shape, dtype=np.int32), stream=fleet.stream)

    def _begin(self, room: Room) -> Launch | None:
        """Launches the next updates, if there are any to be done."""
        assert self._lots is not None
        most = min(self._fleet.chunk.updates, self._lots.most)
        counts = [net.planned_for(most) for net in self._nets]
        if not any(counts):
            return None
        launch = Launch(room, [net.planned for net in self._nets], counts, list(self._strides))
        drawn, lines_at = self._lots.brought(room, counts)
        turns, tables = np.zeros((len(counts), block.TURN), dtype=np.int32), self._tables(launch)
        for i, (net, count) in enumerate(zip(self._nets, counts, strict=True)):
            if count:
                part = net.planned % net.task.epoch_length
                turns[i, [block.COUNT, block.PART, block.GOAL_AT]] = count, part, i
                turns[i, block.LINE_AT] = lines_at[i] + part * net.task.batch
                turns[i, [block.UNTIL_KEPT, block.STRIDE]] = launch.until_kept(i), min(self._strides[i], 2**31 - 1)
                net.planned, net.left = net.planned + count, net.left - count
        keys_at, constants, keys = tables
        turns[:, block.KEY_AT] = keys_at
        turns[:, block.TABLE_AT] = keys_at + len(counts)
        brought = (("constants", constants), ("keys", keys), ("turns", turns))
        there = [drawn, *(room.brought(name, values) for name, values in brought)]
        losses = room.there("losses", (len(counts), block.LOSSES_AT + launch.most_kept()), np.float32)
        self._begin_shots(launch)
        room.begin()
        self._fleet.launch(there, losses)
        launch.progress, launch.losses = room.fetched("progress", self._fleet.progress), room.fetched("losses", losses)
        room.end()
        return launch

    def _tables(self, launch: Launch) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.uint32]]:
        """Where the constants of each network begin, all goals and constants, all keys."""
        found: dict[Any, tuple[int, Table]] = {}
        at, places = 0, np.zeros(len(self._nets), dtype=np.int64)
        for i, (net, count) in enumerate(zip(self._nets, launch.counts, strict=True)):
            if not count:
                continue
            rate, options = float(net.control.dials[RATE]), net.task.options
            key = (rate, net.planned, count, net.planned_scalars.tobytes(), options.seed if options.dropout else 0)
            if key not in found:
                found[key] = (at, table(net.task, net.planned_scalars, rate, net.planned, count))
                at += count
            places[i], launch.tables[i] = found[key]
            net.planned_scalars = launch.tables[i].scalars_after(count)
        goals = np.zeros((len(self._nets), COLUMNS), dtype=np.float32)
        goals[:, 0] = [net.control.dials[GOAL_LOSS] for net in self._nets]
        constants = np.concatenate([goals, *(of_rate.constants for _at, of_rate in found.values())])
        return places, constants, np.concatenate([of_rate.keys for _at, of_rate in found.values()])

    def _begin_shots(self, launch: Launch) -> None:
        """Copies of the parameters that are wanted, as they are before the launch."""
        for i, net in enumerate(self._nets):
            if net.control.flags[WANTED] and launch.counts[i] and not (shots := self._fleet.shots_of(i)).is_under_way:
                shots.begin(self._fleet.store[i, 0], self._fleet.stream)
                launch.shots.append(i)

    def _end(self, launch: Launch) -> None:
        """Waits for a launch, and notes what it did."""
        assert self._lots is not None
        seconds = launch.room.wait()
        self._lots.note_end()
        most = 0
        for i, net in enumerate(self._nets):
            if not launch.counts[i]:
                continue
            shot = self._fleet.shots_of(i).end() if i in launch.shots else None
            if net.has_ended:  # in the launch before
                continue
            if shot is not None:
                net.control.fill(shot.astype(np.float64), float(launch.losses[i, 0]))
            most = max(most, self._note(launch, i))
        self._fleet.chunk.measured(most, seconds)

    def _note(self, launch: Launch, i: int) -> int:
        """Notes what a launch did with a network: how many updates."""
        net, status = self._nets[i], int(launch.progress[i, block.STATUS])
        net.reached = net.begun + int(launch.progress[i, block.UPDATES])
        done = net.reached - launch.firsts[i]
        last = net.reached if status else net.reached - 1  # whose loss is known
        net.scalars = launch.tables[i].scalars_after(done)
        if status:
            net.why, net.left, net.has_ended = status, 0, True
        if status or (not net.left and net.reached == net.planned):
            assert self._lots is not None
            net.order = self._lots.used(i, last)
        first, stride = launch.firsts[i] + launch.until_kept(i), launch.strides[i]
        kept = (last - first) // stride + 1
        if kept > 0:
            at = first // stride
            self._losses[i][at : at + kept] = launch.losses[i, block.LOSSES_AT : block.LOSSES_AT + kept]
        net.control.flags[UPDATE] = net.reached
        return done

    def _take(self) -> None:
        """States and orders from the GPU, once all of it has arrived."""
        fleet, keep = self._fleet, keep_of(self._fleet.tasks[0]) != 0.0
        store, dials = fleet.store.copy_to_host(stream=fleet.stream), fleet.dials.copy_to_host(stream=fleet.stream)
        fleet.stream.synchronize()
        for i, net in enumerate(self._nets):
            np.copyto(net.state.parameters, store[i, 0], where=keep)
            net.state.memory[:] = store[i, 1:]
            net.state.scalars[:] = net.scalars
            if net.task.options.schedule.name == "plateau":
                for place, there in PLATEAU.items():
                    net.state.scalars[place] = dials[i, there]
            if net.order is not None and self._orders[i].is_shuffled:
                self._orders[i].take(net.order)
