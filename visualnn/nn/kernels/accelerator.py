"""The GPU as this process uses it: whether its loops are loaded, and whether it was lost.

They are loaded when somebody wants one. What a GPU cannot do is told as a `DeviceError`; once it is lost, it is not
asked again as long as this process lives.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from visualnn import gpu
from visualnn.nn.device import PRECISION, Device, DeviceError
from visualnn.nn.kernels.arguments import Control, Fleet, Loop, State, Task
from visualnn.nn.network import Vector
from visualnn.nn.order import Order

log = logging.getLogger(__name__)

_loaded = False
_loading = threading.Lock()
_lost = ""  # why it cannot be used any more


class GpuLoop:
    """A loop on the GPU. Whatever goes wrong there is a `DeviceError`, and the state is what it was before the call."""

    def __init__(self, task: Task, device: Device) -> None:
        self.device = device
        with _noted():
            from visualnn.nn.kernels.gpu import loops

            self._loop: Loop = loops.loop_for(task, device)

    def run(self, order: Order, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
        """As `Loop.run`."""
        with _noted():
            return self._loop.run(order, state, control, losses, stride, updates)


class GpuFleet:
    """Many networks on the GPU at once; as `GpuLoop`."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        with _noted():
            from visualnn.nn.kernels.gpu import loops

            self._loop: Fleet = loops.fleet_for(tasks)

    def run(
        self,
        orders: Sequence[Order],
        states: Sequence[State],
        controls: Sequence[Control],
        losses: Sequence[Vector],
        strides: Sequence[int],
        updates: Sequence[int],
    ) -> list[int]:
        """As `Fleet.run`."""
        with _noted():
            return self._loop.run(orders, states, controls, losses, strides, updates)


def in_blocks(task: Task) -> bool:
    """Whether many networks of this task train on the GPU at once, now. Raises `DeviceError`."""
    if not ready(task):
        return False
    with _noted():
        from visualnn.nn.kernels.gpu import loops

        return loops.family(task) == "block"


@contextmanager
def _noted() -> Iterator[None]:
    """Remembers it when the GPU is lost inside."""
    global _lost
    try:
        yield
    except DeviceError as error:
        log.info("The GPU failed.", exc_info=True)
        if error.is_lost:
            _lost = str(error)
        raise
    except Exception as error:  # ours: the loops tell those of the driver as above
        log.exception("A loop on the GPU failed.")
        raise DeviceError(f"The GPU cannot train this network: {type(error).__name__}.") from error


def ready(task: Task) -> bool:
    """Whether the GPU can train this task now."""
    return _loaded and not _lost and task.options.precision == PRECISION


def loaded() -> bool:
    """Whether the loops on the GPU are in use."""
    return _loaded and not _lost


def lost() -> str:
    """Why the GPU cannot be used any more as long as this process lives; "" if it can."""
    return _lost


def load() -> str:
    """Loads the loops on the GPU, or the first time compiles them, in a child process; "", or why that cannot be.

    For a thread in the background. Never raises; may be tried again.
    """
    global _loaded
    with _loading:
        if not _loaded and not _lost:
            found = gpu.probe()
            if not found.usable:
                return found.sentence
            try:
                _warm()
            except DeviceError as error:
                return str(error)
            _loaded = True
    return _lost


def _warm() -> None:
    start = time.perf_counter()
    with _noted():
        from visualnn.nn.kernels.gpu import kept, loops

        loops.prepare()
        for family in kept.FAMILIES:
            loops.warm(family)
    log.info("kernels of the GPU ready after %.2f s", time.perf_counter() - start)
