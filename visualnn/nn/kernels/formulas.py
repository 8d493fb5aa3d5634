"""Activations, losses and optimizers for vectors: `functions` and `optimizers` once more.

A lane is a row, or a parameter. The codes are the places of the names in `ACTIVATIONS`, `LOSSES` and `OPTIMIZERS`.
"""

from __future__ import annotations

from math import pi, sqrt

from visualnn.nn.functions import ACTIVATIONS, HUBER_DELTA, LEAK, LOSSES
from visualnn.nn.kernels.elementary import erf_given, exp_negative, log_one_plus, sigmoid, tanh
from visualnn.nn.kernels.numbers import (
    AHEAD_G,
    AHEAD_M,
    BETA1,
    BETA1_REST,
    BETA2,
    BETA2_REST,
    DECAY,
    EPS,
    EPS_NOW,
    L1,
    L2_TWICE,
    MU,
    RHO,
    RHO_REST,
    STEP,
)
from visualnn.nn.kernels.vector import (
    above_zero,
    absolute,
    fma,
    inlined,
    like,
    load,
    root,
    signed_like,
    spread,
    store,
    where_positive,
)
from visualnn.nn.optimizers import OPTIMIZERS

(
    RELU,
    LEAKY_RELU,
    ELU,
    GELU,
    SILU,
    SOFTPLUS,
    TANH,
    SIGMOID,
    HARD_TANH,
    HARD_SIGMOID,
    HARD_SILU,
    LINEAR,
    SOFTMAX,
) = range(len(ACTIVATIONS))
MSE, MAE, HUBER, HINGE, BINARY_CROSS_ENTROPY, CROSS_ENTROPY = range(len(LOSSES))
SGD, MOMENTUM, NESTEROV, ADAGRAD, RMSPROP, ADAM, ADAMW, NADAM, LION = range(len(OPTIMIZERS))


@inlined
def activated(code, z):
    """The activation of z and its slope there; softmax, which mixes its units, is `losses`' business."""
    zero, one = like(z, 0.0), like(z, 1.0)
    if code == RELU:
        return above_zero(z), where_positive(z, one, zero)
    if code == TANH:
        a = tanh(z)
        return a, fma(-a, a, one)
    if code == SIGMOID:
        a = sigmoid(z)
        return a, a * (one - a)
    if code == LINEAR:
        return z, one
    return _rarely_activated(code, z)


@inlined
def _rarely_activated(code, z):
    one = like(z, 1.0)
    if code == LEAKY_RELU:
        leak = like(z, LEAK)
        return where_positive(z, z, leak * z), where_positive(z, one, leak)
    if code == ELU:
        return _elu(z)
    if code == GELU:
        e = exp_negative(like(z, -0.5) * z * z)
        share = like(z, 0.5) * (one + erf_given(z * like(z, sqrt(0.5)), e))
        return z * share, fma(z * e, like(z, 1.0 / sqrt(2.0 * pi)), share)
    if code == SILU:
        s = sigmoid(z)
        return z * s, s * fma(z, one - s, one)
    if code == SOFTPLUS:
        e = exp_negative(-absolute(z))
        return above_zero(z) + log_one_plus(e), where_positive(z, one, e) / (one + e)
    return _hard(code, z)


@inlined
def _elu(z):
    """z above 0, eᶻ − 1 below; near 0 by tanh, eᶻ − 1 = 2t/(1 − t) with t = tanh(z/2), so that no digit is lost."""
    one = like(z, 1.0)
    below = where_positive(z, like(z, 0.0), z)
    t = tanh(like(z, 0.5) * below)
    far = exp_negative(below) - one
    value = where_positive(below + one, (t + t) / (one - t), far)
    return where_positive(z, z, value), where_positive(z, one, value + one)


@inlined
def _hard(code, z):
    """The piecewise straight ones."""
    zero, one, three = like(z, 0.0), like(z, 1.0), like(z, 3.0)
    if code == HARD_TANH:
        inside = where_positive(one - absolute(z), one, zero)
        return where_positive(absolute(z) - one, signed_like(one, z), z), inside
    raised = z + three
    clipped = where_positive(raised - like(z, 6.0), like(z, 6.0), above_zero(raised))
    sixth = clipped / like(z, 6.0)
    if code == HARD_SIGMOID:
        return sixth, where_positive(three - absolute(z), like(z, 1.0 / 6.0), zero)
    bent = z / three + like(z, 0.5)
    return z * sixth, where_positive(raised, where_positive(three - z, bent, one), zero)


@inlined
def missed(code, a, y):
    """What one output costs, and the slope of that; for the losses that are not cross-entropies."""
    zero, e = like(a, 0.0), a - y
    if code == MSE:
        return e * e, e + e
    if code == MAE:
        return absolute(e), where_positive(e, like(a, 1.0), where_positive(-e, like(a, -1.0), e))
    if code == HUBER:
        delta, size = like(a, HUBER_DELTA), absolute(e)
        beyond = size - delta
        value = where_positive(beyond, delta * (size - like(a, 0.5) * delta), like(a, 0.5) * e * e)
        return value, where_positive(beyond, signed_like(delta, e), e)
    side = y + y - like(a, 1.0)
    lacking = fma(-side, a, like(a, 1.0))
    return above_zero(lacking), where_positive(lacking, -side, zero)


@inlined
def doubted(z, y):
    """The binary cross-entropy of one output, from its sum."""
    return above_zero(z) - z * y + log_one_plus(exp_negative(-absolute(z)))


@inlined
def moved(code, c, w, g, memory, m, v):
    """The parameters `w` after an update by the gradient `g`; their memory lies at `m` and `v`."""
    if code == SGD:
        return fma(spread(c, STEP), -g, w * spread(c, DECAY))
    w = w * spread(c, DECAY)
    if code == ADAM or code == ADAMW or code == NADAM:
        first = fma(spread(c, BETA1), load(memory, m), spread(c, BETA1_REST) * g)
        second = fma(spread(c, BETA2), load(memory, v), spread(c, BETA2_REST) * g * g)
        store(memory, m, first)
        store(memory, v, second)
        if code == NADAM:
            first = fma(spread(c, AHEAD_M), first, spread(c, AHEAD_G) * g)
        return w - spread(c, STEP) * first / (root(second) + spread(c, EPS_NOW))
    return _moved_by_one_slot(code, c, w, g, memory, m)


@inlined
def _moved_by_one_slot(code, c, w, g, memory, m):
    """The optimizers that remember one number for each parameter."""
    old, step, mu = load(memory, m), spread(c, STEP), spread(c, MU)
    if code == MOMENTUM or code == NESTEROV:
        velocity = fma(mu, old, g)
        store(memory, m, velocity)
        return fma(step, -(fma(mu, velocity, g) if code == NESTEROV else velocity), w)
    if code == LION:
        one, u = like(g, 1.0), fma(spread(c, BETA1), old, spread(c, BETA1_REST) * g)
        store(memory, m, fma(spread(c, BETA2), old, spread(c, BETA2_REST) * g))
        return fma(step, -where_positive(u, one, where_positive(-u, -one, u)), w)
    squares = fma(spread(c, RHO), old, spread(c, RHO_REST) * g * g) if code == RMSPROP else fma(g, g, old)
    store(memory, m, squares)
    return w - step * g / (root(squares) + spread(c, EPS))


@inlined
def penalized(c, w, g):
    """A gradient with the slopes of l1·Σ|w| + l2·Σw²."""
    one = like(w, 1.0)
    sign = where_positive(w, one, where_positive(-w, -one, w))
    return fma(spread(c, L1), sign, fma(spread(c, L2_TWICE), w, g))
