"""Streams that are late: what is put into one is done when somebody has to wait for it, and no moment before.

So whoever reads what has not come yet finds poison, and whoever writes over what has not been fetched yet spoils it. As
on a GPU, memory of the host that is not pinned is read and written at once, and stream 0 waits for all others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

Step = Callable[[], object]


class Streams:
    """All streams of a test; `is_late` says which of them, numbered as they are made, are late."""

    def __init__(self) -> None:
        self.is_late: Callable[[int], bool] = lambda number: False
        self._all: list[Stream] = []
        self._pinned: dict[int, np.ndarray] = {}

    def stream(self) -> Stream:
        """``cuda.stream``."""
        self._all.append(Stream(self.is_late(len(self._all))))
        return self._all[-1]

    def put(self, stream: Any, step: Step) -> None:
        """Does something in its turn."""
        if isinstance(stream, Stream):
            stream.put(step)
        else:
            self.synchronize()
            step()

    def synchronize(self) -> None:
        """``cuda.synchronize``."""
        for stream in self._all:
            stream.synchronize()

    def pin(self, array: np.ndarray) -> np.ndarray:
        """Remembers memory as pinned."""
        self._pinned[id(array)] = array
        return array

    def is_pinned(self, array: np.ndarray) -> bool:
        """Whether this is part of such memory."""
        while isinstance(array.base, np.ndarray):
            array = array.base
        return id(array) in self._pinned


class Stream:
    """Steps that are done one after the other."""

    def __init__(self, is_late: bool) -> None:
        self.steps: deque[Step] = deque()
        self.done = 0
        self._is_late = is_late

    def put(self, step: Step) -> None:
        """Does this after what came before, now if the stream is not late."""
        self.steps.append(step)
        if not self._is_late:
            self.synchronize()

    def synchronize(self) -> None:
        """Does all that is to be done."""
        self.go_to(self.done + len(self.steps))

    def go_to(self, count: int) -> None:
        """Does what is to be done until it was so many steps in all."""
        while self.done < count and self.steps:
            self.done += 1
            self.steps.popleft()()


class Event:
    """A point in a stream."""

    def __init__(self, timing: bool = True) -> None:
        self._stream: Stream | None = None
        self._at = 0

    def record(self, stream: Any = 0) -> None:
        """The point is what has been put into the stream until now."""
        self._stream = stream if isinstance(stream, Stream) else None
        self._at = stream.done + len(stream.steps) if isinstance(stream, Stream) else 0

    def synchronize(self) -> None:
        """Waits for the point."""
        if self._stream is not None:
            self._stream.go_to(self._at)

    def wait(self, stream: Any = 0) -> None:
        """What is put into that stream from now on waits for the point as it is now."""
        own, at = self._stream, self._at
        if own is not None:
            stream.put(lambda: own.go_to(at))

    def query(self) -> bool:
        """Whether the point has been passed."""
        return self._stream is None or self._stream.done >= self._at

    def elapsed_time(self, later: Event) -> float:
        """Nobody knows."""
        return 0.0


class Copies:
    """Methods and functions of Numba's simulated arrays that copy, in their turn."""

    def __init__(self, streams: Streams, arrays: Any) -> None:
        self._streams, self._arrays = streams, arrays
        self._to_host, self._to_device = arrays.FakeCUDAArray.copy_to_host, arrays.FakeCUDAArray.copy_to_device

    def to_host(self, there: Any, here: Any = None, stream: Any = 0) -> Any:
        """``copy_to_host``."""
        target = np.empty_like(there._ary) if here is None else here
        self._streams.put(stream, lambda: self._to_host(there, target))
        if isinstance(stream, Stream) and not self._streams.is_pinned(target):
            stream.synchronize()
        return target

    def to_device(self, there: Any, here: Any, stream: Any = 0) -> None:
        """``copy_to_device``."""
        if isinstance(here, np.ndarray) and not self._streams.is_pinned(here):
            here = here.copy()
        self._streams.put(stream, lambda: self._to_device(there, here))

    def new(self, here: Any, stream: Any = 0, copy: bool = True, to: Any = None) -> Any:
        """``to_device``."""
        here = np.asarray(here)
        there = self._arrays.FakeCUDAArray(np.empty_like(here)) if to is None else to
        self.to_device(there, here, stream)
        return there
