"""A race of optimizers, computed ahead of what is shown: who is where after which update.

Where anybody is at an update depends on the course and on their own options only, never on time, on the others, or on
how the race was split into portions. Time only says how much is done at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import perf_counter

from visualnn.nn.landscape.course import Course, NetworkCourse, Runner, SurfaceCourse
from visualnn.nn.landscape.track import Track
from visualnn.nn.landscape.trek import Trek
from visualnn.nn.options import Options

__all__ = ["Contest", "Course", "NetworkCourse", "SurfaceCourse"]

PORTION_S = 0.005  # of `advance`, unless a single update takes longer
TURN_S = 0.001  # until somebody else's turn
FASTER = 4  # times as many updates as in the turn before, at most


class Contest:
    """Two to five runners on a course, in the order they were given. For one thread; the tracks belong to any.

    Raises `VisualNNError` where options do not fit the course.
    """

    def __init__(self, course: Course, runners: Sequence[Options], *, known: Iterable[Lane] = ()) -> None:
        self.course = course
        lanes = {lane.options: lane for lane in known}
        self._lanes: list[Lane] = []
        for options in map(course.fair, runners):
            lane = lanes.get(options) or Lane(options, course.runner(options))
            lanes[options] = lane
            self._lanes.append(lane)
        self._until = 0

    @property
    def runners(self) -> tuple[Options, ...]:
        """What they run with: the same rows for all, and no end of their own."""
        return tuple(lane.options for lane in self._lanes)

    @property
    def update(self) -> int:
        """The update that all have come to who can go on; where nobody can, the last that anybody made."""
        going = [lane.runner.updates for lane in self._lanes if not lane.has_ended]
        return min(going) if going else max((lane.runner.updates for lane in self._lanes), default=0)

    def advance(self, until: int) -> bool:
        """A portion of the way to an update, whoever is behind first; whether there is more of it to do."""
        self._until, begin = until, perf_counter()
        while True:
            behind = [lane for lane in self._lanes if lane.runner.updates < until and not lane.has_ended]
            if not behind or perf_counter() - begin > PORTION_S:
                return bool(behind)
            min(behind, key=_updates).take_turn(until)

    def tracks(self) -> tuple[Track, ...]:
        """Where everybody has been. On the way of a long race of networks the last few updates may be missing."""
        return tuple(lane.track(self._until) for lane in self._lanes)

    def replaced(self, runners: Sequence[Options]) -> Contest:
        """The same race with other runners. Who was in it keeps what has been run, and shares it with this one."""
        return Contest(self.course, runners, known=self._lanes)


class Lane:
    """A runner, and how long its updates take."""

    def __init__(self, options: Options, runner: Runner) -> None:
        self.options, self.runner = options, runner
        self._turn = 1  # updates

    @property
    def has_ended(self) -> bool:
        """Whether its loss is no longer finite."""
        return self.runner.stop is not None

    def take_turn(self, until: int) -> None:
        """Runs for a moment."""
        before, begin = self.runner.updates, perf_counter()
        self.runner.run(min(self._turn, until - before))
        done, took = self.runner.updates - before, perf_counter() - begin
        self._turn = max(1, min(FASTER * self._turn, int(done * TURN_S / max(took, 1e-9))))

    def track(self, until: int) -> Track:
        """Where it has been; whole where it has come to an update or can go no further."""
        runner = self.runner
        if isinstance(runner, Trek) and runner.updates < until and not self.has_ended:
            return runner.sketch
        return runner.track


def _updates(lane: Lane) -> int:
    return lane.runner.updates
