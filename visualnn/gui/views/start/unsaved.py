"""What is said of changes that were not saved when a window ended: whose they are, and from when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from visualnn.gui.views.start.recent import day

if TYPE_CHECKING:
    from visualnn.files.recovery import Entry

CRASHED, ENDED = "VisualNN closed unexpectedly.", "Unsaved changes are kept."


def headline(entries: tuple[Entry, ...]) -> str:
    """What happened, as far as is known."""
    return ENDED if all(entry.note.orderly for entry in entries) else CRASHED


def moment(when: float, now: datetime | None = None) -> str:
    """A time of today, or of another day, in words while it is near."""
    try:
        at = datetime.fromtimestamp(when)
    except (OSError, OverflowError, ValueError):
        return "an unknown time"
    said = day(at.date(), (now or datetime.now()).date())
    return f"{at:%H:%M}" if said == "today" else f"{said}, {at:%H:%M}"


def describe(entry: Entry, now: datetime | None = None) -> str:
    """From when the changes are."""
    return f"unsaved changes from {moment(entry.note.when, now)}"
