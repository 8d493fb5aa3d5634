"""A film of a landscape: the flight past it while the race plays, in a picture of a size in pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from PySide6.QtGui import QImage

from visualnn.gui.export.landscape import LandscapeShot, picture_of
from visualnn.scene.landscape.camera import Camera
from visualnn.scene.landscape.flight import Flight, Scene, Sight

WIDTH = 1280  # points of a film's picture, whatever its pixels: letters grow with it


@dataclass(frozen=True, eq=False)
class LandscapeFilm:
    """`shot` is what it shows at home; `scene` tells marks and headline after so many updates, in any thread."""

    shot: LandscapeShot
    scene: Callable[[int], Scene]
    updates: int
    size: tuple[int, int] = (1280, 800)  # in pixels
    fps: float = 25.0

    @property
    def title(self) -> str:
        """That of the landscape."""
        return self.shot.title

    @property
    def is_shaded(self) -> bool:
        """Heights have all colours."""
        return True

    @cached_property
    def flight(self) -> Flight:
        """Which moments it shows."""
        return Flight(self.updates, self.shot.camera, sways=self.shot.shown == "relief")

    @cached_property
    def moments(self) -> tuple[Sight, ...]:
        """All different pictures in order."""
        return self.flight.sights(self.fps)

    @property
    def ticks(self) -> int:
        """Frames of equal length."""
        return sum(moment.ticks for moment in self.moments)

    @property
    def ratio(self) -> float:
        """Pixels to the point."""
        return self.size[0] / WIDTH

    @cached_property
    def foot(self) -> float:
        """Room for the longest headline, so that nothing moves because of them."""
        return max(self._shot(update, self.flight.home, 0.0).needed for update in {at.update for at in self.moments})

    def image(self, moment: Sight) -> QImage:
        """The picture of a moment."""
        return picture_of(self._shot(moment.update, moment.camera, self.foot), self.ratio)

    def _shot(self, update: int, camera: Camera, foot: float) -> LandscapeShot:
        marks, headline = self.scene(update)
        size = (WIDTH, round(self.size[1] / self.ratio))
        return replace(self.shot, marks=marks, headline=headline, camera=camera, size=size, foot=foot)
