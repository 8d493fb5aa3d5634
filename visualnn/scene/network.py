"""The network as shapes: a picture of a pass on a layout gives a `Frame`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.scene.curves import TITLES, activation_curve
from visualnn.scene.formula import number
from visualnn.scene.frame import Box, Frame, Glow, Item, Line, Links, Place, Spot, Text
from visualnn.scene.layout import (
    MAX_LINKS,
    PILL_HEIGHT,
    Column,
    Layout,
    bezier,
    fits,
)
from visualnn.scene.look import RGB, Look, blend, sign_role, text_width
from visualnn.scene.playback import GateState, NeuronState, Picture


@dataclass(frozen=True, slots=True)
class Style:
    """How a picture is to be shown."""

    decimals: int = 2
    selected: Place | None = None
    hovered: Place | None = None
    editable: bool = True
    heads: bool = True
    biases: bool = True
    dead: frozenset[tuple[int, int]] = frozenset()  # (column, neuron) that are 0 for every row


def frame(layout: Layout, picture: Picture, names: tuple[tuple[str, ...], ...], look: Look, style: Style) -> Frame:
    """Everything to paint for this picture."""
    draw = _Drawing(layout, picture, names, look, style)
    items: list[Item] = [*draw.links(), *draw.wires(), *draw.pills(), *draw.pulse()]
    for index, column in enumerate(layout.columns):
        items += draw.column(index, column)
    if style.heads:
        items += draw.heads()
    items += draw.captions()
    return Frame(layout.width, layout.height, tuple(items), tuple(draw.spots()))


def stroke(weight: float, scale: float) -> float:
    """A connection's width: 1.2 px for 0, 5.4 px from |w| = 1.2 on."""
    return (1.2 + 4.2 * min(abs(weight) / 1.2, 1.0)) * scale


@dataclass(frozen=True)
class _Drawing:
    layout: Layout
    picture: Picture
    names: tuple[tuple[str, ...], ...]
    look: Look
    style: Style

    # -- connections ---------------------------------------------------------------------------------------------

    def links(self) -> list[Item]:
        """Connections, faint ones first so that lit ones lie on top."""
        return [item for layer in range(len(self.picture.trace.layers)) for item in self._gap(layer)]

    def _gap(self, layer: int) -> list[Item]:
        left, right = self.layout.columns[layer], self.layout.columns[layer + 1]
        w = self.picture.trace.layers[layer].w
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
        thin = min(1.0, 12.0 / max(weights.size, 1) ** 0.5) if weights.size > 64 else 1.0
        width = (1.2 + 4.2 * np.minimum(np.abs(weights) / 1.2, 1.0)) * self.layout.scale * thin
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
        signs = np.sign(weights).astype(int)
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

    def closed(self, index: int, gate: GateState) -> bool:
        """Whether a ReLU passes nothing on (or is just closing)."""
        relu = index > 0 and self.picture.trace.network.activations[index - 1] == "relu"
        return relu and gate.z is not None and gate.z <= 0 and (gate.state == "done" or gate.share > 0.5)

    # -- labels on connections -----------------------------------------------------------------------------------

    def pills(self) -> list[Item]:
        """The weights as labels on their connections."""
        items: list[Item] = []
        for (layer, source, neuron), at in self._written().items():
            w = float(self.picture.trace.layers[layer].w[source, neuron])
            place = Place("weight", layer + 1, neuron, source)
            lit = self.picture.bright is None or (layer, source, neuron) in self.picture.bright
            items += self._pill(*at, w, lit or place == self.style.selected, place)
        return items

    def _written(self) -> dict[tuple[int, int, int], tuple[float, float]]:
        """The resting labels, and those of connections that are pointed at, chosen or at work."""
        written = dict(self.layout.pills)
        for place in (self.picture.focus, self.style.hovered, self.style.selected):
            if place is not None and place.kind == "weight" and place.source is not None:
                link = (place.column - 1, place.source, place.neuron)
                at = self.layout.pill_at(*link)
                if at is not None:
                    written.pop(link, None)
                    written[link] = at  # on top
        return written

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
            items.append(self._underline(x, y + 8 * k, wide / 2 - 8 * k, look[role]))
        return items

    def _underline(self, x: float, y: float, half: float, color: RGB) -> Line:
        return Line(((x - half, y), (x + half, y)), color, 1.0, (2.0, 2.0))

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

    # -- neurons -------------------------------------------------------------------------------------------------

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
            items.append(self._underline(x, y + 14 * k, 17 * k, look["text" if strong else "text2"]))
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
        b = float(self.picture.trace.layers[index - 1].b[neuron])
        place = Place("bias", index, neuron)
        text = f"bias {number(b, self.style.decimals)}"
        color = look["accent"] if place in (self.style.selected, self.picture.focus) else look["text3"]
        if color == look["text3"] and abs(b) >= 0.005:
            color = look[sign_role(b)]
        items: list[Item] = [Text(x, y, text, 12 * k, 500, color)]
        if place == self.style.hovered and self.style.editable:
            items.append(self._underline(x, y + 9 * k, text_width(text, 12 * k) / 2, color))
        return items

    # -- activation blocks ---------------------------------------------------------------------------------------

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
            px, py = spot(*curve.at(state.z, state.a))
            items.append(Box(px, py, 8.8 * k, 8.8 * k, 4.4 * k, look["dot"], look["panel"], 1.5 * k))
        return items

    # -- words around the network --------------------------------------------------------------------------------

    def heads(self) -> list[Item]:
        """Column titles."""
        look, k, y = self.look, self.layout.scale, self.layout.head_y
        items: list[Item] = []
        last = len(self.layout.columns) - 1
        for index, column in enumerate(self.layout.columns):
            hidden = "Hidden layer" if last == 2 else f"Hidden {index}"
            title = "Input" if index == 0 else "Output" if index == last else hidden
            size = 14 * k if last < 7 else 12 * k
            items.append(Text(column.center_x, y, title, size, 600, look["text"]))
            below = self._subtitle(index)
            if below and last < 9:
                items.append(Text(column.center_x, y + 20 * k, below, 13 * k, 450, look["text2"]))
        return items

    def _subtitle(self, index: int) -> str:
        if index:
            return TITLES[self.picture.trace.network.activations[index - 1]][0]
        return "type a value" if self.style.editable else ""

    def captions(self) -> list[Item]:
        """What the picture leaves out, said in words."""
        notes = []
        for index, column in enumerate(self.layout.columns):
            if len(column.drawn) < column.units:
                notes.append(f"{len(column.drawn)} of {column.units:,} neurons in column {index + 1}")
        hidden = [w for left, right in zip(self.layout.columns, self.layout.columns[1:], strict=False)
                  if (w := len(left.drawn) * len(right.drawn)) > MAX_LINKS]  # fmt: skip
        if hidden:
            notes.append(f"the {MAX_LINKS} strongest connections of each gap")
        if not notes:
            return []
        text = "Drawn: " + ", ".join(notes) + "."
        return [Text(self.layout.width / 2, self.layout.foot_y, text, 12 * self.layout.scale, 450, self.look["text3"])]

    # -- what can be pointed at ----------------------------------------------------------------------------------

    def spots(self) -> list[Spot]:
        """Hit areas at least 32 px high, topmost first."""
        k, found = self.layout.scale, []
        for (layer, source, neuron), (x, y) in self._written().items():
            found.append(Spot(Place("weight", layer + 1, neuron, source), x, y, 56 * k, 32 * k))
        for index, column in enumerate(self.layout.columns):
            for neuron, y in zip(column.drawn, column.ys, strict=True):
                side = max(2 * column.radius, 8 * k)
                found.append(Spot(Place("neuron", index, neuron), column.x, y, side, side))
                if column.gate_x is not None:
                    found.append(
                        Spot(Place("gate", index, neuron), column.gate_x, y, column.gate_size, column.gate_size)
                    )
                if index and column.pitch >= 2 * column.radius + 30 * k and column.radius >= 18 * k:
                    below = y + column.radius + 15 * k
                    found.append(Spot(Place("bias", index, neuron), column.x, below, 84 * k, 24 * k))
        return found


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
