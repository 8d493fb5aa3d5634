"""A training that diverged, gone through once more to find the update that exploded and a rate that would not have."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import NamedTuple

import numpy as np

from visualnn.nn.divergence import GROWTH, Divergence, affordable_rows, divergence, last_healthy, part_of
from visualnn.nn.history import Checkpoint
from visualnn.nn.kernels.arguments import ERA, STOP
from visualnn.nn.network import Vector
from visualnn.nn.schedule import factor
from visualnn.nn.training import Stop, Training

SECONDS = 2.0  # for all of it; nobody waits meanwhile, and a command ends it
SLICE_SECONDS = 0.01  # between two looks at clock and stop flag
TRIAL_EPOCHS, TRIAL_UPDATES = 2, 50  # the longer of them at a safe rate must not explode
TRIALS = 10  # rates, each half the one before


class Healthy(NamedTuple):
    """A place in a training where all was well, to go on from."""

    checkpoint: Checkpoint
    era: int


def healthy(training: Training) -> Healthy:
    """A copy of how it stands now."""
    return Healthy(training.checkpoint(), int(training.control.flags[ERA]))


def explosion(training: Training, known: Healthy | None) -> Divergence | None:
    """Which update made a diverged training explode, seen from the last healthy place that is known.

    Where finding out takes too long, or a command waits, all updates from the last place reached are told as one.
    """
    if known is not None and (known.era != training.control.flags[ERA] or known.checkpoint.update > training.updates):
        known = None
    replay = Replay(training, known)
    twin, curve = replay.twin, training.curve.view(training.updates)
    assert curve is not None
    exact = replay.run_to(min(last_healthy(curve, twin.updates, training.epoch_length), training.updates - 1))
    level, place = twin.loss, healthy(twin)
    while exact and twin.updates < training.updates and twin.loss <= GROWTH * level:
        place = healthy(twin)
        exact = replay.run_to(twin.updates + 1)
    found = replay.told(place, twin.parameters, twin.updates) if exact else None
    return found or replay.told(place, training.parameters, training.updates)


class Replay:
    """A twin of a training, with a time limit."""

    def __init__(self, training: Training, known: Healthy | None) -> None:
        self._training = training
        self._end = perf_counter() + SECONDS
        self._rates = training.checkpoint().rates
        self.twin = Training(
            training.network, training.dataset, training.options, training.start, mask=training.task.mask
        )
        self.twin.set_goal(None)
        if known is not None:
            self._go_back(known)

    def run_to(self, update: int) -> bool:
        """With the rates of then; False where the time is up or a command waits."""
        twin, count = self.twin, 1
        while twin.updates < update:
            changes = [first for first, _rate in self._rates if first > twin.updates]
            twin.set_rate([rate for first, rate in self._rates if first <= twin.updates][-1])
            start = perf_counter()
            stop = twin.run(min(count, min([update, *changes]) - twin.updates))
            count = 2 * count if perf_counter() - start < SLICE_SECONDS else max(1, count // 2)
            if stop is Stop.DIVERGED or not self._has_time:
                return twin.updates == update
        return True

    @property
    def _has_time(self) -> bool:
        return perf_counter() < self._end and not self._training.control.flags[STOP]

    def _go_back(self, place: Healthy) -> None:
        self.twin.resume(place.checkpoint)

    def told(self, place: Healthy, after: Vector, update: int) -> Divergence | None:
        """The explosion between a healthy place and parameters after an update."""
        twin, training = self.twin, self._training
        after = after.copy()
        self._go_back(place)
        since = twin.updates
        rate = twin.rate * (factor(training.options.schedule, since, twin.state.scalars) or 1.0)
        rows = part_of(training.task, twin.next_rows(), affordable_rows(training.network))
        found = divergence(rows, twin.parameters.copy(), after, since=since, update=update, rate=rate)
        if found is None or found.safe_rate is None or training.epoch_length == 1:
            return found
        return replace(found, safe_rate=self._tried(place, found.safe_rate, twin.rate / rate))

    def _tried(self, place: Healthy, rate: float, full: float) -> float | None:
        """This rate, or half of it and so on, at which no batch makes the training explode; None if there is none.

        `full` is what to multiply it with for the rate that is set, before its schedule.
        """
        fresh = replace(place.checkpoint, memory=np.zeros_like(place.checkpoint.memory))
        for _ in range(TRIALS):
            self._go_back(place._replace(checkpoint=fresh))
            if self._holds(rate * full):
                return rate
            rate *= 0.5
        return None

    def _holds(self, rate: float) -> bool:
        """Whether the twin does not explode at this rate; yes, too, if the time is up before it has."""
        twin, first = self.twin, self.twin.updates
        self._rates = ((0, rate),)
        end = first + max(TRIAL_EPOCHS * twin.epoch_length, TRIAL_UPDATES)
        if not self.run_to(end):
            return not self._has_time
        curve = twin.curve.view(end)
        assert curve is not None
        losses = curve.losses[-(-first // curve.stride) :]
        quarter = max(1, losses.size // 4)
        return bool(np.median(losses[-quarter:]) <= GROWTH * np.median(losses[:quarter]))
