"""What the Inspector writes about one place: its sum with real numbers, its activation, its weight."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.nn.network import Vector
from visualnn.nn.trace import Trace
from visualnn.scene.formula import (
    MAX_ROWS,
    Part,
    Row,
    difference_decimals,
    full,
    number,
    precise,
    product_decimals,
    product_parts,
    step_words,
    sum_table,
    unlike,
    value,
)
from visualnn.scene.frame import Place
from visualnn.scene.passing import HIDDEN, ActivationLine, Line, activation_line, shortcut_line
from visualnn.scene.timeline import Step


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything the Inspector shows for one place."""

    place: Place
    title: str
    subtitle: str
    rows: tuple[Line, ...]
    total: Line | None = None
    activation: ActivationLine | None = None
    shortcut: Line | None = None
    exact: str = ""  # the editable number with all its digits, if there is one


def inspect(trace: Trace, names: tuple[tuple[str, ...], ...], place: Place, step: Step | None = None) -> Inspection:
    """Describe a place. With a `step`, only what the pass has reached is shown and the current row is lit."""
    if step is not None and step.phase == "Update":
        return _update(trace, names, place)
    if place.kind == "weight":
        return _weight(trace, names, place)
    if place.column == 0:
        return _input(trace, names, place)
    return _neuron(trace, names, place, step)


def _neuron(trace: Trace, names: tuple[tuple[str, ...], ...], place: Place, step: Step | None) -> Inspection:
    layer_index, n = place.column - 1, place.neuron
    layer = trace.layers[layer_index]
    table = sum_table(layer, n, names[layer_index])
    inputs = layer.x.size
    reached = _reached(step, layer_index, n, inputs)
    exacts = _exacts(layer.x, layer.w[:, n], float(layer.b[n]), len(table.rows))
    rows = []
    for index, row in enumerate(table.rows):
        operation = inputs + 1 if index == len(table.rows) - 1 else _operation(index, inputs, len(table.rows))
        rows.append(_line(row, exacts[index], reached, operation))
    total = Line("Sum", (), table.total, table.equal, full(float(layer.z[n])), reached == inputs + 0.5)
    if reached < inputs + 1:
        total = _partial_total(layer.total[n] if reached >= inputs else None, total, reached == inputs)
    decimals = len(table.total.text.partition(".")[2]) or 4
    activation = activation_line(trace, layer_index, n, reached, inputs + 2, decimals)
    shortcut = shortcut_line(trace, names, layer_index, n, reached)
    last = layer_index == len(trace.layers) - 1
    subtitle = "output layer" if last else "hidden layer" if len(trace.layers) == 2 else f"hidden layer {place.column}"
    exact = full(float(layer.b[n])) if place.kind == "bias" else ""
    title = f"Neuron {names[place.column][n]}"
    return Inspection(place, title, subtitle, tuple(rows), total, activation, shortcut, exact)


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


def _operation(row: int, inputs: int, rows: int) -> int:
    """The multiplication a row stands for; rows of a shortened table appear when all are done."""
    return row if rows == inputs + 1 else inputs


def _exacts(x: Vector, w: Vector, b: float, rows: int) -> list[str]:
    products = x * w
    if products.size <= MAX_ROWS:
        return [full(float(p)) for p in products] + [full(b)]
    return [""] * (rows - 1) + [full(b)]


def _line(row: Row, exact: str, reached: float, operation: int) -> Line:
    factors: tuple[Part, ...] = ()
    if row.factors:
        factors = (row.factors[0], Part(" × ", "text3"), row.factors[1])
    if reached < operation:
        return Line(row.label, factors, HIDDEN, row.equal, "")
    return Line(row.label, factors, row.result, row.equal, exact, reached == operation)


def _partial_total(total: float | None, whole: Line, lit: bool) -> Line:
    if total is None:
        return Line("Sum", (), HIDDEN, whole.equal, "")
    decimals = len(whole.result.text.partition(".")[2])
    return Line("Sum so far", (), value(total, number(total, decimals or 4)), "=", full(total), lit)


def _input(trace: Trace, names: tuple[tuple[str, ...], ...], place: Place) -> Inspection:
    x = float(trace.x[place.neuron])
    rows = []
    for n, name in enumerate(names[1][:MAX_ROWS]):
        a, w, p = product_parts(x, float(trace.layers[0].w[place.neuron, n]), 4)
        exact = full(float(trace.layers[0].products[place.neuron, n]))
        equal = "=" if product_decimals(x, float(trace.layers[0].w[place.neuron, n]), 4) else "≈"
        rows.append(Line(f"to {name}", (a, Part(" × ", "text3"), w), p, equal, exact))
    return Inspection(place, f"Input {names[0][place.neuron]}", "type a value", tuple(rows), exact=full(x))


def _weight(trace: Trace, names: tuple[tuple[str, ...], ...], place: Place) -> Inspection:
    layer, i, n = trace.layers[place.column - 1], place.source or 0, place.neuron
    source, target = names[place.column - 1][i], names[place.column][n]
    w = float(layer.w[i, n])
    a, factor, product = product_parts(float(layer.x[i]), w, 4)
    z = float(layer.z[n])
    equal = "=" if product_decimals(float(layer.x[i]), w, 4) else "≈"
    rows = [
        Line(f"{source} × weight", (a, Part(" × ", "text3"), factor), product, equal, full(float(layer.x[i] * w))),
        Line(f"Sum of {target} with it", (), value(z, number(z, 4)), "=", full(z)),
        _without(layer.x[i] * w, z, target),
    ]
    if trace.slopes:
        slope = float(trace.slopes[place.column - 1].dw[i, n])
        rows.append(Line("Slope of the loss", (), value(slope, precise(slope)), "=", full(slope)))
    title = f"Weight {source} → {target}"
    return Inspection(place, title, f"now {number(w, 2)}", tuple(rows), exact=full(w))


def _update(trace: Trace, names: tuple[tuple[str, ...], ...], place: Place) -> Inspection:
    """A weight or bias before and after the update."""
    assert trace.updated is not None
    assert trace.gradient is not None
    assert trace.optimizer is not None
    network, layer, target = trace.network, place.column - 1, names[place.column][place.neuron]
    if place.source is None:
        index, title = network.bias_index(layer, place.neuron), f"Bias of {target}"
    else:
        index = network.weight_index(layer, place.source, place.neuron)
        title = f"Weight {names[layer][place.source]} → {target}"
    before, after = float(trace.parameters[index]), float(trace.updated[index])
    slope, change = float(trace.gradient[index]), float(trace.updated[index] - trace.parameters[index])
    digits = difference_decimals(before, change, after, len(unlike(before, after).partition(".")[2]))
    shown = digits or 4
    rows = (
        Line("Before", (), value(before, number(before, shown)), "=", full(before)),
        Line("Slope of the loss", (), value(slope, precise(slope)), "=", full(slope)),
        Line(f"Rate {trace.optimizer.rate:g}, change", (), value(change, number(change, shown)), "=", full(change)),
    )
    total = Line("After", (), value(after, number(after, shown)), "=" if digits else "≈", full(after), True)
    return Inspection(place, title, step_words(trace.optimizer), rows, total)


def _without(product: float, z: float, target: str) -> Line:
    rest = float(z - product)
    return Line(f"Sum of {target} without it", (), value(rest, number(rest, 4)), "=", full(rest))
