"""One drawing of a network: what is to be shown, where, and in which look. Shared by what draws its parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.formula import number, precise
from visualnn.scene.frame import Line, Place
from visualnn.scene.layout import Column, Layout
from visualnn.scene.look import RGB, Look
from visualnn.scene.moment import GateState, Lit, Picture

Maps = NDArray[np.uint32]
SMALLEST = 1e-4  # slopes from which a tag has room for their digits

SHUT = {"relu": 0.0, "hard_sigmoid": -3.0, "hard_silu": -3.0}  # up to these sums they are 0


@dataclass(frozen=True, slots=True)
class Style:
    """How a picture is to be shown."""

    decimals: int = 2
    selected: Place | None = None
    hovered: Place | None = None
    editable: bool = True
    heads: bool = True
    biases: bool = True
    controls: bool = False  # whether activations and sizes are controls on the stage, not words
    rows: bool = False  # whether there is one above the inputs too
    presented: bool = False  # whether a head is one quiet line: "Hidden layer · ReLU"
    classes: tuple[str, ...] = ()  # what the outputs stand for
    silent: frozenset[tuple[int, int]] = frozenset()  # (column, neuron) that are switched off
    cut: frozenset[tuple[int, int, int]] = frozenset()  # (layer, source, neuron)
    dead: frozenset[tuple[int, int]] = frozenset()  # (column, neuron) that are 0 for every row
    blamed: frozenset[tuple[int, int]] = frozenset()  # (column, neuron) that an advice is about
    blamed_links: frozenset[tuple[int, int, int]] = frozenset()  # (layer, source, neuron)


@dataclass(frozen=True)
class Drawing:
    """A picture of a pass, the places of its parts, their names, and how they look."""

    layout: Layout
    picture: Picture
    names: tuple[tuple[str, ...], ...]
    look: Look
    style: Style
    maps: Maps | None = None  # of all neurons, the inputs first, (neurons, rows, columns) as 0xffRRGGBB

    def lights(self) -> frozenset[Lit] | None:
        """Which connections are lit; None: all of them."""
        bright, hovered = self.picture.bright, self.style.hovered
        pointed = hovered is not None and hovered.kind in ("neuron", "gate")
        if bright is None and not pointed:
            return None
        found = set() if bright is None else {bright}
        if hovered is not None and pointed:
            found |= {Lit(hovered.column - 1, neuron=hovered.neuron), Lit(hovered.column, source=hovered.neuron)}
        chosen = self.style.selected
        if bright is not None and chosen is not None and chosen.kind == "weight":
            found.add(Lit(chosen.column - 1, chosen.source, chosen.neuron))
        return frozenset(found)

    def is_class(self, column: Column) -> bool:
        """Whether the neurons of a column stand for classes."""
        return bool(self.style.classes) and column.index == len(self.layout.network.sizes) - 1

    def closed(self, index: int, gate: GateState) -> bool:
        """Whether an activation lets nothing through (or is just closing)."""
        name = self.picture.trace.network.activations[index - 1] if index else ""
        shut = name in SHUT and gate.z is not None and gate.z <= SHUT[name]
        return shut and (gate.state == "done" or gate.share > 0.5)

    def written(self) -> dict[tuple[int, int, int], tuple[float, float]]:
        """The resting labels, and those of connections that are blamed, pointed at, chosen or at work."""
        written = dict(self.layout.pills)
        blamed = (Place("weight", layer + 1, neuron, source) for layer, source, neuron in self.style.blamed_links)
        for place in (*blamed, self.picture.focus, self.style.hovered, self.style.selected):
            if place is not None and place.kind == "weight" and place.source is not None:
                link = (place.column - 1, place.source, place.neuron)
                at = self.layout.pill_at(*link)
                if at is not None:
                    written.pop(link, None)
                    written[link] = at  # on top
        return written


def slope_text(slope: float, decimals: int) -> str:
    """A slope as a tag says it: one that is small, but not nothing, with its first digit."""
    if slope == 0.0:
        return "∂ 0"
    text = number(slope, decimals)
    return f"∂ {text if text != '≈ 0' else precise(slope, 1, SMALLEST)}"


def crossed(x: float, y: float, reach: float, color: RGB, width: float) -> list[Line]:
    """Two strokes over what is switched off."""
    return [Line(((x - reach, y - reach * s), (x + reach, y + reach * s)), color, width) for s in (-1, 1)]


def underline(x: float, y: float, half: float, color: RGB) -> Line:
    """The dotted line under a number that can be set by hand."""
    return Line(((x - half, y), (x + half, y)), color, 1.0, (2.0, 2.0))
