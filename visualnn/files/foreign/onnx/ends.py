"""Which tensor of a model is what its network says, and what stands after it: labels made of probabilities.

scikit-learn's models give the likeliest class and a map of probabilities; both come of one tensor, which is the
network's last column. The names of the classes are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from visualnn.files.errors import Damage
from visualnn.files.foreign.onnx.graph import Graph, Step
from visualnn.files.foreign.onnx.model import Port, Tensor, quoted
from visualnn.files.foreign.onnx.tensors import texts

CHOICES = ("ZipMap", "ArgMax", "ArrayFeatureExtractor", "Binarizer")  # make classes of probabilities
ARRANGED = ("Reshape", "Squeeze", "Flatten")  # leave all numbers in their order
ROUTES = ("Cast", "Identity", *ARRANGED)
MAX_TAIL = 32  # operators
MAX_CLASSES = 100_000


@dataclass(eq=False)
class End:
    """The last column's tensor."""

    name: str
    left_out: list[Step] = field(default_factory=list)
    classes: tuple[str, ...] = ()


def end_of(graph: Graph, outputs: Sequence[Port], tensors: dict[str, Tensor]) -> End:
    """The tensor that all outputs come of. Raises `Damage` if there is none, or more than one."""
    if not outputs:
        raise Damage("it has no output")
    ends = []
    for port in outputs:
        if port.name in graph.unknown:
            raise Damage(f"{graph.unknown[port.name]} cannot be shown here")
        if not graph.is_data(port.name):
            raise Damage(f"its output {quoted(port.name)} does not depend on its input")
        ends.append(_before_choices(graph, graph.true(port.name)))
    if len({end.name for end in ends}) > 1:
        names = ", ".join(quoted(port.name) for port in outputs[:6])
        raise Damage(f"its outputs {names} come of different results; a network here has one row of outputs")
    steps = sorted({step for end in ends for step in end.left_out}, key=lambda step: step.node.number)
    return End(ends[0].name, steps, next(filter(None, (_classes(graph, step, tensors) for step in steps)), ()))


def _before_choices(graph: Graph, name: str) -> End:
    """What the choices at the end are made of."""
    steps: list[Step] = []
    end, left_out = name, 0
    for _ in range(MAX_TAIL):
        step = graph.steps.get(name)
        if step is None or step.kind not in CHOICES + ROUTES:
            break
        steps.append(step)
        name = next(tensor for tensor in step.inputs if graph.is_data(tensor))
        if step.kind in CHOICES or (step.kind in ARRANGED and left_out == len(steps) - 1):
            end, left_out = name, len(steps)
    pair = _of_pair(graph, end)
    return End(end, steps[:left_out]) if pair is None else End(pair, [*steps[:left_out], graph.steps[end]])


def _of_pair(graph: Graph, name: str) -> str | None:
    """The p of a tensor that is 1 − p beside p."""
    step = graph.steps.get(name)
    if step is None or step.kind != "Concat" or len(step.inputs) != 2 or step.node.whole("axis", 0) not in (1, -1):
        return None
    rest, p = step.inputs
    other = graph.steps.get(rest)
    if other is None or other.kind != "Sub" or other.inputs[1] != p or graph.number(other.inputs[0]) != 1.0:
        return None
    return p


def _classes(graph: Graph, step: Step, tensors: dict[str, Tensor]) -> tuple[str, ...]:
    """The names of the classes, where an operator knows them."""
    attributes = step.node.attributes
    if step.kind == "ZipMap" and "classlabels_strings" in attributes:
        return attributes["classlabels_strings"].texts(9)
    if step.kind == "ZipMap" and "classlabels_int64s" in attributes:
        return tuple(map(str, attributes["classlabels_int64s"].wholes(8)))
    tensor = tensors.get(step.inputs[0]) if step.kind == "ArrayFeatureExtractor" else None
    if tensor is None:
        return ()
    if tensor.kind == 8:
        return texts(tensor)
    values = graph.array(tensor.name)
    return tuple(str(value) for value in values.ravel().tolist()) if values.size <= MAX_CLASSES else ()
