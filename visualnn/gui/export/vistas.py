"""What is taken away in Landscape mode: the surface as it is seen, the race over it as a film, and all as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from visualnn.files.landscape_table import LandscapeTable, Way
from visualnn.gui.document import DocumentPage
from visualnn.gui.export.flight import LandscapeFilm
from visualnn.gui.export.landscape import LandscapeShot
from visualnn.gui.theme import current
from visualnn.scene import look
from visualnn.scene.landscape import presence
from visualnn.scene.landscape.flight import Footage, Scene
from visualnn.scene.landscape.presence import Runner
from visualnn.scene.landscape.standing import Race, lane_at
from visualnn.scene.landscape.terrain import Terrain
from visualnn.scene.landscape.verdict import verdict


@dataclass(frozen=True, eq=False, slots=True)
class Playing:
    """A race over a terrain, at any of its moments."""

    terrain: Terrain
    race: Race
    runners: tuple[Runner, ...]
    selected: int

    def scene(self, update: int) -> Scene:
        """What stands on it after so many updates, and what is said of that."""
        return presence.marks(self.terrain, self._at(update), self.selected), verdict(self.race, update)

    def _at(self, update: int) -> Sequence[Runner]:
        return [replace(each, moment=lane_at(each.track, update, self.race.goal)[0]) for each in self.runners]


def footage(page: DocumentPage) -> Footage | None:
    """The race as it is wished for, up to this moment or, at the start, to its end; None while nothing is known."""
    tour = page.lookout.tour
    scout, showing = tour.scout, tour.showing
    terrain, relief, race = scout.terrain, scout.relief, showing.race()
    if terrain is None or relief is None or race is None:
        return None
    playing = Playing(terrain, race, tuple(showing.runners()), scout.selected)
    moves = tour.prospect.kind in ("slice", "random")  # the surface belongs to this moment; nobody runs on it
    updates = 0 if moves else scout.t or race.updates
    still = page.landscape.view.scenery.marks, ""
    scene = partial(_still, still) if moves else playing.scene
    return Footage(showing.title, relief, (f"{showing.title}.", showing.caption), updates, scene)


def _still(scene: Scene, _update: int) -> Scene:
    return scene


def shot(page: DocumentPage) -> LandscapeShot | None:
    """The surface as it is seen, with everything on it."""
    made, view = footage(page), page.landscape.view
    if made is None:
        return None
    return LandscapeShot(
        made.relief,
        look.load(current().name),
        view.scenery.marks,
        view.relief.orbit.camera,
        palette=view.palette_name,
        headline=page.subtitle.text(),
        captions=made.captions,
        title=made.title,
        shown="map" if view.shown == "map" else "relief",
    )


def film(page: DocumentPage, fps: float) -> LandscapeFilm | None:
    """The race while the camera sways."""
    seen, made = shot(page), footage(page)
    return None if seen is None or made is None else LandscapeFilm(seen, made.scene, made.updates, fps=fps)


def table(page: DocumentPage) -> LandscapeTable | None:
    """The heights, and where everybody has been."""
    tour = page.lookout.tour
    seen = tour.scout.seen
    if seen is None or seen.grid is None:
        return None
    terrain = seen.terrain
    ways = tuple(
        Way(each.name, each.path, each.track.updates) for each in tour.showing.runners() if each.path is not None
    )
    return LandscapeTable(terrain.kind, terrain.names, seen.grid, terrain.plane, ways)
