"""What one block brings into its shared memory and takes back: parameters, and the rows of a batch."""

from __future__ import annotations

from typing import Any

from visualnn.nn.kernels.gpu.block_sums import first_of, warps_of
from visualnn.nn.kernels.gpu.block_table import divided, entry, head, shares
from visualnn.nn.kernels.gpu.door import cuda, inlined, int32, uint32
from visualnn.nn.kernels.gpu.fit import MAGIC, MEMORY_AT, W_AT, W_SIZE, W_STEP
from visualnn.nn.kernels.gpu.plan import SIZE, START


@inlined
def copied(sm: Any, numbers: Any, store: Any, net: Any, slot: Any, to: Any, layers: Any, is_back: Any) -> None:
    """Parameters, or a slot of the optimizer's memory, from the GPU's memory to place `to`, or back."""
    tid, threads = uint32(cuda.threadIdx.x), uint32(cuda.blockDim.x)
    begun = uint32(0)
    for column in range(layers):
        layer = uint32(column)
        n_in, n_out = entry(numbers, layer, SIZE), entry(numbers, uint32(layer + uint32(1)), SIZE)
        magic, count, start = (
            entry(numbers, layer, MAGIC),
            uint32((n_in + uint32(1)) * n_out),
            entry(numbers, layer, START),
        )
        first = uint32(to + entry(numbers, layer, W_AT) - entry(numbers, uint32(0), W_AT))
        i = first_of(tid, begun, threads)
        while i < count:
            k = divided(i, magic)
            at = uint32(first + k * entry(numbers, layer, W_STEP) + (i - k * n_out))
            if is_back:
                store[net, slot, uint32(start + i)] = sm[at]
            else:
                sm[at] = store[net, slot, uint32(start + i)]
            i = uint32(i + threads)
        begun = uint32(begun + warps_of(count))


@inlined
def copy_all(sm: Any, numbers: Any, store: Any, net: Any, layers: Any, is_back: Any) -> None:
    """The parameters, and the optimizer's memory if it has a place here, from the GPU's memory or back."""
    memory_at, size = int32(head(numbers, MEMORY_AT)), head(numbers, W_SIZE)
    slots = uint32(store.shape[1]) if memory_at >= 0 else uint32(1)
    for k in range(slots):
        slot = uint32(k)
        to = uint32(uint32(memory_at) + (slot - uint32(1)) * size) if k > 0 else entry(numbers, uint32(0), W_AT)
        copied(sm, numbers, store, net, slot, to, layers, is_back)


@inlined
def fetched(x: Any, y: Any, lines: Any, line: Any, row: Any, batch: Any) -> Any:
    """A number of a batch, an input or a target: rows that there are not are like its first one.

    `batch`: (where its rows begin in `lines`, how many).
    """
    first, count = batch
    at, n_in = uint32(lines[uint32(first + (row if row < count else uint32(0)))]), uint32(x.shape[1])
    return x[at, line] if line < n_in else y[at, uint32(line - n_in)]


@inlined
def fetch(sm: Any, numbers: Any, x: Any, y: Any, lines: Any, times: Any, rows: Any, batch: Any, to: Any) -> None:
    """A thread's numbers of a batch to the lines at `to`, but for the first ones, `times`."""
    pitch, room, tid, threads = rows
    lane, slot, slots, shift, stretches, magic = shares(numbers, tid, threads)
    item, items = uint32(slot + times * slots), uint32((x.shape[1] + y.shape[1]) * stretches)
    while item < items:
        line = divided(item, magic)
        row = uint32(lane + ((item - line * stretches) << shift))
        if row < room:
            sm[uint32(to + line * pitch + row)] = fetched(x, y, lines, line, row, batch)
        item = uint32(item + slots)
