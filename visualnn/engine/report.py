"""What is computed beside a training: statistics, score and trouble, rarely enough to cost little.

A `Reporter` belongs to the thread that trains; the window's thread asks it and takes what it has. No lock: each side
sets single attributes, and a report never changes once it is there.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from time import perf_counter

import numpy as np

from visualnn.engine.gauge import PASS_WORK, Gauge
from visualnn.engine.pacing import Ration
from visualnn.engine.replay import Healthy, explosion, healthy
from visualnn.nn.diagnosis import (
    Crawling,
    DeadUnits,
    GradientTrouble,
    Overfitting,
    Plateau,
    constant_loss,
    crawling,
    dead_units,
    gradient_trouble,
    overfitting,
    plateau,
)
from visualnn.nn.divergence import GROWTH, Divergence, part_of
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import ERA, RATE, UPDATE, Control, State
from visualnn.nn.metrics import Score
from visualnn.nn.network import Vector
from visualnn.nn.order import Order
from visualnn.nn.statistics import SAMPLE_ROWS, Statistics, statistics
from visualnn.nn.training import Stop, Training

Trouble = Divergence | DeadUnits | GradientTrouble | Plateau | Crawling | Overfitting

log = logging.getLogger(__name__)

MOST_REPORTS = 200  # kept of a run


@dataclass(frozen=True, eq=False, slots=True)
class Report:
    """What is to be known of a training at one moment, between two updates."""

    update: int  # updates done
    stop: Stop | None  # why training stands still; None while it runs
    statistics: Statistics
    score: Score  # over all rows; over evenly taken ones where all would take long
    troubles: tuple[Trouble, ...]  # the gravest first
    test: Score | None = None  # over the rows held back, if there are any


class Reporter:
    """Makes the reports of one training, in the thread that trains; `ask` and `newest` are for the window's."""

    def __init__(self, training: Training, gauge: Gauge | None = None) -> None:
        self.newest: Report | None = None
        self.series: tuple[Report, ...] = ()  # of the run so far, in the order of the updates
        self._training = training
        self._gauge = gauge or Gauge(training)
        self._ration = Ration()
        self._wanted = False
        self._was_asked = False  # ever
        self._stop: Stop | None = None  # why training stands still
        self._seen: tuple[int, int, Stop | None] | None = None  # the moment of the newest
        self._healthy: Healthy | None = None
        self._healthy_loss = np.inf

    def ask(self) -> bool:
        """Somebody wants to see the next report; whether nobody did before."""
        was_wanted, self._wanted, self._was_asked = self._wanted, True, True
        return not was_wanted

    def begin(self) -> None:
        """A run or a jump begins."""
        self._stop = None
        self._ration.restart()
        flags, known = self._training.control.flags, self._healthy
        here = known is not None and (known.era, known.checkpoint.update) == (flags[ERA], flags[UPDATE])
        if self._was_asked and not here and np.isfinite(self._training.parameters).all():
            self._healthy, self._healthy_loss = healthy(self._training), self._training.loss

    def cut(self, update: int) -> None:
        """Forgets what comes after an update: the run goes on from there."""
        self.series = tuple(report for report in self.series if report.update <= update)
        self.newest = self.series[-1] if self.series else None

    def end(self, stop: Stop) -> None:
        """Training stands still: that is worth a report, if there was ever one wanted."""
        self._stop, self._wanted = stop, self._was_asked

    def wait(self) -> float | None:
        """Seconds until a report is due; None if nobody wants one of this moment."""
        return self._ration.wait() if self._wanted and self._seen != self._moment else None

    def make(self) -> None:
        """A report of this moment. Never raises: training goes on without one, and the log says why."""
        start, self._wanted, self._seen = perf_counter(), False, self._moment
        try:
            self.newest = report = self._report()
            self.series = kept((*(other for other in self.series if other.update != report.update), report))
        except Exception:
            log.exception("no report")
        else:
            self._remember(self.newest.score.loss)
        self._ration.spent(perf_counter() - start)

    @property
    def _moment(self) -> tuple[int, int, Stop | None]:
        flags = self._training.control.flags
        return int(flags[ERA]), int(flags[UPDATE]), self._stop

    def _remember(self, loss: float) -> None:
        """Keeps this moment as healthy, unless the loss has grown since the one that is kept."""
        known = self._healthy
        is_new = known is None or known.era != self._training.control.flags[ERA]
        if isfinite(loss) and (is_new or loss <= GROWTH * self._healthy_loss):
            self._healthy, self._healthy_loss = healthy(self._training), loss

    def _report(self) -> Report:
        training = self._training
        network, loss, mask = training.network, training.options.loss, training.task.mask
        most = max(1, PASS_WORK // network.parameter_count)
        seen = statistics(
            network,
            training.parameters,
            next_change(training, most),
            training.dataset,
            loss,
            update=training.updates,
            mask=mask,
            limit=min(SAMPLE_ROWS, most),
        )
        train, test = self._gauge.now()
        return Report(training.updates, self._stop, seen, train, self._troubles(seen), test)

    def _troubles(self, seen: Statistics) -> tuple[Trouble, ...]:
        training = self._training
        network, length = training.network, training.epoch_length
        if self._stop is Stop.DIVERGED:
            return tuple(filter(None, [explosion(training, self._healthy)]))
        found: list[Trouble | None] = [dead_units(network, seen), gradient_trouble(network, seen)]
        curve = training.curve.view(training.updates)
        if curve is not None:
            found += [plateau(curve, seen, self._baseline, length), crawling(curve, seen, self._baseline, length)]
        readings = self._gauge.readings
        before = readings.chosen(readings.updates <= training.updates)
        found.append(overfitting(before.updates.astype(np.float64), before.train_loss, before.test_loss))
        return tuple(filter(None, found))

    @cached_property
    def _baseline(self) -> float:
        return constant_loss(self._training.dataset.targets, self._training.options.loss)


def next_change(training: Training, most_rows: int) -> Vector:
    """What the next update is going to change, found on copies; from at most so many rows of its batch.

    All 0 where there is no next update, because the loss is not finite.
    """
    t, before = training.updates, training.state
    batch = part_of(training.task, training.next_rows(), most_rows)
    control = Control(before.parameters.size, float(training.control.dials[RATE]), None)
    control.flags[UPDATE] = t
    after = State(*(part.copy() for part in before))
    order = Order(batch.rows, batch.rows, 0)
    reference.Loop(batch).run(order, after, control, np.empty(1), t + 1, 1)  # this stride keeps loss[0] only
    with np.errstate(all="ignore"):
        return np.asarray(after.parameters - before.parameters)


def kept(reports: tuple[Report, ...]) -> tuple[Report, ...]:
    """In order, and every second one where there are more than `MOST_REPORTS`."""
    ordered = sorted(reports, key=lambda report: report.update)
    return tuple(ordered if len(ordered) <= MOST_REPORTS else (*ordered[:-1:2], ordered[-1]))
