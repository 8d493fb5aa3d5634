"""Makes a straight line of fully connected columns of a Keras model, with what else is done on the way.

Only what is said in the description is looked at, not yet the weights. What only scales and shifts its inputs becomes
part of a column next to it: of the sums before it where nothing bends them, else of the column after it. What leaves
some activations as they are and makes 0 of the others says which neurons are silent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod

from visualnn.files.errors import Damage
from visualnn.files.foreign.keras.activations import LAYERS, of_dense, of_layer
from visualnn.files.foreign.keras.graph import INPUT, Graph, Part
from visualnn.nn.network import MAX_UNITS, Layer, Network

Shape = tuple[int, ...]

IDLE = ("GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization", "Identity")  # unless it learns
SCALES = ("Rescaling", "Normalization", "BatchNormalization")
DEEPEST_SHAPE = 8  # axes of a row


@dataclass(frozen=True, eq=False)
class Scale:
    """A layer that scales and shifts, and the shape of the rows it gets."""

    part: Part
    shape: Shape


@dataclass(eq=False)
class Column:
    """A Dense layer with what belongs to it; `source` is the column whose activations are added to its own."""

    part: Part
    inputs: int
    units: int
    activation: str
    before: list[Scale]  # done to its inputs
    after: list[Scale] = field(default_factory=list)  # done to its sums
    source: int | None = None
    silent: frozenset[int] = frozenset()  # neurons that say 0
    silencer: Part | None = None


@dataclass(eq=False)
class Chain:
    """The columns. `marks` says of each part what its output is: the same mark for what passes it unchanged."""

    columns: list[Column] = field(default_factory=list)
    shape: Shape = ()  # of a row, where we are
    pending: list[Scale] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    end: int = 0  # the mark where we are
    values: dict[int, int] = field(default_factory=dict)  # the columns by the mark of their activations
    idle: list[Part] = field(default_factory=list)
    dropouts: list[tuple[int, float]] = field(default_factory=list)  # after which column, 0 the inputs
    rows: Shape = ()  # of the inputs

    @classmethod
    def of(cls, graph: Graph) -> Chain:
        """That of a model. Raises `Damage` naming the layer that cannot be shown."""
        chain = cls()
        for place, part in enumerate(graph.parts):
            chain._take(part, place)
        if not chain.columns:
            raise Damage("its model has no Dense layer")
        if chain.pending:
            raise Damage(f"{chain.pending[0].part} follows the last activation, where no weights can take it in")
        if chain.columns[-1].silencer is not None:
            raise Damage(f"{chain.columns[-1].silencer} follows the last activation, where no weights can take it in")
        chain.network()
        return chain

    def network(self) -> Network:
        """The network of these columns. Raises `VisualNNError` for shortcuts that have no such rule."""
        layers = tuple(Layer(column.units, column.activation) for column in self.columns)
        wanted = (None, *(column.source for column in self.columns))
        steps = {c - source for c, source in enumerate(wanted) if source is not None}
        for column in self.columns[:-1]:
            if column.activation == "softmax":
                raise Damage(f"{column.part} has the activation softmax, which only the last layer can have here")
        network = Network(self.columns[0].inputs, layers, min(steps, default=0))
        if network.shortcuts != wanted:
            raise Damage(
                "its Add layers do not follow one rule, each so many layers further on; only that can be shown"
            )
        return network

    def _take(self, part: Part, place: int) -> None:
        if (place == 0) != (part.kind == INPUT):
            raise Damage("its model has no input" if place == 0 else f"{part} is a second input; one can be shown")
        if part.kind == "Add":
            self._add(part)
        elif part.kind not in TAKEN:
            raise Damage(f"{part} {WHY.get(part.kind, 'has no counterpart in this program')}")
        else:
            if place and [self.marks[feed] for feed in part.feeds] != [self.end]:
                raise Damage(f"its layers branch before “{part.name[:40]}” ({part.kind}); only one line can be shown")
            TAKEN[part.kind](self, part)
        self.marks.append(self.end)

    def _changed(self) -> None:
        """What comes out is not what went in."""
        self.end = len(self.marks) + 1

    def _input(self, part: Part) -> None:
        shape = part.config.values.get("batch_shape", part.config.values.get("batch_input_shape"))
        sizes = shape[1:] if isinstance(shape, list) else ()
        known = [size for size in sizes if isinstance(size, int) and not isinstance(size, bool) and size > 0]
        if not 1 <= len(known) == len(sizes) <= DEEPEST_SHAPE:
            raise Damage(f"{part} does not say how many numbers a row has")
        if prod(known) > MAX_UNITS:
            raise Damage(f"{part} has {prod(known):,} numbers a row; the limit is {MAX_UNITS:,}")
        self.shape = self.rows = tuple(known)

    def _dense(self, part: Part) -> None:
        if len(self.shape) != 1:
            raise Damage(f"{part} works along the last axis of rows of {_words(self.shape)}; a Flatten is missing")
        if part.config.values.get("quantization_config") is not None:
            raise Damage(f"{part} is quantized; only whole weights can be shown")
        units = part.config.whole("units", 1, MAX_UNITS)
        self._close()
        self.columns.append(Column(part, self.shape[0], units, of_dense(part), self.pending))
        self.shape, self.pending = (units,), []
        self._changed()

    def _close(self) -> None:
        """The column before is whole: others may add its activations."""
        if self.columns and not self.pending:
            self.values[self.end] = len(self.columns)

    def _activation(self, part: Part) -> None:
        name = of_layer(part)
        if name == "linear":
            return
        if not self.columns or self.pending:
            raise Damage(f"{part} does not follow the sums of a Dense layer")
        column = self.columns[-1]
        if column.activation != "linear" or column.source is not None:
            before = "an Add" if column.source is not None else f"the activation {column.activation}"
            raise Damage(f"{part} follows {before}; a layer has one activation here")
        if part.kind == "Softmax" and part.config.values.get("axis", -1) == 1 and len(self.shape) > 1:
            raise Damage(f"{part} has the axis 1; only that of all outputs can be shown")
        column.activation = name
        self._changed()

    def _scale(self, part: Part) -> None:
        scale, column = Scale(part, self.shape), self.columns[-1] if self.columns else None
        if column is not None and column.activation == "linear" and column.source is None and not self.pending:
            column.after.append(scale)
        elif column is not None and not self.pending and column.silencer is None and _silenced(part, column.units):
            column.silent, column.silencer = _silenced(part, column.units), part
        else:
            self._close()
            self.pending.append(scale)
        self._changed()

    def _add(self, part: Part) -> None:
        marks = [self.marks[feed] for feed in part.feeds]
        others = [mark for mark in marks if mark != self.end]
        if not self.columns or self.pending or len(marks) != 2 or len(others) != 1 or others[0] not in self.values:
            raise Damage(f"{part} does not add the activations of one earlier Dense layer to those of the last")
        column = self.columns[-1]
        if column.silencer is not None:
            raise Damage(f"{part} adds to neurons that {column.silencer} has made 0; a silent one says nothing here")
        if column.source is not None:
            raise Damage(f"{part} is the second Add after “{column.part.name[:40]}”; one can be shown")
        column.source = self.values[others[0]]
        self._changed()

    def _dropout(self, part: Part) -> None:
        rate = part.config.number("rate")
        if not 0 <= rate < 1:
            raise part.config.wrong("rate", "a number from 0 and below 1")
        if rate:
            self.dropouts.append((len(self.columns), rate))

    def _idle(self, part: Part) -> None:
        self.idle.append(part)

    def _flatten(self, part: Part) -> None:
        self.shape = (prod(self.shape),)

    def _reshape(self, part: Part) -> None:
        sizes, total = part.config.get("target_shape"), prod(self.shape)
        if not isinstance(sizes, list) or len(sizes) > DEEPEST_SHAPE or not all(type(s) is int for s in sizes):
            raise part.config.wrong("target_shape", "a list of whole numbers")
        rest = prod(size for size in sizes if size != -1)
        shape = tuple(total // max(rest, 1) if size == -1 else size for size in sizes)
        if not shape or min(shape) < 1 or prod(shape) != total:
            raise Damage(f"{part} makes rows of {_words(shape)} from {total:,} numbers")
        self.shape = shape


TAKEN: dict[str, Callable[[Chain, Part], None]] = {
    INPUT: Chain._input,
    "Dense": Chain._dense,
    "Flatten": Chain._flatten,
    "Reshape": Chain._reshape,
    "Dropout": Chain._dropout,
    **dict.fromkeys(LAYERS, Chain._activation),
    **dict.fromkeys(SCALES, Chain._scale),
    **dict.fromkeys(IDLE, Chain._idle),
}
WHY = {
    "Lambda": "is a program, and programs in files are never run",
    "PReLU": "learns the slope of its ReLU, which this program does not",
}


def _silenced(part: Part, units: int) -> frozenset[int]:
    """Which neurons a layer makes 0 where it leaves the others as they are; none where it does anything else."""
    scale = part.config.values.get("scale")
    if part.kind != "Rescaling" or part.config.values.get("offset", 0) != 0 or not isinstance(scale, list):
        return frozenset()
    if len(scale) != units or any(type(value) not in (int, float) or value not in (0, 1) for value in scale):
        return frozenset()
    return frozenset(neuron for neuron, value in enumerate(scale) if value == 0)


def _words(shape: Shape) -> str:
    return "×".join(f"{size:,}" for size in shape)
