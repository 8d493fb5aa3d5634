"""What becomes of a runner, said so that it can be looked up in its track."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn.landscape.track import Track

SIX_DIGITS = 5.1e-6  # relative: what a number of six digits leaves open
TAIL = 0.1  # of a track, where a loss is looked at that does not move any more

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Below:
    """It is first below a loss at this update."""

    loss: float
    update: int

    def holds(self, track: Track) -> bool:
        """Whether it is so."""
        return track.first_below(self.loss) == self.update


@dataclass(frozen=True, slots=True)
class Above:
    """It is first above a loss at this update: it climbs out of the picture."""

    loss: float
    update: int

    def holds(self, track: Track) -> bool:
        """Whether it is so."""
        with np.errstate(invalid="ignore"):
            above = np.flatnonzero(~(track.losses <= self.loss))
        return bool(above.size) and int(track.updates[above[0]]) == self.update


@dataclass(frozen=True, slots=True)
class Never:
    """It is never below a loss."""

    loss: float

    def holds(self, track: Track) -> bool:
        """Whether it is so."""
        return track.first_below(self.loss) is None


@dataclass(frozen=True, slots=True)
class Settles:
    """Its loss comes to rest."""

    loss: float
    within: float = SIX_DIGITS

    def holds(self, track: Track) -> bool:
        """Whether it is so."""
        last = track.losses[-max(2, int(TAIL * track.losses.size)) :]
        return bool(np.allclose(last, self.loss, rtol=self.within, atol=0.0))


@dataclass(frozen=True, slots=True)
class Passes:
    """Its loss at an update."""

    update: int
    loss: float
    within: float = SIX_DIGITS

    def holds(self, track: Track) -> bool:
        """Whether it is so."""
        known = track.last >= self.update
        return known and bool(np.isclose(track.losses[track.moment(self.update)], self.loss, rtol=self.within, atol=0))


@dataclass(frozen=True, slots=True)
class At:
    """Where it is in the end, or at an update."""

    x: float
    y: float
    within: float = SIX_DIGITS  # relative; 0: exactly there
    update: int | None = None

    def holds(self, track: Track) -> bool:
        """Whether it is so."""
        there = track.places[-1 if self.update is None else track.moment(self.update)]
        return bool(np.allclose(there, (self.x, self.y), rtol=self.within, atol=1e-9 if self.within else 0.0))


@dataclass(frozen=True, slots=True)
class Bounces:
    """In the end it goes to and fro between two places."""

    one: Place
    other: Place
    within: float = 1e-4

    def holds(self, track: Track) -> bool:
        """Whether it is so."""
        last = track.places[-6:]
        turns = (np.tile((self.one, self.other), (3, 1)), np.tile((self.other, self.one), (3, 1)))
        return any(np.allclose(last, turn, rtol=self.within, atol=1e-9) for turn in turns)


@dataclass(frozen=True, slots=True)
class Paces:
    """How far one update leads."""

    update: int  # counted from 1
    length: float
    within: float = SIX_DIGITS

    def holds(self, track: Track) -> bool:
        """Whether it is so."""
        way = track.places[self.update] - track.places[self.update - 1]
        return bool(np.isclose(np.linalg.norm(way), self.length, rtol=self.within, atol=1e-12))


End = Below | Above | Never | Settles | Passes | At | Bounces | Paces
