"""Bets on a race: one a race, before it starts; what became of it is told once it is over."""

from __future__ import annotations

from visualnn.gui.views.contest.content import Bet
from visualnn.scene.landscape.standing import Race
from visualnn.scene.landscape.verdict import outcome


class Bets:
    """The present bet, and how many have been right."""

    def __init__(self) -> None:
        self.is_given = False
        self.answer: int | None = None  # the place of a runner; None: no idea
        self._is_told = False
        self._right = self._count = 0

    def begin(self) -> None:
        """Another race."""
        self.is_given, self.answer, self._is_told = False, None, False

    def give(self, answer: int | None) -> None:
        """Somebody is first, or who knows."""
        self.is_given, self.answer = True, answer

    def bet(self, race: Race | None, t: int) -> Bet | None:
        """What the page shows of it at a moment; None where there is nothing to bet on."""
        if race is None or len(race.tracks) < 2 or race.goal is None:
            return None
        if not self.is_given:
            return Bet() if t == 0 else None
        if self.answer is None:
            return Bet(is_open=t == 0 and not self._is_told, is_given=True)
        is_right, text = outcome(race, self.answer, t)
        if is_right is not None and not self._is_told:
            self._is_told = True
            self._count, self._right = self._count + 1, self._right + is_right
        is_open = t == 0 and not self._is_told
        count = f"{self._right} of {self._count} bets right" if self._count and is_right is not None else ""
        return Bet(is_open, True, self.answer, "" if is_open else text, count)
