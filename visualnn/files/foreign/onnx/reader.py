"""ONNX models of fully connected networks, as PyTorch, Keras, tf2onnx, scikit-learn and VisualNN write them.

The bytes are read by ourselves (see `wire`): nothing is executed, nothing is unpacked, and every size that a file
claims is compared with the bytes that are there. What cannot be shown is named: the operator, its place, its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from visualnn.files.errors import Damage
from visualnn.files.foreign.adoption import LONGEST_NAME, NO_DATA, NO_HINTS, Hints, adopted, dense, suitable
from visualnn.files.foreign.onnx.ends import End, end_of
from visualnn.files.foreign.onnx.functions import inlined
from visualnn.files.foreign.onnx.graph import Step, graph_of
from visualnn.files.foreign.onnx.layers import Chain, chain
from visualnn.files.foreign.onnx.model import Model, Port, quoted, understood
from visualnn.files.foreign.onnx.shortcuts import shortcut_of
from visualnn.files.foreign.onnx.tensors import REALS, WHOLES
from visualnn.nn.dataset import Dataset
from visualnn.nn.mask import Neurons
from visualnn.nn.network import MAX_UNITS
from visualnn.project import Project

MAX_SIZE = 900_000_000  # bytes
MOST_NAMED = 20  # classes in a note
MOST_NAMES = 1000  # classes


def read(path: Path, hints: Hints = NO_HINTS) -> Project:
    """The network in a file. Raises `VisualNNError` with half a sentence, or one, whatever the file holds."""
    size = path.stat().st_size
    if size > MAX_SIZE:
        raise Damage(f"it has {size:,} bytes; the limit is {MAX_SIZE:,}")
    return decoded(path.read_bytes(), path.stem, path.parent)


def decoded(content: bytes, name: str, folder: Path | None = None) -> Project:
    """The network in the bytes of a file; numbers that it keeps elsewhere are looked for in `folder`."""
    model = understood(content)
    port = _input(model)
    graph = graph_of(port, inlined(model), dict(model.tensors), folder)
    end = end_of(graph, model.outputs, graph.tensors)
    found = chain(graph, end.name)
    network, parameters = dense(found.layers[::-1], shortcut_of(found))
    data = _named(suitable(network), model, end)
    notes = "\n".join(_notes(model, port, found, end))
    project = adopted(model.words.get("visualnn.name", name), network, parameters, data=data, notes=notes)
    return replace(project, silent=_silent(found))


def _input(model: Model) -> Port:
    """The one input."""
    if len(model.inputs) != 1:
        names = ", ".join(quoted(port.name) for port in model.inputs[:6])
        raise Damage(f"it has {len(model.inputs)} inputs{names and f' ({names})'}; a network here has one row of them")
    port = model.inputs[0]
    if not port.name or port.kind not in REALS + WHOLES:
        raise Damage(f"its input {quoted(port.name)} does not take numbers")
    if port.shape is None or len(port.shape) < 2:
        raise Damage(f"its input {quoted(port.name)} does not take rows of a shape that is said")
    return port


def _silent(found: Chain) -> Neurons:
    """Neurons that are switched off, the last layer's place being 0 in the chain."""
    columns = {len(found.layers) - place: heard for place, heard in found.silent.items()}
    return frozenset((column, int(n)) for column, heard in columns.items() for n in np.flatnonzero(heard == 0.0))


def _named(data: Dataset, model: Model, end: End) -> Dataset:
    """Random rows with the names that the file knows; those of a built-in source have their own."""
    if data.recipe is not None:
        return data
    inputs, outputs = data.inputs.shape[1], data.targets.shape[1]
    classes = _texts(model.words.get("visualnn.classes", "")) or tuple(name[:LONGEST_NAME] for name in end.classes)
    fits = data.classification and len(classes) in ({2, 1} if outputs == 1 else {outputs})
    data = replace(data, classes=classes if fits and len(classes) <= MOST_NAMES else ())
    names, answers = (_texts(model.words.get(f"visualnn.{key}", "")) for key in ("inputs", "outputs"))
    data = replace(data, input_names=names) if len(names) == inputs else data
    return replace(data, output_names=answers) if len(answers) == outputs else data


def _texts(value: str) -> tuple[str, ...]:
    """A list of texts in JSON, or nothing."""
    try:
        found = json.loads(value)
        if not isinstance(found, list) or len(found) > MAX_UNITS:
            return ()
        "".join(found).encode("utf-8")
    except (ValueError, TypeError, RecursionError):
        return ()
    return tuple(name[:LONGEST_NAME] for name in found)


def _notes(model: Model, port: Port, found: Chain, end: End) -> Iterable[str]:
    made = f" by {quoted(model.producer)[1:-1]}" if model.producer else ""
    yield f"Read from an ONNX model made{made} (opset {model.opset})."
    if port.shape and len(port.shape) > 2:
        yield f"An input of {'×'.join(str(size or '?') for size in port.shape[1:])} numbers is taken as one row."
    if found.folded:
        yield f"Became part of the weights: {_kinds(found.folded)}."
    if end.left_out:
        yield f"Left out after the network's answer: {_kinds(end.left_out)}."
    if end.classes:
        more = ", …" if len(end.classes) > MOST_NAMED else ""
        yield f"Its classes: {', '.join(name[:LONGEST_NAME] for name in end.classes[:MOST_NAMED])}{more}."
    yield NO_DATA


def _kinds(steps: Iterable[Step]) -> str:
    return ", ".join(dict.fromkeys(step.kind for step in steps))
