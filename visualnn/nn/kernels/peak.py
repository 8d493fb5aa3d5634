"""What the processor could do at best: multiplications with addition that depend on nothing, for the benchmark."""

from __future__ import annotations

import threading
import time

import numpy as np
from numba import njit

from visualnn.nn.kernels.across import total
from visualnn.nn.kernels.vector import WIDTH, aligned, fma, lanes_of, load, store

CHAINS = 12  # enough of them that none waits for itself
ROUNDS = 2_000_000  # some 12 ms


@njit(nogil=True, _nrt=False, cache=True, error_model="numpy")
def _turn(values, rounds):
    """Twelve chains of fused multiply-adds; the loop's result is used, so that nothing is left out."""
    lanes = lanes_of(values)
    x, y = load(values, 0), load(values, lanes)
    a, b, c, d = x, y, x, y
    e, f, g, h = x, y, x, y
    i, j, k, l = x, y, x, y  # noqa: E741
    for _ in range(rounds):
        a, b, c, d = fma(a, x, y), fma(b, x, y), fma(c, x, y), fma(d, x, y)
        e, f, g, h = fma(e, x, y), fma(f, x, y), fma(g, x, y), fma(h, x, y)
        i, j, k, l = fma(i, x, y), fma(j, x, y), fma(k, x, y), fma(l, x, y)  # noqa: E741
    store(values, 2 * lanes, a + b + c + d + e + f + g + h + i + j + k + l)
    return total(load(values, 2 * lanes))


def fma_peak(threads: int = 1) -> float:
    """Floating-point operations per second of so many threads at once, in float32; an `fma` is two."""
    rooms = [aligned(3 * WIDTH["float32"], "float32") for _ in range(threads)]
    for room in rooms:
        room[: WIDTH["float32"]] = np.float32(0.999)
        _turn(room, 1000)
    barrier, ended = threading.Barrier(threads), [0.0] * threads

    def work(rank: int) -> None:
        barrier.wait()
        start = time.perf_counter()
        _turn(rooms[rank], ROUNDS)
        ended[rank] = time.perf_counter() - start

    helpers = [threading.Thread(target=work, args=(rank,)) for rank in range(threads)]
    for helper in helpers:
        helper.start()
    for helper in helpers:
        helper.join()
    return sum(2.0 * CHAINS * WIDTH["float32"] * ROUNDS / seconds for seconds in ended)
