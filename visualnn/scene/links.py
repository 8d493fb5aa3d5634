"""Connections: curves coloured by sign, the strongest ones where there are many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix
from visualnn.scene.drawing import Drawing
from visualnn.scene.frame import Field, Ground, Links, Place
from visualnn.scene.kernels import raster
from visualnn.scene.layout import Column, Layout
from visualnn.scene.look import RGB
from visualnn.scene.moment import Lit
from visualnn.scene.pills import bezier

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
LARGEST = 1e18  # so that a product of two is still a number


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
        color = np.where(self._blamed(layer, source, neuron), np.uint32(self.look["bad"]), self._colors(sign, strength))
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

    def _blamed(self, layer: int, sources: NDArray[np.intp], neurons: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which connections an advice is about."""
        found = np.zeros(sources.size, dtype=bool)
        for each, source, neuron in self.style.blamed_links:
            found |= (sources == source) & (neurons == neuron) & (each == layer)
        return found

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


def _rise(share: float) -> float:
    """How far a curve has come in height where it has come `share` of its way in width."""
    points = bezier((0.0, 0.0, 1.0, 1.0), np.linspace(0, 1, 101))
    return float(np.interp(share, points[:, 0], points[:, 1]))


def _channels(color: RGB) -> tuple[int, int, int]:
    return color >> 16 & 255, color >> 8 & 255, color & 255
