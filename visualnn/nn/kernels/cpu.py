"""The training loop compiled by Numba: `reference.train` without the GIL, some 25 times faster on small networks.

Everything about the network is a run-time value, so one compilation serves every network. Rows are taken in blocks that
lie across memory, one line of `a`, `z` and `dz` per neuron and one column per row, so that every inner loop runs over
rows side by side and the processor's vectors are used without reordering any sum a learner could check: ``z`` is added
up exactly as `trace.forward` does. Gradients are summed in another order than NumPy's.

Import through `choose.load` only.
"""

from __future__ import annotations

from math import exp, inf, isfinite, log, log1p, sqrt, tanh
from typing import Any

import numpy as np
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from visualnn.nn.functions import ACTIVATIONS, LEAK, LOSSES
from visualnn.nn.kernels.arguments import (
    DIVERGED,
    DONE,
    ERA,
    GOAL,
    GOAL_LOSS,
    RATE,
    RUNNING,
    SEQUENCE,
    SHOT_ERA,
    SHOT_HEAD,
    SHOT_LOSS,
    SHOT_UPDATE,
    SHOT_WHY,
    STOP,
    STOPPED,
    UPDATE,
    WANTED,
    Control,
    Data,
    Integers,
    Plan,
    State,
)
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.optimizers import MEMORY_SLOTS, OPTIMIZERS, Optimizer

BLOCK = 128  # rows side by side; their numbers for a small network stay in the first-level cache

RELU, LEAKY_RELU, TANH, SIGMOID, LINEAR, SOFTMAX = map(
    ACTIVATIONS.index, ("relu", "leaky_relu", "tanh", "sigmoid", "linear", "softmax")
)
MSE, BINARY_CROSS_ENTROPY, CROSS_ENTROPY = map(LOSSES.index, ("mse", "binary_cross_entropy", "cross_entropy"))
SGD, MOMENTUM, ADAM = map(OPTIMIZERS.index, ("sgd", "momentum", "adam"))

NARROW = 4  # layers with fewer outputs do not fill the processor's vectors

Work = tuple[Matrix, Matrix, Matrix, Matrix, Matrix]  # a, z, dz, y with a line per neuron; dz of a layer turned round

compiled = njit(nogil=True, cache=True, error_model="numpy")
inlined = njit(nogil=True, cache=True, error_model="numpy", inline="always")  # arrays are slow to pass
helper = njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)  # quicker to compile


@intrinsic
def load(typing: Any, flags: Any, slot: Any) -> Any:
    """A flag as it is now: the compiler may not keep an older value, and nothing after it is read before it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load_atomic(_place(context, builder, signature, arguments), "acquire", 8)

    return types.int64(flags, types.intp), generate


@intrinsic
def store(typing: Any, flags: Any, slot: Any, value: Any) -> Any:
    """Sets a flag; whatever was written before it is visible to whoever sees it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store_atomic(arguments[2], _place(context, builder, signature, arguments), "release", 8)
        return context.get_dummy_value()

    return types.void(flags, types.intp, types.int64), generate


def _place(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    return cgutils.gep_inbounds(builder, array.data, arguments[1])


@helper
def gather(x: Matrix, rows: Integers, a: Matrix) -> None:
    """These rows as columns of `a`."""
    for i in range(x.shape[1]):
        for r in range(rows.size):
            a[i, r] = x[rows[r], i]


@helper
def add_products(
    out: Matrix, line: int, source: Matrix, first: int, count: int, parameters: Vector, w: int, step: int, rows: int
) -> None:
    """Adds Σ source·weight to a line, in order: `count` lines from `first` on, weights from `w` on, `step` apart."""
    for k in range(0, count - 3, 4):
        p, v = first + k, w + k * step
        w0, w1, w2, w3 = parameters[v], parameters[v + step], parameters[v + 2 * step], parameters[v + 3 * step]
        for r in range(rows):
            total = out[line, r] + source[p, r] * w0 + source[p + 1, r] * w1
            out[line, r] = total + source[p + 2, r] * w2 + source[p + 3, r] * w3
    for k in range(count - count % 4, count):
        weight = parameters[w + k * step]
        for r in range(rows):
            out[line, r] += source[first + k, r] * weight


@compiled
def affine(parameters: Vector, w: int, a: Matrix, column: int, n_in: int, z: Matrix, n_out: int, rows: int) -> None:
    """z = x·w + b for one layer: x in the lines of `a` from `column` on, its weights from place `w` on."""
    for o in range(n_out):
        line = column + n_in + o
        for r in range(rows):
            z[line, r] = 0.0
        add_products(z, line, a, column, n_in, parameters, w + o, n_out, rows)
        bias = parameters[w + n_in * n_out + o]
        for r in range(rows):
            z[line, r] += bias


@helper
def activate(code: int, z: Matrix, a: Matrix, column: int, units: int, rows: int) -> None:
    """The activations `a` of the sums `z`, lines from `column` on."""
    if code == SOFTMAX:
        softmax(z, a, column, units, rows)
        return
    for line in range(column, column + units):
        if code == RELU:
            for r in range(rows):
                a[line, r] = 0.0 if z[line, r] <= 0.0 else z[line, r]
        elif code == LEAKY_RELU:
            for r in range(rows):
                a[line, r] = z[line, r] if z[line, r] > 0.0 else LEAK * z[line, r]
        elif code == TANH:
            for r in range(rows):
                a[line, r] = tanh(z[line, r])
        elif code == SIGMOID:
            for r in range(rows):
                e = exp(-abs(z[line, r]))
                a[line, r] = (1.0 if z[line, r] >= 0.0 else e) / (1.0 + e)
        else:
            for r in range(rows):
                a[line, r] = z[line, r]


@helper
def softmax(z: Matrix, a: Matrix, column: int, units: int, rows: int) -> None:
    """eᶻ / Σ eᶻ of each row, shifted by the largest."""
    for r in range(rows):
        top = largest(z, column, units, r)
        total = 0.0
        for line in range(column, column + units):
            a[line, r] = exp(z[line, r] - top)
            total += a[line, r]
        for line in range(column, column + units):
            a[line, r] /= total


@helper
def largest(z: Matrix, column: int, units: int, r: int) -> float:
    """The largest sum of one row. A NaN among them shows in whatever is made of them."""
    top = -inf
    for line in range(column, column + units):
        top = max(top, z[line, r])
    return top


@helper
def activation_backward(code: int, a: Matrix, dz: Matrix, column: int, units: int, rows: int) -> None:
    """Turns da, given in `dz`, into dz. The slopes are functions of the activations alone."""
    if code == SOFTMAX:
        softmax_backward(a, dz, column, units, rows)
        return
    for line in range(column, column + units):
        if code == RELU:
            for r in range(rows):
                dz[line, r] *= 1.0 if a[line, r] > 0.0 else 0.0
        elif code == LEAKY_RELU:
            for r in range(rows):
                dz[line, r] *= 1.0 if a[line, r] > 0.0 else LEAK
        elif code == TANH:
            for r in range(rows):
                dz[line, r] *= 1.0 - a[line, r] * a[line, r]
        elif code == SIGMOID:
            for r in range(rows):
                dz[line, r] *= a[line, r] * (1.0 - a[line, r])


@helper
def softmax_backward(a: Matrix, dz: Matrix, column: int, units: int, rows: int) -> None:
    """dz = a·(da − Σ da·a) of each row."""
    for r in range(rows):
        total = 0.0
        for line in range(column, column + units):
            total += dz[line, r] * a[line, r]
        for line in range(column, column + units):
            dz[line, r] = a[line, r] * (dz[line, r] - total)


@helper
def output_loss(code: int, z: Matrix, a: Matrix, y: Matrix, column: int, outputs: int, rows: int) -> float:
    """The sum of the losses of a block's rows, as `functions.loss_rows`."""
    total = 0.0
    if code == CROSS_ENTROPY:
        for r in range(rows):
            total += row_cross_entropy(z, y, column, outputs, r)
        return total
    for o in range(outputs):
        line = column + o
        if code == MSE:
            for r in range(rows):
                total += (a[line, r] - y[o, r]) * (a[line, r] - y[o, r])
        else:
            for r in range(rows):
                s = z[line, r]
                total += (0.0 if s <= 0.0 else s) - s * y[o, r] + log1p(exp(-abs(s)))
    return total / outputs


@helper
def row_cross_entropy(z: Matrix, y: Matrix, column: int, outputs: int, r: int) -> float:
    """−Σ y·log softmax(z) of one row."""
    top = largest(z, column, outputs, r)
    total = 0.0
    for line in range(column, column + outputs):
        total += exp(z[line, r] - top)
    log_total = log(total)
    loss = 0.0
    for o in range(outputs):
        loss -= y[o, r] * (z[column + o, r] - top - log_total)
    return loss


@helper
def loss_backward(
    code: int, a: Matrix, dz: Matrix, y: Matrix, column: int, outputs: int, rows: int, batch: int
) -> None:
    """A block's part of `functions.loss_backward`: dz of the output layer, but da for the squared error."""
    if code == CROSS_ENTROPY:
        for r in range(rows):
            mass = 0.0
            for o in range(outputs):
                mass += y[o, r]
            for o in range(outputs):
                dz[column + o, r] = (a[column + o, r] * mass - y[o, r]) / batch
        return
    share = float(batch * outputs)
    factor = 2.0 if code == MSE else 1.0
    for o in range(outputs):
        for r in range(rows):
            dz[column + o, r] = factor * (a[column + o, r] - y[o, r]) / share


@helper
def dot(a: Matrix, line: int, dz: Matrix, other: int, rows: int) -> float:
    """Σ a·dz over the rows of a block, in four sums so that they need not wait for each other."""
    s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
    for r in range(0, rows - 3, 4):
        s0 += a[line, r] * dz[other, r]
        s1 += a[line, r + 1] * dz[other, r + 1]
        s2 += a[line, r + 2] * dz[other, r + 2]
        s3 += a[line, r + 3] * dz[other, r + 3]
    for r in range(rows - rows % 4, rows):
        s0 += a[line, r] * dz[other, r]
    return (s0 + s1) + (s2 + s3)


@helper
def parameter_slopes(
    g: Vector, w: int, a: Matrix, column: int, n_in: int, dz: Matrix, n_out: int, rows: int, turned: Matrix
) -> None:
    """Adds a block's share of dw and db of one layer to `g`; the place of each is that of its parameter."""
    if n_out < NARROW:
        for i in range(n_in):
            for o in range(n_out):
                g[w + i * n_out + o] += dot(a, column + i, dz, column + n_in + o, rows)
    else:
        for o in range(n_out):
            for r in range(rows):
                turned[r, o] = dz[column + n_in + o, r]
        for i in range(n_in):
            add_rows(g, w + i * n_out, a, column + i, turned, n_out, rows)
    for o in range(n_out):
        total = 0.0
        for r in range(rows):
            total += dz[column + n_in + o, r]
        g[w + n_in * n_out + o] += total


@helper
def add_rows(g: Vector, start: int, a: Matrix, line: int, turned: Matrix, n_out: int, rows: int) -> None:
    """One input's share of dw, outputs side by side: adds Σ a·dz over the rows, four rows at a time."""
    slopes = g[start : start + n_out]
    for k in range(0, rows - 3, 4):
        a0, a1, a2, a3 = a[line, k], a[line, k + 1], a[line, k + 2], a[line, k + 3]
        for o in range(n_out):
            total = slopes[o] + turned[k, o] * a0 + turned[k + 1, o] * a1
            slopes[o] = total + turned[k + 2, o] * a2 + turned[k + 3, o] * a3
    for k in range(rows - rows % 4, rows):
        for o in range(n_out):
            slopes[o] += turned[k, o] * a[line, k]


@helper
def input_slopes(parameters: Vector, w: int, column: int, n_in: int, dz: Matrix, n_out: int, rows: int) -> None:
    """The slopes of a layer's inputs, da = dz·wᵀ, into their lines of `dz`."""
    for i in range(n_in):
        for r in range(rows):
            dz[column + i, r] = 0.0
        add_products(dz, column + i, dz, column + n_in, n_out, parameters, w + i * n_out, 1, rows)


@inlined
def block_gradient(
    plan: Plan, data: Data, rows: Integers, size: int, parameters: Vector, g: Vector, work: Work
) -> float:
    """Adds the gradient of a block of a batch of `size` rows to `g`; the sum of its rows' losses."""
    a, z, dz, y, turned = work
    layers, sizes, n = plan.activations.size, plan.sizes, rows.size
    gather(data.inputs, rows, a)
    column, w = 0, 0  # where the layer's inputs lie in `a`, and its weights in `parameters`
    for layer in range(layers):
        n_in, n_out = sizes[layer], sizes[layer + 1]
        affine(parameters, w, a, column, n_in, z, n_out, n)
        column += n_in
        w += (n_in + 1) * n_out
        activate(plan.activations[layer], z, a, column, n_out, n)
    gather(data.targets, rows, y)
    loss: float = output_loss(plan.loss, z, a, y, column, sizes[layers], n)
    loss_backward(plan.loss, a, dz, y, column, sizes[layers], n, size)
    for layer in range(layers - 1, -1, -1):
        n_in, n_out = sizes[layer], sizes[layer + 1]
        if layer < layers - 1 or plan.loss == MSE:
            activation_backward(plan.activations[layer], a, dz, column, n_out, n)
        column -= n_in
        w -= (n_in + 1) * n_out
        parameter_slopes(g, w, a, column, n_in, dz, n_out, n, turned)
        if layer:
            input_slopes(parameters, w, column, n_in, dz, n_out, n)
    return loss


@inlined
def gradient(plan: Plan, data: Data, rows: Integers, parameters: Vector, g: Vector, work: Work) -> float:
    """The loss over these rows of the data, and its slope with respect to every parameter into `g`."""
    g[:] = 0.0
    loss = 0.0
    width = work[0].shape[1]
    for start in range(0, rows.size, width):
        part = rows[start : min(start + width, rows.size)]
        loss += block_gradient(plan, data, part, rows.size, parameters, g, work)
    return loss / rows.size


@compiled
def apply_update(code: int, constants: Vector, rate: float, w: Vector, g: Vector, memory: Matrix, t: int) -> None:
    """One update in place, the formulas of `optimizers.apply_update` in the same order, to the last bit."""
    mu, beta1, beta2, eps = constants[0], constants[1], constants[2], constants[3]
    if code == SGD:
        for k in range(w.size):
            w[k] -= rate * g[k]
    elif code == MOMENTUM:
        for k in range(w.size):
            memory[0, k] = mu * memory[0, k] + g[k]
            w[k] -= rate * memory[0, k]
    else:
        correction1, correction2 = 1.0 - beta1 ** float(t), 1.0 - beta2 ** float(t)
        for k in range(w.size):
            memory[0, k] = beta1 * memory[0, k] + (1.0 - beta1) * g[k]
            memory[1, k] = beta2 * memory[1, k] + (1.0 - beta2) * g[k] * g[k]
            w[k] -= rate * (memory[0, k] / correction1) / (sqrt(memory[1, k] / correction2) + eps)


@helper
def publish(control: Control, parameters: Vector, loss: float) -> None:
    """Makes the shot of this moment, as `Control.publish`."""
    flags, shots = control.flags, control.shots
    following = load(flags, SEQUENCE) + 1
    side = following % 2
    shots[side, SHOT_UPDATE] = flags[UPDATE]
    shots[side, SHOT_LOSS] = loss
    shots[side, SHOT_WHY] = RUNNING
    shots[side, SHOT_ERA] = flags[ERA]
    for k in range(parameters.size):
        shots[side, SHOT_HEAD + k] = parameters[k]
    store(flags, SEQUENCE, following)
    store(flags, WANTED, 0)


@compiled
def workspace(sizes: Integers, width: int) -> Work:
    """Room for a block of `width` rows."""
    lines = sizes.sum()
    shape = (lines, width)
    return (
        np.empty(shape),
        np.empty(shape),
        np.empty(shape),
        np.empty((sizes[-1], width)),
        np.empty((width, sizes.max())),
    )


@compiled
def train(plan: Plan, data: Data, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
    """Does at most `updates` updates; see `arguments`."""
    flags, dials, parameters = control.flags, control.dials, state.parameters
    rows = data.inputs.shape[0]
    epoch_length = -(-rows // data.batch)
    first_epoch = flags[UPDATE] // epoch_length
    work = workspace(plan.sizes, min(BLOCK, data.batch, rows))
    g = np.empty(parameters.size)
    for _ in range(updates):
        if load(flags, STOP):
            return STOPPED
        t = flags[UPDATE]
        order = data.order[(t // epoch_length - first_epoch) % data.order.shape[0]]
        start = t % epoch_length * data.batch
        loss = gradient(plan, data, order[start : min(start + data.batch, rows)], parameters, g, work)
        if t % stride == 0:
            losses[t // stride] = loss
        if load(flags, WANTED):
            publish(control, parameters, loss)
        if not isfinite(loss):
            return DIVERGED
        if loss < dials[GOAL_LOSS]:
            return GOAL
        apply_update(plan.optimizer, plan.constants, dials[RATE], parameters, g, state.memory, t + 1)
        store(flags, UPDATE, t + 1)
    return DONE


def warm() -> None:
    """Compiles `train`, or loads it from the cache, by one update of the smallest network."""
    network = Network.of(1, 1)
    optimizer = Optimizer()
    x = np.zeros((1, 1))
    x.setflags(write=False)
    data = Data(x, x, np.zeros((1, 1), dtype=np.int64), 1)
    state = State(np.zeros(2), np.zeros((MEMORY_SLOTS[optimizer.name], 2)))
    train(Plan.of(network, "mse", optimizer), data, state, Control.of(2, 0.1, None), np.zeros(1), 1, 1)
