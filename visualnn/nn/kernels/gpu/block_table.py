"""What one block looks up in its shared memory: where things lie, and who works on what.

`numbers` is all of it as integers; `fit` says what stands where.
"""

from __future__ import annotations

from typing import Any

from visualnn.nn.kernels.gpu.door import inlined, uint32, uint64
from visualnn.nn.kernels.gpu.fit import BLOCK_FIELDS, NUMBERS_AT, SHIFT, STRETCHES, STRETCHES_MAGIC, TABLE_AT
from visualnn.nn.kernels.gpu.intrinsics import one


@inlined
def entry(numbers: Any, column: Any, field: Any) -> Any:
    """What the table says about a column."""
    return uint32(link(numbers, column, field))


@inlined
def link(numbers: Any, column: Any, field: Any) -> Any:
    """Another column that the table names, or −1."""
    return one(numbers, uint32(column * uint32(BLOCK_FIELDS)), TABLE_AT + field)


@inlined
def head(numbers: Any, place: Any) -> Any:
    """One of the numbers before the table."""
    return uint32(numbers[uint32(uint32(NUMBERS_AT) + uint32(place))])


@inlined
def shares(numbers: Any, tid: Any, threads: Any) -> Any:
    """How work is shared out: (row of a thread, its number among those of that row, how many, shift, stretches, magic).

    Read anew where it is needed, for registers are few.
    """
    shift = head(numbers, SHIFT)
    lane = uint32(tid & uint32((uint32(1) << shift) - uint32(1)))
    slot, slots = uint32(tid >> shift), uint32(threads >> shift)
    return lane, slot, slots, shift, head(numbers, STRETCHES), head(numbers, STRETCHES_MAGIC)


@inlined
def divided(number: Any, magic: Any) -> Any:
    """The whole part of number/divisor, by `fit.magic(divisor)`."""
    return uint32((uint64(number) * uint64(magic)) >> uint64(31))
