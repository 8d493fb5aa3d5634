"""What launches and transfers cost on this GPU, through the same door as our loops."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

GPU = "visualnn.nn.kernels.gpu"
ARRAYS = 9  # of a kernel with arguments
UPDATES, KERNELS = 8, 8  # in a graph: as many updates as `steps` records, each of three layers
ROUNDS = 5

Kernel = Callable[..., None]


def launches(device: str, count: int = 1000) -> dict[str, Any]:
    """Microseconds for a launch on the host and the GPU together: many in a row, then waiting for all."""
    cuda = import_module(f"{GPU}.door").cuda
    bare, full = _kernels(cuda)
    given = [cuda.to_device(np.zeros((4, 4), np.float32))] * ARRAYS
    found: dict[str, Any] = {
        "no_arguments_us": _each_us(cuda, lambda: bare[1, 32](), count),
        "arrays": ARRAYS,
        "arrays_us": _each_us(cuda, lambda: full[1, 32](*given), count),
    }
    if device == "cuda":
        try:
            found |= _graph(full, given, count // UPDATES // KERNELS)
        except Exception as error:  # noqa: BLE001  graphs are new; whatever they raise, launches work
            found |= {"graph_us": None, "launch_us": None, "graph_error": f"{type(error).__name__}: {error}"}
    return found


def transfers(device: str, megabytes: float = 64.0) -> dict[str, Any]:
    """Bytes per second to the GPU and back, from memory that the system may move and from memory that stays."""
    cuda = import_module(f"{GPU}.door").cuda
    size = round(megabytes * 2**20 / 4)
    there, other = cuda.device_array(size, np.float32), cuda.device_array(size, np.float32)
    loose, pinned = np.ones(size, np.float32), cuda.pinned_array(size, np.float32)
    pinned[:] = 1.0
    small, few = cuda.device_array(1, np.float32), np.zeros(1, np.float32)
    moved = {
        "to_gpu": lambda: there.copy_to_device(loose),
        "to_gpu_pinned": lambda: there.copy_to_device(pinned),
        "from_gpu": lambda: there.copy_to_host(loose),
        "from_gpu_pinned": lambda: there.copy_to_host(pinned),
        "inside": lambda: other.copy_to_device(there),
    }
    rates = {f"{name}_gb_per_s": size * 4 / _once_s(cuda, move) / 1e9 for name, move in moved.items()}
    times = {
        "to_gpu_4_bytes_us": _once_s(cuda, lambda: small.copy_to_device(few)) * 1e6,
        "from_gpu_4_bytes_us": _once_s(cuda, lambda: small.copy_to_host(few)) * 1e6,
    }
    return {"megabytes": megabytes, **rates, **times}


def _kernels(cuda: Any) -> tuple[Any, Any]:
    """Kernels that do nothing, without arguments and with many."""

    def bare() -> None:
        pass

    def full(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, i: Any) -> None:
        pass

    return cuda.jit(bare), cuda.jit(full)


def _each_us(cuda: Any, launch: Callable[[], None], count: int) -> float:
    """The median of some rounds of so many."""
    launch()
    cuda.synchronize()
    found = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        for _ in range(count):
            launch()
        cuda.synchronize()
        found.append((perf_counter() - begun) / count * 1e6)
    return median(found)


def _once_s(cuda: Any, work: Callable[[], object]) -> float:
    """The median time of something that is waited for."""
    work()
    cuda.synchronize()
    found = []
    for _ in range(2 * ROUNDS):
        begun = perf_counter()
        work()
        cuda.synchronize()
        found.append(perf_counter() - begun)
    return median(found)


def _graph(kernel: Any, given: list[Any], count: int) -> dict[str, Any]:
    """The same launches in a CUDA graph, as those of wide networks are: what one costs, and an update on the host."""
    device = import_module("cuda.core").Device()
    device.set_current()
    stream, builder = device.create_stream(), device.create_graph_builder()
    builder.begin_building()
    for _ in range(UPDATES * KERNELS):
        kernel[1, 32, builder](*given)
    graph = builder.end_building().complete()
    graph.launch(stream)
    stream.sync()
    handed, done = [], []
    for _ in range(ROUNDS):
        begun = perf_counter()
        for _ in range(count):
            graph.launch(stream)
        handed.append(perf_counter() - begun)
        stream.sync()
        done.append(perf_counter() - begun)
    return {
        "in_graph": UPDATES * KERNELS,
        "graph_us": median(done) / count / UPDATES / KERNELS * 1e6,
        "launch_us": median(handed) / count / UPDATES * 1e6,  # of an update
    }
