"""Where the weights start: the usual random recipes, reproducible from a seed.

``fan_in`` and ``fan_out`` are a layer's inputs and outputs. Glorot: Glorot & Bengio 2010, eq. 16. He: He et al. 2015,
eq. 10. Weights are drawn layer by layer, row-major, from ``numpy.random.default_rng(seed)``; biases start at 0.
"""

from __future__ import annotations

import numpy as np

from visualnn.nn.network import Matrix, Network, Vector

INITIALIZERS = ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal")


def draw(kind: str, rng: np.random.Generator, fan_in: int, fan_out: int) -> Matrix:
    """One weight matrix (fan_in, fan_out)."""
    shape = (fan_in, fan_out)
    match kind:
        case "glorot_uniform":
            bound = np.sqrt(6.0 / (fan_in + fan_out))
            return rng.uniform(-bound, bound, shape)
        case "glorot_normal":
            return rng.normal(0.0, np.sqrt(2.0 / (fan_in + fan_out)), shape)
        case "he_uniform":
            bound = np.sqrt(6.0 / fan_in)
            return rng.uniform(-bound, bound, shape)
        case "he_normal":
            return rng.normal(0.0, np.sqrt(2.0 / fan_in), shape)
    raise ValueError(f"unknown initializer {kind!r}")


def initial_parameters(network: Network, kind: str, seed: int) -> Vector:
    """The flat parameter vector a run with this seed starts from."""
    rng = np.random.default_rng(seed)
    parameters = np.zeros(network.parameter_count)
    for w, _b in network.views(parameters):
        w[:] = draw(kind, rng, *w.shape)
    return parameters
