"""A kernel that draws the orders of the rows, one network a block: exactly what ``Generator.permutation`` draws.

The twin of `shuffle`. Where a hundred networks train at once, the processor would be ten times too slow for it. A
shuffle swaps one pair after the other, so that one thread of a block does it, in shared memory, while others train: the
launch goes before that of the updates it is for, on a stream of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.kernels.gpu.door import cuda, inlined, int32, kernel, uint32, uint64
from visualnn.nn.order import HALF, HAS_HALF, HIGH_STEP, HIGH_WORD, LOW_STEP, LOW_WORD

THREADS = 32  # a warp: they lay out the rows and carry them away
MOST_ROWS = 12_000  # that 48 KB of shared memory hold
MULTIPLIER_HIGH, MULTIPLIER_LOW = 0x2360ED051FC65DA4, 0x4385DF649FCCF645  # of PCG64 (O'Neill 2014)
WORDS = 6

Words = NDArray[np.uint64]  # (networks, WORDS): `Order.words`
Lines = NDArray[np.int32]  # (networks, epochs, rows)


@inlined
def high_of(a: Any, b: Any) -> Any:
    """The upper 64 of the 128 bits of a product."""
    low, half = uint64(0xFFFFFFFF), uint64(32)
    a1, a0, b1, b0 = a >> half, a & low, b >> half, b & low
    middle = uint64(a1 * b0 + (uint64(a0 * b0) >> half))
    other = uint64(a0 * b1 + (middle & low))
    return uint64(a1 * b1 + (middle >> half) + (other >> half))


@inlined
def advanced(high: Any, low: Any, high_step: Any, low_step: Any) -> Any:
    """PCG64's next state: state · multiplier + step, 128 bits as two words."""
    by_high, by_low = uint64(MULTIPLIER_HIGH), uint64(MULTIPLIER_LOW)
    upper = uint64(high_of(low, by_low) + high * by_low + low * by_high)
    lower = uint64(low * by_low)
    total = uint64(lower + low_step)
    carry = uint64(1) if total < lower else uint64(0)
    return uint64(upper + high_step + carry), total


@inlined
def bits_of(high: Any, low: Any) -> Any:
    """The 64 bits that a state gives: its halves combined, and rotated by its upper 6 bits."""
    mixed, turn = uint64(high ^ low), uint64(high >> uint64(58))
    return uint64((mixed >> turn) | (mixed << (uint64(64) - turn & uint64(63))))


@inlined
def shuffle(line: Any, rows: Any, words: Any, net: Any) -> Any:
    """Fisher and Yates: each place swaps with one before it, whose random number is tried until it is not beyond."""
    high, low = words[net, uint32(HIGH_WORD)], words[net, uint32(LOW_WORD)]
    high_step, low_step = words[net, uint32(HIGH_STEP)], words[net, uint32(LOW_STEP)]
    has_half, half = uint32(words[net, uint32(HAS_HALF)]), uint32(words[net, uint32(HALF)])
    i, mask = uint32(rows - uint32(1)), uint32(0xFFFFFFFF)
    while i > uint32(0):
        while uint32(mask >> uint32(1)) >= i:
            mask = uint32(mask >> uint32(1))
        number = half
        if has_half == uint32(0):
            high, low = advanced(high, low, high_step, low_step)
            bits = bits_of(high, low)
            number, half = uint32(bits & uint64(0xFFFFFFFF)), uint32(bits >> uint64(32))
        has_half = uint32(1) - has_half
        drawn = uint32(number & mask)
        if drawn <= i:
            here, there = line[i], line[drawn]
            line[i], line[drawn] = there, here
            i = uint32(i - uint32(1))
    words[net, uint32(HIGH_WORD)], words[net, uint32(LOW_WORD)] = high, low
    words[net, uint32(HAS_HALF)], words[net, uint32(HALF)] = uint64(has_half), uint64(half)


@kernel(THREADS)
def draw(words: Words, kept: NDArray[np.int32], lines: Lines, again: Any, count: Any) -> None:
    """The orders of so many epochs into `lines`; where `again`, the first of them is the one that was drawn last.

    That one lies in `kept`, (networks, rows), and is the last of these afterwards. But for the one that shuffles, every
    thread keeps to its own places of `line`.
    """
    line = cuda.shared.array(0, int32)
    net, thread, rows = uint32(cuda.blockIdx.x), uint32(cuda.threadIdx.x), uint32(kept.shape[1])
    for epoch in range(uint32(count)):
        is_new = again == 0 or epoch > 0
        for i in range(thread, rows, uint32(THREADS)):
            line[uint32(i)] = int32(i) if is_new else kept[net, uint32(i)]
        cuda.syncthreads()
        if is_new and thread == uint32(0):
            shuffle(line, rows, words, net)
        cuda.syncthreads()
        for i in range(thread, rows, uint32(THREADS)):
            lines[net, uint32(epoch), uint32(i)] = line[uint32(i)]
            kept[net, uint32(i)] = line[uint32(i)]


KERNELS = {"draw": (draw, "void(uint64[:,::1], int32[:,::1], int32[:,:,::1], int32, int32)")}
