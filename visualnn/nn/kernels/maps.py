"""What every neuron says for many inputs at once: the forward pass of `tile`, panel by panel, and nothing kept."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numba import njit

from visualnn.nn.functions import ACTIVATIONS
from visualnn.nn.kernels.formulas import SOFTMAX, activated
from visualnn.nn.kernels.judgement import softmax
from visualnn.nn.kernels.microtile import ROWS as HEIGHT
from visualnn.nn.kernels.numbers import WHOLE, Floats, Plan
from visualnn.nn.kernels.tile import forward
from visualnn.nn.kernels.vector import WIDTH, aligned, compiled, lanes_of, load, store
from visualnn.nn.network import Matrix, Network, Vector

PRECISION = "float32"  # colours need no more
PANEL = 2 * WIDTH[PRECISION]  # rows


@compiled
def answer(plan, a, out, width):
    """The activations of the outputs of one panel, from their sums."""
    lanes, outputs, code = lanes_of(a), plan.sizes[-1], plan.activations[-1]
    for j in range(0, width, lanes):
        if code == SOFTMAX:
            softmax(a, out + j, width, outputs)
        else:
            for at in range(out + j, out + outputs * width, width):
                store(a, at, activated(code, load(a, at))[0])


@njit(nogil=True, _nrt=False, cache=True, error_model="numpy")
def draw(plan, lines, w, x, a, d, out):
    """Activations of all neurons after the inputs, (neurons, rows), for the rows `x`, which are whole panels."""
    lanes, n_in = lanes_of(w), plan.sizes[0]
    width = 2 * lanes
    for first in range(0, out.shape[1], width):
        for i in range(width):
            for k in range(n_in):
                a[k * width + i] = x[first + i, k]
        for layer in range(plan.starts.size):
            tiles = -(-plan.sizes[layer + 1] // HEIGHT)
            forward(plan, lines, layer, w, a, d, d, 0, width, 0, tiles)
        answer(plan, a, lines[-2] * width, width)
        neuron = 0
        for column in range(1, plan.sizes.size):
            for line in range(lines[column], lines[column] + plan.sizes[column]):
                for i in range(width):
                    out[neuron, first + i] = a[line * width + i]
                neuron += 1


@np.errstate(over="ignore")
def activations(network: Network, parameters: Vector, x: Matrix) -> Floats:
    """Activations of all neurons after the inputs for rows `x`, (neurons, rows), in single precision."""
    sizes = network.sizes
    lines = np.concatenate([[0], np.cumsum([-(-n // 16) * 16 for n in sizes])]).astype(np.int64)
    steps = [-(-n // 16) * 16 for n in sizes[1:]]
    starts = np.concatenate([[0], np.cumsum([(n + 1) * s for n, s in zip(sizes, steps, strict=False)])]).astype(
        np.int64
    )
    w = aligned(int(starts[-1]) + HEIGHT * max(steps), PRECISION)
    for (first, _b), start, step, (n_in, n_out) in zip(network.offsets, starts, steps, pairwise(sizes), strict=False):
        values = parameters[first : first + (n_in + 1) * n_out].reshape(n_in + 1, n_out)
        w[start : start + (n_in + 1) * step].reshape(n_in + 1, step)[:, :n_out] = values
    codes = np.array([ACTIVATIONS.index(name) for name in ("linear", *network.activations)])
    shortcuts = np.array([-1 if source is None else source for source in network.shortcuts])
    plan = Plan(
        np.array(sizes),
        np.cumsum([0, *sizes[:-1]]),
        codes,
        shortcuts,
        starts[:-1].copy(),
        np.array(steps),
        np.zeros(WHOLE, dtype=np.int64),
        np.zeros(1),
    )
    rows = -(-len(x) // PANEL) * PANEL
    filled = np.zeros((rows, sizes[0]), dtype=PRECISION)
    filled[: len(x)] = x
    out = np.empty((sum(sizes[1:]), rows), dtype=PRECISION)
    room = int(lines[-1]) * PANEL
    draw(plan, lines, w, filled, aligned(room, PRECISION), aligned(room, PRECISION), out)
    return out[:, : len(x)]
