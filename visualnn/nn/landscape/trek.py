"""A training of which moments are kept: all parameters, and the true loss there.

Kept is every `stride`-th update. Where these become too many, every second one goes and the stride doubles, so that
which ones are kept depends on how far it went and on nothing else.
"""

from __future__ import annotations

from math import isfinite

import numpy as np

from visualnn.nn.kernels.reference import kept
from visualnn.nn.landscape.track import Track
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.training import Stop, Training

MOMENTS = 1000  # at most
ROOM_BYTES = 2**25  # for the parameters of them all
FIRST = 64  # moments for which there is room at first


class Trek:
    """Drives one training and looks at it on its way. For one thread; the tracks belong to any."""

    def __init__(self, training: Training) -> None:
        self.training = training
        self.stop: Stop | None = None  # once it cannot go on
        self._most = max(1, min(MOMENTS, ROOM_BYTES // (8 * training.parameters.size)) - 1)  # and the last moment
        self._stride, self._count = 1, 0
        self._places, self._losses = self._blank(FIRST)
        self._sketch: Track | None = None
        self._track: Track | None = None
        self._keep()

    @property
    def updates(self) -> int:
        """Updates done."""
        return self.training.updates

    def run(self, updates: int) -> None:
        """Does so many updates; fewer where the loss is no longer finite."""
        training, end = self.training, self.updates + updates
        while self.updates < end and self.stop is None:
            before = self.updates
            if training.run(min(end - before, self._stride - before % self._stride)) is Stop.DIVERGED:
                self.stop = Stop.DIVERGED
            if self.updates > before and self.updates % self._stride == 0:
                self._keep()

    @property
    def sketch(self) -> Track:
        """The moments kept so far: of a long trek, the present one may be missing. Costs nothing."""
        if self._sketch is None:
            steps = np.arange(self._count, dtype=np.int64) * self._stride
            places, losses = self._places[: self._count], self._losses[: self._count]
            self._sketch = Track(self.training.options, steps, places, losses)
        return self._sketch

    @property
    def track(self) -> Track:
        """The moments kept so far and the present one, and whether it can go on."""
        if self._track is None or self._track.last != self.updates:
            self._track = self._whole(self.sketch)
        return self._track

    def _whole(self, sketch: Track) -> Track:
        steps, places, losses = sketch.updates, sketch.places, sketch.losses
        if sketch.last < self.updates:
            steps = np.append(steps, self.updates)
            places = np.concatenate([places, self._parameters()[None]])
            losses = np.append(losses, self.training.full_loss())
        stop = None if isfinite(self.training.loss) else Stop.DIVERGED
        return Track(sketch.options, steps, places, losses, stop=stop)

    def _keep(self) -> None:
        while self._count >= self._most and self.updates % self._stride == 0:
            self._thin()
        if self.updates % self._stride == 0:
            if self._count == len(self._losses):
                self._grow()
            self._places[self._count] = self._parameters()
            self._losses[self._count] = self.training.full_loss()
            self._count += 1
        self._sketch = None

    def _parameters(self) -> Vector:
        """With 0 for what is cut."""
        return kept(self.training.parameters, self.training.task.mask)

    def _thin(self) -> None:
        """Into new tables: the old ones have been handed out."""
        places, losses = self._places[: self._count : 2], self._losses[: self._count : 2]
        self._places, self._losses = self._blank(len(self._losses))
        self._count, self._stride = len(losses), 2 * self._stride
        self._places[: self._count], self._losses[: self._count] = places, losses

    def _grow(self) -> None:
        places, losses = self._places, self._losses
        self._places, self._losses = self._blank(2 * len(losses))
        self._places[: self._count], self._losses[: self._count] = places, losses

    def _blank(self, room: int) -> tuple[Matrix, Vector]:
        room = min(room, self._most)
        return np.empty((room, self.training.parameters.size)), np.empty(room)
