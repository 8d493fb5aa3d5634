"""What the processor could do at best: multiplications with addition that depend on nothing, for the benchmark."""

from __future__ import annotations

import threading
import time

from visualnn import precompiled
from visualnn.nn.kernels.room import WIDTH, Floats, aligned

CHAINS = 12  # enough of them that none waits for itself
ROUNDS = 2_000_000  # some 12 ms


def warm() -> None:
    """Compiles the kernel, or loads it."""
    precompiled.kernel("visualnn.nn.kernels.chains", "turn")(_room(), 1)


def fma_peak(threads: int = 1) -> float:
    """Floating-point operations per second of so many threads at once, in float32; an `fma` is two."""
    turn = precompiled.kernel("visualnn.nn.kernels.chains", "turn")
    rooms = [_room() for _ in range(threads)]
    for room in rooms:
        turn(room, 1000)
    barrier, ended = threading.Barrier(threads), [0.0] * threads

    def work(rank: int) -> None:
        barrier.wait()
        start = time.perf_counter()
        turn(rooms[rank], ROUNDS)
        ended[rank] = time.perf_counter() - start

    helpers = [threading.Thread(target=work, args=(rank,)) for rank in range(threads)]
    for helper in helpers:
        helper.start()
    for helper in helpers:
        helper.join()
    return sum(2.0 * CHAINS * WIDTH["float32"] * ROUNDS / seconds for seconds in ended)


def _room() -> Floats:
    room = aligned(3 * WIDTH["float32"], "float32")
    room[: WIDTH["float32"]] = 0.999
    return room
