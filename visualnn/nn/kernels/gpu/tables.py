"""What changes from update to update of a launch, found ahead: constants of the optimizer, keys of the dropout.

The rule and the schedule are those of `pace.prepare_update`, in 64 bits, rounded to 32 at the end. Only the plateau
rule waits for losses, so that the kernels do that; for its factor f, step and decay of an update are
``STEP·f`` and ``1 − SHRINK·f``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.dropout import mixed
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.numbers import eps_of
from visualnn.nn.network import Vector
from visualnn.nn.optimizers import MOMENTUM_DECAY
from visualnn.nn.schedule import BETA1_POWER, BETA2_POWER, MU_PRODUCT, Schedule

STEP, EPS_NOW, SHRINK, AHEAD_G, AHEAD_M, COLUMNS = range(6)

Powers = dict[int, Vector]  # by its place in the scalars, what it is after 0, 1, … updates


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """The constants of some updates that follow each other."""

    constants: NDArray[np.float32]  # (updates, COLUMNS)
    keys: NDArray[np.uint32]  # (updates,), of the dropout
    powers: Powers
    before: Vector  # the scalars

    def scalars_after(self, done: int) -> Vector:
        """What is remembered after so many of the updates, but for the plateau rule."""
        scalars = self.before.copy()
        for place, values in self.powers.items():
            scalars[place] = values[done]
        return scalars


@np.errstate(over="ignore", under="ignore")  # what has diverged, or is about to, need not fit into 32 bits
def table(task: Task, scalars: Vector, rate: float, t: int, count: int) -> Table:
    """The constants of the updates t + 1 … t + count at this learning rate."""
    rule, powers = task.options.optimizer, _powers(task, scalars, t, count)
    rates = rate * _factors(task.options.schedule, t + np.arange(count, dtype=np.int64))
    constants = np.zeros((count, COLUMNS))
    constants[:, STEP], constants[:, SHRINK] = rates, rates * rule.weight_decay
    if BETA1_POWER in powers:
        share = np.sqrt(1.0 - powers[BETA2_POWER][1:])
        constants[:, STEP] *= share
        constants[:, EPS_NOW] = eps_of(task) * share
        if MU_PRODUCT in powers:
            product, following = powers[MU_PRODUCT][1:], _ahead(rule.beta1, t + 2, count)
            constants[:, AHEAD_G] = (1.0 - _ahead(rule.beta1, t + 1, count)) / (1.0 - product)
            constants[:, AHEAD_M] = following / (1.0 - product * following)
        else:
            constants[:, STEP] /= 1.0 - powers[BETA1_POWER][1:]
    return Table(constants.astype(np.float32), keys(task.options.seed, t, count), powers, scalars.copy())


def keys(seed: int, t: int, count: int) -> NDArray[np.uint32]:
    """`dropout.update_key` of the updates t + 1 … t + count."""
    with np.errstate(over="ignore"):
        first = np.uint64(seed * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
        word = first + (np.uint64(t) + np.arange(count, dtype=np.uint64)) * np.uint64(0xD1B54A32D192ED03)
        word ^= word >> np.uint64(32)
        return mixed(word.astype(np.uint32))


def _powers(task: Task, scalars: Vector, t: int, count: int) -> Powers:
    """What Adam and its kin remember, multiplied one after the other as the loops do."""
    rule = task.options.optimizer
    if rule.name not in ("adam", "adamw", "nadam"):
        return {}
    factors = {BETA1_POWER: np.full(count, rule.beta1), BETA2_POWER: np.full(count, rule.beta2)}
    if rule.name == "nadam":
        factors[MU_PRODUCT] = _ahead(rule.beta1, t + 1, count)
    return {
        place: np.multiply.accumulate(np.concatenate([scalars[place : place + 1], values]))
        for place, values in factors.items()
    }


def _ahead(beta1: float, t: int, count: int) -> Vector:
    """`optimizers.look_ahead` of the updates t, t + 1, …"""
    return np.asarray(beta1 * (1.0 - 0.5 * 0.96 ** ((t + np.arange(count)) * MOMENTUM_DECAY)))


def _factors(schedule: Schedule, t: NDArray[np.int64]) -> Vector:
    """`schedule.factor` of updates, but for the plateau rule."""
    warm = np.minimum(1.0, (t + 1) / schedule.warmup) if schedule.warmup else np.ones(t.size)
    match schedule.name:
        case "step":
            return np.asarray(warm * np.maximum(schedule.floor, schedule.gamma ** (t // schedule.period).astype(float)))
        case "exponential":
            return np.asarray(warm * np.maximum(schedule.floor, schedule.gamma ** (t / schedule.period)))
        case "cosine":
            done = np.minimum(t, schedule.period) / schedule.period
            return np.asarray(warm * (schedule.floor + (1.0 - schedule.floor) * 0.5 * (1.0 + np.cos(np.pi * done))))
    return warm
