"""What a launch of `block` brings to the GPU and takes back: one for each of the two that may be under way."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.kernels.gpu.block import LOSSES_AT, PROGRESS
from visualnn.nn.kernels.gpu.door import SIMULATED, cuda
from visualnn.nn.kernels.gpu.tables import Table

Array = NDArray[Any]


class Room:
    """Arrays on the GPU and their like here, kept from launch to launch; they grow when more is needed."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._there: dict[str, Any] = {}
        self._here: dict[str, Any] = {}
        self.begun, self.ended, self.drawn = cuda.event(), cuda.event(), cuda.event()
        self._begun_at = 0.0

    def there(self, name: str, shape: tuple[int, ...], kind: Any) -> Any:
        """An array on the GPU, of which nobody knows what is in it."""
        size = int(np.prod(shape))
        array = self._there.get(name)
        if array is None or array.size < size:
            self._there[name] = array = cuda.device_array(max(1, size + size // 2), kind)
        return array[:size].reshape(*shape)

    def brought(self, name: str, values: Array) -> Any:
        """A copy of an array on the GPU, on its way: by way of memory that stays in place, or the driver would wait."""
        values = values if values.size else np.zeros((1, *values.shape[1:]), values.dtype)
        there, here = self.there(name, values.shape, values.dtype), self._here_for(name, values.shape, values.dtype)
        here[...] = values
        there.copy_to_device(here, stream=self._stream)
        return there

    def fetched(self, name: str, there: Any, stream: Any = None) -> Array:
        """What will be the copy of an array of the GPU here, once `wait` has returned; by another stream if it says."""
        copy = self._here_for(name, there.shape, there.dtype)
        there.copy_to_host(copy, stream=stream or self._stream)
        return copy

    def _here_for(self, name: str, shape: tuple[int, ...], kind: Any) -> Array:
        """Memory here for an array; the launch before the last one, which had it before, has ended."""
        size = int(np.prod(shape))
        here = self._here.get(name)
        if here is None or here.size < size:
            self._here[name] = here = cuda.pinned_array(size + size // 2, kind)
        array: Array = here[:size].reshape(shape)
        return array

    def begin(self) -> None:
        """Everything is there, and the kernel comes next."""
        self._begun_at = time.perf_counter()
        self.begun.record(self._stream)

    def end(self) -> None:
        """The kernel has been launched, and what it finds is on its way."""
        self.ended.record(self._stream)

    def wait(self) -> float:
        """Waits for all of that, and says how many seconds it took."""
        self.ended.synchronize()
        if SIMULATED:
            return time.perf_counter() - self._begun_at
        return float(cuda.event_elapsed_time(self.begun, self.ended)) / 1000.0


@dataclass(eq=False, slots=True)
class Launch:
    """One that is under way."""

    room: Room
    firsts: list[int]  # of each network the updates done before
    counts: list[int]  # and that it is to do
    strides: list[int]
    tables: dict[int, Table] = field(default_factory=dict)
    progress: Array = field(default_factory=lambda: np.zeros((0, PROGRESS), dtype=np.int32))
    losses: Array = field(default_factory=lambda: np.zeros((0, LOSSES_AT), dtype=np.float32))
    shots: list[int] = field(default_factory=list)  # networks of which a snapshot was begun right before

    def until_kept(self, net: int) -> int:
        """Updates until one whose loss is kept."""
        return -self.firsts[net] % self.strides[net]

    def most_kept(self) -> int:
        """How many losses of a network are kept at most."""
        return max((count - self.until_kept(net) - 1) // self.strides[net] + 1 for net, count in enumerate(self.counts))
