"""The state of everything at one moment: numbers that are known, numbers on their way, connections that are lit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import LayerParameters, Vector
from visualnn.nn.passes import LayerPass
from visualnn.nn.trace import Trace
from visualnn.scene.frame import Place
from visualnn.scene.moved import Moved
from visualnn.scene.reckoning import Reckoning
from visualnn.scene.timeline import Step
from visualnn.scene.ways import NO_WAY, Way

State = Literal["todo", "now", "done"]


@dataclass(frozen=True, slots=True)
class NeuronState:
    """A neuron's circle: what stands in it."""

    state: State
    value: float | None = None


@dataclass(frozen=True, slots=True)
class GateState:
    """An activation block: the sum that entered, what it passes on, and how far the clipping has come (0…1)."""

    state: State
    z: float | None = None
    a: float | None = None
    share: float = 1.0
    added: float = 0.0  # what a shortcut has added to it


@dataclass(frozen=True, slots=True)
class Pulse:
    """A number on its way along a connection; before its weight it is the input, after it the product."""

    layer: int
    source: int
    neuron: int
    share: float
    before: str
    after: str
    value: float


@dataclass(frozen=True, slots=True)
class Lit:
    """Connections at work: those of one layer from one source (None: all) into one neuron (None: all)."""

    layer: int
    source: int | None = None
    neuron: int | None = None

    def holds(self, layer: int, sources: NDArray[np.intp], neurons: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of these connections of a layer are among them."""
        found = np.full(len(sources), layer == self.layer)
        if self.source is not None:
            found &= sources == self.source
        if self.neuron is not None:
            found &= neurons == self.neuron
        return found

    def holds_one(self, layer: int, source: int, neuron: int) -> bool:
        """Whether this connection is among them."""
        return layer == self.layer and self.source in (None, source) and self.neuron in (None, neuron)


NONE_LIT = Lit(-1)


@dataclass(frozen=True, slots=True)
class Flow:
    """A whole layer at work at once, and how far what it sends has come; `back`: slopes, from right to left."""

    layer: int
    share: float
    back: bool = False


@dataclass(frozen=True, eq=False)
class Picture:
    """The state of everything at one moment.

    `working` is the operation of the forward pass that is going on, `share` how far it has come; without one, nothing
    has been computed yet or, if `computed`, everything has. Then `reckoning` says how far the rest has come.
    """

    trace: Trace
    computed: bool
    working: Step | None = None
    share: float = 1.0
    bright: Lit | None = None  # None: all
    focus: Place | None = None
    pulse: Pulse | None = None
    flow: Flow | None = None
    complete: bool = True
    moved: Moved | None = None  # weights and biases as far as the update has come
    reckoning: Reckoning | None = None
    way: Way = NO_WAY
    drift: float = 0.0  # px that the dashes of the way have moved

    def parameters(self, layer: int) -> LayerParameters:
        """The weights and biases of a layer at this moment."""
        if self.moved is not None:
            return self.moved.layer(layer)
        return LayerParameters(self.trace.layers[layer].w, self.trace.layers[layer].b)

    def weight(self, layer: int, source: int, neuron: int) -> float:
        """One weight at this moment."""
        if self.moved is not None:
            return self.moved.one(layer, neuron, source)
        return float(self.trace.layers[layer].w[source, neuron])

    def bias(self, layer: int, neuron: int) -> float:
        """One bias at this moment."""
        if self.moved is not None:
            return self.moved.one(layer, neuron, None)
        return float(self.trace.layers[layer].b[neuron])

    def reached(self, column: int) -> int:
        """How many neurons of a column are finished."""
        layer = self.trace.layers[column - 1] if column else None
        units = self.trace.x.size if layer is None else layer.z.size
        if layer is None or self.computed:
            return units
        step = self.working
        if step is None or column - 1 > step.layer:
            return 0
        return units if column - 1 < step.layer else max(step.neuron, 0)

    def sums(self, column: int) -> Vector:
        """What stands in the neurons of a column: the inputs, or the sums of the finished ones; NaN for the others."""
        return self._finished(column, self.trace.x if column == 0 else self.trace.layers[column - 1].z)

    def passed(self, column: int) -> Vector:
        """What the neurons of a column pass on, NaN for those that are not finished."""
        return self._finished(column, self.trace.x if column == 0 else self.trace.layers[column - 1].a)

    def _finished(self, column: int, values: Vector) -> Vector:
        reached = self.reached(column)
        if reached == values.size or self.complete:
            return values
        found = np.full(values.size, np.nan)
        found[:reached] = values[:reached]
        return found

    def neuron(self, column: int, n: int) -> NeuronState:
        """A neuron's circle."""
        if column == 0:
            return NeuronState("done", float(self.trace.x[n]))
        return self._state(column, n)[0]

    def gate(self, column: int, n: int) -> GateState:
        """A neuron's activation block."""
        return self._state(column, n)[1]

    def _state(self, column: int, n: int) -> tuple[NeuronState, GateState]:
        layer, step = self.trace.layers[column - 1], self.working
        running = step if step is not None and step.layer == column - 1 else None
        return _neuron(layer, n, self.reached(column), running, self.share)


def ease(p: float) -> float:
    """In-out-cubic."""
    return 4 * p**3 if p < 0.5 else 1 - (2 - 2 * p) ** 3 / 2


def _neuron(layer: LayerPass, n: int, reached: int, step: Step | None, share: float) -> tuple[NeuronState, GateState]:
    z, f, total = float(layer.z[n]), float(layer.f[n]), float(layer.total[n])
    if n < reached:
        return NeuronState("done", z), _passed_on(layer, n)
    if step is None or n != step.neuron:
        return NeuronState("todo"), GateState("todo")
    move = ease(share)
    match step.kind:
        case "multiply":
            return NeuronState("now"), GateState("todo")
        case "sum":
            return NeuronState("now", total * move), GateState("todo")
        case "bias":
            return NeuronState("now", total + (z - total) * move), GateState("todo")
        case "activate":
            return NeuronState("done", z), GateState("now", z, z + (f - z) * move, move)
        case _:
            added = _passed_on(layer, n).added * move
            return NeuronState("done", z), GateState("now", z, f + added, added=added)


def _passed_on(layer: LayerPass, n: int) -> GateState:
    added = 0.0 if layer.shortcut is None else float(layer.shortcut[n])
    return GateState("done", float(layer.z[n]), float(layer.a[n]), added=added)
