"""What the compiled loops share about one vector of rows: a neuron's activation, the loss, and the way back.

Columns lie in arrays `a` and `d` as one line per neuron, some lanes of a line being the rows of one vector. `d` holds
the slope of the activation after the forward pass and the slope of the loss (dz) after the backward pass.
"""

from __future__ import annotations

from visualnn.nn.kernels.elementary import exp_negative, log_positive, sigmoid
from visualnn.nn.kernels.formulas import (
    BINARY_CROSS_ENTROPY,
    CROSS_ENTROPY,
    SOFTMAX,
    activated,
    doubted,
    missed,
)
from visualnn.nn.kernels.vector import fma, inlined, like, load, maximum, store, where_positive


@inlined
def settle(code, z, a, d, gates, gated, at, source):
    """Puts the activation of a sum at this place of `a`. `source`: where a shortcut comes from, or −1."""
    value, slope = activated(code, z)
    if source >= 0:
        value = value + load(a, source)
    if gated:
        gate = load(gates, at)
        value, slope = value * gate, slope * gate
    store(a, at, value)
    store(d, at, slope)


@inlined
def give_back(arriving, d, carried, gates, gated, shortcuts, at, source):
    """Turns da of a neuron, `arriving` from the layer after it, into dz at this place of `d`."""
    if shortcuts:
        arriving = arriving + load(carried, at)
        store(carried, at, like(arriving, 0.0))
        if source >= 0:
            through = arriving * load(gates, at) if gated else arriving
            store(carried, source, load(carried, source) + through)
    store(d, at, arriving * load(d, at))


@inlined
def judge(loss, code, a, d, y, at, y_at, step, outputs, valid, share):
    """The losses of one vector of rows; turns their sums in `a` into activations and writes dz into `d`.

    Outputs lie `step` apart. `valid` is above 0 for lanes that are rows, `share` what a row's slope counts for.
    """
    if loss == CROSS_ENTROPY:
        return _judge_softmax(a, d, y, at, y_at, step, outputs, valid, share)
    if code == SOFTMAX:
        return _judge_shares(loss, a, d, y, at, y_at, step, outputs, valid, share)
    cost = like(valid, 0.0)
    for o in range(outputs):
        z, target = load(a, at + o * step), load(y, y_at + o * step)
        if loss == BINARY_CROSS_ENTROPY:
            answer = sigmoid(z)
            value, slope = doubted(z, target), answer - target
        else:
            answer, bend = activated(code, z)
            value, slope = missed(loss, answer, target)
            slope = slope * bend
        cost = cost + value
        store(a, at + o * step, answer)
        store(d, at + o * step, where_positive(valid, slope * share, like(valid, 0.0)))
    return where_positive(valid, cost, like(valid, 0.0))


@inlined
def softmax(a, at, step, outputs):
    """Turns sums into eᶻ / Σ eᶻ."""
    top = _largest(a, at, step, outputs)
    mass = like(top, 0.0)
    for o in range(outputs):
        e = exp_negative(load(a, at + o * step) - top)
        mass = mass + e
        store(a, at + o * step, e)
    share = like(top, 1.0) / mass
    for o in range(outputs):
        store(a, at + o * step, load(a, at + o * step) * share)


@inlined
def _largest(a, at, step, outputs):
    top = load(a, at)
    for o in range(1, outputs):
        top = maximum(top, load(a, at + o * step))
    return top


@inlined
def _judge_softmax(a, d, y, at, y_at, step, outputs, valid, share):
    """Softmax with cross-entropy: −Σ y·log p, from the sums."""
    zero, one, top = like(valid, 0.0), like(valid, 1.0), _largest(a, at, step, outputs)
    cost, hits, mass = zero, zero, zero
    for o in range(outputs):
        below, target = load(a, at + o * step) - top, load(y, y_at + o * step)
        e = exp_negative(below)
        cost, hits, mass = fma(-target, below, cost), hits + target, mass + e
        store(a, at + o * step, e)
    scale = one / mass
    for o in range(outputs):
        answer = load(a, at + o * step) * scale
        slope = fma(answer, hits, -load(y, y_at + o * step))
        store(a, at + o * step, answer)
        store(d, at + o * step, where_positive(valid, slope * share, zero))
    return where_positive(valid, fma(hits, log_positive(mass), cost), zero)


@inlined
def _judge_shares(loss, a, d, y, at, y_at, step, outputs, valid, share):
    """Softmax with a loss that asks how far off each share is."""
    softmax(a, at, step, outputs)
    cost, drag = like(valid, 0.0), like(valid, 0.0)
    for o in range(outputs):
        answer = load(a, at + o * step)
        value, slope = missed(loss, answer, load(y, y_at + o * step))
        cost, drag = cost + value, drag + slope * answer
        store(d, at + o * step, slope)
    for o in range(outputs):
        slope = load(a, at + o * step) * (load(d, at + o * step) - drag)
        store(d, at + o * step, where_positive(valid, slope * share, like(valid, 0.0)))
    return where_positive(valid, cost, like(valid, 0.0))
