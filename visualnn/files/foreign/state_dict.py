"""The weights of a network as PyTorch names them in a state dict, in safetensors: written and read.

Written as those of an ``nn.Sequential`` of linear layers, each followed by its activation::

    0.weight (outputs, inputs)   0.bias (outputs,)   2.weight …

with what such a file does not hold by itself as words beside them: ``activations`` with one name a layer, as in
``relu,relu,linear``, ``shortcut`` if there is one, and ``scaling``, what was done to the inputs. Whoever writes the
words in PyTorch, too, is asked nothing here::

    save_file(model.state_dict(), "model.safetensors", metadata={"activations": "relu,relu,linear"})

Read are the layers of any model that is fully connected, whatever they are called there; weights (inputs, outputs) are
called ``kernel``, as by Keras and Flax. Everything else is named and refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from visualnn.files.errors import Damage
from visualnn.files.foreign.adoption import NO_HINTS, Hints, NeedsActivations, adopted, dense
from visualnn.files.foreign.layer_order import Size, ordered, quoted
from visualnn.files.foreign.tensors import Tensor, contents, numbers
from visualnn.files.foreign.tensors import content as packed
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import MAX_LAYERS, Layer, Matrix, Network, Vector
from visualnn.nn.room import check_room
from visualnn.project import Project

STEP = 2  # in an nn.Sequential an activation follows each linear layer
WEIGHT, KERNEL, BIAS = "weight", "kernel", "bias"
SEPARATORS = re.compile(r"[./]")
STRANGERS = (  # what else there is, by the last word of a tensor's name and how many sizes it has
    (re.compile(r"running_(mean|var)|num_batches_tracked|moving_(mean|variance)"), None, "a batch normalization"),
    (re.compile(r"(weight|bias)_[ih]h_.*|recurrent_kernel"), None, "a recurrent layer"),
    (re.compile(r"in_proj_(weight|bias)|bias_[kv]"), None, "an attention layer"),
    (re.compile(r"weight|kernel"), (3, 4, 5), "a convolution"),
    (re.compile(r"weight|gamma|scale"), (1,), "a normalization"),
    (re.compile(r"weight_[gv]|original[01]"), None, "a layer whose weights are made of other numbers"),
)
ACTIVATIONS_WORD, SHORTCUT_WORD, SCALING_WORD = "activations", "shortcut", "scaling"
SHORTCUT = re.compile(r"[0-9]{1,5}")
MAX_NOTE = 2000  # letters of it


@dataclass(frozen=True, slots=True)
class Linear:
    """A layer that is fully connected, and where its numbers are."""

    size: Size
    weights: str
    transposed: bool  # (outputs, inputs)
    biases: str | None


def content(project: Project) -> bytes:
    """The weights as a safetensors file; what is switched off is written as 0. Raises `VisualNNError`."""
    network, parameters = project.network, shown(project)
    exact = np.float32 if project.options.precision == "float32" and _fit_in_32_bits(parameters) else np.float64
    tensors = {}
    for place, (w, b) in enumerate(network.views(parameters)):
        tensors[f"{STEP * place}.weight"], tensors[f"{STEP * place}.bias"] = w.T.astype(exact), b.astype(exact)
    return packed(tensors, _words(project))


def read(path: Path, hints: Hints = NO_HINTS) -> Project:
    """The network in a file. Raises `VisualNNError`; `NeedsActivations` where neither words nor hints say them."""
    found = contents(path)
    layers = _layers(found.tensors)
    names = ordered({name: layer.size for name, layer in layers.items()})
    linear = [layers[name] for name in names]
    activations = _activations(found.words, len(linear), hints, path.name)
    sizes = tuple(Layer(one.size.outputs, activation) for one, activation in zip(linear, activations, strict=True))
    network = Network(linear[0].size.inputs, sizes, _shortcut(found.words))
    check_room(network)
    values = numbers(path)
    filled = [(*_numbers(layer, values), activation) for layer, activation in zip(linear, activations, strict=True)]
    return adopted(path.stem, *dense(filled, network.shortcut), notes=_notes(found.words))


def shown(project: Project) -> Vector:
    """The weights with which others get the same answers: those that are switched off are 0. Raises `VisualNNError`."""
    if project.mask is None:
        return project.parameters
    columns = {column for column, _ in project.silent if column}
    network = project.network
    joined = {place for pair in enumerate(network.shortcuts) if pair[1] is not None for place in pair}
    if columns & joined:
        raise VisualNNError(
            "A shortcut leads past a neuron that is switched off; weights alone cannot say so: switch it on first."
        )
    return project.mask.kept(project.parameters)


def _fit_in_32_bits(parameters: Vector) -> bool:
    with np.errstate(over="ignore"):
        return bool((parameters.astype(np.float32) == parameters).all())


def _words(project: Project) -> dict[str, str]:
    words = {"format": "pt", ACTIVATIONS_WORD: ",".join(project.network.activations)}
    if project.network.shortcut:
        words[SHORTCUT_WORD] = str(project.network.shortcut)
    scaling = project.data.scaling
    if scaling is not None:
        pairs = zip(("mean", "spread", "target_mean", "target_spread"), scaling.arrays, strict=True)
        values = {name: values.tolist() for name, values in pairs}
        words[SCALING_WORD] = json.dumps({"inputs": "(x - mean) / spread", **values})
    return words


def _layers(tensors: Mapping[str, Tensor]) -> dict[str, Linear]:
    """The layers by name, in the order of the file. Raises `Damage` for whatever is none."""
    groups: dict[str, dict[str, str]] = {}
    for name in tensors:
        *place, word = SEPARATORS.split(name.removesuffix(":0"))
        parts = groups.setdefault(".".join(place), {})
        if word in parts:
            raise Damage(f"its {quoted(parts[word])} and {quoted(name)} are the same part of one layer")
        parts[word] = name
    if not groups:
        raise Damage("it holds no tensors")
    if len(groups) > MAX_LAYERS:
        raise Damage(f"it holds {len(groups):,} layers; the limit is {MAX_LAYERS:,}")
    return {place: _linear(place, parts, tensors) for place, parts in groups.items()}


def _linear(place: str, parts: Mapping[str, str], tensors: Mapping[str, Tensor]) -> Linear:
    """One layer. Raises `Damage` naming what it is instead."""
    for word, name in parts.items():
        _check_kind(place or name, word, name, tensors[name])
    weights, kernel = parts.get(WEIGHT), parts.get(KERNEL)
    if (weights is None) == (kernel is None):
        raise Damage(f"its layer {quoted(place)} has {'no' if weights is None else 'two kinds of'} weights")
    name = weights or kernel or ""
    shape = tensors[name].shape
    size = Size(*shape) if weights is None else Size(*shape[::-1])
    biases = parts.get(BIAS)
    if biases is not None and tensors[biases].shape != (size.outputs,):
        given = tensors[biases]
        raise Damage(f"its layer {quoted(place)} ({size}) has biases of the wrong size, {given}")
    return Linear(size, name, weights is not None, biases)


def _check_kind(place: str, word: str, name: str, tensor: Tensor) -> None:
    for pattern, ranks, what in STRANGERS:
        if pattern.fullmatch(word) and (ranks is None or len(tensor.shape) in ranks):
            raise Damage(f"its layer {quoted(place)} is {what}, which cannot be shown ({quoted(name)} is {tensor})")
    if word not in (WEIGHT, KERNEL, BIAS) or len(tensor.shape) != (1 if word == BIAS else 2):
        raise Damage(f"its {quoted(name)} ({tensor}) holds no weights or biases of a fully connected layer")
    if not tensor.is_float:
        raise Damage(f"its {quoted(name)} holds numbers of the type {tensor.dtype}, which are not read")


def _activations(words: Mapping[str, str], count: int, hints: Hints, file: str) -> list[str]:
    if ACTIVATIONS_WORD in words:
        found = [name.strip() for name in words[ACTIVATIONS_WORD].split(",")]
        if len(found) != count:
            raise Damage(f"its words name {len(found):,} activations for {count:,} layers")
        return found
    if hints.output is None or (hints.hidden is None and count > 1):
        what = "of its hidden layers and that of its output" if count > 1 else "of its output"
        raise NeedsActivations(f"“{file}” holds weights alone; the activation {what} must be given.")
    return [hints.hidden or "linear"] * (count - 1) + [hints.output]


def _shortcut(words: Mapping[str, str]) -> int:
    text = words.get(SHORTCUT_WORD, "0")
    if not SHORTCUT.fullmatch(text):
        raise Damage(f"its word {quoted(SHORTCUT_WORD)} is not a whole number")
    return int(text)


def _numbers(layer: Linear, values: Mapping[str, Matrix]) -> tuple[Matrix, Vector]:
    w = values[layer.weights]
    return w.T if layer.transposed else w, np.zeros(layer.size.outputs) if layer.biases is None else values[
        layer.biases
    ]


def _notes(words: Mapping[str, str]) -> str:
    return (
        "" if SCALING_WORD not in words else f"The inputs of the network were scaled: {words[SCALING_WORD][:MAX_NOTE]}"
    )
