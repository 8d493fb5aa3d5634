"""Where a race is run: a surface of two numbers, or a network and its data. And who runs there.

All begin at the same place and see the same rows in the same order; none stops by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from visualnn.nn.data import Dataset
from visualnn.nn.landscape.descent import Descent, Slopes, TwoWeights
from visualnn.nn.landscape.trek import Trek
from visualnn.nn.mask import Mask
from visualnn.nn.network import Network, Vector
from visualnn.nn.options import Options
from visualnn.nn.training import Training


@dataclass(frozen=True, eq=False)
class SurfaceCourse:
    """Two numbers move. Of a formula only the rule and its schedule matter; there are no rows, nothing is clipped."""

    surface: Slopes
    start: tuple[float, float]

    def fair(self, options: Options) -> Options:
        """What a runner with these options runs with; the loss is that of the surface."""
        fair = replace(options, goal=None, epochs=None, patience=None)
        if not isinstance(self.surface, TwoWeights):
            return fair
        own = self.surface.task.options
        return replace(fair, seed=own.seed, loss=own.loss)

    def surface_of(self, options: Options) -> Slopes:
        """The surface as these options train on it."""
        return self.surface.under(options) if isinstance(self.surface, TwoWeights) else self.surface

    def runner(self, options: Options) -> Descent:
        """At the start."""
        fair = self.fair(options)
        return Descent(self.surface_of(fair), fair, self.start)


@dataclass(frozen=True, eq=False)
class NetworkCourse:
    """All parameters move, as in training."""

    network: Network
    data: Dataset
    mask: Mask | None
    start: Vector
    seed: int = 0  # of the order of the rows, and of dropout

    def fair(self, options: Options) -> Options:
        """What a runner with these options runs with."""
        return replace(options, seed=self.seed, goal=None, epochs=None, patience=None)

    def training(self, options: Options) -> Training:
        """At the start. Raises `VisualNNError` for a loss that does not fit the network."""
        return Training(self.network, self.data, options, self.start, mask=self.mask)

    def runner(self, options: Options) -> Trek:
        """At the start. Raises `VisualNNError` for a loss that does not fit the network."""
        return Trek(self.training(self.fair(options)))


Course = SurfaceCourse | NetworkCourse
Runner = Descent | Trek
