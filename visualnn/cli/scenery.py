"""What ``visualnn render --mode landscape`` draws: a relief, who stands on it at any update, and what is said then."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace

from visualnn.cli.landscape import surveyed
from visualnn.cli.terrain import FOR_A_PICTURE, Found
from visualnn.cli.terrain import found as explore
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.surfaces import Classic
from visualnn.scene.landscape.basins import valleys
from visualnn.scene.landscape.captions import Seen, captions
from visualnn.scene.landscape.discovery import SIZE, first_loss
from visualnn.scene.landscape.flight import Footage, Scene
from visualnn.scene.landscape.presence import Runner, marks
from visualnn.scene.landscape.relief import Relief, relief
from visualnn.scene.landscape.soundings import short
from visualnn.scene.landscape.standing import Race, lane_at
from visualnn.scene.landscape.verdict import verdict

SMALLER = (SIZE, 49, 25)  # places along a side
LONG = 2e10  # multiplications of a picture


def footage(options: argparse.Namespace) -> Footage:
    """What the document and the options say. Raises as `terrain.found` does."""
    found = explore(options, FOR_A_PICTURE)
    made = _relief(found)
    said = (f"{found.title}.", *captions(_seen(found, made)))
    return Footage(found.title, made, said, found.updates if found.runners else 0, _scene(found, made))


def _relief(found: Found) -> Relief:
    cost = getattr(found.terrain.surface, "cost", 1)
    size = next((size for size in SMALLER if cost * size**2 <= LONG), SMALLER[-1])
    grid, window = surveyed(found, size), found.terrain.window
    start = first_loss([each.path for each in found.runners])
    edges = (window.x0, window.x1, window.y0, window.y1)
    return relief(grid.heights, edges, names=found.terrain.names, start=start)


def _scene(found: Found, made: Relief) -> Callable[[int], Scene]:
    """What is to be seen and said after so many updates."""
    race, nobody = _race(found, made), len(found.runners)

    def scene(update: int) -> Scene:
        runners = tuple(_at(each, update, found.goal) for each in found.runners)
        return marks(found.terrain, runners, nobody), _headline(race, runners, update)

    return scene


def _race(found: Found, made: Relief) -> Race:
    runners, surface = found.runners, found.terrain.surface
    parts = zip(*((each.track, each.name, each.mark) for each in runners), strict=True)
    tracks, names, letters = parts if runners else ((), (), ())
    of_two = all(each.track.places.shape[1] == 2 for each in runners)
    hollows = valleys(surface) if isinstance(surface, Classic) else ()
    return Race(tracks, names, letters, found.goal, found.updates, hollows, made.window if of_two else None)


def _at(each: Runner, update: int, goal: float | None) -> Runner:
    return replace(each, moment=lane_at(each.track, update, goal)[0])


def _seen(found: Found, made: Relief) -> Seen:
    surface, plane = found.terrain.surface, found.terrain.plane
    if isinstance(surface, Classic):
        return Seen(made, classic=surface)
    assert isinstance(surface, Ground)
    assert found.project is not None
    return Seen(made, plane=plane, task=surface.task, names=found.project.names, rows=found.project.data.rows)


def _headline(race: Race, runners: tuple[Runner, ...], update: int) -> str:
    """How it stands."""
    if len(runners) == 1:
        [each] = runners
        done, loss = int(each.track.updates[each.moment]), float(each.track.losses[each.moment])
        return f"After {done:,} updates the loss is {short(loss)}." if done else f"The loss is {short(loss)}."
    if not (runners and update):
        return "All start at the same point." if runners else ""
    return f"After {update:,} updates: {verdict(race, update)}"
