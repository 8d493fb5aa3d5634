"""What the chart of a run shows: its lines, those of other runs, and the axes they need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import isfinite

import numpy as np

from visualnn.nn.network import Vector
from visualnn.scene.formula import MINUS, number, percent
from visualnn.scene.scales import Scale, loss_scale, share_scale, update_scale
from visualnn.scene.series import Updates
from visualnn.scene.smoothing import smoothed

EMPTY = "Press play to train."
METRICS = {"loss": "Loss", "right": "Right", "miss": "Mean miss"}
STRETCH = 1e4  # other runs make the axis reach so many times as high as the run itself, at most


@dataclass(frozen=True, eq=False)
class Line:
    """What was measured at updates that rise; values that are not finite numbers are gaps."""

    name: str
    updates: Updates
    values: Vector
    role: str = "train"  # or "test", or "other": of another run
    tint: int = 0  # which of the inks and dashes another run has

    @property
    def last(self) -> int:
        """The update it ends at; 0 where there is nothing."""
        return int(self.updates[-1]) if self.updates.size else 0

    def nearest(self, update: float) -> int | None:
        """The index of the recorded update nearest to this one."""
        if not self.updates.size:
            return None
        after = int(np.searchsorted(self.updates, update))
        candidates = [i for i in (after - 1, after) if 0 <= i < self.updates.size]
        return min(candidates, key=lambda i: abs(float(self.updates[i]) - update))

    def until(self, update: int, value: float) -> Line:
        """What was recorded before an update, and that one's as the latest."""
        before = int(np.searchsorted(self.updates, update))
        updates, values = np.append(self.updates[:before], update), np.append(self.values[:before], value)
        return replace(self, updates=updates, values=values)

    def smoothed(self, smoothing: float) -> Line:
        """The moving average of it."""
        return _kept(self, smoothing) if self.role == "other" else _smoothed(self, smoothing)

    @cached_property
    def is_finite(self) -> bool:
        """Whether all values are numbers."""
        return bool(np.isfinite(self.values).all())

    @cached_property
    def finite(self) -> Vector:
        """The values that are numbers."""
        return self.values if self.is_finite else self.values[np.isfinite(self.values)]

    @cached_property
    def least(self) -> float:
        """The least number; infinite where there is none."""
        return float(self.finite.min(initial=np.inf))

    def extent(self, is_log: bool) -> tuple[float, float] | None:
        """The least and the greatest value that an axis can show."""
        shown = self.finite[self.finite > 0] if is_log and self.least <= 0 else self.finite
        return (float(shown.min()), float(shown.max())) if shown.size else None


def _smoothed(line: Line, smoothing: float) -> Line:
    updates, values = smoothed(line.updates, line.values, smoothing)
    return replace(line, updates=updates, values=values)


_kept = lru_cache(maxsize=16)(_smoothed)  # other runs never change


@dataclass(frozen=True, slots=True)
class Mark:
    """Something was changed before this update, for instance the learning rate."""

    update: int
    text: str


NOTHING = Line("train", np.empty(0, dtype=np.int64), np.empty(0))


@dataclass(frozen=True, eq=False)
class Record:
    """The lines of a chart; the first is the run's own."""

    lines: tuple[Line, ...] = ()
    metric: str = "loss"  # or "right", or "miss"
    goal: float | None = None
    is_log: bool = True
    smoothing: float = 0.0  # 0: lines as they were measured
    at: int | None = None  # the update that is looked at while looking back
    marks: tuple[Mark, ...] = ()
    trouble: bool = False
    epoch_length: int = 0  # updates; 0 where nobody asks for epochs
    now: str = ""  # what stands beside the latest point, where there is room

    @property
    def own(self) -> Line:
        """The run's own line."""
        return self.lines[0] if self.lines else NOTHING

    @cached_property
    def smooth(self) -> tuple[Line, ...]:
        """The moving average of every line; none without smoothing."""
        return tuple(line.smoothed(self.smoothing) for line in self.lines) if self.smoothing else ()

    @property
    def uses_log(self) -> bool:
        """Whether the upright axis is logarithmic: shares never are."""
        return self.is_log and self.metric != "right"

    @cached_property
    def across(self) -> Scale:
        """The axis of updates."""
        return update_scale(max((line.last for line in self.lines), default=0))

    @cached_property
    def up(self) -> Scale:
        """The upright axis."""
        low, high = self._extent
        return share_scale(low) if self.metric == "right" else loss_scale(low, high, self.uses_log)

    @property
    def _extent(self) -> tuple[float, float]:
        """The least and the greatest value of all lines; no other run may dwarf this one."""
        own = [e for line in self.lines if line.role != "other" and (e := line.extent(self.uses_log))]
        others = [e for line in self.lines if line.role == "other" and (e := line.extent(self.uses_log))]
        if not own and not others:
            return 0.1, 1.0
        limit = STRETCH * max((high for _, high in own), default=float("inf")) or float("inf")
        highs = [high for _, high in own] + [min(high, limit) for _, high in others]
        lows = [low for low, _ in (*own, *others) if low <= max(highs)]
        return min(lows), max(highs)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been trained, and no other run is shown."""
        return all(line.last == 0 for line in self.lines)

    @property
    def steps(self) -> Line:
        """The line whose updates can be walked along: the run's own, or, before it has begun, the longest."""
        return self.own if self.own.last else max(self.lines, key=lambda line: line.last, default=self.own)

    def recorded(self, update: float) -> int:
        """The recorded update nearest to this one, of the first line that reaches so far."""
        longest = max(self.lines, key=lambda line: line.last, default=self.own)
        line = next((line for line in self.lines if line.role != "test" and line.last >= update), longest)
        line = self.own if self.own.last and update <= self.own.last + self._slack else line
        index = line.nearest(update)
        return 0 if index is None else int(line.updates[index])

    @property
    def _slack(self) -> float:
        """Updates behind the end of a line that still are meant for its last point."""
        return self.across.high / 50

    def text(self, value: float) -> str:
        """A value of this metric."""
        return percent(value) if self.metric == "right" and isfinite(value) else significant(value)

    def sentence(self) -> str:
        """The latest point in words."""
        if not self.own.last:
            return EMPTY
        words = f"Update {self.own.last:,}: {METRICS[self.metric].lower()} {self.text(float(self.own.values[-1]))}"
        tests = [line for line in self.lines if line.role == "test" and line.finite.size]
        tested = "".join(f", {line.name} {self.text(float(line.finite[-1]))}" for line in tests)
        return f"{words}{tested}. {self.note}".rstrip() if self.note else words + tested

    @cached_property
    def note(self) -> str:
        """What cannot be seen in the chart, for it cannot be drawn where it belongs."""
        if self.uses_log and any(line.least <= 0 for line in self.lines):
            return "A value of 0 is drawn at the lower edge."
        return ""

    def broken_at(self) -> int | None:
        """The first update whose value is no longer a number."""
        if self.own.is_finite:
            return None
        return int(self.own.updates[np.flatnonzero(~np.isfinite(self.own.values))[0]])


def significant(value: float, digits: int = 4) -> str:
    """`value` with exactly so many significant digits: 0.1492, 26.04, 3.100e−6."""
    if value == 0 or not isfinite(value):
        return number(value, 0)
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -5 < power < 6:
        return f"{value:,.{max(0, digits - 1 - power)}f}".replace("-", MINUS)
    return f"{mantissa}e{power}".replace("-", MINUS)
