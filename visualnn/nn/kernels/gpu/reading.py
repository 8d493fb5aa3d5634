"""What kernels for wide networks look up: where things lie, which update it is, what this update is made with."""

from __future__ import annotations

from typing import Any

from visualnn.nn.kernels.gpu import places, plan
from visualnn.nn.kernels.gpu.door import float32, inlined, uint32
from visualnn.nn.kernels.gpu.formulas import is_heard
from visualnn.nn.kernels.gpu.places import (
    BASE,
    BATCH,
    CONSTANTS,
    FACTOR_NOW,
    FIELDS,
    FIRST_PART,
    HAS_DROPOUT,
    HEAD,
    LENGTH,
    LINES,
    ROWS,
    SCORES,
    THRESHOLD,
    TURN,
    UNITS,
)
from visualnn.nn.kernels.gpu.tables import AHEAD_G, AHEAD_M, COLUMNS, EPS_NOW, SHRINK, STEP

NONE = places.NONE
LOUDER = plan.LOUDER


@inlined
def of(sheet: Any, column: Any, field: Any) -> Any:
    """A number of a column."""
    return uint32(sheet[uint32(uint32(HEAD) + uint32(column) * uint32(FIELDS) + uint32(field))])


@inlined
def count_of(sheet: Any, turn: Any, update: Any) -> Any:
    """How many rows an update has; `update` is its number in this launch."""
    part = uint32(uint32(turn[uint32(FIRST_PART)] + update) % sheet[uint32(LENGTH)])
    left = uint32(sheet[uint32(ROWS)] - uint32(part * sheet[uint32(BATCH)]))
    return uint32(left if left < sheet[uint32(BATCH)] else sheet[uint32(BATCH)])


@inlined
def line_of(sheet: Any, turn: Any, update: Any, row: Any) -> Any:
    """Which of the rows of the data is a row of the batch."""
    passed = uint32(turn[uint32(FIRST_PART)] + update)
    if sheet[uint32(LENGTH)] == uint32(1):  # a full batch has one order for ever
        passed = uint32(0)
    epoch = uint32(passed // sheet[uint32(LENGTH)])
    part = uint32(passed - uint32(epoch * sheet[uint32(LENGTH)]))
    at = uint32(uint32(epoch * sheet[uint32(ROWS)]) + uint32(part * sheet[uint32(BATCH)]) + row)
    return uint32(turn[uint32(turn[uint32(LINES)] + at)])


@inlined
def update_of(turn: Any, status: Any, field: Any) -> Any:
    """The number in this launch of the update that is being made."""
    return uint32(uint32(status[uint32(field)]) - turn[uint32(BASE)])


@inlined
def key_of(turn: Any, update: Any) -> Any:
    """The key of the dropout of an update."""
    return uint32(turn[uint32(uint32(TURN) + update)])


@inlined
def gate(sheet: Any, fixed: Any, room: Any, key: Any, neuron: Any, row: Any) -> Any:
    """What multiplies the activation of a neuron in a row of the batch."""
    opening = float32(1)
    if sheet[uint32(UNITS)] != uint32(NONE):
        opening = room[uint32(sheet[uint32(UNITS)] + neuron)]
    if sheet[uint32(HAS_DROPOUT)] != uint32(0):
        if is_heard(key, neuron, row, sheet[uint32(THRESHOLD)]):
            return opening * fixed[uint32(LOUDER)]
        return float32(0)
    return opening


@inlined
def constants_of(sheet: Any, constants: Any, room: Any, update: Any) -> Any:
    """Step, eps, decay and the shares of NAdam."""
    at = uint32(uint32(CONSTANTS) + update * uint32(COLUMNS))
    factor = room[uint32(sheet[uint32(SCORES)] + uint32(FACTOR_NOW))]
    step = constants[uint32(at + uint32(STEP))] * factor
    decay = float32(1) - constants[uint32(at + uint32(SHRINK))] * factor
    ahead_g, ahead_m = constants[uint32(at + uint32(AHEAD_G))], constants[uint32(at + uint32(AHEAD_M))]
    return step, constants[uint32(at + uint32(EPS_NOW))], decay, ahead_g, ahead_m
