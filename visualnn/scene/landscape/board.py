"""What marks are drawn on: a map, and small plates with words, which lie neither on each other nor on a ball."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

from visualnn.scene.frame import Box, Item, Text
from visualnn.scene.landscape.plates import INK
from visualnn.scene.landscape.plot import Plot
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.look import RGB, Look, text_width

SIZE, HIGH, PAD = 12.0, 22.0, 9.0
SMALL, LOW = 11.0, 18.0
TIGHT = 0.92  # of the width that is reckoned for words, which are narrower than numbers
EDGE = 4.0  # px to the edges of the map
CLOSE = 12.0  # px from an arrow to its name

Area = tuple[float, float, float, float]  # middle x and y, width and height


@dataclass(frozen=True, eq=False, slots=True)
class Board:
    """A map, and what is written on it already."""

    relief: Relief
    plot: Plot
    look: Look
    plates: Plates


class Plates:
    """Finds places for them, the most important ones first. What is in the way is told of before."""

    def __init__(self, plot: Plot, look: Look) -> None:
        self._plot, self._look = plot, look  # they stay in the plot's rectangle
        self._taken: list[Area] = []

    def keep(self, x: float, y: float, side: float) -> None:
        """Nothing is to be written on this square."""
        self._taken.append((x, y, side, side))

    def beside(self, x: float, y: float, text: str, away: float, *, must: bool = False) -> Iterator[Item]:
        """Words above, below or beside a spot; none where there is no room, unless they `must` be read."""
        wide = text_width(text, SIZE) * TIGHT + 2 * PAD
        aside = away + wide / 2
        spots = [(x, y - away - HIGH / 2), (x, y + away + HIGH / 2), (x + aside, y), (x - aside, y)]
        area, is_free = self._place([(a, b, wide, HIGH) for a, b in spots])
        if not is_free and not must:
            return
        self._taken.append(area)
        yield Box(*area, HIGH / 2, self._look["panel"], self._look["line2"], 1.0)
        yield Text(area[0], area[1], text, SIZE, 600, self._look["text"])

    def tag(self, spots: Sequence[tuple[float, float]], text: str, color: RGB) -> Iterator[Item]:
        """What something is, around the first of some spots where there is room, in its colour on a dark pill."""
        wide = tag_width(text)
        area, is_free = self._place([(x, y, wide, LOW) for x, y in spots])
        if not is_free:
            return
        self._taken.append(area)
        yield Box(*area, LOW / 2, INK)
        yield Text(area[0], area[1], text, SMALL, 600, color)

    def name_arrow(self, shaft: Sequence[tuple[float, float]], text: str, color: RGB) -> Iterator[Item]:
        """What an arrow is: beyond its tip or beside its shaft, but not on it."""
        (x0, y0), (x, y) = shaft[0], shaft[-1]
        length = hypot(x - x0, y - y0)
        if not length > 0:
            return
        for a, b in shaft:
            self.keep(a, b, 8)
        dx, dy, half = (x - x0) / length, (y - y0) / length, tag_width(text) / 2
        ways = [(dx, dy), (-dy, dx), (dy, -dx)]
        far = [abs(a) * half + abs(b) * LOW / 2 + CLOSE for a, b in ways]
        spots = [(x + a * away, y + b * away) for (a, b), away in zip(ways, far, strict=True)]
        middle = (x0 + x) / 2, (y0 + y) / 2
        spots += [(middle[0] + a * away, middle[1] + b * away) for (a, b), away in zip(ways[1:], far[1:], strict=True)]
        yield from self.tag(spots, text, color)

    def _place(self, areas: Sequence[Area]) -> tuple[Area, bool]:
        """The first of some areas on which nothing is, moved into the map, else the first; whether nothing is there."""
        inside = [self._inside(area) for area in areas]
        free = [area for area in inside if not any(touch(area, other) for other in self._taken)]
        return (free or inside)[0], bool(free)

    def _inside(self, area: Area) -> Area:
        """Moved into the map as far as it must be."""
        x, y, wide, high = area
        plot = self._plot
        left, right = plot.left + EDGE + wide / 2, plot.right - EDGE - wide / 2
        top, bottom = plot.top + EDGE + high / 2, plot.bottom - EDGE - high / 2
        return max(min(x, right), left), max(min(y, bottom), top), wide, high


def sheet(size: tuple[float, float], look: Look) -> Plates:
    """For the words on a whole picture."""
    return Plates(Plot(0.0, 0.0, *size, (0.0, 1.0, 0.0, 1.0)), look)


def tag_width(text: str) -> float:
    """How wide the pill around small words is."""
    return text_width(text, SMALL) * TIGHT + 12


def touch(one: Area, other: Area) -> bool:
    """Whether two areas overlap."""
    return abs(one[0] - other[0]) * 2 < one[2] + other[2] and abs(one[1] - other[1]) * 2 < one[3] + other[3]
