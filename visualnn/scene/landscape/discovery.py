"""What becomes known of a landscape, bit by bit: how the runners fare, and how high the surface is.

Both are generators for a thread beside the window: between two bits they may be given up. What cannot be is told as a
`VisualNNError` in place of a bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter

import numpy as np

from visualnn.engine.contest import Contest
from visualnn.nn.errors import VisualNNError
from visualnn.nn.landscape.grid import Grid, survey
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.path import Path, shadow
from visualnn.nn.landscape.track import Track
from visualnn.scene.landscape.heights import field
from visualnn.scene.landscape.relief import Relief, relief
from visualnn.scene.landscape.terrain import Terrain

SIZE, FINE = 97, 193  # places along a side, and where that takes no time
NEWS_S = 0.03  # between two bits of a race: nobody sees more


@dataclass(frozen=True, eq=False, slots=True)
class Raced:
    """A race so far. The contest belongs to the thread in which races are run, one after the other."""

    contest: Contest
    tracks: tuple[Track, ...]
    is_whole: bool  # whether everybody has come as far as was asked


def raced(make: Callable[[], Contest], updates: int) -> Iterator[Raced | VisualNNError]:
    """Everybody goes on to an update, or ends before."""
    try:
        contest = make()
    except VisualNNError as error:
        yield error
        return
    yield Raced(contest, contest.tracks(), is_whole=False)
    told = perf_counter()
    while contest.advance(updates):
        if perf_counter() - told >= NEWS_S:
            yield Raced(contest, contest.tracks(), is_whole=False)
            told = perf_counter()
    yield Raced(contest, contest.tracks(), is_whole=True)


@dataclass(frozen=True, eq=False, slots=True)
class Surveyed:
    """A surface so far, and the paths over it: None where a runner leaves none."""

    terrain: Terrain
    grid: Grid | None
    relief: Relief | None
    paths: tuple[Path | None, ...]
    progress: float | None  # of the finest picture; None: this is the finest


def surveyed(
    make: Callable[[], Terrain], tracks: Sequence[Track | None], *, size: int = SIZE, is_log: bool = True
) -> Iterator[Surveyed | VisualNNError]:
    """The surface of a terrain, coarse first; the tracks are laid over it."""
    try:
        terrain = make()
        paths = tuple(None if track is None else laid(terrain, track) for track in tracks)
    except VisualNNError as error:
        yield error
        return
    start = first_loss(paths)
    grid, seen = None, None
    for portion in survey(terrain.surface, terrain.window, size):
        share = portion.done / portion.places
        if portion.grid is not None:
            grid, seen = portion.grid, risen(terrain, portion.grid, start, is_log=is_log)
        yield Surveyed(terrain, grid, seen, paths, None if share == 1.0 else share)


def laid(terrain: Terrain, track: Track) -> Path | None:
    """A track over a terrain: where it lies on it, and how high the surface is there; None where it has no place."""
    if terrain.kind == "random":
        return None
    if not isinstance(terrain.surface, Ground) or track.places.shape[1] == 2:
        return on_exact(track)
    return shadow(terrain.surface, track.places)


@lru_cache(maxsize=16)
def on_exact(track: Track) -> Path:
    """A track of two numbers, which lies on its surface."""
    return Path(track.places, track.losses, track.losses)


def first_loss(paths: Sequence[Path | None]) -> float | None:
    """The loss at the start, after which heights are scaled."""
    losses = [float(path.losses[0]) for path in paths if path is not None and np.isfinite(path.losses[0])]
    return max(losses, default=None)


def risen(terrain: Terrain, grid: Grid, start: float | None, *, is_log: bool) -> Relief:
    """The relief of a grid, with the field that it is drawn from."""
    window = (grid.window.x0, grid.window.x1, grid.window.y0, grid.window.y1)
    made = relief(grid.heights, window, names=terrain.names, start=start, logarithmic=is_log)
    field(made)
    return made
