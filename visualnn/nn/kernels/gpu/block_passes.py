"""Passes of one block through its network: each thread has a row of the batch, and one neuron or four of a column.

`sm` is the block's shared memory, `numbers` the same as integers; `fit` says where everything lies. `rows` says who has
which rows: (pitch, room, number of the thread, threads); `gates` is what silences neurons: (key, threshold,
has_dropout, is_masked).
"""

from __future__ import annotations

from typing import Any

from visualnn.nn.kernels.gpu.block_judge import judge
from visualnn.nn.kernels.gpu.block_table import divided, entry, link, shares
from visualnn.nn.kernels.gpu.door import float32, inlined, uint32
from visualnn.nn.kernels.gpu.fit import (
    A_AT,
    CARRIED_AT,
    D_AT,
    W_AT,
    W_STEP,
    WIDE,
)
from visualnn.nn.kernels.gpu.formulas import (
    SOFTMAX,
    activated,
    is_heard,
)
from visualnn.nn.kernels.gpu.intrinsics import four
from visualnn.nn.kernels.gpu.plan import ACTIVATION, LANDING, LINE, LOUDER, SHORTCUT, SIZE


@inlined
def fours_of(units: Any) -> Any:
    """How many times four neurons of a column are one thread's work; those left are handed out one by one."""
    return uint32(units >> uint32(2)) if units >= uint32(WIDE) else uint32(0)


@inlined
def gate_of(sm: Any, masks: Any, line: Any, row: Any, gates: Any) -> Any:
    """What the activation of a neuron is multiplied with."""
    key, threshold, has_dropout, is_masked = gates
    gate = float32(1)
    if has_dropout:
        gate = sm[uint32(LOUDER)] if is_heard(key, line, row, threshold) else float32(0)
    if is_masked:
        gate = gate * masks[line]
    return gate


@inlined
def forward(
    sm: Any, numbers: Any, masks: Any, column: Any, source: Any, rows: Any, gates: Any, judged: Any, share: Any
) -> None:
    """A column's activations and slopes from those at `source`, of the outputs dz and what each costs.

    `judged`: (outputs are column …, loss, rows that there are, where their targets lie).
    """
    pitch, room, tid, threads = rows
    lane, slot, slots, shift, stretches, magic = shares(numbers, tid, threads)
    last = judged[0]
    layer = uint32(column - uint32(1))
    n_in, n_out = entry(numbers, layer, SIZE), entry(numbers, column, SIZE)
    code, w_at, step = entry(numbers, column, ACTIVATION), entry(numbers, layer, W_AT), entry(numbers, layer, W_STEP)
    a_at, d_at = entry(numbers, column, A_AT), entry(numbers, column, D_AT)
    line, added = entry(numbers, column, LINE), link(numbers, column, SHORTCUT)
    fours = fours_of(n_out)
    items = uint32((n_out - uint32(3) * fours) * stretches)
    item = uint32(slot)
    while item < items:
        portion = divided(item, magic)
        row = uint32(lane + ((item - portion * stretches) << shift))
        if row < room:
            at = uint32(source + row)
            if portion < fours:
                unit, those = uint32(portion << uint32(2)), uint32(4)
                z0, z1, z2, z3 = four_sums(sm, uint32(w_at + unit), step, n_in, at, pitch)
            else:
                unit, those = uint32(portion + uint32(3) * fours), uint32(1)
                z0 = one_sum(sm, uint32(w_at + unit), step, n_in, at, pitch)
                z1, z2, z3 = z0, z0, z0
            for j in range(those):
                z = z0 if j == 0 else z1 if j == 1 else z2 if j == 2 else z3
                o = uint32(unit + uint32(j))
                place = uint32(o * pitch + row)
                a, slope = activated(code, z)
                if column != last:
                    if added >= 0:
                        a = a + sm[uint32(entry(numbers, uint32(added), A_AT) + place)]
                    if gates[2] or gates[3]:
                        gate = gate_of(sm, masks, uint32(line + o), row, gates)
                        a, slope = a * gate, slope * gate
                    sm[uint32(a_at + place)] = a
                    sm[uint32(d_at + place)] = slope
                elif code == uint32(SOFTMAX):
                    sm[uint32(a_at + place)] = z
                else:
                    judge(sm, z, a, slope, uint32(a_at + place), uint32(d_at + place), place, row, judged, share)
        item = uint32(item + slots)


@inlined
def one_sum(sm: Any, w: Any, step: Any, n_in: Any, a: Any, pitch: Any) -> Any:
    """z = x·w + b of one neuron and row."""
    z = sm[uint32(w + n_in * step)]
    k, quads, two, three = uint32(0), uint32(n_in & uint32(0xFFFFFFFC)), uint32(2), uint32(3)
    while k < quads:
        x0, x1 = sm[a], sm[uint32(a + pitch)]
        x2, x3 = sm[uint32(a + two * pitch)], sm[uint32(a + three * pitch)]
        w0, w1 = sm[w], sm[uint32(w + step)]
        w2, w3 = sm[uint32(w + two * step)], sm[uint32(w + three * step)]
        z = with_four(z, w0, w1, w2, w3, x0, x1, x2, x3)
        w, a, k = uint32(w + uint32(4) * step), uint32(a + uint32(4) * pitch), uint32(k + uint32(4))
    while k < n_in:
        z += sm[w] * sm[a]
        w, a, k = uint32(w + step), uint32(a + pitch), uint32(k + uint32(1))
    return z


@inlined
def with_four(g: Any, a0: Any, a1: Any, a2: Any, a3: Any, d0: Any, d1: Any, d2: Any, d3: Any) -> Any:
    """g + Σ a·d of four."""
    return (((g + a0 * d0) + a1 * d1) + a2 * d2) + a3 * d3


@inlined
def four_sums(sm: Any, w: Any, step: Any, n_in: Any, a: Any, pitch: Any) -> Any:
    """z = x·w + b of four neurons."""
    z0, z1, z2, z3 = four(sm, uint32(w + n_in * step), 0)
    k, quads, two, three = uint32(0), uint32(n_in & uint32(0xFFFFFFFC)), uint32(2), uint32(3)
    while k < quads:
        x0, x1 = sm[a], sm[uint32(a + pitch)]
        x2, x3 = sm[uint32(a + two * pitch)], sm[uint32(a + three * pitch)]
        p0, p1, p2, p3 = four(sm, w, 0)
        q0, q1, q2, q3 = four(sm, uint32(w + step), 0)
        r0, r1, r2, r3 = four(sm, uint32(w + two * step), 0)
        s0, s1, s2, s3 = four(sm, uint32(w + three * step), 0)
        z0 = with_four(z0, p0, q0, r0, s0, x0, x1, x2, x3)
        z1 = with_four(z1, p1, q1, r1, s1, x0, x1, x2, x3)
        z2 = with_four(z2, p2, q2, r2, s2, x0, x1, x2, x3)
        z3 = with_four(z3, p3, q3, r3, s3, x0, x1, x2, x3)
        w, a, k = uint32(w + uint32(4) * step), uint32(a + uint32(4) * pitch), uint32(k + uint32(4))
    while k < n_in:
        w0, w1, w2, w3 = four(sm, w, 0)
        x = sm[a]
        z0, z1, z2, z3 = z0 + w0 * x, z1 + w1 * x, z2 + w2 * x, z3 + w3 * x
        w, a, k = uint32(w + step), uint32(a + pitch), uint32(k + uint32(1))
    return z0, z1, z2, z3


@inlined
def backward(sm: Any, numbers: Any, masks: Any, column: Any, rows: Any, gates: Any, has_shortcuts: Any) -> None:
    """dz of a hidden column, given that of the next one."""
    pitch, room, tid, threads = rows
    lane, slot, slots, shift, stretches, magic = shares(numbers, tid, threads)
    following = uint32(column + uint32(1))
    n_in, n_out = entry(numbers, column, SIZE), entry(numbers, following, SIZE)
    w_at, step, d_at = entry(numbers, column, W_AT), entry(numbers, column, W_STEP), entry(numbers, following, D_AT)
    own_at = entry(numbers, column, D_AT)
    fours = fours_of(n_in)
    items = uint32((n_in - uint32(3) * fours) * stretches)
    item = uint32(slot)
    while item < items:
        portion = divided(item, magic)
        row = uint32(lane + ((item - portion * stretches) << shift))
        if row < room:
            if portion < fours:
                unit, those = uint32(portion << uint32(2)), uint32(4)
                s0, s1, s2, s3 = four_returns(sm, uint32(w_at + unit * step), step, n_out, uint32(d_at + row), pitch)
            else:
                unit, those = uint32(portion + uint32(3) * fours), uint32(1)
                s0 = one_return(sm, uint32(w_at + unit * step), n_out, uint32(d_at + row), pitch)
                s1, s2, s3 = s0, s0, s0
            for j in range(those):
                arriving = s0 if j == 0 else s1 if j == 1 else s2 if j == 2 else s3
                o = uint32(unit + uint32(j))
                if has_shortcuts:
                    arriving = with_shortcuts(sm, numbers, masks, column, o, row, arriving, pitch, gates)
                d = uint32(own_at + o * pitch + row)
                sm[d] = arriving * sm[d]
        item = uint32(item + slots)


@inlined
def one_return(sm: Any, w: Any, n_out: Any, d: Any, pitch: Any) -> Any:
    """Σ w·dz over the neurons that one neuron leads to."""
    total, o = float32(0), uint32(0)
    while o < n_out:
        total += sm[uint32(w + o)] * sm[d]
        o, d = uint32(o + uint32(1)), uint32(d + pitch)
    return total


@inlined
def four_returns(sm: Any, w: Any, step: Any, n_out: Any, d: Any, pitch: Any) -> Any:
    """Σ w·dz for four neurons."""
    s0, s1, s2, s3 = float32(0), float32(0), float32(0), float32(0)
    u, v, x = uint32(w + step), uint32(w + uint32(2) * step), uint32(w + uint32(3) * step)
    o, quads = uint32(0), uint32(n_out & uint32(0xFFFFFFFC))
    while o < quads:
        d0, d1 = sm[d], sm[uint32(d + pitch)]
        d2, d3 = sm[uint32(d + uint32(2) * pitch)], sm[uint32(d + uint32(3) * pitch)]
        w0, w1, w2, w3 = four(sm, uint32(w + o), 0)
        s0 = with_four(s0, w0, w1, w2, w3, d0, d1, d2, d3)
        w0, w1, w2, w3 = four(sm, uint32(u + o), 0)
        s1 = with_four(s1, w0, w1, w2, w3, d0, d1, d2, d3)
        w0, w1, w2, w3 = four(sm, uint32(v + o), 0)
        s2 = with_four(s2, w0, w1, w2, w3, d0, d1, d2, d3)
        w0, w1, w2, w3 = four(sm, uint32(x + o), 0)
        s3 = with_four(s3, w0, w1, w2, w3, d0, d1, d2, d3)
        o, d = uint32(o + uint32(4)), uint32(d + uint32(4) * pitch)
    while o < n_out:
        slope = sm[d]
        s0, s1 = s0 + sm[uint32(w + o)] * slope, s1 + sm[uint32(u + o)] * slope
        s2, s3 = s2 + sm[uint32(v + o)] * slope, s3 + sm[uint32(x + o)] * slope
        o, d = uint32(o + uint32(1)), uint32(d + pitch)
    return s0, s1, s2, s3


@inlined
def with_shortcuts(
    sm: Any, numbers: Any, masks: Any, column: Any, unit: Any, row: Any, arriving: Any, pitch: Any, gates: Any
) -> Any:
    """da of a hidden neuron with what comes back by a shortcut, and keeps what goes on by one."""
    place, landing = uint32(unit * pitch + row), link(numbers, column, LANDING)
    if landing >= 0:
        arriving = arriving + sm[uint32(entry(numbers, uint32(landing), CARRIED_AT) + place)]
    if link(numbers, column, SHORTCUT) >= 0:
        through = arriving
        if gates[2] or gates[3]:
            line = uint32(entry(numbers, column, LINE) + unit)
            through = arriving * gate_of(sm, masks, line, row, gates)
        sm[uint32(entry(numbers, column, CARRIED_AT) + place)] = through
    return arriving
