"""All values of a chart at one update, in words."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.scene.record import Record

MOST_ROWS = 7


@dataclass(frozen=True, slots=True)
class Reading:
    """One line's value: as it was measured, and the moving average beside it."""

    name: str  # and from which update it is, if from another one
    text: str
    smooth: str = ""
    role: str = "train"
    tint: int = 0


@dataclass(frozen=True, slots=True)
class Readout:
    """A title and a row for every line; `left_out` says how many more there are."""

    title: str
    rows: tuple[Reading, ...]
    left_out: str = ""

    def sentence(self) -> str:
        """The same for who listens."""
        rows = "; ".join(f"{row.name} {row.text}{f', smooth {row.smooth}' if row.smooth else ''}" for row in self.rows)
        return f"{self.title}: {rows}"


def readout(record: Record, update: int) -> Readout:
    """What all lines say at a recorded update; a value from another update says from which."""
    rows = [row for index in range(len(record.lines)) if (row := _reading(record, index, update)) is not None]
    more = len(rows) - MOST_ROWS
    left_out = f"and {more} more" if more > 0 else ""
    return Readout(_title(record, update), tuple(rows[:MOST_ROWS]), left_out)


def _title(record: Record, update: int) -> str:
    title = f"Update {update:,}"
    if record.epoch_length:
        title += f" · epoch {update // record.epoch_length:,}"
    reached = [mark.text for mark in record.marks if abs(mark.update - update) <= record.across.high / 150]
    return " · ".join([title, *reached[:1]])


def _reading(record: Record, index: int, update: int) -> Reading | None:
    line = record.lines[index]
    place = line.nearest(update)
    if place is None:
        return None
    text, there = record.text(float(line.values[place])), int(line.updates[place])
    name = line.name if there == update else f"{line.name} at {there:,}"
    return Reading(name, text, _smooth(record, index, there), line.role, line.tint)


def _smooth(record: Record, index: int, update: int) -> str:
    """The moving average of the group this update is in."""
    if not record.smooth:
        return ""
    line = record.smooth[index]
    place = min(int(line.updates.searchsorted(update)), line.updates.size - 1)
    return record.text(float(line.values[place]))
