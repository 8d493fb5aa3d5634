"""What stays while the weights move: neurons with their letters and curves, folded layers, a few words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.scene.clearance import Rectangle, meet, outlines
from visualnn.scene.curves import activation_curve
from visualnn.scene.drawing import crossed
from visualnn.scene.frame import Box, Dots, Item, Line, Text
from visualnn.scene.landscape.portrait.columns import COUNT, EDGE, HEAD, NOTE, STUB, Column, Fold
from visualnn.scene.landscape.portrait.placing import Plan
from visualnn.scene.look import Look, text_width

LETTER, LEAST_LETTER = 15.0, 10.0
NAME = 12.0
ROUND = 12.0 / 54.0  # of a block's width
CURVE = 19.0 / 54.0  # half of what its curve takes
LEAST_CURVE, LEAST_AXES = 12.0, 24.0  # px of a block from which it has its curve; and axes behind it
CURVE_BLOCK = 24.0  # px of the block above a crowd
MOST_STUBS = 16


@dataclass(frozen=True, eq=False)
class Bodies:
    """Draws what stays."""

    plan: Plan
    look: Look

    def items(self) -> list[Item]:
        """Neurons and folds."""
        made = self.plan.made
        found = [item for column in made.columns for item in self._column(column)]
        return found + [item for fold in made.folds for item in self._fold(fold)]

    def words(self) -> list[Item]:
        """Names of hidden neurons where there is room, how large crowds are, and what is left out."""
        pills = [pill.outline for pill in self.plan.pills.values()]
        taken = [*pills, *outlines(self.items())]
        found = [item for column in self.plan.made.columns for item in self._names(column, taken)]
        return [*found, *self._notes()]

    # -- columns -------------------------------------------------------------------------------------------------

    def _column(self, column: Column) -> list[Item]:
        if not column.drawn:
            return self._crowd(column)
        draw = self._circle if column.form == "circle" else self._block
        return [item for neuron in range(column.units) for item in draw(column, neuron)]

    def _circle(self, column: Column, neuron: int) -> list[Item]:
        look, x, y, r = self.look, column.x, column.y_of(neuron), column.half
        silent = self.plan.sitter.is_silent(column.index, neuron)
        items: list[Item] = [Box(x, y, 2 * r, 2 * r, r, look["zerofill"], look["line2"], 1.5, silent)]
        name = self.plan.sitter.names[column.index][neuron]
        size = min(LETTER, 2 * r * 0.8)
        while size > LEAST_LETTER and text_width(name, size) > 2 * r - 6:
            size -= 1
        if text_width(name, size) <= 2 * r - 3:
            items.append(Text(x, y, name, size, 600, look["text2" if silent else "text"]))
        return items + (list(crossed(x, y, r, look["line3"], 1.5)) if silent else [])

    def _block(self, column: Column, neuron: int) -> list[Item]:
        silent = self.plan.sitter.is_silent(column.index, neuron)
        return self._curve(column, column.y_of(neuron), 2 * column.half, silent=silent)

    def _curve(self, column: Column, y: float, size: float, *, silent: bool = False) -> list[Item]:
        """A block with the curve of a column's activation."""
        look, x = self.look, column.x
        edge = look["line3"] if silent else look.mix("panel", "act", 0.75)
        items: list[Item] = [Box(x, y, size, size, ROUND * size, look["panel"], edge, 1.5, silent)]
        if size >= LEAST_CURVE:
            items += self._lines(column, y, size, silent=silent)
        return items + (list(crossed(x, y, size / 2, look["line3"], 1.5)) if silent else [])

    def _lines(self, column: Column, y: float, size: float, *, silent: bool) -> list[Item]:
        look, x, half = self.look, column.x, CURVE * size
        curve = activation_curve(self.plan.sitter.network.activations[column.index - 1])

        def spot(u: float, v: float) -> tuple[float, float]:
            return x + u * half, y - v * half

        axes = ((spot(-1, curve.zero_y), spot(1, curve.zero_y)), (spot(0, -1), spot(0, 1)))
        items: list[Item] = [Line(ends, look["line2"], 1.0) for ends in axes if size >= LEAST_AXES]
        width = max(1.2, 2.4 * size / 54)
        points = tuple(spot(u, v) for u, v in curve.points)
        return [*items, Line(points, look["text3" if silent else "act"], width)]

    def _crowd(self, column: Column) -> list[Item]:
        """Dots or a bar, and above a hidden one what its neurons do."""
        look, (top, bottom) = self.look, column.reach
        items: list[Item] = []
        if column.form == "dot":
            fill = np.full(column.units, look["line3"], dtype=np.uint32)
            for neuron in range(column.units):
                if self.plan.sitter.is_silent(column.index, neuron):
                    fill[neuron] = look["line"]
            items.append(Dots(column.x, column.ys, column.half, fill, fill))
        else:
            wide, middle = 2 * column.half, (top + bottom) / 2
            items.append(Box(column.x, middle, wide, bottom - top, column.half, look["raised"], look["line3"], 1.0))
        if 0 < column.index < len(self.plan.sitter.network.sizes) - 1:
            size = min(CURVE_BLOCK, self._apart(column) - 4)
            items += self._curve(column, top - (HEAD - 4) / 2 - 2, size)
        return items

    def _apart(self, column: Column) -> float:
        """Px from a column to the nearest other one, or to twice the edge."""
        xs = [abs(each.x - column.x) for each in self.plan.made.columns if each is not column]
        return min([*xs, 2 * column.x, 2 * (self.plan.made.width - column.x)])

    # -- folds ---------------------------------------------------------------------------------------------------

    def _fold(self, fold: Fold) -> list[Item]:
        """Three dots, below them how many layers there are, and at both sides what leads there."""
        look, x, y = self.look, fold.x, fold.y
        items: list[Item] = [*self._stubs(fold), *dots(x, y, look["text3"])]
        if fold.worded:
            items.append(Text(x, y + 14, fold.words, NAME, 500, look["text2"]))
        return items

    def _stubs(self, fold: Fold) -> list[Item]:
        items: list[Item] = []
        for index, side in ((fold.first - 1, 1), (fold.last + 1, -1)):
            column = self.plan.made.column(index)
            if column is not None and column.units <= MOST_STUBS:
                start = column.exit_x if side > 0 else column.entry_x
                ends = (start + 1.5 * side, start + (STUB - 1.5) * side)
                items += [Line(((ends[0], y), (ends[1], y)), self.look["line2"], 1.2) for y in column.ys.tolist()]
        return items

    # -- words ---------------------------------------------------------------------------------------------------

    def _names(self, column: Column, taken: list[Rectangle]) -> list[Item]:
        if not column.drawn:
            return self._count(column)
        if column.form == "circle":
            return []
        found: list[Item] = []
        for neuron in range(column.units):
            name, y = self.plan.sitter.names[column.index][neuron], column.y_of(neuron) - column.half - 10
            text = Text(column.x, y, name, NAME, 600, self.look["text2"])
            fits = text_width(name, NAME) <= 2 * column.half and y - NAME / 2 >= 0
            found += [text] if fits and not meet(outlines([text]), taken) else []
        return found if len(found) == column.units else []

    def _count(self, column: Column) -> list[Item]:
        """How many neurons a crowd has, after three dots where there is room for them."""
        look, y = self.look, column.reach[1] + COUNT / 2 + 2
        room = self._apart(column) - 4
        for text in (f"{column.units:,}", _short(column.units)):
            wide = text_width(text, NAME)
            if wide + 18 <= room:
                return [
                    *dots(column.x - wide / 2 - 2, y, look["text3"]),
                    Text(column.x + 8, y, text, NAME, 500, look["text2"]),
                ]
            if wide <= room:
                return [Text(column.x, y, text, NAME, 500, look["text2"])]
        return []

    def _notes(self) -> list[Item]:
        """What is left out, in the last lines."""
        made, lines = self.plan.made, self.plan.notes
        found: list[Item] = []
        for number, text in enumerate(lines):
            size = next((size for size in (12.0, 11.0, 10.0) if text_width(text, size) <= made.width - 8), 9.0)
            y = made.height - EDGE - NOTE * (len(lines) - number - 0.5)
            found.append(Text(made.width / 2, y, text, size, 450, self.look["text3"]))
        return found


def dots(x: float, y: float, color: int) -> list[Box]:
    """Three dots side by side: Inter has no such letter."""
    return [Box(x + 5.0 * k, y, 3.0, 3.0, 1.5, color) for k in (-1, 0, 1)]


def _short(count: int) -> str:
    """A large number in few letters."""
    return f"{count / 1000:.0f}k" if count >= 1000 else str(count)
