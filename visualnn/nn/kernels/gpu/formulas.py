"""Activations, losses and optimizers of one number: `functions` and `optimizers` once more, for kernels of a GPU.

Numbers are float32; a Python float among them would make the compiler compute in 64 bits. The codes are the places of
the names in `ACTIVATIONS`, `LOSSES` and `OPTIMIZERS`. NaN goes in and comes out.
"""

from __future__ import annotations

import math
from math import pi, sqrt
from typing import Any

from visualnn.nn.dropout import ROW_STEP, UNIT_STEP
from visualnn.nn.functions import ACTIVATIONS, HUBER_DELTA, LEAK, LOSSES
from visualnn.nn.kernels.gpu.door import float32, inlined, uint32
from visualnn.nn.kernels.numbers import BETA1, BETA1_REST, BETA2, BETA2_REST, EPS, L1, L2_TWICE, MU, RHO, RHO_REST
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

ROOT_HALF, BELL = sqrt(0.5), 1.0 / sqrt(2.0 * pi)


@inlined
def exp(x: Any) -> Any:
    """eˣ."""
    return float32(math.exp(x))


@inlined
def sigmoid(z: Any) -> Any:
    """1 / (1 + e⁻ᶻ), without overflow on either side."""
    e = float32(math.exp(-abs(z)))
    return (float32(1) if z >= float32(0) else e) / (float32(1) + e)


@inlined
def above_zero(z: Any) -> Any:
    """Whatever of z is above 0."""
    return float32(0) if z <= float32(0) else z


@inlined
def sign(z: Any) -> Any:
    """−1, 0 or 1."""
    if z > float32(0):
        return float32(1)
    return float32(-1) if z < float32(0) else z


@inlined
def activated(code: Any, z: Any) -> Any:
    """The activation of z and its slope there; softmax, which mixes its units, is the business of the loss."""
    zero, one = float32(0), float32(1)
    if code == RELU:
        return above_zero(z), one if z > zero else zero
    if code == TANH:
        a = float32(math.tanh(z))
        return a, one - a * a
    if code == SIGMOID:
        a = sigmoid(z)
        return a, a * (one - a)
    if code == LINEAR or code == SOFTMAX:
        return z, one
    return rarely_activated(code, z)


@inlined
def rarely_activated(code: Any, z: Any) -> Any:
    """Those that few networks have."""
    zero, one = float32(0), float32(1)
    if code == LEAKY_RELU:
        leak = float32(LEAK)
        return (z, one) if z > zero else (leak * z, leak)
    if code == ELU:
        below = float32(math.expm1(zero if z > zero else z))
        return (z, one) if z > zero else (below, below + one)
    if code == GELU:
        share = float32(0.5) * (one + float32(math.erf(z * float32(ROOT_HALF))))
        return z * share, share + z * exp(float32(-0.5) * z * z) * float32(BELL)
    if code == SILU:
        s = sigmoid(z)
        return z * s, s * (one + z * (one - s))
    if code == SOFTPLUS:
        return above_zero(z) + float32(math.log1p(exp(-abs(z)))), sigmoid(z)
    return hard(code, z)


@inlined
def hard(code: Any, z: Any) -> Any:
    """The piecewise straight ones."""
    zero, one, three = float32(0), float32(1), float32(3)
    if code == HARD_TANH:
        if z >= one:
            return one, zero
        return (float32(-1), zero) if z <= float32(-1) else (z, one)
    raised = above_zero(z + three)
    sixth = (float32(6) if raised > float32(6) else raised) / float32(6)
    if code == HARD_SIGMOID:
        return sixth, one / float32(6) if abs(z) < three else zero
    bent = z / three + float32(0.5) if z < three else one
    return z * sixth, zero if z <= float32(-3) else bent


@inlined
def missed(loss: Any, a: Any, y: Any) -> Any:
    """What one output costs, and the slope of that; for the losses that are not cross-entropies."""
    e = a - y
    if loss == MSE:
        return e * e, e + e
    if loss == MAE:
        return abs(e), sign(e)
    if loss == HUBER:
        delta, size = float32(HUBER_DELTA), abs(e)
        if size > delta:
            return delta * (size - float32(0.5) * delta), delta * sign(e)
        return float32(0.5) * e * e, e
    side = y + y - float32(1)
    lacking = float32(1) - side * a
    return above_zero(lacking), float32(0) if lacking <= float32(0) else -side


@inlined
def doubted(z: Any, y: Any) -> Any:
    """The binary cross-entropy of one output, from its sum."""
    return above_zero(z) - z * y + float32(math.log1p(exp(-abs(z))))


@inlined
def moved(
    optimizer: Any,
    fixed: Any,
    step: Any,
    eps_now: Any,
    decay: Any,
    ahead_g: Any,
    ahead_m: Any,
    w: Any,
    g: Any,
    m: Any,
    v: Any,
) -> Any:
    """A parameter and its two numbers of memory after an update by the gradient g; see `tables` for the constants."""
    w = w * decay
    if optimizer == SGD:
        return w - step * g, m, v
    if optimizer == ADAM or optimizer == ADAMW or optimizer == NADAM:
        m = fixed[uint32(BETA1)] * m + fixed[uint32(BETA1_REST)] * g
        v = fixed[uint32(BETA2)] * v + fixed[uint32(BETA2_REST)] * g * g
        ahead = ahead_m * m + ahead_g * g if optimizer == NADAM else m
        return w - step * ahead / (float32(math.sqrt(v)) + eps_now), m, v
    return moved_by_one_slot(optimizer, fixed, step, w, g, m, v)


@inlined
def moved_by_one_slot(optimizer: Any, fixed: Any, step: Any, w: Any, g: Any, m: Any, v: Any) -> Any:
    """The optimizers that remember one number for each parameter."""
    if optimizer == MOMENTUM or optimizer == NESTEROV:
        mu = fixed[uint32(MU)]
        m = mu * m + g
        return w - step * (g + mu * m if optimizer == NESTEROV else m), m, v
    if optimizer == LION:
        side = sign(fixed[uint32(BETA1)] * m + fixed[uint32(BETA1_REST)] * g)
        return w - step * side, fixed[uint32(BETA2)] * m + fixed[uint32(BETA2_REST)] * g, v
    m = fixed[uint32(RHO)] * m + fixed[uint32(RHO_REST)] * g * g if optimizer == RMSPROP else m + g * g
    return w - step * g / (float32(math.sqrt(m)) + fixed[uint32(EPS)]), m, v


@inlined
def penalized(fixed: Any, w: Any, g: Any) -> Any:
    """A gradient with the slopes of l1·Σ|w| + l2·Σw²."""
    return g + fixed[uint32(L1)] * sign(w) + fixed[uint32(L2_TWICE)] * w


@inlined
def mixed(x: Any) -> Any:
    """`dropout.mixed`."""
    x = uint32(uint32(x ^ (x >> uint32(16))) * uint32(0x7FEB352D))
    x = uint32(uint32(x ^ (x >> uint32(15))) * uint32(0x846CA68B))
    return uint32(x ^ (x >> uint32(16)))


@inlined
def is_heard(key: Any, line: Any, row: Any, threshold: Any) -> Any:
    """`dropout.gates`: whether a neuron of a row of the batch is not silent; all are uint32."""
    number = uint32(uint32(uint32(line) * uint32(UNIT_STEP)) + uint32(uint32(row) * uint32(ROW_STEP)))
    return mixed(uint32(number + key)) >= threshold
