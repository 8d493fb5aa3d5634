"""Directions of a relief along which nothing changes, and what is to blame.

A weight of a dead neuron changes nothing, and neither does one of an input that is always 0. That is seen in the
heights; that the neuron is off for every row is looked up at nine places of the flat stretch. In the first hidden layer
that proves it for all of the stretch, since a neuron's sum is then a plane over it; further on it is a sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from visualnn.nn.functions import activate
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.reference import forward, kept, open_gates
from visualnn.nn.landscape.plane import Plane
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.scene.landscape.relief import Relief

SAME = 1e-12  # of a loss: a smaller change is none
LEAST = 0.05  # of the window, for a part of it to be worth a word
MOST_WORK = 2**22  # multiplications, some milliseconds

Names = tuple[tuple[str, ...], ...]  # of the neurons, column by column


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where the loss does not change along an axis, whatever the other one is."""

    axis: int  # 0: x, 1: y
    low: float
    high: float
    from_low: bool = True  # it begins at the lower edge
    to_high: bool = True  # it ends at the upper one

    @property
    def is_whole(self) -> bool:
        """Whether it goes from edge to edge."""
        return self.from_low and self.to_high


def stretches(relief: Relief) -> tuple[Stretch, ...]:
    """At most one for each axis, the longer one of two."""
    return tuple(found for axis in (0, 1) if (found := _stretch(relief, axis)) is not None)


def _stretch(relief: Relief, axis: int) -> Stretch | None:
    low, high = relief.window[2 * axis : 2 * axis + 2]
    lines = relief.losses.T if axis == 0 else relief.losses  # one after the other along the axis
    if not high > low or not np.isfinite(lines).any():
        return None
    same = _are_same(lines[:-1], lines[1:])
    if same.all():
        return Stretch(axis, low, high)
    below, above = int(np.argmin(same)), int(np.argmin(same[::-1]))
    if max(below, above) < max(2, LEAST * same.size):
        return None
    at = np.linspace(low, high, len(lines))
    if below >= above:
        return Stretch(axis, low, float(at[below]), to_high=False)
    return Stretch(axis, float(at[-1 - above]), high, from_low=False)


def _are_same(one: Matrix, other: Matrix) -> Matrix:
    """Whether two lines of heights are equal, holes included."""
    with np.errstate(invalid="ignore"):
        near = np.abs(one - other) <= SAME * np.maximum(np.abs(one), np.abs(other))
    return np.asarray((near | (one == other) | (np.isnan(one) & np.isnan(other))).all(axis=1))


def blamed(task: Task, plane: Plane, relief: Relief, stretch: Stretch) -> tuple[int, int] | None:
    """Column and place of what is 0 for every row along a stretch, at either end of the axis' weight; 0: the inputs.

    None where there is nothing like that, or where it takes too long to find out.
    """
    if plane.weights is None:
        return None
    ends = [relief.window[:2], relief.window[2:]]
    ends[stretch.axis] = stretch.low, stretch.high
    xs, ys = (np.linspace(low, high, 3).tolist() for low, high in ends)
    points = [kept(plane.point(x, y), task.mask) for x, y in product(xs, ys)]
    for column, place in _ends(task.network, plane.weights[stretch.axis]):
        if column > 1 and len(points) * task.rows * task.network.parameter_count > MOST_WORK:
            continue
        if not any(_activations(task, point, column, place).any() for point in points[: 1 if column == 0 else None]):
            return column, place
    return None


def _activations(task: Task, parameters: Vector, column: int, place: int) -> Vector:
    """What a neuron or an input gives for every row."""
    network, gates = task.network, open_gates(task.network, task.mask)
    if column == 0:
        a = task.inputs[:, place]
    elif column == 1 and network.shortcuts[1] is None:
        w, b = network.views(parameters)[0]
        a = activate(network.activations[0], task.inputs @ w[:, place : place + 1] + b[place])[:, 0]
    else:
        return np.asarray(forward(network, parameters, task.inputs, gates)[1][column][:, place])
    return np.asarray(a if gates is None or (gate := gates[column]) is None else a * gate[0, place])


def _ends(network: Network, place: int) -> Iterator[tuple[int, int]]:
    """What a weight or bias belongs to, but for outputs: where it leads to, then where it comes from."""
    for layer, (first, bias) in enumerate(network.offsets):
        units = network.sizes[layer + 1]
        if not first <= place < bias + units:
            continue
        if layer + 2 < len(network.sizes):
            yield layer + 1, (place - first) % units if place < bias else place - bias
        if place < bias:
            yield layer, (place - first) // units
