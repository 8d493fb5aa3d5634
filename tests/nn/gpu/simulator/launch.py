"""Takes the place of the launcher of Numba's simulator, for the time of a test."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from numba import typeof

from tests.nn.gpu.simulator.fibres import Crowd, Dimensions, Fibre, Meeting, Watch, place_of
from tests.nn.gpu.simulator.inside import Block, names
from tests.nn.gpu.simulator.poison import poisoning
from tests.nn.gpu.simulator.schedules import AHEAD, Schedule
from tests.nn.gpu.simulator.streams import Copies, Event, Streams

SHOWN = ("threadIdx", "blockIdx", "laneid", "shared")  # set anew whenever another thread goes on
# A GPU computes them of float32 in float32, and gives NaN or ∞ where Python raises.
MATH = {name: getattr(np, name) for name in ("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "tanh", "pow")}
THREADS = 1024  # of a block
NEW = ("device_array", "device_array_like", "pinned_array", "pinned_array_like", "mapped_array")


@dataclass
class Launches:
    """The simulator in the hand of a test: the schedule of the next launch, and what was launched until now."""

    schedule: Schedule = AHEAD
    watch: Watch = field(default_factory=Watch)
    shared_bytes: int = 232_448  # what a block of an H100 may have
    count: int = 0
    streams: Streams = field(default_factory=Streams)
    kernels: dict[Any, set[tuple[str, ...]]] = field(default_factory=dict)  # with the types of their arguments

    def put(self, kernel: Any, shape: Sequence[Any], arguments: Sequence[Any]) -> None:
        """Runs a kernel on a grid, in the turn of its stream."""
        self.streams.put(shape[2] if len(shape) > 2 else 0, lambda: self.run(kernel, shape, arguments))

    def run(self, kernel: Any, shape: Sequence[Any], arguments: Sequence[Any]) -> None:
        """Runs a kernel on a grid; returns when all is done."""
        size, block_size = _dimensions(shape[0]), _dimensions(shape[1])
        dynamic_bytes = shape[3] if len(shape) > 3 else 0
        if block_size.x * block_size.y * block_size.z > THREADS or dynamic_bytes > self.shared_bytes:
            raise ValueError(f"a block of {block_size} with {dynamic_bytes} bytes is too large")
        self.count += 1
        within = [getattr(argument, "_ary", argument) for argument in arguments]
        self.kernels.setdefault(kernel, set()).add(tuple(str(typeof(argument)) for argument in within))
        with np.errstate(all="ignore"):
            self._run(lambda: kernel.fn(*within), size, block_size, dynamic_bytes)

    def _run(self, work: Any, size: Dimensions, block_size: Dimensions, dynamic_bytes: int) -> None:
        cuda = import_module("numba.cuda")
        crowd = Crowd(self.schedule, self.watch, lambda fibre: _show(vars(cuda), fibre))
        indices = [place_of(at, size) for at in range(size.x * size.y * size.z)]
        blocks = [Block(crowd, index, block_size, dynamic_bytes) for index in indices]
        fibres = [Fibre(work, block, number) for block in blocks for number in range(block.count)]
        meeting = Meeting(crowd, ((fibre.block.index, fibre.number) for fibre in fibres))
        stock = _stock().FakeCUDAModule(size, block_size, 0)
        inside = names(stock, size, block_size, meeting) | dict.fromkeys(SHOWN)
        with _replaced(vars(cuda), inside), _replaced(vars(math), MATH):
            crowd.run(fibres)


def _show(cuda: dict[str, Any], fibre: Fibre) -> None:
    """Who asks now is this one."""
    cuda["threadIdx"] = fibre.index
    cuda["blockIdx"] = fibre.block.index
    cuda["laneid"] = fibre.lane
    cuda["shared"] = fibre.block.shared


def _dimensions(shape: Any) -> Dimensions:
    return Dimensions(*map(int, shape)) if isinstance(shape, Sequence) else Dimensions(int(shape))


def _stock() -> Any:
    """What Numba's simulator gives a kernel."""
    return import_module("numba.cuda.simulator.kernelapi")


@contextmanager
def _replaced(where: dict[str, Any], names: dict[str, Any]) -> Iterator[None]:
    """Other values for some names of a module or of a class, for a time."""
    before = {name: where[name] for name in names if name in where}
    where.update(names)
    try:
        yield
    finally:
        for name in names:
            del where[name]
        where.update(before)


class _Configured:
    """A kernel with the size of its grid."""

    def __init__(self, launches: Launches, kernel: Any, shape: Sequence[Any]) -> None:
        self._launches, self._kernel, self._shape = launches, kernel, shape

    def __call__(self, *arguments: Any) -> None:
        self._launches.put(self._kernel, self._shape, arguments)


def _call(kernel: Any, *arguments: Any) -> Any:
    if not kernel._device:
        raise ValueError(f"{kernel.fn.__name__} is a kernel, and needs the size of a grid")
    return kernel.fn(*arguments)


@contextmanager
def installed(schedule: Schedule = AHEAD) -> Iterator[Launches]:
    """All launches in here are simulated in our way; `NUMBA_ENABLE_CUDASIM` has to be set before Numba is imported."""
    cuda = import_module("numba.cuda")
    kernels = import_module("numba.cuda.simulator.kernel").FakeCUDAKernel
    launches = Launches(schedule)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "__getitem__", lambda kernel, shape: _Configured(launches, kernel, shape))
        patch.setattr(kernels, "__call__", _call)
        for name in NEW:
            patch.setattr(cuda, name, poisoning(getattr(cuda, name)))
        _install_streams(launches.streams, cuda, patch)
        yield launches


def _install_streams(streams: Streams, cuda: Any, patch: pytest.MonkeyPatch) -> None:
    arrays = import_module("numba.cuda.simulator.cudadrv.devicearray")
    copies, pinned = Copies(streams, arrays), cuda.pinned_array
    patch.setattr(cuda, "stream", streams.stream)
    patch.setattr(cuda, "event", Event)
    patch.setattr(cuda, "synchronize", streams.synchronize)
    patch.setattr(cuda, "pinned_array", lambda *size, **options: streams.pin(pinned(*size, **options)))
    patch.setattr(cuda, "to_device", copies.new)
    patch.setattr(arrays.FakeCUDAArray, "copy_to_host", lambda *those, **options: copies.to_host(*those, **options))
    patch.setattr(arrays.FakeCUDAArray, "copy_to_device", lambda *those, **options: copies.to_device(*those, **options))
