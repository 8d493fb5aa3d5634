"""Everything that a project can be taken away as, other than pictures: programs, models, numbers.

A kind makes its files from a project, in memory and without a clock or a random number: the same project gives the same
bytes. What makes them is imported when they are made.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from visualnn.nn.errors import VisualNNError

if TYPE_CHECKING:
    from visualnn.project import Project

Files = dict[str, bytes]
"""The content of each file by its name, which may name one folder: ``data/rows.csv``."""

FOLDER = ".zip"  # the suffix of a kind with several files, where they have to go into one
LONGEST_STEM = 60
MOST_LISTED, MOST_CELLS, MOST_TYPED = 200_000, 2_000_000, 2_000  # of `python_program`: weights, data, data inside it
MOST_ROWS, MOST_NUMBERS = 10_000_000, 2_500_000  # of `weights_table` and of `plain_json`
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # names that Windows keeps for itself


def nothing(_project: Project) -> str:
    """No limit, no other suffix."""
    return ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of export. `limit` says why it cannot hold a project, `alone` which suffix one file has in place of many.

    `leaves` names what its programs write beside themselves when they are run. `limit` and `alone` are asked for every
    project on the table: they look at sizes, make nothing and import next to nothing.
    """

    id: str
    group: str  # "Code", "Model" or "Numbers"
    title: str
    purpose: str
    suffix: str  # of most
    make: Callable[[Project], Files]
    limit: Callable[[Project], str] = nothing
    alone: Callable[[Project], str] = nothing
    leaves: tuple[str, ...] = ()

    def reason(self, project: Project) -> str:
        """Why it cannot be made of this project, in one sentence; "" if it can."""
        return self.limit(project)

    def ending(self, project: Project) -> str:
        """The suffix of its one file, or `FOLDER`."""
        return self.alone(project) or self.suffix

    def file_name(self, name: str, ending: str) -> str:
        """What the export of something called `name` is proposed to be called."""
        tail = "-weights" if self.id == "csv" else f"-{self.id}" if ending == FOLDER else ""
        return f"{stem(name)}{tail}{ending}"


def stem(name: str) -> str:
    """A name as that of a file or a folder, on every system: ``Two spirals`` is ``two-spirals``."""
    known = (c if unicodedata.category(c)[0] in "LMN" else "-" for c in unicodedata.normalize("NFC", name).lower())
    short = re.sub("-+", "-", "".join(known))[:LONGEST_STEM].strip("-") or "network"
    return f"{short}-network" if RESERVED.fullmatch(short) else short


def _python(project: Project) -> Files:
    from visualnn.exchange import python_program

    return python_program.files(project)


def _python_limit(project: Project) -> str:
    if project.network.parameter_count > MOST_LISTED:
        return f"Plain Python is for networks of up to {MOST_LISTED:,} weights and biases; take NumPy."
    large = _cells(project) > MOST_CELLS
    return f"Plain Python is for data of up to {MOST_CELLS:,} numbers; take NumPy." if large else ""


def _python_alone(project: Project) -> str:
    """Few rows stand in the program itself."""
    return ".py" if _cells(project) <= MOST_TYPED else ""


def _cells(project: Project) -> int:
    """How many numbers the data are."""
    return (project.data.rows + project.data.tests) * (project.network.inputs + project.network.outputs)


def _numpy(project: Project) -> Files:
    from visualnn.exchange import numpy_program

    return numpy_program.files(project)


def _pytorch(project: Project) -> Files:
    from visualnn.exchange import pytorch

    return pytorch.files(project)


def _keras(project: Project) -> Files:
    from visualnn.exchange import keras

    return keras.files(project)


def _onnx(project: Project) -> Files:
    from visualnn.files.foreign.onnx import writer

    return {"model.onnx": writer.content(project)}


def _safetensors(project: Project) -> Files:
    from visualnn.files.foreign import state_dict

    return {"model.safetensors": state_dict.content(project)}


def _safetensors_limit(project: Project) -> str:
    if not (project.silent and project.network.shortcut):
        return ""
    from visualnn.files.foreign import state_dict

    try:
        state_dict.shown(project)
    except VisualNNError as error:
        return str(error)
    return ""


def _csv(project: Project) -> Files:
    from visualnn.files.foreign import weights_table

    return {"weights.csv": weights_table.content(project)}


def _csv_limit(project: Project) -> str:
    count = project.network.parameter_count
    return f"A table can have {MOST_ROWS:,} rows; this network would fill {count:,}." if count > MOST_ROWS else ""


def _json(project: Project) -> Files:
    from visualnn.files.foreign import plain_json

    return {"model.json": plain_json.content(project)}


def _json_limit(project: Project) -> str:
    written = project.network.parameter_count + (_cells(project) if project.data.recipe is None else 0)
    large = written > MOST_NUMBERS
    return f"JSON is for up to {MOST_NUMBERS:,} numbers; take safetensors or ONNX." if large else ""


CODE = (
    Kind(
        "python", "Code", "Python", "Every sum in plain sight, without any library.", FOLDER, _python,
        _python_limit, _python_alone,
    ),
    Kind(
        "numpy", "Code", "NumPy", "The same program in matrices.", FOLDER, _numpy, leaves=("trained.npz", "losses.csv"),
    ),
    Kind(
        "pytorch", "Code", "PyTorch", "Trains on, on one machine or on several.", FOLDER, _pytorch,
        leaves=("trained.safetensors", "losses.csv"),
    ),
    Kind("keras", "Code", "Keras", "Trains on, in Keras 3.", FOLDER, _keras, leaves=("model.keras", "losses.csv")),
)  # fmt: skip
MODELS = (
    Kind("onnx", "Model", "ONNX", "For apps, browsers and servers.", ".onnx", _onnx),
    Kind(
        "safetensors", "Model", "safetensors", "The weights as PyTorch names them.", ".safetensors", _safetensors,
        _safetensors_limit,
    ),
    Kind("json", "Model", "JSON", "Layers and weights that any program can read.", ".json", _json, _json_limit),
)  # fmt: skip
NUMBERS = (
    Kind("csv", "Numbers", "CSV of the weights", "Every weight and bias, a row each.", ".csv", _csv, _csv_limit),
)
KINDS: dict[str, Kind] = {kind.id: kind for kind in (*CODE, *MODELS[:2], *NUMBERS, *MODELS[2:])}
