"""Columns of many small neurons: a bar, dots, a picture; their numbers stand in tags beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Vector
from visualnn.scene.drawing import Drawing, crossed, slope_text
from visualnn.scene.formula import number
from visualnn.scene.frame import Box, Dots, Item, Pixels, Place, Text
from visualnn.scene.layout import Column
from visualnn.scene.look import sign_role, text_width
from visualnn.scene.maps import shades

CROWDED_FORMS = ("bar", "dot", "image")  # the forms of columns whose neurons are too small for their numbers
TAG_HEIGHT = 22.0
RING = 2.0  # px of a ring around a dot
FADED = 0.55  # what is left of the colours while slopes are worked out
SHIFTS = (16, 8, 0)  # of red, green and blue
BEND = 0.7  # below 1: small values show their sign early
MOST_BLAMED = 256  # rings in a column


@dataclass(frozen=True)
class CrowdDrawing(Drawing):
    """Draws columns of many small neurons as a whole."""

    def column(self, column: Column) -> list[Item]:
        """A crowded column's neurons."""
        if column.form == "bar":
            return self._bar(column)
        return self._dots(column) if column.form == "dot" else self._image(column)

    def _shades(self, values: Vector) -> NDArray[np.uint32]:
        """Colours by sign and size, against the largest of a column; what is not known yet has the ground's."""
        top = float(np.nanmax(np.abs(values), initial=0.0)) if np.isfinite(values).any() else 0.0
        share = np.nan_to_num(values / top if top > 0 else values * 0.0)
        palette = shades(self.look, 0.95)
        place = np.rint((np.sign(share) * np.abs(share) ** BEND + 1) * ((palette.size - 1) / 2))
        return np.where(np.isnan(values), 0xFF000000 | self.look["raised"], palette[place.astype(np.intp)])

    def _slopes(self, column: Column) -> Vector | None:
        """On the way back the slopes of a column's sums, NaN where they are not known yet."""
        known = self.picture.reckoning
        return (
            None if known is None or not known.goes_back or not column.index else known.slopes_of_sums(column.index - 1)
        )

    def _faded(self, colors: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """As far towards the ground as everything that is not at work."""
        channels = [self.look["canvas"] >> shift & 255 for shift in SHIFTS]
        kept = [
            (colors >> shift & 255) * FADED + ground * (1 - FADED)
            for shift, ground in zip(SHIFTS, channels, strict=True)
        ]
        r, g, b = (np.rint(channel).astype(np.uint32) for channel in kept)
        return np.asarray(0xFF000000 | r << 16 | g << 8 | b, dtype=np.uint32)

    def _dots(self, column: Column) -> list[Item]:
        """Filled by what they pass on; on the way back that fades, and a ring says the sign of the slope."""
        seen = slice(column.visible.start, column.visible.stop)
        values, slopes = self.picture.passed(column.index), self._slopes(column)
        fill, edge = self._shades(values), self._edges(values, 0.7)
        rings: list[Item] = []
        if slopes is not None:
            fill, edge = self._faded(fill), self._faded(edge)
            rings = self._rings(column, slopes)
        dots = Dots(column.x, column.ys[seen], column.radius, _opaque(fill[seen]), _opaque(edge[seen]))
        return [*rings, dots, *self._marks(column)]

    def _edges(self, values: Vector, amount: float) -> NDArray[np.uint32]:
        """The sign's colour, mixed with that of lines."""
        look = self.look
        edge = np.where(np.isnan(values), look["line3"], look["line2"])
        edge = np.where(np.nan_to_num(values) > 0, look.mix("line2", "pos", amount), edge)
        return np.where(np.nan_to_num(values) < 0, look.mix("line2", "neg", amount), edge).astype(np.uint32)

    def _rings(self, column: Column, slopes: Vector) -> list[Item]:
        """Discs a little larger than the dots whose slopes are known: with these on top, rings are left of them."""
        known = np.array([n for n in column.visible if slopes[n] == slopes[n]], dtype=np.intp)
        if not known.size:
            return []
        color = self._edges(slopes, 1.0)[known]
        radius = column.radius + min(RING * self.layout.scale, max(1.0, column.pitch / 2 - column.radius))
        return [Dots(column.x, column.ys[known], radius, color, color)]

    def _bar(self, column: Column) -> list[Item]:
        """What its neurons pass on; on the way back that fades, and beside it stand their slopes."""
        seen = slice(column.visible.start, column.visible.stop)
        colors, slopes = self._shades(self.picture.passed(column.index))[:, None], self._slopes(column)
        if slopes is not None:
            faded = self._faded(colors[:, 0])
            beside = np.where(np.isnan(slopes), faded, self._shades(slopes))
            colors = np.column_stack([faded, faded, beside])
        middle = (column.y_of(seen.start) + column.y_of(seen.stop - 1)) / 2 if len(column.visible) else 0.0
        high = len(column.visible) * column.pitch
        shown = np.ascontiguousarray(colors[seen], dtype=np.uint32)
        bar = Pixels(column.x, middle, 2 * column.half, high, shown, 0.0, self.look["line2"])
        return [bar, *self._marks(column)]

    def _image(self, column: Column) -> list[Item]:
        rows, across = column.units // column.across, column.across
        colors = self._shades(self.picture.passed(0)).reshape(rows, across).astype(np.uint32)
        wide, high = across * column.pitch, rows * column.pitch
        middle = column.top + (rows - 1) / 2 * column.pitch
        frame = Box(
            column.x, middle, wide + 12, high + 12, 10, self.look.mix("canvas", "panel", 0.6), self.look["line2"]
        )
        picture = Pixels(column.x, middle, wide, high, colors, cell=column.pitch)
        return [frame, picture, *self._marks(column)]

    def _marks(self, column: Column) -> list[Item]:
        """Crosses over small neurons that are switched off, rings around those at work, chosen or pointed at."""
        items: list[Item] = []
        for index, neuron in self.style.silent:
            if index == column.index and neuron in column.visible:
                reach = max(min(column.pitch, 2 * column.radius or column.pitch) / 2 * 0.8, 2.5)
                at = column.x_of(neuron), column.y_of(neuron)
                items += crossed(*at, reach, self.look["text"], 1.5 * self.layout.scale)
        marked = ((place, width) for place, width in self._marked() if place.column == column.index)
        items += [self._mark(column, neuron, 2.0, "bad") for neuron in self._blamed(column)]
        return items + [
            self._mark(column, place.neuron, width) for place, width in marked if place.neuron in column.visible
        ]

    def _blamed(self, column: Column) -> list[int]:
        """The neurons that an advice is about; of very many the first ones, so that the picture stays quick."""
        found = sorted(neuron for index, neuron in self.style.blamed if index == column.index)
        return [neuron for neuron in found if neuron in column.visible][:MOST_BLAMED]

    def _marked(self) -> list[tuple[Place, float]]:
        """Neurons to be ringed, with the width of the ring; of a weight at work both ends."""
        focus, chosen = self.picture.focus, ((self.style.selected, 2.0), (self.style.hovered, 1.5))
        found = [
            (place, width) for place, width in ((focus, 2.5), *chosen) if place is not None and place.kind != "weight"
        ]
        if focus is not None and focus.source is not None:
            found += [
                (Place("neuron", focus.column, focus.neuron), 2.5),
                (Place("neuron", focus.column - 1, focus.source), 2.0),
            ]
        return found

    def _mark(self, column: Column, neuron: int, width: float, role: str = "accent") -> Box:
        x, y, k = column.x_of(neuron), column.y_of(neuron), self.layout.scale
        high = max(column.pitch, 3.0) + 3 if column.form != "dot" else 2 * column.radius + 5
        wide = high if column.form != "bar" else 2 * column.half + 5
        radius = high / 2 if column.form == "dot" else 3.0
        return Box(x, y, wide, high, radius, None, self.look[role], width * k)

    def tag(self, place: Place) -> list[Item]:
        """The name and the number of a neuron that is too small for them."""
        column = self.layout.column(place.column)
        if column is None or place.neuron not in column.visible or column.form == "circle":
            return []
        if column.form == "tile" and place != self.style.hovered:
            return []
        look, k = self.look, self.layout.scale
        value = self._said(place)
        name, text = (
            self.names[place.column][place.neuron],
            "…" if np.isnan(value) else self._text(value, place),
        )
        wide = text_width(f"{name}  {text}", 12 * k) + 18 * k
        beside = column.x <= self.layout.width / 2 or (self.is_class(column) and self.layout.manner.shares)
        side = 1 if beside else -1
        x = column.x_of(place.neuron) + side * (
            (column.half if column.across == 1 else column.pitch / 2) + 10 * k + wide / 2
        )
        y = column.y_of(place.neuron)
        role = "text2" if np.isnan(value) else sign_role(value)
        return [
            Box(x, y, wide, TAG_HEIGHT * k, TAG_HEIGHT / 2 * k, look["panel"], look["line2"]),
            Text(x - wide / 2 + 9 * k, y, name, 12 * k, 600, look["text2"], "left"),
            Text(x + wide / 2 - 9 * k, y, text, 12 * k, 600, look[role], "right"),
        ]

    def _is_slope(self, place: Place) -> bool:
        known = self.picture.reckoning
        return known is not None and known.goes_back and place.column > 0

    def _text(self, value: float, place: Place) -> str:
        return slope_text(value, self.style.decimals) if self._is_slope(place) else number(value, self.style.decimals)

    def _said(self, place: Place) -> float:
        """What a neuron passes on, or on the way back its slope, as far as it is known, NaN before."""
        if self._is_slope(place):
            assert self.picture.reckoning is not None
            slope = self.picture.reckoning.slope_of_sum(place.column - 1, place.neuron)
            return float("nan") if slope is None else slope
        if place.column:
            a = self.picture.gate(place.column, place.neuron).a
            return float("nan") if a is None else a
        return float(self.picture.trace.x[place.neuron])


def _opaque(colors: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """0xffRRGGBB as 0xRRGGBB."""
    return np.asarray(colors & 0xFFFFFF, dtype=np.uint32)
