"""The lines of a record as they are drawn, in shares of the axes, the undermost first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from visualnn.nn.network import Vector
from visualnn.scene.record import Line, Record
from visualnn.scene.series import thinned

ORDER = {"other": 0, "test": 1, "train": 2}


@dataclass(frozen=True, eq=False, slots=True)
class Stroke:
    """One piece of a line: x rises, both are shares of the axes, NaN is a gap."""

    x: Vector
    y: Vector
    role: str
    tint: int = 0
    raw: bool = False  # beneath its moving average
    later: bool = False  # behind the update that is looked at


def strokes(record: Record, columns: int) -> list[Stroke]:
    """Every line in at most two points a column: raw ones beneath, the run's own above the others."""
    order = sorted(range(len(record.lines)), key=lambda index: ORDER[record.lines[index].role])
    order.sort(key=lambda index: index == 0)
    result = []
    for raw in (True, False):
        for index in order:
            if raw and record.smoothing:
                result += _pieces(record, record.lines[index], columns, raw=True)
            elif not raw:
                result += _pieces(record, (record.smooth or record.lines)[index], columns, raw=False)
    return result


def _pieces(record: Record, line: Line, columns: int, *, raw: bool) -> list[Stroke]:
    """A line, in two pieces where the run is looked at in the past; other runs have no now."""
    thin = _kept if line.role == "other" else _thin
    x, y = thin(line, record.across.high, columns)
    x, y = np.asarray(record.across.share(x)), np.asarray(record.up.share(y))
    if record.at is None or record.at >= line.last or line.role == "other":
        return [Stroke(x, y, line.role, line.tint, raw)]
    share = record.across.share(float(record.at))
    middle = int(np.searchsorted(x, share, "right"))
    x, y = np.insert(x, middle, share), np.insert(y, middle, np.interp(share, x, y))
    before = Stroke(x[: middle + 1], y[: middle + 1], line.role, line.tint, raw)
    return [Stroke(x[middle:], y[middle:], line.role, line.tint, raw, True), before]


def _thin(line: Line, end: float, columns: int) -> tuple[Vector, Vector]:
    return thinned(line.updates, line.values, end, columns)


_kept = lru_cache(maxsize=16)(_thin)  # other runs never change
