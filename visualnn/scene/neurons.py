"""Neurons: circles with their numbers, names and biases, and their activation blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.scene.crowds import CROWDED_FORMS, CrowdDrawing
from visualnn.scene.curves import activation_curve
from visualnn.scene.drawing import Drawing, Maps, crossed, underline
from visualnn.scene.formula import number
from visualnn.scene.frame import Box, Glow, Item, Line, Pixels, Place, Text
from visualnn.scene.layout import NUMBER_RADIUS, SHARES, Column, fits
from visualnn.scene.look import RGB, sign_role, text_width
from visualnn.scene.moment import GateState, NeuronState

GLOW_REACH = 26.0
LEAST_NAMED = 18.0  # radius of a neuron that has its name and its bias beside it
BIAS_ROOM = 20.0  # px below a neuron that a bias takes
CONTROL_HALF = 15.0  # px from the middle of the controls below to their upper edge
NAMED_RADIUS = 24.0  # from which a name has room above the number
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
                items += self._crowds.tag(place)
        return items

    def column(self, column: Column) -> list[Item]:
        """A column's neurons, their names, biases and activation blocks."""
        if column.form in CROWDED_FORMS:
            return self._crowds.column(column)
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
        if self.is_class(column):
            items += self._shares(column)
        return items

    @property
    def _crowds(self) -> CrowdDrawing:
        return CrowdDrawing(self.layout, self.picture, self.names, self.look, self.style, self.maps)

    def _at_work(self, focus: Place) -> list[Item]:
        column = self.layout.column(focus.column)
        if column is None or focus.neuron not in column.visible or column.form in CROWDED_FORMS:
            return []
        items = self._neuron(column, focus.neuron, self.picture.neuron(column.index, focus.neuron))
        if column.gate_x is not None:
            items += self._gate(column, focus.neuron, self.picture.gate(column.index, focus.neuron))
        return items

    # -- tiles and classes ---------------------------------------------------------------------------------------

    def _tile(self, column: Column, neuron: int, maps: Maps) -> list[Item]:
        look, k, y = self.look, self.layout.scale, column.y_of(neuron)
        place = Place("neuron", column.index, neuron)
        marked, hovered = place == self.style.selected, place == self.style.hovered
        colors = maps[self._number_of(column.index, neuron)]
        size, at = 2 * column.radius, (column.index, neuron)
        silent, blamed = at in self.style.silent, at in self.style.blamed
        edge = look["accent" if marked else "bad" if blamed else "text2" if hovered else "line2"]
        width = (2.5 if marked or blamed else 2.0 if hovered else 1.5) * k
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

    def _struck(self, x: float, y: float, r: float) -> list[Line]:
        """Four strokes through the rim, which leave the number alone."""
        near, far, color = 0.5 * r, 0.86 * r, self.look["text2"]
        corners = [(sx, sy) for sx in (-1, 1) for sy in (-1, 1)]
        width = 2 * self.layout.scale
        return [Line(((x + near * a, y + near * b), (x + far * a, y + far * b)), color, width) for a, b in corners]

    def _cross(self, x: float, y: float, reach: float) -> list[Line]:
        return crossed(x, y, reach * 0.7, self.look["line3"], 2 * self.layout.scale)

    # -- one neuron ----------------------------------------------------------------------------------------------

    def _neuron(self, column: Column, neuron: int, state: NeuronState) -> list[Item]:
        look, k, r, x = self.look, self.layout.scale, column.radius, column.x
        y, place = column.y_of(neuron), Place("neuron", column.index, neuron)
        focus = state.state == "now" or self._works(column, neuron)
        marked = place == self.style.selected
        items: list[Item] = []
        if focus:
            items.append(Glow(x, y, 2 * r, 2 * r, r, GLOW_REACH * k * min(1.0, r / 30), look["accent"]))
        if self.is_class(column):
            items += self._class(column, neuron, focus or marked)
        elif state.value is None:
            edge = look["accent"] if focus or marked else look["line3"]
            fill = look.mix("canvas", "raised", 0.7)
            items.append(Box(x, y, 2 * r, 2 * r, r, fill, edge, (2.5 if focus or marked else 1.5) * k))
            items.append(Box(x, y, 4.4 * k, 4.4 * k, 2.2 * k, look["text3"]))
        else:
            items += self._filled(place, column, y, state.value, focus or marked)
        if (column.index, neuron) in self.style.silent:
            items += self._struck(x, y, r)
        if r >= LEAST_NAMED * k:
            items += self._names(column, neuron, y)
        return items + self.lone_name(place) if self._works(column, neuron) else items

    def _works(self, column: Column, neuron: int) -> bool:
        """Whether a neuron is at work: by itself, with its bias, or for a block that is not drawn."""
        focus, kinds = self.picture.focus, ("neuron", "bias", *(("gate",) if column.gate_x is None else ()))
        return focus is not None and focus.kind in kinds and (focus.column, focus.neuron) == (column.index, neuron)

    def lone_name(self, place: Place) -> list[Item]:
        """The name of a neuron too small for one while it rests, upper left of it."""
        column, k = self.layout.column(place.column), self.layout.scale
        small = column is not None and column.form == "circle" and column.radius < LEAST_NAMED * k
        if column is None or not small or self.is_class(column):
            return []
        x, y, r = column.x, column.y_of(place.neuron), column.radius
        name = self.names[place.column][place.neuron]
        return [Text(x - r - 3 * k, y - 0.7 * r, name, 13 * k, 600, self.look["text2"], "right")]

    def name_at_work(self) -> list[Item]:
        """The name that a neuron has only now."""
        focus = self.picture.focus
        column = None if focus is None else self.layout.column(focus.column)
        if focus is None or column is None or not self._works(column, focus.neuron):
            return []
        return self.lone_name(Place("neuron", focus.column, focus.neuron))

    def _filled(self, place: Place, column: Column, y: float, v: float, marked: bool) -> list[Item]:
        look, k, r, x = self.look, self.layout.scale, column.radius, column.x
        role = sign_role(v)
        at = place.column, place.neuron
        dead, blamed = at in self.style.dead or at in self.style.silent, at in self.style.blamed
        edge = look["accent" if marked else "bad" if blamed else "zero" if dead else role]
        width = (2.5 if marked or blamed else 2.0 + (place == self.style.hovered)) * k
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
        if self.is_class(column):
            return []
        if column.index == 0:
            items: list[Item] = [Text(x - r - 10 * k, y, name, size, 600, look["text2"], "right")]
            return items
        items = self._name(column, neuron, name, size)
        place = Place("bias", column.index, neuron)
        return [*items, *self.bias(place)] if self._has_bias(place) else items

    def _name(self, column: Column, neuron: int, name: str, size: float) -> list[Item]:
        """Beside its neuron; above it or in it where connections would run through it, if there is room."""
        look, k, r, x, y = self.look, self.layout.scale, column.radius, column.x, column.y_of(neuron)
        before = self.layout.column(column.index - 1)
        crowded = before is None or len(before.visible) > CROWD
        if not crowded and len(name) <= 2:
            return [Text(x - r * 0.82 - 2 * k, y - r * 0.82 - 4 * k, name, size, 600, look["text2"], "right")]
        free = column.top - r - 22 * k >= self.layout.head_y + 34 * self.layout.head_scale or not self.style.heads
        if len(column.visible) > 1 and (column.pitch < 2 * r + 52 * k or not free):
            return [Text(x, y - 0.6 * r, name, 11 * k, 600, look["text2"])] if r >= NAMED_RADIUS * k else []
        return [Text(x, y - r - 13 * k, name, size, 600, look["text2"])]

    def bias(self, place: Place) -> list[Item]:
        """The bias below its neuron, if there is room for it; where biases are not wanted, only while it is at work."""
        column, works = self.layout.column(place.column), place == self.picture.focus
        if column is None or not self.layout.is_biased(column):
            return self.tight_bias(place) if works and self.picture.reckoning is None else []
        y = column.y_of(place.neuron) + column.radius + 15 * self.layout.scale
        return self._bias(place, column.x, y) if self.style.biases or works else []

    def tight_bias(self, place: Place) -> list[Item]:
        """A bias by itself, close below its neuron, in a column that has no room for all of them."""
        column, k = self.layout.column(place.column), self.layout.scale
        if column is None or column.form != "circle" or column.radius < LEAST_NAMED * k:
            return []
        below, end = (
            column.y_of(place.neuron) + column.radius,
            self.layout.foot_y - CONTROL_HALF * self.layout.head_scale,
        )
        if place.neuron == column.visible.stop - 1:
            free = below + 0.8 * BIAS_ROOM * k <= end
        else:
            free = column.pitch >= 2 * column.radius + BIAS_ROOM * k
        return self._bias(place, column.x, below + BIAS_ROOM / 2 * k) if free else []

    def _bias(self, place: Place, x: float, y: float) -> list[Item]:
        look, k, index, neuron = self.look, self.layout.scale, place.column, place.neuron
        b = self.picture.bias(index - 1, neuron)
        text = f"bias {number(b, self.style.decimals)}"
        color = look["accent"] if place in (self.style.selected, self.picture.focus) else look["text3"]
        if color == look["text3"] and abs(b) >= 0.005:
            color = look[sign_role(b)]
        items: list[Item] = [Text(x, y, text, 12 * k, 500, color)]
        if place == self.style.hovered and self.style.editable:
            items.append(underline(x, y + 9 * k, text_width(text, 12 * k) / 2, color))
        return items

    def _has_bias(self, place: Place) -> bool:
        """While slopes are worked out, biases give way to them."""
        known = self.picture.reckoning
        back = known is not None and known.goes_back
        return not back or place in (self.style.selected, self.style.hovered)

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
        if self.maps is None or (index, neuron) in self.style.dead:  # whose map is all 0 and says nothing
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
