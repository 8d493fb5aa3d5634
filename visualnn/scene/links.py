"""Connections: curves coloured by sign, their weights as labels, and the number travelling along one of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.drawing import Drawing, underline
from visualnn.scene.formula import number
from visualnn.scene.frame import Box, Glow, Item, Line, Links, Place, Text
from visualnn.scene.layout import MAX_LINKS, PILL_HEIGHT, Layout, bezier
from visualnn.scene.look import blend, sign_role, text_width

THINNEST, THICKEST, FULL_WEIGHT = 1.2, 5.4, 1.2  # px for a weight of 0 and from |w| = 1.2 on
CROWDED = 64  # connections of a gap from which they are drawn thinner


def stroke(weights: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """How wide connections are drawn; one that is not a number as if it were 0."""
    share = np.minimum(np.abs(np.nan_to_num(weights)) / FULL_WEIGHT, 1.0)
    return np.asarray((THINNEST + (THICKEST - THINNEST) * share) * scale)


@dataclass(frozen=True)
class LinkDrawing(Drawing):
    """Draws what lies between the columns."""

    def items(self) -> list[Item]:
        """Everything between the columns, bottom first."""
        return [*self.links(), *self.wires(), *self.pills(), *self.pulse()]

    def links(self) -> list[Item]:
        """Connections, faint ones first so that lit ones lie on top."""
        return [item for layer in range(len(self.picture.trace.layers)) for item in self._gap(layer)]

    def _gap(self, layer: int) -> list[Item]:
        left, right = self.layout.columns[layer], self.layout.columns[layer + 1]
        w = self.picture.parameters(layer).w
        rows, cols = np.array(left.drawn), np.array(right.drawn)
        weights = w[np.ix_(rows, cols)]
        source, neuron = (part.ravel() for part in np.indices(weights.shape))
        weights = weights.ravel()
        lit = self._lit(layer, rows[source], cols[neuron])
        order = np.lexsort((np.abs(weights), lit))[-MAX_LINKS:]
        source, neuron, weights, lit = source[order], neuron[order], weights[order], lit[order]
        ys0, ys1 = np.array(left.ys), np.array(right.ys)
        start = np.column_stack([np.full(order.size, left.exit_x), ys0[source]])
        end = np.column_stack([np.full(order.size, right.entry_x), ys1[neuron]])
        thin = min(1.0, 12.0 / max(weights.size, 1) ** 0.5) if weights.size > CROWDED else 1.0
        width = stroke(weights, self.layout.scale * thin)
        return [Links(start, end, width, self._link_colors(weights, lit))]

    def _lit(self, layer: int, sources: np.ndarray, neurons: np.ndarray) -> np.ndarray:
        bright = self.picture.bright
        if bright is None:
            return np.ones(sources.size, dtype=bool)
        pairs = zip(sources.tolist(), neurons.tolist(), strict=True)
        lit = np.array([(layer, s, n) in bright for s, n in pairs], dtype=bool)
        chosen = self.style.selected
        if chosen is not None and chosen.kind == "weight" and chosen.column == layer + 1:
            lit |= (sources == chosen.source) & (neurons == chosen.neuron)
        return lit

    def _link_colors(self, weights: np.ndarray, lit: np.ndarray) -> np.ndarray:
        look = self.look
        full = {s: look[r] for s, r in ((1, "pos"), (-1, "neg"), (0, "zero"))}
        faint = {s: blend(look["canvas"], c, look.faded) for s, c in full.items()}
        signs = np.sign(np.nan_to_num(weights)).astype(int)
        return np.array(
            [(full if b else faint)[s] for s, b in zip(signs.tolist(), lit.tolist(), strict=True)], np.uint32
        )

    def wires(self) -> list[Item]:
        """The short wires from sums to activation blocks; dashed where nothing gets through."""
        items: list[Item] = []
        for index, column in enumerate(self.layout.columns):
            if column.gate_x is None:
                continue
            for neuron, y in zip(column.drawn, column.ys, strict=True):
                gate = self.picture.gates[index][neuron]
                closed = self.closed(index, gate)
                color = self.look["line2"] if gate.state == "todo" or closed else self.look.mix("canvas", "act", 0.9)
                ends = ((column.x + column.radius, y), (column.gate_x - column.gate_size / 2, y))
                k = self.layout.scale
                items.append(Line(ends, color, 2 * k, (6 * k, 5 * k) if closed else None))
        return items

    def pills(self) -> list[Item]:
        """The weights as labels on their connections."""
        items: list[Item] = []
        for (layer, source, neuron), at in self.written().items():
            w = float(self.picture.parameters(layer).w[source, neuron])
            place = Place("weight", layer + 1, neuron, source)
            lit = self.picture.bright is None or (layer, source, neuron) in self.picture.bright
            items += self._pill(*at, w, lit or place == self.style.selected, place)
        return items

    def _pill(self, x: float, y: float, w: float, lit: bool, place: Place) -> list[Item]:
        look, k = self.look, self.layout.scale
        role, strength = sign_role(w, 0.0), 1.0 if lit else look.faded
        text = number(w, self.style.decimals)
        fill = look.mix("canvas", role, (0.10 if look.dark else 0.05) * strength)
        edge = look.mix("canvas", role, 0.25 + 0.3 * strength)
        marked = place in (self.style.selected, self.picture.focus)
        hovered = place == self.style.hovered
        wide = text_width(text, 13 * k) + 16 * k
        color = look[role] if lit or not look.dark else look.mix("canvas", role, 0.82)
        box = Box(
            x, y, wide, PILL_HEIGHT * k, PILL_HEIGHT / 2 * k, fill, look["accent"] if marked else edge,
            2.0 * k if marked else 1.0,
        )  # fmt: skip
        items: list[Item] = [box, Text(x, y, text, 13 * k, 550, color)]
        if hovered and self.style.editable:
            items.append(underline(x, y + 8 * k, wide / 2 - 8 * k, look[role]))
        return items

    def pulse(self) -> list[Item]:
        """The number travelling along a connection."""
        pulse = self.picture.pulse
        if pulse is None:
            return []
        look, k = self.look, self.layout.scale
        try:
            ends = self.layout.link(pulse.layer, pulse.source, pulse.neuron)
        except KeyError:
            return []
        x, y = bezier(*ends, pulse.share)
        pill = self.layout.pills.get((pulse.layer, pulse.source, pulse.neuron))
        multiplied = x > pill[0] if pill else pulse.share > 0.5
        text = pulse.after if multiplied else pulse.before
        role = sign_role(
            pulse.value if multiplied else float(self.picture.trace.layers[pulse.layer].x[pulse.source]), 0
        )
        wide, high = text_width(text, 13 * k) + 16 * k, 24 * k
        return [
            Glow(x, y, wide, high, high / 2, 14 * k, look["accent"], 0.8),
            Box(x, y, wide, high, high / 2, look[role], look["canvas"], 1.5 * k),
            Text(x, y, text, 13 * k, 700, look["canvas"]),
        ]


def link_at(layout: Layout, x: float, y: float, within: float = 8.0) -> Place | None:
    """The connection whose curve passes within `within` px of a point, the nearest one."""
    best: tuple[float, Place] | None = None
    for layer in range(len(layout.columns) - 1):
        left, right = layout.columns[layer], layout.columns[layer + 1]
        if not left.exit_x <= x <= right.entry_x or len(left.drawn) * len(right.drawn) > MAX_LINKS:
            continue
        place = _nearest(layout, layer, x, y)
        if place and place[0] <= within and (best is None or place[0] < best[0]):
            best = place
    return best[1] if best else None


def _nearest(layout: Layout, layer: int, x: float, y: float) -> tuple[float, Place] | None:
    left, right = layout.columns[layer], layout.columns[layer + 1]
    shares = np.linspace(0, 1, 101)
    xs = np.array([bezier(left.exit_x, 0, right.entry_x, 1, s) for s in shares])
    rise = float(np.interp(x, xs[:, 0], xs[:, 1]))
    found = [
        (abs(y0 + (y1 - y0) * rise - y), Place("weight", layer + 1, n, s))
        for s, y0 in zip(left.drawn, left.ys, strict=True)
        for n, y1 in zip(right.drawn, right.ys, strict=True)
    ]
    return min(found, key=lambda pair: pair[0]) if found else None
