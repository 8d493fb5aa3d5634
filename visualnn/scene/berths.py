"""Places beside the network for what loss, backward pass and update write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from math import hypot

import numpy as np

from visualnn.scene.clearance import Candidate, Clearance, Rectangle, around
from visualnn.scene.frame import Place
from visualnn.scene.layout import PILL_HEIGHT, PILL_WIDTH, Layout
from visualnn.scene.look import text_width
from visualnn.scene.pills import bezier

SIZES = ((13.0, 22.0, 6.0), (12.0, 18.0, 3.0))  # text, height, distance; the second where there is little room
PADDING = 14.0
STATIONS = (0.5, 0.42, 0.6, 0.34, 0.68, 0.26, 0.76, 0.18, 0.84)  # along a connection, for its tag, best first
LAST_SIZES = (*SIZES, (11.0, 15.0, 2.0))
NEAR = 72.0  # px from its place that a tag goes rather than hide the label of another weight
UPRIGHT = (36.0, 84.0)  # px aside and px away that are still above or below a neuron
ROUND = (*((dx, dy) for dx in (0, 0.3, -0.3, 0.7, -0.7) for dy in (-1, 1)), (1, 0), (-1, 0))  # best first

GRID = sorted(
    ((12.0 * x, 3.0 * y) for x in range(-16, 17) for y in range(-50, 51)), key=lambda at: at[0] ** 2 + at[1] ** 2
)


@dataclass(frozen=True, slots=True)
class Berth:
    """A place that is free."""

    x: float
    y: float
    size: float  # of its text
    high: float

    def width_of(self, text: str, scale: float) -> float:
        """How wide a tag with this text is."""
        return tag_width(text, self.size, scale)


def tag_width(text: str, size: float, scale: float) -> float:
    """How wide a tag is."""
    return text_width(text, size) + PADDING * scale


def _spots_near(anchor: Candidate, aside: float, far: float, scale: float) -> list[Candidate]:
    """Spots around a place, the nearest first, so far to a side and away."""
    near = (at for at in GRID if abs(at[0]) <= aside and hypot(*at) <= far)
    return [(anchor[0] + dx * scale, anchor[1] + dy * scale) for dx, dy in near]


@dataclass(frozen=True, eq=False)
class Berths:
    """All places for one network, stage and row."""

    layout: Layout
    targets: dict[int, Berth]
    loss: Berth | None
    slopes: dict[Place, Berth]
    tags: Clearance  # what slopes alone leave free
    during_slopes: Clearance  # what is free while slopes stand
    during_update: Clearance  # what is free when they are gone
    bodies: tuple[Clearance, Clearance]  # both without the labels of weights
    lone_names: dict[Place, Rectangle]  # of neurons that have one only while they are at work

    def are_clear_of_slopes(self, outlines: list[Rectangle]) -> bool:
        """Whether no slope stands in these places."""
        return all(
            self.tags.is_free(((left + right) / 2, (top + bottom) / 2), right - left, bottom - top)
            for left, top, right, bottom in outlines
        )

    def at_work(self, place: Place, text: str, *, changes: bool = False) -> Berth | None:
        """Where a tag stands well: beside what a step is about; `changes`: in the update."""
        clear, k = self._around_work(self.during_update if changes else self.during_slopes, place), self.layout.scale
        for size, high, gap in ((size * k, high * k, gap * k) for size, high, gap in SIZES):
            wide = tag_width(text, size, k)
            at = clear.first(self._beside(place, (wide, high, gap), changes), wide, high)
            if at is not None:
                return Berth(*at, size, high)
        return None

    def at_any_rate(self, place: Place, text: str, *, changes: bool = False) -> Berth | None:
        """Where a tag stands at least: near its place on connections; then over labels, which give way."""
        regular, anchor = self.at_work(place, text, changes=changes), self._anchor(place)
        if regular is not None or anchor is None:
            return regular
        labelled, k = self.during_update if changes else self.during_slopes, self.layout.scale
        tries = [(labelled, NEAR, NEAR), (self.bodies[changes], np.inf, np.inf)]
        if place.kind == "bias":  # above or below its neuron, if it can
            tries = [(labelled, *UPRIGHT), (self.bodies[changes], *UPRIGHT), *tries]
        for clear, aside, far in tries:
            free, spots = self._around_work(clear, place), _spots_near(anchor, aside, far, k)
            for size, high, _gap in LAST_SIZES:
                at = free.first(spots, tag_width(text, size * k, k), high * k)
                if at is not None:
                    return Berth(*at, size * k, high * k)
        return None

    def _around_work(self, clear: Clearance, place: Place) -> Clearance:
        """What a place at work leaves free: its label or its name may stand there only now."""
        label, k = self._label(place), self.layout.scale
        if label is not None:
            return clear.taking([around(*label, PILL_WIDTH * k, PILL_HEIGHT * k)])
        name = self.lone_names.get(Place("neuron", place.column, place.neuron))
        return clear if name is None else clear.taking([name])

    def _anchor(self, place: Place) -> Candidate | None:
        """The middle of what a tag belongs to; None where it is not drawn, or says its number itself."""
        if place.kind == "weight":
            return self._label(place)
        column = self.layout.column(place.column)
        if column is None or place.neuron not in column.visible or column.form != "circle":
            return None
        gate_x = column.gate_x if place.kind == "gate" else None
        return column.x if gate_x is None else gate_x, column.y_of(place.neuron)

    def _label(self, place: Place) -> Candidate | None:
        """Where a weight is written while it is at work."""
        if place.source is None:
            return None
        return self.layout.pill_at(place.column - 1, place.source, place.neuron)

    def _beside(self, place: Place, room: tuple[float, float, float], changes: bool) -> Iterable[Candidate]:
        """A slope on the way that brought it, a change where the number stands."""
        wide, high, gap = room
        if place.kind in ("neuron", "gate"):
            return self._beside_node(place, wide, high, gap)
        if place.kind == "bias":
            return self._beside_bias(place, wide, high, gap)
        assert place.source is not None
        link = (place.column - 1, place.source, place.neuron)
        on, round_it = self._on_link(link, high), self._round_label(link, wide, high, gap)
        return chain(round_it, on) if changes else chain(on, round_it)

    def _on_link(self, link: tuple[int, int, int], high: float) -> Iterable[Candidate]:
        """In the middle of the connection, else touching it."""
        try:
            ends = self.layout.link(*link)
        except KeyError:  # folded away
            return
        points = bezier(ends, np.array(STATIONS)).tolist()
        for off in (0.0, -0.4, 0.4, -0.8, 0.8, -1.2, 1.2):
            yield from ((x, y + off * high) for x, y in points)

    def _round_label(self, link: tuple[int, int, int], wide: float, high: float, gap: float) -> Iterable[Candidate]:
        pill, k = self.layout.pill_at(*link), self.layout.scale
        if pill is None:
            return
        down, across = PILL_HEIGHT / 2 * k + high / 2 + gap, PILL_WIDTH / 2 * k + wide / 2 + gap
        for far in (1.0, 1.6, 2.2):
            yield from ((pill[0] + dx * across, pill[1] + dy * down * far) for dx, dy in ROUND)

    def _beside_node(self, place: Place, wide: float, high: float, gap: float) -> Iterable[Candidate]:
        """Behind a block, before a neuron; above, below or on what leads there."""
        column = self.layout.column(place.column)
        if column is None or place.neuron not in column.visible or column.form != "circle":
            return
        y, side = column.y_of(place.neuron), 1 if place.kind == "gate" else -1
        gated = side > 0 and column.gate_x is not None  # a block that is not drawn is its neuron
        x, half = (column.gate_x or column.x, column.gate_size / 2) if gated else (column.x, column.radius)
        for far in (1.0, 1.5, 2.0):
            for down in (0.0, -0.7, 0.7, -1.3, 1.3):
                yield x + side * (half + gap * far + wide / 2), y + down * high

    def _beside_bias(self, place: Place, wide: float, high: float, gap: float) -> Iterable[Candidate]:
        """Below its text, or its neuron where it has none; aside of a name there; beside the text, above the neuron."""
        column, k = self.layout.column(place.column), self.layout.scale
        if column is None or place.neuron not in column.visible or column.form != "circle":
            return
        x, r, written = column.x, column.radius, 15 * k if self.layout.is_biased(column) else 0.0
        below = column.y_of(place.neuron) + r + written
        for aside in (0.0, 0.3 * r, 0.6 * r, 0.9 * r):
            yield x + aside, below + (8 * k if written else 0.0) + gap + high / 2
        if written:
            yield x + wide / 2 + 44 * k, below + 4 * k
        for aside in (0.0, 0.3 * r, 0.6 * r):
            yield x + aside, column.y_of(place.neuron) - r - gap - high / 2
