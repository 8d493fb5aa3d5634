"""Neurons: circles with their numbers, names and biases, and their activation blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Vector
from visualnn.scene.curves import activation_curve
from visualnn.scene.drawing import Drawing, Maps, crossed, underline
from visualnn.scene.formula import number
from visualnn.scene.frame import Box, Dots, Glow, Item, Line, Pixels, Place, Text
from visualnn.scene.layout import NUMBER_RADIUS, SHARES, Column, fits
from visualnn.scene.look import RGB, sign_role, text_width
from visualnn.scene.maps import shades
from visualnn.scene.playback import GateState, NeuronState

TAG_HEIGHT = 22.0
BEND = 0.7  # below 1: small values show their sign early
GLOW_REACH = 26.0
CROWD = 6  # neurons before a column from which there is no room for a name beside its own
LEAST_SHARE = 0.005  # of the classes: below that a bar is empty


@dataclass(frozen=True)
class NeuronDrawing(Drawing):
    """Draws what stands in the columns."""

    def items(self) -> list[Item]:
        """All columns, as far as they stand still."""
        return [item for column in self.layout.columns for item in self.column(column)]

    def moving(self) -> list[Item]:
        """The neuron or block at work, and the tags of neurons too small for their numbers."""
        items: list[Item] = []
        focus = self.picture.focus
        if focus is not None and focus.kind != "weight":
            items += self._at_work(focus)
        for place in dict.fromkeys((self.style.selected, focus, self.style.hovered)):
            if place is not None and place.kind in ("neuron", "gate", "bias"):
                items += self._tag(place)
        return items

    def column(self, column: Column) -> list[Item]:
        """A column's neurons, their names, biases and activation blocks."""
        if column.form == "bar":
            return self._bar(column)
        if column.form == "dot":
            return self._dots(column)
        if column.form == "image":
            return self._image(column)
        items: list[Item] = []
        focus = self.picture.focus
        working = (
            focus.neuron if focus is not None and focus.column == column.index and focus.kind != "weight" else None
        )
        for neuron in column.visible:
            if neuron == working:
                continue  # it moves
            if column.form == "tile" and self.maps is not None:
                items += self._tile(column, neuron, self.maps)
            else:
                items += self._neuron(column, neuron, self.picture.neuron(column.index, neuron))
            if column.gate_x is not None:
                items += self._gate(column, neuron, self.picture.gate(column.index, neuron))
        if self._is_class(column):
            items += self._shares(column)
        return items

    def _at_work(self, focus: Place) -> list[Item]:
        column = self.layout.column(focus.column)
        if column is None or focus.neuron not in column.visible or column.form in ("bar", "dot", "image"):
            return []
        items = self._neuron(column, focus.neuron, self.picture.neuron(column.index, focus.neuron))
        if column.gate_x is not None:
            items += self._gate(column, focus.neuron, self.picture.gate(column.index, focus.neuron))
        return items

    # -- many neurons --------------------------------------------------------------------------------------------

    def _shades(self, values: Vector) -> NDArray[np.uint32]:
        """Colours by sign and size, against the largest of a column; what is not known yet has the ground's."""
        top = float(np.nanmax(np.abs(values), initial=0.0)) if np.isfinite(values).any() else 0.0
        share = np.nan_to_num(values / top if top > 0 else values * 0.0)
        palette = shades(self.look, 0.95)
        place = np.rint((np.sign(share) * np.abs(share) ** BEND + 1) * ((palette.size - 1) / 2))
        return np.where(np.isnan(values), 0xFF000000 | self.look["raised"], palette[place.astype(np.intp)])

    def _dots(self, column: Column) -> list[Item]:
        seen = slice(column.visible.start, column.visible.stop)
        values = self.picture.passed(column.index)
        fill = self._shades(values)[seen] & 0xFFFFFF
        edge = np.where(np.isnan(values[seen]), self.look["line3"], self.look["line2"]).astype(np.uint32)
        value = np.nan_to_num(values[seen])
        edge = np.where(value > 0, self.look.mix("line2", "pos", 0.7), edge)
        edge = np.where(value < 0, self.look.mix("line2", "neg", 0.7), edge).astype(np.uint32)
        items: list[Item] = [Dots(column.x, column.ys[seen], column.radius, fill.astype(np.uint32), edge)]
        return items + self._marks(column)

    def _bar(self, column: Column) -> list[Item]:
        seen = column.visible
        colors = self._shades(self.picture.passed(column.index))[seen.start : seen.stop]
        middle = (column.y_of(seen.start) + column.y_of(seen.stop - 1)) / 2 if len(seen) else 0.0
        high = len(seen) * column.pitch
        bar = Pixels(
            column.x, middle, 2 * column.half, high, colors[:, None].astype(np.uint32), 0.0, self.look["line2"]
        )
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
        """Rings around the small neurons that are at work, chosen or pointed at."""
        items: list[Item] = []
        for place, width in ((self.picture.focus, 2.5), (self.style.selected, 2.0), (self.style.hovered, 1.5)):
            if (
                place is not None
                and place.column == column.index
                and place.kind != "weight"
                and place.neuron in column.visible
            ):
                x, y, k = column.x_of(place.neuron), column.y_of(place.neuron), self.layout.scale
                high = max(column.pitch, 3.0) + 3 if column.form != "dot" else 2 * column.radius + 5
                wide = high if column.form != "bar" else 2 * column.half + 5
                radius = high / 2 if column.form == "dot" else 3.0
                items.append(Box(x, y, wide, high, radius, None, self.look["accent"], width * k))
        return items

    def _tag(self, place: Place) -> list[Item]:
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
            "…" if np.isnan(value) else number(value, self.style.decimals),
        )
        wide = text_width(f"{name}  {text}", 12 * k) + 18 * k
        beside = column.x <= self.layout.width / 2 or (self._is_class(column) and self.layout.manner.shares)
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

    def _said(self, place: Place) -> float:
        """What a neuron passes on as far as it is known, NaN before."""
        if place.column:
            a = self.picture.gate(place.column, place.neuron).a
            return float("nan") if a is None else a
        return float(self.picture.trace.x[place.neuron])

    # -- tiles and classes ---------------------------------------------------------------------------------------

    def _tile(self, column: Column, neuron: int, maps: Maps) -> list[Item]:
        look, k, y = self.look, self.layout.scale, column.y_of(neuron)
        place = Place("neuron", column.index, neuron)
        marked, hovered = place == self.style.selected, place == self.style.hovered
        colors = maps[self._number_of(column.index, neuron)]
        edge = look["accent"] if marked else look["text2"] if hovered else look["line2"]
        size = 2 * column.radius
        silent = (column.index, neuron) in self.style.silent
        width = (2.5 if marked else 2.0 if hovered else 1.5) * k
        items: list[Item] = [Pixels(column.x, y, size, size, colors, min(8 * k, size / 4), edge, width, smooth=True)]
        if silent:
            items += self._cross(column.x, y, size / 2)
        if column.index == 0 and column.radius >= NUMBER_RADIUS * k:
            name = self.names[0][neuron]
            items.append(Text(column.x - column.radius - 12 * k, y, name, 16 * k, 600, look["text2"], "right"))
        return items

    def _number_of(self, column: int, neuron: int) -> int:
        """Where a neuron stands among all."""
        return sum(self.layout.network.sizes[:column]) + neuron

    def _shares(self, column: Column) -> list[Item]:
        """The outputs of a classifier as bars."""
        if not self.layout.manner.shares:
            return []
        look, k, items = self.look, self.layout.scale, []
        left, wide = column.exit_x + 14 * k, (SHARES - 24) * k
        for neuron, share in enumerate(self.picture.passed(column.index).tolist()):
            if neuron in column.visible:
                y = column.y_of(neuron)
                items.append(Box(left + wide / 2, y, wide, 6 * k, 3 * k, look["raised"]))
                filled = min(max(share, 0.0), 1.0) * wide if share == share else 0.0
                if share >= LEAST_SHARE:
                    filled = max(filled, 6 * k)
                    items.append(Box(left + filled / 2, y, filled, 6 * k, 3 * k, look["pos"]))
        return list(items)

    def _cross(self, x: float, y: float, reach: float) -> list[Line]:
        return crossed(x, y, reach * 0.7, self.look["line3"], 2 * self.layout.scale)

    # -- one neuron ----------------------------------------------------------------------------------------------

    def _neuron(self, column: Column, neuron: int, state: NeuronState) -> list[Item]:
        look, k, r, x = self.look, self.layout.scale, column.radius, column.x
        y, place = column.y_of(neuron), Place("neuron", column.index, neuron)
        focus = state.state == "now" or (self.picture.focus == place)
        marked = place == self.style.selected
        items: list[Item] = []
        if focus:
            items.append(Glow(x, y, 2 * r, 2 * r, r, GLOW_REACH * k * min(1.0, r / 30), look["accent"]))
        if self._is_class(column):
            items += self._class(column, neuron, focus or marked)
        elif state.value is None:
            edge = look["accent"] if focus or marked else look["line3"]
            fill = look.mix("canvas", "raised", 0.7)
            items.append(Box(x, y, 2 * r, 2 * r, r, fill, edge, (2.5 if focus or marked else 1.5) * k))
            items.append(Box(x, y, 4.4 * k, 4.4 * k, 2.2 * k, look["text3"]))
        else:
            items += self._filled(place, column, y, state.value, focus or marked)
        if (column.index, neuron) in self.style.silent:
            items += self._cross(x, y, r)
        if r >= 18 * k:
            items += self._names(column, neuron, y)
        return items

    def _filled(self, place: Place, column: Column, y: float, v: float, marked: bool) -> list[Item]:
        look, k, r, x = self.look, self.layout.scale, column.radius, column.x
        role = sign_role(v)
        dead = (place.column, place.neuron) in self.style.dead | self.style.silent
        edge = look["accent"] if marked else look["zero"] if dead else look[role]
        width = (2.5 if marked else 2.0 + (place == self.style.hovered)) * k
        box = Box(x, y, 2 * r, 2 * r, r, look[role + "fill"], edge, width if r > 8 * k else 1.0, dead)
        items: list[Item] = [box]
        text, size = number(v, self.style.decimals), (20 if r > 38 * k else 18) * k
        while size > 9 * k and not fits(text, size, r):
            size -= k
        if r >= 13 * k and fits(text, size, r + 3 * k):
            items.append(Text(x, y, text, size, 600, look["text"]))
        if place.column == 0 and self.style.editable and r > 30 * k:
            strong = place == self.style.hovered
            items.append(underline(x, y + 14 * k, 17 * k, look["text" if strong else "text2"]))
        return items

    def _is_class(self, column: Column) -> bool:
        return bool(self.style.classes) and column.index == len(self.layout.network.sizes) - 1

    def _class(self, column: Column, neuron: int, marked: bool) -> list[Item]:
        """An output that stands for a class; the one the network says is lit."""
        look, k, r, x, y = self.look, self.layout.scale, column.radius, column.x, column.y_of(neuron)
        values = self.picture.passed(column.index)
        best = bool(np.isfinite(values).all()) and int(np.argmax(values)) == neuron
        edge = look["accent"] if best or marked else look["line2"]
        items: list[Item] = [Glow(x, y, 2 * r, 2 * r, r, 18 * k, look["accent"])] if best else []
        items.append(
            Box(x, y, 2 * r, 2 * r, r, look["posfill" if best else "raised"], edge, (2.5 if best else 1.5) * k)
        )
        text = self.style.classes[neuron]
        if fits(text, 11 * k, r):
            size = next(size for size in (16, 14, 12, 11) if fits(text, size * k, r)) * k
            items.append(Text(x, y, text, size, 600, look["text" if best else "text2"]))
        return items

    def _names(self, column: Column, neuron: int, y: float) -> list[Item]:
        look, k, r, x = self.look, self.layout.scale, column.radius, column.x
        name, size = self.names[column.index][neuron], (16 if r > 26 * k else 13) * k
        if self._is_class(column):
            return []
        if column.index == 0:
            items: list[Item] = [Text(x - r - 10 * k, y, name, size, 600, look["text2"], "right")]
            return items
        crowd = self.layout.column(column.index - 1)
        crowded = crowd is None or len(crowd.visible) > CROWD
        long = len(name) > 2
        if (crowded or long) and len(column.visible) > 1 and column.pitch < 2 * r + 52 * k:
            return []  # the connections would run through it
        if crowded or long:
            items = [Text(x, y - r - 13 * k, name, size, 600, look["text2"])]
        else:
            items = [Text(x - r * 0.82 - 2 * k, y - r * 0.82 - 4 * k, name, size, 600, look["text2"], "right")]
        if self.style.biases and self.layout.is_biased(column):
            items += self._bias(column.index, neuron, x, y + r + 15 * k)
        return items

    def _bias(self, index: int, neuron: int, x: float, y: float) -> list[Item]:
        look, k = self.look, self.layout.scale
        b = float(self.picture.parameters(index - 1).b[neuron])
        place = Place("bias", index, neuron)
        text = f"bias {number(b, self.style.decimals)}"
        color = look["accent"] if place in (self.style.selected, self.picture.focus) else look["text3"]
        if color == look["text3"] and abs(b) >= 0.005:
            color = look[sign_role(b)]
        items: list[Item] = [Text(x, y, text, 12 * k, 500, color)]
        if place == self.style.hovered and self.style.editable:
            items.append(underline(x, y + 9 * k, text_width(text, 12 * k) / 2, color))
        return items

    def _gate(self, column: Column, neuron: int, state: GateState) -> list[Item]:
        look, k, size = self.look, self.layout.scale, column.gate_size
        index, y = column.index, column.y_of(neuron)
        x = column.gate_x or 0.0
        place = Place("gate", index, neuron)
        now = state.state == "now" or self.picture.focus == place
        off = self.closed(index, state)
        marked = now or place == self.style.selected
        quiet = state.state == "todo" or (off and not now)
        edge = look["accent"] if marked else look["line3"] if quiet else look.mix("panel", "act", 0.75)
        items: list[Item] = []
        if now:
            items.append(Glow(x, y, size, size, 12 * k, 22 * k, look["accent"]))
        items.append(Box(x, y, size, size, 12 * k, look["panel"], edge, (2.5 if marked else 1.5) * k))
        if self.maps is None:
            items += self._curve(index, x, y, size, state, look["text3"] if quiet else look["act"])
        else:
            colors = self.maps[self._number_of(index, neuron)]
            items.append(Pixels(x, y, size, size, colors, 12 * k, edge, (2.5 if marked else 1.5) * k, smooth=True))
        if state.a is not None and state.state != "todo":
            role = "text" if now else sign_role(state.a)
            items.append(Text(x, y + size / 2 + 16 * k, number(state.a, self.style.decimals), 15 * k, 600, look[role]))
        return items

    def _curve(self, index: int, x: float, y: float, size: float, state: GateState, color: RGB) -> list[Item]:
        look, k = self.look, self.layout.scale
        curve = activation_curve(self.picture.trace.network.activations[index - 1])
        half = size / 2 - 8 * k

        def spot(u: float, v: float) -> tuple[float, float]:
            return x + u * half, y - v * half

        zero = curve.zero_y
        items: list[Item] = [
            Line((spot(-1, zero), spot(1, zero)), look["line2"], 1.0),
            Line((spot(0, -1), spot(0, 1)), look["line2"], 1.0),
            Line(tuple(spot(u, v) for u, v in curve.points), color, 2.4 * k),
        ]
        if state.z is not None and state.a is not None:
            px, py = spot(*curve.at(state.z, state.a - state.added))
            items.append(Box(px, py, 8.8 * k, 8.8 * k, 4.4 * k, look["dot"], look["panel"], 1.5 * k))
        return items
