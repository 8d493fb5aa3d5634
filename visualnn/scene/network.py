"""The network as shapes: a picture of a pass on a layout gives a `Frame`."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.scene.curves import TITLES
from visualnn.scene.drawing import Drawing, Style
from visualnn.scene.frame import Frame, Item, Place, Spot, Text
from visualnn.scene.layout import MAX_LINKS, Layout
from visualnn.scene.links import LinkDrawing, link_at
from visualnn.scene.look import Look
from visualnn.scene.neurons import NeuronDrawing
from visualnn.scene.playback import Picture

__all__ = ["Style", "frame", "link_at"]


def frame(layout: Layout, picture: Picture, names: tuple[tuple[str, ...], ...], look: Look, style: Style) -> Frame:
    """Everything to paint for this picture."""
    what = (layout, picture, names, look, style)
    around = _Surroundings(*what)
    items = [*LinkDrawing(*what).items(), *NeuronDrawing(*what).items(), *around.items()]
    return Frame(layout.width, layout.height, tuple(items), tuple(around.spots()))


@dataclass(frozen=True)
class _Surroundings(Drawing):
    """Words around the network, and what can be pointed at."""

    def items(self) -> list[Item]:
        """Titles and captions."""
        return [*(self.heads() if self.style.heads else []), *self.captions()]

    def heads(self) -> list[Item]:
        """Column titles."""
        look, k, y = self.look, self.layout.scale, self.layout.head_y
        items: list[Item] = []
        last = len(self.layout.columns) - 1
        for index, column in enumerate(self.layout.columns):
            hidden = "Hidden layer" if last == 2 else f"Hidden {index}"
            title = "Input" if index == 0 else "Output" if index == last else hidden
            size = 14 * k if last < 7 else 12 * k
            items.append(Text(column.center_x, y, title, size, 600, look["text"]))
            below = self._subtitle(index)
            if below and last < 9:
                items.append(Text(column.center_x, y + 20 * k, below, 13 * k, 450, look["text2"]))
        return items

    def _subtitle(self, index: int) -> str:
        if index:
            return TITLES[self.picture.trace.network.activations[index - 1]][0]
        return "type a value" if self.style.editable else ""

    def captions(self) -> list[Item]:
        """What the picture leaves out, said in words."""
        notes = []
        for index, column in enumerate(self.layout.columns):
            if len(column.drawn) < column.units:
                notes.append(f"{len(column.drawn)} of {column.units:,} neurons in column {index + 1}")
        hidden = [w for left, right in zip(self.layout.columns, self.layout.columns[1:], strict=False)
                  if (w := len(left.drawn) * len(right.drawn)) > MAX_LINKS]  # fmt: skip
        if hidden:
            notes.append(f"the {MAX_LINKS} strongest connections of each gap")
        if not notes:
            return []
        text = "Drawn: " + ", ".join(notes) + "."
        return [Text(self.layout.width / 2, self.layout.foot_y, text, 12 * self.layout.scale, 450, self.look["text3"])]

    def spots(self) -> list[Spot]:
        """Hit areas at least 32 px high, topmost first."""
        k, found = self.layout.scale, []
        for (layer, source, neuron), (x, y) in self.written().items():
            found.append(Spot(Place("weight", layer + 1, neuron, source), x, y, 56 * k, 32 * k))
        for index, column in enumerate(self.layout.columns):
            for neuron, y in zip(column.drawn, column.ys, strict=True):
                side = max(2 * column.radius, 8 * k)
                found.append(Spot(Place("neuron", index, neuron), column.x, y, side, side))
                if column.gate_x is not None:
                    found.append(
                        Spot(Place("gate", index, neuron), column.gate_x, y, column.gate_size, column.gate_size)
                    )
                if index and column.pitch >= 2 * column.radius + 30 * k and column.radius >= 18 * k:
                    below = y + column.radius + 15 * k
                    found.append(Spot(Place("bias", index, neuron), column.x, below, 84 * k, 24 * k))
        return found
