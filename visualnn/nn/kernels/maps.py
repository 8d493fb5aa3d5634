"""The Python side of `drawing`: what every neuron says for many inputs at once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from visualnn import precompiled
from visualnn.nn.kernels.arguments import Integers
from visualnn.nn.kernels.numbers import EXACT, WHOLE, Layout, plan_with
from visualnn.nn.kernels.room import HEIGHT, WIDTH, Floats, aligned, rounded_up
from visualnn.nn.network import Matrix, Network, Vector

PRECISION = "float32"  # colours need no more
PANEL = 2 * WIDTH[PRECISION]  # rows


@np.errstate(over="ignore")
def activations(network: Network, parameters: Vector, x: Matrix) -> Floats:
    """Activations of all neurons after the inputs for rows `x`, (neurons, rows), in single precision."""
    sizes = network.sizes
    lines = _ends([rounded_up(n, PRECISION) for n in sizes])
    steps = [rounded_up(n, PRECISION) for n in sizes[1:]]
    starts = _ends([(n + 1) * step for n, step in zip(sizes, steps, strict=False)])
    w = aligned(int(starts[-1]) + HEIGHT * max(steps), PRECISION)
    for (first, _b), start, step, (n_in, n_out) in zip(network.offsets, starts, steps, pairwise(sizes), strict=False):
        values = parameters[first : first + (n_in + 1) * n_out].reshape(n_in + 1, n_out)
        w[start : start + (n_in + 1) * step].reshape(n_in + 1, step)[:, :n_out] = values
    layout = Layout(starts[:-1].copy(), np.array(steps, dtype=np.int64), int(starts[-1]))
    whole, exact = np.zeros(WHOLE, dtype=np.int64), np.zeros(EXACT)
    plan = plan_with(network, layout, whole, exact)
    rows = -(-len(x) // PANEL) * PANEL
    filled = np.zeros((rows, sizes[0]), dtype=PRECISION)
    filled[: len(x)] = x
    out = np.empty((sum(sizes[1:]), rows), dtype=PRECISION)
    room = int(lines[-1]) * PANEL
    draw = precompiled.kernel("visualnn.nn.kernels.drawing", "draw")
    draw(plan, lines, w, filled, aligned(room, PRECISION), aligned(room, PRECISION), out)
    return out[:, : len(x)]


def _ends(counts: list[int]) -> Integers:
    """Where each part of this length begins, and where the last one ends."""
    return np.cumsum([0, *counts], dtype=np.int64)
