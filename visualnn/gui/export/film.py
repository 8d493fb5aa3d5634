"""A film of steps: which moments it shows, how long, and what each of them looks like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from PySide6.QtGui import QImage

from visualnn.gui.export.paper import picture
from visualnn.gui.export.shot import SUBTITLE_HEIGHT, Shot, fitted, runs
from visualnn.gui.views.network import Content
from visualnn.gui.views.network.picture import Sight
from visualnn.nn.errors import VisualNNError
from visualnn.scene.formula import Sentence
from visualnn.scene.playback import MOVING
from visualnn.scene.sentences import Story, sentence
from visualnn.scene.timeline import Grain, Timeline

SECONDS = 1.6  # of one step, to be read
FPS_GIF, FPS_MP4 = 12.5, 25.0
MOVED_S = {"operation": 0.55, "neuron": 1.2, "layer": 1.1, "pass": 1.5}  # of one step at most, in which things move
LAST_S = 1.4  # how much longer the last picture stands
LONGEST_S = 3600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a step lasts and how many pictures a second there are while something moves."""

    seconds: float = SECONDS
    fps: float = FPS_MP4


@dataclass(frozen=True, slots=True)
class Cut:
    """Which steps are shown, the first and the last included, and how much is one step."""

    first: int
    last: int
    grain: Grain = "operation"

    def stops(self, timeline: Timeline) -> Iterator[tuple[int, int]]:
        """Where each step begins and ends on the timeline."""
        t = self.first - 1
        while t < self.last:
            goal = min(timeline.after(t, self.grain), self.last)
            yield t, goal
            t = goal

    def count(self, timeline: Timeline) -> int:
        """How many steps are shown."""
        if self.grain == "operation":  # of which there may be millions
            return self.last - self.first + 1
        return sum(1 for _ in self.stops(timeline))


@dataclass(frozen=True, slots=True)
class Moment:
    """What is shown at t for `ticks` frames."""

    t: float
    ticks: int
    flowing: bool = False


@dataclass(frozen=True, eq=False)
class Film:
    """The steps of a cut as the stage shows them, in a picture of `size` pixels."""

    sight: Sight
    content: Content
    story: Story
    cut: Cut
    pace: Pace
    size: tuple[int, int]
    title: str

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """All different pictures in order. Raises `VisualNNError` for what nobody would watch."""
        steps = self.cut.count(self.story.timeline)
        if steps * self.pace.seconds > LONGEST_S:
            hours = steps * self.pace.seconds / 3600
            raise VisualNNError(
                f"A film of {steps:,} steps would last {hours:,.1f} hours: choose fewer steps, or step by layer."
            )
        return tuple(self._moments())

    def _moments(self) -> Iterator[Moment]:
        """Before the first step half its time, then each step, and at the end some time to look."""
        fps, pause = self.pace.fps, self.pace.seconds / 2
        yield Moment(self.cut.first - 1, max(1, round(pause * fps)))
        for start, goal in self.cut.stops(self.story.timeline):
            moving, hold = self._split()
            flowing, several = self.cut.grain in ("layer", "pass"), self.cut.grain in ("neuron", "pass")
            reach = 1.0 if several else MOVING  # of one movement only the first part moves
            for i in range(1, moving):
                yield Moment(start + (goal - start) * reach * i / moving, 1, flowing)
            longer = round(LAST_S * fps) if goal == self.cut.last else 0
            yield Moment(goal, hold + longer)

    def _split(self) -> tuple[int, int]:
        """How many frames of a step things move, and for how many they stand."""
        whole = max(1, round(self.pace.seconds * self.pace.fps))
        most = min(MOVED_S[self.cut.grain], 0.6 * self.pace.seconds)
        moving = max(1, min(whole, round(most * self.pace.fps)))
        return moving, whole - moving + 1

    @property
    def is_shaded(self) -> bool:
        """It is drawn in few colours."""
        return False

    @property
    def fps(self) -> float:
        """Frames a second."""
        return self.pace.fps

    @property
    def ticks(self) -> int:
        """Frames of equal length."""
        return sum(moment.ticks for moment in self.moments)

    @cached_property
    def ratio(self) -> float:
        """Pixels to the point: as the stage is seen, enlarged until it fills the picture."""
        made = self.sight.layout
        return min(self.size[0] / made.width, self.size[1] / (made.height + SUBTITLE_HEIGHT))

    @cached_property
    def _filling(self) -> Sight:
        width, height = self.size[0] / self.ratio, self.size[1] / self.ratio - SUBTITLE_HEIGHT
        return replace(self.sight, layout=fitted(self.sight.layout, width, height), ratio=self.ratio)

    def shot(self, moment: Moment) -> Shot:
        """What is to be seen at a moment."""
        content = replace(self.content, t=moment.t, flowing=moment.flowing)
        return Shot(replace(self._filling, moment=content.moment()), runs(self._words(moment)), self.title)

    def image(self, moment: Moment) -> QImage:
        """The picture of a moment."""
        return picture(self.shot(moment), self.ratio)

    def _words(self, moment: Moment) -> Sentence:
        return sentence(self.story, moment.t, flowing=moment.flowing)


def cut_of(text: str, timeline: Timeline, grain: Grain = "operation") -> Cut:
    """What "all", "12", "3-20" or the name of a phase means. Raises `VisualNNError` where there are no such steps."""
    word = text.strip().lower()
    if word == "all":
        return Cut(1, len(timeline), grain)
    first = 1
    for phase, count in timeline.phases:
        if phase.lower() == word:
            return Cut(first, first + count - 1, grain)
        first += count
    start, dash, end = word.replace("–", "-").partition("-")
    if not start.isdecimal() or (dash and not end.isdecimal()):
        phases = ", ".join(phase.lower() for phase, _count in timeline.phases)
        raise VisualNNError(f"There are no steps “{text}”; there are all, {phases}, or numbers such as 3-20.")
    last = int(end) if dash else int(start)
    for number in (int(start), last):
        if not 1 <= number <= len(timeline):
            raise VisualNNError(f"There is no step {number:,}; this network has {len(timeline):,}.")
    if last < int(start):
        raise VisualNNError(f"The steps {text} are none: the first comes after the last.")
    return Cut(int(start), last, grain)
