"""A project as plain JSON values and arrays, and back: that of the document, or that of a run that is kept.

The arrays: ``parameters`` (count,), ``origin`` (count,) where it differs from the parameters, those of inline data, and
after the first update made step by step the optimizer's ``memory`` (slots, count). Where `diverged` is true they may
hold numbers that are not finite.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from visualnn.files.arrays import Numbers, Shapes, same_bits
from visualnn.files.errors import Damage
from visualnn.files.fields import Fields, are_whole
from visualnn.files.options import options_of, options_values
from visualnn.files.rows import NOWHERE, DataPlace, data_arrays, data_place, data_values, dataset
from visualnn.nn.dataset import Dataset
from visualnn.nn.mask import Connections, Neurons, check_places
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.optimizers import MEMORY_SLOTS
from visualnn.nn.options import Options
from visualnn.nn.training import check_fit
from visualnn.project import MOST_ROWS, Project, frozen

MAX_PLACES = 1_000_000  # that are switched off
MOST_FOLLOWED = 1_000_000  # updates made step by step, after which it is soon found out which rows come next


@dataclass(frozen=True)
class Described:
    """A project's description, checked; `where` begins the names of its arrays."""

    where: str
    name: str
    notes: str
    trained: bool
    network: Network
    data: DataPlace
    options: Options
    sample: Vector
    target: Vector | None
    updates: int
    silent: Neurons
    cut: Connections
    batch: int
    row: int
    diverged: bool

    @property
    def shapes(self) -> Shapes:
        """Of the arrays that complete it; an origin may come with them."""
        count = self.network.parameter_count
        found: Shapes = {self.where + "parameters": (count,), **self.data.shapes}
        if self.updates:
            found[self.where + "memory"] = (MEMORY_SLOTS[self.options.optimizer.name], count)
        return found


def project_values(project: Project, known: Mapping[str, Dataset] = NOWHERE) -> dict[str, Any]:
    """The JSON values of a project, but for its network; data that are `known` are told by their place."""
    follows = project.batch and project.updates <= MOST_FOLLOWED
    return {
        "name": project.name,
        "notes": project.notes,
        "trained": project.trained,
        "data": data_values(project.data, known),
        "options": options_values(project.options),
        "sample": project.sample.tolist(),
        "target": None if project.target is None else project.target.tolist(),
        "updates": int(project.updates),
        "silent": sorted(map(list, project.silent)),
        "cut": sorted(map(list, project.cut)),
        "batch": int(project.batch) if follows else 0,
        "row": int(project.row) if follows else 0,
        "diverged": not all(np.isfinite(values).all() for values in _own(project).values()),
    }


def project_arrays(project: Project, values: Mapping[str, Any]) -> dict[str, Matrix]:
    """The arrays that complete the values."""
    return _own(project) | data_arrays(project.data, values["data"])


def described(fields: Fields, network: Network, known: dict[str, DataPlace]) -> Described:
    """The checked description. Raises `VisualNNError` for everything that cannot become a project."""
    data = data_place(fields.object("data"), network, known)
    sample = fields.numbers("sample")
    if len(sample) != network.inputs:
        raise Damage(f"its sample has {len(sample)} values for {network.inputs} inputs")
    target = None if fields.get("target") is None else fields.numbers("target")
    if target is not None and len(target) != network.outputs:
        raise Damage(f"its target has {len(target)} values for {network.outputs} outputs")
    options, updates = options_of(fields.object("options")), fields.whole("updates")
    silent, cut = _switched_off(fields, network)
    batch, row = _followed(fields, updates, data.rows)
    return Described(
        where=fields.where,
        name=fields.text("name"),
        notes=fields.text("notes"),
        trained=fields.flag("trained"),
        network=network,
        data=data,
        options=options,
        sample=frozen(np.array(sample)),
        target=None if target is None else frozen(np.array(target)),
        updates=updates,
        silent=silent,
        cut=cut,
        batch=batch,
        row=row,
        diverged=fields.flag("diverged"),
    )


def completed_project(described: Described, numbers: Numbers, made: dict[str, Dataset]) -> Project:
    """The project of a description and its arrays. Raises `VisualNNError` if they do not fit."""
    one, where = described, described.where
    take = numbers.any if one.diverged else numbers.finite
    parameters, data = take(where + "parameters"), dataset(one.data, numbers, made)
    check_fit(one.network, data, one.options)
    return Project(
        name=one.name,
        network=one.network,
        parameters=parameters,
        data=data,
        options=one.options,
        sample=one.sample,
        origin=take(where + "origin") if where + "origin" in numbers else parameters,
        notes=one.notes,
        trained=one.trained,
        silent=one.silent,
        cut=one.cut,
        target=one.target,
        updates=one.updates,
        memory=take(where + "memory") if one.updates else None,
        batch=one.batch,
        row=one.row,
    )


def _own(project: Project) -> dict[str, Matrix]:
    """The arrays that are not of the data."""
    found = {"parameters": project.parameters}
    if not same_bits(project.origin, project.parameters):
        found["origin"] = project.origin
    if project.updates and project.memory is not None:
        found["memory"] = project.memory
    return found


def _followed(fields: Fields, updates: int, rows: int) -> tuple[int, int]:
    """How many rows are followed together, and which of them is singled out."""
    batch = fields.whole("batch", 0, min(MOST_ROWS, rows) if updates <= MOST_FOLLOWED else 0)
    done = updates % -(-rows // batch) * batch if 0 < batch < rows else 0  # rows of the epoch, before these
    return batch, fields.whole("row", 0, max(0, min(batch, rows - done) - 1))


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
