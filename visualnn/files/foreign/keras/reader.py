"""Reads models of Keras 3: a zip of config.json, which says what there is, and model.weights.h5 with the numbers.

Dense layers in a line are taken, with their activations, what scales their numbers, and shortcuts by Add. Nothing of a
model is built or run, and Keras is not needed; what cannot be shown is named, layer and class.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

from visualnn.files.container import MAX_MEMBERS, content
from visualnn.files.directory import opened
from visualnn.files.errors import Damage
from visualnn.files.fields import parse
from visualnn.files.foreign.adoption import NO_DATA, Hints, adopted, dense, natural_options, suitable
from visualnn.files.foreign.keras.chain import Chain
from visualnn.files.foreign.keras.graph import Graph, short
from visualnn.files.foreign.keras.hdf5 import Hdf5
from visualnn.files.foreign.keras.training import training
from visualnn.files.foreign.keras.weights import filled, policy
from visualnn.files.native import UNREADABLE
from visualnn.nn.dataset import Dataset
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Network
from visualnn.nn.room import check_room
from visualnn.project import Project

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
MAX_CONFIG, MAX_METADATA = 8 * 2**20, 64 * 2**10  # bytes
WIDEST = 8  # bytes of a number
COPIES = 4  # of each weight: itself, and up to three that an optimizer remembers
FRAME = 64 * 2**10  # bytes around the numbers, and for each layer so many more


def read(path: Path, hints: Hints) -> Project:
    """The trained network of a model. Raises `VisualNNError` naming what is wrong or cannot be shown.

    The file says its activations itself; `hints` say nothing more.
    """
    try:
        with path.open("rb") as file, opened(file) as archive:
            members = _members(archive)
            config = parse(_text(archive, members[CONFIG], MAX_CONFIG))
            version = _version(archive, members)
            graph = Graph.of(config)
            chain = Chain.of(graph)
            network = chain.network()
            check_room(network)
            limit = WIDEST * COPIES * network.parameter_count + FRAME * (len(graph.parts) + 4)
            weights = content(archive, members[WEIGHTS], limit)
    except UNREADABLE as error:
        raise Damage("it is damaged or not a model of Keras") from error
    _, parameters = dense(filled(chain, Hdf5(weights, len(graph.parts))), network.shortcut)
    data = _data(network, chain)
    options, notes = training(config.values.get("compile_config"), chain, natural_options(network, data))
    notes = [f"From Keras{version}.", *_low(chain), *notes, NO_DATA]
    project = adopted(path.stem, network, parameters, options=options, data=data, notes="\n".join(notes))
    columns = enumerate(chain.columns, start=1)
    return replace(project, silent=frozenset((c, neuron) for c, column in columns for neuron in column.silent))


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries = archive.infolist()
    found = {entry.filename: entry for entry in entries}
    if len(found) != len(entries) or len(entries) > MAX_MEMBERS:
        raise Damage("it holds two parts of the same name")
    for name in (CONFIG, WEIGHTS):
        if name not in found:
            raise Damage(f"it has no {name}")
    return found


def _text(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    return content(archive, entry, limit).tobytes()


def _version(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> str:
    """With which Keras it was saved, where that is said."""
    if METADATA not in members:
        return ""
    try:
        said = parse(_text(archive, members[METADATA], MAX_METADATA)).text("keras_version")
    except VisualNNError:
        return ""
    return f" {short(said)}"


def _data(network: Network, chain: Chain) -> Dataset:
    """Rows of the right shape; pictures where the model flattens them."""
    data = suitable(network)
    rows = chain.rows[:-1] if len(chain.rows) == 3 and chain.rows[-1] == 1 else chain.rows
    return replace(data, image=(rows[0], rows[1])) if len(rows) == 2 and data.image is None else data


def _low(chain: Chain) -> list[str]:
    """What is computed less exactly in Keras than here."""
    kinds = {policy(column.part) for column in chain.columns}
    low = sorted(kind for kind in kinds if kind.endswith("16"))
    return [f"Keras computes it in {', '.join(low)}, here it is computed in 64 bits."] if low else []
