"""Where the numbers stand: on their connections, those of the two chosen weights in any case.

A gap has all its numbers or only the chosen ones. A chosen one that has no room on its connection stands above or below
it, on a line that leads there; a chosen bias stands below its neuron.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from visualnn.scene.clearance import Clearance, Rectangle, around, meet
from visualnn.scene.formula import number
from visualnn.scene.frame import Place
from visualnn.scene.landscape.portrait.columns import COUNT, FOLDS, HEAD, Arrangement, Column
from visualnn.scene.landscape.portrait.sitter import Sitter, index_of
from visualnn.scene.landscape.portrait.stations import Spot, free_places
from visualnn.scene.look import text_width
from visualnn.scene.pills import bezier

MOST_WRITTEN = 9  # connections of a gap up to which all of them may have their numbers
STATIONS = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)  # along a connection, for a chosen number, best first
FREE = 2.0, 3.0  # px between two numbers, across and down
BELOW = 4.0  # px from a neuron to its bias
GRAIN = 5.0  # px from one place that is tried to the next
FOLD_HIGH = 44.0
EDGE_X = 4.0  # px that numbers keep from the sides


@dataclass(frozen=True, slots=True)
class Lettering:
    """How large numbers are."""

    size: float
    high: float
    padding: float

    def wide(self, decimals: int) -> float:
        """Room for a number below 10 and its sign."""
        return text_width(number(-8.888888888, decimals), self.size) + self.padding


LARGE, MIDDLE, SMALL = Lettering(13.0, 22.0, 11.0), Lettering(12.0, 20.0, 11.0), Lettering(11.0, 18.0, 8.0)


@dataclass(frozen=True, slots=True)
class Pill:
    """Room for a number around (x, y); `leader`: the line to what it belongs to, where it does not stand there."""

    x: float
    y: float
    wide: float
    lettering: Lettering
    leader: tuple[tuple[float, float], ...] = ()

    @property
    def outline(self) -> Rectangle:
        """The room that it takes."""
        return around(self.x, self.y, self.wide, self.lettering.high)


@dataclass(frozen=True, slots=True, eq=False)
class Writing:
    """Numbers by their places in the flat vector; gaps that have all of theirs, and that could; chosen ones without."""

    pills: dict[int, Pill]
    written: int
    could: int
    missing: tuple[Place, ...]


def fitting(value: float, decimals: int, lettering: Lettering, wide: float) -> str:
    """A number with as many decimals as there is room for: 0.63, −12.3, 1.2e7."""
    if value != value:
        return "NaN"
    room = wide - lettering.padding + 0.5
    for fewer in range(decimals, -1, -1):
        text = number(value, fewer)
        if text_width(text, lettering.size) <= room:
            return text
    text = _power(value, 1)
    return text if text_width(text, lettering.size) <= room else _power(value, 0)


def _power(value: float, digits: int) -> str:
    mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
    return f"{mantissa}e{int(exponent or 0)}".replace("-", "−")


def writing(made: Arrangement, sitter: Sitter, lettering: Lettering) -> Writing:
    """Places for as many numbers as there is room for where they belong."""
    wide = lettering.wide(sitter.decimals)
    bodies, written, could = occupied(made), 0, 0
    pills: dict[int, Pill] = {}
    for layer, left, right in made.gaps:
        working = np.flatnonzero(sitter.working(layer)).tolist() if left.units * right.units <= 2 * MOST_WRITTEN else []
        if not 0 < len(working) <= MOST_WRITTEN:
            continue
        could += 1
        spots = _resting(left, right, working, (wide, lettering))
        found = {sitter.network.offsets[layer][0] + flat: Pill(*at, wide, lettering) for flat, at in spots.items()}
        if found and not meet((pill.outline for pill in found.values()), bodies):
            pills |= found
            written += 1
    missing = []
    for wanted in sorted(sitter.chosen, key=lambda place: place.kind, reverse=True):  # biases have other places, too
        index = index_of(sitter.network, wanted)
        pill = pills.get(index) or spot(made, wanted, pills, (wide, lettering))
        if pill is None:
            missing.append(wanted)
        else:
            pills[index] = pill
    return Writing(pills, written, could, tuple(missing))


def led(made: Arrangement, sitter: Sitter, found: Writing, lettering: Lettering) -> Writing:
    """With the missing ones somewhere else, on lines that lead to what they belong to."""
    pills, missing, wide = dict(found.pills), [], lettering.wide(sitter.decimals)
    for wanted in found.missing:
        pill = _led(made, wanted, pills, (wide, lettering))
        if pill is None:
            missing.append(wanted)
        else:
            pills[index_of(sitter.network, wanted)] = pill
    return Writing(pills, found.written, found.could, tuple(missing))


def _resting(left: Column, right: Column, working: list[int], shape: tuple[float, Lettering]) -> dict[int, Spot]:
    """Places for all numbers of a gap, or none; not even looked for where they could not have room."""
    wide, high = shape[0] + FREE[0], shape[1].high + FREE[1]
    links = [divmod(flat, right.units) for flat in working]
    rises = [(left.y_of(source), right.y_of(neuron)) for source, neuron in links]
    ys = [y for rise in rises for y in rise]
    across = int((right.entry_x - left.exit_x) / wide)
    if len(rises) * high > across * (max(ys) - min(ys) + high):
        return {}
    return dict(zip(working, free_places((left.exit_x, right.entry_x), rises, wide, high), strict=False))


def occupied(made: Arrangement) -> list[Rectangle]:
    """What neurons and folds take, and what stands above and below crowds of them."""
    found: list[Rectangle] = []
    for column in made.columns:
        if column.drawn:
            found += [around(column.x, y, 2 * column.half, 2 * column.half) for y in column.ys.tolist()]
            continue
        top, bottom = column.reach
        found.append((column.x - column.half, top, column.x + column.half, bottom))
        found.append((column.x - HEAD / 2, top - HEAD, column.x + HEAD / 2, top))
        found.append((column.x - HEAD / 2, bottom, column.x + HEAD / 2, bottom + COUNT))
    return found + [around(fold.x, fold.y, FOLDS[not fold.worded], FOLD_HIGH) for fold in made.folds]


# -- the chosen ones ---------------------------------------------------------------------------------------------------


def spot(made: Arrangement, wanted: Place, pills: dict[int, Pill], shape: tuple[float, Lettering]) -> Pill | None:
    """A free place for one number where it belongs; None where there is none."""
    wide, lettering = shape
    at = _clear(made, pills).first(_near(made, wanted, wide, lettering.high), wide, lettering.high)
    return None if at is None else Pill(*at, wide, lettering)


def _led(made: Arrangement, wanted: Place, pills: dict[int, Pill], shape: tuple[float, Lettering]) -> Pill | None:
    """A free place above or below; None where there is none, or what it belongs to is folded away."""
    wide, lettering = shape
    anchor = _anchor(made, wanted)
    if anchor is None:
        return None
    x, y = anchor[-1]
    at = _clear(made, pills).first(_along(made, (x, y), wide, lettering.high), wide, lettering.high)
    if at is None:
        return None
    edge = at[1] + (lettering.high / 2 if at[1] < y else -lettering.high / 2)
    return Pill(*at, wide, lettering, (*anchor, (x, edge)))


def _clear(made: Arrangement, pills: dict[int, Pill]) -> Clearance:
    """Where there is nothing yet."""
    area = (EDGE_X, made.top, made.width - EDGE_X, made.bottom)
    return Clearance(area, [*occupied(made), *(pill.outline for pill in pills.values())])


def _near(made: Arrangement, wanted: Place, wide: float, high: float) -> list[tuple[float, float]]:
    """Where a number stands without a line: on its connection, inside the gap; below its neuron."""
    right, left = made.column(wanted.column), made.column(wanted.column - 1)
    if right is None or left is None:
        return []
    if wanted.source is not None:
        ends = left.exit_x, left.y_of(wanted.source), right.entry_x, right.y_of(wanted.neuron)
        inside = wide / 2 + FREE[0] / 2
        points = bezier(ends, np.array(STATIONS)).tolist()
        return [(x, y) for x, y in points if ends[0] + inside <= x <= ends[2] - inside]
    y, away = right.y_of(wanted.neuron), right.half + BELOW + wide / 2
    if right.drawn:
        down = right.half + BELOW + high / 2
        return [(right.x, y + down), (right.x, y - down)]
    return [(right.x + away, y), (right.x - away, y)]


def _anchor(made: Arrangement, wanted: Place) -> tuple[tuple[float, float], ...] | None:
    """Where the line to a number begins: on its connection, or at the side of its neuron; it goes on up or down."""
    right, left = made.column(wanted.column), made.column(wanted.column - 1)
    if right is None or left is None:
        return None
    if wanted.source is not None:
        ends = left.exit_x, left.y_of(wanted.source), right.entry_x, right.y_of(wanted.neuron)
        ((x, y),) = bezier(ends, np.array([0.5])).tolist()
        return ((x, y),)
    y = right.y_of(wanted.neuron)
    return (right.entry_x, y), (right.entry_x - made.space / 2, y)


def _along(made: Arrangement, anchor: tuple[float, float], wide: float, high: float) -> Iterator[tuple[float, float]]:
    """Places above and below an anchor that a line straight up or down from it reaches, the nearest first."""
    x, y = anchor
    lowest, highest = made.top + high / 2, made.bottom - high / 2
    ys = sorted([*np.arange(lowest, highest + 0.5, GRAIN).tolist(), highest], key=lambda each: abs(each - y))
    left, right = EDGE_X + wide / 2, made.width - EDGE_X - wide / 2
    asides = sorted(
        {min(max(x + share * wide, left), right) for share in (0, 0.2, -0.2, 0.4, -0.4)}, key=lambda at: abs(at - x)
    )
    for down in ys:
        if abs(down - y) > high / 2 + 2:
            yield from ((aside, down) for aside in asides if abs(aside - x) < wide / 2)
