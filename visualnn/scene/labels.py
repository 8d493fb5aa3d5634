"""What stands on the connections: their weights as labels, the wires to activation blocks, crosses on what is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from visualnn.scene.clearance import Rectangle, meet, outlines
from visualnn.scene.drawing import Drawing, crossed, underline
from visualnn.scene.formula import number
from visualnn.scene.frame import Box, Item, Line, Place, Text
from visualnn.scene.layout import PILL_HEIGHT
from visualnn.scene.look import sign_role, text_width
from visualnn.scene.pills import bezier

DASH = (4.0, 5.0)


@dataclass(frozen=True)
class LabelDrawing(Drawing):
    """Draws what stands between the columns."""

    def items(self, above: Sequence[Rectangle] = ()) -> list[Item]:
        """Wires, cuts, weights; a weight gives way to what stands `above` it."""
        return [*self.wires(), *self.cuts(), *self.pills(above)]

    def cuts(self) -> list[Item]:
        """Connections that were cut: a dashed line with a gap in the middle."""
        items: list[Item] = []
        for layer, source, neuron in sorted(self.style.cut):
            try:
                ends = self.layout.link(layer, source, neuron)
            except KeyError:
                continue
            color, k = self.look["line3"], self.layout.scale
            points = bezier(ends, np.linspace(0, 1, 41))
            dash = (DASH[0] * k, DASH[1] * k)
            halves = (points[:19], points[22:])
            items += [Line(tuple((x, y) for x, y in half.tolist()), color, 1.2 * k, dash) for half in halves]
            items += crossed(float(points[20, 0]), float(points[20, 1]), 4 * k, color, 1.6 * k)
        return items

    def wires(self) -> list[Item]:
        """The short wires from sums to activation blocks; dashed where nothing gets through."""
        items: list[Item] = []
        for column in self.layout.columns:
            if column.gate_x is None:
                continue
            for neuron in column.visible:
                y, gate = column.y_of(neuron), self.picture.gate(column.index, neuron)
                closed = self.closed(column.index, gate)
                if (column.index, neuron) in self.picture.way.wires and not closed:
                    continue
                color = self.look["line2"] if gate.state == "todo" or closed else self.look.mix("canvas", "act", 0.9)
                ends = ((column.x + column.radius, y), (column.gate_x - column.gate_size / 2, y))
                k = self.layout.scale
                items.append(Line(ends, color, 2 * k, (6 * k, 5 * k) if closed else None))
        return items

    def pills(self, above: Sequence[Rectangle] = ()) -> list[Item]:
        """The weights as labels on their connections, but the one at work and those below something else."""
        resting = ((link, at) for link, at in self.written().items() if not self._works(*link))
        labels = (self._weight(*link, at) for link, at in resting)
        return [item for label in labels if not meet(outlines(label), above) for item in label]

    def at_work(self) -> list[Item]:
        """The weight at work, which may be counting."""
        working = ((link, at) for link, at in self.written().items() if self._works(*link))
        return [item for link, at in working for item in self._weight(*link, at)]

    def _works(self, layer: int, source: int, neuron: int) -> bool:
        return self.picture.focus == Place("weight", layer + 1, neuron, source)

    def _weight(self, layer: int, source: int, neuron: int, at: tuple[float, float]) -> list[Item]:
        if (layer, source, neuron) in self.style.cut:
            return []
        place, lights = Place("weight", layer + 1, neuron, source), self.lights()
        lit = lights is None or any(each.holds_one(layer, source, neuron) for each in lights)
        lit = lit or place == self.style.selected or (layer, source, neuron) in self.picture.way.links
        return self._pill(*at, self.picture.weight(layer, source, neuron), lit, place)

    def _pill(self, x: float, y: float, w: float, lit: bool, place: Place) -> list[Item]:
        look, k = self.look, self.layout.scale
        role, strength = sign_role(w, 0.0), 1.0 if lit else look.faded
        text = number(w, self.style.decimals)
        fill = look.mix("canvas", role, (0.10 if look.dark else 0.05) * strength)
        edge = look.mix("canvas", role, 0.25 + 0.3 * strength)
        marked = place in (self.style.selected, self.picture.focus)
        blamed = (place.column - 1, place.source, place.neuron) in self.style.blamed_links
        hovered = place == self.style.hovered
        wide = text_width(text, 13 * k) + 16 * k
        color = look[role] if lit or not look.dark else look.mix("canvas", role, 0.82)
        box = Box(
            x, y, wide, PILL_HEIGHT * k, PILL_HEIGHT / 2 * k, fill,
            look["accent"] if marked else look["bad"] if blamed else edge, 2.0 * k if marked or blamed else 1.0,
        )  # fmt: skip
        items: list[Item] = [box, Text(x, y, text, 13 * k, 550, color)]
        if hovered and self.style.editable:
            items.append(underline(x, y + 8 * k, wide / 2 - 8 * k, look[role]))
        return items
