"""How a race stands in one or two sentences, and what became of a bet."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from visualnn.nn.landscape.track import Track
from visualnn.scene import racing
from visualnn.scene.formula import precise
from visualnn.scene.landscape.standing import Race, is_over, is_same, lowest_of, standings, winners
from visualnn.scene.landscape.telling import LEFT, OUT, SHOT, facts, said
from visualnn.scene.racing import Lane
from visualnn.scene.scales import tick_text

BEFORE = "Choose runners, then press play. All start at the same weights."
ALL_OUT = "No loss is a number any more. Try smaller rates."
SOME = 5  # moments
LEAD = 1e-3  # relative: who is lower by less does not lead
NOBODY = -1  # who is bet on by those who think that nobody arrives


class Outcome(NamedTuple):
    """What became of a bet; None: that is not known yet."""

    is_right: bool | None
    text: str


def verdict(race: Race, t: int) -> str:
    """How it stands."""
    lanes = standings(race, t)
    if max((lane.update for lane in lanes), default=0) == 0:
        return BEFORE
    if all(lane.out for lane in lanes):
        return f"{lanes[0].name} is out: no number any more. Try a smaller rate." if len(lanes) == 1 else ALL_OUT
    if any(lane.finished for lane in lanes):
        return _arrived(race, lanes, t)
    if len(lanes) == 1:
        return _alone(race, lanes[0], t)
    return _over(race, lanes, t) if is_over(race, t) else _running(race, lanes, t)


def outcome(race: Race, bet: int, t: int) -> Outcome:
    """What became of a bet on a runner, or on `NOBODY`."""
    won, name = winners(race, t), "nobody" if bet == NOBODY else race.names[bet]
    if won is None:
        yet = "Nobody has arrived yet." if race.goal is not None else "The race is not over yet."
        return Outcome(None, f"{yet} You bet on {name}.")
    if not won:
        return Outcome(
            bet == NOBODY, "Right: nobody arrived." if bet == NOBODY else f"Nobody arrived, not even {name}."
        )
    *others, last = (race.names[place] for place in won)
    firsts = f"{', '.join(others)} and {last} were" if others else f"{last} was"
    first = f"{firsts} {'first' if race.goal is not None else 'lowest'}"
    if bet in won:
        return Outcome(True, f"Right: {first}.")
    return Outcome(False, f"Somebody arrived: {first}." if bet == NOBODY else f"{first}, not {name}.")


def _arrived(race: Race, lanes: Sequence[Lane], t: int) -> str:
    """Who was first, and by how many updates; or what became of the others."""
    there = [lane for lane in lanes if lane.finished]
    if len(lanes) == 1:
        return f"{lanes[0].name} is below {tick_text(race.goal or 0.0)} at update {lanes[0].update:,}."
    first = racing.verdict(there, race.goal)
    if len(there) == len(lanes) or any(lane.update > min(each.update for each in there) for lane in there):
        return first
    return f"{first} {_told(race, t, None)}".strip()


def _alone(race: Race, lane: Lane, t: int) -> str:
    [fact] = facts(race, t)
    if is_over(race, t) and race.goal is not None:
        missed = f"{lane.name} did not get below {tick_text(race.goal)}."
        return f"{missed} It {fact.one}." if fact else f"{missed} Its loss is {precise(lane.loss)}."
    if is_over(race, t):
        return f"{lane.name} is at {precise(lane.loss)}." + (f" It {fact.one}." if fact else "")
    trend = _trend(race.tracks[0], t)
    if fact is None:
        return f"The loss {trend}." if trend else f"{lane.name} is at {precise(lane.loss)}."
    return f"{lane.name} {fact.one}." + (f" Its loss {trend}." if trend else "")


def _trend(track: Track, t: int) -> str:
    """Where the loss goes, from some updates ago to now."""
    moment = track.moment(t)
    before, now = float(track.losses[max(0, moment - SOME)]), float(track.losses[moment])
    return "" if is_same(before, now) else "falls" if now < before else "rises"


def _running(race: Race, lanes: Sequence[Lane], t: int) -> str:
    leader = _lowest([lane.loss for lane in lanes])
    told = _told(race, t, leader)
    if leader is None:
        return told if told.startswith("Nobody") else f"Nobody leads. {told}".strip()
    return f"{lanes[leader].name} leads. {told}".strip()


def _over(race: Race, lanes: Sequence[Lane], t: int) -> str:
    """The distance is run, and nobody is there."""
    if race.goal is None:
        return _ranked(race, lanes, t)
    first, found = f"Nobody got below {tick_text(race.goal)}.", facts(race, t)
    if all(fact in (OUT, LEFT) for fact in found):
        return f"{first} {_told(race, t, None)}"
    lowest = [lowest_of(race, runner, t) for runner in range(len(lanes))]
    closest = _lowest(lowest)
    if closest is None:
        return f"{first} {_told(race, t, None)}".strip()
    return f"{first} {lanes[closest].name} came closest, at {precise(lowest[closest])}."


def _ranked(race: Race, lanes: Sequence[Lane], t: int) -> str:
    leader = _lowest([lane.loss for lane in lanes])
    if leader is None:
        return f"Nobody is lowest. {_told(race, t, None)}".strip()
    first = f"{lanes[leader].name} has the lowest loss, {precise(lanes[leader].loss)}."
    return f"{first} {_told(race, t, leader)}".strip()


def _lowest(losses: Sequence[float]) -> int | None:
    """Whose loss is lowest; None where that is more than one's."""
    known = sorted((loss, place) for place, loss in enumerate(losses) if isfinite(loss))
    if len(known) > 1 and is_same(known[0][0], known[1][0], LEAD):
        return None
    return known[0][1]


def _told(race: Race, t: int, leader: int | None) -> str:
    """The most telling thing about the others; where there is none, about who leads."""
    found = facts(race, t)
    others = [fact for place, fact in enumerate(found) if fact is not None and place != leader]
    if not others:
        own = None if leader is None else found[leader]
        return "" if own is None or own == SHOT else f"It {own.one}."
    best = min(others, key=lambda fact: (fact.rank, fact.number))  # who has stood still for the shortest time
    group = [
        race.names[place]
        for place, fact in enumerate(found)
        if fact is not None and fact.rank == best.rank and not (fact == SHOT and place == leader)
    ]
    return said(group, best, everyone=len(group) == len(race.tracks))
