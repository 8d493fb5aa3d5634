"""At which losses contour lines run, and which losses are written beside the colour bar."""

from __future__ import annotations

from math import ceil, floor, log10
from sys import float_info
from typing import NamedTuple

from visualnn.scene.landscape.relief import Relief
from visualnn.scene.scales import Tick, loss_scale, nice_step, tick_text

MOST = 30  # lines from the lowest to the highest
PER_DECADE = (40, 20, 10, 5, 4, 2, 1)
TICKS = 6
MAX_10_EXP = float_info.max_10_exp


class Levels(NamedTuple):
    """Line k runs where share · `across` − `first` = k; every `main`-th one is a main one."""

    across: float
    first: float
    main: int


def levels(relief: Relief) -> Levels:
    """Round losses, evenly spaced in height; none where the surface is flat."""
    if relief.is_flat:
        return Levels(0.0, 0.5, 1)
    if relief.is_log:
        return _decades(log10(relief.low + relief.above), log10(relief.high + relief.above))
    return _steps(relief.low, relief.high, _step(relief, MOST), 5)


def _step(relief: Relief, most: int) -> float:
    """From one round loss to the next. Of halves, since the difference of two huge ones may be none."""
    return nice_step(relief.high / 2 - relief.low / 2, most // 2)


def _decades(low: float, high: float) -> Levels:
    """Lines at powers of ten, and between them where there is room."""
    count = next((n for n in PER_DECADE if n * (high - low) <= MOST), 0)
    if count == 0:
        return _steps(low, high, nice_step(high - low, MOST), 5)
    return _steps(low, high, 1 / count, count if count > 1 else 3)


def _steps(low: float, high: float, step: float, main: int) -> Levels:
    first = low / step
    return Levels((high / 2 - low / 2) / (step / 2), -(first - main * floor(first / main)), main)


def ticks(relief: Relief) -> tuple[Tick, ...]:
    """Losses written beside the colour bar, lowest first; at least two, unless there is one loss only."""
    if relief.is_flat:
        return (Tick(relief.low, tick_text(float(f"{relief.low:.4g}"))),)
    marks: tuple[Tick, ...] = ()
    if relief.is_log:
        marks = _powers(max(relief.low, relief.above), max(relief.high, 10 * relief.above))
    if marks and relief.low == 0:
        marks = (Tick(0.0, "0"), *(mark for mark in marks if mark.value >= 3 * relief.above))
    kept = _on_scale(relief, marks)
    if len(kept) < 3:
        kept = _on_scale(relief, _linear(relief))
    return kept if len(kept) > 1 else _ends(relief)


def _powers(low: float, high: float) -> tuple[Tick, ...]:
    """Powers of ten, or half of them too; every n-th where there are many."""
    span = log10(high) - log10(low)
    if span < 3:
        return loss_scale(low, high, True).ticks
    step = ceil(span / TICKS)
    powers = (10.0**k for k in range(floor(log10(low)), min(ceil(log10(high)), MAX_10_EXP) + 1) if k % step == 0)
    return tuple(Tick(power, tick_text(power)) for power in powers)


def _on_scale(relief: Relief, marks: tuple[Tick, ...]) -> tuple[Tick, ...]:
    shares = [float(relief.share(mark.value)) for mark in marks]
    return tuple(mark for mark, share in zip(marks, shares, strict=True) if -1e-6 <= share <= 1 + 1e-6)


def _linear(relief: Relief) -> tuple[Tick, ...]:
    step = _step(relief, TICKS)
    numbers = range(ceil(relief.low / step - 1e-9), floor(relief.high / step + 1e-9) + 1)
    return tuple(Tick(k * step, tick_text(k * step)) for k in numbers)


def _ends(relief: Relief) -> tuple[Tick, ...]:
    return tuple(Tick(loss, tick_text(float(f"{loss:.4g}"))) for loss in (relief.low, relief.high))
