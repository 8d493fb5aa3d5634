"""Two ways to write down what is done to a whole layer: lists and loops, or NumPy's arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from visualnn.nn.functions import HUBER_DELTA, LEAK
from visualnn.scene.code.plan import Plan
from visualnn.scene.code.rules import SLOTS, adjusted, rule_lines

GATES = {  # the slope of an activation by what it makes, {a}, or by the sum, {z}
    "relu": "({a} > 0)",
    "leaky_relu": f"(1.0 if {{a}} > 0 else {LEAK})",
    "elu": "(1.0 if {a} > 0 else {a} + 1.0)",
    "gelu": "gelu_slope({z})",
    "silu": "silu_slope({z})",
    "softplus": "sigmoid({z})",
    "tanh": "(1 - {a}*{a})",
    "sigmoid": "({a}*(1 - {a}))",
    "hard_tanh": "(abs({a}) < 1)",
    "hard_sigmoid": "((abs({z}) < 3) / 6)",
    "hard_silu": "hard_silu_slope({z})",
}
TERMS = {
    "mse": "{miss}*{miss}",
    "mae": "abs({miss})",
    "huber": "huber({miss})",
    "hinge": "hinge({a}, {y})",
    "binary_cross_entropy": "bce({z}, {y})",
}
SLOPES = {
    "mse": "2*{miss}",
    "mae": "sign({miss})",
    "huber": f"max(-{HUBER_DELTA}, min({HUBER_DELTA}, {{miss}}))",
    "hinge": "hinge_slope({a}, {y})",
    "binary_cross_entropy": "{miss}",
}


Made = list[tuple[str, str]]  # what each line of an update makes, "w" or a slot's letter, and the line


@dataclass(frozen=True, eq=False)
class Dialect:
    """The lines that differ; what they have in common is in `layered`."""

    dense: str  # the sums of a layer
    back: str  # what a layer's slopes say about the layer before
    outer: str  # the slopes of the weights
    scaled: str  # slopes made smaller by a share
    each: Callable[..., str]  # a formula for every number of a layer, with what its placeholders stand for
    update: Callable[[Plan, str, str], Made]  # of an array with its slopes
    adjusted: Callable[[Plan, str], str]  # the slopes of an array as the optimizer gets them
    gates: Mapping[str, str]
    slopes: Mapping[str, str]


LETTERS = {"miss": "m", "a": "p", "y": "t"}  # of one number among those of a list


def _each_of_lists(formula: str, **values: str) -> str:
    used = {name: value for name, value in values.items() if f"{{{name}}}" in formula}
    if formula[1:-1] in used:
        return used[formula[1:-1]]
    letters = {name: LETTERS.get(name, name) for name in used}
    names, wholes = ", ".join(letters.values()), ", ".join(used.values())
    loop = f"{names} in zip({wholes})" if len(used) > 1 else f"{names} in {wholes}"
    return f"[{formula.format(**letters)} for {loop}]"


def _update_of_lists(plan: Plan, w: str, g: str) -> Made:
    slots = [f"{slot}{w}" for slot in SLOTS.get(plan.rule or "", "")]
    return [("w", f"{', '.join((w, *slots))} = update({', '.join((w, g, *slots))})")]


def _adjusted_lists(_plan: Plan, w: str) -> str:
    return f"adjusted(d{w}, {w})" if w.startswith("w") else f"adjusted(d{w})"


def _each_of_arrays(formula: str, **values: str) -> str:
    return formula.format(**values)


def _update_of_arrays(plan: Plan, w: str, g: str) -> Made:
    return rule_lines(plan, w, g, {slot: f"{slot}{w}" for slot in SLOTS.get(plan.rule or "", "")})


def _adjusted_arrays(plan: Plan, w: str) -> str:
    return adjusted(plan, f"d{w}", w if w.startswith("w") else None)


LISTS = Dialect(
    "dense({x}, {w}, {b})",
    "back({d}, {w})",
    "outer({x}, {d})",
    "scaled({g}, share)",
    _each_of_lists,
    _update_of_lists,
    _adjusted_lists,
    GATES,
    SLOPES,
)
ARRAYS = Dialect(
    "add_up({x}, {w}) + {b}",
    "add_up({d}, {w}.T)",
    "{x}[:, None] * {d}",
    "{g}*share",
    _each_of_arrays,
    _update_of_arrays,
    _adjusted_arrays,
    GATES
    | {
        "leaky_relu": f"np.where({{a}} > 0, 1.0, {LEAK})",
        "elu": "np.where({a} > 0, 1.0, {a} + 1.0)",
    },
    SLOPES | {"huber": f"np.clip({{miss}}, -{HUBER_DELTA}, {HUBER_DELTA})"},
)
