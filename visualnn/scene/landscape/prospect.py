"""What somebody wants to look at: which surface, who races on it, from where and how far."""

from __future__ import annotations

from dataclasses import dataclass, replace

from visualnn.nn.landscape.window import Window
from visualnn.nn.options import Options

KINDS = ("weights", "slice", "path", "random", "formula")
OF_TWO = ("weights", "formula")  # where a runner moves two numbers; on all others a whole network
DISTANCE = 200  # updates of a race
FARTHEST = 12_800

Start = tuple[float, float]


@dataclass(frozen=True)
class Prospect:
    """A wish. `pair` are places in the flat vector; without a window one is found that shows the paths."""

    kind: str = KINDS[0]
    classic: str = ""  # of a formula
    pair: tuple[int, int] | None = None  # of chosen weights
    runners: tuple[Options, ...] = ()
    start: Start | None = None  # of two numbers; None: where the surface says
    updates: int = DISTANCE
    goal: float | None = None
    window: Window | None = None
    is_log: bool = True

    @property
    def is_of_two(self) -> bool:
        """Whether the runners move two numbers."""
        return self.kind in OF_TWO

    @property
    def course(self) -> tuple[object, ...]:
        """What makes it another race."""
        where = {"weights": (self.pair,), "formula": (self.classic,)}.get(self.kind, ())
        return self.is_of_two and self.kind, where, self.start if self.is_of_two else None

    def with_runner(self, place: int, options: Options) -> Prospect:
        """The same with another runner at a place."""
        return replace(self, runners=(*self.runners[:place], options, *self.runners[place + 1 :]))

    @property
    def can_go_on(self) -> bool:
        """Whether there is more of the race than its present distance."""
        return self.updates < FARTHEST

    def farther(self) -> Prospect:
        """The same race over twice the distance."""
        return replace(self, updates=min(2 * self.updates, max(FARTHEST, self.updates)))
