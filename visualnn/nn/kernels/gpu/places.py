"""Where everything lies that the kernels for wide networks read and write: one array of float32, the *room*.

Of every column there are the activations `a` and their slopes `d`, (batch, units), which become dz on the way back, and
both once more turned over, `at` and `dt`, (units, batch); so every product of `tiles` finds its factors line by line of
what it sums over. Weights are there as `w`, (inputs, units), with a line of biases behind them, and as `wt`. Lines are
padded to whole tiles. The padding is 0 from the beginning and stays it: whatever is written there is 0.

Behind the weights of all layers lie their memory of the optimizer and, where it is needed as a whole, their gradient,
each as many places on as all weights take; and `kinds`, which says for each place whether it is a weight, a bias, or
nothing that is trained.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.device import DeviceError
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.gpu import plan as plans

Words = NDArray[np.uint32]

NONE = 0xFFFFFFFF
LINE = 32  # numbers; whatever lies in the room begins at a multiple of it
LARGEST = 1 << 32  # numbers that places of 32 bits can tell

# Places at the head of the sheet
(
    LOSS,
    OPTIMIZER,
    BATCH,
    ROWS,
    LENGTH,
    PATIENCE,
    HAS_PLATEAU,
    HAS_DROPOUT,
    THRESHOLD,
    UNITS,  # of the mask, or NONE
    ACROSS,  # from one line of what is turned over to the next: the batch, padded
    X,
    Y,
    SLOTS,  # of the optimizer's memory
    SLOT,  # how many places all weights take
    FIRST,  # where they begin
    GRADIENT,  # how far on the gradient lies, or 0 where it is used at once
    KINDS,  # how far on the kinds lie
    IS_PENALIZED,
    IS_MASKED,
    IS_VALUE_CLIPPED,
    IS_NORM_CLIPPED,
    COSTS,  # of the rows of the batch
    LOSSES,  # of the updates of a launch
    SCORES,
    SQUARES,
    HEAD,
) = range(27)
# Places in the record of a column
(
    SIZE,
    PITCH,
    A,
    AT,
    D,
    DT,
    CODE,
    SOURCE,  # the activations that are added, or NONE
    CARRIED,  # what a shortcut brings back to this column, or NONE
    CARRIES,  # where this column's shortcut brings it to, or NONE
    NEURON,  # its first one among all
    IS_GATED,
    W,  # the weights that lead here
    WT,
    B,
    START,  # where they begin among the network's parameters
    FIELDS,
) = range(17)
# Places among the scores
FACTOR, BEST, BAD_EPOCHS, EPOCH_LOSS, FACTOR_NOW, SHARE, SCORES_COUNT = range(7)
# Places in the status
STATE, NOW, NEXT, STATUS = range(4)
# Places at the head of what changes from launch to launch: `turn`, and `constants`
BASE, FIRST_PART, LINES, TURN = range(4)
GOAL, CONSTANTS = range(2)
# Kinds of parameters
NOTHING, WEIGHT, BIAS = range(3)

BLOCKS_OF_SQUARES = 64


class Ground(NamedTuple):
    """A task's sheet, and how large its room is."""

    sheet: Words  # the head, then a record of each column
    size: int
    pitches: tuple[int, ...]
    batch: int  # padded

    def head(self, field: int) -> int:
        """A number of the head."""
        return int(self.sheet[field])

    def of(self, column: int, field: int) -> int:
        """A number of a column."""
        return int(self.sheet[HEAD + column * FIELDS + field])


def padded(count: int, steps: Sequence[int]) -> int:
    """The smallest of these steps that is enough, or a multiple of the largest."""
    return next((step for step in sorted(steps) if step >= count), -(-count // max(steps)) * max(steps))


class _Surveyor:
    """Hands out places one after another."""

    def __init__(self) -> None:
        self.end = 0

    def take(self, count: int) -> int:
        begin, self.end = self.end, self.end + -(-count // LINE) * LINE
        return begin


def ground_of(task: Task, steps: Sequence[int], most: int) -> Ground:
    """The ground of a task where tiles are of these sizes, for launches of at most so many updates.

    Raises `DeviceError` if it is too large.
    """
    plan, place = plans.plan_of(task), _Surveyor()
    pitches = tuple(padded(units, steps) for units in task.network.sizes)
    batch = padded(task.batch, steps)
    records = np.full((len(pitches), FIELDS), NONE, dtype=np.int64)
    for column, pitch in enumerate(pitches):
        _lay_out(records[column], plan, column, pitch, batch * pitch, place)
    _join(records, plan)
    head = _head(task, plan, place, pitches, records)
    head[ACROSS] = batch
    head[COSTS], head[LOSSES] = place.take(batch), place.take(most)
    head[SCORES], head[SQUARES] = place.take(SCORES_COUNT), place.take(BLOCKS_OF_SQUARES)
    if place.end >= LARGEST:
        raise DeviceError("This network with its rows is too large for the GPU.")
    return Ground(np.concatenate([head, records.ravel()]).astype(np.uint32), place.end, pitches, batch)


def _lay_out(record: NDArray[np.int64], plan: plans.Plan, column: int, pitch: int, size: int, place: _Surveyor) -> None:
    """What belongs to one column alone."""
    given, last = plan.columns[column], int(plan.whole[plans.LAYERS])
    record[SIZE], record[PITCH], record[NEURON] = given[plans.SIZE], pitch, given[plans.LINE]
    record[CODE] = given[plans.ACTIVATION]
    is_gated = bool(plan.whole[plans.HAS_DROPOUT] or plan.whole[plans.IS_MASKED])
    record[IS_GATED] = is_gated and 0 < column < last
    record[A] = place.take(size)
    if column < last:
        record[AT] = place.take(size)
    if column:
        record[D] = place.take(size)
    if column > 1:
        record[DT] = place.take(size)
    if given[plans.LANDING] >= 0:
        record[CARRIED] = place.take(size)


def _join(records: NDArray[np.int64], plan: plans.Plan) -> None:
    """Shortcuts."""
    for record, given in zip(records, plan.columns, strict=True):
        if given[plans.SHORTCUT] >= 0:
            source = records[given[plans.SHORTCUT]]
            record[SOURCE], record[CARRIES] = source[A], source[CARRIED]


def _head(
    task: Task, plan: plans.Plan, place: _Surveyor, pitches: tuple[int, ...], records: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The head, and the places of what is trained."""
    whole, head = plan.whole, np.zeros(HEAD, dtype=np.int64)
    for field in ("LOSS", "OPTIMIZER", "BATCH", "ROWS", "LENGTH", "PATIENCE", "HAS_PLATEAU", "HAS_DROPOUT"):
        head[globals()[field]] = whole[getattr(plans, field)]
    for field in ("IS_PENALIZED", "IS_MASKED", "IS_VALUE_CLIPPED", "IS_NORM_CLIPPED"):
        head[globals()[field]] = whole[getattr(plans, field)]
    head[THRESHOLD] = np.int32(whole[plans.THRESHOLD]).view(np.uint32)
    head[UNITS] = place.take(sum(task.network.sizes)) if task.mask is not None else NONE
    head[X], head[Y] = place.take(task.inputs.size), place.take(task.targets.size)
    head[FIRST] = place.end
    for column in range(1, len(pitches)):
        size = pitches[column - 1] * pitches[column]
        records[column, W], records[column, B] = place.take(size), place.take(pitches[column])
        records[column, START] = plan.columns[column - 1, plans.START]
    head[SLOT], head[SLOTS] = place.end - head[FIRST], len(task.options.optimizer.memory(1))
    place.take(int(head[SLOTS] * head[SLOT]))
    if head[IS_PENALIZED] or head[IS_MASKED] or head[IS_VALUE_CLIPPED] or head[IS_NORM_CLIPPED]:
        head[GRADIENT] = place.take(int(head[SLOT])) - head[FIRST]
        head[KINDS] = place.take(int(head[SLOT])) - head[FIRST]
    for column in range(1, len(pitches)):
        records[column, WT] = place.take(pitches[column - 1] * pitches[column])
    return head
