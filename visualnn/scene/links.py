"""Connections: curves coloured by sign, their weights as labels, and the number travelling along one of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix
from visualnn.scene.drawing import Drawing, crossed, underline
from visualnn.scene.formula import number
from visualnn.scene.frame import Box, Field, Glow, Ground, Item, Line, Links, Place, Sparks, Text
from visualnn.scene.kernels import raster
from visualnn.scene.layout import PILL_HEIGHT, Column, Layout, bezier
from visualnn.scene.look import RGB, sign_role, text_width
from visualnn.scene.moment import Flow, Lit
from visualnn.scene.pills import bezier as bezier_points

Floats = NDArray[np.float32]

MAX_LINKS = 420  # lines drawn in one gap
FIELD_LINKS = 4096  # connections of a gap from which all of them are drawn as one field beneath the lines
FIELD_AMOUNT = 0.5
THINNEST, THICKEST, FULL_WEIGHT = 1.2, 5.4, 1.2  # px for a weight of 0 and from |w| = 1.2 on
CROWDED = 64  # connections of a gap from which they are drawn by their share of the strongest one
HAIR, ROPE = 0.6, 2.4  # px of the weakest of these, and how much more the strongest has
DIMMEST = 0.3  # strength of the weakest
DIM = 0.55  # how much fainter still are those of a crowd that are not lit
TRODDEN = 0.3  # how much fainter are those that dashes stand on
DASH = (4.0, 5.0)
LARGEST = 1e18  # so that a product of two is still a number
SPARK = 2.2


def is_near(layout: Layout, left: Column, right: Column) -> bool:
    """Whether the view is so near that only connections between neurons on the stage are drawn."""
    coarse = layout.is_coarse(left, right)
    return coarse and not layout.manner.camera.is_home and left.units * right.units > MAX_LINKS


def stroke(weights: NDArray[np.float64], scale: float, full: float = FULL_WEIGHT) -> NDArray[np.float64]:
    """How wide connections are drawn, from 0 to a weight of `full`; one that is not a number as if it were 0."""
    share = np.minimum(np.abs(np.nan_to_num(weights)) / full, 1.0)
    return np.asarray((THINNEST + (THICKEST - THINNEST) * share) * scale)


@dataclass(frozen=True, eq=False, slots=True)
class _Gap:
    """The connections between two columns, in single precision as well, and the strongest of them for this input.

    `worth`: what the input makes of each source, None where the weights alone count. `near`: zoomed in so far that
    only connections between neurons on the stage are drawn.
    """

    layer: int
    left: Column
    right: Column
    w: Matrix
    values: Floats
    worth: Floats | None
    near: bool
    strongest: NDArray[np.intp]

    @property
    def least(self) -> float:
        """What the weakest of the strongest is worth: the full strength of a field."""
        if not self.strongest.size:
            return 0.0
        source, neuron = divmod(int(self.strongest[0]), self.w.shape[1])
        return abs(float(self.values[source, neuron])) * (1.0 if self.worth is None else float(self.worth[source]))


@dataclass(frozen=True)
class LinkDrawing(Drawing):
    """Draws what lies between the columns."""

    def ground(self) -> tuple[Ground, ...]:
        """The connections, gap by gap, bottom first."""
        return tuple(item for layer, left, right in self.layout.gaps for item in self._gap(layer, left, right))

    def items(self) -> list[Item]:
        """What stands on the connections: wires, cuts, weights."""
        return [*self.wires(), *self.cuts(), *self.pills()]

    def _gap(self, layer: int, left: Column, right: Column) -> list[Ground]:
        gap = self._read(layer, left, right)
        source, neuron = np.divmod(self._chosen(gap), gap.w.shape[1])
        weights, lit = gap.w[source, neuron], self._lit(layer, source, neuron)
        v = np.abs(gap.values[source, neuron])
        if gap.worth is not None:
            v = v * gap.worth[source]
        width, strength = self._strokes(gap, weights, v)
        if gap.w.size > CROWDED:
            works = self._at_work(layer, source, neuron)
            width = np.where(works, (HAIR + ROPE) * self.layout.scale, width).astype(np.float32)
            strength = np.where(works, np.float32(0.95), strength)
        faded = self.look.faded * (1.0 if gap.w.size <= CROWDED else DIM)
        trodden = self._trodden(layer, source, neuron)
        strength = np.where(lit & ~trodden, strength, strength * faded)
        strength = np.where(trodden, strength * TRODDEN, strength).astype(np.float32)
        sign = np.sign(gap.values[source, neuron]).astype(np.int8)
        ys = left.ys.astype(np.float32)[source], right.ys.astype(np.float32)[neuron]
        color = self._colors(sign, strength)
        links = Links(layer, source, neuron, left.exit_x, right.entry_x, *ys, width, color, sign, strength)
        return [*self._field(gap), links]

    def _read(self, layer: int, left: Column, right: Column) -> _Gap:
        """A gap's weights, and the strongest of them for this input."""
        w = self.picture.parameters(layer).w
        x = np.abs(np.nan_to_num(self.picture.trace.layers[layer].x))
        values, worth = _single(w), _single(x) if w.size > CROWDED and x.any() else None
        near = is_near(self.layout, left, right)
        strongest = np.zeros(0, dtype=np.intp) if near else raster.strongest(values, MAX_LINKS, worth)
        return _Gap(layer, left, right, w, values, worth, near, strongest)

    def _chosen(self, gap: _Gap) -> NDArray[np.intp]:
        """Which connections are drawn as lines, as flat places in the matrix: lit ones last, weak before strong."""
        home, n_out = self.layout.manner.camera.is_home, gap.w.shape[1]
        parts = [gap.strongest] if home else [gap.strongest, self._in_view(gap)]
        parts += [self._of(lit, gap) for lit in self.lights() or () if lit.layer == gap.layer]
        flat = np.concatenate(parts)
        last = np.sort(flat.size - 1 - np.unique(flat[::-1], return_index=True)[1])  # each once, where it comes last
        flat = self._kept(gap.layer, flat[last], n_out)
        source, neuron = np.divmod(flat, n_out)
        lit_last = np.argsort(self._lit(gap.layer, source, neuron), kind="stable")
        return flat[lit_last][-(MAX_LINKS if home else 2 * MAX_LINKS) :]

    def _kept(self, layer: int, flat: NDArray[np.intp], n_out: int) -> NDArray[np.intp]:
        """Without the ones that are cut: these are drawn as such."""
        cut = [source * n_out + neuron for where, source, neuron in self.style.cut if where == layer]
        return flat[~np.isin(flat, cut)] if cut else flat

    def _in_view(self, gap: _Gap) -> NDArray[np.intp]:
        """The strongest connections between neurons that are both on the stage."""
        sources, neurons, n_out = gap.left.visible, gap.right.visible, gap.w.shape[1]
        block = np.ascontiguousarray(gap.values[sources.start : sources.stop, neurons.start : neurons.stop])
        if not block.size:
            return np.zeros(0, dtype=np.intp)
        worth = None if gap.worth is None or gap.near else gap.worth[sources.start : sources.stop]
        source, neuron = np.divmod(raster.strongest(block, MAX_LINKS, worth), block.shape[1])
        return np.asarray((source + sources.start) * n_out + neuron + neurons.start)

    def _of(self, lit: Lit, gap: _Gap) -> NDArray[np.intp]:
        """The strongest connections that are lit."""
        n_in, n_out = gap.w.shape
        sources = np.arange(n_in) if lit.source is None else np.array([lit.source])
        neurons = np.arange(n_out) if lit.neuron is None else np.array([lit.neuron])
        flat = (sources[:, None] * n_out + neurons).ravel()
        v = np.abs(gap.values.ravel()[flat])
        if gap.worth is not None and gap.worth[sources].any():  # else nothing is passed on: the weights alone count
            v = v * gap.worth[flat // n_out]
        return np.asarray(flat[np.argsort(v, kind="stable")][-MAX_LINKS:])

    def _strokes(
        self, gap: _Gap, weights: NDArray[np.float64], v: Floats
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """How wide and how strong lines are drawn: true to scale, or by their share of the strongest where many are."""
        k = self.layout.scale
        if gap.w.size <= CROWDED or gap.near:
            top = float(np.abs(np.nan_to_num(weights)).max(initial=0.0))
            full = top or 1.0 if gap.near else max(FULL_WEIGHT, top)
            if not self.layout.tiled:
                return stroke(weights, k, full).astype(np.float32), np.ones(v.size, dtype=np.float32)
            share = np.abs(np.nan_to_num(weights)) / full
            return stroke(weights, k * 0.75, full).astype(np.float32), (0.3 + 0.7 * share).astype(np.float32)
        least = gap.least if gap.w.size > FIELD_LINKS else 0.0
        top = float(v.max(initial=0.0)) - least
        share = np.clip((v - least) / top, 0, 1) if top > 0 else np.zeros(v.size)
        width, strength = (HAIR + ROPE * share) * k, DIMMEST + (0.95 - DIMMEST) * share
        return width.astype(np.float32), strength.astype(np.float32)

    def _field(self, gap: _Gap) -> list[Field]:
        """All connections of a gap, by what they are worth for this input as the lines are."""
        left, right = gap.left, gap.right
        if gap.w.size <= FIELD_LINKS or self.layout.is_coarse(left, right) or not gap.least > 0:
            return []
        weights = gap.values
        if gap.worth is not None:
            weights = weights * gap.worth[:, None]
        if left.across > 1:
            weights = _by_rows(weights, left.across)
        amount = FIELD_AMOUNT * (1.0 if self.lights() is None else self.look.faded)
        ends = (left.top, right.top), (left.pitch, right.pitch)
        return [Field(left.exit_x, right.entry_x, weights, *ends, gap.least, amount)]

    def _lit(self, layer: int, sources: NDArray[np.intp], neurons: NDArray[np.intp]) -> NDArray[np.bool_]:
        lights = self.lights()
        if lights is None:
            return np.ones(sources.size, dtype=bool)
        found = np.zeros(sources.size, dtype=bool)
        for lit in lights:
            found |= lit.holds(layer, sources, neurons)
        return found

    def _at_work(self, layer: int, sources: NDArray[np.intp], neurons: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which connection a step is about: it is seen among many, however little it is worth."""
        focus = self.picture.focus
        if focus is None or focus.source is None or focus.column != layer + 1:
            return np.zeros(sources.size, dtype=bool)
        return np.asarray((sources == focus.source) & (neurons == focus.neuron))

    def _trodden(self, layer: int, sources: NDArray[np.intp], neurons: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which connections slopes take their way on: dashes stand there instead."""
        found = np.zeros(sources.size, dtype=bool)
        for each, source, neuron in self.picture.way.links:
            found |= (sources == source) & (neurons == neuron) & (each == layer)
        return found

    def _colors(self, sign: NDArray[np.int8], strength: NDArray[np.float32]) -> NDArray[np.uint32]:
        """The colours mixed ahead of painting."""
        look = self.look
        palette = np.array([_channels(look[role]) for role in ("neg", "zero", "pos")])[sign.astype(np.intp) + 1]
        ground = np.array(_channels(look["canvas"]))
        mixed = np.rint(ground + (palette - ground) * strength[:, None].astype(np.float64)).astype(np.uint32)
        return np.asarray(mixed[:, 0] << 16 | mixed[:, 1] << 8 | mixed[:, 2], dtype=np.uint32)

    def cuts(self) -> list[Item]:
        """Connections that were cut: a dashed line with a gap in the middle."""
        items: list[Item] = []
        for layer, source, neuron in sorted(self.style.cut):
            try:
                ends = self.layout.link(layer, source, neuron)
            except KeyError:
                continue
            color, k = self.look["line3"], self.layout.scale
            points = bezier_points(ends, np.linspace(0, 1, 41))
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

    def pills(self) -> list[Item]:
        """The weights as labels on their connections, but the one at work."""
        resting = ((link, at) for link, at in self.written().items() if not self._works(*link))
        return [item for link, at in resting for item in self._weight(*link, at)]

    def pill_at_work(self) -> list[Item]:
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

    def moving(self, below: tuple[Ground, ...]) -> list[Item]:
        """The weight at work, the number travelling along it, or sparks on all the connections `below` of a layer."""
        return [*self.pill_at_work(), *self.pulse(), *self.sparks(below)]

    def sparks(self, below: tuple[Ground, ...]) -> list[Item]:
        """What a whole layer sends on its way at once."""
        flow = self.picture.flow
        if flow is None or flow.share >= 1:
            return []
        k, look, items = self.layout.scale, self.look, []
        for links in below:
            if isinstance(links, Links) and links.layer == flow.layer and len(links):
                sign = (np.sign(np.nan_to_num(self._sent(links, flow))) * links.sign).astype(np.int8)
                start = links.neuron if flow.back else links.source
                share = np.clip(flow.share * 1.3 - 0.3 * (start % 7) / 7, 0, 1)  # not all in one line
                points = curves_at(links, 1.0 - share if flow.back else share)
                items.append(Sparks(points, sign, SPARK * k, look["pos"], look["neg"]))
        return list(items)

    def _sent(self, links: Links, flow: Flow) -> NDArray[np.float64]:
        """What is multiplied with each weight: what its source passes on, or on the way back its neuron's slope."""
        if flow.back:
            return self.picture.trace.slopes[links.layer].dz[links.neuron]
        return self.picture.trace.layers[links.layer].x[links.source]

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


def _single(values: NDArray[np.float64]) -> Floats:
    """In single precision; numbers of a run that diverged are cut, what is not a number is 0."""
    finite = values if np.isfinite(values).all() else np.nan_to_num(values)
    return np.ascontiguousarray(
        np.clip(finite, -LARGEST, LARGEST) if np.abs(finite).max(initial=0) > LARGEST else finite, dtype=np.float32
    )


def _by_rows(weights: Floats, across: int) -> Floats:
    """The strongest connections of the pixels of each row, which leave it together."""
    rows = weights.reshape(-1, across, weights.shape[1])
    strongest = np.abs(np.nan_to_num(rows)).argmax(axis=1)[:, None]
    return np.ascontiguousarray(np.take_along_axis(rows, strongest, axis=1)[:, 0])


def link_at(ground: tuple[Ground, ...], x: float, y: float, within: float = 8.0) -> Place | None:
    """The line that passes within `within` px of a point, the nearest one."""
    best: tuple[float, Place] | None = None
    for links in ground:
        if not isinstance(links, Links) or not len(links) or not links.x0 <= x <= links.x1:
            continue
        rise = _rise((x - links.x0) / (links.x1 - links.x0))
        apart = np.abs(links.y0 + (links.y1 - links.y0) * np.float32(rise) - y)
        nearest = int(apart.argmin())
        if apart[nearest] <= within and (best is None or apart[nearest] < best[0]):
            place = Place("weight", links.layer + 1, int(links.neuron[nearest]), int(links.source[nearest]))
            best = float(apart[nearest]), place
    return best[1] if best else None


def curves_at(links: Links, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points (n, 2) where connections have come this share of their way."""
    s, u = shares, 1.0 - shares
    middle = (links.x0 + links.x1) / 2
    x = u**3 * links.x0 + 3 * u * s * middle + s**3 * links.x1
    y = links.y0 + (links.y1 - links.y0) * (3 * u * s * s + s**3)
    return np.column_stack([x, y])


def _rise(share: float) -> float:
    """How far a curve has come in height where it has come `share` of its way in width."""
    points = bezier_points((0.0, 0.0, 1.0, 1.0), np.linspace(0, 1, 101))
    return float(np.interp(share, points[:, 0], points[:, 1]))


def _channels(color: RGB) -> tuple[int, int, int]:
    return color >> 16 & 255, color >> 8 & 255, color & 255
