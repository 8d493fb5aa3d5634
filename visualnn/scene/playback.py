"""What the network shows at a moment of a pass: which numbers are known, what moves, what is lit.

A `Picture` is complete: the same trace and the same t give the same picture, whichever way t was reached.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import ceil

from visualnn.nn.passes import forward, overflowing
from visualnn.nn.trace import Trace
from visualnn.scene.formula import product_parts
from visualnn.scene.frame import Place
from visualnn.scene.moment import NONE_LIT, Flow, Lit, Picture, Pulse, ease
from visualnn.scene.moved import Moved
from visualnn.scene.reckoning import Reckoning, reckoning
from visualnn.scene.timeline import Step, Timeline
from visualnn.scene.ways import MOST_LINKS, way_back, ways_of_layer

__all__ = ["DRIFT", "MOVING", "Picture", "again", "picture", "prepare", "whole"]

MOVING = 0.6  # the share of a step in which things move; in the rest they stand, to be read
DRIFT = 36.0  # px that the dashes of a way move in one step: 24 px in 600 ms
FLOW_DRIFT = 2  # times as far as that while a whole layer is at work


def whole(trace: Trace) -> Picture:
    """Everything computed, nothing moving."""
    return Picture(trace, computed=True)


@overflowing
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
    """Work out ahead of time what all phases will ask for: in a large network that takes long."""
    if trace.mean_loss is not None and trace.row_gradient is not None and trace.loss_after is not None:
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
    """The slopes of a layer's neurons one after the other, then they run back through all of its connections."""
    number = ceil(t)
    start, end = timeline.before(number, "layer"), timeline.after(number - 1, "layer")
    layer, part = timeline.step(number).layer, (t - start) / (end - start)
    known, flow = (
        reckoning(trace, timeline, number, single=False),
        Flow(layer, ease(min(1.0, part / MOVING)), back=True),
    )
    way, drift = ways_of_layer(trace, layer), part * FLOW_DRIFT * DRIFT % DRIFT
    bright = Lit(layer) if trace.layers[layer].w.size > MOST_LINKS else NONE_LIT  # else the dashes say where
    return Picture(trace, True, bright=bright, flow=flow, reckoning=known, way=way, drift=drift)


def _pulse(trace: Trace, step: Step, share: float) -> Pulse | None:
    if step.kind != "multiply" or share >= 1:
        return None
    layer, i = trace.layers[step.layer], step.source or 0
    a, _w, p = product_parts(float(layer.x[i]), float(layer.w[i, step.neuron]))
    product = float(layer.x[i] * layer.w[i, step.neuron])
    return Pulse(step.layer, i, step.neuron, ease(share), a.text, p.text, product)
