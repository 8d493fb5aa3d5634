"""Neurons: circles with their numbers, names and biases, and their activation blocks."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.scene.curves import activation_curve
from visualnn.scene.drawing import Drawing, underline
from visualnn.scene.formula import number
from visualnn.scene.frame import Box, Glow, Item, Line, Place, Text
from visualnn.scene.layout import Column, fits
from visualnn.scene.look import RGB, sign_role, text_width
from visualnn.scene.playback import GateState, NeuronState


@dataclass(frozen=True)
class NeuronDrawing(Drawing):
    """Draws what stands in the columns."""

    def items(self) -> list[Item]:
        """All columns."""
        return [item for index, column in enumerate(self.layout.columns) for item in self.column(index, column)]

    def column(self, index: int, column: Column) -> list[Item]:
        """A column's neurons, their names, biases and activation blocks."""
        items: list[Item] = []
        for neuron, y in zip(column.drawn, column.ys, strict=True):
            state = self.picture.neurons[index][neuron]
            items += self._neuron(index, neuron, column, y, state)
            if column.gate_x is not None:
                items += self._gate(index, neuron, column, y, self.picture.gates[index][neuron])
        return items

    def _neuron(self, index: int, neuron: int, column: Column, y: float, state: NeuronState) -> list[Item]:
        look, k, r, x = self.look, self.layout.scale, column.radius, column.x
        place = Place("neuron", index, neuron)
        focus = state.state == "now" or (self.picture.focus == place)
        marked = place == self.style.selected
        items: list[Item] = []
        if focus:
            items.append(Glow(x, y, 2 * r, 2 * r, r, 26 * k * min(1.0, r / 30), look["accent"]))
        if state.value is None:
            edge = look["accent"] if focus or marked else look["line3"]
            fill = look.mix("canvas", "raised", 0.7)
            items.append(Box(x, y, 2 * r, 2 * r, r, fill, edge, (2.5 if focus or marked else 1.5) * k))
            items.append(Box(x, y, 4.4 * k, 4.4 * k, 2.2 * k, look["text3"]))
        else:
            items += self._filled(place, column, y, state.value, focus or marked)
        if r >= 18 * k:
            items += self._names(index, neuron, column, y)
        return items

    def _filled(self, place: Place, column: Column, y: float, v: float, marked: bool) -> list[Item]:
        look, k, r, x = self.look, self.layout.scale, column.radius, column.x
        role = sign_role(v)
        dead = (place.column, place.neuron) in self.style.dead
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

    def _names(self, index: int, neuron: int, column: Column, y: float) -> list[Item]:
        look, k, r, x = self.look, self.layout.scale, column.radius, column.x
        name, size = self.names[index][neuron], (16 if r > 26 * k else 13) * k
        if index == 0:
            items: list[Item] = [Text(x - r - 10 * k, y, name, size, 600, look["text2"], "right")]
            return items
        items = [Text(x - r * 0.82 - 2 * k, y - r * 0.82 - 4 * k, name, size, 600, look["text2"], "right")]
        if self.style.biases and column.pitch >= 2 * r + 30 * k:
            items += self._bias(index, neuron, x, y + r + 15 * k)
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

    def _gate(self, index: int, neuron: int, column: Column, y: float, state: GateState) -> list[Item]:
        look, k, size = self.look, self.layout.scale, column.gate_size
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
        items += self._curve(index, x, y, size, state, look["text3"] if quiet else look["act"])
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
