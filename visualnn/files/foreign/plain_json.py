"""A network as JSON that people and every program can read, with all digits: written and read.

::

    {"format": "visualnn", "version": 6, "name": …, "network": {…}, "options": {…},
     "data": {"source": "recipe", …} or {"source": "inline", …, "inputs": [[…], …], "targets": [[…], …]}, …,
     "coefs": [[[…], …], …], "intercepts": [[…], …]}

The description is that of a document (see `visualnn.files.document`), without its runs. The weights of a layer (inputs,
outputs) and its biases are called as scikit-learn calls them, so that a file of three lines there is one of these::

    import json
    weights = {"coefs": [w.tolist() for w in m.coefs_], "intercepts": [b.tolist() for b in m.intercepts_]}
    json.dump({**weights, "activation": m.activation, "out_activation": m.out_activation_}, open("model.json", "w"))

What is switched off is written as 0, and read again as what is switched off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from visualnn.files.document import arrays, completed, description, understood
from visualnn.files.errors import Damage, FileError
from visualnn.files.fields import Fields, parse
from visualnn.files.foreign.adoption import NO_HINTS, Hints, NeedsActivations, adopted, dense
from visualnn.files.foreign.listing import listing, matrix, vector
from visualnn.files.upgrades import upgraded
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Matrix, Vector
from visualnn.project import Project
from visualnn.work import Work

COEFS, INTERCEPTS, FORMAT = "coefs", "intercepts", "format"
ACTIVATION, OUT_ACTIVATION = "activation", "out_activation"
SPELLINGS = {"identity": "linear", "logistic": "sigmoid"}  # of scikit-learn
PARAMETERS = "parameters"
OF_DATA = ("inputs", "targets", "test_inputs", "test_targets")
MARK = b"\xef\xbb\xbf"  # with which some programs begin UTF-8
MAX_BYTES = 64 * 2**20
MAX_VALUES, MAX_LISTS = 4_000_000, 1_000_000  # that are taken apart: each takes memory of its own
MAX_NUMBERS = 2_500_000  # that fit with all their digits
STRANGERS = {  # what else JSON is used for, by a key at its top
    "class_name": 'it is a Keras model without its weights; in Keras save all of it: model.save("model.keras")',
    "modelTopology": "it is a model for TensorFlow.js; save it as an ONNX or a Keras file",
    "architectures": "it describes a model whose weights are in another file",
}


def content(project: Project) -> bytes:
    """The network, its data and its options. Raises `VisualNNError` for what would be too long, and for NaN."""
    if not np.isfinite(project.parameters).all():
        raise VisualNNError("JSON has no word for numbers that are not finite, and this network has such weights.")
    bare = _bare(project)
    values = description(Work(bare)) | {"same": {}}
    numbers = arrays(Work(bare), values)
    if sum(array.size for array in numbers.values()) > MAX_NUMBERS:
        raise VisualNNError(
            f"JSON is for networks and data of up to {MAX_NUMBERS:,} numbers; take safetensors or ONNX."
        )
    completed(understood(Fields(values)), numbers)
    pairs = bare.network.views(numbers.pop(PARAMETERS))
    values["data"] |= {name: array.tolist() for name, array in numbers.items()}
    weights = {COEFS: [w.tolist() for w, _ in pairs], INTERCEPTS: [b.tolist() for _, b in pairs]}
    return f"{listing(values | weights)}\n".encode()


def read(path: Path, hints: Hints = NO_HINTS) -> Project:
    """The network in a file. Raises `VisualNNError`; `NeedsActivations` where neither it nor hints say them."""
    fields = _parsed(path)
    if not any(key in fields for key in (COEFS, INTERCEPTS, FORMAT, *STRANGERS)):
        raise FileError(f"“{path.name}” is JSON, but holds no network.")
    for key, words in STRANGERS.items():
        if key in fields and COEFS not in fields:
            raise Damage(words)
    coefs = [matrix(w, f"{COEFS} {place}") for place, w in enumerate(_list(fields, COEFS), start=1)]
    intercepts = [vector(b, f"{INTERCEPTS} {place}") for place, b in enumerate(_list(fields, INTERCEPTS), start=1)]
    if len(coefs) != len(intercepts) or not coefs:
        raise Damage(f"it has {COEFS} of {len(coefs):,} layers and {INTERCEPTS} of {len(intercepts):,}")
    if FORMAT in fields:
        return _whole(fields, coefs, intercepts)
    names = _activations(fields, len(coefs), hints, path.name)
    return adopted(path.stem, *dense(list(zip(coefs, intercepts, names, strict=True))))


def _bare(project: Project) -> Project:
    """The network as others see it, without what it has been through."""
    parameters = project.parameters if project.mask is None else project.mask.kept(project.parameters)
    bare = replace(project, parameters=parameters, origin=parameters, updates=0, memory=None, progress=None)
    return replace(bare, batch=0, row=0)


def _parsed(path: Path) -> Fields:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise Damage(f"it has {size:,} bytes; at most {MAX_BYTES:,} of JSON can be read")
    text = path.read_bytes().removeprefix(MARK)
    if text.count(b",") > MAX_VALUES or text.count(b"[") + text.count(b"{") > MAX_LISTS:
        raise Damage(f"it holds more than {MAX_VALUES:,} values or {MAX_LISTS:,} lists")
    return parse(text)


def _list(fields: Fields, key: str) -> list[Any]:
    found = fields.get(key)
    if not isinstance(found, list):
        raise fields.wrong(key, "a list")
    return found


def _activations(fields: Fields, count: int, hints: Hints, file: str) -> list[str]:
    """One a layer, as scikit-learn says them, or the user."""
    hidden = fields.text(ACTIVATION) if ACTIVATION in fields else hints.hidden
    output = fields.text(OUT_ACTIVATION) if OUT_ACTIVATION in fields else hints.output
    if output is None or (hidden is None and count > 1):
        raise NeedsActivations(f"“{file}” holds weights alone; the activations of its layers must be given.")
    return [SPELLINGS.get(name, name) for name in [hidden or ""] * (count - 1) + [output]]


def _whole(fields: Fields, coefs: list[Matrix], intercepts: list[Vector]) -> Project:
    """The project of a file that was written here."""
    document = understood(upgraded(fields))
    network = document.project.network
    sizes = zip(network.sizes, network.sizes[1:], strict=False)
    found = [(w.shape, b.shape) for w, b in zip(coefs, intercepts, strict=True)]
    if found != [((inputs, outputs), (outputs,)) for inputs, outputs in sizes]:
        raise Damage(f"its {COEFS} and {INTERCEPTS} are not those of the network {network}")
    parameters = np.concatenate([part.ravel() for pair in zip(coefs, intercepts, strict=True) for part in pair])
    numbers = {PARAMETERS: parameters, **_rows(fields.object("data").values)}
    for name, shape in document.shapes.items():
        if name not in numbers or numbers[name].shape != shape:
            raise Damage(f"its {name} should be {'×'.join(f'{size:,}' for size in shape)} numbers")
    return completed(document, {name: numbers[name] for name in document.shapes}).project


def _rows(data: Mapping[str, Any]) -> dict[str, Matrix]:
    return {name: matrix(data[name], name) for name in OF_DATA if name in data}
