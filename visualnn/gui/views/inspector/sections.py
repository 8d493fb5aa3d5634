"""What of an inspection stands below what, how high each is, and how close, so that there is room for the code below.

A section gets the middle of its first row and ends where the middle of the next section's first row may be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from visualnn.gui.views.inspector.cards import Deck
from visualnn.gui.views.inspector.rows import ACTIVATION_HEIGHT, TOTAL_HEIGHT, Pitches, Rows
from visualnn.scene.findings import Inspection

TOP = 78  # the middle of the first row
FIELD_HEIGHT, CURVE_HEIGHT, FOOT = 40, 118, 6
HIGHEST, HIGHEST_LOW = 570, 470  # px; what is higher is written closer
NOTE_HEIGHT, HEADING_HEIGHT = 38, 24


@dataclass(frozen=True, slots=True)
class Density:
    """How close everything stands."""

    pitches: Pitches
    deck: Deck
    bar: float
    verdict: float
    outlook: float
    curve: bool = False
    few: bool = False  # bars

    def across(self, room: float) -> Density:
        """The same in a panel that has so much room from the left to the right."""
        return replace(self, pitches=replace(self.pitches, room=room))


ROOMY = Density(Pitches(), Deck(47, 6), 12, 64, 58, curve=True)
PLAIN = Density(Pitches(), Deck(47, 6), 12, 64, 58)
CLOSE = Density(Pitches(25, 41, 16), Deck(42, 5), 11, 56, 52)
CLOSEST = Density(Pitches(22, 36, 15), Deck(39, 4), 11, 50, 50)
LOW = Density(Pitches(25, 41, 16), Deck(40, 4), 11, 54, 52, few=True)
LOWEST = Density(Pitches(22, 36, 15), Deck(38, 4), 11, 50, 48, few=True)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the Inspector."""

    height: float
    paint: Callable[[Rows, float], None]


def density_for(shown: Inspection, *, low: bool, field: bool, room: float) -> Density:
    """The roomiest one that fits, the closest if none does; `room` is from the left to the right."""
    limit = HIGHEST_LOW if low else HIGHEST
    options = [one.across(room) for one in ((PLAIN, LOW, LOWEST) if low else (ROOMY, PLAIN, CLOSE, CLOSEST))]
    if shown.bars and low:
        options = options[1:]
    return next((one for one in options if full_height(shown, one, field=field) <= limit), options[-1])


def full_height(shown: Inspection, density: Density, *, field: bool) -> float:
    """How high an inspection is with everything."""
    curve = CURVE_HEIGHT + 14 if shown.activation is not None and density.curve else 0
    sections_height = sum(section.height for section in sections(shown, density))
    return TOP + sections_height + (FIELD_HEIGHT if field else 0) + curve + FOOT


def sections(shown: Inspection, density: Density) -> list[Section]:
    """From top to bottom; without the field and the curve."""
    made = [*_terms(shown, density), *_results(shown, density)]
    if shown.outlook is not None:
        outlook = shown.outlook
        made.append(Section(density.outlook, lambda rows, y: rows.paint_outlook(outlook, y)))
    return made


def _terms(shown: Inspection, density: Density) -> list[Section]:
    """What is added or multiplied."""
    made, pitches = list[Section](), density.pitches
    if shown.links:
        height = HEADING_HEIGHT + density.deck.reach(shown.links)
        made.append(Section(height, lambda rows, y: rows.paint_chain(shown.heading, shown.links, y, density.deck)))
    if shown.bars:
        bars = shown.bars[-1 if density.few else 0]
        made.append(Section(bars.slots * density.bar, lambda rows, y: rows.paint_bars(bars, y, density.bar)))
        made.append(Section(NOTE_HEIGHT if bars.note else 8, lambda rows, y: rows.paint_note(bars, y)))
    if shown.rows:
        height = pitches.reach(shown.rows)
        made.append(Section(height, lambda rows, y: rows.paint_table(shown.rows, y, pitches)))
    return made


def _results(shown: Inspection, density: Density) -> list[Section]:
    """What comes of that."""
    made, pitches = list[Section](), density.pitches
    total, activation, shortcut = shown.total, shown.activation, shown.shortcut
    if total is not None and shown.links:
        made.append(Section(density.verdict, lambda rows, y: rows.paint_verdict(total, y)))
    elif total is not None:
        made.append(Section(TOTAL_HEIGHT, lambda rows, y: rows.paint_total(total, y)))
    if activation is not None:
        made.append(Section(ACTIVATION_HEIGHT, lambda rows, y: rows.paint_activation(activation, y)))
    if shortcut is not None:
        made.append(Section(pitches.row, lambda rows, y: rows.paint_table((shortcut,), y, pitches)))
    if shown.after:
        height = pitches.reach(shown.after)
        made.append(Section(height, lambda rows, y: rows.paint_table(shown.after, y, pitches)))
    return made
