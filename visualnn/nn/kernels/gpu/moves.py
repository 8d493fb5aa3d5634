"""How parameters, and what lies with them, get into the room and out of it again.

Outside they lie one after another as `network.Network` lays them out, here with gaps, and the weights a second time
turned over.
"""

from __future__ import annotations

from typing import Any

from visualnn.nn.kernels.gpu.door import cuda, float32, inlined, kernel, uint32
from visualnn.nn.kernels.gpu.places import PITCH, SIZE, START, WT, B, W
from visualnn.nn.kernels.gpu.reading import of


def clear_kernel(threads: int) -> Any:
    """Makes the kernel that puts 0 everywhere."""

    @kernel(threads)
    def clear(room: Any, size: Any) -> None:
        first = uint32(uint32(cuda.blockIdx.x) * uint32(threads) + uint32(cuda.threadIdx.x))
        for at in range(first, size, uint32(uint32(cuda.gridDim.x) * uint32(threads))):
            room[uint32(at)] = float32(0)

    return clear


def put_kernel(threads: int) -> Any:
    """Makes the kernel that takes in numbers that lie together."""

    @kernel(threads)
    def put(values: Any, room: Any, begin: Any, count: Any) -> None:
        first = uint32(uint32(cuda.blockIdx.x) * uint32(threads) + uint32(cuda.threadIdx.x))
        for at in range(first, count, uint32(uint32(cuda.gridDim.x) * uint32(threads))):
            room[uint32(begin + uint32(at))] = values[uint32(at)]

    return put


@inlined
def place_of(sheet: Any, column: Any, line: Any, unit: Any) -> Any:
    """Where a weight that leads to a unit of a column lies; the line after those of the inputs has the biases."""
    if line == of(sheet, uint32(column - uint32(1)), SIZE):
        return uint32(of(sheet, column, B) + unit)
    return uint32(of(sheet, column, W) + line * of(sheet, column, PITCH) + unit)


def spread_kernel(threads: int) -> Any:
    """Makes the kernel that takes in what belongs to the parameters into a column, so many places behind these."""

    @kernel(threads)
    def spread(column: Any, sheet: Any, dense: Any, begin: Any, behind: Any, room: Any) -> None:
        units, before = of(sheet, column, SIZE), uint32(column - uint32(1))
        count = uint32(units * uint32(of(sheet, before, SIZE) + uint32(1)))
        first = uint32(uint32(cuda.blockIdx.x) * uint32(threads) + uint32(cuda.threadIdx.x))
        for at in range(first, count, uint32(uint32(cuda.gridDim.x) * uint32(threads))):
            line, unit = uint32(uint32(at) // units), uint32(uint32(at) % units)
            value = dense[uint32(begin + of(sheet, column, START) + uint32(at))]
            room[uint32(place_of(sheet, column, line, unit) + behind)] = value
            if behind == uint32(0) and line < of(sheet, before, SIZE):
                room[uint32(of(sheet, column, WT) + unit * of(sheet, before, PITCH) + line)] = value

    return spread


def collect_kernel(threads: int) -> Any:
    """Makes the kernel that gives out what `spread` takes in."""

    @kernel(threads)
    def collect(column: Any, sheet: Any, dense: Any, begin: Any, behind: Any, room: Any) -> None:
        units = of(sheet, column, SIZE)
        count = uint32(units * uint32(of(sheet, uint32(column - uint32(1)), SIZE) + uint32(1)))
        first = uint32(uint32(cuda.blockIdx.x) * uint32(threads) + uint32(cuda.threadIdx.x))
        for at in range(first, count, uint32(uint32(cuda.gridDim.x) * uint32(threads))):
            line, unit = uint32(uint32(at) // units), uint32(uint32(at) % units)
            value = room[uint32(place_of(sheet, column, line, unit) + behind)]
            dense[uint32(begin + of(sheet, column, START) + uint32(at))] = value

    return collect
