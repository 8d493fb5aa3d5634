"""What every neuron says for many inputs at once: the forward pass of `tile`, panel by panel, and nothing kept."""

from __future__ import annotations

from numba import njit

from visualnn.nn.kernels.formulas import SOFTMAX, activated
from visualnn.nn.kernels.judgement import softmax
from visualnn.nn.kernels.room import HEIGHT
from visualnn.nn.kernels.tile import forward
from visualnn.nn.kernels.vector import compiled, lanes_of, load, store


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
