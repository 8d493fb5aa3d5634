"""The lines of a record, from what was measured of a run and what is kept of others."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from visualnn.nn.readings import Readings
from visualnn.nn.training import Snapshot
from visualnn.runs import Run
from visualnn.scene.record import Line, Mark
from visualnn.scene.scales import tick_text


def offered(has_classes: bool) -> tuple[str, ...]:
    """What can be measured: where there are classes, which rows are right, else how far the outputs miss."""
    return ("loss", "right") if has_classes else ("loss", "miss")


def own_lines(snapshot: Snapshot, readings: Readings, metric: str) -> tuple[Line, ...]:
    """The run on the table: what it learns from, and what was held back if anything was.

    The train loss is that of the rows of each update, all else is measured over all rows, now and then.
    """
    if metric == "loss":
        train = Line("train", snapshot.whole.updates, snapshot.whole.losses)
        train = train if snapshot.looks_back else train.until(snapshot.update, snapshot.loss)
    else:
        train = Line("train", readings.updates, getattr(readings, f"train_{metric}"))
    held = getattr(readings, f"test_{metric}")
    test = Line("test", readings.updates, held, "test")
    return (train, test) if np.isfinite(held).any() else (train,)


@lru_cache(maxsize=64)
def kept_line(run: Run, metric: str) -> Line:
    """A kept run; the same line whenever it is asked for, so that what was drawn of it is known already."""
    name, tint = f"run {run.number}", run.number - 1
    if metric != "loss":
        return Line(name, run.readings.updates, getattr(run.readings, f"train_{metric}"), "other", tint)
    return Line(name, run.curve.updates, run.curve.losses, "other", tint).until(run.update, run.loss)


def rate_marks(rates: tuple[tuple[int, float], ...]) -> tuple[Mark, ...]:
    """A mark wherever the learning rate was changed; the rate a run began with is no change."""
    return tuple(Mark(update, f"rate {tick_text(rate)}") for update, rate in rates if update)
