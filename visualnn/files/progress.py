"""How far a run has come, as plain JSON values and arrays, and back: all it takes to go on as if there was no break.

::

    {"update": 120, "rates": [[0, 0.1], [80, 0.05]], "scalars": [1.0, null, …], "stride": 1, "epoch": 3,
     "words": [6 whole numbers]}

with the arrays ``run_start`` (count,), ``run_memory`` (slots, count) where the optimizer has any, ``run_curve`` (n,),
the losses before each `stride`-th update, and where rows are shuffled ``run_line`` (rows,), the order of the present
epoch. An infinite scalar is null. The parameters are those of the project.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from visualnn.files.arrays import Numbers, Shapes
from visualnn.files.fields import Fields
from visualnn.files.moments import (
    MOST_UPDATES,
    order_of,
    order_values,
    rates_of,
    rates_values,
    rows_before,
)
from visualnn.nn.curve import CurveView
from visualnn.nn.history import Checkpoint, Progress
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.optimizers import MEMORY_SLOTS
from visualnn.nn.options import Options
from visualnn.nn.schedule import SCALARS
from visualnn.project import Project

MOST_LOSSES = 2**16


def progress_to_keep(project: Project) -> Progress | None:
    """Where the project's run stands; None where it cannot be gone on with."""
    progress = project.resumable
    if progress is None:
        return None
    scalars = progress.checkpoint.scalars
    known = np.isfinite(scalars) | (scalars == np.inf)
    return progress if known.all() and np.isfinite(progress.start).all() else None


def progress_values(progress: Progress | None) -> dict[str, Any] | None:
    """The JSON values."""
    if progress is None:
        return None
    at = progress.checkpoint
    return {
        "update": at.update,
        "rates": rates_values(at.rates),
        "scalars": [float(value) if np.isfinite(value) else None for value in at.scalars],
        "stride": progress.curve.stride,
        **order_values(at.order),
    }


def progress_arrays(progress: Progress | None) -> dict[str, Matrix]:
    """The arrays by name."""
    if progress is None:
        return {}
    at = progress.checkpoint
    found = {"run_start": progress.start, "run_curve": progress.curve.losses}
    if at.memory.size:
        found["run_memory"] = at.memory
    if at.order.is_shuffled:
        found["run_line"] = at.order.line.astype(np.float64)
    return found


def progress_shapes(fields: Fields, options: Options, count: int, rows: int) -> Shapes:
    """The arrays that belong to it, for a network of so many parameters. Raises `Damage`."""
    update, stride = fields.whole("update", 1, MOST_UPDATES), fields.whole("stride", 1, MOST_UPDATES)
    losses = -(-update // stride)
    if losses > MOST_LOSSES:
        raise fields.wrong("stride", f"large enough: {losses:,} losses are more than {MOST_LOSSES:,}")
    slots = MEMORY_SLOTS[options.optimizer.name]
    shapes: Shapes = {"run_start": (count,), "run_curve": (losses,)}
    if slots:
        shapes["run_memory"] = (slots, count)
    if (options.batch_size or rows) < rows:
        shapes["run_line"] = (rows,)
    return shapes


def progress_of(
    fields: Fields | None, numbers: Numbers, parameters: Vector, options: Options, rows: int
) -> Progress | None:
    """The progress of a description and its arrays. Raises `VisualNNError` for what cannot be gone on from."""
    if fields is None:
        return None
    update = fields.whole("update", 1, MOST_UPDATES)
    checkpoint = Checkpoint(
        update=update,
        parameters=parameters,
        memory=numbers.finite("run_memory") if "run_memory" in numbers else np.empty((0, parameters.size)),
        scalars=_scalars(fields),
        order=order_of(fields, numbers, "run_line", rows_before(options, rows), update),
        rates=rates_of(fields, "rates"),
    )
    curve = CurveView(numbers.finite("run_curve"), fields.whole("stride", 1, MOST_UPDATES))
    return Progress(checkpoint, numbers.finite("run_start"), curve)


def _scalars(fields: Fields) -> Vector:
    found = fields.get("scalars")
    if not isinstance(found, list) or len(found) != SCALARS:
        raise fields.wrong("scalars", f"a list of {SCALARS} numbers")
    known = Fields({"scalars": [0.0 if value is None else value for value in found]}, fields.where).numbers("scalars")
    return np.array([np.inf if value is None else number for value, number in zip(found, known, strict=True)])
