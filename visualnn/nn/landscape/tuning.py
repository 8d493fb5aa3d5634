"""The rate at which a rule comes below a goal after the fewest updates.

The rate that is set is tried, then a sweep over five powers of ten from the greatest down, then what lies around the
best of these, closely: how many updates it takes is a ragged function of the rate. A trial ends where the loss is below
the goal, is no longer finite, or the best of those before has taken as many updates; of two that take as many, the
lower loss is better. Between the rates that are tried there may be better ones; those tried say all that is known.

The loss is the true one, over all rows, looked at after every update; of a network that is trained in batches or with
dropout, at the moments that `trek` keeps, as in a race.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np

from visualnn.nn.landscape.course import Course, NetworkCourse, SurfaceCourse
from visualnn.nn.landscape.descent import Descent, TwoWeights
from visualnn.nn.landscape.trek import Trek
from visualnn.nn.options import Options
from visualnn.nn.training import Stop, Training

RATES: tuple[float, ...] = tuple(np.geomspace(10.0, 1e-4, 21).tolist())  # each 1.78 times the next
FINE = 1.05  # from one rate to the next around the best of these, …
EACH_WAY = 17  # … up to 2.3 times as much and as little
MOST_UPDATES = 3000  # of a trial
WORK = 2**23  # multiplications until a search shows itself again, some milliseconds
MOST_AT_ONCE = 256  # updates


@dataclass(frozen=True, slots=True)
class Trial:
    """A rate that has been tried."""

    rate: float
    updates: int | None  # until the loss was below the goal; None: it was not, or not as soon as at the best rate
    loss: float  # where the trial ended

    def is_better(self, other: Trial | None) -> bool:
        """Whether it has arrived sooner, or as soon and lower."""
        if self.updates is None or other is None or other.updates is None:
            return self.updates is not None
        return (self.updates, self.loss) < (other.updates, other.loss)


@dataclass(frozen=True, slots=True)
class Search:
    """How far a search is; the last one holds what has been found."""

    trials: tuple[Trial, ...]  # as they were made
    whole: int  # trials that there will be, as far as is known
    best: Trial | None = None  # None: no rate has arrived

    @property
    def share(self) -> float:
        """Which part of the trials is done."""
        return len(self.trials) / self.whole

    def after(self, trial: Trial) -> Search:
        """With one more."""
        return replace(self, trials=(*self.trials, trial), best=trial if trial.is_better(self.best) else self.best)


def best_rate(course: Course, options: Options, goal: float, *, most: int = MOST_UPDATES) -> Iterator[Search]:
    """Searches, in portions between which one may stop; the same object is shown again while a trial goes on.

    Raises `VisualNNError` where the options do not fit the course.
    """
    return _Hunt(course, replace(course.fair(options), goal=goal), goal, most).searches()


@dataclass(frozen=True, eq=False)
class _Hunt:
    course: Course
    options: Options  # with the goal
    goal: float
    most: int

    def searches(self) -> Iterator[Search]:
        """As `best_rate`."""
        search = Search((), 1 + len(RATES))
        for rate in (self.options.optimizer.rate, *RATES):
            search = yield from self._tried(search, rate)
            if search.best is not None and search.best.updates == 0:  # it begins below the goal: any rate will do
                break
        else:
            search = yield from self._refined(search)
        yield replace(search, whole=len(search.trials))

    def _refined(self, search: Search) -> Generator[Search, None, Search]:
        """The rates around the best one, the nearest first."""
        if search.best is not None:
            centre = search.best.rate
            search = replace(search, whole=search.whole + 2 * EACH_WAY)
            for k in range(1, EACH_WAY + 1):
                for rate in (centre * FINE**k, centre / FINE**k):
                    search = yield from self._tried(search, rate)
        return search

    def _tried(self, search: Search, rate: float) -> Generator[Search, None, Search]:
        """One rate more, no longer than the best so far took."""
        best, climb = search.best, self._climb(rate)
        limit = self.most if best is None or best.updates is None else best.updates
        while not climb.has_ended and climb.updates < limit:
            if climb.updates:
                yield search
            climb.run(min(self._portion, limit - climb.updates))
        search = search.after(Trial(rate, *climb.arrival()))
        yield search
        return search

    def _climb(self, rate: float) -> _Climb | _Watch:
        options = replace(self.options, optimizer=replace(self.options.optimizer, rate=rate))
        if isinstance(self.course, SurfaceCourse):
            return _Climb(Descent(self.course.surface_of(options), options, self.course.start), self.goal)
        if options.dropout or (options.batch_size or self.course.data.rows) < self.course.data.rows:
            return _Watch(Trek(self.course.training(replace(options, goal=None))), self.goal)
        return _Climb(self.course.training(options), self.goal)

    @property
    def _portion(self) -> int:
        """Updates until the search shows itself again."""
        course, cost = self.course, 1
        if isinstance(course, NetworkCourse):
            cost = course.network.parameter_count * course.data.rows
        elif isinstance(course.surface, TwoWeights):
            cost = course.surface.task.network.parameter_count * course.surface.task.rows
        return max(1, min(MOST_AT_ONCE, WORK // cost))


class _Climb:
    """Something that looks at its true loss itself, before every update."""

    def __init__(self, mover: Descent | Training, goal: float) -> None:
        self._mover, self._goal = mover, goal
        self._stop = Stop.DONE

    @property
    def updates(self) -> int:
        return self._mover.updates

    @property
    def has_ended(self) -> bool:
        return self._stop is not Stop.DONE

    def run(self, updates: int) -> None:
        self._stop = self._mover.run(updates)

    def arrival(self) -> tuple[int | None, float]:
        """The update that it has arrived at, and the loss now."""
        loss = self._mover.loss
        return (self.updates if self._stop is Stop.GOAL or loss < self._goal else None), loss


class _Watch:
    """A training that has to be looked at."""

    def __init__(self, trek: Trek, goal: float) -> None:
        self._trek, self._goal = trek, goal

    @property
    def updates(self) -> int:
        return self._trek.updates

    @property
    def has_ended(self) -> bool:
        return self._trek.stop is not None or self._trek.sketch.first_below(self._goal) is not None

    def run(self, updates: int) -> None:
        self._trek.run(updates)

    def arrival(self) -> tuple[int | None, float]:
        """The update that it has arrived at, and the loss there; else the loss now."""
        track = self._trek.track
        arrived = track.first_below(self._goal)
        return arrived, float(track.losses[-1 if arrived is None else track.moment(arrived)])
