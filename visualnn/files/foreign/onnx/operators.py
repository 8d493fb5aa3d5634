"""Which of our activations a single operator is, with the numbers that it holds.

Numbers may differ from ours by the rounding to 32 bits, or to 16 where a model uses such; what differs more is told.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isclose

from visualnn.files.errors import Damage
from visualnn.files.foreign.onnx.graph import Graph, Step
from visualnn.nn.functions import LEAK

ROUNDING, ROUNDING_OF_16_BITS = 1e-6, 2e-3
PLAIN = {
    "Relu": "relu",
    "Softplus": "softplus",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "HardSwish": "hard_silu",
}


def operator_name(graph: Graph, step: Step) -> str | None:
    """The activation that an operator is; None if it is none. Raises `Damage` for one that only resembles ours."""
    if step.kind in WITH_NUMBERS:
        return WITH_NUMBERS[step.kind](graph, step)
    return PLAIN.get(step.kind)


def near(graph: Graph, value: float | None, wanted: float) -> bool:
    """Whether a number of the model is the one that an activation is defined with."""
    rounding = ROUNDING_OF_16_BITS if graph.half else ROUNDING
    return value is not None and isclose(value, wanted, rel_tol=rounding, abs_tol=rounding)


def _other(step: Step, what: str, value: float, ours: str) -> Damage:
    return Damage(f"{step} has {what} of {value:g}; here it is {ours}")


def _leaky(graph: Graph, step: Step) -> str:
    slope = step.node.real("alpha", 0.01)
    if not near(graph, slope, LEAK):
        raise _other(step, "a slope below zero", slope, f"{LEAK:g}")
    return "leaky_relu"


def _prelu(graph: Graph, step: Step) -> str:
    slope = graph.finite(step.inputs[1]).ravel() if graph.is_constant(step.inputs[1]) else None
    if slope is None or not slope.size:
        raise Damage(f"{step} cannot be shown here")
    for value in (float(slope.min()), float(slope.max())):
        if not near(graph, value, LEAK):
            raise _other(step, "a slope below zero", value, f"{LEAK:g}")
    return "leaky_relu"


def _elu(graph: Graph, step: Step) -> str:
    alpha = step.node.real("alpha", 1.0)
    if not near(graph, alpha, 1.0):
        raise _other(step, "an alpha", alpha, "1")
    return "elu"


def _silu(graph: Graph, step: Step) -> str:
    alpha = step.node.real("alpha", 1.0)
    if not near(graph, alpha, 1.0):
        raise _other(step, "an alpha", alpha, "1")
    return "silu"


def _gelu(_graph: Graph, step: Step) -> str:
    kind = step.node.text("approximate", "none")
    if kind != "none":
        raise Damage(f"{step} is GELU approximated by tanh; here it is the exact one")
    return "gelu"


def _hard_sigmoid(graph: Graph, step: Step) -> str:
    alpha, beta = step.node.real("alpha", 0.2), step.node.real("beta", 0.5)
    if not near(graph, alpha, 1 / 6):
        raise _other(step, "a slope", alpha, "1/6")
    if not near(graph, beta, 0.5):
        raise _other(step, "a value at 0", beta, "0.5")
    return "hard_sigmoid"


def _softmax(_graph: Graph, step: Step) -> str:
    axis, row = step.node.whole("axis", -1), step.rows[0]
    if row is None or len(row) != 1 or axis not in (-1, 1):
        raise Damage(f"{step} does not share out the numbers of a row (axis {axis})")
    return "softmax"


WITH_NUMBERS: dict[str, Callable[[Graph, Step], str]] = {
    "LeakyRelu": _leaky,
    "PRelu": _prelu,
    "Elu": _elu,
    "Celu": _elu,
    "Swish": _silu,
    "Gelu": _gelu,
    "HardSigmoid": _hard_sigmoid,
    "Softmax": _softmax,
}
