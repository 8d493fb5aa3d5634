"""The way slopes take back: dashes that run towards the inputs, with arrow heads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.drawing import Drawing
from visualnn.scene.frame import Arrow, Item, Line
from visualnn.scene.layout import PILL_HEIGHT, PILL_WIDTH
from visualnn.scene.pills import bezier
from visualnn.scene.ways import Link

DASH = (7.0, 5.0)  # a whole number of them is as long as `playback.DRIFT`
ALONE, ONE_OF_MANY = 3.0, 2.2  # px
HEADS = ((0.84, 0.9, 0.76), (0.2, 0.13, 0.28))  # where along a connection one may stand, best first
HEAD_LENGTH, HEAD_WIDTH = 15.0, 13.0
LEAST_WIRE = 26.0  # px from which a wire has room for one
POINTS = 41
Points = NDArray[np.float64]


@dataclass(frozen=True)
class TrailDrawing(Drawing):
    """Draws what lies between connections and neurons."""

    def items(self) -> list[Item]:
        """The whole way, from the outputs on."""
        way = self.picture.way
        drawn = [item for link in sorted(way.links, reverse=True) for item in self._link(link)]
        return [*drawn, *(item for column, n in sorted(way.wires) for item in self._wire(column, n))]

    def _link(self, link: Link) -> list[Item]:
        try:
            ends = self.layout.link(*link)
        except KeyError:  # folded away
            return []
        beside = sum(each[0] == link[0] for each in self.picture.way.links) > 1
        heads = [self._head(ends, shares, link) for shares in HEADS[: 1 if beside else 2]]
        line = self._line(bezier(ends, np.linspace(1, 0, POINTS)), beside)
        return [line, *(head for head in heads if head is not None)]

    def _line(self, points: Points, beside: bool) -> Line:
        k = self.layout.scale
        width, dash = (ONE_OF_MANY if beside else ALONE) * k, (DASH[0] * k, DASH[1] * k)
        path = tuple((x, y) for x, y in points.tolist())
        return Line(path, self.look["accent"], width, dash, self.picture.drift * k)

    def _head(self, ends: tuple[float, float, float, float], shares: tuple[float, ...], link: Link) -> Arrow | None:
        """At the first of these shares that the weight does not cover."""
        pill, k = self.written().get(link), self.layout.scale
        for share in shares:
            (x, y), there = bezier(ends, np.array([share, share - 0.02]))
            room = ((PILL_WIDTH + HEAD_LENGTH) / 2 * k, (PILL_HEIGHT + HEAD_WIDTH) / 2 * k)
            clear = pill is None or abs(x - pill[0]) > room[0] or abs(y - pill[1]) > room[1]
            if clear:
                dx, dy = there - (x, y)
                return self._arrow(float(x), float(y), float(dx), float(dy))
        return None

    def _arrow(self, x: float, y: float, dx: float, dy: float) -> Arrow:
        k, length = self.layout.scale, float(np.hypot(dx, dy))
        return Arrow(x, y, dx / length, dy / length, HEAD_LENGTH * k, HEAD_WIDTH * k, self.look["accent"])

    def _wire(self, index: int, neuron: int) -> list[Item]:
        """From the activation block to the sum."""
        column, k = self.layout.column(index), self.layout.scale
        if column is None or column.gate_x is None or neuron not in column.visible:
            return []
        y, left, right = column.y_of(neuron), column.x + column.radius, column.gate_x - column.gate_size / 2
        line = self._line(np.array([(right, y), (left, y)]), False)
        if right - left < LEAST_WIRE * k:
            return [line]
        return [line, self._arrow((left + right) / 2, y, -1.0, 0.0)]
