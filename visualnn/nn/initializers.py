"""Where the weights start: the usual random recipes, reproducible from a seed.

``fan_in`` and ``fan_out`` are a layer's inputs and outputs. Glorot: Glorot & Bengio 2010, eq. 16. He: He et al. 2015,
eq. 10. LeCun: LeCun et al. 1998, section 4.6. Orthogonal: Saxe et al. 2014. Weights are drawn layer by layer,
row-major, from ``numpy.random.default_rng(seed)``; biases start at 0.
"""

from __future__ import annotations

import numpy as np

from visualnn.nn.network import Matrix, Network, Vector

SCALED = ("uniform", "normal", "constant")  # these have a scale of their own
INITIALIZERS = (
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_uniform",
    "lecun_normal",
    "orthogonal",
    *SCALED,
    "zeros",
)
SCALE = 0.05  # Keras' default for its uniform and normal weights


def draw(kind: str, rng: np.random.Generator, fan_in: int, fan_out: int, scale: float = SCALE) -> Matrix:
    """One weight matrix (fan_in, fan_out). `scale`: the bound of uniform, σ of normal, the value of constant."""
    shape = (fan_in, fan_out)
    share = {"glorot": (fan_in + fan_out) / 2.0, "he": fan_in / 2.0, "lecun": float(fan_in)}
    recipe, _, distribution = kind.partition("_")
    match distribution or recipe:
        case "uniform":
            bound = np.sqrt(3.0 / share[recipe]) if distribution else scale
            return rng.uniform(-bound, bound, shape)
        case "normal":
            return rng.normal(0.0, np.sqrt(1.0 / share[recipe]) if distribution else scale, shape)
        case "orthogonal":
            return _orthogonal(rng, fan_in, fan_out)
        case "constant":
            return np.full(shape, scale)
        case "zeros":
            return np.zeros(shape)
    raise ValueError(f"unknown initializer {kind!r}")


def _orthogonal(rng: np.random.Generator, fan_in: int, fan_out: int) -> Matrix:
    """Columns, or where there are more of them the rows, at right angles and of length 1."""
    q, r = np.linalg.qr(rng.normal(0.0, 1.0, (max(fan_in, fan_out), min(fan_in, fan_out))))
    q *= np.where(np.diag(r) < 0, -1.0, 1.0)  # makes the choice unique, and evenly distributed
    return np.ascontiguousarray(q if fan_in >= fan_out else q.T)


def initial_parameters(network: Network, kind: str, seed: int, scale: float = SCALE) -> Vector:
    """The flat parameter vector a run with this seed starts from."""
    rng = np.random.default_rng(seed)
    parameters = np.zeros(network.parameter_count)
    for w, _b in network.views(parameters):
        w[:] = draw(kind, rng, w.shape[0], w.shape[1], scale)
    return parameters
