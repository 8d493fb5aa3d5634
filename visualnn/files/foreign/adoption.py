"""Makes a project of a network that another tool has trained.

Weights of 32 bits are widened exactly. Where the file brings no data there are rows of the right shape: those of a
built-in source if one fits, else random ones, and the notes say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualnn.files.errors import Damage
from visualnn.files.fresh import BATCH, RANDOM_NUMBERS, RANDOM_ROWS, RATE_OF_BIG, fitting, made
from visualnn.nn.amounts import random_rows
from visualnn.nn.dataset import Dataset
from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import losses_for
from visualnn.nn.network import Layer, Network, Vector
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.room import check_room
from visualnn.nn.training import check_fit
from visualnn.project import Project, new_project

Numbers = NDArray[Any]  # of 16, 32 or 64 bits
Dense = tuple[Numbers, Numbers, str]  # weights (inputs, outputs), biases (outputs,), activation

NO_DATA = "The file holds no data: the rows here are not those that this network learned from."
LONGEST_NAME = 100  # characters


@dataclass(frozen=True, slots=True)
class Hints:
    """What the user says about a model whose file does not: the activations, as `visualnn.nn` spells them."""

    hidden: str | None = None
    output: str | None = None


NO_HINTS = Hints()


class NeedsActivations(VisualNNError):
    """A file holds weights alone. The sentence says what is to be given."""


def dense(layers: Sequence[Dense], shortcut: int = 0) -> tuple[Network, Vector]:
    """The network of these layers and its parameters. Raises `VisualNNError` where they cannot be one."""
    for number, (w, b, _) in enumerate(layers, start=1):
        if w.ndim != 2 or b.shape != w.shape[1:]:
            raise Damage(f"its layer {number} has weights of {_shape(w)} and biases of {_shape(b)}")
    for number, (one, other) in enumerate(pairwise(layers), start=2):
        if one[0].shape[1] != other[0].shape[0]:
            fed, given = other[0].shape[0], one[0].shape[1]
            raise Damage(f"its layer {number} takes {fed:,} inputs, but the layer before has {given:,} outputs")
    inputs = layers[0][0].shape[0] if layers else 1
    network = Network(inputs, tuple(Layer(w.shape[1], activation) for w, _, activation in layers), shortcut)
    check_room(network)
    parameters = np.empty(network.parameter_count)
    for view, (w, b, _) in zip(network.views(parameters), layers, strict=True):
        view.w[:], view.b[:] = w, b
    check_finite(network, parameters)
    return network, parameters


def check_finite(network: Network, parameters: Vector) -> None:
    """Raises `Damage` naming the layer that holds NaN or an infinity."""
    for number, (w, b) in enumerate(network.views(parameters), start=1):
        for what, values in (("weights", w), ("biases", b)):
            if not np.isfinite(values).all():
                raise Damage(f"the {what} of its layer {number} hold a value that is not a finite number")


def adopted(
    name: str,
    network: Network,
    parameters: Vector,
    *,
    options: Options | None = None,
    data: Dataset | None = None,
    notes: str = "",
) -> Project:
    """The trained project of an imported network. Raises `VisualNNError` if it, its data and options do not fit."""
    check_finite(network, parameters)
    if data is None:
        data, notes = suitable(network), f"{notes}\n{NO_DATA}".strip()
    check_room(network, data.rows)
    options = natural_options(network, data) if options is None else options
    check_fit(network, data, options)
    name = " ".join(_clean(name).split())[:LONGEST_NAME] or "Imported"
    project = new_project(name, network, data, options, parameters)
    return replace(project, notes=_clean(notes), trained=True)


def natural_options(network: Network, data: Dataset) -> Options:
    """The loss that suits the output, and the small steps of a network that has learned already."""
    loss = losses_for(network.activations[-1])[0]
    return Options(Optimizer("adam", RATE_OF_BIG), loss, batch_size=BATCH if data.rows > BATCH else None)


def suitable(network: Network) -> Dataset:
    """Rows for a network whose own are not known: of the first source with such inputs and outputs, else random."""
    output = network.activations[-1]
    classes = output in ("sigmoid", "softmax")
    for name in fitting(network):
        data = made(name)
        if data.natural_end[0] == output or not (classes or data.classification):
            return data
    rows = max(1, min(RANDOM_ROWS, RANDOM_NUMBERS // (network.inputs + network.outputs)))
    data = random_rows(network.inputs, network.outputs, rows)
    return _classes(data, output) if classes else data


def _classes(data: Dataset, output: str) -> Dataset:
    """The same rows with 0 and 1 as answers: one 1 a row where the outputs are shares of one whole."""
    best = data.targets.max(axis=1, keepdims=True) if output == "softmax" else 0.0
    return replace(data, targets=(data.targets >= best).astype(np.float64), classification=True)


def _shape(values: Numbers) -> str:
    return "×".join(f"{size:,}" for size in values.shape) or "one number"


def _clean(text: str) -> str:
    """What can be written as UTF-8: names of files may hold anything."""
    return text.encode("utf-8", "replace").decode("utf-8")
