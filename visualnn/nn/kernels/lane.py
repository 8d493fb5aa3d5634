"""Training of small networks: the rows of a batch lie side by side in vectors, one lane a row.

A *block* is one vector of rows. For each block, columns of neurons lie in `a` as one vector per neuron; every weight is
a scalar that multiplies vectors. The gradient of a parameter is the sum over the lanes of one vector, Σ a·dz: those of
as many parameters as there are lanes are summed at once, and the optimizer moves them while they are in a register.
This serves networks whose layers are too narrow to fill vectors with neurons.
"""

from __future__ import annotations

from math import isfinite

import numpy as np
from numba import njit

from visualnn.nn.kernels.across import total, totals
from visualnn.nn.kernels.arguments import (
    DIVERGED,
    DONE,
    GOAL,
    GOAL_LOSS,
    RATE,
    STOP,
    STOPPED,
    UPDATE,
    WANTED,
)
from visualnn.nn.kernels.flags import load_flag, store_flag
from visualnn.nn.kernels.formulas import CROSS_ENTROPY, moved
from visualnn.nn.kernels.judgement import give_back, judge, settle
from visualnn.nn.kernels.narrow import STAGED
from visualnn.nn.kernels.numbers import (
    BATCH,
    DROPOUT,
    HAS_SHORTCUTS,
    IS_CLIPPED,
    IS_GATED,
    IS_MASKED,
    IS_PENALIZED,
    KEPT_SHARE,
    LOSS,
    OPTIMIZER,
    ROWS,
    SEED,
)
from visualnn.nn.kernels.pace import is_heard, note_loss, prepare_update, publish, update_key
from visualnn.nn.kernels.shuffle import go_to
from visualnn.nn.kernels.sweep import apply, finish
from visualnn.nn.kernels.vector import compiled, fma, inlined, item, lanes_of, like, load, spread, store


@inlined
def stage(source, n, line, first, count, out, start):
    """Puts rows of `n` numbers side by side: one vector for each number of each block. Other lanes stay as they are."""
    lanes = lanes_of(source)
    for block in range(0, count, lanes):
        at = start + block * n
        for i in range(first + block, first + min(block + lanes, count)):
            row = line[np.uint64(i)] * n
            put = at
            for k in range(row, row + n):
                out[np.uint64(put)] = source[np.uint64(k)]
                put += lanes
            at += 1


@inlined
def forward(plan, w, work, base, x_at, gated):
    """The activations of one block whose lines begin at `base`, but for the sums of the outputs."""
    lanes, layers = lanes_of(w), plan.starts.size
    for layer in range(layers):
        n_in, n_out = item(plan.sizes, layer), item(plan.sizes, layer + 1)
        source = base + item(plan.lines, layer) * lanes if layer else x_at
        out = base + item(plan.lines, layer + 1) * lanes
        affine(w, item(plan.starts, layer), work.a, source, n_in, out, n_out)
        if layer < layers - 1:
            shortcut = item(plan.shortcuts, layer + 1)
            code = item(plan.activations, layer + 1)
            skip = base + item(plan.lines, shortcut) * lanes - out if shortcut >= 0 else 0
            for at in range(out, out + n_out * lanes, lanes):
                source = at + skip if shortcut >= 0 else -1
                settle(code, load(work.a, at), work.a, work.d, work.gates, gated, at, source)


@inlined
def affine(w, start, a, source, n_in, out, n_out):
    """z = x·w + b for one layer, four neurons at a time."""
    lanes, bias = lanes_of(w), start + n_in * n_out
    for o in range(0, n_out - 3, 4):
        z0, z1 = spread(w, bias + o), spread(w, bias + o + 1)
        z2, z3 = spread(w, bias + o + 2), spread(w, bias + o + 3)
        k = start + o
        for at in range(source, source + n_in * lanes, lanes):
            x = load(a, at)
            z0, z1 = fma(spread(w, k), x, z0), fma(spread(w, k + 1), x, z1)
            z2, z3 = fma(spread(w, k + 2), x, z2), fma(spread(w, k + 3), x, z3)
            k += n_out
        at = out + o * lanes
        store(a, at, z0)
        store(a, at + lanes, z1)
        store(a, at + 2 * lanes, z2)
        store(a, at + 3 * lanes, z3)
    for o in range(n_out - n_out % 4, n_out):
        z = spread(w, bias + o)
        k = start + o
        for at in range(source, source + n_in * lanes, lanes):
            z = fma(spread(w, k), load(a, at), z)
            k += n_out
        store(a, out + o * lanes, z)


@inlined
def backward(plan, w, work, base, gated, shortcuts):
    """dz of every hidden layer of one block, given that of the outputs."""
    lanes = lanes_of(w)
    for layer in range(plan.starts.size - 1, 0, -1):
        n_in, n_out = item(plan.sizes, layer), item(plan.sizes, layer + 1)
        out, after = base + item(plan.lines, layer) * lanes, base + item(plan.lines, layer + 1) * lanes
        shortcut = item(plan.shortcuts, layer)
        skip = base + item(plan.lines, shortcut) * lanes - out if shortcut >= 0 else 0
        for i in range(n_in):
            k = item(plan.starts, layer) + i * n_out
            da = spread(w, k) * load(work.d, after)
            for o in range(1, n_out):
                da = fma(spread(w, k + o), load(work.d, after + o * lanes), da)
            at = out + i * lanes
            source = at + skip if shortcut >= 0 else -1
            give_back(da, work.d, work.carried, work.gates, gated, shortcuts, at, source)


@inlined
def products(plan, work, x_at, step, blocks):
    """a·dz of every parameter, added over the blocks: one vector after another, in the parameters' order."""
    lanes, at = lanes_of(work.a), 0
    for layer in range(plan.starts.size):
        n_in, n_out = item(plan.sizes, layer), item(plan.sizes, layer + 1)
        d_at = item(plan.lines, layer + 1) * lanes
        a_at = item(plan.lines, layer) * lanes if layer else x_at
        a_step = step if layer else n_in * lanes
        for _ in range(n_in):
            x = load(work.a, a_at)
            for o in range(0, n_out * lanes, lanes):
                product = x * load(work.d, d_at + o)
                if blocks > 1:
                    product = over_blocks(product, work.a, work.d, a_at, d_at + o, a_step, step, blocks)
                store(work.parts, at, product)
                at += lanes
            a_at += lanes
        for o in range(0, n_out * lanes, lanes):
            slope = load(work.d, d_at + o)
            for block in range(1, blocks):
                slope = slope + load(work.d, d_at + o + block * step)
            store(work.parts, at, slope)
            at += lanes


@inlined
def over_blocks(product, a, d, a_at, d_at, a_step, d_step, blocks):
    """Adds a·dz of the other blocks to that of the first, lane by lane."""
    for _ in range(1, blocks):
        a_at += a_step
        d_at += d_step
        product = fma(load(a, a_at), load(d, d_at), product)
    return product


@inlined
def gradient(code, c, w, memory, slot, work, whole_gradient):
    """Sums the products over their lanes, and moves the parameters by that or keeps it in `work.g`."""
    lanes = lanes_of(w)
    for at in range(0, slot, lanes):
        g = totals(work.parts, at * lanes)
        if whole_gradient:
            store(work.g, at, g)
        else:
            store(w, at, moved(code, c, load(w, at), g, memory, at, slot + at))


@compiled
def open_gates(plan, work, key, blocks, step):
    """What is switched off, and the dropout of an update."""
    lanes, share = lanes_of(work.gates), 1.0 / plan.exact[KEPT_SHARE]
    first, end = item(plan.lines, 1), plan.lines[-1]
    for i in range(blocks * lanes):
        at = i // lanes * step + i % lanes
        for line in range(first, end):
            heard = is_heard(key, line, i, plan.whole[DROPOUT])
            work.gates[at + line * lanes] = work.units[line] * (share if heard else 0.0)


@compiled
def mark_rows(valid, count):
    """Which lanes are rows."""
    for i in range(valid.size):
        valid[i] = 1.0 if i < count else 0.0


@njit(nogil=True, _nrt=False, cache=True, error_model="numpy")
def train(plan, work, c, x, y, line, words, epoch, w, memory, scalars, flags, dials, losses, stride, updates):
    """Does at most `updates` updates; see `arguments.Loop`."""
    whole, lanes = plan.whole, lanes_of(w)
    rows, batch, n_in, n_out = whole[ROWS], whole[BATCH], item(plan.sizes, 0), plan.sizes[-1]
    out_line = plan.lines[-1] * lanes
    blocks, length = -(-batch // lanes), -(-rows // batch)
    step = (plan.lines[-1] + n_out) * lanes  # from one block's lines to the next one's
    x_step, y_step, x_first = blocks * n_in * lanes, blocks * n_out * lanes, blocks * step
    slot, code, loss_code, optimizer = memory.size // 2, plan.activations[-1], whole[LOSS], whole[OPTIMIZER]
    gated, shortcuts, dropout = whole[IS_GATED], whole[HAS_SHORTCUTS], whole[DROPOUT]
    whole_gradient = whole[IS_PENALIZED] + whole[IS_CLIPPED] + whole[IS_MASKED]
    scale = batch if loss_code == CROSS_ENTROPY else batch * n_out
    part, staged, next_staged, counted = flags[UPDATE] % length, 0, 0, -1
    until_kept = -flags[UPDATE] % stride
    for _ in range(updates):
        if load_flag(flags, STOP):
            return STOPPED
        t = flags[UPDATE]
        count = min(batch, rows - part * batch)
        if count != counted:
            mark_rows(work.valid, count)
            scale = count if loss_code == CROSS_ENTROPY else count * n_out
            counted = count
        if next_staged == staged:
            if length > 1 or staged == 0:
                if length > 1:
                    go_to(epoch, line, words, t // length)
                staged = min(max(1, STAGED // blocks), length - part)
                for k in range(staged):
                    first = (part + k) * batch
                    those = min(batch, rows - first)
                    stage(x, n_in, line, first, those, work.a, x_first + k * x_step)
                    stage(y, n_out, line, first, those, work.y, k * y_step)
            next_staged = 0
        x_at, y_at = x_first + next_staged * x_step, next_staged * y_step
        if dropout:
            open_gates(plan, work, update_key(whole[SEED], t), blocks, step)
        cost = like(load(work.a, 0), 0.0)
        share = like(cost, 1.0 / scale)
        for block in range(blocks):
            base, of_block = block * step, y_at + block * n_out * lanes
            forward(plan, w, work, base, x_at + block * n_in * lanes, gated)
            out, valid = base + out_line, load(work.valid, block * lanes)
            cost = cost + judge(loss_code, code, work.a, work.d, work.y, out, of_block, lanes, n_out, valid, share)
        loss = float(total(cost)) / scale
        if until_kept == 0:
            losses[t // stride] = loss
            until_kept = stride
        until_kept -= 1
        if load_flag(flags, WANTED):
            publish(flags, loss, plan, w)
        if not isfinite(loss):
            return DIVERGED
        if loss < dials[GOAL_LOSS]:
            return GOAL
        for block in range(blocks):
            backward(plan, w, work, block * step, gated, shortcuts)
        prepare_update(whole, plan.exact, scalars, dials[RATE], t, c)
        products(plan, work, x_at, step, blocks)
        gradient(optimizer, c, w, memory, slot, work, whole_gradient)
        if whole_gradient:
            squares = finish(whole, plan.exact, c, w, work.g, work.weights, work.keep, 0, slot)
            apply(whole, plan.exact, c, w, work.g, memory, slot, work.keep, squares, 0, slot)
        note_loss(whole, plan.exact, scalars, t, loss)
        next_staged += 1
        part += 1
        if part == length:
            part = 0
        store_flag(flags, UPDATE, t + 1)
    return DONE
