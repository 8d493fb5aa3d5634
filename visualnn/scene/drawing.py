"""One drawing of a network: what is to be shown, where, and in which look. Shared by what draws its parts."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.scene.frame import Line, Place
from visualnn.scene.layout import Layout
from visualnn.scene.look import RGB, Look
from visualnn.scene.playback import GateState, Picture

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
    dead: frozenset[tuple[int, int]] = frozenset()  # (column, neuron) that are 0 for every row


@dataclass(frozen=True)
class Drawing:
    """A picture of a pass, the places of its parts, their names, and how they look."""

    layout: Layout
    picture: Picture
    names: tuple[tuple[str, ...], ...]
    look: Look
    style: Style

    def closed(self, index: int, gate: GateState) -> bool:
        """Whether an activation lets nothing through (or is just closing)."""
        name = self.picture.trace.network.activations[index - 1] if index else ""
        shut = name in SHUT and gate.z is not None and gate.z <= SHUT[name]
        return shut and (gate.state == "done" or gate.share > 0.5)

    def written(self) -> dict[tuple[int, int, int], tuple[float, float]]:
        """The resting labels, and those of connections that are pointed at, chosen or at work."""
        written = dict(self.layout.pills)
        for place in (self.picture.focus, self.style.hovered, self.style.selected):
            if place is not None and place.kind == "weight" and place.source is not None:
                link = (place.column - 1, place.source, place.neuron)
                at = self.layout.pill_at(*link)
                if at is not None:
                    written.pop(link, None)
                    written[link] = at  # on top
        return written


def underline(x: float, y: float, half: float, color: RGB) -> Line:
    """The dotted line under a number that can be set by hand."""
    return Line(((x - half, y), (x + half, y)), color, 1.0, (2.0, 2.0))
