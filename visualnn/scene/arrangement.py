"""Finds where a network's parts stand on a stage of a given size.

Columns share the width, neurons the height. What a neuron looks like follows from its pitch, the distance to the next
one as it is drawn: a circle with its numbers, a dot, or a pixel in a bar.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor

import numpy as np

from visualnn.nn.network import Network
from visualnn.scene import folding
from visualnn.scene.camera import WIDEST, Limits
from visualnn.scene.layout import NUMBER_RADIUS, PILL_HEIGHT, PILL_WIDTH, SHARES, Column, Fold, Form, Layout, Manner
from visualnn.scene.pills import place as free_places

TALL = 4  # neurons in a column from which they need all the height there is
MAX_PILLS = 24  # weight labels in one gap
NEURON, OUTPUT_FACTOR, GATE = 36.0, 1.12, 54.0
BAR_PITCH, GATE_PITCH = 7.0, 54.0  # below the first neurons are pixels, from the second on they have their block
CLASS_RADIUS = 9.0  # from which a neuron can hold the name of a class
TILE_PITCH = 96.0  # from which there is room for circles, numbers, and the maps in the blocks
TILE, INPUT_TILE, OUTPUT_TILE, LEAST_TILE = 46.0, 55.0, 63.0, 10.0
LEAST_GAP, LEAST_OPEN, MOST_OPEN = 74.0, 7, 14  # px from column to column; columns that are open side by side
FULLEST = 0.2  # of the distance between two columns: the largest radius of a neuron
LEAST_WIRE = 8.0  # px from a neuron to its block
LEAST_ROOM = 40.0  # px of height, on the lowest stage
LARGEST_PITCH, LARGER = 150.0, 1.35  # how far neurons move apart, and how much larger they become, when zoomed in


@lru_cache(maxsize=32)
def layout(
    network: Network, width: float, height: float, scale: float = 1.0, heads: bool = True, manner: Manner | None = None
) -> Layout:
    """Place `network` on a stage; `heads` leaves room for column titles above and controls below."""
    return _Arrangement(network, width, height, scale, heads, manner or Manner()).layout()


def most_open(width: float, scale: float) -> int:
    """How many columns can stand side by side."""
    span = width - 2 * _margin(width, scale)
    return min(max(floor(span / (LEAST_GAP * scale)) + 1, LEAST_OPEN), MOST_OPEN)


def _margin(width: float, k: float) -> float:
    return 92 * k + min(60.0, max(0.0, (width - 900) * 0.12))


@dataclass(frozen=True, slots=True)
class _Standing:
    """A column before it has its place: how its neurons stand when all is seen."""

    rows: int
    pitch: float
    radius: float
    form: Form
    gated: bool


@dataclass(frozen=True, eq=False)
class _Arrangement:
    network: Network
    width: float
    height: float
    k: float
    heads: bool
    manner: Manner

    def layout(self) -> Layout:
        opened = self.manner.opened or folding.at_first(len(self.network.sizes), most_open(self.width, self.k))
        standings = self._roomy(opened, self._standings(opened))
        xs, gate_gap, folds = self._xs(opened, standings)
        limits = self._limits(standings, xs, gate_gap)
        columns = self._columns(opened, standings, xs, gate_gap, limits)
        across = limits.stretch(self.manner.camera)[0]
        larger = self.k * min(across, LARGER)
        clip = self._clip
        head_y, foot_y = 34 * self.k, self.height - self.manner.foot - 26 * self.k
        cards = tuple(self._fold(first, last, x, limits) for (first, last), x in folds)
        bare = Layout(
            self.network, self.width, self.height, larger, self.k, head_y, foot_y, columns, cards, self.manner, limits,
            clip, self._lowered,
        )  # fmt: skip
        bare.pills.update(_pills(bare))
        return bare

    @property
    def _clip(self) -> tuple[float, float]:
        if self.manner.camera.is_home or not self.heads:
            return 0.0, self.height
        return 70 * self.k, self.height - self.manner.foot - 68 * self.k

    @property
    def _lowered(self) -> float:
        return 8 * self.k if self.heads else 0.0

    @property
    def _middle(self) -> float:
        return (self.height - self.manner.foot) / 2 + self._lowered

    # -- how neurons stand ---------------------------------------------------------------------------------------

    def _standings(self, opened: tuple[int, ...]) -> list[_Standing]:
        sizes = [self.network.sizes[index] for index in opened]
        image = self.manner.image
        counts = [n for index, n in zip(opened, sizes, strict=True) if not (index == 0 and image)] or [1]
        most, k = max(counts), self.k
        room = self.height - self.manner.foot - ((196 if most > TALL else 240) * k if self.heads else 140 * k)
        room = max(room, LEAST_ROOM * k)
        pitch = min(LARGEST_PITCH * k, room / (most - 1)) if most > 1 else LARGEST_PITCH * k
        apart = (self.width - 2 * _margin(self.width, k)) / max(1, len(opened) - 1)
        made = []
        for index, n in zip(opened, sizes, strict=True):
            if index == 0 and image:
                made.append(_Standing(image[0], self._image_side() / max(image), 0.0, "image", False))
            else:
                made.append(self._standing(index, n, most, pitch, apart))
        return made

    def _image_side(self) -> float:
        return min(208 * self.k, self.width * 0.24, max(self.height - self.manner.foot - 240 * self.k, 60 * self.k))

    def _standing(self, index: int, n: int, most: int, pitch: float, apart: float) -> _Standing:
        """One of `most` neurons' column, `apart` px from the next."""
        k = self.k
        own = min(1.12 * max(pitch, 100 * k), pitch * (most - 1) / (n - 1)) if n > 1 else max(pitch, 100 * k)
        if self.manner.tiles and pitch < TILE_PITCH * k:
            return self._tile(index, n, own)
        near = max(pitch * 1.4, min(own, 56 * k))
        radius = float(np.clip(min(own, near) * 0.36, 2.5 * k, NEURON * k))
        radius = min(radius, max(apart * FULLEST, 18 * k))  # large enough for a name
        if index == len(self.network.sizes) - 1 and n == 1:
            radius *= OUTPUT_FACTOR
        gated = index > 0 and _is_gated(self.network, index) and (n == 1 or min(own, pitch * 1.2) >= GATE_PITCH * k)
        gated = gated and radius >= NUMBER_RADIUS * k
        form = self._form(own, radius)
        if form == "dot" and self.manner.shares and index == len(self.network.sizes) - 1 and radius >= CLASS_RADIUS * k:
            form = "circle"  # the name of a class needs less room than a number
        return _Standing(n, own, radius, form, gated)

    def _tile(self, index: int, n: int, own: float) -> _Standing:
        last = len(self.network.sizes) - 1
        size = min((INPUT_TILE if index == 0 else OUTPUT_TILE if index == last else TILE) * self.k, own * 0.8)
        form: Form = "tile" if size >= LEAST_TILE * self.k else self._form(own, size / 2)
        return _Standing(n, own, size / 2, form, False)

    def _form(self, pitch: float, radius: float) -> Form:
        if pitch < BAR_PITCH * self.k:
            return "bar"
        return "circle" if radius >= NUMBER_RADIUS * self.k else "dot"

    def _roomy(self, opened: tuple[int, ...], standings: list[_Standing]) -> list[_Standing]:
        """Blocks only where there is room for them beside their neurons."""
        gap = self._gate_gap(len(opened) - 1, self.width - sum(self._margins(opened, standings[0].form)))
        return [
            replace(s, gated=s.gated and gap >= s.radius + min(GATE * self.k, s.radius * 1.5) / 2 + LEAST_WIRE * self.k)
            for s in standings
        ]

    # -- where columns stand -------------------------------------------------------------------------------------

    def _xs(
        self, opened: tuple[int, ...], standings: list[_Standing]
    ) -> tuple[list[float], float, list[tuple[tuple[int, int], float]]]:
        """The columns' x, the distance to their blocks, and the cards; the first gap is a little wider."""
        k = self.k
        left, right = self._margins(opened, standings[0].form)
        span = self.width - left - right
        shares = [folding.CARD + 0.4 if b > a + 1 else 1.0 for a, b in pairwise(opened)]
        if len(opened) <= 7:
            shares[0] *= 1.2
        gate_gap = self._gate_gap(len(shares), span)
        gated = [s.gated for s in standings]
        if gated[-1]:
            span += 24 * k  # the last block may stand a little further out
        unit = (span - gate_gap * sum(gated)) / sum(shares)
        xs, folds = [left], []
        for place, share in enumerate(shares):
            before = gate_gap if gated[place] else 0.0
            xs.append(xs[-1] + before + unit * share)
            if opened[place + 1] > opened[place] + 1:
                middle = xs[-1] - unit * share / 2
                folds.append(((opened[place] + 1, opened[place + 1] - 1), middle))
        return xs, gate_gap, folds

    def _margins(self, opened: tuple[int, ...], first: Form) -> tuple[float, float]:
        """From the stage's edges to the middles of the first and the last column."""
        k, margin = self.k, _margin(self.width, self.k)
        left = right = 72 * k if len(opened) > 7 else margin
        if first == "image":
            rows, columns = self.manner.image or (1, 1)
            left = 58 * k + self._image_side() / max(rows, columns) * columns / 2
        return left, 36 * k + SHARES * k if self.manner.shares else right

    def _gate_gap(self, gaps: int, span: float) -> float:
        return min(124 * self.k, span * 0.34 / gaps)

    def _limits(self, standings: list[_Standing], xs: list[float], gate_gap: float) -> Limits:
        gap = max(b - a - gate_gap * s.gated for a, b, s in zip(xs, xs[1:], standings, strict=False))
        across = max(1.0, WIDEST * self.width / gap)
        finest = min(s.pitch for s in standings)
        return Limits(across, max(2.5, LARGEST_PITCH * self.k * LARGER / finest))

    def _columns(
        self, opened: tuple[int, ...], standings: list[_Standing], xs: list[float], gate_gap: float, limits: Limits
    ) -> tuple[Column, ...]:
        gaps = [b - a for a, b in pairwise(xs)]
        near = [min(gaps[max(0, i - 1) : i + 1]) for i in range(len(xs))]
        made = zip(opened, standings, xs, near, strict=True)
        return tuple(self._column(index, s, x, gate_gap, gap, limits) for index, s, x, gap in made)

    def _column(self, index: int, s: _Standing, x: float, gate_gap: float, gap: float, limits: Limits) -> Column:
        across, down = limits.stretch(self.manner.camera)
        larger = self.k * min(across, LARGER)
        pitch, units = s.pitch * down, self.network.sizes[index]
        radius, form, gated = s.radius, s.form, s.gated
        if not self.manner.camera.is_home and form != "image":
            radius, form, gated = self._zoomed(index, s, pitch, larger)
        if form == "image":
            pitch = s.pitch * across
        top = self._y(self._middle - (s.rows - 1) / 2 * s.pitch, limits)
        if form == "image":
            top = self._y(self._middle, limits) - (s.rows - 1) / 2 * pitch
        wide = (self.manner.image or (1, 1))[1] if form == "image" else 1
        gate_gap = gate_gap * across if s.gated else min(124 * larger, gap * across * 0.3)
        gate_x = self._x(x, limits) + gate_gap if gated else None
        block = min(GATE * larger, radius * 1.5)
        column = Column(
            index, self._x(x, limits), top, pitch, units, form, radius, range(units), gate_x, block, wide,
        )  # fmt: skip
        return _cropped(column, self._clip)

    def _zoomed(self, index: int, s: _Standing, pitch: float, larger: float) -> tuple[float, Form, bool]:
        """The radius, the form and whether there are blocks, at the pitch that is drawn."""
        ratio = larger / self.k
        if s.form == "tile":
            size = min(pitch * 0.8, TILE * 2.5 * larger)
            return size / 2, "tile" if size >= LEAST_TILE * self.k else self._form(pitch, size / 2), False
        most = max(NEURON * larger, s.radius * ratio)
        radius = float(np.clip(pitch * 0.36 if s.rows > 1 else most, 2.5 * self.k, most))
        gated = _is_gated(self.network, index) and index > 0 and (s.gated or pitch >= 2 * GATE_PITCH * larger)
        return radius, self._form(pitch if s.rows > 1 else LARGEST_PITCH, radius), gated

    def _x(self, x: float, limits: Limits) -> float:
        across = limits.stretch(self.manner.camera)[0]
        return self.width / 2 + (x - self.manner.camera.x * self.width) * across

    def _y(self, y: float, limits: Limits) -> float:
        height = self.height - self.manner.foot
        return (
            self._middle
            + (y - self._middle + (0.5 - self.manner.camera.y) * height) * limits.stretch(self.manner.camera)[1]
        )

    def _fold(self, first: int, last: int, x: float, limits: Limits) -> Fold:
        return Fold(first, last, self._x(x, limits), self._middle)


def _cropped(column: Column, clip: tuple[float, float]) -> Column:
    """The column with the neurons that are on the stage."""
    rows = -(-column.units // column.across)
    margin = max(column.radius, column.pitch / 2)
    first = max(0, ceil((clip[0] - margin - column.top) / column.pitch))
    last = min(rows - 1, floor((clip[1] + margin - column.top) / column.pitch))
    visible = range(first * column.across, min((last + 1) * column.across, column.units))
    return replace(column, visible=visible)


def _is_gated(net: Network, column: int) -> bool:
    """Whether a column passes on something else than its sums."""
    return column > 0 and (net.activations[column - 1] != "linear" or net.shortcuts[column] is not None)


def _pills(place: Layout) -> dict[tuple[int, int, int], tuple[float, float]]:
    pills: dict[tuple[int, int, int], tuple[float, float]] = {}
    if place.tiled:
        return pills
    for layer, left, right in place.gaps:
        if (
            not 0 < len(left.visible) * len(right.visible) <= MAX_PILLS
            or right.entry_x - left.exit_x <= 90 * place.scale
        ):
            continue
        ends = {(s, n): place.link(layer, s, n) for s in left.visible for n in right.visible}
        spots = free_places(ends, PILL_WIDTH * place.scale + 4, PILL_HEIGHT * place.scale + 3)
        pills.update({(layer, *link): at for link, at in spots.items() if _is_seen(at, place)})
    return pills


def _is_seen(at: tuple[float, float], place: Layout) -> bool:
    return 0 <= at[0] <= place.width and place.clip[0] <= at[1] <= place.clip[1]
