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

from visualnn.engine.contest import Contest
from visualnn.gui.clock import FrameClock
from visualnn.gui.tasks import Growing
from visualnn.nn.errors import VisualNNError
from visualnn.nn.landscape.path import Path
from visualnn.nn.landscape.track import Track
from visualnn.nn.landscape.window import Window
from visualnn.nn.network import Vector
from visualnn.project import Project
from visualnn.scene.landscape import fulfilment
from visualnn.scene.landscape.discovery import Raced, Surveyed, on_exact, raced, risen, surveyed
from visualnn.scene.landscape.prospect import Prospect
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.landscape.terrain import Terrain

BASE_PACE = 30.0  # updates a second at 1×
WHOLE_S = 1.0  # how long a race lasts at full speed
LEFT_OUT = "This surface was not computed to the end. Choose it again to have it."


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
        self._aim: int | None = None  # an update that was asked for before it was known
        self._contest: Contest | None = None  # for the thread of the race
        self._raced_to = 0  # updates that all have done
        self.tracks: tuple[Track, ...] = ()
        self.seen: Surveyed | None = None
        self.seen_at = 0  # the update whose weights a moving surface goes through
        self._no_race = self._no_land = ""  # why there is none
        self._is_stale = False  # whether the surface that is seen is not the one that is wanted
        self._window: Window | None = None  # found for this surface
        self._share: float | None = None  # of a surface of which nothing is seen yet
        self._asked_at = 0  # as `seen_at`, of the surface that is being made
        clock.ticked.connect(self._on_ticked)

    # -- what is looked at ---------------------------------------------------------------------------------------

    def look(self, project: Project, prospect: Prospect, origin: Vector) -> None:
        """Look at this from now on."""
        before, known = self.prospect, self._project
        same = known is not None and fulfilment.same_race(known, project, prospect)
        same = same and np.array_equal(self._origin, origin)
        other = not same or known is None or not fulfilment.same_surface(known, project, before, prospect)
        self._project, self.prospect, self._origin = project, prospect, origin
        self.selected = min(self.selected, max(0, len(prospect.runners) - 1))
        if other:
            self._window, self.seen, self._no_land = None, None, ""
        if not same or before.course != prospect.course:
            self._begin(None)
        elif before.runners != prospect.runners or not self.tracks:
            self._begin(self._contest)
        elif prospect.updates > self._raced_to:
            self._go_on()
        if before.is_log != prospect.is_log and not other:
            self._raise()
        elif other or before.window != prospect.window or (before.runners != prospect.runners and self._of_path):
            self._is_stale = True
        self._clock.hold(self)
        self.state_changed.emit()

    def forget(self) -> None:
        """Nothing is looked at any more; what was not finished is begun again when somebody comes back."""
        self.playing = False
        self._is_stale = self._is_stale or self._land.busy or self.progress is not None
        self._race.stop()
        self._land.stop()
        self._clock.release(self)

    def close(self) -> None:
        """The document is gone."""
        self.forget()
        self._project, self._contest, self.tracks, self.seen = None, None, (), None
        self.t, self._aim, self._raced_to, self._window, self._is_stale = 0, None, 0, None, False
        self._no_race = self._no_land = ""

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
    def trouble(self) -> str:
        """Why there is no race or no surface."""
        return self._no_race or self._no_land

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
        """How much of the finest picture is computed, or of the race that it waits for; None: all of it."""
        if self.seen is not None:
            return self.seen.progress
        if self._is_stale and not self.race_is_ready:
            return self.known / max(1, self.prospect.updates)
        return self._share

    @property
    def race_is_ready(self) -> bool:
        """Whether the race is known over its whole distance."""
        return self._raced_to >= self.prospect.updates

    @property
    def known(self) -> int:
        """The update that all have come to who can go on; where nobody can, the last that anybody made."""
        going = [track.last for track in self.tracks if track.stop is None]
        return min(going) if going else max((track.last for track in self.tracks), default=0)

    def path(self, place: int) -> Path | None:
        """Where a runner's track lies on the surface that is seen; of a whole network, as it was when that was made."""
        if self.seen is None or place >= len(self.tracks):
            return None
        track, paths = self.tracks[place], self.seen.paths
        if self.prospect.is_of_two:
            return on_exact(track) if track.places.shape[1] == 2 else None
        path = paths[place] if place < len(paths) else None
        return path if path is not None and len(path.points) <= track.updates.size else None

    # -- requests ------------------------------------------------------------------------------------------------

    def select(self, place: int) -> None:
        """Look at another runner."""
        if place != self.selected:
            self.selected = place
            self._is_stale = self._is_stale or self._of_path or self.prospect.kind == "slice"
            self._clock.hold(self)
            self.changed.emit()

    def seek(self, t: int) -> None:
        """To a moment of the race; to one that is not known yet as soon as it is."""
        if self._go(t):
            self._clock.hold(self)
            self.changed.emit()

    def _go(self, t: int) -> bool:
        """Whether that is another moment."""
        t, before = max(0, min(t, self.prospect.updates)), self.t
        self._aim = t if t > self.known and not self.race_is_ready else None
        self.t = min(t, self.known)
        self._is_stale = self._is_stale or (self.t != before and self.prospect.kind == "slice")
        return self.t != before

    def restart(self) -> None:
        """Back to the start, at rest."""
        self.pause()
        self.t, self._aim, self._owed = 0, None, 0.0

    def step(self, updates: int) -> None:
        """So many on, or back."""
        self.pause()
        self.seek((self.t if self._aim is None else self._aim) + updates)

    def play(self) -> None:
        """Run on from here."""
        self.playing, self._aim, self._owed = True, None, 0.0
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
        """The picture is fine enough, or nobody waits for it any more."""
        self._land.stop()
        if self.seen is not None:
            self.seen = replace(self.seen, progress=None)
        else:
            self._no_land, self._share, self._is_stale = LEFT_OUT, None, False
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
        self._contest, self._raced_to, self._no_race = None, 0, ""
        if known is None:
            self.tracks, self.t, self._aim = (), 0, None
            make: Callable[[], Contest] = partial(fulfilment.contest, project, prospect, origin)
        else:
            make = partial(known.replaced, prospect.runners)
        self._race.start(raced(make, prospect.updates))

    def _go_on(self) -> None:
        """The same race over a longer distance."""
        known = self._contest
        if known is None:
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
        if (waits and not self._no_race) or (moving and self._land.busy):
            return
        self._is_stale, self._no_land = False, ""
        if self._no_race:
            return
        track = self.tracks[self.selected] if self.selected < len(self.tracks) else None
        self._share = 0.0
        self._asked_at = 0 if track is None else int(track.updates[track.moment(self.t)])
        window = prospect.window or self._window
        make = partial(fulfilment.terrain, project, prospect, self.tracks, track, self.t, window)
        shown: tuple[Track | None, ...] = self.tracks
        if moving:
            shown = tuple(each if each is track else None for each in self.tracks)
        self._land.start(surveyed(make, shown, size=fulfilment.size(project, prospect), is_log=prospect.is_log))

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
        race, land = self._race.poll(), self._land.poll()
        is_new = isinstance(race, (Raced, VisualNNError)) or isinstance(land, VisualNNError)
        if isinstance(race, Raced):
            self._take_race(race)
        elif isinstance(race, VisualNNError):
            self._no_race, self.seen, self._is_stale = str(race), None, False
        if isinstance(land, Surveyed):
            is_new = self._take_surface(land) or is_new
        elif isinstance(land, VisualNNError):
            self._no_land, self.seen, self._share = str(land), None, None
        if self._is_stale:
            self._survey()
        if is_new:
            self.changed.emit()

    def _take_race(self, bit: Raced) -> None:
        self.tracks, self._contest = bit.tracks, bit.contest
        if bit.is_whole:
            self._raced_to = self.prospect.updates
            self._is_stale = self._is_stale or self._of_path or (self.seen is None and not self._land.busy)
        self._go(self.t if self._aim is None else self._aim)

    def _take_surface(self, bit: Surveyed) -> bool:
        """Whether it is to be seen: a surface that moves only where it is no coarser than the one before."""
        self._window = bit.terrain.window if self.prospect.window is None else self._window
        self._share = bit.progress
        moves = self.prospect.kind == "slice" and self.seen is not None
        if bit.relief is None or (moves and bit.progress is not None):
            return self.seen is None
        self.seen, self.seen_at = bit, self._asked_at
        return True

    def _advance(self, seconds: float) -> None:
        """What is due by now, as far as it is known; the end is a rest."""
        if self.speed == float("inf"):
            self._owed += max(1.0, seconds / WHOLE_S * self.prospect.updates)
        else:
            self._owed += seconds * BASE_PACE * self.speed
        due, self._owed = int(self._owed), self._owed % 1.0
        if due:
            self.seek(min(self.t + due, max(self.t, self.known)))
        if self.t >= self.prospect.updates or (self.race_is_ready and self.t >= self.known):
            self.pause()
