"""The Python side of `block`: many networks of the same shape are trained at once, or one."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from visualnn.nn.device import DeviceError
from visualnn.nn.kernels.arguments import UPDATE, Control, State, Task
from visualnn.nn.kernels.gpu import block
from visualnn.nn.kernels.gpu.chunk import Chunk
from visualnn.nn.kernels.gpu.door import SIMULATED, cuda
from visualnn.nn.kernels.gpu.fit import best_layout
from visualnn.nn.kernels.gpu.launches import Room
from visualnn.nn.kernels.gpu.memory import Shots, give_back, guarded, shared_limit
from visualnn.nn.kernels.gpu.plan import keep, plan_of, singles, units
from visualnn.nn.kernels.gpu.voyage import AT_ONCE, Voyage
from visualnn.nn.network import Vector
from visualnn.nn.order import Order


class FleetLoop:
    """Trains networks side by side, each in a block. Raises `DeviceError`.

    They have rows and options in common, but for seed and rate; the first task says what. `threads` of a block: a power
    of two, by default as many as have something to do.
    """

    def __init__(self, tasks: Sequence[Task], threads: int | None = None) -> None:
        self.tasks = tuple(tasks)
        task, nets = self.tasks[0], len(self.tasks)
        with guarded():
            give_back()
            layout = best_layout(task, shared_limit(), threads)
            if layout is None:
                raise DeviceError("This network is too large for one block of the GPU.")
            self.layout, self.stream, self.chunk = layout, cuda.stream(), Chunk()
            self.rooms = [Room(self.stream) for _ in range(AT_ONCE)]
            self._common = [self._there(array) for array in _common(task, layout.numbers)]
            slots, size = len(task.options.optimizer.memory(1)), task.network.parameter_count
            self.store = cuda.device_array((nets, 1 + slots, size), np.float32)
            self.progress = cuda.device_array((nets, block.PROGRESS), np.int32)
            self.dials = cuda.device_array((nets, block.DIALS), np.float32)
            self.shots: dict[int, Shots] = {}
            self._is_allowed = layout.bytes <= NEED_NOT_ASK

    def run(
        self,
        orders: Sequence[Order],
        states: Sequence[State],
        controls: Sequence[Control],
        losses: Sequence[Vector],
        strides: Sequence[int],
        updates: Sequence[int],
    ) -> list[int]:
        """Does at most so many updates of each network; why each ended. See `arguments.Loop`."""
        begun = [int(control.flags[UPDATE]) for control in controls]
        try:
            with guarded():
                return Voyage(self, orders, states, controls, losses, strides, updates).go()
        except BaseException:
            for control, t in zip(controls, begun, strict=True):
                control.flags[UPDATE] = t
            raise

    def launch(self, brought: Sequence[Any], losses: Any) -> None:
        """Launches the kernel with what a launch brings: lines, constants, keys, turns."""
        arguments = (*self._common, *brought, self.progress, self.dials, self.store, losses)
        nets, threads = len(self.tasks), self.layout.threads
        if not self._is_allowed:
            allow(arguments, self.stream)
            self._is_allowed = True
        block.train[nets, threads, self.stream, self.layout.bytes](*arguments)

    def shots_of(self, net: int) -> Shots:
        """What makes snapshots of a network."""
        if net not in self.shots:
            self.shots[net] = Shots(self.tasks[0].network.parameter_count)
        return self.shots[net]

    def _there(self, array: Any) -> Any:
        return cuda.to_device(array, stream=self.stream)


class BlockLoop:
    """Trains one network in one block; see `arguments.Loop`."""

    def __init__(self, task: Task, threads: int | None = None) -> None:
        self.fleet = FleetLoop([task], threads)

    def run(self, order: Order, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
        """Does at most `updates` updates."""
        return self.fleet.run([order], [state], [control], [losses], [stride], [updates])[0]


NEED_NOT_ASK = 48 * 1024  # bytes of shared memory that any kernel may have


def allow(arguments: Sequence[Any], stream: Any) -> None:
    """Lets the kernel have as much shared memory as there is; numba-cuda does not ask the driver for it (its #94).

    It has to be compiled before, so a block is launched for a network that has nothing to do.
    """
    if SIMULATED:
        return
    driver = import_module("cuda.bindings.driver")
    places = 3 + 6
    idle = list(arguments)
    idle[places] = cuda.to_device(np.zeros((1, block.TURN), dtype=np.int32), stream=stream)
    block.train[1, 32, stream, 0](*idle)
    attribute, size = driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, shared_limit()
    for compiled in block.train.overloads.values():
        handle = compiled._codelibrary.get_cufunc().kernel.handle
        if isinstance(handle, driver.CUkernel):
            answer = driver.cuKernelSetAttribute(attribute, size, handle, driver.cuCtxGetDevice()[1])
        else:
            answer = driver.cuFuncSetAttribute(handle, attribute, size)
        if int(answer[0]):
            raise DeviceError(f"The GPU does not give a block the shared memory that it has ({answer[0].name}).")


def _common(task: Task, numbers: Any) -> tuple[Any, ...]:
    """What all networks have in common, as the kernel is given it."""
    plan, masks = plan_of(task), np.concatenate([units(task), keep(task), np.zeros(1, dtype=np.float32)])
    return numbers, plan.whole, plan.fixed, masks, singles(task.inputs), singles(task.targets)
