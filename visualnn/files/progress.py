"""How far a run has come, as plain JSON values and arrays, and back: all it takes to go on as if there was no break.

::

    {"update": 120, "rates": [[0, 0.1], [80, 0.05]], "scalars": [1.0, null, …], "stride": 1, "epoch": 3,
     "words": [6 whole numbers]}

with the arrays ``run_start`` (count,), ``run_memory`` (slots, count) where the optimizer has any, ``run_curve`` (n,),
the losses before each `stride`-th update, and where rows are shuffled ``run_line`` (rows,), the order of the present
epoch. An infinite scalar is null. The parameters are those of the project.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from visualnn.files.errors import Damage
from visualnn.files.fields import Fields
from visualnn.nn.curve import CurveView
from visualnn.nn.dataset import Dataset
from visualnn.nn.errors import VisualNNError
from visualnn.nn.history import Checkpoint, Progress
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.optimizers import MEMORY_SLOTS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import SCALARS

MOST_UPDATES = 2**53  # that can be counted exactly
MOST_LOSSES = 2**16
WORDS = 6
Shapes = dict[str, tuple[int, ...]]


def progress_values(progress: Progress | None) -> dict[str, Any] | None:
    """The JSON values."""
    if progress is None:
        return None
    at = progress.checkpoint
    return {
        "update": at.update,
        "rates": [list(change) for change in at.rates],
        "scalars": [float(value) if np.isfinite(value) else None for value in at.scalars],
        "stride": progress.curve.stride,
        "epoch": int(at.order.epoch[0]),
        "words": at.order.words.tolist(),
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
    fields: Fields | None, numbers: Mapping[str, Matrix], parameters: Vector, options: Options, data: Dataset
) -> Progress | None:
    """The progress of a description and its arrays. Raises `VisualNNError` for what cannot be gone on from."""
    if fields is None:
        return None
    memory = numbers.get("run_memory", np.empty((0, parameters.size)))
    checkpoint = Checkpoint(
        update=fields.whole("update", 1, MOST_UPDATES),
        parameters=parameters,
        memory=np.array(memory),
        scalars=_scalars(fields),
        order=_order(fields, numbers, options, data.rows),
        rates=_rates(fields),
    )
    curve = CurveView(np.array(numbers["run_curve"]), fields.whole("stride", 1, MOST_UPDATES))
    return Progress(checkpoint, np.array(numbers["run_start"]), curve)


def _scalars(fields: Fields) -> Vector:
    found = fields.get("scalars")
    if not isinstance(found, list) or len(found) != SCALARS:
        raise fields.wrong("scalars", f"a list of {SCALARS} numbers")
    known = Fields({"scalars": [0.0 if value is None else value for value in found]}, fields.where).numbers("scalars")
    return np.array([np.inf if value is None else number for value, number in zip(found, known, strict=True)])


def _rates(fields: Fields) -> tuple[tuple[int, float], ...]:
    """From which update on which rate was set."""
    found = fields.get("rates")
    wrong = fields.wrong("rates", "a list of updates that rise from 0, with the rate that was set at each")
    if not isinstance(found, list) or not found or not all(isinstance(each, list) and len(each) == 2 for each in found):
        raise wrong
    changes = [Fields({"update": update, "rate": rate}, fields.where) for update, rate in found]
    rates = tuple((change.whole("update", 0, MOST_UPDATES), change.number("rate")) for change in changes)
    if rates[0][0] != 0 or any(a[0] >= b[0] for a, b in pairwise(rates)):
        raise wrong
    try:
        for _update, rate in rates:
            Optimizer(rate=rate)
    except VisualNNError:
        raise wrong from None
    return rates


def _order(fields: Fields, numbers: Mapping[str, Matrix], options: Options, rows: int) -> Order:
    order = Order(rows, min(options.batch_size or rows, rows), options.seed)
    if not order.is_shuffled:
        return order
    line, words = numbers["run_line"], fields.get("words")
    if not np.array_equal(np.sort(line), np.arange(rows)):
        raise Damage("its run_line is no order of its rows")
    if not isinstance(words, list) or len(words) != WORDS or not all(type(w) is int and 0 <= w < 2**64 for w in words):
        raise fields.wrong("words", f"a list of {WORDS} whole numbers below 2⁶⁴")
    order.line[:] = line
    order.words[:] = words
    order.epoch[0] = fields.whole("epoch", -1, MOST_UPDATES)
    return order
