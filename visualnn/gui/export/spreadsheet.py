"""Writes the numbers of all steps as CSV, a row for each."""

from __future__ import annotations

import csv
from pathlib import Path

from visualnn.gui.export.target import Report, beside, quietly
from visualnn.nn.errors import VisualNNError
from visualnn.scene.sentences import Story
from visualnn.scene.steps import StepRecord, records

COLUMNS = ("step", "phase", "kind", "place", "name", "value", "before", "sentence")
ENCODING = "utf-8-sig"  # by its mark spreadsheets know that "→" is one letter
MOST_STEPS = 2_000_000
TOLD_EVERY = 500  # rows


def write_csv(story: Story, path: Path, report: Report = quietly) -> None:
    """All steps with all digits. Raises `VisualNNError` for more than a spreadsheet could show."""
    whole = len(story.timeline)
    if whole > MOST_STEPS:
        raise VisualNNError(f"This network has {whole:,} steps; a table can have {MOST_STEPS:,}.")
    with beside(path) as file, file.open("x", encoding=ENCODING, newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        for number, record in enumerate(records(story), start=1):
            table.writerow(row(record))
            if number % TOLD_EVERY == 0 or number == whole:
                report(number, whole)


def row(record: StepRecord) -> tuple[str | int, ...]:
    """A step as its cells; a parameter's value before an update is empty in all other steps."""
    place = record.place
    parts = [place.kind, str(place.column), str(place.neuron)]
    if place.source is not None:
        parts.append(str(place.source))
    before = "" if record.before is None else repr(float(record.before))
    words = "".join(part.text for part in record.sentence)
    where = " ".join(parts)
    return record.number, record.phase, record.kind, where, record.name, repr(float(record.value)), before, words
