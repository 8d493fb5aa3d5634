"""The three products of a layer, each with all that is done to its result while a block has it at hand.

* forward: a' = act(a·w + b), + shortcut, × gate; the slopes of that
* backward: dz = (dz'·wᵀ + what shortcuts bring back) × slope
* gradient: dw = aᵀ·dz, used at once: no gradient is written unless it is wanted as a whole. A line of blocks in front
  adds up dz for the biases.

One kernel of each serves every network; codes decide while it runs. See `places` for what is read and written, and
`products` for how. A block works off a band in parts of four places a thread: first all are read, then all written,
for the compiler must not exchange the one with the other.
"""

from __future__ import annotations

from typing import Any

from visualnn.nn.kernels.gpu.door import cuda, float32, inlined, kernel, uint32
from visualnn.nn.kernels.gpu.formulas import LINEAR, activated, moved
from visualnn.nn.kernels.gpu.places import (
    ACROSS,
    AT,
    CARRIED,
    CARRIES,
    CODE,
    DT,
    GRADIENT,
    IS_GATED,
    NEURON,
    NEXT,
    NONE,
    NOW,
    OPTIMIZER,
    PITCH,
    SIZE,
    SLOT,
    SLOTS,
    SOURCE,
    STATE,
    WT,
    A,
    B,
    D,
    W,
)
from visualnn.nn.kernels.gpu.products import BAND_PAD, Tile, lay_down, multiply, turn_over
from visualnn.nn.kernels.gpu.reading import constants_of, count_of, gate, key_of, of, update_of

AT_ONCE = 4  # places that a thread works off together
AHEAD = 8  # rows that are read together; batches are padded to a multiple
ALIGNMENT = 16  # bytes


def forward_kernel(tile: Tile) -> Any:
    """Makes the kernel that computes the activations of a column; a block for each tile of (batch, units)."""
    threads, room_size, band_rows = tile.threads, tile.room, tile.band
    count, high, wide, bands = tile.sums, tile.high, tile.wide, tile.rows // tile.band

    @kernel(threads, 2)
    def forward(column: Any, sheet: Any, turn: Any, constants: Any, fixed: Any, status: Any, room: Any) -> None:
        if status[uint32(STATE)] != 0:
            return
        shared = cuda.shared.array(room_size, float32, ALIGNMENT)
        sums = cuda.local.array(count, float32)
        left, right = cuda.local.array(high, float32), cuda.local.array(wide, float32)
        before = uint32(column - uint32(1))
        row0, column0 = uint32(cuda.blockIdx.y) * uint32(tile.rows), uint32(cuda.blockIdx.x) * uint32(tile.columns)
        across, pitch = sheet[uint32(ACROSS)], of(sheet, column, PITCH)
        multiply(
            tile, threads, room, uint32(of(sheet, before, AT) + row0), across, uint32(of(sheet, column, W) + column0),
            pitch, of(sheet, before, SIZE), shared, sums, left, right,
        )  # fmt: skip
        thread, line = uint32(cuda.threadIdx.x), uint32(tile.columns + BAND_PAD)
        update, units = update_of(turn, status, NEXT), of(sheet, column, SIZE)
        rows, key = count_of(sheet, turn, update), key_of(turn, update)
        source, code, bias = of(sheet, column, SOURCE), of(sheet, column, CODE), of(sheet, column, B)
        if of(sheet, column, AT) == uint32(NONE):  # the outputs, which are left as sums for the judge
            code = uint32(LINEAR)
        for band in range(bands):
            first = uint32(row0 + uint32(band * band_rows))
            lay_down(tile, threads, band_rows, band, sums, shared)
            for part in range(uint32(band_rows * tile.columns) // uint32(cuda.blockDim.x)):
                place = uint32(thread + uint32(part) * uint32(threads))
                r, c = uint32(place // uint32(tile.columns)), uint32(place % uint32(tile.columns))
                row, unit = uint32(first + r), uint32(column0 + c)
                at = uint32(row * pitch + unit)
                value, slope = float32(0), float32(0)
                if row < rows and unit < units:
                    value, slope = activated(code, shared[uint32(r * line + c)] + room[uint32(bias + unit)])
                    if source != uint32(NONE):
                        value = value + room[uint32(source + at)]
                    if of(sheet, column, IS_GATED) != uint32(0):
                        opening = gate(sheet, fixed, room, key, uint32(of(sheet, column, NEURON) + unit), row)
                        value, slope = value * opening, slope * opening
                room[uint32(of(sheet, column, A) + at)] = value
                room[uint32(of(sheet, column, D) + at)] = slope
                shared[uint32(r * line + c)] = value
            if of(sheet, column, AT) != uint32(NONE):
                begin = uint32(of(sheet, column, AT) + column0 * across + first)
                turn_over(tile, threads, band_rows, shared, room, begin, across)

    return forward


def backward_kernel(tile: Tile) -> Any:
    """Makes the kernel that computes dz of a column from that of the next; a block for each tile of (batch, units)."""
    threads, room_size, band_rows = tile.threads, tile.room, tile.band
    count, high, wide, bands = tile.sums, tile.high, tile.wide, tile.rows // tile.band

    @kernel(threads, 2)
    def backward(column: Any, sheet: Any, turn: Any, constants: Any, fixed: Any, status: Any, room: Any) -> None:
        if status[uint32(STATE)] != 0:
            return
        shared = cuda.shared.array(room_size, float32, ALIGNMENT)
        sums = cuda.local.array(count, float32)
        left, right = cuda.local.array(high, float32), cuda.local.array(wide, float32)
        slopes, carried = cuda.local.array(AT_ONCE, float32), cuda.local.array(AT_ONCE, float32)
        after = uint32(column + uint32(1))
        row0, column0 = uint32(cuda.blockIdx.y) * uint32(tile.rows), uint32(cuda.blockIdx.x) * uint32(tile.columns)
        across, pitch = sheet[uint32(ACROSS)], of(sheet, column, PITCH)
        multiply(
            tile, threads, room, uint32(of(sheet, after, DT) + row0), across, uint32(of(sheet, after, WT) + column0),
            pitch, of(sheet, after, SIZE), shared, sums, left, right,
        )  # fmt: skip
        thread, line = uint32(cuda.threadIdx.x), uint32(tile.columns + BAND_PAD)
        update, units = update_of(turn, status, NOW), of(sheet, column, SIZE)
        rows = count_of(sheet, turn, update)
        for band in range(bands):
            first = uint32(row0 + uint32(band * band_rows))
            lay_down(tile, threads, band_rows, band, sums, shared)
            for part in range(uint32(band_rows * tile.columns) // uint32(cuda.blockDim.x) // uint32(AT_ONCE)):
                d, brought, carries = of(sheet, column, D), of(sheet, column, CARRIED), of(sheet, column, CARRIES)
                for i in range(AT_ONCE):
                    place = uint32(thread + uint32(uint32(part) * uint32(AT_ONCE) + uint32(i)) * uint32(threads))
                    r, c = uint32(place // uint32(tile.columns)), uint32(place % uint32(tile.columns))
                    at = uint32(uint32(first + r) * pitch + uint32(column0 + c))
                    slopes[i] = room[uint32(d + at)]
                    carried[i] = room[uint32(brought + at)] if brought != uint32(NONE) else float32(0)
                for i in range(AT_ONCE):
                    place = uint32(thread + uint32(uint32(part) * uint32(AT_ONCE) + uint32(i)) * uint32(threads))
                    r, c = uint32(place // uint32(tile.columns)), uint32(place % uint32(tile.columns))
                    row, unit = uint32(first + r), uint32(column0 + c)
                    at = uint32(row * pitch + unit)
                    value = float32(0)
                    if row < rows and unit < units:
                        arriving = shared[uint32(r * line + c)] + carried[i]
                        value = arriving * slopes[i]
                        if carries != uint32(NONE):
                            if of(sheet, column, IS_GATED) != uint32(0):
                                neuron, key = uint32(of(sheet, column, NEURON) + unit), key_of(turn, update)
                                arriving = arriving * gate(sheet, fixed, room, key, neuron, row)
                            room[uint32(carries + at)] = arriving
                    room[uint32(d + at)] = value
                    shared[uint32(r * line + c)] = value
            if of(sheet, column, DT) != uint32(NONE):
                begin = uint32(of(sheet, column, DT) + column0 * across + first)
                turn_over(tile, threads, band_rows, shared, room, begin, across)

    return backward


@inlined
def add_up_biases(tile: Any, threads: Any, parts: Any, room: Any, d: Any, pitch: Any, rows: Any, shared: Any) -> None:
    """Puts the sums of a tile's columns of dz into the first line of shared memory, in a fixed order."""
    thread = uint32(cuda.threadIdx.x)
    beside = uint32(threads // parts)
    part = uint32(thread // beside)
    for c in range(uint32(thread % beside), uint32(tile.columns), beside):
        total = float32(0)
        for row in range(part * uint32(AHEAD), rows, uint32(parts * AHEAD)):
            at = uint32(d + uint32(row) * pitch + uint32(c))
            for i in range(AHEAD):  # behind the rows there are zeros
                total += room[uint32(at + uint32(i) * pitch)]
        shared[uint32(part * uint32(tile.columns) + uint32(c))] = total
    cuda.syncthreads()
    for c in range(thread, uint32(tile.columns), uint32(threads)):
        total = shared[uint32(c)]
        for other in range(1, parts):
            total += shared[uint32(uint32(other * tile.columns) + uint32(c))]
        shared[uint32(c)] = total


@inlined
def use(sheet: Any, fixed: Any, room: Any, now: Any, at: Any, g: Any, w: Any, m: Any, v: Any) -> Any:
    """Moves a parameter by its gradient, or keeps the gradient; the parameter afterwards."""
    keep = sheet[uint32(GRADIENT)]
    if keep != uint32(0):
        room[uint32(at + keep)] = g
        return w
    step, eps_now, decay, ahead_g, ahead_m = now
    w, m, v = moved(sheet[uint32(OPTIMIZER)], fixed, step, eps_now, decay, ahead_g, ahead_m, w, g, m, v)
    room[at] = w
    if sheet[uint32(SLOTS)] > uint32(0):
        room[uint32(at + sheet[uint32(SLOT)])] = m
    if sheet[uint32(SLOTS)] > uint32(1):
        room[uint32(at + uint32(2) * sheet[uint32(SLOT)])] = v
    return w


@inlined
def remembered(sheet: Any, room: Any, at: Any) -> Any:
    """A parameter and its two numbers of memory."""
    m, v = float32(0), float32(0)
    if sheet[uint32(GRADIENT)] == uint32(0):
        if sheet[uint32(SLOTS)] > uint32(0):
            m = room[uint32(at + sheet[uint32(SLOT)])]
        if sheet[uint32(SLOTS)] > uint32(1):
            v = room[uint32(at + uint32(2) * sheet[uint32(SLOT)])]
    return room[at], m, v


def gradient_kernel(tile: Tile) -> Any:
    """Makes the kernel that moves the weights into a column; a block for each tile of (inputs, units), and before
    these a line of blocks for the biases.
    """
    threads, room_size, band_rows = tile.threads, tile.room, tile.band
    count, high, wide, bands = tile.sums, tile.high, tile.wide, tile.rows // tile.band
    parts = max(1, threads // tile.columns)

    @kernel(threads, 2)
    def gradient(column: Any, sheet: Any, turn: Any, constants: Any, fixed: Any, status: Any, room: Any) -> None:
        if status[uint32(STATE)] != 0:
            return
        shared = cuda.shared.array(room_size, float32, ALIGNMENT)
        sums = cuda.local.array(count, float32)
        left, right = cuda.local.array(high, float32), cuda.local.array(wide, float32)
        old, first_slot = cuda.local.array(AT_ONCE, float32), cuda.local.array(AT_ONCE, float32)
        second_slot = cuda.local.array(AT_ONCE, float32)
        thread, line = uint32(cuda.threadIdx.x), uint32(tile.columns + BAND_PAD)
        before, update = uint32(column - uint32(1)), update_of(turn, status, NOW)
        rows, column0 = count_of(sheet, turn, update), uint32(cuda.blockIdx.x) * uint32(tile.columns)
        d = uint32(of(sheet, column, D) + column0)
        if cuda.blockIdx.y == 0:
            add_up_biases(tile, threads, parts, room, d, of(sheet, column, PITCH), rows, shared)
            now = constants_of(sheet, constants, room, update)
            for c in range(thread, uint32(tile.columns), uint32(threads)):
                unit = uint32(column0 + uint32(c))
                if unit < of(sheet, column, SIZE):
                    at = uint32(of(sheet, column, B) + unit)
                    w, m, v = remembered(sheet, room, at)
                    use(sheet, fixed, room, now, at, shared[uint32(c)], w, m, v)
            return
        row0 = uint32(cuda.blockIdx.y - 1) * uint32(tile.rows)
        multiply(
            tile, threads, room, uint32(of(sheet, before, A) + row0), of(sheet, before, PITCH), d,
            of(sheet, column, PITCH), rows, shared, sums, left, right,
        )  # fmt: skip
        w0, pitch = of(sheet, column, W), of(sheet, column, PITCH)
        for band in range(bands):
            first = uint32(row0 + uint32(band * band_rows))
            lay_down(tile, threads, band_rows, band, sums, shared)
            for part in range(uint32(band_rows * tile.columns) // uint32(cuda.blockDim.x) // uint32(AT_ONCE)):
                for i in range(AT_ONCE):
                    place = uint32(thread + uint32(uint32(part) * uint32(AT_ONCE) + uint32(i)) * uint32(threads))
                    r, c = uint32(place // uint32(tile.columns)), uint32(place % uint32(tile.columns))
                    at = uint32(w0 + uint32(first + r) * pitch + uint32(column0 + c))
                    old[i], first_slot[i], second_slot[i] = remembered(sheet, room, at)
                now = constants_of(sheet, constants, room, update_of(turn, status, NOW))
                inputs, units = of(sheet, before, SIZE), of(sheet, column, SIZE)
                for i in range(AT_ONCE):
                    place = uint32(thread + uint32(uint32(part) * uint32(AT_ONCE) + uint32(i)) * uint32(threads))
                    r, c = uint32(place // uint32(tile.columns)), uint32(place % uint32(tile.columns))
                    row, unit = uint32(first + r), uint32(column0 + c)
                    value = float32(0)
                    if row < inputs and unit < units:
                        g, at = shared[uint32(r * line + c)], uint32(w0 + row * pitch + unit)
                        value = use(sheet, fixed, room, now, at, g, old[i], first_slot[i], second_slot[i])
                    shared[uint32(r * line + c)] = value
            if sheet[uint32(GRADIENT)] == uint32(0):
                deep = of(sheet, before, PITCH)
                begin = uint32(of(sheet, column, WT) + column0 * deep + first)
                turn_over(tile, threads, band_rows, shared, room, begin, deep)

    return gradient
