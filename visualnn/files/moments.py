"""Moments of a run, each with all that a training goes on from, as plain JSON values and arrays, and back.

::

    {"update": 120, "epoch": 3, "words": [6 whole numbers], "shared_rates": 1, "rates": [[80, 0.05]]}

with the arrays ``parameters`` (count,), ``memory`` (slots, count) where the optimizer has any, ``scalars`` (7,), and
where rows are shuffled ``line`` (rows,), the order of the present epoch, and in ``words`` the generator that draws the
next ones. The rates set so far are the first `shared_rates` of the run's, then its own. Any number may be infinite or
none at all: it is that of a run that may have diverged.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Any, NamedTuple

import numpy as np

from visualnn.files.arrays import Numbers, Shapes
from visualnn.files.fields import Fields
from visualnn.nn.errors import VisualNNError
from visualnn.nn.history import Checkpoint
from visualnn.nn.network import Matrix
from visualnn.nn.optimizers import MEMORY_SLOTS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import SCALARS

MOST_UPDATES = 2**53  # that can be counted exactly
WORDS = 6
Rates = tuple[tuple[int, float], ...]


class RowsBefore(NamedTuple):
    """The order of the rows before the first epoch of a run, and how many updates each epoch has."""

    order: Order
    epoch_length: int


def moment_values(moment: Checkpoint, rates: Rates) -> dict[str, Any]:
    """The JSON values of a moment of a run in which these rates were set."""
    both = zip(moment.rates, rates, strict=False)
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))
    return {"update": int(moment.update), **order_values(moment.order), "shared_rates": alike} | {
        "rates": rates_values(moment.rates[alike:])
    }


def order_values(order: Order) -> dict[str, Any]:
    """The JSON values of an order of rows."""
    return {"epoch": int(order.epoch[0]), "words": order.words.tolist()}


def rates_values(rates: Rates) -> list[list[Any]]:
    """From which update on which rate was set."""
    return [[int(update), float(rate)] for update, rate in rates]


def moment_arrays(moment: Checkpoint) -> dict[str, Matrix]:
    """The arrays of a moment."""
    found = {"parameters": moment.parameters, "scalars": moment.scalars}
    if moment.memory.size:
        found["memory"] = moment.memory
    if moment.order.is_shuffled:
        found["line"] = moment.order.line.astype(np.float64)
    return found


def moment_shapes(options: Options, count: int, rows: int) -> Shapes:
    """The shapes of these arrays, for a network of so many parameters and so many rows to learn from."""
    slots = MEMORY_SLOTS[options.optimizer.name]
    shapes: Shapes = {"parameters": (count,), "scalars": (SCALARS,)}
    if slots:
        shapes["memory"] = (slots, count)
    if (options.batch_size or rows) < rows:
        shapes["line"] = (rows,)
    return shapes


def moment_of(fields: Fields, numbers: Numbers, rates: Rates, before: RowsBefore) -> Checkpoint:
    """The moment of values and arrays. Raises `Damage`."""
    where = fields.where
    parameters = numbers.any(where + "parameters")
    no_memory = np.empty((0, parameters.size))
    known = rates[: fields.whole("shared_rates", 0, len(rates))]
    update = fields.whole("update", 0, MOST_UPDATES)
    return Checkpoint(
        update=update,
        parameters=parameters,
        memory=numbers.any(where + "memory") if where + "memory" in numbers else no_memory,
        scalars=numbers.any(where + "scalars"),
        order=order_of(fields, numbers, where + "line", before, update),
        rates=rates_of(fields, "rates", known),
    )


def rows_before(options: Options, rows: int) -> RowsBefore:
    """So many rows before the first epoch."""
    batch = min(options.batch_size or rows, rows)
    return RowsBefore(Order(rows, batch, options.seed), -(-rows // batch))


def order_of(fields: Fields, numbers: Numbers, line: str, before: RowsBefore, update: int) -> Order:
    """The order at an update. Raises `Damage` for one that leaves rows out, or that of an epoch far away."""
    if not before.order.is_shuffled:
        return before.order
    words, length = fields.get("words"), before.epoch_length
    if not isinstance(words, list) or len(words) != WORDS or not all(type(w) is int and 0 <= w < 2**64 for w in words):
        raise fields.wrong("words", f"a list of {WORDS} whole numbers below 2⁶⁴")
    epoch = fields.whole("epoch", (update - 1) // length, update // length)
    found = copy.copy(before.order)
    found.line, found.words, found.epoch = numbers.order(line), np.array(words, np.uint64), np.array([epoch])
    return found


def rates_of(fields: Fields, key: str, known: Rates = ()) -> Rates:
    """From which update on which rate was set, after those that are known. Raises `Damage`."""
    found = fields.get(key)
    wrong = fields.wrong(key, "a list of updates that rise from 0, with the rate that was set at each")
    if not isinstance(found, list) or not all(isinstance(each, list) and len(each) == 2 for each in found):
        raise wrong
    changes = [Fields({"update": update, "rate": rate}, fields.where) for update, rate in found]
    rates = *known, *((change.whole("update", 0, MOST_UPDATES), change.number("rate")) for change in changes)
    if not _rise(rates):
        raise wrong
    try:
        for _update, rate in rates[len(known) :]:
            Optimizer(rate=rate)
    except VisualNNError:
        raise wrong from None
    return rates


def _rise(rates: Sequence[tuple[int, float]]) -> bool:
    return bool(rates) and rates[0][0] == 0 and all(a[0] < b[0] for a, b in pairwise(rates))
