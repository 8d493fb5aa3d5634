"""Which of our activations makes a tensor, be it written with one operator or with several.

Nothing is guessed: a tensor is the activation ``a = f(z)`` of another one if the operators between the two are exactly
those that f is written with: a single one, or ``z · σ(z)``, ``z · (1 + erf(z / √2)) / 2``, ``min(max(z + 3, 0), 6) /
6`` alone and times z, numbers cut off at a bound, softplus beside the z that it becomes. Factors stand in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf, sqrt
from typing import NamedTuple

from visualnn.files.errors import Damage
from visualnn.files.foreign.onnx.graph import Graph, Step
from visualnn.files.foreign.onnx.operators import PLAIN, WITH_NUMBERS, near, operator_name

NO_BOUND = 3e38  # so large numbers of 32 bits are no bound
LARGE = 17.0  # from here on log(1 + eᶻ) is z in 32 bits
MOST_FORMS = 24  # of a product
BOUNDS = ("Clip", "Max", "Min")
KNOWN = {
    *PLAIN,
    *WITH_NUMBERS,
    *BOUNDS,
    "Mul",
    "Div",
    "Add",
    "Sub",
    "Neg",
    "Erf",
    "Erfc",
    "Where",
}  # in some activation


class Found(NamedTuple):
    """An activation and the tensor that it works on."""

    name: str
    z: str


class Product(NamedTuple):
    """A number times tensors."""

    number: float
    factors: tuple[str, ...]


def activation(graph: Graph, name: str) -> Found | None:
    """What makes the tensor `name`; None if no activation does. Raises `Damage` for one that only resembles ours."""
    step = graph.steps.get(name)
    if step is None:
        return None
    ours = operator_name(graph, step)
    if ours is not None:
        return Found(ours, step.inputs[0])
    if step.kind in BOUNDS:
        return _bounded(graph, name, step)
    if step.kind == "Where":
        return _where(graph, step)
    if step.kind in ("Mul", "Div"):
        return next(filter(None, (_of_product(graph, form) for form in _forms(graph, name))), None)
    return None


def _where(graph: Graph, step: Step) -> Found | None:
    """Softplus as PyTorch writes it: z itself where that is so large that it makes no difference."""
    condition, z, other = step.inputs if len(step.inputs) == 3 else ("", "", "")
    test = graph.steps.get(condition)
    if test is None or test.kind not in ("Greater", "GreaterOrEqual") or _of(graph, other, "softplus") != z:
        return None
    bound = graph.number(test.inputs[1])
    return Found("softplus", z) if test.inputs[0] == z and bound is not None and bound >= LARGE else None


def _bounded(graph: Graph, name: str, step: Step) -> Found:
    low, high, z = _bounds(graph, name)
    for ours, bounds in (("relu", (0.0, inf)), ("hard_tanh", (-1.0, 1.0))):
        if (low, high) == bounds:
            return Found(ours, z)
    raise Damage(f"{step} keeps numbers from {low:g} to {high:g}; here it is 0 to inf, or -1 to 1")


def _bounds(graph: Graph, name: str) -> tuple[float, float, str]:
    """The least and the greatest that a tensor may be, and the one that is cut off there."""
    low, high = -inf, inf
    for _ in range(2):  # Max of Min is written too
        step = graph.steps.get(name)
        if step is None or step.kind not in BOUNDS:
            break
        inner, least, greatest = _cut(graph, step)
        low, high, name = max(low, least), min(high, greatest), inner
        if step.kind == "Clip":
            break
    return low, high, name


def _cut(graph: Graph, step: Step) -> tuple[str, float, float]:
    """What a single operator cuts off, and where."""
    if step.kind == "Clip":
        bounds = [*step.inputs[1:], "", ""][:2]
        low, high = (graph.number(bound) if bound else other for bound, other in zip(bounds, (-inf, inf), strict=True))
        name = step.inputs[0]
    else:
        constant = [place for place, name in enumerate(step.inputs) if graph.is_constant(name)]
        if len(step.inputs) != 2 or len(constant) != 1:
            raise Damage(f"{step} compares several results of the network, which cannot be shown here")
        bound, name = graph.number(step.inputs[constant[0]]), step.inputs[1 - constant[0]]
        low, high = (bound, inf) if step.kind == "Max" else (-inf, bound)
    if low is None or high is None:
        raise Damage(f"{step} has bounds that are not single numbers")
    return name, -inf if low <= -NO_BOUND else low, inf if high >= NO_BOUND else high


def _forms(graph: Graph, name: str) -> Iterator[Product]:
    """A tensor as products, the factors taken apart one after the other."""
    waiting = [Product(1.0, (name,))]
    for _ in range(MOST_FORMS):
        if not waiting:
            return
        form = waiting.pop(0)
        yield form
        for place, factor in enumerate(form.factors):
            inner = _apart(graph, factor)
            if inner is not None and len(form.factors) < 3:
                rest = form.factors[:place] + form.factors[place + 1 :]
                waiting.append(Product(form.number * inner.number, rest + inner.factors))


def _apart(graph: Graph, name: str) -> Product | None:
    """A product or quotient of two; what is divided by must be a number."""
    step = graph.steps.get(name)
    if step is not None and step.kind == "Neg":
        return Product(-1.0, step.inputs)
    if step is None or step.kind not in ("Mul", "Div") or len(step.inputs) != 2:
        return None
    a, b = step.inputs
    first, second = graph.number(a), graph.number(b)
    if step.kind == "Div":
        return Product(1 / second, (a,)) if second and first is None else None
    if first is None and second is None:
        return Product(1.0, (a, b)) if graph.is_data(a) and graph.is_data(b) else None
    return Product(first, (b,)) if first is not None else Product(second or 0.0, (a,))


def _of_product(graph: Graph, form: Product) -> Found | None:
    number, factors = form
    if len(factors) == 1 and near(graph, number, 1 / 6):
        z = _six(graph, factors[0])
        return None if z is None else Found("hard_sigmoid", z)
    if len(factors) != 2:
        return None
    for z, other in (factors, factors[::-1]):
        for name, wanted, part in FACTORS:
            if near(graph, number, wanted) and part(graph, other) == z:
                return Found(name, z)
    return None


def _six(graph: Graph, name: str) -> str | None:
    """The z of a tensor that is z + 3, cut off at 0 and 6."""
    step = graph.steps.get(name)
    if step is None or step.kind not in BOUNDS:
        return None
    low, high, inner = _bounds(graph, name)
    return _plus(graph, inner, 3.0) if (low, high) == (0.0, 6.0) else None


def _plus(graph: Graph, name: str, number: float) -> str | None:
    """The z of a tensor that is z + a number."""
    step = graph.steps.get(name)
    if step is None or step.kind != "Add":
        return None
    for z, other in (step.inputs, step.inputs[::-1]):
        if graph.is_data(z) and near(graph, graph.number(other), number):
            return z
    return None


def _of(graph: Graph, name: str, wanted: str) -> str | None:
    """The z of a tensor that is a certain activation of it, by a single operator."""
    step = graph.steps.get(name)
    return step.inputs[0] if step is not None and operator_name(graph, step) == wanted else None


def _one_plus_erf(graph: Graph, name: str) -> str | None:
    """The z of a tensor that is 1 + erf(z / √2)."""
    inner = _plus(graph, name, 1.0)
    return None if inner is None else _times(graph, inner, "Erf", 1 / sqrt(2))


def _erfc(graph: Graph, name: str) -> str | None:
    """The z of a tensor that is erfc(−z / √2): the same, as tf2onnx writes it, though ONNX has no such operator."""
    return _times(graph, name, "Erfc", -1 / sqrt(2))


def _times(graph: Graph, name: str, kind: str, number: float) -> str | None:
    """The z of a tensor that an operator makes of z times a number."""
    step = graph.steps.get(name)
    if step is None or step.kind != kind:
        return None
    for form in _forms(graph, step.inputs[0]):
        if len(form.factors) == 1 and near(graph, form.number, number):
            return form.factors[0]
    return None


FACTORS: tuple[tuple[str, float, Callable[[Graph, str], str | None]], ...] = (
    ("silu", 1.0, lambda graph, name: _of(graph, name, "sigmoid")),
    ("hard_silu", 1.0, lambda graph, name: _of(graph, name, "hard_sigmoid")),
    ("hard_silu", 1 / 6, _six),
    ("gelu", 0.5, _one_plus_erf),
    ("gelu", 0.5, _erfc),
)
