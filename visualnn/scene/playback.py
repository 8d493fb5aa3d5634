"""What the network shows at a moment of a pass: which numbers are known, what moves, what is lit.

A `Picture` is complete: the same trace and the same t give the same picture, whichever way t was reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal

from visualnn.nn.network import LayerParameters, Vector
from visualnn.nn.trace import LayerPass, Trace, forward
from visualnn.scene.formula import product_parts
from visualnn.scene.frame import Place
from visualnn.scene.timeline import Step, Timeline

State = Literal["todo", "now", "done"]

MOVING = 0.6  # the share of a step in which things move; in the rest they stand, to be read


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


@dataclass(frozen=True, eq=False)
class Picture:
    """The state of everything at one moment."""

    trace: Trace
    neurons: tuple[tuple[NeuronState, ...], ...]  # per column, inputs included
    gates: tuple[tuple[GateState, ...], ...]  # per column, inputs included (empty there)
    bright: frozenset[tuple[int, int, int]] | None  # (layer, source, neuron); None: all
    focus: Place | None = None
    pulse: Pulse | None = None
    complete: bool = True
    moved: tuple[LayerParameters, ...] | None = None  # weights and biases as far as the update has come

    def parameters(self, layer: int) -> LayerParameters:
        """The weights and biases of a layer at this moment."""
        if self.moved is not None:
            return self.moved[layer]
        return LayerParameters(self.trace.layers[layer].w, self.trace.layers[layer].b)


def ease(p: float) -> float:
    """In-out-cubic."""
    return 4 * p**3 if p < 0.5 else 1 - (2 - 2 * p) ** 3 / 2


def whole(trace: Trace) -> Picture:
    """Everything computed, nothing moving."""
    neurons = [tuple(NeuronState("done", float(v)) for v in trace.x)]
    gates: list[tuple[GateState, ...]] = [()]
    for layer in trace.layers:
        neurons.append(tuple(NeuronState("done", float(z)) for z in layer.z))
        gates.append(tuple(_passed_on(layer, n) for n in range(layer.z.size)))
    return Picture(trace, tuple(neurons), tuple(gates), None)


def _passed_on(layer: LayerPass, n: int) -> GateState:
    added = 0.0 if layer.shortcut is None else float(layer.shortcut[n])
    return GateState("done", float(layer.z[n]), float(layer.a[n]), added=added)


def picture(trace: Trace, timeline: Timeline, t: float) -> Picture:
    """The picture at moment t, 0 ≤ t ≤ len(timeline)."""
    number = min(ceil(t), len(timeline))
    if number == 0:
        return _forward_picture(trace, timeline, None, 1.0)
    step = timeline.step(number)
    if step.phase == "Forward":
        return _forward_picture(trace, timeline, step, min(1.0, (1.0 - (number - t)) / MOVING))
    if step.phase == "Update":
        return _update_picture(trace, step, min(1.0, (1.0 - (number - t)) / MOVING), t >= len(timeline))
    done = whole(trace)
    return Picture(trace, done.neurons, done.gates, _involved(trace, step), step.place)


def _update_picture(trace: Trace, step: Step, share: float, over: bool) -> Picture:
    """Parameters before this step are new, the step's own is on its way; at the very end the pass is run again."""
    assert trace.updated is not None
    if over:
        trace = Trace(trace.network, trace.updated, trace.x, forward(trace.network, trace.updated, trace.x))
    done = whole(trace)
    moved = trace.network.views(trace.parameters if over else _moved(trace, step, ease(share)))
    return Picture(trace, done.neurons, done.gates, _involved(trace, step), step.place, moved=moved)


def _moved(trace: Trace, step: Step, share: float) -> Vector:
    """The flat parameters while `step` has come `share` of its way."""
    assert trace.updated is not None
    network, n = trace.network, step.neuron
    now, after = trace.parameters.copy(), trace.updated
    (first, biases), units = network.offsets[step.layer], network.sizes[step.layer + 1]
    now[:first] = after[:first]
    if step.source is None:
        now[first : biases + n] = after[first : biases + n]
        own = biases + n
    else:
        w, new = now[first:biases].reshape(-1, units), after[first:biases].reshape(-1, units)
        w[:, :n] = new[:, :n]
        w[: step.source, n] = new[: step.source, n]
        own = network.weight_index(step.layer, step.source, n)
    now[own] = after[own] if share >= 1 else trace.parameters[own] + share * (after[own] - trace.parameters[own])
    return now


def _involved(trace: Trace, step: Step) -> frozenset[tuple[int, int, int]]:
    """The connections an operation after the forward pass reads or writes."""
    if step.source is not None:
        return frozenset({(step.layer, step.source, step.neuron)})
    if step.kind in ("slope_neuron", "slope_gate") and step.layer + 1 < len(trace.layers):
        units = trace.layers[step.layer + 1].z.size
        return frozenset((step.layer + 1, step.neuron, n) for n in range(units))
    return frozenset()


def _forward_picture(trace: Trace, timeline: Timeline, step: Step | None, share: float) -> Picture:
    neurons = [tuple(NeuronState("done", float(v)) for v in trace.x)]
    gates: list[tuple[GateState, ...]] = [()]
    for index, layer in enumerate(trace.layers):
        reached = _reached(index, layer.z.size, step)
        running = step if step is not None and step.layer == index else None
        states = [_neuron(layer, n, reached, running, share) for n in range(layer.z.size)]
        neurons.append(tuple(s for s, _ in states))
        gates.append(tuple(g for _, g in states))
    if step is None:
        return Picture(trace, tuple(neurons), tuple(gates), frozenset(), complete=False)
    lit = _lit(trace, step)
    complete = step.number == timeline.forward_length and share >= 1
    return Picture(trace, tuple(neurons), tuple(gates), lit, step.place, _pulse(trace, step, share), complete)


def _reached(layer: int, units: int, step: Step | None) -> int:
    """How many neurons of a layer are finished before this step."""
    if step is None or layer > step.layer:
        return 0
    return units if layer < step.layer else step.neuron


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


def _lit(trace: Trace, step: Step) -> frozenset[tuple[int, int, int]]:
    if step.kind == "multiply":
        return frozenset({(step.layer, step.source or 0, step.neuron)})
    inputs = trace.layers[step.layer].x.size
    return frozenset((step.layer, i, step.neuron) for i in range(inputs))


def _pulse(trace: Trace, step: Step, share: float) -> Pulse | None:
    if step.kind != "multiply" or share >= 1:
        return None
    layer, i = trace.layers[step.layer], step.source or 0
    a, _w, p = product_parts(float(layer.x[i]), float(layer.w[i, step.neuron]))
    product = float(layer.x[i] * layer.w[i, step.neuron])
    return Pulse(step.layer, i, step.neuron, ease(share), a.text, p.text, product)
