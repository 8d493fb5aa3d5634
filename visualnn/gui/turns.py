"""Whose turn it is to show the newest moment of a run that goes on: one part of the page a frame, so none is long."""

from __future__ import annotations

LIVELY = ("stage", "output", "stage", "curves")  # frame by frame: the stage 30 times a second
CALM = ("stage", "", "output", "stage", "", "curves")  # at full speed there are frames that leave all to training
CALMEST = ("stage", "", "output", "", "curves", "")  # … and more of them where connections are many
MANY = 1_000  # parameters


def order(parameters: int, full_speed: bool) -> tuple[str, ...]:
    """The turns of a network of so many parameters."""
    if not full_speed:
        return LIVELY
    return CALM if parameters < MANY else CALMEST


class Turns:
    """Remembers which parts do not show the newest moment yet."""

    def __init__(self) -> None:
        self._stale: set[str] = set()
        self._at = 0

    def __bool__(self) -> bool:
        return bool(self._stale)

    def begin(self) -> None:
        """There is a newer moment than the one that is shown."""
        self._stale.update(LIVELY)

    def end(self) -> None:
        """All parts show it."""
        self._stale.clear()

    def take(self, turns: tuple[str, ...], stage_is_busy: bool) -> str:
        """The part to show now, "" for none; a stage that is still being drawn waits for its next turn."""
        self._at += 1
        while (part := turns[self._at % len(turns)]) and part not in self._stale:
            self._at += 1
        if part == "stage" and stage_is_busy:
            return ""
        self._stale.discard(part)
        return part
