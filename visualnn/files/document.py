"""A project without its long arrays, as plain JSON values, and back.

::

    {"format": "visualnn", "version": 5, "program": "0.1.0", "name": …, "notes": …, "trained": false,
     "network": {"inputs": 2, "layers": [{"units": 3, "activation": "relu"}, …], "shortcut": 0},
     "data": {"source": "recipe", "recipe": "pairs", "rows": null, "noise": null, "seed": 0, "test_share": 0.0,
              "scaled": false}
          or {"source": "inline", …} (see `rows`),
     "options": {"optimizer": {"name": "adam", "rate": 0.1, …}, "loss": "mse", "batch_size": null, "epochs": null, …,
                 "schedule": {"name": "cosine", "period": 100, …}},
     "sample": [2.0, 2.0], "target": [4.0] or null, "updates": 0,
     "silent": [[column, neuron], …], "cut": [[layer, source, neuron], …],
     "progress": null, or how far a run has come (see `progress`)}

The arrays, all float64: ``parameters`` (count,), ``origin`` (count,) where it differs from the parameters, those of
inline data and of progress, and after the first update made step by step the optimizer's ``memory`` (slots, count).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from visualnn import __version__
from visualnn.files.errors import Damage
from visualnn.files.fields import Fields, are_whole
from visualnn.files.progress import progress_arrays, progress_of, progress_shapes, progress_values
from visualnn.files.rows import data_arrays, data_shapes, data_values, dataset, rows_of_data, same_bits
from visualnn.files.upgrades import CURRENT, FORMAT
from visualnn.nn.mask import Connections, Neurons, check_places
from visualnn.nn.network import MAX_LAYERS, Layer, Matrix, Network
from visualnn.nn.optimizers import MEMORY_SLOTS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule
from visualnn.nn.training import check_fit
from visualnn.project import Project, frozen

MAX_PLACES = 1_000_000  # that are switched off
MAX_UPDATES = 10**12  # of a schedule
CONSTANTS = ("rate", "momentum", "beta1", "beta2", "eps", "rho", "weight_decay")  # of an optimizer


@dataclass(frozen=True)
class Document:
    """A project's description, checked, and the shapes of the arrays that complete it."""

    name: str
    notes: str
    trained: bool
    network: Network
    data: Fields
    options: Options
    sample: list[float]
    target: list[float] | None
    updates: int
    silent: Neurons
    cut: Connections
    shapes: dict[str, tuple[int, ...]]
    progress: Fields | None  # of the run that led here


def description(project: Project) -> dict[str, Any]:
    """The JSON values of a project."""
    network = project.network
    return {
        "format": FORMAT,
        "version": CURRENT,
        "program": __version__,
        "name": project.name,
        "notes": project.notes,
        "trained": project.trained,
        "network": {
            "inputs": network.inputs,
            "layers": [asdict(layer) for layer in network.layers],
            "shortcut": network.shortcut,
        },
        "data": data_values(project.data),
        "options": asdict(project.options),
        "sample": project.sample.tolist(),
        "target": None if project.target is None else project.target.tolist(),
        "updates": project.updates,
        "silent": sorted(map(list, project.silent)),
        "cut": sorted(map(list, project.cut)),
        "progress": progress_values(project.resumable),
    }


def arrays(project: Project) -> dict[str, Matrix]:
    """The arrays of a project by name."""
    found = {"parameters": project.parameters}
    if not same_bits(project.origin, project.parameters):
        found["origin"] = project.origin
    if project.memory is not None:
        found["memory"] = project.memory
    return found | data_arrays(project.data) | progress_arrays(project.resumable)


def understood(fields: Fields) -> Document:
    """The checked description. Raises `VisualNNError` for everything that cannot become a project."""
    network = _network(fields.object("network"))
    data = fields.object("data")
    shapes = {"parameters": (network.parameter_count,), **data_shapes(data, network)}
    sample = fields.numbers("sample")
    if len(sample) != network.inputs:
        raise Damage(f"its sample has {len(sample)} values for {network.inputs} inputs")
    target = None if fields.get("target") is None else fields.numbers("target")
    if target is not None and len(target) != network.outputs:
        raise Damage(f"its target has {len(target)} values for {network.outputs} outputs")
    options, updates = _options(fields.object("options")), fields.whole("updates")
    if updates:
        shapes["memory"] = (MEMORY_SLOTS[options.optimizer.name], network.parameter_count)
    words = fields.text("name"), fields.text("notes"), fields.flag("trained")
    progress = None if fields.values.get("progress") is None else fields.object("progress")
    off = _switched_off(fields, network)
    if progress is not None:
        shapes |= progress_shapes(progress, options, network.parameter_count, rows_of_data(data))
    return Document(*words, network, data, options, sample, target, updates, *off, shapes, progress)


def completed(document: Document, numbers: Mapping[str, Matrix]) -> Project:
    """The project of a description and its arrays. Raises `VisualNNError` if they do not fit."""
    for name, values in numbers.items():
        if not np.isfinite(values).all():
            raise Damage(f"its {name} hold a value that is not a finite number")
    parameters, data = frozen(numbers["parameters"]), dataset(document.data, numbers)
    check_fit(document.network, data, document.options)
    return Project(
        name=document.name,
        network=document.network,
        parameters=parameters,
        data=data,
        options=document.options,
        sample=frozen(np.array(document.sample)),
        origin=frozen(numbers["origin"]) if "origin" in numbers else parameters,
        notes=document.notes,
        trained=document.trained,
        silent=document.silent,
        cut=document.cut,
        target=None if document.target is None else frozen(np.array(document.target)),
        updates=document.updates,
        memory=frozen(numbers["memory"]) if document.updates else None,
        progress=progress_of(document.progress, numbers, parameters, document.options, data),
    )


def _network(fields: Fields) -> Network:
    layers = fields.objects("layers")
    if len(layers) > MAX_LAYERS:
        raise Damage(f"its network has {len(layers):,} layers; the limit is {MAX_LAYERS:,}")
    return Network(
        fields.whole("inputs", 1),
        tuple(Layer(layer.whole("units", 1), layer.text("activation")) for layer in layers),
        fields.whole("shortcut", 0, MAX_LAYERS),
    )


def _switched_off(fields: Fields, network: Network) -> tuple[Neurons, Connections]:
    silent = frozenset((column, neuron) for column, neuron in _places(fields, "silent", 2))
    cut = frozenset((layer, source, neuron) for layer, source, neuron in _places(fields, "cut", 3))
    check_places(network, silent, cut)
    return silent, cut


def _places(fields: Fields, key: str, length: int) -> list[list[int]]:
    """Lists of as many whole numbers."""
    found = fields.get(key)
    if not isinstance(found, list) or len(found) > MAX_PLACES or not all(are_whole(place, length) for place in found):
        raise fields.wrong(key, f"a list of places of {length} whole numbers each")
    return found


def _options(fields: Fields) -> Options:
    rule = fields.object("optimizer")
    constants = {key: rule.number(key) for key in CONSTANTS}
    return Options(
        optimizer=Optimizer(rule.text("name"), **constants),
        loss=fields.text("loss"),
        batch_size=fields.whole_or_none("batch_size", 1),
        initializer=fields.text("initializer"),
        seed=fields.whole("seed"),
        goal=fields.number_or_none("goal"),
        initializer_scale=fields.number("initializer_scale"),
        schedule=_schedule(fields.object("schedule")),
        l1=fields.number("l1"),
        l2=fields.number("l2"),
        dropout=fields.number("dropout"),
        clip_value=fields.number_or_none("clip_value"),
        clip_norm=fields.number_or_none("clip_norm"),
        precision=fields.text("precision"),
        epochs=fields.whole_or_none("epochs", 1),
        patience=fields.whole_or_none("patience", 1),
    )


def _schedule(fields: Fields) -> Schedule:
    return Schedule(
        name=fields.text("name"),
        period=fields.whole("period", 1, MAX_UPDATES),
        gamma=fields.number("gamma"),
        warmup=fields.whole("warmup", 0, MAX_UPDATES),
        patience=fields.whole("patience", 0, MAX_UPDATES),
        floor=fields.number("floor"),
    )
