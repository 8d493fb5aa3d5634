"""A kernel that draws the orders of the rows, one network a block: exactly what ``Generator.permutation`` draws.

The twin of `shuffle`. Where a hundred networks train at once, the processor would be ten times too slow for it. A
shuffle swaps one pair after the other, so that one thread of a block does it, in shared memory, while others train: the
launch goes before that of the updates it is for, on a stream of its own. Random numbers come from all threads, each of
which leaps from one of its states of the generator to the next.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.kernels.gpu.door import cuda, inlined, int32, kernel, uint32, uint64
from visualnn.nn.order import HALF, HAS_HALF, HIGH_STEP, HIGH_WORD, LOW, LOW_STEP, LOW_WORD

THREADS = 32  # a warp: they lay out the rows, make numbers, and carry the rows away
MOST_ROWS = 12_000  # that 48 KB of shared memory hold
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645  # of PCG64 (O'Neill 2014)
LEAP = pow(MULTIPLIER, THREADS, 1 << 128)  # so many steps at once: state · LEAP + step · STEPS
STEPS = sum(pow(MULTIPLIER, k, 1 << 128) for k in range(THREADS)) % (1 << 128)
ONE_HIGH, ONE_LOW, LEAP_HIGH, LEAP_LOW = MULTIPLIER >> 64, MULTIPLIER & LOW, LEAP >> 64, LEAP & LOW
STEPS_HIGH, STEPS_LOW = STEPS >> 64, STEPS & LOW
POOL = 2 * THREADS + 2  # numbers at hand: a half that was left, two of each thread, and none
END = POOL - 1

Words = NDArray[np.uint64]  # (networks, 6): `Order.words`
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
def product(high: Any, low: Any, by_high: Any, by_low: Any) -> Any:
    """The lower 128 of the 256 bits of a product, as two words."""
    return uint64(high_of(low, by_low) + high * by_low + low * by_high), uint64(low * by_low)


@inlined
def advanced(high: Any, low: Any, by_high: Any, by_low: Any, step_high: Any, step_low: Any) -> Any:
    """PCG64's next state, or one that follows later: state · by + step."""
    upper, lower = product(high, low, by_high, by_low)
    total = uint64(lower + step_low)
    carry = uint64(1) if total < lower else uint64(0)
    return uint64(upper + step_high + carry), total


@inlined
def bits_of(high: Any, low: Any) -> Any:
    """The 64 bits that a state gives: its halves combined, and rotated by its upper 6 bits."""
    mixed, turn = uint64(high ^ low), uint64(high >> uint64(58))
    return uint64((mixed >> turn) | (mixed << (uint64(64) - turn & uint64(63))))


@inlined
def put_bits(pool: Any, thread: Any, high: Any, low: Any) -> None:
    """A thread's two numbers among those at hand."""
    bits, at = bits_of(high, low), uint32(uint32(2) * thread + uint32(1))
    pool[at], pool[uint32(at + uint32(1))] = uint32(bits & uint64(0xFFFFFFFF)), uint32(bits >> uint64(32))


@inlined
def shuffle(line: Any, pool: Any, i: Any, mask: Any, at: Any) -> Any:
    """Fisher and Yates, until all is done or numbers run out: place i swaps with one before it.

    A number that is beyond is no use, and the next one is tried. Where it is then: i, mask, and the number that comes.
    """
    number = pool[at]
    while i > uint32(0) and at < uint32(END):
        while uint32(mask >> uint32(1)) >= i:
            mask = uint32(mask >> uint32(1))
        drawn, at = uint32(number & mask), uint32(at + uint32(1))
        number = pool[at]  # on its way while rows are swapped
        if drawn <= i:
            here, there = line[i], line[drawn]
            line[i], line[drawn] = there, here
            i = uint32(i - uint32(1))
    return i, mask, at


@kernel(THREADS)
def draw(words: Words, kept: NDArray[np.int32], lines: Lines, again: Any, count: Any) -> None:
    """The orders of so many epochs into `lines`; where `again`, the first of them is the one that was drawn last.

    That one lies in `kept`, (networks, rows), and is the last of these afterwards. But for the one that shuffles, every
    thread keeps to its own places of `line`.
    """
    line, pool = cuda.shared.array(0, int32), cuda.shared.array(POOL, uint32)
    told = cuda.shared.array(2, uint32)  # by the thread that shuffles: places that are left, the number that comes
    net, thread, rows = uint32(cuda.blockIdx.x), uint32(cuda.threadIdx.x), uint32(kept.shape[1])
    high, low = words[net, uint32(HIGH_WORD)], words[net, uint32(LOW_WORD)]
    step_high, step_low = words[net, uint32(HIGH_STEP)], words[net, uint32(LOW_STEP)]
    at = uint32(0) if words[net, uint32(HAS_HALF)] != uint64(0) else uint32(1)
    for _ in range(thread + uint32(1)):
        high, low = advanced(high, low, uint64(ONE_HIGH), uint64(ONE_LOW), step_high, step_low)
    step_high, step_low = product(step_high, step_low, uint64(STEPS_HIGH), uint64(STEPS_LOW))
    if thread == uint32(0):
        pool[uint32(0)] = uint32(words[net, uint32(HALF)])
    put_bits(pool, thread, high, low)
    for epoch in range(uint32(count)):
        is_new = again == 0 or epoch > 0
        for i in range(thread, rows, uint32(THREADS)):
            line[uint32(i)] = int32(i) if is_new else kept[net, uint32(i)]
        cuda.syncthreads()
        left, mask = uint32(rows - uint32(1)) if is_new else uint32(0), uint32(0xFFFFFFFF)
        while left > uint32(0):
            if thread == uint32(0):
                left, mask, at = shuffle(line, pool, left, mask, at)
                told[uint32(0)] = left
            cuda.syncthreads()
            left = told[uint32(0)]
            if left > uint32(0):
                high, low = advanced(high, low, uint64(LEAP_HIGH), uint64(LEAP_LOW), step_high, step_low)
                put_bits(pool, thread, high, low)
                at = uint32(1)
                cuda.syncthreads()
        for i in range(thread, rows, uint32(THREADS)):
            lines[net, uint32(epoch), uint32(i)] = line[uint32(i)]
            kept[net, uint32(i)] = line[uint32(i)]
    if thread == uint32(0):
        told[uint32(1)] = at
        words[net, uint32(HAS_HALF)] = uint64(uint32(at + uint32(1)) & uint32(1))
        words[net, uint32(HALF)] = uint64(pool[uint32(at & uint32(0xFFFFFFFE))])  # the last one, if used or not
    cuda.syncthreads()
    if uint32(told[uint32(1)] >> uint32(1)) == uint32(thread + uint32(1)):  # whose state was used last
        words[net, uint32(HIGH_WORD)], words[net, uint32(LOW_WORD)] = high, low


KERNELS = {"draw": (draw, "void(uint64[:,::1], int32[:,::1], int32[:,:,::1], int32, int32)")}
