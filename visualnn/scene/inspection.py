"""What the Inspector writes about one place: its sum with real numbers, its activation, its weight."""

from __future__ import annotations

from dataclasses import replace

from visualnn.nn.by_hand import CROSS_ENTROPIES
from visualnn.nn.passes import LayerPass, overflowing
from visualnn.nn.trace import Trace
from visualnn.scene.chain import chain
from visualnn.scene.contributions import contributions
from visualnn.scene.findings import Bars, Inspection
from visualnn.scene.formula import (
    MAX_ROWS,
    Part,
    Row,
    difference_decimals,
    full,
    number,
    product_decimals,
    product_parts,
    sum_table,
    value,
)
from visualnn.scene.frame import Place
from visualnn.scene.losses import inspect_loss, inspect_target
from visualnn.scene.passing import HIDDEN, Line, activation_line, shortcut_line
from visualnn.scene.timeline import Step
from visualnn.scene.turns import Turn, has_come
from visualnn.scene.updates import inspect_update, mean_row, next_update, parameter_index, parameter_title

__all__ = ["HIDDEN", "Inspection", "inspect"]

Names = tuple[tuple[str, ...], ...]
HEADING = "How the loss reacts, link by link"
OUTPUT_STEPS = ("slope_output", "slope_neuron")


@overflowing
def inspect(trace: Trace, names: Names, place: Place, step: Step | None = None, *, chosen: bool = False) -> Inspection:
    """Describe a place. With a `step`, only what the pass has reached is shown and the current row is lit.

    What somebody has `chosen` is shown in full in the forward pass; in the other phases with what is done to it there,
    a weight or bias with its slope until it has been updated.
    """
    if place.kind == "target":
        return inspect_target(trace, names, place)
    if step is not None and place.column > 0:
        if step.phase == "Update" and place.kind in ("weight", "bias"):
            if has_come(_update_of(place), step):
                return inspect_update(trace, names, place, last=_is_last(trace, step))
            return _slope(trace, names, place)
        if step.phase == "Backward":
            return _slope(trace, names, place, step, of_output=not chosen and step.kind in OUTPUT_STEPS)
        if step.phase == "Loss" and place.column == len(trace.layers) and place.kind in ("neuron", "gate"):
            return inspect_loss(trace, names, place, step)
    if place.kind == "weight":
        return _weight(trace, names, place)
    if place.column == 0:
        return _input(trace, names, place)
    return _neuron(trace, names, place, None if chosen else step)


def _update_of(place: Place) -> Turn:
    kind = "update_bias" if place.source is None else "update_weight"
    return Turn(kind, place.column - 1, place.neuron, place.source)


def _is_last(trace: Trace, step: Step) -> bool:
    """Whether this step ends the update."""
    return step.layer == len(trace.layers) - 1 and step.source is None and step.neuron == trace.network.outputs - 1


def _slope(
    trace: Trace, names: Names, place: Place, step: Step | None = None, *, of_output: bool = False
) -> Inspection:
    """The chain rule down to a place, as far as the pass has come, and what the update will make of that."""
    shown = chain(trace, names, place, step, of_output=of_output)
    label = f"Slope of {_whose(trace, place, of_output)}" if trace.batch is None else "This row’s slope"
    total = Line(label, (), value(shown.slope, shown.text), shown.equal, full(shown.slope), True)
    if not shown.known:
        total = Line(label, (), HIDDEN, "=", "", True)
    if place.kind not in ("weight", "bias"):
        title, subtitle = f"Neuron {names[place.column][place.neuron]}", _layer_title(trace, place)
        return Inspection(place, title, subtitle, total=total, heading=HEADING, links=shown.links)
    index = parameter_index(trace, place)
    now, after = float(trace.parameters[index]), () if trace.batch is None else (mean_row(trace, index),)
    title, subtitle = parameter_title(names, place), f"now {number(now, 2)}"
    found = Inspection(place, title, subtitle, total=total, exact=full(now), heading=HEADING, links=shown.links)
    return replace(found, after=after, outlook=next_update(trace, index)) if shown.known else found


def _whose(trace: Trace, place: Place, of_output: bool) -> str:
    """What a slope is of. A cross-entropy goes to the sums of the outputs in one."""
    if place.kind in ("weight", "bias"):
        return f"this {place.kind}"
    at_once = place.column == len(trace.layers) and trace.loss_name in CROSS_ENTROPIES
    return "its output" if of_output and not at_once else "its sum"


def _neuron(trace: Trace, names: Names, place: Place, step: Step | None) -> Inspection:
    layer_index, n = place.column - 1, place.neuron
    layer = trace.layers[layer_index]
    reached = _reached(step, layer_index, n, layer.x.size)
    table = _terms if layer.x.size > MAX_ROWS else _products
    rows, bars, whole = table(layer, n, names[layer_index], reached)
    total = whole
    if reached < layer.x.size + 1:
        total = _partial_total(layer.total[n] if reached >= layer.x.size else None, whole, reached == layer.x.size)
    decimals = len(whole.result.text.partition(".")[2]) or 4
    activation = activation_line(trace, layer_index, n, reached, layer.x.size + 2, decimals)
    shortcut = shortcut_line(trace, names, layer_index, n, reached)
    exact = full(float(layer.b[n])) if place.kind == "bias" else ""
    title = f"Neuron {names[place.column][n]}"
    return Inspection(place, title, _layer_title(trace, place), rows, total, activation, shortcut, exact, bars=bars)


def _products(
    layer: LayerPass, n: int, names: tuple[str, ...], reached: float
) -> tuple[tuple[Line, ...], tuple[Bars, ...], Line]:
    """Every product and the bias as a row, and the sum."""
    inputs, table = layer.x.size, sum_table(layer, n, names)
    exacts = [full(float(p)) for p in layer.x * layer.w[:, n]] + [full(float(layer.b[n]))]
    rows = []
    for index, row in enumerate(table.rows):
        rows.append(_line(row, exacts[index], reached, inputs + 1 if index == inputs else index))
    return tuple(rows), (), _whole(layer, n, reached, table.total, table.equal)


def _terms(
    layer: LayerPass, n: int, names: tuple[str, ...], reached: float
) -> tuple[tuple[Line, ...], tuple[Bars, ...], Line]:
    """The strongest products as bars, the bias as a row, and the sum."""
    inputs = layer.x.size
    now = int(reached) if 0 <= reached < inputs else None
    known = inputs if reached >= inputs else 0 if now is None else now + 1
    bars, digits, adds_up = contributions(layer, n, names, reached=known, now=now)
    b, z = float(layer.b[n]), float(layer.z[n])
    row = Row("bias", None, value(b, number(b, digits)))
    bias = _line(row, full(b), reached, inputs + 1)
    return (bias,), bars, _whole(layer, n, reached, value(z, number(z, digits)), "=" if adds_up else "≈")


def _whole(layer: LayerPass, n: int, reached: float, total: Part, equal: str) -> Line:
    return Line("Sum", (), total, equal, full(float(layer.z[n])), reached == layer.x.size + 0.5)


def _layer_title(trace: Trace, place: Place) -> str:
    if place.column == len(trace.layers):
        return "output layer"
    return "hidden layer" if len(trace.layers) == 2 else f"hidden layer {place.column}"


def _reached(step: Step | None, layer: int, neuron: int, inputs: int) -> float:
    """Which operation of this neuron the pass is at: 0 … inputs−1 multiply, then sum, bias, activation."""
    if step is None or step.phase != "Forward":
        return float("inf")
    here, there = (step.layer, step.neuron), (layer, neuron)
    if here != there:
        return float("inf") if here > there else -1.0
    if step.kind == "multiply":
        return float(step.source or 0)
    return float(inputs + ("sum", "bias", "activate", "shortcut").index(step.kind))


def _line(row: Row, exact: str, reached: float, operation: int) -> Line:
    factors: tuple[Part, ...] = ()
    if row.factors:
        factors = (row.factors[0], Part(" × ", "text3"), row.factors[1])
    if reached < operation:
        return Line(row.label, factors, HIDDEN, row.equal, "")
    return Line(row.label, factors, row.result, row.equal, exact, reached == operation)


def _partial_total(total: float | None, whole: Line, lit: bool) -> Line:
    if total is None:
        return Line("Sum", (), HIDDEN, "=", "")
    decimals = len(whole.result.text.partition(".")[2])
    return Line("Sum so far", (), value(total, number(total, decimals or 4)), "=", full(total), lit)


def _input(trace: Trace, names: Names, place: Place) -> Inspection:
    x = float(trace.x[place.neuron])
    rows = []
    for n, name in enumerate(names[1][:MAX_ROWS]):
        a, w, p = product_parts(x, float(trace.layers[0].w[place.neuron, n]), 4)
        exact = full(float(trace.layers[0].products[place.neuron, n]))
        equal = "=" if product_decimals(x, float(trace.layers[0].w[place.neuron, n]), 4) else "≈"
        rows.append(Line(f"to {name}", (a, Part(" × ", "text3"), w), p, equal, exact))
    return Inspection(place, f"Input {names[0][place.neuron]}", "type a value", tuple(rows), exact=full(x))


def _weight(trace: Trace, names: Names, place: Place) -> Inspection:
    layer, i, n = trace.layers[place.column - 1], place.source or 0, place.neuron
    source, target = names[place.column - 1][i], names[place.column][n]
    x, w, z = float(layer.x[i]), float(layer.w[i, n]), float(layer.z[n])
    rest = z - x * w
    digits = difference_decimals(rest, x * w, z, 4)
    shown, adds_up = digits or 4, "=" if digits else "≈"
    a, factor, product = product_parts(x, w, shown)
    equal = "=" if product_decimals(x, w, shown) else "≈"
    rows = (
        Line(f"{source} × weight", (a, Part(" × ", "text3"), factor), product, equal, full(x * w)),
        Line(f"Sum of {target} with it", (), value(z, number(z, shown)), "=", full(z)),
        Line(f"Sum of {target} without it", (), value(rest, number(rest, shown)), adds_up, full(rest)),
    )
    return Inspection(place, f"Weight {source} → {target}", f"now {number(w, 2)}", rows, exact=full(w))
