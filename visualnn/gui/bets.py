"""Bets on a race: one a race, before it is seen; what became of it is told once the race is over."""

from __future__ import annotations

from visualnn.gui.views.contest.content import Bet
from visualnn.scene.landscape.standing import Race
from visualnn.scene.landscape.verdict import outcome


class Bets:
    """The present bet, and how many have been right."""

    def __init__(self) -> None:
        self.is_given = False
        self.answer: int | None = None  # the place of a runner, or `verdict.NOBODY`; None: no idea
        self._told: bool | None = None  # whether it was right, as far as the race has gone
        self._is_seen = False  # how the race ends
        self._right = self._count = 0  # of the races before

    def begin(self) -> None:
        """Another race."""
        if self._told is not None:
            self._count, self._right = self._count + 1, self._right + self._told
        self.is_given, self.answer, self._told, self._is_seen = False, None, None, False

    def give(self, answer: int | None) -> None:
        """Somebody is first, or nobody, or who knows."""
        self.is_given, self.answer = True, answer

    def bet(self, race: Race | None, t: int) -> Bet | None:
        """What the page shows of it at a moment; None where there is nothing to bet on."""
        if race is None or len(race.tracks) < 2:
            return None
        is_known, text = outcome(race, 0 if self.answer is None else self.answer, t)
        self._is_seen = self._is_seen or is_known is not None
        is_open = t == 0 and not self._is_seen
        if not self.is_given:
            return Bet() if is_open else None
        if self.answer is None:
            return Bet(is_open, is_given=True)
        if is_known is not None:
            self._told = is_known
        count = f"{self._right + bool(self._told)} of {self._count + 1} bets right" if is_known is not None else ""
        return Bet(is_open, True, self.answer, "" if is_open else text, count)
