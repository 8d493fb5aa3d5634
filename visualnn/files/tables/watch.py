"""Somebody who waits: told how far the reading is, and free to call it off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace


class Cancelled(Exception):
    """Whoever asked does not want the answer any more. Nothing for the learner to read."""


@dataclass(frozen=True)
class Watch:
    """Tells shares from `begin` to `end` of the whole."""

    progress: Callable[[float], None] | None = None
    cancelled: Callable[[], bool] | None = None
    begin: float = 0.0
    end: float = 1.0

    def tick(self, share: float) -> None:
        """So much of this part is done. Raises `Cancelled`."""
        if self.cancelled is not None and self.cancelled():
            raise Cancelled
        if self.progress is not None:
            self.progress(self.begin + (self.end - self.begin) * min(share, 1.0))

    def part(self, begin: float, end: float) -> Watch:
        """The same for one part of the work."""
        return replace(self, begin=begin, end=end)
