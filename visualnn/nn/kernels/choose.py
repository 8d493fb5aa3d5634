"""Which training loop is used: a compiled one once it is loaded, the readable one before and where none works.

Compiled loops come from an installer's libraries, or from Numba (see `precompiled`). They are loaded one kind after the
other: for narrow networks and for wide ones, in 64 and in 32 bits. Maps of the plane have one more, without training,
and so have losses over a plane through the parameters.

Whether a GPU trains is the business of `accelerator`.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from visualnn import kernel_cache, precompiled
from visualnn.nn.device import CPU, Device
from visualnn.nn.kernels import accelerator, reference
from visualnn.nn.kernels.arguments import Fleet, Loop, Task
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.options import Options

log = logging.getLogger(__name__)

PACKAGE = Path(__file__).parent
NARROW = {
    "float64": 18.0,
    "float32": 24.0,
}  # inputs and outputs of a layer, in the geometric mean, up to which “lane” wins
# Measured with Adam on two columns of 8 to 32 neurons and batches of 1 to 100: there both take the same time.


class Kind(NamedTuple):
    """What a compiled loop is for."""

    family: str  # “lane” for narrow networks, “tile” for wide ones
    precision: str


MAPS = Kind("maps", "float32")
HEIGHTS = Kind("heights", "float64")  # the loss over a plane; not among `KINDS`, for few ever ask for it
FLEETS = tuple(Kind("lanes", precision) for precision in NARROW)  # many narrow networks; for few ever ask for them
KINDS = (*(Kind(family, precision) for precision in NARROW for family in ("lane", "tile")), MAPS)

_ready: set[Kind] = set()
_loading = threading.Lock()
_threads: int | None = None


def kind_of(network: Network, options: Options) -> Kind:
    """Which compiled loop is the fastest for a network."""
    sizes = np.array(network.sizes)
    widest = float(np.sqrt(sizes[1:] * sizes[:-1]).max())
    return Kind("lane" if widest <= NARROW[options.precision] else "tile", options.precision)


def loaded(task: Task | None = None) -> bool:
    """Whether the compiled loop for a task, or every one, is in use."""
    return kind_of(task.network, task.options) in _ready if task is not None else _ready.issuperset(KINDS)


def best(loop: Loop, task: Task, device: Device = CPU) -> Loop:
    """The loop to go on with: the given one, or a better one for the same task if that has come into use.

    Where the GPU is wanted and cannot be used, that is one for the processor. Raises `DeviceError` where it could be.
    """
    if device.is_gpu and accelerator.ready(task):
        is_there = isinstance(loop, accelerator.GpuLoop) and loop.device == device
        return loop if is_there else accelerator.GpuLoop(task, device)
    if isinstance(loop, accelerator.GpuLoop):
        loop = reference.Loop(task)
    kind = kind_of(task.network, task.options)
    if not isinstance(loop, reference.Loop) or kind not in _ready:
        return loop
    from visualnn.nn.kernels import cpu

    return cpu.loop_for(task, kind.family, _threads or spare_cores())


def fleet(tasks: Sequence[Task]) -> Fleet | None:
    """What trains these on the processor without coming back to Python for each, if it is loaded and suits them.

    To the bit as each would be trained by itself: not before the kernel for that is in use, too.
    """
    if fleet_of(tasks[0]) not in _ready or not loaded(tasks[0]):
        return None
    from visualnn.nn.kernels.narrow_fleet import LaneFleet

    return LaneFleet(tasks)


def fleet_of(task: Task) -> Kind | None:
    """Which compiled loop trains many networks of a task; None where each has one of its own."""
    from visualnn.nn.kernels.online import is_plain

    kind = kind_of(task.network, task.options)
    return Kind("lanes", kind.precision) if kind.family == "lane" and not is_plain(task) else None


def maps() -> Callable[[Network, Vector, Matrix], NDArray[np.float32]] | None:
    """The compiled `maps.activations`, if it is loaded."""
    if MAPS not in _ready:
        return None
    from visualnn.nn.kernels import maps

    return maps.activations


class Heights(Protocol):
    """The losses of a task over a plane. For one thread at a time."""

    def at(self, ps: Vector, qs: Vector) -> Vector:
        """The losses at these points."""
        ...

    def through(self, origin: Vector, u: Vector, v: Vector) -> Heights:
        """The same over another plane; the two share their room, so that they are for the same thread."""
        ...


def heights(task: Task, origin: Vector, u: Vector, v: Vector) -> Heights | None:
    """What computes the losses of a task at points of a plane, if it is loaded."""
    if HEIGHTS not in _ready:
        return None
    from visualnn.nn.kernels import surveys

    exact = replace(task.options, precision=HEIGHTS.precision)
    return surveys.heights_for(task, kind_of(task.network, exact).family, (origin, u, v))


def set_threads(threads: int | None) -> None:
    """How many threads may share the work on wide networks from now on; None: as many as there are cores to spare."""
    global _threads
    _threads = threads


def spare_cores() -> int:
    """Two of the processor's cores, if it has them: more would take them from the window and gain little."""
    return min(2, os.cpu_count() or 1)


def load(*kinds: Kind) -> bool:
    """Loads, or the first time with Numba compiles, these loops or all; True if they are in use from now on.

    For a thread in the background. Never raises: where neither a library nor Numba is there, or does not work, training
    stays on the readable loop, which gives the same numbers, and the log says why.
    """
    with _loading:
        for kind in kinds or KINDS:
            if kind not in _ready:
                _load(kind)
    return _ready.issuperset(kinds or KINDS)


def prepare(kind: Kind) -> None:
    """Where a compiled loop is not in the cache yet, compiles it in a child process and waits for that.

    Compiling takes seconds and would stall other threads of this process; loading from the cache does not. For a
    thread in the background, before `load`. Never raises; does nothing where loops were compiled ahead, nor in a frozen
    app, which has no interpreter to call.
    """
    if precompiled.place() or getattr(sys, "frozen", False):
        return
    try:
        if not kernel_cache.is_filled(PACKAGE, "-".join(kind)):
            environment = kernel_cache.child_environment()
            subprocess.run(compile_command(kind), env=environment, capture_output=True, check=True)
    except Exception:  # then `load` compiles, or says why it cannot
        log.warning("The kernel could not be compiled in a child process.", exc_info=True)


def compile_command(kind: Kind) -> tuple[str, ...]:
    """What compiles one loop into the cache."""
    code = f"from visualnn.nn.kernels import choose; choose.load(choose.Kind{tuple(kind)})"
    return sys.executable, "-c", code


def _load(kind: Kind) -> None:
    start, by_numba = time.perf_counter(), not precompiled.place()
    try:
        if by_numba:
            kernel_cache.install()
        _warm(kind)
    except Exception:  # whatever Numba, LLVM or a library do on some machine, the app works without them
        log.warning("The compiled training kernel is not available; training will be slower.", exc_info=True)
    else:
        _ready.add(kind)
        if by_numba:
            kernel_cache.note_filled(PACKAGE, "-".join(kind))
        log.info("compiled kernel %s ready after %.2f s", "-".join(kind), time.perf_counter() - start)


def _warm(kind: Kind) -> None:
    if kind == HEIGHTS:
        from visualnn.nn.kernels import surveys

        surveys.warm()
    else:
        from visualnn.nn.kernels import cpu

        cpu.warm(*kind)
