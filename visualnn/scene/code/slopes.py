"""The backward pass of a small network, neuron by neuron.

dc is the loss's slope by the sum of c, dac its slope by c itself where that has a line of its own; dwac and dbc are the
slopes of weight and bias.
"""

from __future__ import annotations

from visualnn.nn.functions import HUBER_DELTA, LEAK
from visualnn.scene.code.line import CodeLine, Spot, bias_name, prefixed, spell, weight_name
from visualnn.scene.code.named import OFF, Piece, target_names
from visualnn.scene.code.plan import Plan

GATES = {  # the slope of an activation by what it makes
    "relu": "({a} > 0)",
    "leaky_relu": f"(1.0 if {{a}} > 0 else {LEAK})",
    "elu": "(1.0 if {a} > 0 else {a} + 1.0)",
    "tanh": "(1 - {a}*{a})",
    "sigmoid": "({a}*(1 - {a}))",
    "hard_tanh": "(abs({a}) < 1)",
}
GATES_OF_SUM = {  # and by the sum
    "relu": "({z} > 0)",
    "leaky_relu": f"(1.0 if {{z}} > 0 else {LEAK})",
    "elu": "(1.0 if {z} > 0 else elu({z}) + 1.0)",
    "gelu": "gelu_slope({z})",
    "silu": "silu_slope({z})",
    "softplus": "sigmoid({z})",
    "tanh": "(1 - tanh({z})*tanh({z}))",
    "sigmoid": "(sigmoid({z})*(1 - sigmoid({z})))",
    "hard_tanh": "(abs({z}) < 1)",
    "hard_sigmoid": "((abs({z}) < 3) / 6)",
    "hard_silu": "hard_silu_slope({z})",
}
OUTPUT_SLOPES = {
    "mse": "2*({a} - {y})",
    "mae": "sign({a} - {y})",
    "huber": f"max(-{HUBER_DELTA}, min({HUBER_DELTA}, {{a}} - {{y}}))",
    "hinge": "hinge_slope({a}, {y})",
    "binary_cross_entropy": "({a} - {y})",
}


def backward(plan: Plan) -> list[CodeLine]:
    """The slopes, from the loss back to the first weights."""
    lines: list[CodeLine] = []
    for layer in range(plan.last, -1, -1):
        lines += _neuron_slopes(plan, layer)
        units = range(plan.network.sizes[layer + 1])
        lines += [_weight_slope(plan, layer, n, i) for n in units for i in range(plan.network.sizes[layer])]
        lines += [_bias_slope(plan, layer, n) for n in units]
    return lines


def _neuron_slopes(plan: Plan, layer: int) -> list[CodeLine]:
    """The slopes of a layer's sums; where they are needed, those of its activations first."""
    units = range(plan.network.sizes[layer + 1])
    if not plan.splits_slope(layer):
        return [_slope(plan, layer, n) for n in units]
    arriving = [_arriving_line(plan, layer, n) for n in units]
    if plan.activations[layer] != "softmax":
        return arriving + [_passing_line(plan, layer, n) for n in units]
    names = plan.names[layer + 1]
    pull = " + ".join(f"{_da(name)}*{name}" for name in names)
    middle = CodeLine(spell(f"pull = {pull}"), result=Spot("pull", layer), after=Spot("slope_output", layer))
    return [*arriving, middle, *(_passing_line(plan, layer, n) for n in units)]


def _slope(plan: Plan, layer: int, n: int) -> CodeLine:
    """The slope of a neuron's sum in one line."""
    name = plan.names[layer + 1][n]
    steps, at = _slope_steps(plan, layer, n), Spot("dz", layer, n)
    if (layer + 1, n) in plan.silent:
        return CodeLine(spell(f"{prefixed('d', name)} = 0.0{OFF}"), layer + 1, n, steps, at)
    gate: tuple[Piece, ...] = ()
    arriving = _arriving(plan, layer, n)
    if plan.has_gate(layer):
        arriving = ("(", *arriving, ")") if " + " in arriving else arriving
        gate = (" * ", (_gate(plan, layer, name), "gate"))
    return CodeLine(spell(f"{prefixed('d', name)} = ", *arriving, *gate), layer + 1, n, steps, at)


def _slope_steps(plan: Plan, layer: int, n: int) -> tuple[Spot, ...]:
    kind = "slope_output" if layer == plan.last else "slope_neuron"
    gate = (Spot("slope_gate", layer, n),) if plan.has_gate(layer) else ()
    return (Spot(kind, layer, n), *gate)


def _gate(plan: Plan, layer: int, name: str) -> str:
    gates = GATES_OF_SUM if plan.keeps_sum(layer) else GATES
    return gates[plan.activations[layer]].format(a=name, z=prefixed("z", name))


def _da(name: str) -> str:
    return f"da{name}" if len(name) == 1 else f"da_{name}"


def _arriving_line(plan: Plan, layer: int, n: int) -> CodeLine:
    name, step = plan.names[layer + 1][n], _slope_steps(plan, layer, n)[:1]
    silent = (layer + 1, n) in plan.silent
    body: tuple[Piece, ...] = (f"0.0{OFF}",) if silent else _arriving(plan, layer, n)
    return CodeLine(spell(f"{_da(name)} = ", *body), layer + 1, n, step, Spot("da", layer, n))


def _passing_line(plan: Plan, layer: int, n: int) -> CodeLine:
    name, step = plan.names[layer + 1][n], _slope_steps(plan, layer, n)[1:]
    if (layer + 1, n) in plan.silent:
        body = spell(f"{prefixed('d', name)} = 0.0{OFF}")
    elif plan.activations[layer] == "softmax":
        body = spell(f"{prefixed('d', name)} = {name}*({_da(name)} - pull)")
    else:
        body = spell(f"{prefixed('d', name)} = {_da(name)} * ", (_gate(plan, layer, name), "gate"))
    return CodeLine(body, layer + 1, n, step, Spot("dz", layer, n))


def _arriving(plan: Plan, layer: int, n: int) -> tuple[Piece, ...]:
    """The slope that comes to a neuron: from the loss, or by its connections and by a shortcut."""
    if layer == plan.last:
        return ((_output_slope(plan, n), "slope"),)
    pieces: list[Piece] = []
    for target, name in enumerate(plan.names[layer + 2]):
        plus = (" + ",) if pieces else ()
        pieces += [*plus, (f"{prefixed('d', name)}*{weight_name(plan.names, layer + 1, n, target)}", "slope")]
    column = plan.shortcut_from(layer + 1)
    if column is not None:
        name = plan.names[column][n]
        pieces += [" + ", (_da(name) if plan.splits_slope(column - 1) else prefixed("d", name), "slope")]
    return tuple(pieces)


def _output_slope(plan: Plan, n: int) -> str:
    assert plan.loss is not None
    a, ys = plan.names[-1][n], target_names(plan)
    if plan.loss == "cross_entropy":
        return f"{a} - {ys[n]}" if plan.certain else f"{a}*({' + '.join(ys)}) - {ys[n]}"
    text = OUTPUT_SLOPES[plan.loss].format(a=a, y=ys[n])
    if plan.network.outputs > 1:
        return f"{text}/{plan.network.outputs}"
    return text.strip("()") if plan.loss == "binary_cross_entropy" else text


def _weight_slope(plan: Plan, layer: int, n: int, source: int) -> CodeLine:
    name = weight_name(plan.names, layer, source, n)
    step = (Spot("slope_weight", layer, n, source),)
    slope = f"{prefixed('d', plan.names[layer + 1][n])} * {plan.names[layer][source]}"
    body = f"0.0{OFF}" if plan.network.weight_index(layer, source, n) in plan.cut else slope
    return CodeLine(spell(f"d{name} = {body}"), layer + 1, n, step, Spot("dw", layer, n, source))


def _bias_slope(plan: Plan, layer: int, n: int) -> CodeLine:
    step = (Spot("slope_bias", layer, n),)
    slope = prefixed("d", plan.names[layer + 1][n])
    body = f"0.0{OFF}" if plan.network.bias_index(layer, n) in plan.cut else slope
    return CodeLine(spell(f"d{bias_name(plan.names, layer, n)} = {body}"), layer + 1, n, step, Spot("db", layer, n))
