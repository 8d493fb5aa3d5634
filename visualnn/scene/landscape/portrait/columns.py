"""Where columns and neurons stand in a portrait, and which layers are folded. All lengths in logical pixels.

Up to 10 neurons are drawn as such, more as a row of dots, and what is too tall even for dots as one bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.landscape.portrait.sitter import Sitter

Form = Literal["circle", "block", "dot", "bar"]

MOST_DRAWN = 10  # neurons of a column that are drawn one by one
BODY, BETWEEN = 20.0, 32.0  # what a column and the gap beside it need at least for all columns to be open
INPUT, BLOCK, OUTPUT = 22.0, 27.0, 26.0  # half of what neurons measure at scale 1
PITCH, DOT_PITCH, LEAST_DOT_PITCH = 124.0, 20.0, 4.5  # from neuron to neuron at most; dots closer than that are a bar
APART = 6.0  # between two neurons, at least
DOT, BAR = 4.0, 5.0  # half of the largest dot, half of a bar
WIDEST_GAP = 110.0
EDGE = 6.0  # free above and below
HEAD, COUNT, NOTE, BIAS = 32.0, 20.0, 16.0, 28.0  # room for a curve above, numbers and a line below, a chosen bias
STUB = 7.0  # from a column to the fold beside it
FOLDS = 62.0, 18.0  # px that a fold is wide with its words and without them


@dataclass(frozen=True, slots=True)
class Column:
    """One open column of neurons."""

    index: int
    x: float
    top: float  # where neuron 0 stands
    pitch: float
    units: int
    form: Form
    half: float

    @property
    def drawn(self) -> bool:
        """Whether each neuron is drawn as such."""
        return self.form in ("circle", "block")

    @property
    def ys(self) -> NDArray[np.float64]:
        """Where every neuron stands."""
        return np.asarray(self.top + self.pitch * np.arange(self.units), dtype=np.float64)

    def y_of(self, neuron: int) -> float:
        """Where a neuron stands."""
        return self.top + self.pitch * neuron

    @property
    def reach(self) -> tuple[float, float]:
        """From which y to which the column is drawn."""
        half = self.pitch / 2 if self.form == "bar" else self.half
        return self.top - half, self.y_of(self.units - 1) + half

    @property
    def exit_x(self) -> float:
        """Where outgoing connections start."""
        return self.x + self.half

    @property
    def entry_x(self) -> float:
        """Where incoming connections end."""
        return self.x - self.half


@dataclass(frozen=True, slots=True)
class Fold:
    """Stands for the columns from `first` to `last`; `worded`: with room for how many these are."""

    first: int
    last: int
    x: float
    y: float
    worded: bool

    @property
    def count(self) -> int:
        """How many layers are folded."""
        return self.last - self.first + 1

    @property
    def words(self) -> str:
        """How many, in words."""
        return f"{self.count:,} layer{'' if self.count == 1 else 's'}"


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """Columns and folds; `space` is the width of every gap, `top` and `bottom` where numbers may stand."""

    width: float
    height: float
    columns: tuple[Column, ...]
    folds: tuple[Fold, ...]
    space: float
    top: float
    bottom: float

    @property
    def gaps(self) -> tuple[tuple[int, Column, Column], ...]:
        """Layers whose connections are drawn: the layer, and the columns on both sides."""
        return tuple((a.index, a, b) for a, b in pairwise(self.columns) if b.index == a.index + 1)

    def column(self, index: int) -> Column | None:
        """An open column by its place in the network."""
        return next((column for column in self.columns if column.index == index), None)


def margin(width: float) -> float:
    """Free at the left and at the right."""
    return 20.0 if width >= 280 else 14.0


def opened(sitter: Sitter, width: float) -> list[int]:
    """The columns that are open: all, or the first, the last and those of the chosen weights."""
    count = len(sitter.network.sizes)
    room = int((width - 2 * margin(width) + BETWEEN) / (BODY + BETWEEN))
    if count <= max(room, 2):
        return list(range(count))
    kept = {0, count - 1} | {place.column - by for place in sitter.chosen for by in (0, 1)}
    if not sitter.chosen:
        kept |= {1, count - 2}
    for column in range(1, count - 1):
        if len(kept) < room and {column - 1, column + 1} <= kept:
            kept.add(column)  # rather than a fold of one layer
    return sorted(kept)


def arranged(sitter: Sitter, size: tuple[float, float], *, scale: float, spare: float = 0.0) -> Arrangement:
    """Columns side by side; `spare`: px that are kept free above and below for numbers that fit nowhere else."""
    columns = opened(sitter, size[0])
    top, bottom, stack = _stack(sitter, columns, size[1], spare=spare)
    forms = [_form(sitter, index, stack[1] - stack[0]) for index in columns]
    halves = _halves(sitter, columns, forms, scale=scale, room=stack[1] - stack[0])
    worded, space, xs = _across(columns, halves, size[0])
    made = tuple(
        _column(index, sitter.network.sizes[index], xs[k], (forms[k], halves[k]), stack)
        for k, index in enumerate(columns)
    )
    middle = (stack[0] + stack[1]) / 2
    folds = tuple(
        Fold(a.index + 1, b.index - 1, (a.exit_x + b.entry_x) / 2, middle, worded)
        for a, b in pairwise(made)
        if b.index > a.index + 1
    )
    return Arrangement(*size, made, folds, space, top, bottom)


def _stack(
    sitter: Sitter, columns: Sequence[int], height: float, *, spare: float
) -> tuple[float, float, tuple[float, float]]:
    """From which y to which there may be numbers; and neurons, which have more above and below them."""
    sizes, last = sitter.network.sizes, len(sitter.network.sizes) - 1
    crowds = [index for index in columns if sizes[index] > MOST_DRAWN]
    lines = bool(crowds) + (len(columns) < len(sizes))  # what is left out of gaps, and of layers
    top, bottom = EDGE, height - EDGE - NOTE * lines
    above = spare + (HEAD if any(0 < index < last for index in crowds) else 0.0)
    biased = any(place.kind == "bias" for place in sitter.chosen)
    below = spare + (COUNT if crowds else 0.0) + (BIAS if biased else 0.0)
    return top, bottom, (top + above, max(bottom - below, top + above + 1.0))


def _form(sitter: Sitter, index: int, room: float) -> Form:
    units = sitter.network.sizes[index]
    if units > MOST_DRAWN:
        return "dot" if room / units >= LEAST_DOT_PITCH else "bar"
    return "block" if 0 < index < len(sitter.network.sizes) - 1 else "circle"


def _halves(sitter: Sitter, columns: Sequence[int], forms: Sequence[Form], *, scale: float, room: float) -> list[float]:
    """Half of what the neurons of each column measure; all blocks are of one size."""
    found = []
    for index, form in zip(columns, forms, strict=True):
        pitch = min(PITCH, room / sitter.network.sizes[index])
        if form in ("dot", "bar"):
            found.append(min(DOT, 0.38 * pitch) if form == "dot" else BAR)
        else:
            ideal = BLOCK if form == "block" else OUTPUT if index else INPUT
            found.append(min(ideal * scale, (pitch - min(APART, 0.3 * pitch)) / 2))
    smallest = min((half for half, form in zip(found, forms, strict=True) if form == "block"), default=0.0)
    return [smallest if form == "block" else half for half, form in zip(found, forms, strict=True)]


def _across(columns: Sequence[int], halves: Sequence[float], width: float) -> tuple[bool, float, list[float]]:
    """Whether folds have room for words, how wide the gaps are, and where the columns stand."""
    steps = [b - a for a, b in pairwise(columns)]
    folded, gaps = sum(step > 1 for step in steps), sum(step == 1 for step in steps)
    room = width - 2 * margin(width) - 2 * sum(halves)
    for fold in FOLDS:
        space = (room - folded * (fold + 2 * STUB)) / max(gaps, 1)
        if space >= BETWEEN:
            break
    space = min(space, WIDEST_GAP)
    taken = 2 * sum(halves) + gaps * space + folded * (fold + 2 * STUB)
    x, xs = (width - taken) / 2 + halves[0], []
    for step, half, following in zip([*steps, 0], halves, [*halves[1:], 0.0], strict=True):
        xs.append(x)
        x += half + (space if step == 1 else fold + 2 * STUB) + following
    return fold == FOLDS[0], space, xs


def _column(index: int, units: int, x: float, shape: tuple[Form, float], stack: tuple[float, float]) -> Column:
    form, half = shape
    pitch = min(DOT_PITCH if form == "dot" else PITCH, (stack[1] - stack[0]) / units)
    top = (stack[0] + stack[1]) / 2 - pitch * (units - 1) / 2
    return Column(index, x, top, pitch, units, form, half)
