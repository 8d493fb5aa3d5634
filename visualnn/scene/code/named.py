"""A small network's program neuron by neuron, with a name for every number.

zc is the sum of c, and gwac what the optimizer gets where that is not the slope of wac itself. The lines of the
backward pass are in `slopes`.
"""

from __future__ import annotations

from collections.abc import Iterable

from visualnn.scene.code.line import CodeLine, Part, Spot, bias_name, prefixed, spell, weight_name
from visualnn.scene.code.plan import Plan
from visualnn.scene.code.rules import SHARE, SLOTS, adjusted, rule_lines

Piece = str | tuple[str, Part]

OFF = "  # switched off"
LISTED = 3  # names up to which a list is shown in full

LOSS_TERMS = {  # what one output adds to the loss
    "mse": "{miss}*{miss}",
    "mae": "abs({miss})",
    "huber": "huber({miss})",
    "hinge": "hinge({a}, {y})",
    "binary_cross_entropy": "bce({z}, {y})",
}


def target_names(plan: Plan) -> tuple[str, ...]:
    """What the outputs should be is called y, or yf and yg where there are several."""
    outputs = plan.names[-1]
    taken = {name for column in plan.names for name in column}
    if len(outputs) == 1 and "y" not in taken:
        return ("y",)
    return tuple(prefixed("y", name) if len(name) == 1 else f"target_{name}" for name in outputs)


def inputs(plan: Plan) -> str:
    """The parameters of `run`."""
    return ", ".join(plan.names[0])


# -- forward -------------------------------------------------------------------------------------------------------


def forward(plan: Plan) -> list[CodeLine]:
    """The body of `run` without its return."""
    lines = [CodeLine(spell(f"{plan.names[0][n]} = 0.0{OFF}")) for c, n in sorted(plan.silent) if c == 0]
    for layer in range(plan.last + 1):
        for neuron in range(plan.network.sizes[layer + 1]):
            lines += _neuron(plan, layer, neuron)
        if plan.activations[layer] == "softmax":
            lines.append(_softmax(plan, layer))
    return lines


def _neuron(plan: Plan, layer: int, n: int) -> list[CodeLine]:
    """One neuron's sum and activation, in one line where nothing asks for the sum."""
    name, activation = plan.names[layer + 1][n], plan.activations[layer]
    adding, passing = _forward_steps(plan, layer, n)
    if (layer + 1, n) in plan.silent:
        at = (layer + 1, n, (*adding, *passing), Spot("a", layer, n))
        return [CodeLine(spell(f"{name} = 0.0{OFF}"), *at)]
    terms, added = _terms(plan, layer, n), _shortcut(plan, layer, n)
    call: tuple[Piece, ...] = () if activation == "linear" else ((activation, "activation"),)
    if not plan.keeps_sum(layer):
        body = (*call, "(", *terms, ")") if call else terms
        line = spell(f"{name} = ", *body, *added)
        return [CodeLine(line, layer + 1, n, (*adding, *passing), Spot("a", layer, n))]
    z = prefixed("z", name)
    lines = [CodeLine(spell(f"{z} = ", *terms), layer + 1, n, adding, Spot("z", layer, n))]
    if activation != "softmax":
        line = spell(f"{name} = ", *call, f"({z})", *added)
        lines.append(CodeLine(line, layer + 1, n, passing, Spot("a", layer, n)))
    return lines


def _forward_steps(plan: Plan, layer: int, n: int) -> tuple[tuple[Spot, ...], tuple[Spot, ...]]:
    products = (Spot("multiply", layer, n, source) for source in range(plan.network.sizes[layer]))
    adding = (*products, Spot("sum", layer, n), Spot("bias", layer, n))
    activates = () if plan.activations[layer] == "linear" else (Spot("activate", layer, n),)
    skips = () if plan.network.shortcuts[layer + 1] is None else (Spot("shortcut", layer, n),)
    return adding, (*activates, *skips)


def _terms(plan: Plan, layer: int, n: int) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for source, name in enumerate(plan.names[layer]):
        pieces += [(f"{name}*{weight_name(plan.names, layer, source, n)}", source), " + "]
    return (*pieces, (bias_name(plan.names, layer, n), "bias"))


def _shortcut(plan: Plan, layer: int, n: int) -> tuple[Piece, ...]:
    source = plan.network.shortcuts[layer + 1]
    return () if source is None else (" + ", (plan.names[source][n], "shortcut"))


def _softmax(plan: Plan, layer: int) -> CodeLine:
    names = plan.names[layer + 1]
    made = ", ".join(names) if len(names) > 1 else f"[{names[0]}]"
    sums = ", ".join(prefixed("z", name) for name in names)
    steps = tuple(Spot("activate", layer, n) for n in range(len(names)))
    return CodeLine(spell(f"{made} = ", ("softmax", "activation"), f"([{sums}])"), None, None, steps, Spot("a", layer))


# -- loss ----------------------------------------------------------------------------------------------------------


def loss(plan: Plan) -> list[CodeLine]:
    """By how much every output misses, and the loss of the row."""
    last, lines = plan.last, []
    for n, (name, y) in enumerate(zip(plan.names[-1], target_names(plan), strict=True)):
        at = (last + 1, n, (Spot("miss", last, n),), Spot("miss", last, n))
        lines.append(CodeLine(spell(f"{_miss(plan, n)} = {name} - {y}"), *at))
    return [*lines, CodeLine(spell("loss = ", _loss(plan)), None, None, (Spot("loss", last, 0),), Spot("loss", last))]


def _miss(plan: Plan, n: int) -> str:
    return "miss" if plan.network.outputs == 1 else f"miss_{plan.names[-1][n]}"


def _loss(plan: Plan) -> str:
    assert plan.loss is not None
    names, ys = plan.names[-1], target_names(plan)
    if plan.loss == "cross_entropy":
        sums = ", ".join(prefixed("z", name) for name in names)
        return f"cross_entropy([{sums}], [{', '.join(ys)}])"
    terms = [
        LOSS_TERMS[plan.loss].format(a=name, z=prefixed("z", name), y=y, miss=_miss(plan, n))
        for n, (name, y) in enumerate(zip(names, ys, strict=True))
    ]
    return terms[0] if len(terms) == 1 else f"({' + '.join(terms)}) / {len(terms)}"


# -- update --------------------------------------------------------------------------------------------------------


def parameters(plan: Plan) -> list[tuple[str, Spot]]:
    """Every weight and bias with its name, as they lie in the flat vector."""
    found = []
    for layer in range(plan.last + 1):
        sources, units = range(plan.network.sizes[layer]), range(plan.network.sizes[layer + 1])
        found += [(weight_name(plan.names, layer, i, n), Spot("w", layer, n, i)) for i in sources for n in units]
        found += [(bias_name(plan.names, layer, n), Spot("b", layer, n)) for n in units]
    return found


def slopes(plan: Plan) -> str:
    """The names of all slopes."""
    return listed(f"d{name}" for name, _spot in parameters(plan))


def listed(names: Iterable[str], most: int | None = None) -> str:
    """Names with commas between them, of more than `most` the first and the last."""
    found = list(names)
    if most is not None and len(found) > most:
        return f"{found[0]}, …, {found[-1]}"
    return ", ".join(found)


def update(plan: Plan) -> list[CodeLine]:
    """What is done to the slopes first, then the optimizer's lines for every parameter."""
    lines = [line for name, spot in parameters(plan) for line in _adjusted(plan, name, spot)]
    if plan.clips_norm:
        names = [f"g{name}" for name, _spot in parameters(plan)]
        typed = f"norm = length([{listed(names)}])"
        lines += [
            CodeLine(spell(f"norm = length([{listed(names, LISTED)}])"), typed=typed),
            CodeLine(spell(SHARE)),
            *(CodeLine(spell(f"g{name} *= share"), result=_gradient(spot)) for name, spot in parameters(plan)),
        ]
    for name, spot in sorted(parameters(plan), key=_turn):
        lines += _update(plan, name, spot)
    return lines


def _turn(parameter: tuple[str, Spot]) -> tuple[int, bool, int, int]:
    """The order of the timeline: layer by layer the weights neuron by neuron, then the biases."""
    _name, spot = parameter
    return spot.layer, spot.what == "b", spot.neuron or 0, spot.source or 0


def _gradient(spot: Spot) -> Spot:
    return spot._replace(what="g" + spot.what)


def _adjusted(plan: Plan, name: str, spot: Spot) -> list[CodeLine]:
    if not plan.changes_gradient:
        return []
    text = adjusted(plan, f"d{name}", name if spot.what == "w" else None)
    return [CodeLine(spell(f"g{name} = {text}"), result=None if plan.clips_norm else _gradient(spot))]


def _update(plan: Plan, name: str, spot: Spot) -> list[CodeLine]:
    step = Spot("update_weight" if spot.what == "w" else "update_bias", *spot[1:])
    at = (spot.layer + 1, spot.neuron)
    if place(plan, spot) in plan.cut:
        return [CodeLine(spell(f"{name} = 0.0{OFF}"), *at, (step,), spot)]
    assert plan.rule is not None
    slots = {slot: f"{slot}{name}" for slot in SLOTS.get(plan.rule, "")}
    made = rule_lines(plan, name, f"g{name}" if plan.changes_gradient else f"d{name}", slots)
    lines = []
    for slot, text in made:
        if slot == "w":
            lines.append(CodeLine(spell(text), *at, (step,), spot))
        else:
            memory = spot._replace(what=f"{SLOTS[plan.rule].index(slot)}{spot.what}")
            lines.append(CodeLine(spell(text), *at, (), memory, step))
    return lines


def place(plan: Plan, spot: Spot) -> int:
    """Where a parameter lies in the flat vector."""
    assert spot.neuron is not None
    return plan.network.parameter_index(spot.layer, spot.neuron, spot.source)
