"""A kernel in which each block trains one network by itself, for as many updates as a launch has.

Everything it works on lies in its shared memory, see `fit`. Threads wait for each other between two columns, and
otherwise only where an output depends on others (softmax), where a gradient is clipped by its norm, and where threads
sum up the gradient in other portions than they move it. All sums of an update are the same for every number of threads,
but for the norm.
"""

from __future__ import annotations

from typing import Any

from visualnn.nn.kernels.arguments import DIVERGED, GOAL
from visualnn.nn.kernels.gpu.block_passes import backward, divided, entry, forward, judge_mixed
from visualnn.nn.kernels.gpu.block_sums import (
    finish_all,
    first_of,
    move_rest,
    norm_share,
    own_item,
    put_parts,
    put_products,
    slope_at,
    sum_of_parts,
    warps_of,
)
from visualnn.nn.kernels.gpu.door import cuda, float32, inlined, int32, kernel, uint32
from visualnn.nn.kernels.gpu.fit import (
    A_AT,
    COSTS,
    G_AT,
    ITEMS,
    MAGIC,
    MEMORY_AT,
    MOST_THREADS,
    NUMBERS_AT,
    ONES_AT,
    PARTS_AT,
    PITCH,
    ROOM,
    SHIFT,
    SIZE_IN_ALL,
    SQUARES_AT,
    STRETCHES,
    STRETCHES_MAGIC,
    W_AT,
    W_SIZE,
    W_STEP,
    X_AT,
    X_STEP,
)
from visualnn.nn.kernels.gpu.formulas import CROSS_ENTROPY, SOFTMAX, moved
from visualnn.nn.kernels.gpu.plan import (
    ACTIVATION,
    BATCH,
    FIXED,
    FLOOR,
    GAMMA,
    HAS_DROPOUT,
    HAS_PLATEAU,
    HAS_SHORTCUTS,
    IS_MASKED,
    IS_NORM_CLIPPED,
    IS_PENALIZED,
    IS_VALUE_CLIPPED,
    LAYERS,
    LENGTH,
    LINE,
    LOSS,
    OPTIMIZER,
    PATIENCE,
    ROWS,
    SIZE,
    START,
    THRESHOLD,
)
from visualnn.nn.kernels.gpu.tables import AHEAD_G, AHEAD_M, EPS_NOW, SHRINK, STEP
from visualnn.nn.schedule import BETTER

# Places of a network in `turns`: what it does in a launch
(
    COUNT,  # updates
    LINE_AT,  # where the rows of the first one begin in `lines`
    PART,  # which of its epoch that is
    TABLE_AT,  # its row in `constants`
    KEY_AT,  # and in `keys`
    UNTIL_KEPT,  # updates until one whose loss is kept
    STRIDE,  # from one loss that is kept to the next
    GOAL_AT,  # the row of `constants` that begins with the loss below which it ends
    TURN,
) = range(9)
# Places of a network in `progress`
STATUS, UPDATES, PROGRESS = range(3)  # why it has ended, or 0; updates done in all launches
# Places of a network in `dials`
FACTOR, BEST, BAD_EPOCHS, EPOCH_LOSS, DIALS = range(5)
LOSSES_AT = 1  # in `losses`; before them stands the loss before the first update


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
def fetched(x: Any, y: Any, lines: Any, item: Any, rows: Any, batch: Any) -> Any:
    """A number of a batch: rows that there are not are like its first one. `batch`: (first in `lines`, rows)."""
    _pitch, lane, _slot, _slots, shift, stretches, magic, _room = rows
    first, count = batch
    line = divided(item, magic)
    row = uint32(lane + ((item - line * stretches) << shift))
    at = uint32(lines[uint32(first + (row if row < count else uint32(0)))])
    n_in = uint32(x.shape[1])
    return x[at, line] if line < n_in else y[at, uint32(line - n_in)]


@inlined
def is_room(item: Any, rows: Any) -> Any:
    """Whether lines have room for the row of this item."""
    _pitch, lane, _slot, _slots, shift, stretches, magic, room = rows
    return uint32(lane + ((item - divided(item, magic) * stretches) << shift)) < room


@inlined
def fetch_place(item: Any, rows: Any, to: Any) -> Any:
    """Where it belongs in the lines at `to`."""
    pitch, lane, _slot, _slots, shift, stretches, magic, _room = rows
    line = divided(item, magic)
    row = uint32(lane + ((item - line * stretches) << shift))
    return uint32(to + line * pitch + row)


@inlined
def fetch_from(sm: Any, x: Any, y: Any, lines: Any, item: Any, items: Any, rows: Any, batch: Any, to: Any) -> None:
    """A thread's numbers of a batch from this item on; lines have room for rows up to `room`."""
    slots = rows[3]
    while item < items:
        if is_room(item, rows):
            sm[fetch_place(item, rows, to)] = fetched(x, y, lines, item, rows, batch)
        item = uint32(item + slots)


@kernel(MOST_THREADS)
def train(
    numbers_there: Any, whole: Any, fixed: Any, masks: Any, x: Any, y: Any, lines: Any, constants: Any, keys: Any,
    turns: Any, progress: Any, dials: Any, store: Any, losses: Any,
) -> None:  # fmt: skip
    """Trains network `blockIdx.x`.

    Shapes: `numbers_there` as `Layout.numbers`, `whole` and `fixed` as in `Plan`; `masks` (neurons + parameters,) or
    anything; `x` (rows, inputs), `y` (rows, outputs), `lines` (…,), `constants` (…, COLUMNS), `keys` (…,), `turns`
    (networks, TURN), `progress` (networks, PROGRESS), `dials` (networks, DIALS), `store` (networks, 1 + slots,
    parameters), `losses` (networks, …).
    """
    sm = cuda.shared.array(0, float32, 16)
    numbers = cuda.shared.array(0, int32, 16)
    net, tid, threads = uint32(cuda.blockIdx.x), uint32(cuda.threadIdx.x), uint32(cuda.blockDim.x)
    updates = uint32(turns[net, uint32(COUNT)])
    if updates == uint32(0) or progress[net, uint32(STATUS)] != 0:
        return

    # Clean memory: what pads lines and rows of weights is added up, or moved, with the rest
    begin = uint32(uint32(NUMBERS_AT) + uint32(numbers_there.size))
    for i in range(tid, uint32(FIXED), threads):
        sm[uint32(i)] = fixed[uint32(i)]
    for i in range(uint32(NUMBERS_AT) + tid, begin, threads):
        numbers[uint32(i)] = numbers_there[uint32(uint32(i) - uint32(NUMBERS_AT))]
    for i in range(begin + tid, uint32(numbers_there[uint32(SIZE_IN_ALL)]), threads):
        sm[uint32(i)] = float32(0)
    cuda.syncthreads()

    layers, loss_code, optimizer = uint32(whole[uint32(LAYERS)]), uint32(whole[uint32(LOSS)]), whole[uint32(OPTIMIZER)]
    batch, row_count, length = uint32(whole[uint32(BATCH)]), uint32(whole[uint32(ROWS)]), uint32(whole[uint32(LENGTH)])
    has_dropout, is_masked = uint32(whole[uint32(HAS_DROPOUT)]), uint32(whole[uint32(IS_MASKED)])
    has_shortcuts, is_norm_clipped = whole[uint32(HAS_SHORTCUTS)], whole[uint32(IS_NORM_CLIPPED)]
    has_plateau, threshold = whole[uint32(HAS_PLATEAU)], uint32(whole[uint32(THRESHOLD)])
    pitch, room = uint32(numbers_there[uint32(PITCH)]), uint32(numbers_there[uint32(ROOM)])
    shift, stretches = uint32(numbers_there[uint32(SHIFT)]), uint32(numbers_there[uint32(STRETCHES)])
    stretches_magic = uint32(numbers_there[uint32(STRETCHES_MAGIC)])
    lanes = uint32(uint32(1) << shift)
    slot, slots = uint32(tid >> shift), uint32(threads >> shift)
    rows = (pitch, uint32(tid & (lanes - uint32(1))), slot, slots, shift, stretches, stretches_magic, room)
    g_at, memory_at = numbers_there[uint32(G_AT)], numbers_there[uint32(MEMORY_AT)]
    parts, squares_at = uint32(numbers_there[uint32(PARTS_AT)]), uint32(numbers_there[uint32(SQUARES_AT)])
    w_size, x_step = uint32(numbers_there[uint32(W_SIZE)]), uint32(numbers_there[uint32(X_STEP)])
    costs = uint32(numbers_there[uint32(COSTS)])
    n_in, n_out = entry(numbers, uint32(0), SIZE), entry(numbers, layers, SIZE)
    neurons = uint32(entry(numbers, layers, LINE) + n_out)
    is_mixed = entry(numbers, layers, ACTIVATION) == uint32(SOFTMAX)
    flags = (uint32(whole[uint32(IS_PENALIZED)]), is_masked, uint32(whole[uint32(IS_VALUE_CLIPPED)]), neurons)
    places = (int32(g_at), int32(memory_at), w_size, net)
    memory_slots, ones = uint32(store.shape[1]), uint32(numbers_there[uint32(ONES_AT)])

    # The network, the plateau rule, the first batch
    w_at = entry(numbers, uint32(0), W_AT)
    copied(sm, numbers, store, net, uint32(0), w_at, layers, False)
    if memory_at >= 0:
        for k in range(1, memory_slots):
            copied(
                sm,
                numbers,
                store,
                net,
                uint32(k),
                uint32(uint32(memory_at) + (uint32(k) - uint32(1)) * w_size),
                layers,
                False,
            )
    factor = dials[net, uint32(FACTOR)]
    best, bad_epochs = dials[net, uint32(BEST)], dials[net, uint32(BAD_EPOCHS)]
    epoch_loss = dials[net, uint32(EPOCH_LOSS)]
    for i in range(tid, pitch, threads):
        sm[uint32(ones + i)] = float32(1)

    # What a thread does in every update: its first parameter, and its first number of the next batch
    has_own, own_at, own_place, own_a, own_d, is_weight, is_of_batch = own_item(numbers, layers, ones, pitch, tid)
    m = store[net, uint32(1), own_place] if has_own and memory_slots > uint32(1) else float32(0)
    v = store[net, uint32(2), own_place] if has_own and memory_slots > uint32(2) else float32(0)
    is_more = uint32(numbers_there[uint32(ITEMS)]) > threads
    x_at = uint32(numbers_there[uint32(X_AT)])
    items = uint32((n_in + n_out) * stretches)
    own_line = divided(slot, stretches_magic)
    own_row = uint32(rows[1] + ((slot - own_line * stretches) << shift))
    own_fetch = uint32(own_line * pitch + own_row)
    is_fetching = x_step > uint32(0) and slot < items and own_row < room

    goal = constants[uint32(turns[net, uint32(GOAL_AT)]), uint32(0)]
    first, part = uint32(turns[net, uint32(LINE_AT)]), uint32(turns[net, uint32(PART)])
    table, key_at = uint32(turns[net, uint32(TABLE_AT)]), uint32(turns[net, uint32(KEY_AT)])
    until_kept, stride, kept = turns[net, uint32(UNTIL_KEPT)], turns[net, uint32(STRIDE)], uint32(LOSSES_AT)
    left = uint32(row_count - part * batch)
    count = batch if batch < left else left
    fetch_from(sm, x, y, lines, slot, items, rows, (first, count), x_at)
    other_x_at = uint32(x_at + x_step)
    done, status = uint32(0), int32(0)
    cuda.syncthreads()

    while done < updates and status == 0:
        row = uint32(table + done)
        step_now, eps_now = constants[row, uint32(STEP)], constants[row, uint32(EPS_NOW)]
        shrink, ahead_g, ahead_m = (
            constants[row, uint32(SHRINK)], constants[row, uint32(AHEAD_G)], constants[row, uint32(AHEAD_M)]
        )  # fmt: skip
        key = keys[uint32(key_at + done)] if has_dropout else uint32(0)
        gates = (key, threshold, has_dropout, is_masked)
        scale = float32(count) if loss_code == uint32(CROSS_ENTROPY) else float32(uint32(count * n_out))
        share = float32(1) / scale
        judged = (layers, loss_code, count, uint32(x_at + n_in * pitch))

        source = x_at
        for column in range(1, layers + uint32(1)):
            forward(sm, numbers, masks, uint32(column), source, rows, gates, judged, share)
            source = entry(numbers, uint32(column), A_AT)
            cuda.syncthreads()
        if is_mixed:
            judge_mixed(sm, numbers, tid, threads, rows, judged, share)
            cuda.syncthreads()
        put_parts(sm, entry(numbers, layers, A_AT), costs, parts, tid, threads)
        if layers == uint32(1):
            cuda.syncthreads()
        for back in range(1, layers):
            backward(sm, numbers, masks, uint32(layers - uint32(back)), rows, gates, has_shortcuts)
            cuda.syncthreads()

        loss = sum_of_parts(sm, parts) / scale
        if tid == uint32(0):
            if done == uint32(0):
                losses[net, uint32(0)] = loss
            if until_kept == 0:
                losses[net, kept] = loss
        if until_kept == 0:
            until_kept = stride
            kept = uint32(kept + uint32(1))
        until_kept -= int32(1)
        if loss - loss != float32(0):
            status = int32(DIVERGED)
        elif loss < goal:
            status = int32(GOAL)
        else:
            # The next batch is on its way while parameters are moved
            next_part = uint32(0) if part + uint32(1) == length else uint32(part + uint32(1))
            next_left = uint32(row_count - next_part * batch)
            next_count = batch if batch < next_left else next_left
            next_batch = (uint32(first + count), next_count)
            is_fetched = x_step > uint32(0) and done + uint32(1) < updates
            one = float32(0)
            if is_fetching and is_fetched:
                at = uint32(lines[uint32(next_batch[0] + (own_row if own_row < next_count else uint32(0)))])
                one = x[at, own_line] if own_line < n_in else y[at, uint32(own_line - n_in)]

            clip_share = float32(1)
            if g_at >= 0:
                put_products(sm, numbers, layers, x_at, ones, pitch, room, uint32(g_at), tid, threads)
                cuda.syncthreads()
                if is_norm_clipped:
                    finish_all(sm, numbers, masks, layers, uint32(g_at), squares_at, tid, threads, flags)
                    cuda.syncthreads()
                    put_parts(sm, squares_at, threads, parts, tid, threads)
                    cuda.syncthreads()
                    clip_share = norm_share(sm, sum_of_parts(sm, parts))
            step_now, decay = step_now * factor, float32(1) - shrink * factor
            if has_own:
                w, a = sm[own_at], uint32(own_a + x_at) if is_of_batch else own_a
                item = (own_at, own_place, a, own_d, is_weight)
                g = slope_at(sm, masks, g_at, w_at, item, w, room, flags, is_norm_clipped, clip_share)
                w, m, v = moved(optimizer, sm, step_now, eps_now, decay, ahead_g, ahead_m, w, g, m, v)
                sm[own_at] = w * masks[uint32(neurons + own_place)] if is_masked else w
            if is_more:
                now = (step_now, eps_now, decay, ahead_g, ahead_m)
                move_rest(
                    sm, numbers, masks, store, layers, x_at, ones, rows, places, tid, threads, flags, optimizer, now,
                    clip_share, is_norm_clipped,
                )  # fmt: skip
            if has_plateau:
                epoch_loss += loss
                if next_part == uint32(0):
                    mean = epoch_loss / float32(length)
                    epoch_loss = float32(0)
                    if mean < best * (float32(1) - float32(BETTER)):
                        best, bad_epochs = mean, float32(0)
                    else:
                        bad_epochs += float32(1)
                    if bad_epochs > float32(whole[uint32(PATIENCE)]):
                        lower, floor = factor * sm[uint32(GAMMA)], sm[uint32(FLOOR)]
                        factor, bad_epochs = floor if lower < floor else lower, float32(0)
            if is_fetched:
                if is_fetching:
                    sm[uint32(other_x_at + own_fetch)] = one
                fetch_from(sm, x, y, lines, uint32(slot + slots), items, rows, next_batch, other_x_at)
                first, x_at, other_x_at = uint32(first + count), other_x_at, x_at
            count, part = next_count, next_part
            done = uint32(done + uint32(1))
            cuda.syncthreads()

    copied(sm, numbers, store, net, uint32(0), w_at, layers, True)
    if memory_at >= 0:
        for k in range(1, memory_slots):
            copied(
                sm,
                numbers,
                store,
                net,
                uint32(k),
                uint32(uint32(memory_at) + (uint32(k) - uint32(1)) * w_size),
                layers,
                True,
            )
    if has_own and memory_slots > uint32(1):
        store[net, uint32(1), own_place] = m
    if has_own and memory_slots > uint32(2):
        store[net, uint32(2), own_place] = v
    if tid == uint32(0):
        progress[net, uint32(STATUS)] = status
        progress[net, uint32(UPDATES)] += int32(done)
        dials[net, uint32(FACTOR)], dials[net, uint32(BEST)] = factor, best
        dials[net, uint32(BAD_EPOCHS)], dials[net, uint32(EPOCH_LOSS)] = bad_epochs, epoch_loss


SIGNATURE = (
    "void(int32[::1], int32[::1], float32[::1], float32[::1], float32[:,::1], float32[:,::1], int32[::1],"
    " float32[:,::1], uint32[::1], int32[:,::1], int32[:,::1], float32[:,::1], float32[:,:,::1], float32[:,::1])"
)
KERNELS = {"train": (train, SIGNATURE)}
