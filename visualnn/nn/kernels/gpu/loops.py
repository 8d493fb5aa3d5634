"""Which loop trains a task on the GPU, and how long it takes to have the kernels.

Import through `accelerator` only: it takes a while, and raises `DeviceError` where there is no GPU package.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Sequence

import numpy as np

from visualnn import gpu, kernel_cache
from visualnn.nn.device import PRECISION, Device, DeviceError
from visualnn.nn.kernels.arguments import UPDATE, Control, Loop, State, Task
from visualnn.nn.kernels.gpu import kept
from visualnn.nn.kernels.gpu.door import SIMULATED
from visualnn.nn.kernels.gpu.fit import family_of
from visualnn.nn.kernels.gpu.fleet import BlockLoop, FleetLoop
from visualnn.nn.kernels.gpu.grid import GridLoop, loops_of_every_tile
from visualnn.nn.kernels.gpu.kept import FAMILIES
from visualnn.nn.kernels.gpu.lots import FEW
from visualnn.nn.kernels.gpu.memory import guarded, shared_limit
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import fresh_scalars

log = logging.getLogger(__name__)


def loop_for(task: Task, device: Device) -> Loop:
    """The loop that trains a task fastest. Raises `DeviceError`."""
    with guarded():
        return _loop(task, device, family_of(task, shared_limit()))


def _loop(task: Task, device: Device, family: str) -> Loop:
    return BlockLoop(task) if family == "block" else GridLoop(task, device)


def family(task: Task) -> str:
    """Which kernels train a task fastest. Raises `DeviceError`."""
    return family_of(task, shared_limit())


def fleet_for(tasks: Sequence[Task]) -> FleetLoop:
    """What trains many networks of one shape at once, each in a block. Raises `DeviceError`."""
    return FleetLoop(tasks)


def can_tf32() -> bool:
    """Whether this GPU has tensor cores for `Device.tf32`."""
    return SIMULATED or gpu.probe().has_tf32


def warm(family: str) -> None:
    """Compiles the kernels of a family, or loads them, by one update of the smallest network. Raises `DeviceError`."""
    devices = [Device("cuda"), Device("cuda", tf32=True)] if family == "grid" and can_tf32() else [Device("cuda")]
    start = time.perf_counter()
    with guarded():
        for device in devices:
            for clip in (None, 1.0):  # some kernels are for a gradient as a whole
                options = Options(precision=PRECISION, clip_norm=clip)
                task = Task(Network.of(1, 1, 1), options, np.zeros((1, 1)), np.zeros((1, 1)))
                size = task.network.parameter_count
                state = State(np.zeros(size), options.optimizer.memory(size), fresh_scalars())
                control = Control(size, 0.1, None)
                loops = loops_of_every_tile(task, device) if family == "grid" else [_loop(task, device, family)]
                for loop in loops:
                    loop.run(Order(1, 1, 0), state, control, np.zeros(1), 1, 1)
                    control.flags[UPDATE] = 0
        if family == "block":
            _draw()
    if not SIMULATED:
        kept.note(family)
    log.info("GPU kernels “%s” ready after %.2f s", family, time.perf_counter() - start)


def _draw() -> None:
    """One update of so many networks that the GPU draws the orders of their rows, which is a kernel of its own."""
    options = [Options(precision=PRECISION, batch_size=1, seed=seed) for seed in range(FEW + 1)]
    tasks = [Task(Network.of(1, 1, 1), each, np.zeros((2, 1)), np.zeros((2, 1))) for each in options]
    size, ones = tasks[0].network.parameter_count, [1] * len(tasks)
    orders = [Order(2, 1, each.seed) for each in options]
    states = [State(np.zeros(size), each.optimizer.memory(size), fresh_scalars()) for each in options]
    controls, losses = [Control(size, 0.1, None) for _ in tasks], [np.zeros(1) for _ in tasks]
    FleetLoop(tasks).run(orders, states, controls, losses, ones, ones)


def prepare() -> None:
    """Where kernels are not in the cache yet, compiles them in a child process and waits for that.

    Compiling takes seconds and would stall other threads of this process; loading does not. Raises `DeviceError` where
    the child fails.
    """
    if SIMULATED or all(map(kept.is_kept, FAMILIES)):
        return
    environment = kernel_cache.child_environment()
    child = subprocess.run(compile_command(), env=environment, capture_output=True, text=True, check=False)
    if child.returncode:
        log.warning("The GPU kernels could not be compiled:\n%s", child.stderr)
        raise DeviceError(f"The GPU kernels could not be compiled: {_last(child.stderr)}")


def compile_command() -> tuple[str, ...]:
    """What compiles all kernels into the cache."""
    code = f"from visualnn.nn.kernels.gpu import loops\nfor family in {FAMILIES}: loops.warm(family)"
    return sys.executable, "-c", code


def _last(text: str) -> str:
    """The last line, without the kind of exception in front of it."""
    lines = text.strip().splitlines() or ["the child process said nothing."]
    return lines[-1].partition(": ")[2] or lines[-1]
