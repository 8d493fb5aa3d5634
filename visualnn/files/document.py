"""All that a file holds but its long arrays, as plain JSON values, and back.

::

    {"format": "visualnn", "version": 6, "program": "0.1.0", "name": …, "notes": …, "trained": false,
     "network": {"inputs": 2, "layers": [{"units": 3, "activation": "relu"}, …], "shortcut": 0},
     "data": {"source": "recipe", …} or {"source": "inline", …} (see `rows`),
     "options": {"optimizer": {"name": "adam", "rate": 0.1, …}, "loss": "mse", "batch_size": null, "epochs": null, …,
                 "schedule": {"name": "cosine", "period": 100, …}},
     "sample": [2.0, 2.0], "target": [4.0] or null, "updates": 0, "batch": 0, "row": 0, "diverged": false,
     "silent": [[column, neuron], …], "cut": [[layer, source, neuron], …],
     "progress": null, or how far a run has come (see `progress`),
     "runs": [… (see `runs`)], "number": 0, "view": {… (see `view`)}, "same": {"origin": "runs.0.start", …}}

The arrays, all float64, have the names of their places: ``parameters``, ``runs.0.moments.3.memory``. Each is in the
file once; `same` tells which other one stands for those that are not. See `projects`, `progress` and `runs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from visualnn import __version__
from visualnn.files.arrays import Numbers, Shapes, plain, shared
from visualnn.files.errors import Damage
from visualnn.files.fields import Fields
from visualnn.files.options import network_of, network_values
from visualnn.files.progress import progress_arrays, progress_of, progress_shapes, progress_to_keep, progress_values
from visualnn.files.projects import Described, completed_project, described, project_arrays, project_values
from visualnn.files.rows import DataPlace
from visualnn.files.runs import DescribedRun, completed_run, described_run, run_arrays, run_values
from visualnn.files.upgrades import CURRENT, FORMAT
from visualnn.files.view import view_of, view_values
from visualnn.nn.dataset import Dataset
from visualnn.nn.network import Matrix
from visualnn.work import View, Work

MOST_RUNS = 200
MOST_MOMENTS = 20_000  # of all runs together


@dataclass(frozen=True)
class Document:
    """The description of a work, checked, and the shapes of the arrays that complete it."""

    project: Described
    progress: Fields | None  # of the run that led here
    runs: tuple[DescribedRun, ...]
    number: int
    view: View
    shapes: Shapes  # of the arrays that must be in the file
    optional: Shapes  # of those that may be
    same: dict[str, str]  # those that are not in the file, and in what array of it their numbers are


def description(work: Work) -> dict[str, Any]:
    """The JSON values of a work, but for what is the same in it."""
    known = {"data": work.project.data}
    values = project_values(work.project)
    return {
        "format": FORMAT,
        "version": CURRENT,
        "program": __version__,
        **values,
        "network": network_values(work.project.network),
        "progress": progress_values(progress_to_keep(work.project)),
        "runs": [run_values(run, known, _place(index)) for index, run in enumerate(work.runs)],
        "number": work.number if any(run.number == work.number for run in work.runs) else 0,
        "view": view_values(work.view),
    }


def arrays(work: Work, values: Mapping[str, Any]) -> dict[str, Matrix]:
    """The arrays of a work by name, for its values."""
    progress = work.project.resumable if values["progress"] else None
    found = project_arrays(work.project, values) | progress_arrays(progress)
    for index, (run, own) in enumerate(zip(work.runs, values["runs"], strict=True)):
        found |= run_arrays(run, own, _place(index))
    return {name: plain(array) for name, array in found.items()}


def told(work: Work) -> tuple[dict[str, Any], dict[str, Matrix]]:
    """The JSON values and the arrays of a file. Raises `VisualNNError` for a work that could not be read again."""
    values = description(work)
    numbers = arrays(work, values)
    values["same"] = same = shared(numbers)
    stored = {name: array for name, array in numbers.items() if name not in same}
    document = understood(Fields(values))
    expected = {**document.shapes, **{name: document.optional[name] for name in document.optional if name in stored}}
    if {name: array.shape for name, array in stored.items()} != expected:
        raise Damage("its arrays are not of the shapes that belong to it")
    completed(document, stored)
    return values, stored


def understood(fields: Fields) -> Document:
    """The checked description. Raises `VisualNNError` for everything that cannot become a work."""
    known: dict[str, DataPlace] = {}
    project = described(fields, network_of(fields.object("network")), known)
    progress = None if fields.get("progress") is None else fields.object("progress")
    runs = _runs(fields, known)
    shapes = dict(project.shapes)
    if progress is not None:
        count = project.network.parameter_count
        shapes |= progress_shapes(progress, project.options, count, project.data.rows)
    optional: Shapes = {project.where + "origin": shapes[project.where + "parameters"]}
    for run in runs:
        shapes |= run.shapes
        if run.project is not None:
            optional[run.project.where + "origin"] = (run.network.parameter_count,)
    number = fields.whole("number")
    if number and all(run.number != number for run in runs):
        raise fields.wrong("number", "that of one of its runs")
    same = _same(fields, shapes | optional)
    shapes, optional = ({name: each[name] for name in each if name not in same} for each in (shapes, optional))
    return Document(project, progress, runs, number, view_of(fields.object("view")), shapes, optional, same)


def completed(document: Document, stored: Mapping[str, Matrix]) -> Work:
    """The work of a description and the arrays of its file. Raises `VisualNNError` if they do not fit."""
    for name, other in document.same.items():
        if other not in stored:
            raise Damage(f"its {name[:80]} should be its {other[:80]}, which it does not hold")
    numbers = Numbers({**stored, **{name: stored[other] for name, other in document.same.items()}})
    made: dict[str, Dataset] = {}
    project = completed_project(document.project, numbers, made)
    rows, options = project.data.rows, project.options
    progress = progress_of(document.progress, numbers, project.parameters, options, rows)
    runs = tuple(completed_run(run, numbers, made) for run in document.runs)
    return Work(project.with_progress(progress), runs, document.number, document.view)


def _place(index: int) -> str:
    return f"runs.{index}."


def _runs(fields: Fields, known: dict[str, DataPlace]) -> tuple[DescribedRun, ...]:
    found = fields.objects("runs")
    if len(found) > MOST_RUNS:
        raise fields.wrong("runs", f"a list of at most {MOST_RUNS:,} runs")
    runs = tuple(described_run(each, known) for each in found)
    if len({run.number for run in runs}) < len(runs):
        raise fields.wrong("runs", "a list of runs with different numbers")
    if sum(len(run.moments) for run in runs) > MOST_MOMENTS:
        raise fields.wrong("runs", f"a list of runs of at most {MOST_MOMENTS:,} moments together")
    return runs


def _same(fields: Fields, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, str]:
    """Which arrays are not in the file, and which of it stand for them."""
    found = fields.object("same").values
    for name, other in found.items():
        fits = isinstance(other, str) and name in shapes and shapes.get(other) == shapes[name] and other not in found
        if not fits:
            raise Damage(f"its “same” is not right about {name[:80]}")
    return found
