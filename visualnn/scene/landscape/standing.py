"""Where the runners of a race are at a moment, who is first, and how far each has come.

A moment is a number of updates t. Who is below the goal rests there; who is no number any more stays where it became
none; everyone else is where it was after the last update that is known and not after t.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.curve import CurveView
from visualnn.nn.landscape.track import Track
from visualnn.nn.network import Vector
from visualnn.nn.training import Stop
from visualnn.scene.landscape.marks import Minimum
from visualnn.scene.racing import NO_CURVE, Lane, Mark

SAME = 1e-6  # relative: losses that differ by less are told as the same

Window = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Race:
    """Who runs, and all that is known of it. Compared by identity: what holds at every moment is worked out once."""

    tracks: tuple[Track, ...]
    names: tuple[str, ...]
    marks: tuple[Mark, ...]
    goal: float | None = None  # the loss to get below
    updates: int = 0  # the race's distance
    minima: tuple[Minimum, ...] = ()  # of separate valleys, in the coordinates of the places: see `basins.valleys`
    window: Window | None = None  # what is seen of the surface, where the places are two numbers

    @cached_property
    def arrivals(self) -> tuple[int | None, ...]:
        """The update at which each is first below the goal, as far as is known."""
        return tuple(None if self.goal is None else track.first_below(self.goal) for track in self.tracks)

    @cached_property
    def lowest(self) -> tuple[Vector, ...]:
        """The lowest loss of each up to every moment; infinite where there was none."""
        return tuple(np.fmin.accumulate(np.append(np.inf, track.losses))[1:] for track in self.tracks)

    @cached_property
    def spaced(self) -> tuple[tuple[NDArray[np.intp], int], ...]:
        """The moments of each that are evenly spaced, and how many updates lie between two."""
        return tuple(_spaced(track.updates) for track in self.tracks)

    def at(self, runner: int, t: int) -> tuple[int, Stop | None]:
        """The same as `lane_at`."""
        return _at(self.tracks[runner], t, self.arrivals[runner])


@dataclass(frozen=True, slots=True)
class Score:
    """A line of the scoreboard."""

    rank: int  # from 1; of two who are alike, the same
    name: str
    mark: Mark
    rate: float
    arrival: int | None  # updates to the goal; None: not there
    lowest: float  # loss so far; no number where there was none
    loss: float  # now


def lane_at(track: Track, t: int, goal: float | None) -> tuple[int, Stop | None]:
    """The moment of a track at which its runner is at t, and why it goes no further; None: it does."""
    return _at(track, t, None if goal is None else track.first_below(goal))


def _at(track: Track, t: int, arrival: int | None) -> tuple[int, Stop | None]:
    if arrival is not None and arrival <= t:
        return track.moment(arrival), Stop.GOAL
    moment = track.moment(t)
    if not isfinite(track.losses[moment]):
        return int(np.flatnonzero(~np.isfinite(track.losses))[0]), Stop.DIVERGED
    is_lost = track.stop is Stop.DIVERGED and t >= track.last
    return moment, Stop.DIVERGED if is_lost else None


def standings(race: Race, t: int) -> tuple[Lane, ...]:
    """All runners as rows can show them; `parameters` are the place, `curve` the losses before it."""
    lanes = []
    for runner, (track, name, mark) in enumerate(zip(race.tracks, race.names, race.marks, strict=True)):
        moment, stop = race.at(runner, t)
        update, loss = int(track.updates[moment]), float(track.losses[moment])
        curve = _curve(track, *race.spaced[runner], moment)
        lanes.append(Lane(name, track.options, mark, update, loss, stop, track.places[moment], curve))
    return tuple(lanes)


def is_over(race: Race, t: int) -> bool:
    """Whether nothing more can happen: the distance is run, or everyone is there or out."""
    return t >= race.updates or all(race.at(runner, t)[1] is not None for runner in range(len(race.tracks)))


def scoreboard(race: Race, t: int) -> tuple[Score, ...]:
    """Who arrived, in this order; then the others by their loss; who is out comes last."""
    rows = []
    for runner, lane in enumerate(standings(race, t)):
        arrival, lowest = lane.update if lane.finished else None, lowest_of(race, runner, t)
        rows.append(Score(0, lane.name, lane.mark, lane.options.optimizer.rate, arrival, lowest, lane.loss))
    rows.sort(key=_key)
    return tuple(replace(row, rank=_rank(rows, place)) for place, row in enumerate(rows))


def lowest_of(race: Race, runner: int, t: int) -> float:
    """The lowest loss of a runner so far; no number where there was none."""
    lowest = float(race.lowest[runner][race.at(runner, t)[0]])
    return lowest if isfinite(lowest) else float("nan")


def winners(race: Race, t: int) -> tuple[int, ...] | None:
    """The places of those who won; nobody, where the race is over and nobody arrived; None: it is not known yet.

    With a goal it is who was first below it, without one whose loss is lowest when the distance is run.
    """
    lanes = standings(race, t)
    if race.goal is not None:
        arrivals = {place: lane.update for place, lane in enumerate(lanes) if lane.finished}
        if arrivals:
            return tuple(place for place, update in arrivals.items() if update == min(arrivals.values()))
        return () if is_over(race, t) else None
    if not is_over(race, t):
        return None
    losses = {place: lane.loss for place, lane in enumerate(lanes) if not lane.out}
    return tuple(place for place, loss in losses.items() if is_same(loss, min(losses.values())))


def is_same(a: float, b: float, within: float = SAME) -> bool:
    """Whether two losses are told as the same."""
    return a == b or abs(a - b) <= within * max(abs(a), abs(b))


def label(t: int, updates: int) -> str:
    """The moment, beside the scrubber."""
    return f"Update {t:,} of {updates:,}"


def stamp(update: int) -> str:
    """The moment that a surface belongs to which is another one after the next update."""
    return f"surface at update {update:,}"


def _key(row: Score) -> tuple[bool, int, bool, float]:
    is_out = not isfinite(row.loss)
    return row.arrival is None, row.arrival or 0, is_out, 0.0 if row.arrival is not None or is_out else row.loss


def _rank(rows: list[Score], place: int) -> int:
    """That of the first row which this one is not behind."""
    while place > 0 and _are_alike(rows[place - 1], rows[place]):
        place -= 1
    return place + 1


def _are_alike(a: Score, b: Score) -> bool:
    if a.arrival is not None or b.arrival is not None:
        return a.arrival == b.arrival
    if not isfinite(a.loss) or not isfinite(b.loss):
        return isfinite(a.loss) == isfinite(b.loss)
    return is_same(a.loss, b.loss)


def _spaced(updates: NDArray[np.int64]) -> tuple[NDArray[np.intp], int]:
    """Of a track that was thinned, those moments that are as far apart as any; none, if these are not all there."""
    if updates.size < 2:
        return np.arange(updates.size), 1
    stride = int(np.diff(updates[:-1]).max(initial=1))  # the last is kept wherever it is
    wanted = np.arange(0, int(updates[-1]) + 1, stride)
    places = np.searchsorted(updates, wanted)
    return (places if np.array_equal(updates[places], wanted) else places[:0]), stride


def _curve(track: Track, places: NDArray[np.intp], stride: int, moment: int) -> CurveView:
    """The losses before a moment."""
    known = places[: int(np.searchsorted(places, moment))]
    return CurveView(track.losses[known], stride) if known.size else NO_CURVE
