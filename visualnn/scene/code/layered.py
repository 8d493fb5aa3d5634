"""A network's program layer by layer: x0 the inputs, z1 the sums of the first layer, x1 what it passes on.

d1 are the loss's slopes by z1, dw1 and db1 those by weights and biases, and gw1 what the optimizer gets where that is
something else.
"""

from __future__ import annotations

from dataclasses import replace

from visualnn.scene.code.dialect import TERMS, Dialect
from visualnn.scene.code.line import CodeLine, Spot, spell
from visualnn.scene.code.named import LISTED, listed
from visualnn.scene.code.plan import Plan
from visualnn.scene.code.rules import SHARE, SLOTS

# -- forward -------------------------------------------------------------------------------------------------------


def forward(plan: Plan, dialect: Dialect) -> list[CodeLine]:
    """The body of `run` without its return."""
    lines = [_heard("x0", 0)] if 0 in plan.silent_columns else []
    for layer in range(plan.last + 1):
        lines += _layer(plan, dialect, layer)
    return lines


def _heard(name: str, column: int, *at: tuple[Spot, ...] | Spot) -> CodeLine:
    """The line that makes silent neurons silent."""
    return CodeLine(spell(f"{name} = heard({name}, heard{column})"), column or None, None, *at)  # type: ignore[arg-type]


def _layer(plan: Plan, dialect: Dialect, layer: int) -> list[CodeLine]:
    made = _layer_lines(plan, dialect, layer)
    return [*made, _dropped(dialect, f"x{layer + 1}", layer + 1)] if plan.drops_out(layer) else made


def _dropped(dialect: Dialect, name: str, column: int) -> CodeLine:
    """The line that makes some neurons sit out, and the others speak louder."""
    return CodeLine(spell(f"{name} = {dialect.each('{v} * {k}', v=name, k=f'on[{column}]')}"), column)


def _layer_lines(plan: Plan, dialect: Dialect, layer: int) -> list[CodeLine]:
    column, activation = layer + 1, plan.activations[layer]
    skipped = plan.network.shortcuts[column]
    sums = dialect.dense.format(x=f"x{layer}", w=f"w{column}", b=f"b{column}")
    adding = tuple(Spot(kind, layer) for kind in ("multiply", "sum", "bias"))
    passed = Spot("a", layer)
    silent = [_heard(f"x{column}", column, (), passed, Spot("bias", layer))] if column in plan.silent_columns else []
    if activation == "linear" and skipped is None:
        return [CodeLine(spell(f"x{column} = {sums}"), column, None, adding, passed), *silent]
    lines = [CodeLine(spell(f"z{column} = {sums}"), column, None, adding, Spot("z", layer))]
    activates = () if activation == "linear" else (Spot("activate", layer),)
    steps = (*activates, *(() if skipped is None else (Spot("shortcut", layer),)))
    silent = [replace(line, after=steps[-1]) for line in silent]
    text = _activation(plan, dialect, layer)
    lines.append(CodeLine(spell(f"x{column} = {text}"), column, None, steps, passed))
    return lines + silent


def _activation(plan: Plan, dialect: Dialect, layer: int) -> str:
    activation, skipped = plan.activations[layer], plan.network.shortcuts[layer + 1]
    if activation == "softmax":
        return f"softmax(z{layer + 1})"
    formula = "{v}" if activation == "linear" else f"{activation}({{v}})"
    if skipped is None:
        return dialect.each(formula, v=f"z{layer + 1}")
    return dialect.each(formula + " + {k}", v=f"z{layer + 1}", k=f"x{skipped}")


# -- loss ----------------------------------------------------------------------------------------------------------


def loss(plan: Plan, dialect: Dialect) -> list[CodeLine]:
    """By how much every output misses, and the loss of the row."""
    assert plan.loss is not None
    last, column = plan.last, plan.last + 1
    miss = dialect.each("{a} - {y}", a=f"x{column}", y="y")
    if plan.loss == "cross_entropy":
        text = f"cross_entropy(z{column}, y)"
    else:
        terms = dialect.each(TERMS[plan.loss], miss="miss", a=f"x{column}", z=f"z{column}", y="y")
        text = f"mean({terms})"
    return [
        CodeLine(spell(f"miss = {miss}"), column, None, (Spot("miss", last),), Spot("miss", last)),
        CodeLine(spell(f"loss = {text}"), None, None, (Spot("loss", last),), Spot("loss", last)),
    ]


# -- backward ------------------------------------------------------------------------------------------------------


def backward(plan: Plan, dialect: Dialect) -> list[CodeLine]:
    """The slopes, from the loss back to the first weights."""
    lines: list[CodeLine] = []
    for layer in range(plan.last, -1, -1):
        column = layer + 1
        lines += _sum_slopes(plan, dialect, layer)
        outer = dialect.outer.format(x=f"x{layer}", d=f"d{column}")
        weights, biases = (Spot("slope_weight", layer),), (Spot("slope_bias", layer),)
        if layer in plan.cut_layers:
            outer, inner = f"heard({outer}, kept_w{column})", f"heard(d{column}, kept_b{column})"
        else:
            inner = f"d{column}"
        lines.append(CodeLine(spell(f"dw{column} = {outer}"), column, None, weights, Spot("dw", layer)))
        lines.append(CodeLine(spell(f"db{column} = {inner}"), column, None, biases, Spot("db", layer)))
    return lines


def _sum_slopes(plan: Plan, dialect: Dialect, layer: int) -> list[CodeLine]:
    column = layer + 1
    arriving = (Spot("slope_output" if layer == plan.last else "slope_neuron", layer),)
    passing = (Spot("slope_gate", layer),) if plan.has_gate(layer) else ()
    formula, values = _arriving(plan, dialect, layer)
    silent, dz = column in plan.silent_columns, Spot("dz", layer)
    drops = plan.drops_out(layer)
    values |= {"a": f"x{column}", "z": f"z{column}"} if layer != plan.last else {}
    if not (plan.splits_slope(layer) or silent or drops):
        gate = f" * {_gate(plan, dialect, layer)}" if passing else ""
        body = dialect.each(_bracketed(formula, gate), **values)
        return [CodeLine(spell(f"d{column} = {body}"), column, None, (*arriving, *passing), dz)]
    name = f"da{column}" if plan.splits_slope(layer) or passing else f"d{column}"
    lines = [CodeLine(spell(f"{name} = {dialect.each(formula, **values)}"), column, None, arriving, Spot("da", layer))]
    if silent:
        lines.append(_heard(name, column, (), Spot("da", layer), arriving[0]))
    if drops:
        lines.append(_dropped(dialect, name, column))
    if passing:
        lines += _passing_lines(plan, dialect, layer, passing)
    return lines


def _bracketed(formula: str, gate: str) -> str:
    return f"({formula}){gate}" if gate and " + " in formula else formula + gate


def _passing_lines(plan: Plan, dialect: Dialect, layer: int, steps: tuple[Spot, ...]) -> list[CodeLine]:
    """From the slopes of the activations to those of the sums."""
    column, dz = layer + 1, Spot("dz", layer)
    values = {"s": f"da{column}", "a": f"x{column}", "z": f"z{column}"}
    if plan.activations[layer] != "softmax":
        body = dialect.each(f"{{s}} * {_gate(plan, dialect, layer)}", **values)
        return [CodeLine(spell(f"d{column} = {body}"), column, None, steps, dz)]
    products = dialect.each("{s}*{a}", **values)
    pull = CodeLine(spell(f"pull = total({products})"), result=Spot("pull", layer), after=Spot("slope_output", layer))
    body = dialect.each("{a}*({s} - pull)", **values)
    return [pull, CodeLine(spell(f"d{column} = {body}"), column, None, steps, dz)]


def _gate(plan: Plan, dialect: Dialect, layer: int) -> str:
    """The slope of an activation; where what it makes is changed later on, that is made again from the sum."""
    activation = plan.activations[layer]
    gate = dialect.gates[activation]
    if not plan.changes_activation(layer) or "{a}" not in gate:
        return gate
    if activation in ("relu", "leaky_relu", "hard_tanh"):
        return gate.replace("{a}", "{z}")
    return gate.replace("{a} >", "{z} >").replace("{a}", f"{activation}({{z}})")


def _arriving(plan: Plan, dialect: Dialect, layer: int) -> tuple[str, dict[str, str]]:
    """The slopes that come to a layer, as a formula and what its placeholders stand for."""
    assert plan.loss is not None
    column = layer + 1
    if layer < plan.last:
        values = {"s": dialect.back.format(d=f"d{column + 1}", w=f"w{column + 1}")}
        later = plan.shortcut_from(column)
        if later is None:
            return "{s}", values
        return "{s} + {k}", values | {"k": _da(plan, later)}
    values = {"miss": "miss", "a": f"x{column}", "z": f"z{column}", "y": "y"}
    if plan.loss == "cross_entropy":
        return ("{a} - {y}" if plan.certain else "{a}*total(y) - {y}"), values
    share = f"/{plan.network.outputs}" if plan.network.outputs > 1 else ""
    return dialect.slopes[plan.loss] + share, values


def _da(plan: Plan, column: int) -> str:
    """The slopes of what a column passes on."""
    return f"da{column}" if plan.has_gate(column - 1) else f"d{column}"


# -- update --------------------------------------------------------------------------------------------------------


def parameters(plan: Plan) -> list[tuple[str, Spot]]:
    """The weights and biases of every layer with their names."""
    layers = range(plan.last + 1)
    return [(f"{kind}{layer + 1}", Spot(kind, layer)) for layer in layers for kind in "wb"]


def slopes(plan: Plan) -> str:
    """The names of all slopes."""
    return listed(f"d{name}" for name, _spot in parameters(plan))


def update(plan: Plan, dialect: Dialect) -> list[CodeLine]:
    """What is done to the slopes first, then the optimizer's lines for every layer."""
    lines: list[CodeLine] = []
    if plan.changes_gradient:
        lines += _gradient_lines(plan, dialect)
    for name, spot in parameters(plan):
        lines += _update(plan, dialect, name, spot)
    return lines


def _gradient_lines(plan: Plan, dialect: Dialect) -> list[CodeLine]:
    pairs = [(name, Spot("g" + spot.what, spot.layer)) for name, spot in parameters(plan)]
    first = [(f"g{name} = {dialect.adjusted(plan, name)}", spot) for name, spot in pairs]
    if not plan.clips_norm:
        return [CodeLine(spell(text), result=spot) for text, spot in first]
    names = [f"g{name}" for name, _spot in pairs]
    norm = f"norm = length([{listed(names, LISTED)}])"
    return [
        *(CodeLine(spell(text)) for text, _spot in first),
        CodeLine(spell(norm), typed=f"norm = length([{listed(names)}])"),
        CodeLine(spell(SHARE)),
        *(CodeLine(spell(f"g{name} = {dialect.scaled.format(g=f'g{name}')}"), result=spot) for name, spot in pairs),
    ]


def _update(plan: Plan, dialect: Dialect, name: str, spot: Spot) -> list[CodeLine]:
    assert plan.rule is not None
    step = Spot("update_weight" if spot.what == "w" else "update_bias", spot.layer)
    slope, lines = f"g{name}" if plan.changes_gradient else f"d{name}", []
    for slot, text in dialect.update(plan, name, slope):
        if slot == "w":
            lines.append(CodeLine(spell(text), spot.layer + 1, None, (step,), spot))
        else:
            memory = Spot(f"{SLOTS[plan.rule].index(slot)}{spot.what}", spot.layer)
            lines.append(CodeLine(spell(text), spot.layer + 1, None, (), memory, step))
    if spot.layer in plan.cut_layers:
        kept = f"{name} = heard({name}, kept_{name})"
        lines.append(CodeLine(spell(kept), spot.layer + 1, None, (), spot, step))
    return lines
