"""A whole program that gives the same floats as the window: the answer, the loss, the slopes, and an update."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from visualnn.nn.network import Vector
from visualnn.nn.trace import Trace
from visualnn.scene.code import layered, named
from visualnn.scene.code.functions import BY_ARRAYS, PLAIN, needed
from visualnn.scene.code.line import Names, bias_name, weight_name
from visualnn.scene.code.listing import INDENT, Form, Listing, listing, texts
from visualnn.scene.code.rules import SLOTS, adjusted, constants, rule_lines

MAX_LISTED = 200_000  # parameters up to which a program is a text that somebody may read


def source(trace: Trace, names: Names, title: str, form: Form = "python") -> str:
    """The program: numbers, functions, `run`, and where there is a target one update with its loss before and after."""
    made = listing(trace, names, form)
    name = " ".join(title.split())  # a name is one line, or it would be code
    numbers = named_numbers(trace, names) if made.by_name else _listed_numbers(trace, made)
    options = list(_options(trace, made))
    work = ["\n".join(texts(made.run)), *learning(made), _answer(trace), *_training(trace, made)]
    functions = needed("\n".join((*options, *work)), PLAIN if form == "python" else BY_ARRAYS)
    parts = [numbers, *options, *functions, *work]
    head = f"# {name}: a {trace.network} network, written by VisualNN"
    return "\n\n".join([head, *_imports("\n".join(parts[1:]), form), *parts]) + "\n"


def _imports(text: str, form: Form) -> list[str]:
    known = {"functools.": "import functools", "math.": "import math"}
    found = [line for name, line in known.items() if name in text]
    found += ["import numpy as np"] if form == "numpy" else []
    return ["\n".join(found)] if found else []


# -- numbers -------------------------------------------------------------------------------------------------------


def named_numbers(trace: Trace, names: Names) -> str:
    """A line for every weight and bias of a small network."""
    weights, biases = ["# Weights"], ["# Biases"]
    for layer, (w, b) in enumerate(trace.network.views(trace.parameters)):
        for i, n in np.ndindex(w.shape):
            weights.append(f"{weight_name(names, layer, i, n)} = {float(w[i, n])!r}")
        biases += [f"{bias_name(names, layer, n)} = {float(v)!r}" for n, v in enumerate(b)]
    return "\n".join(weights) + "\n\n" + "\n".join(biases)


def _listed_numbers(trace: Trace, made: Listing) -> str:
    lines = [f"{name} = {text}" for name, text in _by_layer(trace.parameters, made, "")]
    if trace.mask is not None:
        views = trace.network.views(trace.mask.parameters)
        for layer in sorted(made.plan.cut_layers):
            w, b = views[layer]
            lines += [f"kept_w{layer + 1} = {_literal(made, w)}", f"kept_b{layer + 1} = {_literal(made, b)}"]
        columns = trace.mask.columns(trace.network)
        silent = sorted(made.plan.silent_columns)
        lines += [f"heard{column} = {_literal(made, columns[column])}" for column in silent]
    return "\n".join(lines)


def _by_layer(flat: Vector, made: Listing, prefix: str) -> Iterator[tuple[str, str]]:
    for layer, (w, b) in enumerate(made.plan.network.views(flat), start=1):
        yield f"{prefix}w{layer}", _literal(made, w)
        yield f"{prefix}b{layer}", _literal(made, b)


def _literal(made: Listing, values: Vector) -> str:
    return f"np.array({values.tolist()!r})" if made.form == "numpy" else repr(values.tolist())


def _options(trace: Trace, made: Listing) -> Iterator[str]:
    """How it learns: the rate and its kin, and what the optimizer remembers."""
    plan = made.plan
    if plan.rule is None:
        return
    yield "\n".join(["# The update", *constants(plan, trace), *adjusting(made)])
    if plan.rule in SLOTS:
        lines = ["# What the optimizer remembers"]
        for slot, flat in zip(SLOTS[plan.rule], trace.memory, strict=True):
            lines += [f"{name} = {text}" for name, text in remembered(flat, made, slot)]
        yield "\n".join(lines)
    if plan.rule is not None and made.form == "python" and not made.by_name:
        yield update_function(made)


def remembered(flat: Vector, made: Listing, slot: str) -> Iterable[tuple[str, str]]:
    """What the optimizer keeps in one of its slots: names with numbers."""
    if not made.by_name:
        return _by_layer(flat, made, slot)
    values = flat.tolist()
    return [(f"{slot}{name}", repr(v)) for (name, _spot), v in zip(named.parameters(made.plan), values, strict=True)]


def adjusting(made: Listing) -> list[str]:
    """The penalties and clipping of lists of numbers."""
    plan = made.plan
    if not plan.changes_gradient or made.by_name or made.form == "numpy":
        return []
    bias, weight = adjusted(plan, "g", None), adjusted(plan, "g", "w")
    return [
        "",
        "def adjusted(g, w=None):  # penalties on weights, not on biases",
        "    if isinstance(g, list):",
        "        return [adjusted(v, None if w is None else u) for v, u in zip(g, w or g)]",
        f"    return {bias} if w is None else {weight}",
        "",
    ]


def update_function(made: Listing) -> str:
    """The update of one number, and of lists of them."""
    assert made.plan.rule is not None
    slots = SLOTS.get(made.plan.rule, "")
    arguments = ", ".join(("w", "g", *slots))
    lines = [f"def update({arguments}):", "    if isinstance(w, list):"]
    every = f"[update(*each) for each in zip({arguments})]"
    lines.append(f"        return [list(each) for each in zip(*{every})]" if slots else f"        return {every}")
    own = rule_lines(made.plan, "w", "g", {slot: slot for slot in slots})
    return "\n".join([*lines, *(INDENT + text for _slot, text in own), f"    return {', '.join(('w', *slots))}"])


# -- work ----------------------------------------------------------------------------------------------------------


def learning(made: Listing) -> Iterator[str]:
    """The function that gives a row's loss and slopes."""
    if made.plan.loss is None:
        return
    if made.by_name:
        arguments = ", ".join((*made.plan.names[0], *named.target_names(made.plan)))
        slopes = named.slopes(made.plan)
    else:
        arguments, slopes = "x0, y", layered.slopes(made.plan)
    comma = "" if ", " in slopes else ","
    parts = [f"def learn({arguments}):"]
    for title, lines in (("Forward, as in run", made.forward), ("Loss", made.loss), ("Backward", made.backward)):
        parts += [f"{INDENT}# {title}", *(INDENT + text for text in texts(lines))]
    yield "\n".join([*parts, f"{INDENT}return loss, ({slopes}{comma})"])


def _answer(trace: Trace) -> str:
    return f"print(run({_typed(trace.x)}))"


def _typed(values: Vector) -> str:
    return ", ".join(map(repr, values.tolist()))


def _row(made: Listing, x: Vector, y: Vector) -> str:
    if made.by_name:
        return f"({_typed(x)}, {_typed(y)})"
    return f"({_literal(made, x)}, {_literal(made, y)})"


def _training(trace: Trace, made: Listing) -> Iterator[str]:
    """One update, and the same rows again."""
    if trace.target is None:
        return
    slopes = named.slopes(made.plan) if made.by_name else layered.slopes(made.plan)
    if trace.batch is None:
        yield (
            f"# Inputs and target\nrow = {_row(made, trace.x, trace.target)}\nloss, slopes = learn(*row)\n"
            f'{slopes}{"," if "," not in slopes else ""} = slopes\nprint("loss", loss)'
        )
    else:
        pairs = zip(trace.batch.inputs, trace.batch.targets, strict=True)
        rows = "\n".join(f"    {_row(made, x, y)}," for x, y in pairs)
        yield f"# Inputs and targets\nrows = [\n{rows}\n]\nlosses, slopes = zip(*[learn(*row) for row in rows])"
        yield "\n".join(texts((made.mean, made.means))) + '\nprint("loss", mean_loss)'
    if trace.optimizer is not None:
        yield "\n".join(["# Update", *texts(made.update)])
        yield f'# The same again\n{made.again}\nprint("loss after the update", loss_after)'
