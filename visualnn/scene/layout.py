"""Where a network's parts stand on a stage of a given size.

Columns share the width, neurons the height; sizes follow the pitch. A column taller than `MAX_DRAWN` neurons is drawn
by its first and last ones, and only the strongest connections are drawn beyond `MAX_LINKS` a gap: the picture says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from visualnn.nn.network import Network
from visualnn.scene.look import text_width
from visualnn.scene.pills import bezier as curve
from visualnn.scene.pills import place as free_places

MAX_DRAWN = 48
MAX_LINKS = 420
TALL = 4  # neurons in a column from which they need all the height there is
MAX_PILLS = 24  # weight labels in one gap
NEURON, OUTPUT_FACTOR, GATE = 36.0, 1.12, 54.0
PILL_HEIGHT, PILL_WIDTH = 22.0, 52.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column of neurons, and the column of activation blocks right of it."""

    x: float
    ys: tuple[float, ...]  # one entry a drawn neuron
    drawn: tuple[int, ...]  # which neurons they are
    units: int
    radius: float
    pitch: float
    gate_x: float | None  # None: passes its sums on, or too small to draw
    gate_size: float

    @property
    def exit_x(self) -> float:
        """Where outgoing connections start."""
        return self.x + self.radius if self.gate_x is None else self.gate_x + self.gate_size / 2

    @property
    def entry_x(self) -> float:
        """Where incoming connections end."""
        return self.x - self.radius

    @property
    def center_x(self) -> float:
        """The middle of neurons and blocks, where the column's head stands."""
        return self.x if self.gate_x is None else (self.x + self.gate_x) / 2

    def y_of(self, neuron: int) -> float | None:
        """Where a neuron stands, None if it is not drawn."""
        if len(self.drawn) == self.units:
            return self.ys[neuron]
        return dict(zip(self.drawn, self.ys, strict=True)).get(neuron)


@dataclass(frozen=True, eq=False)
class Layout:
    """Positions of everything, in logical pixels."""

    network: Network
    width: float
    height: float
    scale: float
    head_y: float
    foot_y: float
    columns: tuple[Column, ...]
    pills: dict[tuple[int, int, int], tuple[float, float]]  # (layer, source, neuron) -> label centre

    def link(self, layer: int, source: int, neuron: int) -> tuple[float, float, float, float]:
        """Both ends of a connection: x, y, x, y."""
        left, right = self.columns[layer], self.columns[layer + 1]
        y0, y1 = left.y_of(source), right.y_of(neuron)
        if y0 is None or y1 is None:
            raise KeyError((layer, source, neuron))
        return left.exit_x, y0, right.entry_x, y1

    def pill_at(self, layer: int, source: int, neuron: int) -> tuple[float, float] | None:
        """Where a weight is written when it is pointed at; None if its connection is not drawn."""
        resting = self.pills.get((layer, source, neuron))
        if resting is not None:
            return resting
        try:
            return bezier(*self.link(layer, source, neuron), 0.5)
        except KeyError:
            return None


def bezier(x0: float, y0: float, x1: float, y1: float, s: float) -> tuple[float, float]:
    """The point at share s of a connection's curve."""
    x, y = curve((x0, y0, x1, y1), np.array([s]))[0]
    return float(x), float(y)


@lru_cache(maxsize=32)
def layout(network: Network, width: float, height: float, scale: float = 1.0, heads: bool = True) -> Layout:
    """Place `network` on a stage; `heads` leaves room for column titles above and controls below."""
    head_y, foot_y = 34 * scale, height - 30 * scale
    center_y = height / 2 + (8 * scale if heads else 0)
    columns = _columns(network, width, height, center_y, scale, heads)
    bare = Layout(network, width, height, scale, head_y, foot_y, columns, {})
    return Layout(network, width, height, scale, head_y, foot_y, columns, _pills(bare))


def _columns(net: Network, width: float, height: float, middle: float, k: float, heads: bool) -> tuple[Column, ...]:
    drawn = [_drawn(units) for units in net.sizes]
    most = max(map(len, drawn))
    tall = most > TALL
    room = height - ((196 if tall else 240) * k if heads else 140 * k)
    pitch = min(150 * k, room / (most - 1)) if most > 1 else 150 * k
    xs, gate_gap = _xs(net, width, k)
    columns = []
    for index, units in enumerate(net.sizes):
        shown = drawn[index]
        n = len(shown)
        own = min(1.12 * max(pitch, 100 * k), pitch * (most - 1) / (n - 1)) if n > 1 else pitch
        radius = float(np.clip(min(own, pitch * 1.4) * 0.36, 2.5 * k, NEURON * k))
        roomy = n == 1 or min(own, pitch * 1.2) >= 54 * k
        gated = index > 0 and _is_gated(net, index) and roomy
        if index == len(net.sizes) - 1 and units == 1:
            radius *= OUTPUT_FACTOR
        ys = tuple(middle + (i - (n - 1) / 2) * own for i in range(n))
        gate_x = xs[index] + gate_gap if gated else None
        size = min(GATE * k, radius * 1.5)
        columns.append(Column(xs[index], ys, shown, units, radius, own, gate_x, size))
    return tuple(columns)


def _is_gated(net: Network, column: int) -> bool:
    """Whether a column passes on something else than its sums."""
    return net.activations[column - 1] != "linear" or net.shortcuts[column] is not None


def _drawn(units: int) -> tuple[int, ...]:
    if units <= MAX_DRAWN:
        return tuple(range(units))
    half = MAX_DRAWN // 2
    return (*range(half), *range(units - half, units))


def _xs(net: Network, width: float, k: float) -> tuple[list[float], float]:
    """The columns' x and the distance from a neuron to its activation block; the first gap is a little wider."""
    margin = 92 * k + min(60.0, max(0.0, (width - 900) * 0.12))
    gaps = len(net.layers)
    gated = [_is_gated(net, column) for column in range(1, gaps + 1)]
    span = width - 2 * margin
    gate_gap = min(124 * k, span * 0.34 / gaps)
    if gated[-1]:
        span += 24 * k  # the last block may stand a little further out
    shares = [1.2] + [1.0] * (gaps - 1)
    unit = (span - gate_gap * sum(gated)) / sum(shares)
    xs = [margin]
    for layer, share in enumerate(shares):
        before = gate_gap if layer and gated[layer - 1] else 0.0
        xs.append(xs[-1] + before + unit * share)
    return xs, gate_gap


def _pills(place: Layout) -> dict[tuple[int, int, int], tuple[float, float]]:
    pills: dict[tuple[int, int, int], tuple[float, float]] = {}
    for layer in range(len(place.columns) - 1):
        left, right = place.columns[layer], place.columns[layer + 1]
        if len(left.ys) * len(right.ys) <= MAX_PILLS and right.entry_x - left.exit_x > 90 * place.scale:
            ends = {(s, n): place.link(layer, s, n) for s in left.drawn for n in right.drawn}
            spots = free_places(ends, PILL_WIDTH * place.scale + 4, PILL_HEIGHT * place.scale + 3)
            pills.update({(layer, *link): at for link, at in spots.items()})
    return pills


def fits(text: str, size: float, radius: float) -> bool:
    """Whether a text fits inside a neuron of this radius."""
    return text_width(text, size) <= 2 * radius - 8
