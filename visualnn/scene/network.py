"""The network as shapes: a picture of a pass on a layout gives a `Frame`.

It comes in three parts that change at different times: the connections, what stands still during an operation, and
what moves. Each can be made alone, so that a stage redraws only what has changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from visualnn.nn.network import Network
from visualnn.scene.clearance import outlines
from visualnn.scene.curves import TITLES
from visualnn.scene.drawing import Drawing, Maps, Style
from visualnn.scene.frame import Box, Frame, Ground, Item, Line, Place, Spot, Text
from visualnn.scene.labels import LabelDrawing
from visualnn.scene.layout import Column, Layout
from visualnn.scene.links import FIELD_LINKS, MAX_LINKS, LinkDrawing, is_near, link_at
from visualnn.scene.look import Look, text_width
from visualnn.scene.moment import Lit, Picture
from visualnn.scene.neurons import NeuronDrawing
from visualnn.scene.tags import TagDrawing
from visualnn.scene.traffic import TrafficDrawing
from visualnn.scene.trails import TrailDrawing

__all__ = [
    "Style",
    "caption",
    "column_title",
    "frame",
    "ground",
    "input_words",
    "lights",
    "link_at",
    "moving",
    "place_at",
    "still",
    "trails",
]

NARROW = 86.0  # px from column to column below which a head has room for a number only
CARD_WIDTH, CARD_HEIGHT = 88.0, 62.0
STUB, MOST_STUBS = 26.0, 64
LAST_WORDS = 54.0  # px from the left where the caption begins


def frame(
    layout: Layout,
    picture: Picture,
    names: tuple[tuple[str, ...], ...],
    look: Look,
    style: Style,
    maps: Maps | None = None,
) -> Frame:
    """Everything to paint for this picture."""
    what = (layout, picture, names, look, style)
    below = ground(*what)
    above = moving(*what, below)
    return replace(still(*what, maps), ground=below, moving=above, trails=trails(*what))


def still(
    layout: Layout,
    picture: Picture,
    names: tuple[tuple[str, ...], ...],
    look: Look,
    style: Style,
    maps: Maps | None = None,
) -> Frame:
    """What stands while an operation goes on, without the connections."""
    what = (layout, picture, names, look, style, maps)
    around = _Surroundings(*what)
    neurons, tags = NeuronDrawing(*what), TagDrawing(*what).items()
    above = outlines([*tags, *neurons.name_at_work()])
    items = (*around.stubs(), *LabelDrawing(*what).items(above), *neurons.items(), *tags)
    spots = (*TagDrawing(*what).spots(), *around.spots())
    return Frame(layout.width, layout.height, (), items, tuple(around.items()), spots=spots, clip=layout.clip)


def moving(
    layout: Layout,
    picture: Picture,
    names: tuple[tuple[str, ...], ...],
    look: Look,
    style: Style,
    below: tuple[Ground, ...],
) -> tuple[Item, ...]:
    """What moves on the connections `below`, and what is at work."""
    what = (layout, picture, names, look, style)
    return (*LabelDrawing(*what).at_work(), *TrafficDrawing(*what).items(below), *NeuronDrawing(*what).moving())


def trails(
    layout: Layout, picture: Picture, names: tuple[tuple[str, ...], ...], look: Look, style: Style
) -> tuple[Item, ...]:
    """The way slopes take, on the connections and beneath everything else."""
    return tuple(TrailDrawing(layout, picture, names, look, style).items())


def ground(
    layout: Layout, picture: Picture, names: tuple[tuple[str, ...], ...], look: Look, style: Style
) -> tuple[Ground, ...]:
    """The connections alone."""
    return LinkDrawing(layout, picture, names, look, style).ground()


def lights(
    layout: Layout, picture: Picture, names: tuple[tuple[str, ...], ...], look: Look, style: Style
) -> frozenset[Lit] | None:
    """Which connections are lit; None: all."""
    return Drawing(layout, picture, names, look, style).lights()


def column_title(network: Network, index: int) -> str:
    """What a column is called."""
    last = len(network.sizes) - 1
    if index in (0, last):
        return "Output" if index else "Input"
    return "Hidden layer" if last == 2 else f"Hidden {index}"


def input_words(column: Column) -> str:
    """What is said of the inputs below their title."""
    if column.form == "image":
        return f"{column.units:,} pixels"
    if column.form != "circle":
        return f"{column.units:,} numbers" if column.form in ("dot", "bar") else ""
    return "type a value"


def place_at(layout: Layout, made: Frame, x: float, y: float) -> Place | None:
    """What lies under a point: a number, a neuron, or a connection."""
    spot = made.at(x, y)
    if spot is not None:
        return spot
    if not layout.clip[0] <= y <= layout.clip[1]:
        return None
    for column in layout.columns:
        neuron = column.neuron_at(x, y)
        if neuron is not None:
            return Place("neuron", column.index, neuron)
    return link_at(made.ground, x, y)


def caption(layout: Layout) -> str:
    """What the picture leaves out, said in words."""
    notes = []
    if any(is_near(layout, left, right) for _layer, left, right in layout.gaps):
        return "The connections between the neurons seen here."
    network, hidden = layout.network, sum(fold.count for fold in layout.folds)
    if hidden:
        noun = "layer" if hidden == 1 else "layers"
        notes.append(f"{network.connection_count:,} connections, {hidden} {noun} folded")
    sizes = [network.sizes[layer] * network.sizes[layer + 1] for layer, _left, _right in layout.gaps]
    crowded = [size for size in sizes if size > MAX_LINKS]
    if len(crowded) == 1 and not hidden:
        notes.append(f"The {MAX_LINKS} strongest of {crowded[0]:,} connections")
    elif crowded:
        notes.append(f"{'the' if notes else 'The'} {MAX_LINKS} strongest connections of each gap")
    if crowded and max(crowded) > FIELD_LINKS:
        notes[-1] += " as lines, the others as a haze"
    return ", ".join(notes) + "." if notes else ""


@dataclass(frozen=True)
class _Surroundings(Drawing):
    """Words around the network, cards for folded layers, and what can be pointed at."""

    def items(self) -> list[Item]:
        """Titles, cards and the caption."""
        return [*self.cards(), *(self.heads() if self.style.heads else []), *self.captions()]

    @property
    def _tight(self) -> bool:
        xs = [column.x for column in self.layout.columns]
        return min((b - a for a, b in pairwise(xs)), default=NARROW) < NARROW * self.layout.head_scale

    def heads(self) -> list[Item]:
        """Column titles."""
        look, k, y = self.look, self.layout.head_scale, self.layout.head_y
        items: list[Item] = []
        for column in self.layout.columns:
            if not -40 * k <= column.center_x <= self.layout.width + 40 * k:
                continue
            title, below = self.title(column), self._subtitle(column)
            if self.style.presented:
                items.append(Text(column.center_x, y, *self._head_line(column, title, below), 600, look["text2"]))
                continue
            items.append(Text(column.center_x, y, title, 14 * k, 600, look["text"]))
            if below and not self._tight:
                items.append(Text(column.center_x, y + 20 * k, below, 13 * k, 450, look["text2"]))
        return items

    def _head_line(self, column: Column, title: str, below: str) -> tuple[str, float]:
        """Title and activation side by side, smaller or without the second where columns are close; the size."""
        size, room = 15 * self.layout.head_scale, self._head_room(column)
        plain = column.index and self.layout.network.activations[column.index - 1] == "linear"
        line = title if plain or not below else f"{title} · {below}"
        for text in (line, title):
            width = text_width(text, size)
            if width <= 1.25 * room:
                return text, size * min(1.0, room / width)
        return title, size * min(1.0, room / text_width(title, size))

    def _head_room(self, column: Column) -> float:
        """Px around the middle of a column that no other head needs."""
        xs = [abs(each.center_x - column.center_x) for each in self.layout.columns if each is not column]
        return min((*xs, 2 * column.center_x, 2 * (self.layout.width - column.center_x))) - 12 * self.layout.head_scale

    def title(self, column: Column) -> str:
        """What a column is called above it."""
        title = column_title(self.layout.network, column.index)
        return str(column.index) if self._tight and title.startswith("Hidden") else title

    def _subtitle(self, column: Column) -> str:
        if column.index:
            return "" if self.style.controls else TITLES[self.layout.network.activations[column.index - 1]][0]
        return "" if self.style.rows or (not self.style.editable and column.form == "circle") else input_words(column)

    def captions(self) -> list[Item]:
        """What the picture leaves out."""
        text, k = caption(self.layout) if self.style.heads else "", self.layout.head_scale
        if not text:
            return []
        y = self.layout.foot_y + (0 if self._has_room(text) else -30 * k)
        return [Text(LAST_WORDS * k, y, text, 12 * k, 450, self.look["text3"], "left")]

    def _has_room(self, text: str) -> bool:
        """Whether the caption fits left of the first control."""
        k = self.layout.head_scale
        end = LAST_WORDS * k + text_width(text, 12 * k)
        rings = [(left.center_x + right.center_x) / 2 - 22 * k for _layer, left, right in self.layout.gaps]
        home = self.layout.manner.camera.is_home
        return not self.style.controls or (home and end < min(rings, default=self.layout.width))

    def cards(self) -> list[Item]:
        """What stands for folded layers."""
        look, k = self.look, self.layout.head_scale
        items: list[Item] = []
        for fold in self.layout.folds:
            x, y = fold.x, fold.y
            hovered = self.style.hovered == Place("fold", fold.first, fold.last)
            edge = look["accent"] if hovered else look["line2"]
            items.append(
                Box(x, y, CARD_WIDTH * k, CARD_HEIGHT * k, 14 * k, look["panel"], edge, 1.5 if hovered else 1.0)
            )
            items += [Box(x + 9 * k * d, y - 12 * k, 5 * k, 5 * k, 1.5 * k, look["accent"]) for d in (-1, 0, 1)]
            noun = "layer" if fold.count == 1 else "layers"
            items.append(Text(x, y + 12 * k, f"{fold.count} {noun}", 12 * k, 600, look["text2"]))
        return items

    def stubs(self) -> list[Item]:
        """What leads to the cards."""
        ends = [end for fold in self.layout.folds for end in ((fold.first - 1, 1), (fold.last + 1, -1))]
        return [line for index, side in ends for line in self._stubs(index, side)]

    def _stubs(self, index: int, side: int) -> list[Item]:
        """Short lines from a column towards the card beside it."""
        column = self.layout.column(index)
        if column is None or len(column.visible) > MOST_STUBS:
            return []
        x, k = (column.exit_x if side > 0 else column.entry_x), self.layout.head_scale
        color = self.look["line"]
        return [
            Line(((x + 4 * k * side, column.y_of(n)), (x + (4 + STUB) * k * side, column.y_of(n))), color, 1.0)
            for n in column.visible
        ]

    def spots(self) -> list[Spot]:
        """Hit areas at least 32 px high, topmost first."""
        k, found = self.layout.scale, []
        for fold in self.layout.folds:
            place = Place("fold", fold.first, fold.last)
            found.append(
                Spot(place, fold.x, fold.y, CARD_WIDTH * self.layout.head_scale, CARD_HEIGHT * self.layout.head_scale)
            )
        for (layer, source, neuron), (x, y) in self.written().items():
            found.append(Spot(Place("weight", layer + 1, neuron, source), x, y, 56 * k, 32 * k))
        for column in self.layout.columns:
            if column.form in ("circle", "tile"):
                for neuron in column.visible:
                    found += self._neuron_spots(column, neuron)
        return found

    def _neuron_spots(self, column: Column, neuron: int) -> list[Spot]:
        k, y, index = self.layout.scale, column.y_of(neuron), column.index
        side = max(2 * column.radius, 8 * k)
        found = [Spot(Place("neuron", index, neuron), column.x, y, side, side)]
        if column.gate_x is not None:
            gate = Place("gate", index, neuron)
            found.append(Spot(gate, column.gate_x, y, column.gate_size, column.gate_size))
        if index and self.layout.is_biased(column):
            found.append(Spot(Place("bias", index, neuron), column.x, y + column.radius + 15 * k, 84 * k, 24 * k))
        return found
