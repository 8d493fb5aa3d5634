"""Activations and losses as a NumPy program writes them: for many rows at once, in the arithmetic of `nn.functions`.

A slope is that of an activation by the sums ``z``; ``a`` is what the activation makes of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from visualnn.nn.functions import HUBER_DELTA, LEAK

SIGMOID = "def sigmoid(z):\n    e = np.exp(-np.abs(z))  # at most 1: nothing overflows\n"
SIGMOID += "    return np.where(z >= 0, 1.0, e) / (1.0 + e)"
CDF = "erf = np.vectorize(math.erf, otypes=[float])\n\n\n"
CDF += "def normal_cdf(z):\n    return 0.5 * (1.0 + erf(z / math.sqrt(2.0)))"
FUNCTIONS = {
    "normal_cdf": CDF,
    "sigmoid": SIGMOID,
    "relu": "def relu(z):\n    return np.maximum(z, 0.0)",
    "leaky_relu": f"def leaky_relu(z):\n    return np.where(z > 0, z, {LEAK} * z)",
    "elu": "def elu(z):\n    return np.where(z > 0, z, np.expm1(np.minimum(z, 0.0)))",
    "gelu": "def gelu(z):\n    return z * normal_cdf(z)",
    "silu": "def silu(z):\n    return z * sigmoid(z)",
    "softplus": "def softplus(z):\n    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))",
    "tanh": "tanh = np.tanh",
    "hard_tanh": "def hard_tanh(z):\n    return np.clip(z, -1.0, 1.0)",
    "hard_sigmoid": "def hard_sigmoid(z):\n    return np.clip(z + 3.0, 0.0, 6.0) / 6.0",
    "hard_silu": "def hard_silu(z):\n    return z * (np.clip(z + 3.0, 0.0, 6.0) / 6.0)",
    "linear": "def linear(z):\n    return z",
    "softmax": (
        "def softmax(z):\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n"
        "    return e / e.sum(axis=-1, keepdims=True)"
    ),
}  # fmt: skip
SLOPES = {
    "relu_slope": "def relu_slope(z, a):\n    return z > 0",
    "leaky_relu_slope": f"def leaky_relu_slope(z, a):\n    return np.where(z > 0, 1.0, {LEAK})",
    "elu_slope": "def elu_slope(z, a):\n    return np.where(z > 0, 1.0, a + 1.0)",
    "gelu_slope": (
        "def gelu_slope(z, a):\n"
        "    return normal_cdf(z) + z * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)"
    ),
    "silu_slope": "def silu_slope(z, a):\n    s = sigmoid(z)\n    return s * (1.0 + z * (1.0 - s))",
    "softplus_slope": "def softplus_slope(z, a):\n    return sigmoid(z)",
    "tanh_slope": "def tanh_slope(z, a):\n    return 1.0 - a * a",
    "sigmoid_slope": "def sigmoid_slope(z, a):\n    return a * (1.0 - a)",
    "hard_tanh_slope": "def hard_tanh_slope(z, a):\n    return np.abs(z) < 1",
    "hard_sigmoid_slope": "def hard_sigmoid_slope(z, a):\n    return (np.abs(z) < 3) / 6.0",
    "hard_silu_slope": (
        "def hard_silu_slope(z, a):\n"
        "    return np.where(z <= -3, 0.0, np.where(z < 3, z / 3.0 + 0.5, 1.0))"
    ),
    "linear_slope": "def linear_slope(z, a):\n    return 1.0",
}  # fmt: skip
LOSSES = {  # of each row
    "mse": "return ((a - y) ** 2).mean(axis=-1)",
    "mae": "return np.abs(a - y).mean(axis=-1)",
    "huber": (
        "e = np.abs(a - y)\n"
        f"    return np.where(e <= {HUBER_DELTA}, 0.5 * e * e, {HUBER_DELTA} * (e - {0.5 * HUBER_DELTA})).mean(axis=-1)"
    ),
    "hinge": "return np.maximum(0.0, 1.0 - (2.0 * y - 1.0) * a).mean(axis=-1)  # the classes 0 and 1 count as -1 and 1",
    "binary_cross_entropy": "return (np.maximum(z, 0.0) - z * y + np.log1p(np.exp(-np.abs(z)))).mean(axis=-1)",
    "cross_entropy": (
        "top = z.max(axis=-1, keepdims=True)\n"
        "    log_p = z - top - np.log(np.exp(z - top).sum(axis=-1, keepdims=True))\n"
        "    return -(y * log_p).sum(axis=-1)"
    ),
}
OUTPUT_SLOPES = {  # of the mean over the rows, by the sums or, where the loss does not contain it, by the activations
    "mse": "2.0 * (a - y)",
    "mae": "np.sign(a - y)",
    "huber": f"np.clip(a - y, -{HUBER_DELTA}, {HUBER_DELTA})",
    "hinge": "np.where(1.0 - (2.0 * y - 1.0) * a <= 0, 0.0, 1.0 - 2.0 * y)",
    "binary_cross_entropy": "a - y",
}
KNOWN = FUNCTIONS | SLOPES
LOSS = '''\
def losses(z, a, y):
    """How far the answers are from y, row by row; z are the sums of the last layer, a its activations."""
    {formula}'''
LOSS_SLOPE = '''\
def loss_slope(z, a, y):
    """How the mean loss of the rows reacts to the sums of the last layer."""
    {formula}'''


def needed(text: str) -> list[str]:
    """The names of the functions that a program calls, and of those that these call."""
    found: set[str] = set()
    waiting = [text]
    while waiting:
        used = set(re.findall(r"\b[a-z_]+\b", waiting.pop())) & KNOWN.keys() - found
        found |= used
        waiting += [KNOWN[name] for name in used]
    return [name for name in KNOWN if name in found]


def written(names: list[str]) -> str:
    """These functions as they are typed."""
    return "\n\n\n".join(KNOWN[name] for name in names)


def listed(names: Sequence[str]) -> str:
    """A tuple of these functions; neighbours that are the same are counted."""
    full = f"({', '.join(names)}{',' if len(names) == 1 else ''})"
    alike = [(name, len(list(group))) for name, group in groupby(names)]
    short = " + ".join(f"({name},)" + (f" * {count}" if count > 1 else "") for name, count in alike)
    return short if short and len(short) < len(full) else full


def loss(name: str) -> str:
    """The function of a loss."""
    return LOSS.format(formula=LOSSES[name])


def loss_slope(name: str, activation: str) -> str:
    """Its slope by the sums of the output layer."""
    if name == "cross_entropy":
        formula = "return (a * y.sum(axis=-1, keepdims=True) - y) / len(y)"
    elif name == "binary_cross_entropy":
        formula = f"return ({OUTPUT_SLOPES[name]}) / y.size"
    elif activation == "softmax":
        formula = f"da = {OUTPUT_SLOPES[name]} / y.size\n    return a * (da - (da * a).sum(axis=-1, keepdims=True))"
    else:
        gate = "" if activation == "linear" else f" * {activation}_slope(z, a)"
        formula = f"return {OUTPUT_SLOPES[name]} / y.size{gate}"
    return LOSS_SLOPE.format(formula=formula)
