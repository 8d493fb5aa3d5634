"""What the outputs of one block's network cost, and their dz. For names see `block_passes`."""

from __future__ import annotations

import math
from typing import Any

from visualnn.nn.kernels.gpu.block_table import entry
from visualnn.nn.kernels.gpu.door import float32, inlined, uint32
from visualnn.nn.kernels.gpu.fit import A_AT, D_AT
from visualnn.nn.kernels.gpu.formulas import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, doubted, exp, missed
from visualnn.nn.kernels.gpu.plan import SIZE


@inlined
def judge(
    sm: Any, z: Any, a: Any, bend: Any, a_place: Any, d_place: Any, place: Any, row: Any, judged: Any, share: Any
) -> None:
    """dz of an output, and in place of its activation what it costs; of the softmax `judge_mixed` finds both."""
    _last, loss, count, y_at = judged
    y = sm[uint32(y_at + place)]
    if loss == uint32(BINARY_CROSS_ENTROPY):
        cost, slope = doubted(z, y), a - y
    else:
        cost, slope = missed(loss, a, y)
        slope = slope * bend
    is_row = row < count
    sm[a_place] = cost if is_row else float32(0)
    sm[d_place] = slope * share if is_row else float32(0)


@inlined
def judge_mixed(sm: Any, numbers: Any, rows: Any, judged: Any, share: Any) -> None:
    """What `judge` is for softmax, whose outputs depend on all sums of a row: a thread has a row."""
    pitch, room, tid, threads = rows
    column, loss, count, y_at = judged
    outputs = entry(numbers, column, SIZE)
    row = uint32(tid)
    while row < room:
        a, d = uint32(entry(numbers, column, A_AT) + row), uint32(entry(numbers, column, D_AT) + row)
        if row >= count:
            sm[a] = float32(0)
            for o in range(outputs):
                sm[uint32(d + o * pitch)] = float32(0)
        elif loss == uint32(CROSS_ENTROPY):
            sm[a] = crossed(sm, outputs, a, d, uint32(y_at + row), pitch, share)
        else:
            sm[a] = shared_out(sm, loss, outputs, a, d, uint32(y_at + row), pitch, share)
        row = uint32(row + threads)


@inlined
def largest(sm: Any, outputs: Any, a: Any, pitch: Any) -> Any:
    """The largest sum of a row."""
    top = sm[a]
    for o in range(outputs):
        z = sm[uint32(a + o * pitch)]
        top = z if z > top else top
    return top


@inlined
def crossed(sm: Any, outputs: Any, a: Any, d: Any, y: Any, pitch: Any, share: Any) -> Any:
    """Softmax with cross-entropy, −Σ y·log p from the sums: what a row costs."""
    top = largest(sm, outputs, a, pitch)
    cost, hits, mass = float32(0), float32(0), float32(0)
    for o in range(outputs):
        below, target = sm[uint32(a + o * pitch)] - top, sm[uint32(y + o * pitch)]
        e = exp(below)
        cost -= target * below
        hits += target
        mass += e
        sm[uint32(a + o * pitch)] = e
    scale = float32(1) / mass
    for o in range(outputs):
        answer = sm[uint32(a + o * pitch)] * scale
        sm[uint32(d + o * pitch)] = (answer * hits - sm[uint32(y + o * pitch)]) * share
    return hits * float32(math.log(mass)) + cost


@inlined
def shared_out(sm: Any, loss: Any, outputs: Any, a: Any, d: Any, y: Any, pitch: Any, share: Any) -> Any:
    """Softmax with a loss that asks how far off each share is: what a row costs."""
    top, mass = largest(sm, outputs, a, pitch), float32(0)
    for o in range(outputs):
        e = exp(sm[uint32(a + o * pitch)] - top)
        mass += e
        sm[uint32(a + o * pitch)] = e
    scale, cost, drag = float32(1) / mass, float32(0), float32(0)
    for o in range(outputs):
        answer = sm[uint32(a + o * pitch)] * scale
        value, slope = missed(loss, answer, sm[uint32(y + o * pitch)])
        cost += value
        drag += slope * answer
        sm[uint32(d + o * pitch)] = slope
    for o in range(outputs):
        answer = sm[uint32(a + o * pitch)] * scale
        sm[uint32(d + o * pitch)] = answer * (sm[uint32(d + o * pitch)] - drag) * share
    return cost
