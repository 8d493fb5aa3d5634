"""Which controls find room on the stage, so that none touches another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from visualnn.gui.views.network.spots import ColumnSpot, Spots
from visualnn.gui.widgets.add_button import AddButton
from visualnn.gui.widgets.head_button import head_width
from visualnn.gui.widgets.hit_area import high
from visualnn.gui.widgets.stepper import stepper_width

BESIDE_STEPPER = 8  # px that must be left of a column's room
LEAST_GAP = 2  # px from control to control

Kind = Literal["head", "stepper", "gap"]


@dataclass(frozen=True, slots=True)
class Fitting:
    """The controls that find room, by their numbers, and with them their order for the Tab key."""

    heads: dict[int, bool]  # column: whether with a chevron
    steppers: frozenset[int]
    gaps: frozenset[int]
    order: tuple[tuple[Kind, int], ...]  # from left to right


def fit(spots: Spots, width: float) -> Fitting:
    """What can stand on a stage that is so wide; controls that would lie beside it are left out too."""
    heads = {spot.column: chevron for spot in spots.columns if (chevron := _head(spot, spots.scale, width)) is not None}
    taken: list[tuple[float, float]] = []
    steppers = frozenset(spot.column for spot in spots.columns if _stepper(spot, spots.scale, width, taken))
    side = high(AddButton, spots.scale)
    gaps = frozenset(gap.after for gap in spots.gaps if _take(gap.x, side, width, taken))
    places: list[tuple[float, Kind, int]] = [(spot.x, "head", spot.column) for spot in spots.columns]
    places += [(spot.x, "stepper", spot.column) for spot in spots.columns]
    places += [(gap.x, "gap", gap.after) for gap in spots.gaps]
    shown = {"head": heads, "stepper": steppers, "gap": gaps}
    order = tuple((kind, number) for _, kind, number in sorted(places, key=_x) if number in shown[kind])
    return Fitting(heads, steppers, gaps, order)


def _x(place: tuple[float, Kind, int]) -> float:
    return place[0]


def _head(spot: ColumnSpot, scale: float, width: float) -> bool | None:
    """Whether a head has room for a chevron; None if not even for its label."""
    if not spot.has_head:
        return None
    for chevron in (True, False):
        needed = head_width(spot.label, chevron, scale)
        if needed <= spot.room and _inside(spot.x, needed, width):
            return chevron
    return None


def _stepper(spot: ColumnSpot, scale: float, width: float, taken: list[tuple[float, float]]) -> bool:
    needed = stepper_width(spot.units, scale)
    return spot.kind == "hidden" and needed + BESIDE_STEPPER <= spot.room and _take(spot.x, needed, width, taken)


def _take(x: float, needed: float, width: float, taken: list[tuple[float, float]]) -> bool:
    """Takes the room around x, unless somebody has taken it."""
    left, right = x - needed / 2 - LEAST_GAP, x + needed / 2 + LEAST_GAP
    if not _inside(x, needed, width) or any(left < end and start < right for start, end in taken):
        return False
    taken.append((x - needed / 2, x + needed / 2))
    return True


def _inside(x: float, needed: float, width: float) -> bool:
    return x + needed / 2 > 0 and x - needed / 2 < width
