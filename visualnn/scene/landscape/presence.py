"""Who stands where on a relief at a moment of a race, as `Marks`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from visualnn.nn.landscape import moments
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.path import Path
from visualnn.nn.landscape.slope import slope as split
from visualnn.nn.landscape.surfaces import Classic
from visualnn.nn.landscape.track import Track
from visualnn.scene.landscape.marks import Marks, Minimum, Moment, Slope, Trail
from visualnn.scene.landscape.ramp import runner
from visualnn.scene.landscape.terrain import Terrain
from visualnn.scene.racing import Mark
from visualnn.scene.record import significant


@dataclass(frozen=True, eq=False, slots=True)
class Runner:
    """Somebody on the surface: its track, where that lies on it (None: nowhere), and which of its moments is now."""

    name: str
    mark: Mark
    track: Track
    path: Path | None
    moment: int

    @property
    def is_placed(self) -> bool:
        """Whether it stands somewhere on the surface."""
        return self.path is not None and self.moment < len(self.path.points)

    @property
    def is_exact(self) -> bool:
        """Whether its path lies on the surface: it moves two numbers only."""
        return bool(self.track.places.shape[1] == 2)

    @property
    def point(self) -> tuple[float, float]:
        """Where it is."""
        assert self.path is not None
        x, y = self.path.points[self.moment].tolist()
        return x, y


def marks(terrain: Terrain, runners: Sequence[Runner], selected: int, slope: Slope | None = None) -> Marks:
    """Everything that stands on the relief now."""
    placed = [each for each in runners if each.is_placed]
    chosen = runners[selected] if selected < len(runners) else None
    return Marks(
        trails=tuple(_trail(each) for each in placed),
        minima=_minima(terrain),
        slope=slope,
        moment=_moment(chosen) if chosen is not None and chosen.is_placed else None,
        start=_start(placed),
        selected=placed.index(chosen) if chosen in placed else None,
    )


def _trail(each: Runner) -> Trail:
    assert each.path is not None
    seen = slice(0, each.moment + 1)
    path, color = each.path, runner(each.mark.color)
    return Trail(path.points[seen], path.losses[seen], color, each.name, each.mark.letter, path.floors[seen])


def _minima(terrain: Terrain) -> tuple[Minimum, ...]:
    surface = terrain.surface
    return tuple(Minimum(*each) for each in surface.minima) if isinstance(surface, Classic) else ()


def _start(placed: Sequence[Runner]) -> tuple[float, float, float] | None:
    """Where all begin, where that lies on the surface."""
    paths = [each.path for each in placed if each.path is not None and each.is_exact]
    if not paths or not np.isfinite(paths[0].losses[0]):
        return None
    x, y = paths[0].points[0].tolist()
    return x, y, float(paths[0].losses[0])


def _moment(each: Runner) -> Moment | None:
    """What its optimizer remembers, where it moves the two numbers that are seen."""
    track = each.track
    if track.slopes is None:
        return None
    velocity = moments.velocity(track.options, track, each.moment)
    rates = moments.rates(track.options, track, each.moment)
    return None if velocity is None and rates is None else Moment(*each.point, velocity, rates)


def slope_at(terrain: Terrain, each: Runner) -> Slope | None:
    """The gradient where a runner is, and how much of it leads out of the surface; takes one backward pass."""
    if not each.is_placed:
        return None
    surface, (x, y) = terrain.surface, each.point
    if isinstance(surface, Classic):
        dx, dy = surface.slopes(x, y).tolist()
        return Slope(x, y, (dx, dy))
    if not isinstance(surface, Ground) or terrain.plane is None:
        return None
    parameters = terrain.plane.point(x, y) if each.is_exact else each.track.places[each.moment]
    found = split(terrain.plane, surface.gradient(parameters))
    return Slope(x, y, found.along, found.share_outside, found.directions)


def memory_words(each: Runner, names: tuple[str, str]) -> tuple[str, ...]:
    """What an optimizer remembers, in numbers; nothing where it remembers nothing, or a whole network moves."""
    found = _moment(each) if each.is_placed else None
    if found is None:
        return ()
    said = []
    if found.velocity is not None:
        x, y = map(significant, found.velocity)
        said.append(f"velocity ({x}, {y})")
    if found.rates is not None:
        (x, y), (first, second) = map(significant, found.rates), names
        said.append(f"rate for {first} {x} · for {second} {y}")
    return tuple(said)
