"""Sums over the rows of a batch, and what one block does with them: the gradient, and how it moves the parameters.

Parameters are handed out to threads one by one, those of a layer in their own order and beginning with a warp.
"""

from __future__ import annotations

import math
from typing import Any

from visualnn.nn.kernels.gpu.block_passes import with_four
from visualnn.nn.kernels.gpu.block_table import divided, entry, head
from visualnn.nn.kernels.gpu.door import float32, inlined, int32, uint32
from visualnn.nn.kernels.gpu.fit import A_AT, D_AT, IS_WIDE, MAGIC, ONES_AT, PARTS, TILES_MAGIC, W_AT, W_SIZE, W_STEP
from visualnn.nn.kernels.gpu.formulas import moved, penalized
from visualnn.nn.kernels.gpu.intrinsics import four
from visualnn.nn.kernels.gpu.plan import CLIP_NORM, CLIP_VALUE, SIZE, START
from visualnn.nn.penalties import NORM_EPS


@inlined
def put_parts(sm: Any, source: Any, count: Any, parts: Any, tid: Any, threads: Any) -> None:
    """Adds up numbers to `PARTS` sums, by the last threads, which have the least to do."""
    part = uint32(threads - uint32(1) - tid)
    while part < uint32(PARTS):
        total, i = float32(0), uint32(part)
        while i < count:
            total += sm[uint32(source + i)]
            i = uint32(i + uint32(PARTS))
        sm[uint32(parts + part)] = total
        part = uint32(part + threads)


@inlined
def sum_of_parts(sm: Any, parts: Any) -> Any:
    """Adds these up, alike for every thread."""
    s0, s1, s2, s3 = four(sm, parts, 0)
    for k in range(1, PARTS // 4):
        p0, p1, p2, p3 = four(sm, parts, 4 * k)
        s0, s1, s2, s3 = s0 + p0, s1 + p1, s2 + p2, s3 + p3
    return (s0 + s1) + (s2 + s3)


@inlined
def first_of(tid: Any, begun: Any, threads: Any) -> Any:
    """A thread's first piece of work, where others begin with thread `begun` (threads are a power of two)."""
    return uint32((tid - begun) & (threads - uint32(1)))


@inlined
def warps_of(count: Any) -> Any:
    """So many threads, rounded up to warps."""
    return uint32((count + uint32(31)) & uint32(0xFFFFFFE0))


@inlined
def slope_of(sm: Any, a: Any, d: Any, room: Any) -> Any:
    """The gradient of one parameter, Σ a·dz over the rows."""
    g0, g1, g2, g3 = float32(0), float32(0), float32(0), float32(0)
    i, quads = uint32(0), uint32(room >> uint32(2))
    while i < quads:
        at = uint32(i << uint32(2))
        d0, d1, d2, d3 = four(sm, uint32(d + at), 0)
        a0, a1, a2, a3 = four(sm, uint32(a + at), 0)
        g0, g1, g2, g3 = g0 + a0 * d0, g1 + a1 * d1, g2 + a2 * d2, g3 + a3 * d3
        i = uint32(i + uint32(1))
    return (g0 + g1) + (g2 + g3)


@inlined
def put_products(sm: Any, numbers: Any, layers: Any, x_at: Any, ones: Any, g_at: Any, rows: Any) -> None:
    """The gradient of all parameters, into the memory for it."""
    pitch, room, tid, threads = rows
    begun = uint32(0)
    for column in range(layers):
        layer = uint32(column)
        n_in, n_out = entry(numbers, layer, SIZE), entry(numbers, uint32(layer + uint32(1)), SIZE)
        a_at = entry(numbers, layer, A_AT) if column > 0 else x_at
        d_at = entry(numbers, uint32(layer + uint32(1)), D_AT)
        step, to = (
            entry(numbers, layer, W_STEP),
            uint32(g_at + entry(numbers, layer, W_AT) - entry(numbers, uint32(0), W_AT)),
        )
        first = uint32(0)
        if entry(numbers, layer, IS_WIDE):
            across, down = uint32((n_out + uint32(3)) >> uint32(2)), uint32((n_in + uint32(3)) >> uint32(2))
            magic, tiles = entry(numbers, layer, TILES_MAGIC), uint32(across * down)
            i = first_of(tid, begun, threads)
            while i < tiles:
                k = divided(i, magic)
                put_tile(sm, a_at, d_at, pitch, room, k, down, n_in, uint32(i - k * across), across, n_out, to, step)
                i = uint32(i + threads)
            begun = uint32(begun + warps_of(tiles))
            first = uint32(n_in * n_out)
        magic, count = entry(numbers, layer, MAGIC), uint32((n_in + uint32(1)) * n_out)
        i = uint32(first + first_of(tid, begun, threads))
        while i < count:
            k = divided(i, magic)
            o = uint32(i - k * n_out)
            a = uint32(a_at + k * pitch) if k < n_in else ones
            sm[uint32(to + k * step + o)] = slope_of(sm, a, uint32(d_at + o * pitch), room)
            i = uint32(i + threads)
        begun = uint32(begun + warps_of(uint32(count - first)))


@inlined
def put_tile(
    sm: Any, a_at: Any, d_at: Any, pitch: Any, room: Any, k: Any, down: Any, n_in: Any, o: Any, across: Any,
    n_out: Any, to: Any, step: Any,
) -> None:  # fmt: skip
    """The gradient of the weights from the inputs k, k + down, … to the neurons o, o + across, …, four of each."""
    last_in, last_out = uint32(n_in - uint32(1)), uint32(n_out - uint32(1))
    k3, o3 = uint32(k + uint32(3) * down), uint32(o + uint32(3) * across)
    a0, a1, a2 = (
        uint32(a_at + k * pitch),
        uint32(a_at + (k + down) * pitch),
        uint32(a_at + (k + uint32(2) * down) * pitch),
    )
    a3 = uint32(a_at + (k3 if k3 < n_in else last_in) * pitch)
    d0, d1 = uint32(d_at + o * pitch), uint32(d_at + (o + across) * pitch)
    d2 = uint32(d_at + (o + uint32(2) * across) * pitch)
    d3 = uint32(d_at + (o3 if o3 < n_out else last_out) * pitch)
    g00, g01, g02, g03 = float32(0), float32(0), float32(0), float32(0)
    g10, g11, g12, g13 = float32(0), float32(0), float32(0), float32(0)
    g20, g21, g22, g23 = float32(0), float32(0), float32(0), float32(0)
    g30, g31, g32, g33 = float32(0), float32(0), float32(0), float32(0)
    i = uint32(0)
    while i < room:
        p0, p1, p2, p3 = four(sm, uint32(d0 + i), 0)
        q0, q1, q2, q3 = four(sm, uint32(d1 + i), 0)
        r0, r1, r2, r3 = four(sm, uint32(d2 + i), 0)
        s0, s1, s2, s3 = four(sm, uint32(d3 + i), 0)
        x0, x1, x2, x3 = four(sm, uint32(a0 + i), 0)
        g00, g01 = with_four(g00, x0, x1, x2, x3, p0, p1, p2, p3), with_four(g01, x0, x1, x2, x3, q0, q1, q2, q3)
        g02, g03 = with_four(g02, x0, x1, x2, x3, r0, r1, r2, r3), with_four(g03, x0, x1, x2, x3, s0, s1, s2, s3)
        x0, x1, x2, x3 = four(sm, uint32(a1 + i), 0)
        g10, g11 = with_four(g10, x0, x1, x2, x3, p0, p1, p2, p3), with_four(g11, x0, x1, x2, x3, q0, q1, q2, q3)
        g12, g13 = with_four(g12, x0, x1, x2, x3, r0, r1, r2, r3), with_four(g13, x0, x1, x2, x3, s0, s1, s2, s3)
        x0, x1, x2, x3 = four(sm, uint32(a2 + i), 0)
        g20, g21 = with_four(g20, x0, x1, x2, x3, p0, p1, p2, p3), with_four(g21, x0, x1, x2, x3, q0, q1, q2, q3)
        g22, g23 = with_four(g22, x0, x1, x2, x3, r0, r1, r2, r3), with_four(g23, x0, x1, x2, x3, s0, s1, s2, s3)
        x0, x1, x2, x3 = four(sm, uint32(a3 + i), 0)
        g30, g31 = with_four(g30, x0, x1, x2, x3, p0, p1, p2, p3), with_four(g31, x0, x1, x2, x3, q0, q1, q2, q3)
        g32, g33 = with_four(g32, x0, x1, x2, x3, r0, r1, r2, r3), with_four(g33, x0, x1, x2, x3, s0, s1, s2, s3)
        i = uint32(i + uint32(4))
    at = uint32(to + k * step + o)
    put_four(sm, at, across, g00, g01, g02, g03, o3 < n_out)
    put_four(sm, uint32(at + down * step), across, g10, g11, g12, g13, o3 < n_out)
    put_four(sm, uint32(at + uint32(2) * down * step), across, g20, g21, g22, g23, o3 < n_out)
    if k3 < n_in:
        put_four(sm, uint32(at + uint32(3) * down * step), across, g30, g31, g32, g33, o3 < n_out)


@inlined
def put_four(sm: Any, at: Any, across: Any, g0: Any, g1: Any, g2: Any, g3: Any, has_fourth: Any) -> None:
    """Puts four gradients to their places, `across` from one to the next, but for the last if there is none."""
    sm[at] = g0
    sm[uint32(at + across)] = g1
    sm[uint32(at + uint32(2) * across)] = g2
    if has_fourth:
        sm[uint32(at + uint32(3) * across)] = g3


@inlined
def finished(sm: Any, masks: Any, w: Any, g: Any, place: Any, is_weight: Any, flags: Any) -> Any:
    """A gradient with its penalty, 0 for what is cut, and clipped by its value; `masks` begin where parameters do."""
    is_penalized, is_masked, is_value_clipped, neurons = flags
    if is_penalized and is_weight:
        g = penalized(sm, w, g)
    if is_masked:
        g = g * masks[uint32(neurons + place)]
    if is_value_clipped:
        limit = sm[uint32(CLIP_VALUE)]
        g = limit if g > limit else -limit if g < -limit else g
    return g


@inlined
def norm_share(sm: Any, squares: Any) -> Any:
    """What a gradient is multiplied with so that its norm is not above the limit; NaN stays NaN."""
    share = sm[uint32(CLIP_NORM)] / (float32(math.sqrt(squares)) + float32(NORM_EPS))
    return float32(1) if share >= float32(1) else share


@inlined
def finish_all(
    sm: Any, numbers: Any, masks: Any, layers: Any, g_at: Any, squares_at: Any, tid: Any, threads: Any, flags: Any
) -> None:
    """`finished` for the whole gradient, and for each thread the sum of its squares."""
    begun, squares = uint32(0), float32(0)
    for column in range(layers):
        layer = uint32(column)
        n_in, n_out = entry(numbers, layer, SIZE), entry(numbers, uint32(layer + uint32(1)), SIZE)
        magic, count = entry(numbers, layer, MAGIC), uint32((n_in + uint32(1)) * n_out)
        w_at, step, start = entry(numbers, layer, W_AT), entry(numbers, layer, W_STEP), entry(numbers, layer, START)
        to = uint32(g_at - entry(numbers, uint32(0), W_AT))
        i = first_of(tid, begun, threads)
        while i < count:
            k = divided(i, magic)
            at = uint32(w_at + k * step + (i - k * n_out))
            g = finished(sm, masks, sm[at], sm[uint32(to + at)], uint32(start + i), k < n_in, flags)
            sm[uint32(to + at)] = g
            squares += g * g
            i = uint32(i + threads)
        begun = uint32(begun + warps_of(count))
    sm[uint32(squares_at + tid)] = squares


@inlined
def slope_at(
    sm: Any, masks: Any, g_at: Any, base: Any, item: Any, w: Any, room: Any, flags: Any, is_finished: Any, share: Any
) -> Any:
    """The gradient of a parameter as the optimizer gets it; `share`: the norm clips by that."""
    at, place, a, d, is_weight = item
    g = sm[uint32(uint32(g_at) + at - base)] if g_at >= 0 else slope_of(sm, a, d, room)
    if not is_finished:
        g = finished(sm, masks, w, g, place, is_weight, flags)
    return g * share


@inlined
def put_own_item(numbers: Any, own: Any, layers: Any, ones: Any, pitch: Any, tid: Any, threads: Any) -> Any:
    """Notes which is the first parameter of a thread, at `own`, for registers are few; whether there is one.

    `threads` apart: in one number its place among all, ·4, whether it is a weight, ·2, and whether a lies where the
    batch does, and counts from there; where it lies in shared memory, or 0 for none; where a and dz lie.
    """
    at, a, d, kind, begun = uint32(0), uint32(0), uint32(0), uint32(0), uint32(0)
    for column in range(layers):
        layer = uint32(column)
        n_in, n_out = entry(numbers, layer, SIZE), entry(numbers, uint32(layer + uint32(1)), SIZE)
        count, i = uint32((n_in + uint32(1)) * n_out), uint32(tid - begun)
        if tid >= begun and i < count:
            k = divided(i, entry(numbers, layer, MAGIC))
            o = uint32(i - k * n_out)
            kind = uint32((entry(numbers, layer, START) + i) << uint32(2))
            at = uint32(entry(numbers, layer, W_AT) + k * entry(numbers, layer, W_STEP) + o)
            d = uint32(entry(numbers, uint32(layer + uint32(1)), D_AT) + o * pitch)
            if k == n_in:
                a = ones
            elif column == 0:
                a, kind = uint32(k * pitch), uint32(kind + uint32(3))
            else:
                a, kind = uint32(entry(numbers, layer, A_AT) + k * pitch), uint32(kind + uint32(2))
        begun = uint32(begun + warps_of(count))
    numbers[own], numbers[uint32(own + threads)] = int32(kind), int32(at)
    numbers[uint32(own + uint32(2) * threads)], numbers[uint32(own + uint32(3) * threads)] = int32(a), int32(d)
    return at > uint32(0)


@inlined
def move_rest(
    sm: Any, numbers: Any, masks: Any, store: Any, layers: Any, x_at: Any, rows: Any, places: Any, flags: Any,
    optimizer: Any, now: Any, share: Any, is_finished: Any,
) -> None:  # fmt: skip
    """Moves all parameters but for the first one of each thread.

    `places`: (of the gradient, of the optimizer's memory, which is −1 where they lie nowhere here, the network's
    number). `now`: (step, eps, decay, ahead_g, ahead_m).
    """
    pitch, room, tid, threads = rows
    g_at, memory_at, net = places
    slot, ones = head(numbers, W_SIZE), head(numbers, ONES_AT)
    step_now, eps_now, decay, ahead_g, ahead_m = now
    begun, slots, base = uint32(0), uint32(store.shape[1]), entry(numbers, uint32(0), W_AT)
    for column in range(layers):
        layer = uint32(column)
        n_in, n_out = entry(numbers, layer, SIZE), entry(numbers, uint32(layer + uint32(1)), SIZE)
        magic, count = entry(numbers, layer, MAGIC), uint32((n_in + uint32(1)) * n_out)
        w_at, step, start = entry(numbers, layer, W_AT), entry(numbers, layer, W_STEP), entry(numbers, layer, START)
        a_at = entry(numbers, layer, A_AT) if column > 0 else x_at
        d_at = entry(numbers, uint32(layer + uint32(1)), D_AT)
        i = first_of(tid, begun, threads)
        if begun + i == tid:
            i = uint32(i + threads)
        while i < count:
            k = divided(i, magic)
            o = uint32(i - k * n_out)
            at, place = uint32(w_at + k * step + o), uint32(start + i)
            a = uint32(a_at + k * pitch) if k < n_in else ones
            w, item = sm[at], (at, place, a, uint32(d_at + o * pitch), uint32(k < n_in))
            g = slope_at(sm, masks, g_at, base, item, w, room, flags, is_finished, share)
            m, v = float32(0), float32(0)
            m_at = uint32(uint32(memory_at) + at - base)
            if slots > uint32(1):
                m = sm[m_at] if memory_at >= 0 else store[net, uint32(1), place]
            if slots > uint32(2):
                v = sm[uint32(m_at + slot)] if memory_at >= 0 else store[net, uint32(2), place]
            w, m, v = moved(optimizer, sm, step_now, eps_now, decay, ahead_g, ahead_m, w, g, m, v)
            if memory_at >= 0:
                if slots > uint32(1):
                    sm[m_at] = m
                if slots > uint32(2):
                    sm[uint32(m_at + slot)] = v
            else:
                if slots > uint32(1):
                    store[net, uint32(1), place] = m
                if slots > uint32(2):
                    store[net, uint32(2), place] = v
            if flags[1]:
                w = w * masks[uint32(flags[3] + place)]
            sm[at] = w
            i = uint32(i + threads)
        begun = uint32(begun + warps_of(count))
