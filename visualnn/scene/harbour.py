"""Finds where there is room beside the network for what loss, backward pass and update write.

A place depends on the network, the stage and the row, not on the step: nothing jumps while steps go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from visualnn.nn.trace import Trace
from visualnn.scene.berths import SIZES, Berth, Berths
from visualnn.scene.clearance import Candidate, Clearance, Rectangle, around, outlines
from visualnn.scene.drawing import Drawing, Style, slope_text
from visualnn.scene.frame import Item, Place
from visualnn.scene.labels import LabelDrawing
from visualnn.scene.layout import SHARES, Column, Layout
from visualnn.scene.look import Look, text_width
from visualnn.scene.neurons import NeuronDrawing
from visualnn.scene.playback import whole

LEAST_RADIUS = 18.0  # of a neuron with tags
LINE = 20.0  # px from one line to the next
LOSS_SAMPLE = "loss 0.00000 → 0.00000"
SHORTEST = "∂ −0.00"  # tags keep room for this, whatever they say now
Offset = tuple[float, float, float, float]  # x, y, the size of the text, the height


@lru_cache(maxsize=4)
def berths(layout: Layout, trace: Trace, names: tuple[tuple[str, ...], ...], look: Look, style: Style) -> Berths:
    """The places of one network on one stage."""
    return _Search(layout, whole(trace), names, look, style).berths()


@dataclass(frozen=True)
class _Search(Drawing):
    """Finds a place for everything: targets and loss first, then slopes."""

    def berths(self) -> Berths:
        forward = self._clear(biases=True)
        targets, loss = self._answers(forward)
        said = [around(b.x, b.y, w, b.high) for b, w in [*targets.values(), *([loss] if loss else [])]]
        slopes = self._slopes(forward.taking(said), self._clear(biases=False).taking(said))
        tags = [self._outline(place, berth) for place, berth in slopes.items()]
        return Berths(
            self.layout,
            {n: berth for n, (berth, _) in targets.items()},
            loss[0] if loss else None,
            slopes,
            Clearance(forward.area, tags),
            forward.taking([*said, *tags]),
            forward.taking(said),
            (
                self._clear(biases=False, labels=False).taking([*said, *tags]),
                self._clear(biases=True, labels=False).taking(said),
            ),
            self._lone_names(),
        )

    def _lone_names(self) -> dict[Place, Rectangle]:
        """The names that neurons have only while they are at work."""
        drawing = NeuronDrawing(self.layout, self.picture, self.names, self.look, self.style)
        places = [Place("neuron", column.index, n) for column in self.layout.columns for n in column.visible]
        named = ((place, outlines(drawing.lone_name(place))) for place in places)
        return {place: name[0] for place, name in named if name}

    def _clear(self, *, biases: bool, labels: bool = True) -> Clearance:
        """What neurons, labels and words leave free; controls stand in the bands above and below."""
        style = replace(self.style, biases=biases)  # also where one is written only while it is at work
        what = (self.layout, self.picture, self.names, self.look, style)
        items: list[Item] = [*NeuronDrawing(*what).items(), *(LabelDrawing(*what).pills() if labels else ())]
        layout, k = self.layout, self.layout.head_scale
        top, bottom = layout.clip
        if self.style.heads:
            top, bottom = max(top, layout.head_y + 36 * k), min(bottom, layout.foot_y - 21 * k)
        return Clearance((3.0, top, layout.width - 3.0, bottom), outlines(items))

    # -- target and loss -----------------------------------------------------------------------------------------

    def _answers(self, clear: Clearance) -> tuple[dict[int, tuple[Berth, float]], tuple[Berth, float] | None]:
        """Targets at their outputs, the loss above or below them, with their widths."""
        column, k = self.layout.column(len(self.layout.network.layers)), self.layout.scale
        if column is None or self.picture.trace.target is None:
            return {}, None
        targets: dict[int, tuple[Berth, float]] = {}
        size = 13 * k
        if len(column.visible) == 1:  # both lines above each other, nothing between
            pair = self._pair(column, clear)
            if pair is not None:
                return {column.visible.start: pair[0]}, pair[1]
        for neuron in column.visible if column.form in ("circle", "tile") else ():
            found = self._target(column, neuron, clear)
            if found is not None:
                targets[neuron] = found
                clear = clear.taking([around(found[0].x, found[0].y, found[1], found[0].high)])
        wide, high = text_width(LOSS_SAMPLE, size), 16 * k
        at = clear.first(self._ends(column, wide), wide, high)
        return targets, None if at is None else (Berth(*at, size, high), wide)

    def _pair(self, column: Column, clear: Clearance) -> tuple[tuple[Berth, float], tuple[Berth, float]] | None:
        """Target over loss, where one output has room for both."""
        k, size = self.layout.scale, 13 * self.layout.scale
        wide, high, line = text_width(LOSS_SAMPLE, size), 16 * k, LINE * k
        at = clear.first(self._ends(column, wide, line / 2), wide, high + line)
        if at is None:
            return None
        upper, lower = Berth(at[0], at[1] - line / 2, size, high), Berth(at[0], at[1] + line / 2, size, high)
        return (upper, wide), (lower, wide)

    def _ends(self, column: Column, wide: float, more: float = 0.0) -> Iterable[Candidate]:
        """Above and below a column, in its middle or further in."""
        k, r = self.layout.scale, max(column.radius, column.pitch / 2 if column.form == "bar" else 0.0)
        first, last = column.y_of(column.visible.start), column.y_of(column.visible.stop - 1)
        inward = min(column.x, self.layout.width - wide / 2 - 6 * k)
        for x in (column.x, inward, inward - 30 * k, inward - 60 * k):
            for far in (18, 38, 58):
                yield x, first - r - far * k - more
            for far in (18, 34, 54, 74):
                yield x, last + r + far * k + more

    def _target(self, column: Column, neuron: int, clear: Clearance) -> tuple[Berth, float] | None:
        """Above its output, below it, or over its bar."""
        k, target = self.layout.scale, self.picture.trace.target
        assert target is not None
        r, x, y = column.radius, column.x, column.y_of(neuron)
        digits = 0 if self.style.classes else self.style.decimals
        for size in (13 * k, 11 * k):
            wide, high = text_width(f"target {target[neuron]:.{digits}f}", size), size * 1.1
            above = [(x, y - r - 15 * k), (x, y + r + 15 * k), (x, y + r + 32 * k)]
            over = [(column.exit_x + (14 + (SHARES - 24) / 2) * k, y - 12 * k)]
            right = [(column.exit_x + 8 * k + wide / 2, y - 12 * k)]
            shares = self.is_class(column) and self.layout.manner.shares
            at = clear.first(over if shares else above + right, wide, high)
            if at is not None:
                return Berth(*at, size, high), wide
        return None

    # -- slopes --------------------------------------------------------------------------------------------------

    def _slopes(self, biased: Clearance, bare: Clearance) -> dict[Place, Berth]:
        """A tag at every neuron and block where there is room, in a column all on the same side.

        They keep clear of biases where they can, so that the one at work can be read.
        """
        found: dict[Place, Berth] = {}
        for column in self.layout.columns:
            if column.index == 0 or column.form != "circle" or column.radius < LEAST_RADIUS * self.layout.scale:
                continue
            for kind, offsets in (("neuron", self._around_neuron), ("gate", self._around_gate)):
                if kind == "gate" and column.gate_x is None:
                    continue
                places = [Place(kind, column.index, n) for n in column.visible]  # type: ignore[arg-type]
                made = self._in_line(places, offsets(column), biased)
                if len(made) < len(places):
                    made = self._in_line(places, offsets(column), bare)
                tags = [self._outline(place, berth) for place, berth in made.items()]
                biased, bare = biased.taking(tags), bare.taking(tags)
                found |= made
        return found

    def _in_line(self, places: list[Place], offsets: list[Offset], clear: Clearance) -> dict[Place, Berth]:
        """As many as possible the same way, the others where they can."""

        def berth(place: Place, offset: Offset) -> Berth:
            x, y = self._middle(place)
            return Berth(x + offset[0], y + offset[1], *offset[2:])

        def free(place: Place, offset: Offset) -> bool:
            left, top, right, bottom = self._outline(place, made := berth(place, offset))
            return clear.is_free((made.x, made.y), right - left, bottom - top)

        best = max(offsets, key=lambda offset: sum(free(place, offset) for place in places))
        found: dict[Place, Berth] = {}
        for place in places:
            fitting = next((offset for offset in (best, *offsets) if free(place, offset)), None)
            if fitting is not None:
                found[place] = berth(place, fitting)
                clear = clear.taking([self._outline(place, found[place])])
        return found

    def _middle(self, place: Place) -> tuple[float, float]:
        column = self.layout.column(place.column)
        assert column is not None
        x = column.x if place.kind == "neuron" else column.gate_x or column.x
        return x, column.y_of(place.neuron)

    def _outline(self, place: Place, berth: Berth) -> Rectangle:
        slopes = self.picture.trace.slopes[place.column - 1]
        slope = float((slopes.dz if place.kind == "neuron" else slopes.da)[place.neuron])
        text = slope_text(slope, self.style.decimals)
        wide = max(berth.width_of(each, self.layout.scale) for each in (text, SHORTEST))
        return around(berth.x, berth.y, wide, berth.high)

    def _around_neuron(self, column: Column) -> list[Offset]:
        """Above, below, and a little aside of a name: x, y, text size, height."""
        k, r = self.layout.scale, column.radius
        found = []
        for size, high, gap in ((size * k, high * k, gap * k) for size, high, gap in SIZES):
            far = r + gap + high / 2
            aside = (0.0, 0.3 * r, 0.6 * r, -0.3 * r)
            found += [(dx, dy, size, high) for dy in (-far, far, far + 20 * k) for dx in aside]
        return found

    def _around_gate(self, column: Column) -> list[Offset]:
        """Above, below the number, or at a corner."""
        k, half = self.layout.scale, column.gate_size / 2
        found = []
        for size, high, gap in ((size * k, high * k, gap * k) for size, high, gap in SIZES):
            far, under = half + gap + high / 2, half + 24 * k + gap + high / 2
            found += [(dx, dy, size, high) for dy in (-far, under) for dx in (0.0, 0.5 * half, -0.5 * half)]
        return found
