"""The runs that are kept, as plain JSON values and arrays, and back.

::

    {"number": 1, "name": …, "network": {…}, "options": {…}, "update": 120, "epoch_length": 1, "loss": 0.01,
     "stride": 1, "losses": 120, "readings": 12, "stop": "goal" or null, "parent": null, "branched_at": 0,
     "data_name": …, "rates": [[0, 0.1], …], "moments": [… (see `moments`)], "project": null or {… (see `projects`)}}

with the arrays ``parameters`` (count,), ``start`` (count,), ``curve`` (losses,), ``readings`` (7, n): the updates, then
the columns of `nn.readings`, and those of the moments and of the project. What was measured may be infinite or no
number at all: so diverged runs are kept as they are. A loss that is not finite is written as a text.

A run goes on from its last moment, so its project is kept without another one; no project, no moments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np

from visualnn.files.arrays import Numbers, Shapes
from visualnn.files.errors import Damage
from visualnn.files.fields import Fields
from visualnn.files.moments import (
    MOST_UPDATES,
    Rates,
    moment_arrays,
    moment_of,
    moment_shapes,
    moment_values,
    rates_of,
    rates_values,
    rows_before,
)
from visualnn.files.options import network_of, network_values, options_of, options_values
from visualnn.files.progress import MOST_LOSSES
from visualnn.files.projects import Described, completed_project, described, project_arrays, project_values
from visualnn.files.rows import DataPlace
from visualnn.nn.curve import CurveView
from visualnn.nn.dataset import Dataset
from visualnn.nn.network import Matrix, Network
from visualnn.nn.options import Options
from visualnn.nn.readings import COLUMNS, Readings
from visualnn.nn.training import Stop
from visualnn.project import Project
from visualnn.runs import Run

MOST_MOMENTS = 1024  # of a run
MOST_READINGS = 2**16
NO_UPDATES = np.empty(0, dtype=np.int64)
ODD_LOSSES = {"Infinity": np.inf, "-Infinity": -np.inf, "NaN": np.nan}


@dataclass(frozen=True)
class DescribedRun:
    """A run's description, checked."""

    fields: Fields
    number: int
    network: Network
    options: Options
    rates: Rates
    moments: tuple[Fields, ...]
    project: Described | None
    shapes: Shapes


def run_values(run: Run, known: dict[str, Dataset], where: str) -> dict[str, Any]:
    """The JSON values of a run; data that are `known` are told by their place, and its own are from now on."""
    project = None
    if run.project is not None:
        project = project_values(run.project, known)
        known.setdefault(where + "project.data", run.project.data)
    return {
        "number": int(run.number),
        "name": run.name,
        "network": network_values(run.network),
        "options": options_values(run.options),
        "update": int(run.update),
        "epoch_length": int(run.epoch_length),
        "loss": float(run.loss) if isfinite(run.loss) else _odd_loss(run.loss),
        "stride": int(run.curve.stride),
        "losses": len(run.curve.losses),
        "readings": len(run.readings.updates),
        "stop": None if run.stop is None else str(run.stop),
        "parent": None if run.parent is None else int(run.parent),
        "branched_at": int(run.branched_at),
        "data_name": run.data_name,
        "rates": rates_values(run.rate_changes),
        "moments": [moment_values(moment, run.rate_changes) for moment in _moments(run)],
        "project": project,
    }


def run_arrays(run: Run, values: Mapping[str, Any], where: str) -> dict[str, Matrix]:
    """The arrays that complete the values, by the names that they have in the file."""
    seen = run.readings
    table = np.array([seen.updates, *(getattr(seen, column) for column in COLUMNS)], dtype=np.float64)
    own = {"parameters": run.parameters, "start": run.start, "curve": run.curve.losses, "readings": table}
    found = {where + name: array for name, array in own.items()}
    for place, moment in enumerate(_moments(run)):
        found |= {f"{where}moments.{place}.{name}": array for name, array in moment_arrays(moment).items()}
    if run.project is not None:
        own = project_arrays(run.project, values["project"])
        found |= {f"{where}project.{name}": array for name, array in own.items()}
    return found


def described_run(fields: Fields, known: dict[str, DataPlace]) -> DescribedRun:
    """The checked description. Raises `VisualNNError` for everything that cannot become a run."""
    network, options = network_of(fields.object("network")), options_of(fields.object("options"))
    project = None
    if fields.get("project") is not None:
        project = described(fields.object("project"), network, known)
    moments = tuple(fields.objects("moments"))
    if len(moments) > MOST_MOMENTS or (moments and project is None):
        raise fields.wrong("moments", f"a list of at most {MOST_MOMENTS:,} moments of a project")
    count, where = network.parameter_count, fields.where
    shapes: Shapes = {
        where + "parameters": (count,),
        where + "start": (count,),
        where + "curve": (fields.whole("losses", 0, MOST_LOSSES),),
        where + "readings": (1 + len(COLUMNS), fields.whole("readings", 0, MOST_READINGS)),
    }
    if project is not None:
        shapes |= project.shapes
        for moment in moments:
            own = moment_shapes(options, count, project.data.rows)
            shapes |= {moment.where + name: shape for name, shape in own.items()}
    rates = rates_of(fields, "rates") if fields.get("rates") else ()
    return DescribedRun(fields, fields.whole("number", 1), network, options, rates, moments, project, shapes)


def completed_run(one: DescribedRun, numbers: Numbers, made: dict[str, Dataset]) -> Run:
    """The run of a description and its arrays. Raises `VisualNNError` if they do not fit."""
    fields, where = one.fields, one.fields.where
    project = None if one.project is None else completed_project(one.project, numbers, made)
    update = fields.whole("update", 0, MOST_UPDATES)
    return Run(
        number=one.number,
        name=fields.text("name"),
        options=one.options,
        network=one.network,
        update=update,
        epoch_length=fields.whole("epoch_length", 1, MOST_UPDATES),
        loss=_loss(fields),
        curve=CurveView(numbers.any(where + "curve"), fields.whole("stride", 1, MOST_UPDATES)),
        parameters=numbers.any(where + "parameters"),
        start=numbers.any(where + "start"),
        readings=_readings(numbers.any(where + "readings"), where),
        stop=_stop(fields),
        parent=fields.whole_or_none("parent"),
        branched_at=fields.whole("branched_at", 0, MOST_UPDATES),
        data_name=fields.text("data_name"),
        rate_changes=one.rates,
        moments=_completed_moments(one, numbers, project, update),
        project=project,
    )


def _moments(run: Run) -> tuple[Any, ...]:
    return run.moments if run.project is not None else ()


def _completed_moments(one: DescribedRun, numbers: Numbers, project: Project | None, last: int) -> tuple[Any, ...]:
    if project is None or not one.moments:
        return ()
    before = rows_before(one.options, project.data.rows)
    found = tuple(moment_of(moment, numbers, one.rates, before) for moment in one.moments)
    updates = [moment.update for moment in found]
    if updates[-1] > last or any(a >= b for a, b in pairwise(updates)):
        raise one.fields.wrong("moments", "a list of moments of the run, one after the other")
    return found


def _odd_loss(loss: float) -> str:
    return next(text for text, odd in ODD_LOSSES.items() if np.array_equal(odd, loss, equal_nan=True))


def _loss(fields: Fields) -> float:
    found = fields.get("loss")
    return ODD_LOSSES[found] if isinstance(found, str) and found in ODD_LOSSES else fields.number("loss")


def _stop(fields: Fields) -> Stop | None:
    if fields.get("stop") is None:
        return None
    if fields.text("stop") not in list(Stop):
        raise fields.wrong("stop", f"one of {', '.join(Stop)}")
    return Stop(fields.text("stop"))


def _readings(table: Matrix, where: str) -> Readings:
    updates = table[0]
    are_counts = bool(((updates >= 0) & (updates <= MOST_UPDATES)).all())
    whole = updates.astype(np.int64) if are_counts else NO_UPDATES
    if not np.array_equal(whole, updates) or (np.diff(whole) <= 0).any():
        raise Damage(f"its {where}readings are not of updates that rise")
    return Readings.of(whole, table[1:])
