"""How well a network does as it learns, measured now and then: on the rows it learns from, and on those held back.

A `Gauge` belongs to the thread that trains; what it has measured may be read by another. Measuring gets a tenth of the
time at most, but for the readings that early stopping needs.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from time import perf_counter

import numpy as np

from visualnn.nn.data import Dataset
from visualnn.nn.metrics import Score, score
from visualnn.nn.readings import COLUMNS, NO_READINGS, Readings
from visualnn.nn.statistics import sample
from visualnn.nn.training import Training

MOST_READINGS = 2048
GAUGE_REST = 9.0  # times as long as a reading took until the next
SOON_SECONDS = 0.02
PASS_WORK = 2**26  # multiplications of one pass: of more rows than that takes, evenly chosen ones are measured


class Gauge:
    """Measures a training, and keeps what it has measured, in the order of the updates."""

    def __init__(self, training: Training) -> None:
        self._training = training
        self._most = max(1, PASS_WORK // training.network.parameter_count)
        self._due = self._took = 0.0  # when the next reading is due, and how long the last one took
        self.bests: list[tuple[int, float]] = []  # each update whose test loss was lower than all before, for patience
        self._newest: tuple[int, Score, Score | None] | None = None
        self.clear()

    @cached_property
    def _train(self) -> Dataset:
        """The rows to learn from that are measured; of many it takes a while to choose them, which the thread does."""
        return few(self._training.dataset, self._most)

    @cached_property
    def _test(self) -> Dataset | None:
        """The rows held back that are measured."""
        held = self._training.dataset.held
        return None if held is None else few(held, self._most)

    def clear(self) -> None:
        """Nothing has been measured."""
        self._begin(NO_READINGS)
        self._newest = None
        self.bests.clear()

    @property
    def readings(self) -> Readings:
        """All there are. What has been seen of them never changes."""
        updates, values, count = self._table
        return Readings.of(updates[:count], values[:, :count])

    def take(self, readings: Readings) -> None:
        """Goes on from those of another."""
        self.bests.clear()
        self._begin(readings)

    def cut(self, update: int) -> None:
        """Forgets what comes after an update."""
        seen = self.readings
        self._begin(seen.chosen(seen.updates <= update))
        self._newest = None
        self.bests[:] = [best for best in self.bests if best[0] <= update]

    def _begin(self, readings: Readings) -> None:
        """A table of its own, with room for more: numbers in it are never overwritten, so that others may read."""
        count = len(readings.updates)
        updates = np.zeros(max(64, 2 * count), dtype=np.int64)
        values = np.full((len(COLUMNS), updates.size), np.nan)
        updates[:count] = readings.updates
        values[:, :count] = [getattr(readings, column) for column in COLUMNS]
        self._table = updates, values, count

    def measure(self, at_rest: bool = False) -> None:
        """A reading of this moment, if it is time for one; where nothing goes on, also if it is soon done."""
        start = perf_counter()
        if start >= self._due or (at_rest and self._took < SOON_SECONDS):
            self.now()
            before, self._took = self._took, perf_counter() - start
            self._due = perf_counter() + GAUGE_REST * min(before, self._took)  # the first of all takes much longer

    def now(self) -> tuple[Score, Score | None]:
        """How the network does at this moment on the rows it learns from, and on those held back."""
        update = self._training.updates
        if self._newest is None or self._newest[0] != update:
            test = None if self._test is None else self._score(self._test)
            self._newest = update, self._score(self._train), test
        _update, train, test = self._newest
        updates, _values, count = self._table
        if update not in updates[:count]:
            self._add(update, _row(train, test))
        return train, test

    def _add(self, update: int, row: tuple[float, ...]) -> None:
        """At the end where it belongs there, else in its place in a table of its own."""
        seen = self.readings
        if len(seen.updates) >= MOST_READINGS:
            seen = seen.thinned(MOST_READINGS // 2)
            self._begin(seen)
        updates, values, count = self._table
        place = int(np.searchsorted(seen.updates, update))
        if place == count < updates.size:
            updates[count], values[:, count] = update, row
            self._table = updates, values, count + 1
        else:
            table = np.array([getattr(seen, column) for column in COLUMNS])
            wider = np.insert(table, place, row, axis=1)
            self._begin(Readings.of(np.insert(seen.updates, place, update), wider))

    def lost_patience(self, epochs: int) -> bool:
        """Measures the end of an epoch; whether the test loss has not been better for so many of them."""
        update, (_train, test) = self._training.updates, self.now()
        if test is None:
            return False
        if not self.bests or test.loss < self.bests[-1][1]:
            self.bests.append((update, test.loss))
        return update - self.bests[-1][0] >= epochs * self._training.epoch_length

    def _score(self, rows: Dataset) -> Score:
        training = self._training
        return score(training.network, training.parameters, rows, training.options.loss, training.task.mask)


def _row(train: Score, test: Score | None) -> tuple[float, ...]:
    """In the order of `COLUMNS`."""
    scores = train, test
    losses = (np.nan if each is None else each.loss for each in scores)
    rights = (np.nan if each is None or each.right is None else each.right / each.rows for each in scores)
    misses = (np.nan if each is None else each.mean_miss for each in scores)
    return *losses, *rights, *misses


def few(dataset: Dataset, most: int) -> Dataset:
    """A data set of at most so many rows, evenly taken."""
    if dataset.rows <= most:
        return dataset
    rows = sample(dataset.rows, most)
    return replace(dataset, inputs=dataset.inputs[rows], targets=dataset.targets[rows])
