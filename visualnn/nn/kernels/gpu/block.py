"""A kernel in which each block trains one network by itself, for as many updates as a launch has.

Everything it works on lies in its shared memory, see `fit`. Threads wait for each other between two columns, and
otherwise only where an output depends on others (softmax), where a gradient is clipped by its norm, and where threads
sum up the gradient in other portions than they move it. All sums of an update are the same for every number of threads,
but for the norm.
"""

from __future__ import annotations

from typing import Any

from visualnn.nn.kernels.arguments import DIVERGED, GOAL
from visualnn.nn.kernels.gpu.block_data import copy_all, fetch, fetched
from visualnn.nn.kernels.gpu.block_judge import judge_mixed
from visualnn.nn.kernels.gpu.block_passes import backward, forward
from visualnn.nn.kernels.gpu.block_sums import (
    finish_all,
    move_rest,
    norm_share,
    put_own_item,
    put_parts,
    put_products,
    slope_at,
    sum_of_parts,
)
from visualnn.nn.kernels.gpu.block_table import divided, entry, head, shares
from visualnn.nn.kernels.gpu.door import cuda, float32, inlined, int32, kernel, uint32
from visualnn.nn.kernels.gpu.fit import (
    A_AT,
    COSTS,
    G_AT,
    ITEMS,
    MEMORY_AT,
    MOST_THREADS,
    NUMBERS_AT,
    ONES_AT,
    OWN_AT,
    PARTS_AT,
    PITCH,
    PLATEAU_AT,
    ROOM,
    SIZE_IN_ALL,
    SQUARES_AT,
    W_AT,
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
NONE = 0xFFFFFFFF
LOSSES_AT = 1  # in `losses`; before them stands the loss before the first update


@inlined
def note_loss(sm: Any, plateau: Any, loss: Any, is_end: Any, length: Any, patience: Any) -> None:
    """`schedule.note_loss`, for the one thread that does it: others read the factor before the next barrier only."""
    best_at, bad_at = uint32(plateau + uint32(BEST)), uint32(plateau + uint32(BAD_EPOCHS))
    total = sm[uint32(plateau + uint32(EPOCH_LOSS))] + loss
    if is_end:
        mean, best, bad = total / float32(length), sm[best_at], sm[bad_at]
        total = float32(0)
        if mean < best * (float32(1) - float32(BETTER)):
            best, bad = mean, float32(0)
        else:
            bad += float32(1)
        if bad > float32(patience):
            factor_at = uint32(plateau + uint32(FACTOR))
            lower, floor = sm[factor_at] * sm[uint32(GAMMA)], sm[uint32(FLOOR)]
            sm[factor_at] = floor if lower < floor else lower
            bad = float32(0)
        sm[best_at] = best
        sm[bad_at] = bad
    sm[uint32(plateau + uint32(EPOCH_LOSS))] = total


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
    batch, row_count = uint32(whole[uint32(BATCH)]), uint32(whole[uint32(ROWS)])
    has_dropout, is_masked = uint32(whole[uint32(HAS_DROPOUT)]), uint32(whole[uint32(IS_MASKED)])
    pitch, room = uint32(numbers_there[uint32(PITCH)]), uint32(numbers_there[uint32(ROOM)])
    rows = (pitch, room, tid, threads)
    g_at, memory_at = numbers_there[uint32(G_AT)], numbers_there[uint32(MEMORY_AT)]
    x_step = uint32(numbers_there[uint32(X_STEP)])
    places, memory_slots = (int32(g_at), int32(memory_at), net), uint32(store.shape[1])

    # The network, the plateau rule, the first batch
    w_at = entry(numbers, uint32(0), W_AT)
    copy_all(sm, numbers, store, net, layers, False)
    plateau = uint32(numbers_there[uint32(PLATEAU_AT)])
    for i in range(tid, uint32(DIALS), threads):
        sm[uint32(plateau + i)] = dials[net, uint32(i)]
    for i in range(tid, pitch, threads):
        sm[uint32(head(numbers, ONES_AT) + i)] = float32(1)

    # What a thread does in every update: its first parameter, and its first number of the next batch
    own = uint32(head(numbers, OWN_AT) + tid)
    has_own = put_own_item(numbers, own, layers, head(numbers, ONES_AT), pitch, tid, threads)
    place = uint32(uint32(numbers[own]) >> uint32(2))
    m = store[net, uint32(1), place] if has_own and memory_slots > uint32(1) else float32(0)
    v = store[net, uint32(2), place] if has_own and memory_slots > uint32(2) else float32(0)
    x_at = uint32(numbers_there[uint32(X_AT)])
    lane, slot, _slots, shift, stretches, stretches_magic = shares(numbers, tid, threads)
    own_line = divided(slot, stretches_magic)
    own_row = uint32(lane + ((slot - own_line * stretches) << shift))
    if own_line >= entry(numbers, uint32(0), SIZE) + entry(numbers, layers, SIZE) or own_row >= room:
        own_line = uint32(NONE)

    goal = constants[uint32(turns[net, uint32(GOAL_AT)]), uint32(0)]
    first, part = uint32(turns[net, uint32(LINE_AT)]), uint32(turns[net, uint32(PART)])
    table, key_at = uint32(turns[net, uint32(TABLE_AT)]), uint32(turns[net, uint32(KEY_AT)])
    until_kept, kept = turns[net, uint32(UNTIL_KEPT)], uint32(LOSSES_AT)
    left = uint32(row_count - part * batch)
    count = batch if batch < left else left
    fetch(sm, numbers, x, y, lines, uint32(0), rows, (first, count), x_at)
    other_x_at = uint32(x_at + x_step)
    done, status = uint32(0), int32(0)
    cuda.syncthreads()

    while done < updates and status == 0:
        row = uint32(table + done)
        factor = sm[uint32(plateau + uint32(FACTOR))]
        step_now, eps_now = constants[row, uint32(STEP)], constants[row, uint32(EPS_NOW)]
        shrink = constants[row, uint32(SHRINK)]
        ahead_g, ahead_m = constants[row, uint32(AHEAD_G)], constants[row, uint32(AHEAD_M)]
        key = keys[uint32(key_at + done)] if has_dropout else uint32(0)
        gates = (key, uint32(whole[uint32(THRESHOLD)]), has_dropout, is_masked)
        n_in, n_out = entry(numbers, uint32(0), SIZE), entry(numbers, layers, SIZE)
        scale = float32(count) if loss_code == uint32(CROSS_ENTROPY) else float32(uint32(count * n_out))
        share = float32(1) / scale
        judged = (layers, loss_code, count, uint32(x_at + n_in * pitch))

        source = x_at
        for column in range(1, layers + uint32(1)):
            forward(sm, numbers, masks, uint32(column), source, rows, gates, judged, share)
            source = entry(numbers, uint32(column), A_AT)
            cuda.syncthreads()
        if entry(numbers, layers, ACTIVATION) == uint32(SOFTMAX):
            judge_mixed(sm, numbers, rows, judged, share)
            cuda.syncthreads()
        put_parts(sm, entry(numbers, layers, A_AT), head(numbers, COSTS), head(numbers, PARTS_AT), tid, threads)
        if layers == uint32(1):
            cuda.syncthreads()
        for back in range(1, layers):
            backward(sm, numbers, masks, uint32(layers - uint32(back)), rows, gates, whole[uint32(HAS_SHORTCUTS)])
            cuda.syncthreads()

        loss = sum_of_parts(sm, head(numbers, PARTS_AT)) / scale
        if tid == uint32(0):
            if done == uint32(0):
                losses[net, uint32(0)] = loss
            if until_kept == 0:
                losses[net, kept] = loss
        if until_kept == 0:
            until_kept = turns[net, uint32(STRIDE)]
            kept = uint32(kept + uint32(1))
        until_kept -= int32(1)
        if loss - loss != float32(0):
            status = int32(DIVERGED)
        elif loss < goal:
            status = int32(GOAL)
        else:
            # The next batch is on its way while parameters are moved
            length = uint32(whole[uint32(LENGTH)])
            next_part = uint32(0) if part + uint32(1) == length else uint32(part + uint32(1))
            next_left = uint32(row_count - next_part * batch)
            next_count = batch if batch < next_left else next_left
            next_batch = (uint32(first + count), next_count)
            is_fetched = x_step > uint32(0) and done + uint32(1) < updates
            is_one = is_fetched and own_line != uint32(NONE)
            one = fetched(x, y, lines, own_line, own_row, next_batch) if is_one else float32(0)

            neurons = uint32(entry(numbers, layers, LINE) + entry(numbers, layers, SIZE))
            is_penalized, is_value_clipped = whole[uint32(IS_PENALIZED)], whole[uint32(IS_VALUE_CLIPPED)]
            flags = (uint32(is_penalized), is_masked, uint32(is_value_clipped), neurons)
            clip_share, is_norm_clipped = float32(1), whole[uint32(IS_NORM_CLIPPED)]
            if g_at >= 0:
                put_products(sm, numbers, layers, x_at, head(numbers, ONES_AT), uint32(g_at), rows)
                cuda.syncthreads()
                if is_norm_clipped:
                    squares, parts = head(numbers, SQUARES_AT), head(numbers, PARTS_AT)
                    finish_all(sm, numbers, masks, layers, uint32(g_at), squares, tid, threads, flags)
                    cuda.syncthreads()
                    put_parts(sm, squares, threads, parts, tid, threads)
                    cuda.syncthreads()
                    clip_share = norm_share(sm, sum_of_parts(sm, parts))
            decay = float32(1) - shrink * factor
            step_now = step_now * factor
            own = uint32(head(numbers, OWN_AT) + tid)
            own_at = uint32(numbers[uint32(own + threads)])
            if own_at > uint32(0):
                kind, own_a = uint32(numbers[own]), uint32(numbers[uint32(own + uint32(2) * threads)])
                own_d, place = uint32(numbers[uint32(own + uint32(3) * threads)]), uint32(kind >> uint32(2))
                w, a = sm[own_at], uint32(own_a + x_at) if kind & uint32(1) else own_a
                item = (own_at, place, a, own_d, uint32(kind & uint32(2)))
                g = slope_at(sm, masks, g_at, w_at, item, w, room, flags, is_norm_clipped, clip_share)
                w, m, v = moved(optimizer, sm, step_now, eps_now, decay, ahead_g, ahead_m, w, g, m, v)
                sm[own_at] = w * masks[uint32(neurons + place)] if is_masked else w
            if head(numbers, ITEMS) > threads:
                now = (step_now, eps_now, decay, ahead_g, ahead_m)
                move_rest(
                    sm, numbers, masks, store, layers, x_at, rows, places, flags, optimizer, now, clip_share,
                    is_norm_clipped,
                )  # fmt: skip
            if tid == uint32(0) and whole[uint32(HAS_PLATEAU)]:
                note_loss(sm, plateau, loss, next_part == uint32(0), length, whole[uint32(PATIENCE)])
            if is_one:
                sm[uint32(other_x_at + own_line * pitch + own_row)] = one
            if is_fetched:
                fetch(sm, numbers, x, y, lines, uint32(1), rows, next_batch, other_x_at)
                first, x_at, other_x_at = uint32(first + count), other_x_at, x_at
            count, part = next_count, next_part
            done = uint32(done + uint32(1))
            cuda.syncthreads()

    copy_all(sm, numbers, store, net, layers, True)
    own = uint32(head(numbers, OWN_AT) + tid)
    place, has_own = uint32(uint32(numbers[own]) >> uint32(2)), numbers[uint32(own + threads)] > 0
    if has_own and memory_slots > uint32(1):
        store[net, uint32(1), place] = m
    if has_own and memory_slots > uint32(2):
        store[net, uint32(2), place] = v
    if tid == uint32(0):
        progress[net, uint32(STATUS)] = status
        progress[net, uint32(UPDATES)] += int32(done)
        for i in range(DIALS):
            dials[net, uint32(i)] = sm[uint32(plateau + uint32(i))]


SIGNATURE = (
    "void(int32[::1], int32[::1], float32[::1], float32[::1], float32[:,::1], float32[:,::1], int32[::1],"
    " float32[:,::1], uint32[::1], int32[:,::1], int32[:,::1], float32[:,::1], float32[:,:,::1], float32[:,::1])"
)
KERNELS = {"train": (train, SIGNATURE)}
