"""A film of a landscape: the race plays while the camera sways to either side, and at the end there is time to look.

Both are functions of the time alone. The camera goes no further than to where other edges of the map come nearest, so
that no number jumps; and it ends where it began, so that the film can begin again. A race is slow at first, where most
happens: after a share s of its time s² of the updates are done, every one of them as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from math import pi, radians, sin

from visualnn.scene.landscape.camera import HOME, Camera
from visualnn.scene.landscape.marks import Marks
from visualnn.scene.landscape.relief import Relief

SWAY = radians(25.0)  # to either side
BEGIN_S, END_S = 0.8, 2.4  # before the race, and after it
LEAST_S, MOST_S = 4.0, 9.0  # the race itself
UPDATE_S = 0.25  # of a race of few updates

Scene = tuple[Marks, str]  # what stands on a relief at a moment, and what is said of that


@dataclass(frozen=True, eq=False, slots=True)
class Footage:
    """A race over a relief, at any of its updates: `scene` may be asked in any thread."""

    title: str
    relief: Relief
    captions: tuple[str, ...]  # what is said of the surface
    updates: int
    scene: Callable[[int], Scene]


@dataclass(frozen=True, slots=True)
class Sight:
    """What is shown for `ticks` frames."""

    camera: Camera
    update: int
    ticks: int = 1


@dataclass(frozen=True, slots=True)
class Flight:
    """Seen from `home`, from update 0 to `updates`; a flat map's camera stays."""

    updates: int
    home: Camera = HOME
    sways: bool = True

    @property
    def race_s(self) -> float:
        """How long the race takes. Without a path the camera moves all the same."""
        return min(max(LEAST_S, UPDATE_S * self.updates), MOST_S)

    @property
    def seconds(self) -> float:
        """How long the film is."""
        return BEGIN_S + self.race_s + END_S

    def update(self, seconds: float) -> int:
        """How many updates are done by then."""
        return min(self.updates, int(self.updates * self._share(seconds) ** 2 + 1e-9))

    def camera(self, seconds: float) -> Camera:
        """From where it is seen then: it starts and ends at rest."""
        share = self._share(seconds)
        if not self.sways or share in (0.0, 1.0):
            return self.home
        smooth = share * share * (3 - 2 * share)
        return replace(self.home, turn=self.home.turn + SWAY * sin(2 * pi * smooth))

    def sights(self, fps: float) -> tuple[Sight, ...]:
        """All different pictures of a film of so many frames a second, in order."""
        count = max(2, round(self.seconds * fps))
        shown = ((self.camera(k / fps), self.update(k / fps)) for k in range(count - 1))
        every = [*shown, (self.home, self.updates)]
        return tuple(Sight(*what, sum(1 for _ in same)) for what, same in groupby(every))

    def _share(self, seconds: float) -> float:
        """How much of the race's time is over."""
        return min(max((seconds - BEGIN_S) / self.race_s, 0.0), 1.0)
