"""Where everything of a network lies in the shared memory of one block, and whether that is the place to train it.

Activations lie in lines, one for each neuron, of one number for each row of a batch; so do slopes and whatever else has
a number for each row. A line has room for a multiple of four rows, an odd one: threads that read four numbers each of
neighbouring lines meet no two in a bank. Rows of weights begin at multiples of four for the same reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.functions import LOSSES
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.gpu.plan import (
    FIELDS,
    FIXED,
    IS_NORM_CLIPPED,
    LOSS,
    SHORTCUT,
    Plan,
    Whole,
    plan_of,
)
from visualnn.nn.optimizers import MEMORY_SLOTS

MOST_THREADS, LEAST_THREADS, WARP = 512, 32, 32
PARTS = 16  # sums that a longer one is made of
PLATEAU_NUMBERS = 4
WIDE = 16  # neurons from which on a thread works on four at a time
MOST_PRODUCTS = 3_000_000  # of an update
MOST_LENGTH = 2**14  # of anything that is counted here: networks with more fit into no block

# Places among the numbers of a layout
(
    PITCH,  # from one line to the next
    SHIFT,  # 2^SHIFT threads next to each other have different rows
    STRETCHES,  # so many times they go on to further rows
    STRETCHES_MAGIC,
    ROOM,  # rows that are worked on: the batch, rounded up to a multiple of four
    X_AT,  # the lines of the inputs, and behind them those of the targets, once for each of two batches
    X_STEP,  # from the one batch to the other; 0 where all rows are one batch
    COSTS,  # numbers in the lines of costs
    SIZE_IN_ALL,  # numbers in shared memory
    W_SIZE,  # numbers of all weights, with the gaps between them
    MEMORY_AT,  # the optimizer's, or −1: not here
    G_AT,  # the gradient, or −1: no need to keep it
    PARTS_AT,
    SQUARES_AT,  # one for each thread, or −1
    ONES_AT,  # a line of ones: what a bias is multiplied with
    OWN_AT,  # the first parameter of each thread: `block_sums.put_own_item`
    PLATEAU_AT,  # what the rule remembers
    ITEMS,  # parameters as they are handed out to threads, see `block_sums`
    HEAD,
) = range(19)
# Places of a column in the table, behind those of `plan`; a layer has the number of the column it leads out of.
(
    A_AT,  # its lines of activations; where the inputs lie changes from batch to batch
    D_AT,  # of slopes
    CARRIED_AT,  # of what a shortcut brings back
    W_AT,  # the weights that lead out of it
    W_STEP,  # from one row of them to the next
    MAGIC,  # divides by the neurons of the next column
    TILES_MAGIC,  # divides by a quarter of them
    IS_WIDE,  # whether a thread sums up the gradients of 16 weights at a time
    BLOCK_FIELDS,
) = range(FIELDS, FIELDS + 9)
NUMBERS_AT = -(-FIXED // 4) * 4  # in shared memory; before them lie the fixed numbers of the plan
TABLE_AT = NUMBERS_AT + HEAD


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """The place of everything."""

    numbers: Whole  # HEAD, then BLOCK_FIELDS for each column
    threads: int

    @property
    def bytes(self) -> int:
        """Of shared memory."""
        return 4 * int(self.numbers[SIZE_IN_ALL])

    @property
    def has_memory(self) -> bool:
        """Whether the optimizer's memory lies in it."""
        return bool(self.numbers[MEMORY_AT] >= 0)


def magic(divisor: int) -> int:
    """What to multiply with, for 31 bits to be shifted out then, in place of a division; bits of a number without sign.

    It is exact where number · divisor < 2³¹.
    """
    return int(np.uint32(2**31 // divisor + 1).view(np.int32))


def best_layout(task: Task, shared_bytes: int, threads: int | None = None) -> Layout | None:
    """The fastest layout that fits into so much shared memory, if there is one; by default with as many threads."""
    if max(*task.network.sizes, task.batch) > MOST_LENGTH or task.network.parameter_count > 4 * MOST_LENGTH:
        return None
    plan = plan_of(task)
    for with_memory in (True, False):
        layout = layout_of(task, plan, threads or threads_for(task), with_memory=with_memory)
        if layout.bytes <= shared_bytes:
            return layout
    return None


def family_of(task: Task, shared_bytes: int) -> str:
    """“block” for networks that one block trains about as fast as the whole GPU does, else “grid”.

    All over the GPU an update takes some 20 µs at least: two launches and more for every layer, each of which waits for
    the one before. In this time a block adds up some three million products.
    """
    is_light = 3 * task.network.connection_count * task.batch <= MOST_PRODUCTS
    return "block" if is_light and best_layout(task, shared_bytes) is not None else "grid"


def threads_for(task: Task) -> int:
    """As many as have something to do: a power of two."""
    lanes, stretches = _lanes(_room(task.batch))
    busy = [lanes * stretches * _portions(size) for size in task.network.sizes[1:]]
    if not _is_whole(task):
        busy.append(int(_items(task).sum()))
    return min(MOST_THREADS, max(LEAST_THREADS, 1 << (max(busy) - 1).bit_length()))


def layout_of(task: Task, plan: Plan, threads: int, *, with_memory: bool) -> Layout:
    """Where everything lies, with the optimizer's memory or without it. Fewer threads do the same, but longer."""
    columns, numbers = len(task.network.sizes), np.full(HEAD, -1, dtype=np.int32)
    table = np.zeros((columns, BLOCK_FIELDS), dtype=np.int32)
    table[:, :FIELDS] = plan.columns
    _measure(task, plan, numbers, threads)
    at = NUMBERS_AT + -(-(HEAD + table.size) // 4) * 4
    at = _place_weights(task, table, at)
    numbers[W_SIZE] = slot = at - table[0, W_AT]
    numbers[MEMORY_AT], at = _taken(at, slot * MEMORY_SLOTS[task.options.optimizer.name], with_memory)
    numbers[G_AT], at = _taken(at, slot, _is_whole(task))
    at = _place_lines(task, table, numbers, at)
    numbers[PARTS_AT], at = _taken(at, PARTS, True)
    numbers[ONES_AT], at = _taken(at, int(numbers[PITCH]), True)
    numbers[OWN_AT], at = _taken(at, 4 * threads, True)
    numbers[PLATEAU_AT], at = _taken(at, PLATEAU_NUMBERS, True)
    numbers[ITEMS] = _items(task).sum()
    numbers[SQUARES_AT], at = _taken(at, threads, bool(plan.whole[IS_NORM_CLIPPED]))
    numbers[SIZE_IN_ALL] = at
    return Layout(np.concatenate([numbers, table.ravel()]), threads)


def _measure(task: Task, plan: Plan, numbers: Whole, threads: int) -> None:
    """Lengths of lines, and who works on which rows."""
    room, outputs = _room(task.batch), task.network.outputs
    lanes, stretches = _lanes(room, threads)
    pitch = room if room // 4 % 2 else room + 4
    numbers[[PITCH, SHIFT, STRETCHES, ROOM]] = pitch, lanes.bit_length() - 1, stretches, room
    numbers[STRETCHES_MAGIC] = magic(stretches)
    is_mixed = task.network.activations[-1] == "softmax"
    numbers[COSTS] = pitch * (1 if is_mixed else outputs)
    assert LOSSES[plan.whole[LOSS]] != "cross_entropy" or is_mixed


def _place_weights(task: Task, table: Whole, at: int) -> int:
    sizes = task.network.sizes
    for layer, (n_in, n_out) in enumerate(pairwise(sizes)):
        step = -(-n_out // 4) * 4
        table[layer, [W_AT, W_STEP, MAGIC]] = at, step, magic(n_out)
        table[layer, TILES_MAGIC], table[layer, IS_WIDE] = magic(-(-n_out // 4)), min(n_in, n_out) >= WIDE
        at += (n_in + 1) * step
    return at


def _place_lines(task: Task, table: Whole, numbers: Whole, at: int) -> int:
    sizes, pitch = task.network.sizes, int(numbers[PITCH])
    is_one_batch = task.batch >= task.rows
    lines_of_batch = pitch * (sizes[0] + sizes[-1])
    numbers[X_AT], numbers[X_STEP] = at, 0 if is_one_batch else lines_of_batch
    at += lines_of_batch * (1 if is_one_batch else 2)
    for place, columns in ((A_AT, range(1, len(sizes))), (D_AT, range(1, len(sizes)))):
        for column in columns:
            table[column, place] = at
            at += pitch * sizes[column]
    for column in range(1, len(sizes)):
        if table[column, SHORTCUT] >= 0:
            table[column, CARRIED_AT] = at
            at += pitch * sizes[column]
    return at


def _taken(at: int, count: int, is_needed: bool) -> tuple[int, int]:
    """The place of something, and what comes behind it."""
    return (at, at + -(-count // 4) * 4) if is_needed else (-1, at)


def _is_whole(task: Task) -> bool:
    """Whether a gradient is kept: for its norm, or because threads sum it up in other portions than they move it."""
    sizes = task.network.sizes
    return task.options.clip_norm is not None or any(min(n_in, n_out) >= WIDE for n_in, n_out in pairwise(sizes))


def _items(task: Task) -> NDArray[np.int64]:
    """The parameters of each layer, rounded up so that a warp works on one layer."""
    sizes = np.array(task.network.sizes)
    return np.asarray(-(-(sizes[:-1] + 1) * sizes[1:] // WARP) * WARP)


def _room(batch: int) -> int:
    return -(-batch // 4) * 4


def _lanes(room: int, threads: int = WARP) -> tuple[int, int]:
    """How many threads next to each other have different rows, and how often they go on to further ones."""
    lanes = min(WARP, threads, 1 << (room - 1).bit_length())
    return lanes, -(-room // lanes)


def _portions(units: int) -> int:
    """What of a column is handed out to threads: four neurons at a time, and one by one what is left."""
    return units // 4 + units % 4 if units >= WIDE else units
