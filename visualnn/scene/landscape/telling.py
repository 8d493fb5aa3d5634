"""The most telling thing about a runner at a moment, where its track shows it.

What is claimed, and when: it *bounces* where its last `TURNS` steps turn back one after the other and do not shrink; it
*shot past* where its loss, once it had fallen, rose to `PAST` times as much again, not long ago. It *has not moved*
where nobody would see it: by less than `STILL` of the picture. What a valley is says `basins`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from visualnn.nn.landscape.track import Track
from visualnn.nn.network import Vector
from visualnn.nn.training import Stop
from visualnn.scene.landscape.basins import resting, usual_of, valley_of, valleys
from visualnn.scene.landscape.standing import Race

__all__ = ["BOUNCES", "CAUGHT", "LEFT", "OUT", "RESTS", "SHOT", "Fact", "facts", "other", "said", "still", "valleys"]

STILL = 1e-6  # of the picture
LONG = (50, 100, 200, 500, 1000)  # updates without a movement
TURNS = 12
SETTLING = 0.5  # of the first of these steps: what the last one has if it does not settle
SEEN = 1e-3  # of the picture: a shorter step is not seen
FALLEN, PAST, RISE = 0.9, 2.0, 0.01  # of the loss at the start; times the lowest loss; of the loss at the start
RECENT = 50  # updates; half of all that were run, if that is more
NUMBERS = {3: "Three", 4: "Four"}
MOST_WEIGHTS = 2000  # a larger network's places are not looked at
MOST_NUMBERS = 100_000  # are looked at to find out how long a runner has not moved


@dataclass(frozen=True, slots=True)
class Fact:
    """A thing that can be said; a lower rank is more telling."""

    rank: int
    one: str  # what one runner does
    many: str  # what several do
    nobody: str = ""  # how it is said where it holds of all, if it needs another word
    number: int = field(default=0, compare=False)


OUT = Fact(0, "is out: no number any more", "are out: no number any more")
LEFT = Fact(1, "left the picture", "left the picture")
BOUNCES = Fact(3, "bounces", "bounce")
CAUGHT = Fact(5, "is caught in a higher valley", "are caught in a higher valley")
RESTS = Fact(6, "rests at the lowest point", "rest at the lowest point")
SHOT = Fact(8, "shot past", "shot past")


def still(updates: int) -> Fact:
    """It has not moved for so many updates."""
    words = f"moved for {updates:,} updates"
    return Fact(7, f"has not {words}", f"have not {words}", f"Nobody has {words}", updates)


def other(race: Race, *, shot: bool) -> Fact:
    """It is in another valley than most."""
    found = "shot past and found" if shot else "found"
    if len(race.minima) == 2:
        return Fact(2 if shot else 4, f"{found} the other valley", f"{found} the other valley")
    return Fact(2 if shot else 4, f"{found} another valley", f"{found} other valleys")


@np.errstate(all="ignore")  # a runner may be far out
def facts(race: Race, t: int) -> tuple[Fact | None, ...]:
    """The most telling thing about each runner who is not at the goal."""
    found = [valley_of(race, track, race.at(runner, t)[0]) for runner, track in enumerate(race.tracks)]
    usual = usual_of(race, [valley for valley in found if valley is not None])
    return tuple(
        min(_facts(race, place, t, valley not in (None, usual)), key=lambda fact: fact.rank, default=None)
        for place, valley in enumerate(found)
    )


def said(names: Sequence[str], fact: Fact, *, everyone: bool) -> str:
    """A sentence about those who share it."""
    if everyone and len(names) > 1:
        return f"{fact.nobody or ('Both ' if len(names) == 2 else 'All ') + fact.many}."
    if len(names) > 2:
        return f"{NUMBERS.get(len(names), len(names))} {fact.many}."
    return f"{' and '.join(names)} {fact.many if len(names) > 1 else fact.one}."


# -- what a track shows ----------------------------------------------------------------------------------------------


def _facts(race: Race, runner: int, t: int, elsewhere: bool) -> Iterator[Fact]:
    track, (moment, stop) = race.tracks[runner], race.at(runner, t)
    if stop is not None:
        if stop is Stop.DIVERGED:
            yield OUT
        return
    shot = _shot_past(track, race.lowest[runner], moment)
    if track.places.shape[1] <= MOST_WEIGHTS and np.isfinite(track.places[moment]).all():
        size = _size(race, track, moment)
        if _is_outside(race, track.places[moment]):
            yield LEFT
        if _bounces(track, moment, size):
            yield BOUNCES
            shot = False  # its loss may rise in every jump
        yield from _at_rest(race, track, moment, size)
    if shot:
        yield SHOT
    if elsewhere:
        yield other(race, shot=shot)


def _at_rest(race: Race, track: Track, moment: int, size: float) -> Iterator[Fact]:
    calm = _calm(track, moment, size)
    if calm is None:
        return
    yield still(calm)
    rest = resting(race, track.places[moment], size)
    if rest is not None:
        lowest = min(minimum.loss for minimum in race.minima)
        is_lowest = race.minima[rest].loss - lowest <= RISE * (track.losses[0] - lowest)
        yield RESTS if is_lowest else CAUGHT


def _size(race: Race, track: Track, moment: int) -> float:
    """The picture's; where there is none, how far the runner has been from its start."""
    if race.window is not None:
        x0, x1, y0, y1 = race.window
        return max(x1 - x0, y1 - y0)
    some = track.places[: moment + 1 : max(1, moment // 64)]
    return float(np.abs(some - track.places[0]).max())


def _is_outside(race: Race, place: Vector) -> bool:
    if race.window is None or place.size != 2:
        return False
    x0, x1, y0, y1 = race.window
    return not (x0 <= place[0] <= x1 and y0 <= place[1] <= y1)


def _shot_past(track: Track, lowest: Vector, moment: int) -> bool:
    options = track.options
    if options.batch_size is not None or options.dropout:
        return False  # its loss rises by chance
    now, first = int(track.updates[moment]), float(track.losses[0])
    since = track.moment(now - max(RECENT, now // 2))
    losses, lowest = track.losses[since : moment + 1], lowest[since : moment + 1]
    is_high = (losses >= PAST * lowest) & (losses - lowest >= RISE * first) & (lowest <= FALLEN * first)
    return bool((is_high[1:] & (losses[1:] > losses[:-1])).any())


def _bounces(track: Track, moment: int, size: float) -> bool:
    first = moment - TURNS
    if first < 0 or track.updates[moment] - track.updates[first] != TURNS:
        return False
    steps = np.diff(track.places[first : moment + 1], axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    if not lengths.min() > SEEN * size:
        return False
    turns = (steps[1:] * steps[:-1]).sum(axis=1) / (lengths[1:] * lengths[:-1])
    return bool((turns < -0.5).all() and lengths[-1] >= SETTLING * lengths[0])


def _calm(track: Track, moment: int, size: float) -> int | None:
    """For how many updates it has not moved, one of `LONG`."""
    now, here, found, end = int(track.updates[moment]), track.places[moment], None, moment
    for long in LONG:
        if long > now or (end < moment and long * here.size > MOST_NUMBERS):
            break
        first = track.moment(now - long)
        if np.abs(track.places[first] - here).max() > STILL * size:  # most go on: one look is enough
            break
        if np.abs(track.places[first:end] - here).max(initial=0.0) > STILL * size:
            break
        found, end = long, first
    return found
