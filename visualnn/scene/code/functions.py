"""The functions that the programs call, as they are typed, and which of them a program needs.

No ``sum()``: since Python 3.12 it rounds differently from adding one by one. Nor NumPy's own tanh, exp and ``@``, whose
last digit may be another one.
"""

from __future__ import annotations

import re

from visualnn.nn.functions import HUBER_DELTA, LEAK

SIGMOID = "1.0 / (1.0 + e) if x >= 0 else e / (1.0 + e)"
RAMP = "max(0.0, min(6.0, x + 3.0)) / 6.0"
ACTIVATIONS = {
    "relu": "def relu(x):\n    return max(0.0, x)",
    "leaky_relu": f"def leaky_relu(x):\n    return x if x > 0 else {LEAK} * x",
    "elu": "def elu(x):\n    return x if x > 0 else math.expm1(x)",
    "gelu": "def gelu(x):\n    return x * (0.5 * (1.0 + math.erf(x / math.sqrt(2.0))))",
    "silu": f"def silu(x):\n    e = math.exp(-abs(x))\n    return x * ({SIGMOID})",
    "softplus": "def softplus(x):\n    return max(0.0, x) + math.log1p(math.exp(-abs(x)))",
    "tanh": "def tanh(x):\n    return math.tanh(x)",
    "sigmoid": f"def sigmoid(x):\n    e = math.exp(-abs(x))\n    return {SIGMOID}",
    "hard_tanh": "def hard_tanh(x):\n    return max(-1.0, min(1.0, x))",
    "hard_sigmoid": f"def hard_sigmoid(x):\n    return {RAMP}",
    "hard_silu": f"def hard_silu(x):\n    return x * ({RAMP})",
}
SLOPES = {
    "gelu_slope": (
        "def gelu_slope(x):\n    share = 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))\n"
        "    return share + x * math.exp(-0.5*x*x) / math.sqrt(2.0*math.pi)"
    ),
    "silu_slope": (
        f"def silu_slope(x):\n    e = math.exp(-abs(x))\n    s = {SIGMOID}\n    return s * (1.0 + x*(1.0 - s))"
    ),
    "hard_silu_slope": (
        "def hard_silu_slope(x):\n    return 0.0 if x <= -3 else x/3.0 + 0.5 if x < 3 else 1.0"
    ),
}  # fmt: skip
LOSSES = {
    "huber": (
        f"def huber(miss):\n    e = abs(miss)\n"
        f"    return 0.5*e*e if e <= {HUBER_DELTA} else {HUBER_DELTA} * (e - {0.5 * HUBER_DELTA})"
    ),
    "hinge": "def hinge(a, y):  # the classes 0 and 1 count as -1 and 1\n    return max(0.0, 1.0 - (2.0*y - 1.0)*a)",
    "hinge_slope": (
        "def hinge_slope(a, y):\n    side = 2.0*y - 1.0\n    return 0.0 if 1.0 - side*a <= 0 else -side"
    ),
    "bce": (
        "def bce(z, y):  # the cross-entropy of sigmoid(z), exact for sure answers too\n"
        "    return max(0.0, z) - z*y + math.log1p(math.exp(-abs(z)))"
    ),
}  # fmt: skip
SUMS = {
    "total": "def total(values):  # one after the other: sum() rounds differently\n    result = 0.0\n"
    "    for v in values:\n        result = result + v\n    return result",
    "mean": "def mean(values):\n    return total(values) / len(values)",
    "cross_entropy": (
        "def cross_entropy(z, y):\n    top = max(z)\n    rest = math.log(total([math.exp(v - top) for v in z]))\n"
        "    return 0.0 - total([t * (v - top - rest) for v, t in zip(z, y)])"
    ),
}
ORDINARY = {  # one by one and in lists
    "sqrt": "sqrt = math.sqrt",
    "sign": "def sign(x):\n    return float((x > 0) - (x < 0))",
    "softmax": (
        "def softmax(z):\n    top = max(z)\n    e = [math.exp(v - top) for v in z]\n"
        "    return [v / total(e) for v in e]"
    ),
    "dense": (
        "def dense(x, w, b):\n    z = []\n    for j in range(len(b)):\n        s = x[0] * w[0][j]\n"
        "        for i in range(1, len(x)):\n            s += x[i] * w[i][j]\n        z.append(s + b[j])\n    return z"
    ),
    "back": "def back(d, w):\n    return [total([v * n for v, n in zip(row, d)]) for row in w]",
    "outer": "def outer(x, d):\n    return [[v * n for n in d] for v in x]",
    "clip": "def clip(x):\n    return max(-clip_value, min(clip_value, x))",
    "length": (
        "def length(values):\n    return math.sqrt(total([v * v for v in flat(values)]))"
    ),
    "flat": (
        "def flat(values):\n    return [n for v in values for n in (flat(v) if isinstance(v, list) else [v])]"
    ),
    "heard": (
        "def heard(x, on):  # 0 for what is switched off\n    if isinstance(on, list):\n"
        "        return [heard(v, n) for v, n in zip(x, on)]\n    return x if on else 0.0"
    ),
    "averaged": (
        "def averaged(*each):\n    if isinstance(each[0], list):\n        return [averaged(*v) for v in zip(*each)]\n"
        "    return mean(each)"
    ),
    "scaled": (
        "def scaled(g, share):\n"
        "    return [scaled(v, share) for v in g] if isinstance(g, list) else g * share"
    ),
}  # fmt: skip
ARRAYS = {  # the same for arrays
    "sqrt": "sqrt = np.sqrt",
    "sign": "sign = np.sign",
    "softmax": (
        "def softmax(z):\n    e = np.array([math.exp(v) for v in z - z.max()])\n    return e / total(e)"
    ),
    "add_up": (
        "def add_up(x, w):  # like x @ w, but strictly one after the other: the last digit of that may differ\n"
        "    return (x[:, None] * w).cumsum(axis=0)[-1]"
    ),
    "clip": "def clip(x):\n    return np.clip(x, -clip_value, clip_value)",
    "length": (
        "def length(arrays):\n    g = np.concatenate([a.ravel() for a in arrays])\n"
        "    return np.sqrt((g * g).cumsum()[-1])"
    ),
    "heard": "def heard(x, on):  # 0 for what is switched off\n    return np.where(on, x, 0.0)",
    "averaged": "def averaged(*each):\n    return mean(each)",
}  # fmt: skip
EACH = "each = functools.partial(np.vectorize, otypes=[float])  # number by number: np.tanh's last digit may differ"
PLAIN = {**ACTIVATIONS, **SLOPES, **LOSSES, **SUMS, **ORDINARY}
BY_ARRAYS = {
    "each": EACH,
    **{name: f"@each\n{text}" for name, text in {**ACTIVATIONS, **SLOPES, **LOSSES}.items()},
    **SUMS,
    **ARRAYS,
}


def needed(text: str, functions: dict[str, str]) -> list[str]:
    """The functions that a program calls, and those that these call."""
    found: set[str] = set()
    waiting = [text]
    while waiting:
        code = re.sub("#.*", "", waiting.pop())
        used = set(re.findall(r"\b[a-z_]+\b", code)) & functions.keys() - found
        found |= used
        waiting += [functions[name] for name in used]
    return [text for name, text in functions.items() if name in found]
