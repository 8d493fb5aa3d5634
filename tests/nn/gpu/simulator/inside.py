"""What a kernel finds under the name ``cuda`` while it is simulated."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
from greenlet import getcurrent

from tests.nn.gpu.simulator.cores import ALL, CORES
from tests.nn.gpu.simulator.fibres import WARP, Crowd, Dimensions, Meeting
from tests.nn.gpu.simulator.poison import dtype_of, local_array, poisoned

STATIC_LIMIT = 48 * 1024  # bytes: what ptxas allows, whatever the GPU has
STOCK = ("atomic", "const", "fp16", "popc", "fma", "cbrt", "brev", "clz", "ffs", "selp", "warpsize")


class Block:
    """The threads that share memory and barriers."""

    def __init__(self, crowd: Crowd, index: Dimensions, size: Dimensions, dynamic_bytes: int) -> None:
        self.index, self.size, self.crowd = index, size, crowd
        self.count = size.x * size.y * size.z
        self.meeting = Meeting(crowd, range(self.count))
        self.shared = SimpleNamespace(array=self._array)
        self._dynamic = np.full(dynamic_bytes, 0xFF, np.uint8)  # NaN for floats
        self._static: dict[Any, np.ndarray] = {}
        self._warps: dict[tuple[int, int], Meeting] = {}

    def _array(self, shape: Any, dtype: Any, alignment: int | None = None) -> np.ndarray:
        """``cuda.shared.array``: where it stands in the program says which array it is."""
        dtype = dtype_of(dtype)
        if shape == 0:
            return self._dynamic[: len(self._dynamic) // dtype.itemsize * dtype.itemsize].view(dtype)
        frame = sys._getframe(1)
        key = (frame.f_code, frame.f_lasti)
        if key not in self._static:
            self._static[key] = poisoned(np.empty(shape, dtype))
            if sum(array.nbytes for array in self._static.values()) > STATIC_LIMIT:
                raise MemoryError("more than 48 KiB of static shared memory")
        return self._static[key]

    def warp(self, number: int, mask: int) -> Meeting:
        """Where those lanes of a warp meet that the mask names."""
        key = (number, mask)
        if key not in self._warps:
            lanes = min(WARP, self.count - WARP * number)
            self._warps[key] = Meeting(self.crowd, (lane for lane in range(lanes) if mask >> lane & 1))
        return self._warps[key]


def syncthreads() -> None:
    fibre = getcurrent()
    fibre.block.meeting.join(fibre.number)


def syncthreads_count(value: Any) -> int:
    fibre = getcurrent()
    return sum(map(bool, fibre.block.meeting.join(fibre.number, value).values()))


def syncthreads_and(value: Any) -> int:
    fibre = getcurrent()
    return int(all(fibre.block.meeting.join(fibre.number, value).values()))


def syncthreads_or(value: Any) -> int:
    fibre = getcurrent()
    return int(any(fibre.block.meeting.join(fibre.number, value).values()))


def syncwarp(mask: int = ALL) -> None:
    fibre = getcurrent()
    fibre.block.warp(fibre.number // WARP, int(mask)).join(fibre.lane)


def _lanes(mask: int, value: Any) -> tuple[dict[int, Any], int]:
    """What every lane of the warp brought, and the own lane."""
    fibre = getcurrent()
    return fibre.block.warp(fibre.number // WARP, int(mask)).join(fibre.lane, value, depth=3), fibre.lane


def _of_lane(brought: dict[int, Any], lane: int, own: Any) -> Any:
    """The value of a lane; outside of the warp it is the own one, of a lane that does not take part it is undefined."""
    if not 0 <= lane < WARP:
        return own
    return brought.get(lane, type(own)(np.nan) if isinstance(own, float | np.floating) else own)


def shfl_sync(mask: int, value: Any, source: int) -> Any:
    brought, _ = _lanes(mask, value)
    return _of_lane(brought, int(source) % WARP, value)


def shfl_xor_sync(mask: int, value: Any, bits: int) -> Any:
    brought, lane = _lanes(mask, value)
    return _of_lane(brought, lane ^ int(bits), value)


def shfl_up_sync(mask: int, value: Any, delta: int) -> Any:
    brought, lane = _lanes(mask, value)
    return _of_lane(brought, lane - int(delta), value)


def shfl_down_sync(mask: int, value: Any, delta: int) -> Any:
    brought, lane = _lanes(mask, value)
    return _of_lane(brought, lane + int(delta), value)


def ballot_sync(mask: int, vote: Any) -> int:
    brought, _ = _lanes(mask, vote)
    return sum(1 << lane for lane, value in brought.items() if value)


def all_sync(mask: int, vote: Any) -> bool:
    return all(_lanes(mask, vote)[0].values())


def any_sync(mask: int, vote: Any) -> bool:
    return any(_lanes(mask, vote)[0].values())


def threadfence(*_: Any) -> None:
    """Whoever asks whether others got on, lets them."""
    getcurrent().block.crowd.step_aside()


def grid(dimensions: int) -> Any:
    fibre = getcurrent()
    block = fibre.block
    place = tuple(np.add(np.multiply(block.index, block.size), fibre.index).tolist())[:dimensions]
    return place[0] if dimensions == 1 else place


OWN = (
    syncthreads, syncthreads_count, syncthreads_and, syncthreads_or, syncwarp, shfl_sync, shfl_xor_sync, shfl_up_sync,
    shfl_down_sync, ballot_sync, all_sync, any_sync, threadfence, grid, *CORES,
)  # fmt: skip


class _Grid:
    """The blocks of a launch as one group, if somebody asks for it."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting

    def sync(self) -> None:
        fibre = getcurrent()
        self._meeting.join((fibre.block.index, fibre.number))


def names(stock: Any, size: Dimensions, block_size: Dimensions, meeting: Meeting) -> dict[str, Any]:
    """All that is the same for every thread of a launch; `stock` is what Numba's simulator has."""
    return {
        **{name: getattr(stock, name) for name in STOCK},
        **{function.__name__: function for function in OWN},
        "threadfence_block": threadfence,
        "threadfence_system": threadfence,
        "nanosleep": threadfence,
        "gridDim": size,
        "blockDim": block_size,
        "gridsize": lambda n: tuple(np.multiply(size, block_size).tolist())[:n] if n > 1 else size.x * block_size.x,
        "local": SimpleNamespace(array=local_array),
        "cg": SimpleNamespace(this_grid=lambda: _Grid(meeting)),
    }
