"""The media player of a pass: where on the timeline it stands and how it moves."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QObject, Signal

from visualnn.gui.clock import FRAME_MS, FrameClock
from visualnn.scene.timeline import GRAINS, Grain, Timeline

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 10.0, float("inf"))
DURATIONS_MS = {"operation": 900, "neuron": 1400, "layer": 1800, "pass": 2400}  # of one stop to the next at 1×
TOO_WIDE = 2000  # steps of a forward pass; beyond, one operation is a drop in the ocean


@dataclass(frozen=True, slots=True)
class Inside:
    """A neuron that is stepped through: its first and last step, and the moment and the grain to go back to."""

    layer: int
    neuron: int
    first: int
    last: int
    origin: float
    grain: Grain


FIRST = {"Backward": "slope_weight", "Update": "update_weight"}  # of a neuron; else its first multiplication


class Player(QObject):
    """Moves the moment t over a timeline; t = k means that k steps are done."""

    moved = Signal(float)  # t
    state_changed = Signal()  # playing, grain or speed
    timeline_changed = Signal()

    def __init__(self, clock: FrameClock, parent: QObject | None = None):
        super().__init__(parent)
        self._clock = clock
        clock.ticked.connect(self._on_ticked)
        self.timeline: Timeline | None = None
        self.t = 0.0
        self.grain: Grain = "operation"
        self.inside: Inside | None = None
        self._chosen: Grain = "operation"  # by hand, for networks that are not too wide
        self.speed = 1.0
        self.playing = False
        self.reduced_motion = False
        self._goal: float | None = None  # moving there now
        self._waited = 0.0  # steps' worth of time; with reduced motion t stands still until it is over
        self._stops_at_sums = False
        self.waiting = False  # it has stopped by itself at a finished sum and will go on from there

    @property
    def length(self) -> int:
        """Steps on the timeline."""
        return len(self.timeline) if self.timeline else 0

    @property
    def moving(self) -> bool:
        """Whether t changes with time."""
        return self.playing or self._goal is not None

    def set_timeline(self, timeline: Timeline, keep_place: bool) -> None:
        """Another network or another question; a value edited in the middle keeps the place."""
        if keep_place and self.timeline == timeline:
            self.moved.emit(self.t)
            return
        before, self.timeline = self.timeline, timeline
        self._leave()
        self.t = _same_place(before, timeline, self.t) if keep_place and before is not None else 0.0
        if keep_place and self.playing and self.t < self.length:
            self._next_goal()
        else:
            self.pause()
        self.timeline_changed.emit()
        self.moved.emit(self.t)

    def suit_grain(self) -> None:
        """A document was opened: too wide a network goes by layers, any other as was last chosen."""
        wide = self.timeline is not None and self.timeline.forward_length > TOO_WIDE
        self.inside = None
        self.grain = "layer" if wide else self._chosen
        self.state_changed.emit()

    def seek(self, t: float) -> None:
        """Jump to a moment and stand still."""
        self._halt()
        self.t = max(0.0, min(float(t), float(self.length)))
        self._leave_if_outside()
        self.moved.emit(self.t)

    def step(self, larger: int = 0) -> None:
        """Show the next stop happening; `larger` steps that many grains coarser."""
        if self.timeline is None:
            return
        if self._goal is not None and not self.playing:
            self.t = self._goal  # a second press finishes the first
        self._leave_if_finished()
        goal = self.timeline.after(self.t, self._coarser(larger)) if self.t < self.length else self.length
        self._halt()
        self._move_to(float(goal))

    def back(self, larger: int = 0) -> None:
        """Go to the stop before."""
        if self.timeline is None:
            return
        if self.inside is not None and self.t <= self.inside.first:
            self._leave()
        self.seek(self.timeline.before(self.t, self._coarser(larger)))

    def play(self, stops_at_sums: bool = False) -> None:
        """Run on from here, from the start if the end was reached."""
        if self.timeline is None:
            return
        if self.t >= self.length:
            self.t = 0.0
        self.playing, self.waiting, self._stops_at_sums = True, False, stops_at_sums
        self._next_goal()
        self._clock.hold(self)
        self.state_changed.emit()

    def pause(self) -> None:
        """Stand still where it is."""
        was = self.moving
        self._halt()
        if was:
            self.state_changed.emit()

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play(self._stops_at_sums)

    def guide(self) -> None:
        """From the beginning, operation by operation, stopping at each finished sum."""
        self.inside = None
        self.seek(0)
        self.grain = "operation"
        self.play(stops_at_sums=True)

    def set_grain(self, grain: Grain) -> None:
        """How far one step goes: the learner has chosen."""
        self.grain = self._chosen = grain
        self.inside = None
        self._stops_at_sums = False
        self.state_changed.emit()

    def set_speed(self, speed: float) -> None:
        """A factor on all durations."""
        self.speed = speed
        self.state_changed.emit()

    # -- inside a neuron -----------------------------------------------------------------------------------------

    def enter(self, layer: int, neuron: int) -> None:
        """To a neuron's first operation in the phase that goes on, and one by one until it is left or finished."""
        if self.timeline is None:
            return
        phase = self.timeline.step(max(1, ceil(self.t))).phase
        first = self.timeline.find(FIRST.get(phase, "multiply"), layer, neuron)
        if first is None:
            return
        origin = self.t if self.inside is None else self.inside.origin
        self._leave()
        last = self.timeline.after(first - 1, "neuron")
        self.inside = Inside(layer, neuron, first, last, origin, self.grain)
        self.grain = "operation"
        self.seek(first)
        self.state_changed.emit()

    def leave(self) -> None:
        """Back to where it was entered, with the grain from before."""
        if self.inside is not None:
            origin = self.inside.origin
            self._leave()
            self.seek(origin)

    def _leave(self) -> None:
        if self.inside is not None:
            self.grain, self.inside = self.inside.grain, None
            self.state_changed.emit()

    def _leave_if_finished(self) -> None:
        """Its last operation is done: what goes on is the layer."""
        if self.inside is not None and self.t >= self.inside.last:
            self._leave()

    def _leave_if_outside(self) -> None:
        if self.inside is not None and not self.inside.first - 1 <= self.t <= self.inside.last:
            self._leave()

    # -- moving --------------------------------------------------------------------------------------------------

    def _coarser(self, larger: int) -> Grain:
        return GRAINS[min(GRAINS.index(self.grain) + larger, 3)]

    def _halt(self) -> None:
        self.playing = False
        self._goal, self._waited = None, 0.0
        self._clock.release(self)

    def _move_to(self, goal: float) -> None:
        if self.reduced_motion or self.speed == float("inf") or goal <= self.t:
            self.t = goal
            self.moved.emit(self.t)
        else:
            self._goal = goal
            self._clock.hold(self)
            self._on_ticked(FRAME_MS / 1000, self._clock.now)  # the very next frame already shows it happening
        self.state_changed.emit()

    def _next_goal(self) -> None:
        assert self.timeline is not None
        self._leave_if_finished()
        self._goal = float(self.timeline.after(self.t, self.grain))

    def _on_ticked(self, seconds: float, _now: float) -> None:
        if self._goal is None or self.timeline is None or seconds <= 0:
            return
        start = float(self.timeline.before(self._goal, self.grain))
        whole = max(self._goal - start, 1.0)
        step = whole * seconds * 1000 / DURATIONS_MS[self.grain] * self.speed
        if self.reduced_motion:
            self._waited += step
            if self._waited < self._goal - self.t:
                return
            step, self._waited = self._goal - self.t, 0.0
        self.t = min(self.t + min(step, whole), self._goal)
        if self.t >= self._goal:
            self._arrive()
        self.moved.emit(self.t)

    def _arrive(self) -> None:
        stops = self._stops_at_sums and self._sum_finished()
        if self.playing and self.t < self.length and not stops:
            self._next_goal()
            return
        was_playing = self.playing
        self._halt()
        self.waiting = was_playing and stops
        self.state_changed.emit()

    def _sum_finished(self) -> bool:
        step = self.timeline.step(int(self.t)) if self.timeline else None
        return step is not None and step.kind == "bias"


def _same_place(before: Timeline, after: Timeline, t: float) -> float:
    """Where the same step is on another timeline of the network; a step that is gone leaves its number."""
    number = ceil(t)
    if not 0 < number <= len(before):
        return min(t, float(len(after)))
    step = before.step(number)
    found = after.find(step.kind, step.layer, step.neuron)
    if found is None:
        return min(t, float(len(after)))
    return found + (step.source or 0) - (number - t)
