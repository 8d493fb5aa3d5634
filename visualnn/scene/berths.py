"""Places beside the network for what loss, backward pass and update write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np

from visualnn.scene.clearance import Candidate, Clearance, Rectangle, around
from visualnn.scene.frame import Place
from visualnn.scene.layout import PILL_HEIGHT, PILL_WIDTH, Layout
from visualnn.scene.look import text_width
from visualnn.scene.pills import bezier

SIZES = ((13.0, 22.0, 6.0), (12.0, 18.0, 3.0))  # text, height, distance; the second where there is little room
PADDING = 14.0
STATIONS = (0.5, 0.42, 0.6, 0.34, 0.68, 0.26, 0.76, 0.18, 0.84)  # along a connection, for its tag, best first
ROUND = (*((dx, dy) for dx in (0, 0.3, -0.3, 0.7, -0.7) for dy in (-1, 1)), (1, 0), (-1, 0))  # best first


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

    def are_clear_of_slopes(self, outlines: list[Rectangle]) -> bool:
        """Whether no slope stands in these places."""
        return all(
            self.tags.is_free(((left + right) / 2, (top + bottom) / 2), right - left, bottom - top)
            for left, top, right, bottom in outlines
        )

    def at_work(self, place: Place, text: str, *, changes: bool = False) -> Berth | None:
        """Beside the weight or bias that a step is about; `changes`: in the update."""
        clear, k = self.during_update if changes else self.during_slopes, self.layout.scale
        label = self._label(place)
        if label is not None:
            clear = clear.taking([around(*label, PILL_WIDTH * k, PILL_HEIGHT * k)])
        for size, high, gap in ((size * k, high * k, gap * k) for size, high, gap in SIZES):
            wide = tag_width(text, size, k)
            at = clear.first(self._beside(place, (wide, high, gap), changes), wide, high)
            if at is not None:
                return Berth(*at, size, high)
        return None

    def _label(self, place: Place) -> Candidate | None:
        """Where a weight is written that has no label while it rests."""
        if place.source is None or (place.column - 1, place.source, place.neuron) in self.layout.pills:
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
        x, half = (column.gate_x or column.x, column.gate_size / 2) if side > 0 else (column.x, column.radius)
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
