"""A run as CSV: its losses update by update, and beside them what was measured of the whole data now and then."""

from __future__ import annotations

import csv
import io
from math import isnan
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from visualnn.files.errors import FileError
from visualnn.files.native import reason, replace_file
from visualnn.nn.curve import CurveView

MEASURED = ("train_loss", "test_loss", "train_right", "test_right", "train_miss", "test_miss")
COLUMNS = ("update", "epoch", "loss", *MEASURED)


class Measured(Protocol):
    """What was measured at some updates: a vector of each of `MEASURED`, NaN where there was nothing to measure."""

    @property
    def updates(self) -> NDArray[np.int64]:
        """When."""


class Kept(Protocol):
    """The parts of a run that a table shows."""

    @property
    def update(self) -> int:
        """The last one."""

    @property
    def epoch_length(self) -> int:
        """Updates of a pass through the data."""

    @property
    def loss(self) -> float:
        """After the last update."""

    @property
    def curve(self) -> CurveView:
        """The losses before."""

    @property
    def readings(self) -> Measured:
        """Beside them."""


def write_run(path: Path, run: Kept) -> None:
    """All numbers with all their digits. Raises `FileError` if the file cannot be written."""
    try:
        replace_file(path, table(run).encode())
    except OSError as error:
        raise FileError(f"“{path.name}” cannot be written: {reason(error)}.") from error


def table(run: Kept) -> str:
    """A row for each update that was recorded or measured; what was not is empty."""
    losses = dict(zip(run.curve.updates.tolist(), run.curve.losses.tolist(), strict=True)) | {run.update: run.loss}
    places = {update: place for place, update in enumerate(run.readings.updates.tolist())}
    measured = [getattr(run.readings, column).tolist() for column in MEASURED]
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for update in sorted(losses.keys() | places.keys()):
        place = places.get(update)
        seen = [""] * len(MEASURED) if place is None else [_cell(column[place]) for column in measured]
        loss = repr(losses[update]) if update in losses else ""
        rows.writerow([update, update // run.epoch_length, loss, *seen])
    return out.getvalue()


def _cell(value: float) -> str:
    """A measured number; nothing where there was none."""
    return "" if isnan(value) else repr(value)
