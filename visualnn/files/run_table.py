"""A run as CSV: its losses update by update, and beside them what was measured of the whole data now and then."""

from __future__ import annotations

import csv
import io
from math import isnan
from pathlib import Path

from visualnn.files.errors import FileError
from visualnn.files.native import reason, replace_file
from visualnn.nn.readings import COLUMNS
from visualnn.runs import Run

HEADINGS = ("update", "epoch", "loss", *COLUMNS)


def write_run(path: Path, run: Run) -> None:
    """All numbers with all their digits. Raises `FileError` if the file cannot be written."""
    try:
        replace_file(path, table(run).encode())
    except OSError as error:
        raise FileError(f"“{path.name}” cannot be written: {reason(error)}.") from error


def table(run: Run) -> str:
    """A row for each update that was recorded or measured; what was not is empty."""
    losses = dict(zip(run.curve.updates.tolist(), run.curve.losses.tolist(), strict=True)) | {run.update: run.loss}
    places = {update: place for place, update in enumerate(run.readings.updates.tolist())}
    measured = [getattr(run.readings, column).tolist() for column in COLUMNS]
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEADINGS)
    for update in sorted(losses.keys() | places.keys()):
        place = places.get(update)
        seen = [""] * len(COLUMNS) if place is None else [_cell(column[place]) for column in measured]
        loss = repr(losses[update]) if update in losses else ""
        rows.writerow([update, update // run.epoch_length, loss, *seen])
    return out.getvalue()


def _cell(value: float) -> str:
    """A measured number; nothing where there was none."""
    return "" if isnan(value) else repr(value)
