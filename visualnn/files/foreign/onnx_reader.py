"""ONNX models of fully connected networks, as PyTorch, Keras, tf2onnx, scikit-learn and VisualNN write them.

The bytes are read by ourselves (see `wire`): nothing is executed, nothing is unpacked, and every size that a file
claims is compared with the bytes that are there. What cannot be shown is named: the operator, its place, its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from visualnn.files.errors import Damage
from visualnn.files.foreign.adoption import NO_DATA, NO_HINTS, Hints, adopted, dense, suitable
from visualnn.files.foreign.onnx_ends import End, end_of
from visualnn.files.foreign.onnx_functions import inlined
from visualnn.files.foreign.onnx_graph import Step, graph_of
from visualnn.files.foreign.onnx_layers import Chain, chain, shortcut_of
from visualnn.files.foreign.onnx_model import Model, Port, quoted, understood
from visualnn.files.foreign.onnx_tensors import REALS, WHOLES
from visualnn.nn.dataset import Dataset
from visualnn.nn.network import Network
from visualnn.project import Project

MAX_SIZE = 900_000_000  # bytes
MOST_NAMED = 3  # operators in a note
MOST_CLASSES = 1000


def read(path: Path, hints: Hints = NO_HINTS) -> Project:
    """The network in a file. Raises `VisualNNError` with half a sentence, or one, whatever the file holds."""
    size = path.stat().st_size
    if size > MAX_SIZE:
        raise Damage(f"it has {size:,} bytes; the limit is {MAX_SIZE:,}")
    return decoded(memoryview(path.read_bytes()), path.stem, path.parent)


def decoded(content: memoryview, name: str, folder: Path | None = None) -> Project:
    """The network in the bytes of a file; numbers that it keeps elsewhere are looked for in `folder`."""
    model = understood(content)
    port = _input(model)
    graph = graph_of(port, inlined(model), dict(model.tensors), folder)
    end = end_of(graph, model.outputs, graph.tensors)
    found = chain(graph, end.name)
    network, parameters = dense(found.layers[::-1], shortcut_of(found))
    data = _with_classes(suitable(network), end.classes, network)
    notes = "\n".join(_notes(model, port, found, end))
    return adopted(model.words.get("visualnn.name", name), network, parameters, data=data, notes=notes)


def _input(model: Model) -> Port:
    """The one input."""
    if len(model.inputs) != 1:
        names = ", ".join(quoted(port.name) for port in model.inputs[:6])
        raise Damage(f"it has {len(model.inputs)} inputs{names and f' ({names})'}; a network here has one row of them")
    port = model.inputs[0]
    if port.kind not in REALS + WHOLES:
        raise Damage(f"its input {quoted(port.name)} does not take numbers")
    if port.shape is None or len(port.shape) < 2:
        raise Damage(f"its input {quoted(port.name)} does not take rows of a shape that is said")
    return port


def _with_classes(data: Dataset, classes: tuple[str, ...], network: Network) -> Dataset:
    """Random rows know the classes that the file names; rows of a built-in source have their own."""
    fits = len(classes) in ({2, 1} if network.outputs == 1 else {network.outputs})
    if data.recipe is not None or not fits or not data.classification or len(classes) > MOST_CLASSES:
        return data
    return replace(data, classes=classes)


def _notes(model: Model, port: Port, found: Chain, end: End) -> Iterable[str]:
    made = f" by {model.producer}" if model.producer else ""
    yield f"Read from an ONNX model made{made} (opset {model.opset})."
    if port.shape and len(port.shape) > 2:
        yield f"An input of {'×'.join(str(size or '?') for size in port.shape[1:])} numbers is taken as one row."
    if found.folded:
        yield f"Became part of the weights: {_kinds(found.folded)}."
    if end.left_out:
        yield f"Left out after the network's answer: {_kinds(end.left_out)}."
    if end.classes and len(end.classes) <= MOST_CLASSES:
        yield f"Its classes: {', '.join(end.classes)}."
    yield NO_DATA


def _kinds(steps: Iterable[Step]) -> str:
    return ", ".join(dict.fromkeys(step.kind for step in steps))
