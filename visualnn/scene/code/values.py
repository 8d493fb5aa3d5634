"""What the lines of a program have computed at a moment of a pass."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from visualnn.nn.network import Vector
from visualnn.nn.passes import overflowing
from visualnn.nn.trace import Trace
from visualnn.scene.code.line import CodeLine, Part, Spot, spell
from visualnn.scene.code.listing import Listing
from visualnn.scene.formula import number, precise, unlike
from visualnn.scene.look import sign_role
from visualnn.scene.timeline import Step, Timeline

UNKNOWN, BESIDE = "…", "text3"
WHOLE = 2  # numbers up to which an array is shown in full, of more the first and the last
SINGLE = ("loss", "mean")  # made by steps of a whole layer, and yet one number
MOST = 600  # lines, as many as a named network has with Adam; only a network of very many layers has more
PARTS: dict[str, Part] = {
    "bias": "bias", "activate": "activation", "shortcut": "shortcut",
    "slope_output": "slope", "slope_neuron": "slope", "slope_gate": "gate",
}  # fmt: skip
RESULTS = {  # what a step computes
    "multiply": "product", "sum": "total", "bias": "z", "activate": "f", "shortcut": "a",
    "slope_output": "da", "slope_neuron": "da", "slope_gate": "dz", "slope_weight": "dw", "slope_bias": "db",
    "update_weight": "w", "update_bias": "b",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ValuedLine:
    """A code line beside what it has computed: a text with its sign's role, or "…" while that is still to come.

    Beside a lit line for a whole layer stands which number is being worked on: [2] −0.60.
    """

    line: CodeLine
    value: str
    role: str
    lit: bool
    part: Part | None = None  # the token being worked on


def valued_lines(listing: Listing, trace: Trace, timeline: Timeline, t: float, decimals: int) -> list[ValuedLine]:
    """The lines of the phase at moment t with their values."""
    step = timeline.step(min(ceil(t), len(timeline))) if t > 0 else None
    placed = listing.at("Forward" if step is None else step.phase, timeline)
    lit = None if step is None else placed.lit(step)
    first, end = _window(len(placed.lines), lit)
    shown = [_left_out(first, "above")] if first else []
    for index in range(first, end):
        line, due = placed.lines[index], placed.due[index]
        now = step if index == lit else None
        text, role = "", BESIDE
        if line.result is not None:
            spot, ready = spot_of(line, now, due)
            text, role = _text(trace, spot, decimals) if t >= ready else (UNKNOWN, BESIDE)
            text = text if spot.neuron == line.result.neuron else f"{_element(listing, spot)} {text}"
        shown.append(ValuedLine(line, text, role, now is not None, None if now is None else _part(now)))
    left = len(placed.lines) - end
    return [*shown, _left_out(left, "below")] if left else shown


def _window(count: int, lit: int | None) -> tuple[int, int]:
    """Which lines of very many are shown: those around the lit one."""
    first = max(0, min((lit or 0) - MOST // 2, count - MOST))
    return first, min(count, first + MOST)


def _left_out(lines: int, where: str) -> ValuedLine:
    return ValuedLine(CodeLine(spell(f"    # {lines:,} more lines {where}")), "", BESIDE, False)


def spot_of(line: CodeLine, now: Step | None, due: int) -> tuple[Spot, int]:
    """The number beside a line, and the moment it is there.

    While a line for a whole layer is at work, `now`, that is the one that the step works on. The last operation on
    each makes it.
    """
    result = line.result
    assert result is not None
    listed = now is not None and now.number == due and result.what[-1] != "w"  # done, and more than a shape
    if now is None or listed or result.neuron is not None or result.what in SINGLE:
        return result, due
    spot = Spot(RESULTS.get(now.kind, now.kind), now.layer, now.neuron, now.source)
    return spot, now.number if now.kind == line.steps[-1].what else due


def _element(listing: Listing, spot: Spot) -> str:
    """Which number of a layer: [2] or [0][2]; [0, 2] of an array; by its name where it has one."""
    if listing.by_name:
        return listing.plan.names[spot.layer + 1][spot.neuron or 0]
    if spot.source is None or spot.what == "product":
        return f"[{spot.neuron}]"
    between = ", " if listing.form == "numpy" else "]["
    return f"[{spot.source}{between}{spot.neuron}]"


def _part(step: Step) -> Part | None:
    return step.source if step.kind == "multiply" else PARTS.get(step.kind)


def _text(trace: Trace, spot: Spot, decimals: int) -> tuple[str, str]:
    if spot.neuron is None and spot.what[-1] == "w":
        return "{}×{}".format(*trace.network.sizes[spot.layer : spot.layer + 2]), BESIDE
    value = computed(trace, spot)
    if isinstance(value, np.ndarray):
        return _array_text(value, decimals), BESIDE
    if spot.what in ("w", "b"):
        return unlike(value, float(_parameters(trace.parameters, trace, spot))), sign_role(value, 0.0)
    if spot.what in ("product", "total", "z", "f", "a"):
        return number(value, decimals), sign_role(value)
    return precise(value, decimals if abs(value) >= 0.1 else max(3, decimals)), sign_role(value, 0.0)


def _array_text(values: Vector, decimals: int) -> str:
    listed = [number(float(v), decimals) for v in (values if values.size <= WHOLE else values[[0, -1]])]
    return f"[{(', ' if values.size <= WHOLE else ', …, ').join(listed)}]"


@overflowing
def computed(trace: Trace, spot: Spot) -> float | Vector:
    """The number at a spot, or those of a whole layer; 0 is never −0."""
    if spot.what in ("loss", "mean", "after"):
        value = {"loss": trace.loss, "mean": trace.mean_loss, "after": trace.loss_after}[spot.what]
        assert value is not None
        return value
    values = _numbers(trace, spot)
    return values if isinstance(values, np.ndarray) and values.ndim else float(values) + 0.0


def _numbers(trace: Trace, spot: Spot) -> Vector | float:
    what, n = spot.what, spot.neuron
    layer = trace.layers[spot.layer]
    match what:
        case "product" if n is not None:
            i = spot.source or 0
            return float(layer.x[i] * layer.w[i, n])
        case "total" | "z" | "f" | "a":
            return _of(getattr(layer, what), n)
        case "miss":
            assert trace.target is not None
            return _of(trace.output - trace.target, n)
        case "pull":
            slopes = trace.slopes[spot.layer]
            return float(np.add.accumulate(slopes.da * layer.a)[-1])
        case "da" | "dz" | "db":
            return _of(getattr(trace.slopes[spot.layer], what), n)
        case "dw":
            return _weight_slope(trace, spot)
    return _updated(trace, spot)


def _of(values: Vector, n: int | None) -> Vector | float:
    return values if n is None else float(values[n])


def _weight_slope(trace: Trace, spot: Spot) -> Vector | float:
    slopes = trace.slopes[spot.layer]
    if spot.neuron is None:
        return slopes.dw
    return slopes.of_weight(spot.source or 0, spot.neuron)


def _updated(trace: Trace, spot: Spot) -> Vector | float:
    """A parameter, its gradient ("gw") or its place in the optimizer's memory ("0w") after the update."""
    assert trace.updated is not None
    assert trace.gradient is not None
    assert trace.memory_after is not None
    if len(spot.what) == 1:
        return _parameters(trace.updated, trace, spot)
    first, kind = spot.what[0], spot.what[1:]
    flat = trace.gradient if first == "g" else trace.memory_after[int(first)]
    return _parameters(flat, trace, spot._replace(what=kind))


def _parameters(flat: Vector, trace: Trace, spot: Spot) -> Vector | float:
    """The weights or biases of a layer, or one of them, in a flat vector."""
    network, (weights, biases) = trace.network, trace.network.offsets[spot.layer]
    inputs, outputs = network.sizes[spot.layer : spot.layer + 2]
    if spot.neuron is not None:
        source = spot.source or 0
        return float(flat[(weights + source * outputs if spot.what == "w" else biases) + spot.neuron])
    if spot.what == "b":
        return flat[biases : biases + outputs]
    return flat[weights:biases].reshape(inputs, outputs)
