"""What compiled loops do once for an update: the learning rate, the constants of the optimizer, dropout, shots."""

from __future__ import annotations

from math import cos, pi, sqrt

import numpy as np

from visualnn.nn.dropout import ROW_STEP, UNIT_STEP
from visualnn.nn.kernels.arguments import ERA, SEQUENCE, SHOT_HEAD, UPDATE, WANTED
from visualnn.nn.kernels.flags import load_flag, put, store_flag
from visualnn.nn.kernels.formulas import ADAM, ADAMW, NADAM
from visualnn.nn.kernels.numbers import (
    AHEAD_G,
    AHEAD_M,
    BATCH,
    DECAY,
    EPS_NOW,
    FLOOR,
    GAMMA,
    OPTIMIZER,
    PATIENCE,
    PERIOD,
    ROWS,
    RULE_BETA1,
    RULE_BETA2,
    RULE_EPS,
    SCHEDULE,
    STEP,
    WARMUP,
    WEIGHT_DECAY,
)
from visualnn.nn.kernels.vector import compiled, inlined
from visualnn.nn.optimizers import MOMENTUM_DECAY
from visualnn.nn.schedule import (
    BAD_EPOCHS,
    BEST,
    BETA1_POWER,
    BETA2_POWER,
    BETTER,
    EPOCH_LOSS,
    FACTOR,
    MU_PRODUCT,
    SCHEDULES,
)

CONSTANT, STEPWISE, EXPONENTIAL, COSINE, PLATEAU = range(len(SCHEDULES))


@inlined
def prepare_update(whole, exact, scalars, rate, t, c):
    """Makes the constants of update t + 1 at this learning rate."""
    if whole[SCHEDULE] != CONSTANT or whole[WARMUP] > 0:
        rate *= scheduled(whole, exact, scalars, t)
    code = whole[OPTIMIZER]
    step = rate
    c[DECAY] = 1.0 - rate * exact[WEIGHT_DECAY]
    if code == ADAM or code == ADAMW or code == NADAM:
        scalars[BETA1_POWER] *= exact[RULE_BETA1]
        scalars[BETA2_POWER] *= exact[RULE_BETA2]
        share = sqrt(1.0 - scalars[BETA2_POWER])
        step *= share
        c[EPS_NOW] = exact[RULE_EPS] * share
        if code == NADAM:
            look_ahead(exact, scalars, t, c)
        else:
            step /= 1.0 - scalars[BETA1_POWER]
    c[STEP] = step


@compiled
def look_ahead(exact, scalars, t, c):
    """NAdam's shares of the gradient and of the first moment."""
    now = exact[RULE_BETA1] * (1.0 - 0.5 * 0.96 ** ((t + 1) * MOMENTUM_DECAY))
    following = exact[RULE_BETA1] * (1.0 - 0.5 * 0.96 ** ((t + 2) * MOMENTUM_DECAY))
    scalars[MU_PRODUCT] *= now
    c[AHEAD_G] = (1.0 - now) / (1.0 - scalars[MU_PRODUCT])
    c[AHEAD_M] = following / (1.0 - scalars[MU_PRODUCT] * following)


@compiled
def scheduled(whole, exact, scalars, t):
    """`schedule.factor`."""
    warm = min(1.0, (t + 1) / whole[WARMUP]) if whole[WARMUP] else 1.0
    code, period = whole[SCHEDULE], whole[PERIOD]
    if code == STEPWISE:
        return warm * max(exact[FLOOR], exact[GAMMA] ** float(t // period))
    if code == EXPONENTIAL:
        return warm * max(exact[FLOOR], exact[GAMMA] ** (t / period))
    if code == COSINE:
        done = min(t, period) / period
        return warm * (exact[FLOOR] + (1.0 - exact[FLOOR]) * 0.5 * (1.0 + cos(pi * done)))
    return warm * scalars[FACTOR] if code == PLATEAU else warm


@inlined
def note_loss(whole, exact, scalars, t, loss):
    """`schedule.note_loss`."""
    if whole[SCHEDULE] == PLATEAU:
        note_plateau(whole, exact, scalars, t, loss)


@compiled
def note_plateau(whole, exact, scalars, t, loss):
    """Tells the plateau rule the loss of update t + 1."""
    length = -(-whole[ROWS] // whole[BATCH])
    scalars[EPOCH_LOSS] += loss
    if (t + 1) % length:
        return
    mean = scalars[EPOCH_LOSS] / length
    scalars[EPOCH_LOSS] = 0.0
    if mean < scalars[BEST] * (1.0 - BETTER):
        scalars[BEST], scalars[BAD_EPOCHS] = mean, 0.0
    else:
        scalars[BAD_EPOCHS] += 1.0
    if scalars[BAD_EPOCHS] > whole[PATIENCE]:
        scalars[FACTOR], scalars[BAD_EPOCHS] = max(exact[FLOOR], scalars[FACTOR] * exact[GAMMA]), 0.0


@inlined
def mixed(x):
    """`dropout.mixed`."""
    x = np.uint32((x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D))
    x = np.uint32((x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B))
    return np.uint32(x ^ (x >> np.uint32(16)))


@compiled
def update_key(seed, t):
    """`dropout.update_key`."""
    word = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(t) * np.uint64(0xD1B54A32D192ED03)
    word ^= word >> np.uint64(32)
    return mixed(np.uint32(word & np.uint64(0xFFFFFFFF)))


@inlined
def is_heard(key, line, row, threshold):
    """`dropout.gates`: whether a neuron of a row of the batch is not silent."""
    number = np.uint32(line) * np.uint32(UNIT_STEP) + np.uint32(row) * np.uint32(ROW_STEP) + np.uint32(key)
    return mixed(np.uint32(number)) >= np.uint32(threshold)


@compiled
def begin_shot(flags, address, loss):
    """Writes the head of a shot: update, loss, number, era."""
    sequence = load_flag(flags, SEQUENCE) + 1
    put(address, 0, float(flags[UPDATE]))
    put(address, 1, float(loss))
    put(address, 2, float(sequence))
    put(address, 3, float(flags[ERA]))
    store_flag(flags, SEQUENCE, sequence)


@compiled
def publish(flags, loss, plan, w):
    """Makes the shot that is wanted, the parameters in the network's own layout; as `Control.fill`."""
    address = load_flag(flags, WANTED)
    begin_shot(flags, address, loss)
    at = SHOT_HEAD
    for layer in range(plan.starts.size):
        start, step, outputs = plan.starts[layer], plan.steps[layer], plan.sizes[layer + 1]
        for k in range(plan.sizes[layer] + 1):
            for o in range(outputs):
                put(address, at + o, float(w[start + k * step + o]))
            at += outputs
    store_flag(flags, WANTED, 0)
