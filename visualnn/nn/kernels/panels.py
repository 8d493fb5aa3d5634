"""Where a wide network's numbers lie: the room that `tile` and `update` work in, and the lines of the parameters."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from visualnn.nn.kernels.arguments import Integers, Task
from visualnn.nn.kernels.numbers import Layout
from visualnn.nn.kernels.room import Floats, rounded_up
from visualnn.nn.network import Vector


class Work(NamedTuple):
    """Room for one update, and what the parameters are. Panels lie one after another."""

    a: Floats  # activations, line by line
    d: Floats  # slopes, line by line
    y: Floats  # targets, line by line
    carried: Floats  # da that shortcuts bring back, line by line; zero between two updates
    gates: Floats  # what multiplies activations, line by line
    turned: Floats  # dz of two layers with a line per row
    valid: Floats  # 1 for the places of each panel that are rows
    costs: Floats  # the losses of each vector of rows, lane by lane
    scratch: Floats  # one tile for each thread
    g: Floats  # the gradient, where it is needed as a whole
    units: Floats  # 0 for neurons that are switched off
    weights: Floats  # 1 for weights, 0 for biases
    keep: Floats  # 0 for parameters that are cut
    squares: Vector  # of each section of the gradient
    places: Integers  # where rows lie in memory, for each thread
    lines: Integers  # where the lines of a panel begin: 0, width, 2·width, …


def padded_layout(task: Task) -> Layout:
    """Lines padded to whole vectors; steps of 2,048 bytes, which caches serve badly, avoided."""
    precision, sizes = task.options.precision, task.network.sizes
    starts, steps, at = [], [], 0
    for n_in, n_out in pairwise(sizes):
        step = rounded_up(n_out, "float32")
        step += 16 if step * np.dtype(precision).itemsize % 2048 == 0 else 0
        starts.append(at)
        steps.append(step)
        at += (n_in + 1) * step
    return Layout(np.array(starts, dtype=np.int64), np.array(steps, dtype=np.int64), at)
