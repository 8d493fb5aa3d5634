"""What is done with a gradient that lies in the room as a whole: penalties, the mask, clipping, and then the update.

`weigh` works on all places in turn and leaves sums of squares of as many blocks as there always are, `measure` adds
them up, `apply` moves the parameters of one layer and turns its weights over.
"""

from __future__ import annotations

import math
from typing import Any

from visualnn.nn.kernels.gpu.door import cuda, float32, inlined, kernel, uint32
from visualnn.nn.kernels.gpu.formulas import moved, penalized
from visualnn.nn.kernels.gpu.judgement import added_up
from visualnn.nn.kernels.gpu.places import (
    BLOCKS_OF_SQUARES,
    FIRST,
    GRADIENT,
    IS_MASKED,
    IS_NORM_CLIPPED,
    IS_PENALIZED,
    IS_VALUE_CLIPPED,
    KINDS,
    NOTHING,
    NOW,
    OPTIMIZER,
    PITCH,
    SCORES,
    SHARE,
    SIZE,
    SLOT,
    SLOTS,
    SQUARES,
    STATE,
    WEIGHT,
    WT,
    B,
    W,
)
from visualnn.nn.kernels.gpu.plan import CLIP_NORM, CLIP_VALUE
from visualnn.nn.kernels.gpu.reading import constants_of, of, update_of
from visualnn.nn.penalties import NORM_EPS


@inlined
def limited(x: Any, limit: Any) -> Any:
    """x, but not beyond the limit on either side; NaN stays NaN."""
    if x > limit:
        return limit
    return -limit if x < -limit else x


def weigh_kernel(threads: int) -> Any:
    """Makes the kernel that completes a gradient, place by place."""

    @kernel(threads)
    def weigh(column: Any, sheet: Any, turn: Any, constants: Any, fixed: Any, status: Any, room: Any) -> None:
        if status[uint32(STATE)] != 0:
            return
        shared = cuda.shared.array(threads, float32)
        thread, squares = uint32(cuda.threadIdx.x), float32(0)
        first, stride = uint32(uint32(cuda.blockIdx.x) * uint32(threads) + thread), uint32(threads * BLOCKS_OF_SQUARES)
        for place in range(first, sheet[uint32(SLOT)], stride):
            at = uint32(sheet[uint32(FIRST)] + uint32(place))
            g, kind = room[uint32(at + sheet[uint32(GRADIENT)])], room[uint32(at + sheet[uint32(KINDS)])]
            if sheet[uint32(IS_PENALIZED)] != uint32(0) and kind == float32(WEIGHT):
                g = penalized(fixed, room[at], g)
            if kind == float32(NOTHING):
                g = float32(0)
            if sheet[uint32(IS_VALUE_CLIPPED)] != uint32(0):
                g = limited(g, fixed[uint32(CLIP_VALUE)])
            room[uint32(at + sheet[uint32(GRADIENT)])] = g
            squares += g * g
        squares = added_up(threads, shared, squares)
        if thread == uint32(0):
            room[uint32(sheet[uint32(SQUARES)] + uint32(cuda.blockIdx.x))] = squares

    return weigh


def measure_kernel() -> Any:
    """Makes the kernel of one thread that finds what a gradient is multiplied with, so that it is not too long."""

    @kernel(1)
    def measure(column: Any, sheet: Any, turn: Any, constants: Any, fixed: Any, status: Any, room: Any) -> None:
        if status[uint32(STATE)] != 0:
            return
        squares = float32(0)
        for block in range(BLOCKS_OF_SQUARES):
            squares += room[uint32(sheet[uint32(SQUARES)] + uint32(block))]
        share = fixed[uint32(CLIP_NORM)] / (float32(math.sqrt(squares)) + float32(NORM_EPS))
        room[uint32(sheet[uint32(SCORES)] + uint32(SHARE))] = float32(1) if share >= float32(1) else share

    return measure


@inlined
def applied(sheet: Any, fixed: Any, room: Any, now: Any, at: Any, share: Any) -> Any:
    """Moves the parameter at a place by its gradient; the parameter afterwards."""
    step, eps_now, decay, ahead_g, ahead_m = now
    m, v, second = float32(0), float32(0), uint32(at + uint32(2) * sheet[uint32(SLOT)])
    if sheet[uint32(SLOTS)] > uint32(0):
        m = room[uint32(at + sheet[uint32(SLOT)])]
    if sheet[uint32(SLOTS)] > uint32(1):
        v = room[second]
    g = room[uint32(at + sheet[uint32(GRADIENT)])] * share
    w, m, v = moved(sheet[uint32(OPTIMIZER)], fixed, step, eps_now, decay, ahead_g, ahead_m, room[at], g, m, v)
    if sheet[uint32(SLOTS)] > uint32(0):
        room[uint32(at + sheet[uint32(SLOT)])] = m
    if sheet[uint32(SLOTS)] > uint32(1):
        room[second] = v
    if sheet[uint32(IS_MASKED)] != uint32(0) and room[uint32(at + sheet[uint32(KINDS)])] == float32(NOTHING):
        w = float32(0)
    room[at] = w
    return w


def apply_kernel(side: int, threads: int) -> Any:
    """Makes the kernel that moves the parameters into a column; a block for each square of (inputs + 1, units)."""
    room_size = side * (side + 1)

    @kernel(threads)
    def apply(column: Any, sheet: Any, turn: Any, constants: Any, fixed: Any, status: Any, room: Any) -> None:
        if status[uint32(STATE)] != 0:
            return
        square = cuda.shared.array(room_size, float32)
        thread, before = uint32(cuda.threadIdx.x), uint32(column - uint32(1))
        now, share = constants_of(sheet, constants, room, update_of(turn, status, NOW)), float32(1)
        if sheet[uint32(IS_NORM_CLIPPED)] != uint32(0):
            share = room[uint32(sheet[uint32(SCORES)] + uint32(SHARE))]
        inputs, units = of(sheet, before, SIZE), of(sheet, column, SIZE)
        deep, pitch, bias = of(sheet, before, PITCH), of(sheet, column, PITCH), of(sheet, column, B)
        row0, column0 = uint32(cuda.blockIdx.y) * uint32(side), uint32(cuda.blockIdx.x) * uint32(side)
        for place in range(thread, side * side, threads):
            r, c = uint32(uint32(place) // uint32(side)), uint32(uint32(place) % uint32(side))
            row, unit = uint32(row0 + r), uint32(column0 + c)
            if row <= inputs and unit < units:
                at = uint32(of(sheet, column, W) + row * pitch + unit) if row < inputs else uint32(bias + unit)
                square[uint32(r * uint32(side + 1) + c)] = applied(sheet, fixed, room, now, at, share)
        cuda.syncthreads()
        for place in range(thread, side * side, threads):
            c, r = uint32(uint32(place) // uint32(side)), uint32(uint32(place) % uint32(side))
            row, unit = uint32(row0 + r), uint32(column0 + c)
            if row < inputs and unit < units:
                at = uint32(of(sheet, column, WT) + unit * deep + row)
                room[at] = square[uint32(r * uint32(side + 1) + c)]

    return apply
