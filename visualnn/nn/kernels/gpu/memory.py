"""What loops share about a GPU: how its errors are told, how long a launch took, and snapshots that stop nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from visualnn.nn.device import DeviceError
from visualnn.nn.kernels.gpu.door import SIMULATED, cuda
from visualnn.nn.kernels.room import Floats

SIMULATED_SHARED_BYTES = 99 * 1024  # what a small card of 2020 gives a block that asks for it
FULL = "CUDA_ERROR_OUT_OF_MEMORY"
REASONS = {  # by a part of the driver's name of an error
    "LAUNCH_TIMEOUT": "the system reset it because a computation took too long",
    "ILLEGAL_ADDRESS": "a computation went wrong and cannot go on",
    "MISALIGNED_ADDRESS": "a computation went wrong and cannot go on",
    "LAUNCH_FAILED": "a computation went wrong and cannot go on",
    "ECC_UNCORRECTABLE": "its memory has an error",
    "NO_DEVICE": "it is not connected any more",
    "INVALID_DEVICE": "it is not connected any more",
    "DEVICE_NOT_LICENSED": "it has no licence to compute",
    "DEVICE_UNAVAILABLE": "another program has it for itself",
    "CONTEXT_IS_DESTROYED": "the system reset it",
    "DEINITIALIZED": "its driver was shut down",
    "NOT_INITIALIZED": "its driver was shut down",
    "SYSTEM_DRIVER_MISMATCH": "its driver was replaced while VisualNN was running",
    "UNSUPPORTED_PTX_VERSION": "its driver is older than the GPU package",
    "UNKNOWN": "its driver does not answer as it should, as after the computer has slept",
}
NAME = re.compile(r"CUDA_ERROR_(\w+)")


@contextmanager
def guarded() -> Iterator[None]:
    """Whatever goes wrong on the GPU inside becomes a `DeviceError`; only full memory leaves it usable."""
    try:
        yield
    except DeviceError:
        raise
    except Exception as problem:  # the driver's, the compiler's and the packages' own: a dozen kinds
        raise told(problem) from problem


def told(problem: Exception) -> DeviceError:
    """An error of the GPU in a sentence."""
    text = str(problem)
    if FULL in text or isinstance(problem, MemoryError):
        return DeviceError("The memory of the GPU is full.")
    found = NAME.search(text)
    if found is None:
        first = next(iter(text.splitlines()), "") or type(problem).__name__
        return DeviceError(f"The GPU cannot be used: {first.rstrip('.')}.", is_lost=True)
    reason = next(
        (reason for part, reason in REASONS.items() if found[1].startswith(part)), "its driver reports an error"
    )
    return DeviceError(f"The GPU stopped: {reason} ({found[0]}).", is_lost=True)


def give_back() -> None:
    """Gives the driver what loops held that are no more; some wait for that, see `door`. For who makes a new loop."""
    if not SIMULATED:
        context = cuda.current_context()
        for holder in (context, context.memory_manager):  # of streams and events, and of memory
            holder.deallocations.clear()


def shared_limit() -> int:
    """Bytes of shared memory that a block may have, where it asks for them."""
    if SIMULATED:
        return SIMULATED_SHARED_BYTES
    with guarded():
        return int(cuda.get_current_device().MAX_SHARED_MEMORY_PER_BLOCK_OPTIN)


class Shots:
    """Copies of parameters, made while the GPU goes on: on it at once, and to here by a stream of their own.

    For one loop, one copy at a time.
    """

    def __init__(self, size: int) -> None:
        self._here = cuda.pinned_array(
            size, np.float32
        )  # the system keeps it in place, so that the GPU can write to it
        self._there = cuda.device_array(size, np.float32)
        self._stream = cuda.stream()
        self._is_copied, self._has_come = cuda.event(), cuda.event()
        self.is_under_way = False

    def begin(self, parameters: Any, stream: Any) -> None:
        """Copies an array of the GPU as it is after everything that `stream` has been given so far."""
        self._there.copy_to_device(parameters, stream=stream)
        self._is_copied.record(stream)
        self._is_copied.wait(self._stream)
        self._there.copy_to_host(self._here, stream=self._stream)
        self._has_come.record(self._stream)
        self.is_under_way = True

    def end(self) -> Floats:
        """The copy, waited for; the next one writes over it."""
        self._has_come.synchronize()
        self.is_under_way = False
        here: Floats = self._here
        return here
