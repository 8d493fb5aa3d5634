"""A task in numbers as GPU kernels read it: 32 bits wide and in three arrays, for each one costs time at a launch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.dropout import threshold
from visualnn.nn.functions import ACTIVATIONS, LOSSES
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.numbers import CONSTANTS, constants_of, keep_of, units_of
from visualnn.nn.network import Matrix
from visualnn.nn.optimizers import OPTIMIZERS

Whole = NDArray[np.int32]
Singles = NDArray[np.float32]

MOST = 2**31 - 1

# Places of a column in `Plan.columns`. A layer has the number of the column it leads out of.
(
    SIZE,  # neurons
    LINE,  # where it begins among all neurons
    ACTIVATION,  # a code of `formulas`; of the inputs it is linear
    SHORTCUT,  # the column that is added to it, or −1
    LANDING,  # the column that it is added to, or −1
    START,  # where the weights that lead out of it begin among the parameters; of the outputs: how many there are
    FIELDS,
) = range(7)
# Places in `Plan.whole`
(
    LAYERS,  # one less than columns
    LOSS,
    OPTIMIZER,
    BATCH,
    ROWS,
    LENGTH,  # updates per epoch
    PARAMETERS,
    IS_PENALIZED,
    IS_MASKED,
    IS_VALUE_CLIPPED,
    IS_NORM_CLIPPED,
    HAS_DROPOUT,
    HAS_SHORTCUTS,
    HAS_PLATEAU,
    THRESHOLD,  # the hash from which on a neuron is heard; bits of a number without sign
    PATIENCE,  # epochs
    WHOLE,
) = range(17)
# Places in `Plan.fixed` behind those of `numbers.CONSTANTS`
CLIP_VALUE, CLIP_NORM, LOUDER, GAMMA, FLOOR, FIXED = range(CONSTANTS, CONSTANTS + 6)  # LOUDER: 1/(1 − dropout)


class Plan(NamedTuple):
    """What never changes while a task is worked on."""

    columns: Whole  # (columns, FIELDS)
    whole: Whole  # (WHOLE,)
    fixed: Singles  # (FIXED,): what `formulas.moved` is given, and what follows


def plan_of(task: Task) -> Plan:
    """The plan of a task."""
    return Plan(_columns(task), _whole(task), _fixed(task))


def _columns(task: Task) -> Whole:
    network = task.network
    columns = np.full((len(network.sizes), FIELDS), -1, dtype=np.int32)
    columns[:, SIZE] = network.sizes
    columns[:, LINE] = np.cumsum(network.sizes) - network.sizes
    columns[:, ACTIVATION] = [ACTIVATIONS.index(name) for name in ("linear", *network.activations)]
    columns[:, START] = *(weights for weights, _biases in network.offsets), network.parameter_count
    for column, source in enumerate(network.shortcuts):
        if source is not None:
            columns[column, SHORTCUT], columns[source, LANDING] = source, column
    return columns


def _whole(task: Task) -> Whole:
    options, schedule = task.options, task.options.schedule
    whole = np.zeros(WHOLE, dtype=np.int32)
    whole[LAYERS], whole[PARAMETERS] = len(task.network.layers), task.network.parameter_count
    whole[LOSS], whole[OPTIMIZER] = LOSSES.index(options.loss), OPTIMIZERS.index(options.optimizer.name)
    whole[BATCH], whole[ROWS], whole[LENGTH] = task.batch, task.rows, task.epoch_length
    whole[IS_PENALIZED], whole[IS_MASKED] = bool(options.l1 or options.l2), task.mask is not None
    whole[IS_VALUE_CLIPPED], whole[IS_NORM_CLIPPED] = options.clip_value is not None, options.clip_norm is not None
    whole[HAS_DROPOUT] = options.dropout > 0
    whole[HAS_SHORTCUTS] = any(source is not None for source in task.network.shortcuts)
    whole[HAS_PLATEAU], whole[PATIENCE] = schedule.name == "plateau", min(schedule.patience, MOST)
    whole[THRESHOLD] = np.uint32(threshold(options.dropout)).view(np.int32)
    return whole


@np.errstate(over="ignore")
def _fixed(task: Task) -> Singles:
    options, schedule = task.options, task.options.schedule
    fixed = np.zeros(FIXED, dtype=np.float32)
    fixed[:CONSTANTS] = constants_of(task)
    fixed[CLIP_VALUE] = np.inf if options.clip_value is None else options.clip_value
    fixed[CLIP_NORM] = np.inf if options.clip_norm is None else options.clip_norm
    fixed[LOUDER], fixed[GAMMA], fixed[FLOOR] = 1.0 / (1.0 - options.dropout), schedule.gamma, schedule.floor
    return fixed


@np.errstate(over="ignore")  # what is too large for 32 bits is infinite there
def singles(values: Matrix) -> Singles:
    """Numbers as kernels read them, one row after the other."""
    return np.ascontiguousarray(values, dtype=np.float32)


def keep(task: Task) -> Singles:
    """(parameters,): 0 for what is cut; empty where nothing is."""
    return singles(keep_of(task)) if task.mask is not None else np.zeros(0, dtype=np.float32)


def units(task: Task) -> Singles:
    """(neurons,): 0 for those that are switched off, column after column; empty where none is."""
    return singles(units_of(task)) if task.mask is not None else np.zeros(0, dtype=np.float32)
