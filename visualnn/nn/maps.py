"""What every neuron says all over the plane, for networks of two inputs: in single precision, for colours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.kernels import choose, reference
from visualnn.nn.mask import Mask
from visualnn.nn.network import Matrix, Network, Vector

Maps = NDArray[np.float32]


def neuron_maps(network: Network, parameters: Vector, xs: Vector, ys: Vector, mask: Mask | None = None) -> Maps:
    """The activations of all neurons after the inputs over a grid, (neurons, len(ys), len(xs)).

    Neurons come column after column; the last ones are the outputs, whose map is the decision map.
    """
    x = np.empty((ys.size, xs.size, 2))
    x[..., 0], x[..., 1] = xs, ys[:, None]
    return activations(network, parameters, x.reshape(-1, 2), mask).reshape(-1, ys.size, xs.size)


@np.errstate(all="ignore")  # a diverged network overflows
def activations(network: Network, parameters: Vector, x: Matrix, mask: Mask | None = None) -> Maps:
    """The activations of all neurons after the inputs for these rows, (neurons, rows)."""
    draw = choose.maps() if mask is None else None
    if draw is not None:
        return draw(network, parameters, x)
    _z, a = reference.forward(network, reference.kept(parameters, mask), x, reference.open_gates(network, mask))
    return np.concatenate([column.T for column in a[1:]]).astype(np.float32)
