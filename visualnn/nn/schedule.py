"""How the learning rate changes by itself: a factor for each update, multiplied with the rate that is set.

``t`` counts the updates done before, from 0. Loshchilov & Hutter 2017 for the cosine; the rules and words are those of
``torch.optim.lr_scheduler``, but counted in updates, not epochs.

* constant: 1
* step: gamma^⌊t / period⌋
* exponential: gamma^(t / period)
* cosine: from 1 down to `floor` along half a cosine in `period` updates, and `floor` from then on
* plateau: × gamma whenever the mean loss of an epoch has not been better than the best for more than `patience` epochs

Warm-up multiplies the first `warmup` updates by 1/warmup, 2/warmup, … 1 (Goyal et al. 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, pow

import numpy as np

from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Vector

SCHEDULES = ("constant", "step", "exponential", "cosine", "plateau")
MOST = 10**12  # updates or epochs
BETTER = 1e-4  # an epoch counts as better if its loss is lower by this share, PyTorch's default

# What the plateau rule and Adam's corrections for its first steps remember: places in `arguments.State.scalars`.
FACTOR, BEST, BAD_EPOCHS, EPOCH_LOSS, MU_PRODUCT, BETA1_POWER, BETA2_POWER, SCALARS = range(8)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which rule, with its constants. Raises `VisualNNError` on values that make no schedule."""

    name: str = "constant"
    period: int = 100  # updates
    gamma: float = 0.5
    warmup: int = 0  # updates
    patience: int = 10  # epochs
    floor: float = 0.0  # the smallest factor

    def __post_init__(self) -> None:
        if self.name not in SCHEDULES:
            raise VisualNNError(f"There is no schedule “{self.name}”. Known: {', '.join(SCHEDULES)}.")
        if self.period < 1:
            raise VisualNNError(f"The period of a schedule must be at least 1 update, not {self.period}.")
        if not 0 < self.gamma <= 1:
            raise VisualNNError(f"gamma must be above 0 and at most 1, not {self.gamma}.")
        if max(self.period, self.warmup, self.patience) > MOST:
            raise VisualNNError(f"A schedule can count to {MOST:,} at most.")
        if self.warmup < 0 or self.patience < 0:
            raise VisualNNError("Warm-up and patience cannot be below 0.")
        if not 0 <= self.floor <= 1:
            raise VisualNNError(f"The floor of a schedule must be from 0 to 1, not {self.floor}.")


def fresh_scalars() -> Vector:
    """What is remembered before the first update."""
    scalars = np.ones(SCALARS)
    scalars[[BEST, BAD_EPOCHS, EPOCH_LOSS]] = np.inf, 0.0, 0.0
    return scalars


def factor(schedule: Schedule, t: int, scalars: Vector) -> float:
    """What the rate of update t + 1 is multiplied with."""
    warm = min(1.0, (t + 1) / schedule.warmup) if schedule.warmup else 1.0
    match schedule.name:
        case "step":
            return warm * max(schedule.floor, pow(schedule.gamma, t // schedule.period))
        case "exponential":
            return warm * max(schedule.floor, pow(schedule.gamma, t / schedule.period))
        case "cosine":
            done = min(t, schedule.period) / schedule.period
            return warm * (schedule.floor + (1.0 - schedule.floor) * 0.5 * (1.0 + cos(pi * done)))
        case "plateau":
            return warm * float(scalars[FACTOR])
    return warm


def note_loss(schedule: Schedule, t: int, epoch_length: int, loss: float, scalars: Vector) -> None:
    """Tells the plateau rule the loss of update t + 1; it decides at the end of each epoch."""
    if schedule.name != "plateau":
        return
    scalars[EPOCH_LOSS] += loss
    if (t + 1) % epoch_length:
        return
    mean, scalars[EPOCH_LOSS] = scalars[EPOCH_LOSS] / epoch_length, 0.0
    if mean < scalars[BEST] * (1.0 - BETTER):
        scalars[BEST], scalars[BAD_EPOCHS] = mean, 0.0
    else:
        scalars[BAD_EPOCHS] += 1.0
    if scalars[BAD_EPOCHS] > schedule.patience:
        scalars[FACTOR], scalars[BAD_EPOCHS] = max(schedule.floor, scalars[FACTOR] * schedule.gamma), 0.0
