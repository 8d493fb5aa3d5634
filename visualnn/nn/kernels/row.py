"""Training of small networks by one row at a time, with plain SGD: no vectors, and weights move on the way back.

The backward pass reads each weight once: it takes its share of da and moves it at once. This is what a batch of one row
and no memory, penalty or mask allow; everything else is `lane`'s.
"""

from __future__ import annotations

from math import isfinite

from numba import njit

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
from visualnn.nn.kernels.elementary import sigmoid
from visualnn.nn.kernels.flags import load_flag, store_flag
from visualnn.nn.kernels.formulas import BINARY_CROSS_ENTROPY, activated, doubted, missed
from visualnn.nn.kernels.numbers import LOSS, ROWS, SCHEDULE, WARMUP
from visualnn.nn.kernels.pace import CONSTANT, note_loss, publish, scheduled
from visualnn.nn.kernels.shuffle import go_to
from visualnn.nn.kernels.vector import fma, inlined, item, like, put_item


@inlined
def forward(plan, w, a, s):
    """Activations and slopes of all neurons, but of the outputs the sums."""
    layers = plan.starts.size
    for layer in range(layers):
        n_in, n_out = item(plan.sizes, layer), item(plan.sizes, layer + 1)
        source, out, start = item(plan.lines, layer), item(plan.lines, layer + 1), item(plan.starts, layer)
        code, bias, is_last = item(plan.activations, layer + 1), start + n_in * n_out, layer == layers - 1
        for o in range(n_out):
            z, k = item(w, bias + o), start + o
            for i in range(source, source + n_in):
                z = fma(item(w, k), item(a, i), z)
                k += n_out
            if is_last:
                put_item(a, out + o, z)
            else:
                value, slope = activated(code, z)
                put_item(a, out + o, value)
                put_item(s, out + o, slope)


@inlined
def judge(loss, code, a, d, y, out, y_at, n_out):
    """The loss of a row; dz of the outputs into `d`."""
    cost = like(item(a, out), 0.0)
    share = like(cost, 1.0 / n_out)
    for o in range(n_out):
        z, target = item(a, out + o), item(y, y_at + o)
        if loss == BINARY_CROSS_ENTROPY:
            value, slope = doubted(z, target), sigmoid(z) - target
        else:
            answer, bend = activated(code, z)
            value, slope = missed(loss, answer, target)
            slope *= bend
        cost += value
        put_item(d, out + o, slope * share)
    return float(cost * share)


@inlined
def go_back(plan, w, a, s, d, rate):
    """dz of the hidden neurons, and every parameter moved by its slope."""
    for layer in range(plan.starts.size - 1, -1, -1):
        n_in, n_out = item(plan.sizes, layer), item(plan.sizes, layer + 1)
        source, out, k = item(plan.lines, layer), item(plan.lines, layer + 1), item(plan.starts, layer)
        for i in range(source, source + n_in):
            x, da = item(a, i) * -rate, like(rate, 0.0)
            for o in range(out, out + n_out):
                slope, old = item(d, o), item(w, k)
                da = fma(old, slope, da)
                put_item(w, k, fma(x, slope, old))
                k += 1
            put_item(d, i, da * item(s, i))
        for o in range(out, out + n_out):
            put_item(w, k, fma(-rate, item(d, o), item(w, k)))
            k += 1


@njit(nogil=True, _nrt=False, cache=True, error_model="numpy")
def train(plan, a, s, d, x, y, line, words, epoch, w, scalars, flags, dials, losses, stride, updates):
    """Does at most `updates` updates; see `arguments.Loop`."""
    whole, rows, n_in, n_out = plan.whole, plan.whole[ROWS], item(plan.sizes, 0), plan.sizes[-1]
    loss_code, code, out = whole[LOSS], plan.activations[-1], plan.lines[-1]
    is_constant = whole[SCHEDULE] == CONSTANT and whole[WARMUP] == 0
    part, until_kept = flags[UPDATE] % rows, -flags[UPDATE] % stride
    if rows > 1:
        go_to(epoch, line, words, flags[UPDATE] // rows)
    for _ in range(updates):
        if load_flag(flags, STOP):
            return STOPPED
        t = flags[UPDATE]
        if part == rows:
            part = 0
            if rows > 1:
                go_to(epoch, line, words, t // rows)
        row = item(line, part)
        for i in range(n_in):
            put_item(a, i, item(x, row * n_in + i))
        forward(plan, w, a, s)
        loss = judge(loss_code, code, a, d, y, out, row * n_out, n_out)
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
        rate = dials[RATE]
        if not is_constant:
            rate *= scheduled(whole, plan.exact, scalars, t)
        go_back(plan, w, a, s, d, like(item(w, 0), rate))
        note_loss(whole, plan.exact, scalars, t, loss)
        part += 1
        store_flag(flags, UPDATE, t + 1)
    return DONE
