"""Goes ahead: has surface and race worked out beside the window, and knows which moment of them is looked at.

A race is worked out as far as it goes before it is played, so playing, stepping back and scrubbing only change the
moment `t`. What is computed again, and what stays, depends on what a wish differs in from the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from visualnn.engine.contest import Contest, Course, NetworkCourse, SurfaceCourse
from visualnn.gui.clock import FrameClock
from visualnn.gui.tasks import Growing
from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape import axes
from visualnn.nn.landscape.descent import TwoWeights
from visualnn.nn.landscape.ground import PICTURE_ROWS, Ground, sampled
from visualnn.nn.landscape.path import Path
from visualnn.nn.landscape.track import Track
from visualnn.nn.landscape.window import Window
from visualnn.nn.network import Vector
from visualnn.project import Project
from visualnn.scene.landscape import terrain as terrains
from visualnn.scene.landscape.discovery import FINE, SIZE, Raced, Surveyed, on_exact, raced, risen, surveyed
from visualnn.scene.landscape.portrait import called, place_of
from visualnn.scene.landscape.prospect import Prospect
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.landscape.terrain import Terrain

BASE_PACE = 30.0  # updates a second at 1×
WHOLE_S = 1.0  # how long a race lasts at full speed
MANY = 1_000_000  # rows × parameters from which a picture is made of some of the rows
SMALL, COARSE, LONG = 49, 25, 6e10  # places along a side where a picture would take more multiplications than that
NARROWEST = 1.5  # of weights: a window that was found is no smaller
SOON = 1e9  # multiplications of a picture that need not be coarser
AT_ONCE = 1e8  # multiplications of a picture that is made anew at every moment


class Scout(QObject):
    """Keeps what is known of one landscape. Computes nothing while nobody looks."""

    changed = Signal()  # the moment, the tracks or the surface
    state_changed = Signal()  # playing, speed, what is looked at

    def __init__(self, clock: FrameClock, parent: QObject | None = None):
        super().__init__(parent)
        self._clock = clock
        self._race, self._land = Growing(), Growing()
        self._project: Project | None = None
        self._origin: Vector | None = None  # where networks start
        self.prospect = Prospect()
        self.selected = 0
        self.t = 0
        self.playing, self.speed = False, 1.0
        self._owed = 0.0
        self._contest: Contest | None = None
        self._raced_to = 0  # updates that all have done
        self.tracks: tuple[Track, ...] = ()
        self.seen: Surveyed | None = None
        self.trouble = ""  # why there is no surface
        self._is_stale = False  # whether the surface that is seen is not the one that is wanted
        self._window: Window | None = None  # found for this surface
        self._at: object = None  # what the surface that is being made belongs to
        clock.ticked.connect(self._on_ticked)

    # -- what is looked at ---------------------------------------------------------------------------------------

    def look(self, project: Project, prospect: Prospect, origin: Vector) -> None:
        """Look at this from now on."""
        before, known = self.prospect, self._project
        same = known is not None and _same_ground(known, project) and np.array_equal(self._origin, origin)
        self._project, self.prospect, self._origin = project, prospect, origin
        self.selected = min(self.selected, max(0, len(prospect.runners) - 1))
        surface = ("kind", "classic", "pair")
        other = not same or any(getattr(before, name) != getattr(prospect, name) for name in surface)
        if other:
            self._window, self.seen, self._at = None, None, None
        if not same or before.course != prospect.course or not self.tracks:
            self._begin(None)
        elif before.runners != prospect.runners:
            self._begin(self._contest)
        elif prospect.updates > self._raced_to:
            self._go_on()
        if before.is_log != prospect.is_log and not other:
            self._raise()
        elif other or before.window != prospect.window or self._of_path:
            self._is_stale = True
        self._clock.hold(self)
        self.state_changed.emit()

    def forget(self) -> None:
        """Nothing is looked at any more."""
        self.playing = False
        self._race.stop()
        self._land.stop()
        self._clock.release(self)

    def close(self) -> None:
        """The document is gone."""
        self.forget()
        self._project, self._contest, self.tracks, self.seen = None, None, (), None
        self.t, self._raced_to, self._window, self._at = 0, 0, None, None

    def rest(self) -> None:
        """End the threads: the window is being closed."""
        self.forget()
        self._race.rest()
        self._land.rest()

    def finish(self) -> None:
        """Have all of it known now; for pictures and tests."""
        for _ in range(4):
            self._race.wait()
            self._take()
            self._land.wait()
            self._take()
            if not self.busy:
                break

    @property
    def busy(self) -> bool:
        """Whether something is being worked out."""
        return self._race.busy or self._land.busy or self._is_stale

    @property
    def relief(self) -> Relief | None:
        """The surface as it is drawn."""
        return None if self.seen is None else self.seen.relief

    @property
    def terrain(self) -> Terrain | None:
        """The surface as it is computed."""
        return None if self.seen is None else self.seen.terrain

    @property
    def progress(self) -> float | None:
        """How much of the finest picture is computed; None: all of it."""
        return None if self.seen is None else self.seen.progress

    @property
    def race_is_ready(self) -> bool:
        """Whether the race is known over its whole distance."""
        return self._raced_to >= self.prospect.updates

    def path(self, place: int) -> Path | None:
        """Where a runner's track lies on the surface that is seen; of a whole network, as it was when that was made."""
        paths = () if self.seen is None else self.seen.paths
        if place >= len(paths) or place >= len(self.tracks):
            return None
        path, track = paths[place], self.tracks[place]
        return on_exact(track) if path is not None and track.places.shape[1] == 2 else path

    # -- requests ------------------------------------------------------------------------------------------------

    def select(self, place: int) -> None:
        """Look at another runner."""
        if place != self.selected:
            self.selected = place
            self._is_stale = self._is_stale or self._of_path or self.prospect.kind == "slice"
            self._clock.hold(self)
            self.changed.emit()

    def seek(self, t: int) -> None:
        """To a moment of the race, as far as it is known."""
        t = max(0, min(t, self.prospect.updates, max((track.last for track in self.tracks), default=0)))
        if t != self.t:
            self.t = t
            self._is_stale = self._is_stale or self.prospect.kind == "slice"
            self._clock.hold(self)
            self.changed.emit()

    def restart(self) -> None:
        """Back to the start, at rest."""
        self.pause()
        self.t, self._owed = 0, 0.0

    def step(self, updates: int) -> None:
        """So many on, or back."""
        self.pause()
        self.seek(self.t + updates)

    def play(self) -> None:
        """Run on from here."""
        self.playing, self._owed = True, 0.0
        self._clock.hold(self)
        self.state_changed.emit()

    def pause(self) -> None:
        """Rest at this moment."""
        if self.playing:
            self.playing = False
            self.state_changed.emit()

    def set_speed(self, speed: float) -> None:
        """A factor on `BASE_PACE`; infinite: the whole race in a second."""
        self.speed, self._owed = speed, 0.0
        self.state_changed.emit()

    def stop_refining(self) -> None:
        """The picture is fine enough."""
        if self.seen is not None:
            self._land.stop()
            self.seen = replace(self.seen, progress=None)
            self.changed.emit()

    def fit(self) -> None:
        """Another window around what there is now."""
        self._window, self._is_stale = None, True
        self._clock.hold(self)

    # -- the race ------------------------------------------------------------------------------------------------

    def _begin(self, known: Contest | None) -> None:
        """Another race, or the same with other runners: those that stay keep what they have run."""
        project, prospect, origin = self._project, self.prospect, self._origin
        assert project is not None
        assert origin is not None
        known = None if known is None or self._race.busy else known
        self._contest, self._raced_to, self.trouble = None, 0, ""
        if known is None:
            self.tracks, self.t = (), 0
            make: Callable[[], Contest] = partial(contest, project, prospect, origin)
        else:
            make = partial(known.replaced, prospect.runners)
        self._race.start(raced(make, prospect.updates))

    def _go_on(self) -> None:
        """The same race over a longer distance."""
        known = self._contest
        if known is None or self._race.busy:
            self._begin(None)
        else:
            self._race.start(raced(lambda: known, self.prospect.updates))

    @property
    def _of_path(self) -> bool:
        return self.prospect.kind == "path"

    # -- the surface ---------------------------------------------------------------------------------------------

    def _survey(self) -> None:
        """Have the surface made that is wanted now, if what it depends on is known."""
        project, prospect = self._project, self.prospect
        if project is None:
            return
        moving = prospect.kind == "slice"
        waits = not self.race_is_ready and not (prospect.kind in ("formula", "random") or (moving and self.tracks))
        if (waits and not self.trouble) or (moving and self._land.busy):
            return
        self._is_stale = False
        if self.trouble:
            return
        track = self.tracks[self.selected] if self.selected < len(self.tracks) else None
        make = partial(terrain, project, prospect, self.tracks, track, self.t, prospect.window or self._window)
        shown: tuple[Track | None, ...] = self.tracks
        if moving:
            shown = tuple(each if each is track else None for each in self.tracks)
        self._land.start(surveyed(make, shown, size=_size(project, prospect), is_log=prospect.is_log))

    def _raise(self) -> None:
        """The same losses, drawn higher or lower."""
        seen = self.seen
        if seen is None or seen.grid is None or seen.progress is not None:
            self._is_stale = True
            return
        start = self.start_loss
        self.seen = replace(seen, relief=risen(seen.terrain, seen.grid, start, is_log=self.prospect.is_log))
        self.changed.emit()

    @property
    def start_loss(self) -> float | None:
        """The loss where the race starts."""
        losses = [float(track.losses[0]) for track in self.tracks]
        return max(losses, default=None)

    # -- the clock -----------------------------------------------------------------------------------------------

    def _on_ticked(self, seconds: float, _now: float) -> None:
        if self._project is None:
            return
        self._take()
        if self.playing:
            self._advance(seconds)
        elif not self.busy:
            self._clock.release(self)

    def _take(self) -> None:
        """What has become known since the last look."""
        is_new = False
        for bit in (self._race.poll(), self._land.poll()):
            if isinstance(bit, VisualNNError):
                self.trouble, self.seen, self._is_stale, is_new = str(bit), None, False, True
            elif isinstance(bit, Raced):
                self._take_race(bit)
                is_new = True
            elif isinstance(bit, Surveyed):
                is_new = self._take_surface(bit) or is_new
        if self._is_stale:
            self._survey()
        if is_new:
            self.changed.emit()

    def _take_race(self, bit: Raced) -> None:
        self.tracks = bit.tracks
        if bit.is_whole:
            self._contest, self._raced_to = bit.contest, self.prospect.updates
            self._is_stale = self._is_stale or self._of_path or self.seen is None
            self.t = min(self.t, max(track.last for track in self.tracks))

    def _take_surface(self, bit: Surveyed) -> bool:
        """Whether it is to be seen: a surface that moves only where it is no coarser than the one before."""
        self._window = bit.terrain.window if self.prospect.window is None else self._window
        moves = self.prospect.kind == "slice" and self.seen is not None
        if bit.relief is None or (moves and bit.progress is not None):
            return False
        self.seen = bit
        return True

    def _advance(self, seconds: float) -> None:
        """What is due by now, as far as it is known; the end is a rest."""
        if self.speed == float("inf"):
            self._owed += max(1.0, seconds / WHOLE_S * self.prospect.updates)
        else:
            self._owed += seconds * BASE_PACE * self.speed
        due, self._owed = int(self._owed), self._owed % 1.0
        known = max((track.last for track in self.tracks), default=0)
        if due:
            self.seek(self.t + due)
        if self.t >= self.prospect.updates or (self.race_is_ready and self.t >= known):
            self.pause()


def contest(project: Project, prospect: Prospect, origin: Vector) -> Contest:
    """The race that is wanted. Raises `VisualNNError` where there can be none."""
    return Contest(course(project, prospect, origin), prospect.runners)


def course(project: Project, prospect: Prospect, origin: Vector) -> Course:
    """What is raced on."""
    if prospect.kind == "formula":
        found = terrains.of_classic(prospect.classic)
        return SurfaceCourse(found.surface, prospect.start or found.here)
    if prospect.kind != "weights":
        return NetworkCourse(project.network, project.data, project.mask, origin, project.options.seed)
    made = weights(project, prospect, project.parameters, task_of(project))
    i, j = prospect.pair or (0, 1)
    start = prospect.start or (float(origin[i]), float(origin[j]))
    assert isinstance(made.surface, Ground)
    assert made.plane is not None
    return SurfaceCourse(TwoWeights(made.surface.task, made.plane), start)


def terrain(
    project: Project,
    prospect: Prospect,
    tracks: tuple[Track, ...],
    track: Track | None,
    t: int,
    window: Window | None,
) -> Terrain:
    """The surface that is wanted, at the moment t of a track. Raises `VisualNNError` where there can be none."""
    if prospect.kind == "formula":
        made = terrains.of_classic(prospect.classic)
    elif prospect.kind == "weights":
        made = weights(project, prospect, project.parameters, task_of(project))
        made = _roomy(terrains.framed(made, [(each.places, each.losses) for each in tracks]))
    elif prospect.kind == "random":
        made = terrains.at_random(task_of(project), project.parameters, project.options.seed)
    elif track is None:
        raise VisualNNError("There is no path yet.")
    elif prospect.kind == "path":
        made = terrains.of_path(task_of(project), track.places)
    else:
        made = weights(project, prospect, track.places[track.moment(t)], task_of(project))
        ways = track.places[:, list(prospect.pair or (0, 1))]
        made = _roomy(terrains.framed(made, [(ways, track.losses)]))
    whole = project.data.rows
    return replace(made.called(project.name, whole) if made.plane is not None else made, window=window or made.window)


def _roomy(made: Terrain) -> Terrain:
    """The same with a window that is not too small to be a landscape."""
    edges = made.window.x0, made.window.x1, made.window.y0, made.window.y1
    grown = [max(0.0, NARROWEST - (high - low)) / 2 for low, high in (edges[:2], edges[2:])]
    (x, y), (x0, x1, y0, y1) = grown, edges
    return replace(made, window=Window(x0 - x, x1 + x, y0 - y, y1 + y))


def weights(project: Project, prospect: Prospect, parameters: Vector, task: Task) -> Terrain:
    """Two weights, all others as the parameters have them."""
    i, j = prospect.pair or axes.first_two(project.network, project.mask)
    first, second = (called(project.names, place_of(project.network, place)) for place in (i, j))
    return terrains.of_weights(task, parameters, weights=(i, j), names=(first, second))


def task_of(project: Project) -> Task:
    """The rows that are looked at: some of them where a picture of all would take long."""
    task = Task.of(project.network, project.options, project.data, project.mask)
    return sampled(task, PICTURE_ROWS) if task.rows * project.network.parameter_count > MANY else task


def _size(project: Project, prospect: Prospect) -> int:
    """Places along a side that can be afforded."""
    if prospect.kind == "formula":
        return FINE
    rows = min(project.data.rows, PICTURE_ROWS) if _is_large(project) else project.data.rows
    cost, most = rows * project.network.parameter_count, AT_ONCE if prospect.kind == "slice" else LONG
    sizes = (SIZE, SMALL) if prospect.kind == "slice" or cost * FINE**2 > SOON else (FINE,)
    return next((size for size in sizes if cost * size**2 <= most), COARSE)


def _is_large(project: Project) -> bool:
    return project.data.rows * project.network.parameter_count > MANY


def _same_ground(a: Project, b: Project) -> bool:
    """Whether two projects have the same landscapes."""
    same = (a.network, a.silent, a.cut, a.options.loss) == (b.network, b.silent, b.cut, b.options.loss)
    return same and a.data is b.data and a.parameters is b.parameters and a.options.seed == b.options.seed
