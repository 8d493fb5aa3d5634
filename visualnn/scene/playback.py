"""What the network shows at a moment of a pass: which numbers are known, what moves, what is lit.

A `Picture` is complete: the same trace and the same t give the same picture, whichever way t was reached.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import LayerParameters, Vector
from visualnn.nn.trace import LayerPass, Trace, forward, overflowing
from visualnn.scene.formula import product_parts
from visualnn.scene.frame import Place
from visualnn.scene.moved import Moved
from visualnn.scene.reckoning import Reckoning, reckoning
from visualnn.scene.timeline import Step, Timeline
from visualnn.scene.ways import NO_WAY, Way, way_back

State = Literal["todo", "now", "done"]

MOVING = 0.6  # the share of a step in which things move; in the rest they stand, to be read
DRIFT = 36.0  # px that the dashes of a way move in one step: 24 px in 600 ms


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


def whole(trace: Trace) -> Picture:
    """Everything computed, nothing moving."""
    return Picture(trace, computed=True)


def _passed_on(layer: LayerPass, n: int) -> GateState:
    added = 0.0 if layer.shortcut is None else float(layer.shortcut[n])
    return GateState("done", float(layer.z[n]), float(layer.a[n]), added=added)


def picture(trace: Trace, timeline: Timeline, t: float, *, flowing: bool = False) -> Picture:
    """The picture at moment t, 0 ≤ t ≤ len(timeline). `flowing`: the passes go by layers, not by operations."""
    number = min(ceil(t), len(timeline))
    if flowing and timeline.flows_at(t):
        flow = {"Forward": _flowing_picture, "Backward": _flowing_back, "Update": _flowing_update}
        return flow[timeline.step(number).phase](trace, timeline, t)
    if number == 0:
        return _forward_picture(trace, timeline, None, 1.0)
    step, part = timeline.step(number), 1.0 - (number - t)
    if step.phase == "Forward":
        return _forward_picture(trace, timeline, step, min(1.0, part / MOVING))
    if step.phase == "Update":
        return _update_picture(trace, timeline, step, min(1.0, part / MOVING), t >= len(timeline))
    known, way = reckoning(trace, timeline, number), way_back(trace, step)
    focus, drift = _focus(step, known), part % 1.0 * DRIFT
    return Picture(trace, True, bright=_involved(trace, step), focus=focus, reckoning=known, way=way, drift=drift)


def _focus(step: Step, known: Reckoning) -> Place:
    """Where a step happens: a slope that has yet to pass back through an activation stands at its block."""
    if step.kind in ("slope_output", "slope_neuron") and known.outputs[step.layer]:
        return Place("gate", step.layer + 1, step.neuron)
    return step.place


def _update_picture(trace: Trace, timeline: Timeline, step: Step, share: float, over: bool) -> Picture:
    """Parameters before this step are new, the step's own is on its way; at the very end the pass is run again."""
    known, moved = reckoning(trace, timeline, step.number), Moved(trace, step, ease(share))
    if over:
        known, trace = replace(known, after=trace.loss_after), again(trace)
    bright = _involved(trace, step)
    return Picture(trace, True, bright=bright, focus=step.place, moved=moved, reckoning=known)


def _flowing_update(trace: Trace, timeline: Timeline, t: float) -> Picture:
    """All parameters of a layer are on their way together."""
    number = ceil(t)
    start, end = timeline.before(number, "layer"), timeline.after(number - 1, "layer")
    share = min(1.0, (t - start) / (end - start) / MOVING)
    last = timeline.step(end)
    known = reckoning(trace, timeline, start, single=False)
    return Picture(
        trace, True, bright=Lit(last.layer), moved=Moved(trace, last, ease(share), whole=True), reckoning=known
    )


@lru_cache(maxsize=2)
@overflowing
def again(trace: Trace) -> Trace:
    """The same inputs with the parameters after the update."""
    assert trace.updated is not None
    layers = forward(trace.network, trace.updated, trace.x, trace.mask)
    return Trace(trace.network, trace.updated, trace.x, layers, mask=trace.mask)


def prepare(trace: Trace) -> None:
    """Work out ahead of time what the update will ask for: in a large network that takes long."""
    if trace.loss_after is not None:
        again(trace)


def _involved(trace: Trace, step: Step) -> Lit:
    """The connections an operation after the forward pass reads or writes."""
    if step.source is not None:
        return Lit(step.layer, step.source, step.neuron)
    if step.kind == "slope_neuron" and step.layer + 1 < len(trace.layers):
        return Lit(step.layer + 1, source=step.neuron)
    return NONE_LIT


def _forward_picture(trace: Trace, timeline: Timeline, step: Step | None, share: float) -> Picture:
    if step is None:
        return Picture(trace, False, bright=NONE_LIT, complete=False)
    source = step.source or 0 if step.kind == "multiply" else None
    lit = Lit(step.layer, source, step.neuron)
    complete = step.number == timeline.forward_length and share >= 1
    return Picture(trace, False, step, share, lit, step.place, _pulse(trace, step, share), complete=complete)


def _flowing_picture(trace: Trace, timeline: Timeline, t: float) -> Picture:
    """A layer's neurons are known when what was sent to them has arrived."""
    start, end = timeline.before(t, "layer"), timeline.after(t, "layer")
    layer = timeline.step(start + 1).layer
    share = min(1.0, (t - start) / (end - start) / MOVING)
    reached = Step(end, "Forward", "sum", layer + 1 if share >= 1 else layer, neuron=-1)  # none of its neurons alone
    return Picture(trace, False, reached, bright=Lit(layer), flow=Flow(layer, ease(share)), complete=False)


def _flowing_back(trace: Trace, timeline: Timeline, t: float) -> Picture:
    """A layer's slopes are known when what leads on from it has brought them."""
    number, last = ceil(t), len(trace.layers) - 1
    start, end = timeline.before(number, "layer"), timeline.after(number - 1, "layer")
    layer = timeline.step(number).layer
    share = min(1.0, (t - start) / (end - start) / MOVING)
    known = reckoning(trace, timeline, end if share >= 1 or layer == last else start, single=False)
    flow = Flow(layer + 1, ease(share), back=True) if layer < last else None
    return Picture(trace, True, bright=Lit(layer + 1), flow=flow, reckoning=known)


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


def _pulse(trace: Trace, step: Step, share: float) -> Pulse | None:
    if step.kind != "multiply" or share >= 1:
        return None
    layer, i = trace.layers[step.layer], step.source or 0
    a, _w, p = product_parts(float(layer.x[i]), float(layer.w[i, step.neuron]))
    product = float(layer.x[i] * layer.w[i, step.neuron])
    return Pulse(step.layer, i, step.neuron, ease(share), a.text, p.text, product)
