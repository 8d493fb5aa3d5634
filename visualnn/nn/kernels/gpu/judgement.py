"""What frames an update of a wide network: its rows are collected, its loss is judged, and whether to go on is decided.

A block of the judge serves some rows with a team of threads each. Whatever several threads add up is added in a fixed
order. The verdict stands in `status`: where it is GOAL or DIVERGED, every later kernel of this and of following updates
leaves everything as it is. NEXT is the number of the update that comes, NOW of the one that the verdict let pass.
"""

from __future__ import annotations

import math
from typing import Any

from visualnn.nn.kernels import arguments
from visualnn.nn.kernels.gpu.door import cuda, float32, inlined, int32, kernel, uint32
from visualnn.nn.kernels.gpu.formulas import (
    BINARY_CROSS_ENTROPY,
    CROSS_ENTROPY,
    SOFTMAX,
    activated,
    doubted,
    exp,
    missed,
    sigmoid,
)
from visualnn.nn.kernels.gpu.places import (
    ACROSS,
    AT,
    BAD_EPOCHS,
    BEST,
    CODE,
    COSTS,
    DT,
    EPOCH_LOSS,
    FACTOR,
    FACTOR_NOW,
    FIRST_PART,
    GOAL,
    HAS_PLATEAU,
    LENGTH,
    LOSS,
    LOSSES,
    NEXT,
    NONE,
    NOW,
    PATIENCE,
    PITCH,
    SCORES,
    SIZE,
    STATE,
    A,
    D,
    X,
    Y,
)
from visualnn.nn.kernels.gpu.plan import FLOOR, GAMMA
from visualnn.nn.kernels.gpu.reading import count_of, line_of, of, update_of
from visualnn.nn.schedule import BETTER

NOT_BETTER = 1.0 - BETTER
LOST = float("-inf")
PARTS = 16  # that sums of a block are made of
REACHED, FAILED = arguments.GOAL, arguments.DIVERGED


def gather_kernel(side: int, threads: int) -> Any:
    """Makes the kernel that collects the rows of a batch; a block for each square of (batch, inputs)."""
    room_size = side * (side + 1)

    @kernel(threads)
    def gather(column: Any, sheet: Any, turn: Any, constants: Any, fixed: Any, status: Any, room: Any) -> None:
        if status[uint32(STATE)] != 0:
            return
        square = cuda.shared.array(room_size, float32)
        thread, update = uint32(cuda.threadIdx.x), update_of(turn, status, NEXT)
        rows, inputs, pitch = count_of(sheet, turn, update), of(sheet, column, SIZE), of(sheet, column, PITCH)
        row0, column0 = uint32(cuda.blockIdx.y) * uint32(side), uint32(cuda.blockIdx.x) * uint32(side)
        for place in range(thread, side * side, threads):
            r, c = uint32(uint32(place) // uint32(side)), uint32(uint32(place) % uint32(side))
            row, number, value = uint32(row0 + r), uint32(column0 + c), float32(0)
            if row < rows and number < inputs:
                value = room[uint32(sheet[uint32(X)] + line_of(sheet, turn, update, row) * inputs + number)]
            room[uint32(of(sheet, column, A) + row * pitch + number)] = value
            square[uint32(r * uint32(side + 1) + c)] = value
        cuda.syncthreads()
        for place in range(thread, side * side, threads):
            c, r = uint32(uint32(place) // uint32(side)), uint32(uint32(place) % uint32(side))
            at = uint32(uint32(column0 + c) * sheet[uint32(ACROSS)] + row0 + r)
            room[uint32(of(sheet, column, AT) + at)] = square[uint32(r * uint32(side + 1) + c)]

    return gather


@inlined
def summed(lanes: Any, shared: Any, value: Any) -> Any:
    """The sum over the team of a row, the same for all of it."""
    thread = uint32(cuda.threadIdx.x)
    cuda.syncthreads()
    shared[thread] = value
    cuda.syncthreads()
    first, total = uint32(thread - uint32(thread % uint32(lanes))), float32(0)
    for lane in range(lanes):
        total += shared[uint32(first + uint32(lane))]
    return total


@inlined
def added_up(threads: Any, shared: Any, value: Any) -> Any:
    """The sum over a block, for its first thread; of `PARTS` sums, for one after the other would take long."""
    thread, total = uint32(cuda.threadIdx.x), float32(0)
    shared[thread] = value
    cuda.syncthreads()
    if thread < uint32(PARTS):
        for other in range(threads // PARTS):
            total += shared[uint32(thread + uint32(other * PARTS))]
        shared[thread] = total
    cuda.syncthreads()
    total = float32(0)
    for part in range(PARTS):
        total += shared[uint32(part)]
    return total


@inlined
def largest(lanes: Any, shared: Any, value: Any) -> Any:
    """The largest over the team of a row; nobody may be using `shared`."""
    thread = uint32(cuda.threadIdx.x)
    shared[thread] = value
    cuda.syncthreads()
    first, top = uint32(thread - uint32(thread % uint32(lanes))), float32(LOST)
    for lane in range(lanes):
        other = shared[uint32(first + uint32(lane))]
        top = other if other > top else top
    return top


@inlined
def judged_alone(loss: Any, code: Any, room: Any, z: Any, y: Any, d: Any, first: Any, end: Any, lanes: Any,
                 share: Any) -> Any:  # fmt: skip
    """Outputs that do not mix: what this thread's cost, and their dz."""
    cost = float32(0)
    for o in range(first, end, lanes):
        value, target = room[uint32(z + uint32(o))], room[uint32(y + uint32(o))]
        if loss == uint32(BINARY_CROSS_ENTROPY):
            miss, slope = doubted(value, target), sigmoid(value) - target
        else:
            answer, bend = activated(code, value)
            miss, slope = missed(loss, answer, target)
            slope = slope * bend
        cost += miss
        room[uint32(d + uint32(o))] = slope * share
    return cost


@inlined
def judged_together(loss: Any, room: Any, z: Any, y: Any, d: Any, first: Any, end: Any, lanes: Any, share: Any,
                    shared: Any) -> Any:  # fmt: skip
    """Softmax with any loss that fits: what this thread's outputs cost, and their dz."""
    top, mass, hits, cost, drag = float32(LOST), float32(0), float32(0), float32(0), float32(0)
    for o in range(first, end, lanes):
        value = room[uint32(z + uint32(o))]
        top = value if value > top else top
    top = largest(lanes, shared, top)
    for o in range(first, end, lanes):
        below, target = room[uint32(z + uint32(o))] - top, room[uint32(y + uint32(o))]
        mass += exp(below)
        hits += target
        cost -= target * below
    mass, all_hits = summed(lanes, shared, mass), summed(lanes, shared, hits)
    if loss != uint32(CROSS_ENTROPY):
        cost = float32(0)
        for o in range(first, end, lanes):
            answer = exp(room[uint32(z + uint32(o))] - top) / mass
            miss, slope = missed(loss, answer, room[uint32(y + uint32(o))])
            cost += miss
            drag += slope * answer
    else:
        cost += hits * float32(math.log(mass))
    drag = summed(lanes, shared, drag)
    for o in range(first, end, lanes):
        answer, target = exp(room[uint32(z + uint32(o))] - top) / mass, room[uint32(y + uint32(o))]
        if loss == uint32(CROSS_ENTROPY):
            slope = answer * all_hits - target
        else:
            miss, slope = missed(loss, answer, target)
            slope = answer * (slope - drag)
        room[uint32(d + uint32(o))] = slope * share
    return cost


def judge_kernel(teams: int, lanes: int) -> Any:
    """Makes the kernel that judges rows, `teams` of them in a block, by as many threads each as `lanes` says."""
    threads = teams * lanes

    @kernel(threads)
    def judge(column: Any, sheet: Any, turn: Any, constants: Any, fixed: Any, status: Any, room: Any) -> None:
        if status[uint32(STATE)] != 0:
            return
        shared = cuda.shared.array(threads, float32)
        thread, update = uint32(cuda.threadIdx.x), update_of(turn, status, NEXT)
        rows, outputs, pitch = count_of(sheet, turn, update), of(sheet, column, SIZE), of(sheet, column, PITCH)
        lane, row0 = uint32(thread % uint32(lanes)), uint32(cuda.blockIdx.x) * uint32(teams)
        row = uint32(row0 + thread // uint32(lanes))
        loss, code = sheet[uint32(LOSS)], of(sheet, column, CODE)
        z, d = uint32(of(sheet, column, A) + row * pitch), uint32(of(sheet, column, D) + row * pitch)
        y, end, is_row = uint32(0), outputs, row < rows
        if is_row:
            y = uint32(sheet[uint32(Y)] + line_of(sheet, turn, update, row) * outputs)
        else:
            end = uint32(0)  # the team goes along, for all have to meet
            if row < sheet[uint32(ACROSS)]:
                for o in range(lane, outputs, uint32(lanes)):
                    room[uint32(d + uint32(o))] = float32(0)
        scale = float32(rows)
        if loss != uint32(CROSS_ENTROPY):
            scale = scale * float32(outputs)
        share = float32(1) / scale
        if loss == uint32(CROSS_ENTROPY) or code == uint32(SOFTMAX):
            cost = judged_together(loss, room, z, y, d, lane, end, uint32(lanes), share, shared)
        else:
            cost = judged_alone(loss, code, room, z, y, d, lane, end, uint32(lanes), share)
        cost = summed(lanes, shared, cost)
        if lane == uint32(0) and row < sheet[uint32(ACROSS)]:
            room[uint32(sheet[uint32(COSTS)] + row)] = cost if is_row else float32(0)
        if of(sheet, column, DT) != uint32(NONE):  # all have met in `summed` after they wrote their dz
            for place in range(thread, outputs * uint32(teams), uint32(threads)):
                o, r = uint32(uint32(place) // uint32(teams)), uint32(row0 + uint32(place) % uint32(teams))
                if r < sheet[uint32(ACROSS)]:
                    slope = room[uint32(of(sheet, column, D) + r * pitch + o)]
                    room[uint32(of(sheet, column, DT) + o * sheet[uint32(ACROSS)] + r)] = slope

    return judge


@inlined
def note_plateau(sheet: Any, turn: Any, fixed: Any, room: Any, update: Any, loss: Any) -> None:
    """`schedule.note_loss`."""
    scores, length = sheet[uint32(SCORES)], sheet[uint32(LENGTH)]
    total = room[uint32(scores + uint32(EPOCH_LOSS))] + loss
    room[uint32(scores + uint32(EPOCH_LOSS))] = total
    if uint32(uint32(turn[uint32(FIRST_PART)] + update + uint32(1)) % length) != uint32(0):
        return
    mean, bad = total / float32(length), room[uint32(scores + uint32(BAD_EPOCHS))] + float32(1)
    room[uint32(scores + uint32(EPOCH_LOSS))] = float32(0)
    if mean < room[uint32(scores + uint32(BEST))] * float32(NOT_BETTER):
        room[uint32(scores + uint32(BEST))] = mean
        bad = float32(0)
    if bad > float32(sheet[uint32(PATIENCE)]):
        factor = room[uint32(scores + uint32(FACTOR))] * fixed[uint32(GAMMA)]
        room[uint32(scores + uint32(FACTOR))] = factor if factor > fixed[uint32(FLOOR)] else fixed[uint32(FLOOR)]
        bad = float32(0)
    room[uint32(scores + uint32(BAD_EPOCHS))] = bad


def decide_kernel(threads: int) -> Any:
    """Makes the kernel of one block that adds up the losses of the rows and decides."""

    @kernel(threads)
    def decide(column: Any, sheet: Any, turn: Any, constants: Any, fixed: Any, status: Any, room: Any) -> None:
        if status[uint32(STATE)] != 0:
            return
        shared = cuda.shared.array(threads, float32)
        thread, update = uint32(cuda.threadIdx.x), update_of(turn, status, NEXT)
        rows, cost = count_of(sheet, turn, update), float32(0)
        for row in range(thread, rows, uint32(threads)):
            cost += room[uint32(sheet[uint32(COSTS)] + uint32(row))]
        cost, scale = added_up(threads, shared, cost), float32(rows)
        if thread != uint32(0):
            return
        if sheet[uint32(LOSS)] != uint32(CROSS_ENTROPY):
            scale = scale * float32(of(sheet, column, SIZE))
        loss = cost / scale
        room[uint32(sheet[uint32(LOSSES)] + update)] = loss
        if loss - loss != float32(0):  # NaN, or infinite
            status[uint32(STATE)] = int32(FAILED)
        elif loss < constants[uint32(GOAL)]:
            status[uint32(STATE)] = int32(REACHED)
        else:
            scores = sheet[uint32(SCORES)]
            room[uint32(scores + uint32(FACTOR_NOW))] = room[uint32(scores + uint32(FACTOR))]
            if sheet[uint32(HAS_PLATEAU)] != uint32(0):
                note_plateau(sheet, turn, fixed, room, update, loss)
            status[uint32(NOW)] = status[uint32(NEXT)]
            status[uint32(NEXT)] = int32(status[uint32(NEXT)] + int32(1))

    return decide
