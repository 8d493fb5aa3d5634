"""How long an update takes on the processor and on the GPU: measured, so that nobody has to believe it.

A GPU computes with 32 bits only: there the same task is measured with them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from visualnn.nn.device import CPU, PRECISION, Device
from visualnn.nn.kernels import choose, reference
from visualnn.nn.kernels.arguments import STOP, UPDATE, Control, Loop, State, Task
from visualnn.nn.network import Vector
from visualnn.nn.order import Order
from visualnn.nn.schedule import fresh_scalars

LONG_SECONDS = 0.15  # a call of this length is believed: what it costs to begin one is a small part of it
GROWTH = 8  # times the updates of the call before, at most
SECONDS = 0.8  # for all calls together, unless one update takes longer
SAME = 1.1  # times as long, up to which nobody would feel a difference


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that an update takes on the processor and on the GPU; None where that is not known."""

    cpu: float | None = None
    gpu: float | None = None

    @property
    def faster(self) -> str | None:
        """The device that is to be preferred; None where both take as long, or one is not known."""
        if self.cpu is None or self.gpu is None or max(self.cpu, self.gpu) <= SAME * min(self.cpu, self.gpu):
            return None
        return "cuda" if self.gpu < self.cpu else "cpu"


NO_TIMES = Times()


class Stopwatch:
    """Trains a copy of a task from given weights and tells how long an update took. Another thread may stop it."""

    def __init__(self, task: Task, start: Vector) -> None:
        self._task, self._start = task, start
        self._state = self._fresh()
        self._control = Control(start.size, task.options.optimizer.rate, None)

    def stop(self) -> None:
        """No more of it, from the next update on, for ever."""
        self._control.flags[STOP] = 1

    @property
    def is_stopped(self) -> bool:
        """Whether nobody wants to know any more."""
        return bool(self._control.flags[STOP])

    def measure(self, device: Device = CPU) -> float | None:
        """Seconds an update; None if it was stopped, or none could be made. Raises `DeviceError`.

        The calls become longer and longer. The first only makes ready what a loop needs, and does not count.
        """
        loop = choose.best(reference.Loop(self._task), self._task, device)
        end, updates, best = perf_counter() + SECONDS, 1, math.inf
        done, took = self._call(loop, updates)
        if done and took >= SECONDS and not self.is_stopped:
            return took / done
        while done and not self.is_stopped:
            done, took = self._call(loop, updates)
            best = min(best, took / max(done, 1e-9))
            if took >= LONG_SECONDS or perf_counter() + took >= end:
                break
            updates = max(1, min(GROWTH * done, math.ceil(1.2 * LONG_SECONDS * done / max(took, 1e-7))))
        return best if done and not self.is_stopped else None

    def _call(self, loop: Loop, updates: int) -> tuple[int, float]:
        """At most so many updates: how many were made, and how many seconds that took."""
        done, took = self._run(loop, updates)
        if not done:  # the weights have exploded
            self._state = self._fresh()
            done, took = self._run(loop, updates)
        return done, took

    def _run(self, loop: Loop, updates: int) -> tuple[int, float]:
        task, flags = self._task, self._control.flags
        order, losses = Order(task.rows, task.batch, task.options.seed), np.empty(updates)
        flags[UPDATE], begin = 0, perf_counter()
        loop.run(order, self._state, self._control, losses, 1, updates)
        return int(flags[UPDATE]), perf_counter() - begin

    def _fresh(self) -> State:
        memory = self._task.options.optimizer.memory(self._start.size)
        return State(self._start.copy(), memory, fresh_scalars())


class Comparison:
    """Measures a task on the processor and, where there is one, on a GPU. Another thread may stop it."""

    def __init__(self, task: Task, start: Vector, gpu: Device | None) -> None:
        self._task, self._start, self._gpu = task, start, gpu
        self._watch: Stopwatch | None = None
        self._is_stopped = False

    def stop(self) -> None:
        """Nobody wants to know any more."""
        self._is_stopped = True
        watch = self._watch
        if watch is not None:
            watch.stop()

    def cpu(self) -> float | None:
        """Seconds an update on the processor; None if it was stopped."""
        return self._measured(self._task, CPU)

    def gpu(self) -> float | None:
        """Seconds an update on the GPU; None without one, or if it was stopped. Raises `DeviceError`."""
        if self._gpu is None:
            return None
        single = replace(self._task, options=replace(self._task.options, precision=PRECISION))
        return self._measured(single, self._gpu)

    @property
    def is_stopped(self) -> bool:
        """Whether what it tells is of no interest."""
        return self._is_stopped

    def _measured(self, task: Task, device: Device) -> float | None:
        self._watch = Stopwatch(task, self._start)
        if self._is_stopped:  # after the watch is there: whoever stops it now finds it
            return None
        return self._watch.measure(device)
