"""A network as an ONNX model, which runs wherever ONNX runs: opset 17, which onnxruntime knows since 2022.

Numbers have 32 bits. With 64 bits, onnxruntime's CPU has no Elu, Erf, Softplus, HardSigmoid and HardSwish, and browsers
have nothing: the file says that it was rounded. What is switched off is written as zeros, so that the model says what
the window says. Beside the operators, the file's metadata hold our own words for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from visualnn import __version__
from visualnn.files.foreign.onnx.wire import part, real, text, whole
from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import LEAK
from visualnn.nn.network import Vector
from visualnn.project import Project

OPSET, EDITION = 17, 8  # of the operators, and of the format
FLOAT = 1  # numbers of 32 bits
INPUT, OUTPUT, ROWS = "input", "output", "batch"
LARGEST = float(np.finfo(np.float32).max)
NUMBERS = {"half": 0.5, "one": 1.0, "minus_one": -1.0, "root_of_two": sqrt(2)}  # that activations need


@dataclass(frozen=True)
class Op:
    """One operator of an activation. Its inputs are ``z``, a tensor by name, or what an earlier operator made."""

    kind: str
    inputs: tuple[str | int, ...] = ("z",)
    attributes: Mapping[str, float | int] | None = None


FORMS: dict[str, tuple[Op, ...]] = {
    "relu": (Op("Relu"),),
    "leaky_relu": (Op("LeakyRelu", attributes={"alpha": LEAK}),),
    "elu": (Op("Elu", attributes={"alpha": 1.0}),),
    "gelu": (
        Op("Div", ("z", "root_of_two")),
        Op("Erf", (0,)),
        Op("Add", (1, "one")),
        Op("Mul", ("z", 2)),
        Op("Mul", (3, "half")),
    ),
    "silu": (Op("Sigmoid"), Op("Mul", ("z", 0))),
    "softplus": (Op("Softplus"),),
    "tanh": (Op("Tanh"),),
    "sigmoid": (Op("Sigmoid"),),
    "hard_tanh": (Op("Clip", ("z", "minus_one", "one")),),
    "hard_sigmoid": (Op("HardSigmoid", attributes={"alpha": 1 / 6, "beta": 0.5}),),
    "hard_silu": (Op("HardSwish"),),
    "linear": (),
    "softmax": (Op("Softmax", attributes={"axis": -1}),),
}


def content(project: Project) -> bytes:
    """The bytes of a file. Raises `VisualNNError` if a weight cannot be written in 32 bits."""
    parameters = project.parameters if project.mask is None else project.mask.kept(project.parameters)
    _check(parameters)
    opset = part(8, [whole(2, OPSET)])
    words = [piece for key, value in _words(project).items() for piece in part(14, [text(1, key), text(2, value)])]
    producer = [text(2, "VisualNN"), text(3, __version__), text(6, _said(project))]
    return b"".join([whole(1, EDITION), *producer, *opset, *words, *part(7, _graph(project, parameters))])


def _check(parameters: Vector) -> None:
    largest = float(np.abs(parameters).max())
    if not largest <= LARGEST:  # NaN as well
        raise VisualNNError(f"An ONNX model holds numbers of 32 bits; a weight of {largest:g} is none of them.")


# -- the graph ---------------------------------------------------------------------------------------------------------


def _graph(project: Project, parameters: Vector) -> Iterator[bytes]:
    network, used = project.network, set[str]()
    columns, silent = [INPUT], _silent(project)
    for index, activation in enumerate(network.activations):
        yield from _layer(project, index, columns, silent)
        used |= {name for op in FORMS[activation] for name in op.inputs if name in NUMBERS}
    yield text(2, "network")
    for index, (w, b) in enumerate(network.views(parameters), start=1):
        yield from _tensor(f"layer{index}.weight", w)
        yield from _tensor(f"layer{index}.bias", b)
    for name in sorted(used):
        yield from _tensor(name, np.array(NUMBERS[name]))
    for column, heard in silent.items():
        yield from _tensor(f"layer{column}.heard", heard)
    yield from _port(11, INPUT, network.inputs)
    yield from _port(12, OUTPUT, network.outputs)


def _silent(project: Project) -> dict[int, Vector]:
    """Columns in which a neuron is silent though a shortcut brings it something: 0 for it, 1 for the others."""
    if project.mask is None or not any(project.network.shortcuts):
        return {}
    heard = project.mask.columns(project.network)
    return {column: heard[column] for column in range(1, len(heard)) if not heard[column].all()}


def _layer(project: Project, index: int, columns: list[str], silent: Mapping[int, Vector]) -> Iterator[bytes]:
    """The operators of a layer; the last one's output is added to the `columns`."""
    network, column, layer = project.network, index + 1, f"layer{index + 1}"
    source = network.shortcuts[column]
    steps = [Op("Gemm", (columns[-1], f"{layer}.weight", f"{layer}.bias")), *FORMS[network.layers[index].activation]]
    names = [f"{layer}.sums", *(f"{layer}.{place}" for place in range(1, len(steps)))]
    if source is not None:
        steps.append(Op("Add", (names[-1], columns[source])))
        names.append(f"{layer}.with_shortcut")
    if column in silent:
        steps.append(Op("Mul", (names[-1], f"{layer}.heard")))
        names.append(f"{layer}.without_silent")
    if column == len(network.layers):
        names[-1] = OUTPUT
    for op, name in zip(steps, names, strict=True):
        inputs = [names[0] if i == "z" else names[1 + i] if isinstance(i, int) else i for i in op.inputs]
        yield from _node(op, inputs, name)
    columns.append(names[-1])


def _node(op: Op, inputs: list[str], output: str) -> list[bytes]:
    ends = [*(text(1, name) for name in inputs), text(2, output), text(3, f"{output}:{op.kind}"), text(4, op.kind)]
    attributes = [piece for item in (op.attributes or {}).items() for piece in _attribute(*item)]
    return part(1, [*ends, *attributes])


def _attribute(name: str, value: float | int) -> list[bytes]:
    if isinstance(value, int):
        return part(5, [text(1, name), whole(3, value), whole(20, 2)])
    return part(5, [text(1, name), real(2, value), whole(20, 1)])


def _tensor(name: str, values: Vector) -> list[bytes]:
    dims = [whole(1, size) for size in values.shape]
    return part(5, [*dims, whole(2, FLOAT), text(8, name), *part(9, [values.astype("<f4").tobytes()])])


def _port(number: int, name: str, size: int) -> list[bytes]:
    """An input or output: rows of `size` numbers, as many as there are."""
    dims = [*part(1, [text(2, ROWS)]), *part(1, [whole(1, size)])]
    return part(number, [text(1, name), *part(2, part(1, [whole(1, FLOAT), *part(2, dims)]))])


# -- words -------------------------------------------------------------------------------------------------------------


def _words(project: Project) -> dict[str, str]:
    """What the metadata say, as texts; lists as JSON."""
    data, network = project.data, project.network
    words = {
        "visualnn.name": project.name,
        "visualnn.activations": json.dumps(network.activations),
        "visualnn.inputs": json.dumps(data.input_names, ensure_ascii=False),
        "visualnn.precision": "numbers of 64 bits, rounded to 32",
    }
    if data.output_names:
        words["visualnn.outputs"] = json.dumps(data.output_names, ensure_ascii=False)
    if data.classes:
        words["visualnn.classes"] = json.dumps(data.classes, ensure_ascii=False)
    if data.scaling is not None:
        names = ("mean", "spread", "target_mean", "target_spread")
        words["visualnn.scaling"] = json.dumps(
            {name: values.tolist() for name, values in zip(names, data.scaling.arrays, strict=True)}
        )
    return words


def _said(project: Project) -> str:
    """What the file says of itself to a person."""
    said = [f"{project.name}: a network {project.network} of VisualNN. Its weights are rounded to 32 bits."]
    if project.mask is not None:
        said.append("What is switched off in it is written as zeros.")
    if project.data.scaling is not None:
        said.append(
            "It takes scaled inputs, (raw − mean) / spread, and its answers are scaled in the same way; the metadata "
            "“visualnn.scaling” hold the numbers."
        )
    return " ".join(said)
