"""Training of many small networks of one shape, one after the other, without coming back to Python in between.

As `lane`, whose kernel does the work: what differs from network to network is found by its address. A hundred calls
from Python would take longer than the few updates in each, and wait for the window's thread a hundred times.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from visualnn.nn.kernels.arguments import FLAGS
from visualnn.nn.kernels.lane import train as train_one
from visualnn.nn.kernels.narrow_fleet import (
    DIALS_AT,
    EPOCH_AT,
    FLAGS_AT,
    LINE_AT,
    LOSSES_AT,
    MEMORY_AT,
    PARAMETERS_AT,
    ROOM_OF_LOSSES,
    SCALARS_AT,
    SEED_OF,
    STRIDE_OF,
    UPDATES_OF,
    WORDS_AT,
)
from visualnn.nn.kernels.numbers import ROWS, SEED
from visualnn.nn.schedule import SCALARS


def _arrays_at(number: Any) -> Any:
    """Compiled code for the array of numbers that begins at an address; nobody counts who uses it."""

    @intrinsic
    def array_at(typing: Any, address: Any, size: Any) -> Any:
        kind = types.Array(number, 1, "C")

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = context.make_array(kind)(context, builder)
            data = builder.inttoptr(arguments[0], context.get_data_type(number).as_pointer())
            step = ir.Constant(ir.IntType(64), number.bitwidth // 8)
            populate_array(array, data, shape=[arguments[1]], strides=[step], itemsize=step, meminfo=None)
            return array._getvalue()

        return kind(types.int64, types.int64), generate

    return array_at


doubles, integers, words_at = _arrays_at(types.float64), _arrays_at(types.int64), _arrays_at(types.uint64)


@njit(nogil=True, _nrt=False, cache=True, error_model="numpy")
def train(plan, work, c, x, y, keep, w, memory, slots, addresses, numbers, whys):
    """Does at most ``numbers[i, UPDATES_OF]`` updates of each network; see `arguments.Loop`. Why each ended: `whys`."""
    whole, n, slot = plan.whole, keep.size, memory.size // 2
    for i in range(whys.size):
        parameters = doubles(addresses[i, PARAMETERS_AT], n)
        remembered = doubles(addresses[i, MEMORY_AT], slots * n)
        for k in range(n):
            w[k] = parameters[k] * keep[k]
        for s in range(slots):
            for k in range(n):
                memory[s * slot + k] = remembered[s * n + k]
        whole[SEED] = numbers[i, SEED_OF]
        whys[i] = train_one(
            plan,
            work,
            c,
            x,
            y,
            integers(addresses[i, LINE_AT], whole[ROWS]),
            words_at(addresses[i, WORDS_AT], 6),
            integers(addresses[i, EPOCH_AT], 1),
            w,
            memory,
            doubles(addresses[i, SCALARS_AT], SCALARS),
            integers(addresses[i, FLAGS_AT], FLAGS),
            doubles(addresses[i, DIALS_AT], 2),
            doubles(addresses[i, LOSSES_AT], numbers[i, ROOM_OF_LOSSES]),
            numbers[i, STRIDE_OF],
            numbers[i, UPDATES_OF],
        )
        for k in range(n):
            if keep[k] != 0.0:
                parameters[k] = w[k]
        for s in range(slots):
            for k in range(n):
                remembered[s * n + k] = memory[s * slot + k]
