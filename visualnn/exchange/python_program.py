"""A program in plain Python, like the article's: the same answers to the last digit, and the same training.

It needs nothing but the standard library. A small network has a name for every number, a larger one lists. Few rows
stand in the program, many lie beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from visualnn.exchange import python_loop, rows, start, turn, words
from visualnn.exchange.start import Start, start_of
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.trace import Batch, Trace, trace
from visualnn.project import Project
from visualnn.scene.code import MAX_LISTED, Listing, layered, named
from visualnn.scene.code.functions import PLAIN, needed
from visualnn.scene.code.listing import INDENT, listing, texts
from visualnn.scene.code.plan import Plan
from visualnn.scene.code.program import adjusting, learning, named_numbers, update_function
from visualnn.scene.code.rules import SLOTS

PROGRAM = "network.py"
MOST_TYPED = 2_000  # numbers of the rows that stand in the program
QUICK = 1_000_000  # products of an epoch, forward: some seconds
SLOW = "It counts number by number: an epoch takes a while. The NumPy project does the same, faster."
MAIN = 'if __name__ == "__main__":'
STILL = """\
def still(w):
    return [still(v) for v in w] if isinstance(w, list) else 0.0"""
TABLE = """\
with Path(__file__).with_name("data.csv").open(encoding="utf-8", newline="") as file:
    _, *lines = csv.reader(file)
numbers = {row}
rows = [numbers(line[:-1]) for line in lines if line[-1] == "train"]
tests = [numbers(line[:-1]) for line in lines if line[-1] == "test"]"""
IMPORTS = {"csv.": "import csv", "math.": "import math", "Path(": "from pathlib import Path"}


def limit(project: Project) -> str:
    """Why there can be no such program, in one sentence; "" if there can."""
    count, cells = project.network.parameter_count, rows.cells(project.data)
    if count > MAX_LISTED:
        return (
            f"This network has {count:,} weights and biases; a program in plain Python can have {MAX_LISTED:,}. "
            "Export it as NumPy."
        )
    if cells > rows.MOST_CELLS:
        return f"These data are {cells:,} numbers; plain Python can read {rows.MOST_CELLS:,}. Export it as NumPy."
    return ""


def files(project: Project) -> dict[str, bytes]:
    """The program, and its rows where they are many. Raises `VisualNNError` where there can be none."""
    reason = limit(project)
    if reason:
        raise VisualNNError(reason)
    if not np.isfinite([*start.shown(project), *start_of(project).parameters]).all():
        raise VisualNNError("Some weights are no longer finite numbers, and cannot be typed. Export it as NumPy.")
    made = {PROGRAM: program(project).encode()}
    return made if is_typed(project) else made | {rows.TABLE: rows.table(project.data)}


def is_typed(project: Project) -> bool:
    """Whether the rows stand in the program."""
    return rows.cells(project.data) <= MOST_TYPED


def program(project: Project) -> str:
    """Its text."""
    begun = start_of(project)
    followed = _followed(project, start.shown(project))
    answers = learns = listing(followed, project.names, "python")
    if turn.drops(project):
        plan = answers.plan.in_lists
        answers, learns = Listing(plan, "python"), Listing(replace(plan, drops=True), "python")
    work = ["\n".join(texts(answers.run)), _learn(learns), _loss_of(project)]
    work += [*_update(followed, learns), *python_loop.functions(project, begun)]
    main = "\n".join([MAIN, *(INDENT + line if line else "" for line in _main(project, learns, begun))])
    functions = [*needed("\n".join((*work, main)), PLAIN), *work, main]
    numbers = [_numbers(followed, answers), _mask(followed, answers.plan), _data(project, answers.by_name)]
    imports = _imports("\n".join((*numbers, *functions)))
    top = "\n\n".join(part for part in (_head(project, begun), imports, *numbers) if part)
    return "\n\n\n".join([top, *functions]) + "\n"


def _followed(project: Project, parameters: Vector) -> Trace:
    data = project.data
    batch = Batch(data.inputs, data.targets)
    return trace(project.network, parameters, batch=batch, options=project.options, mask=project.mask)


def _imports(text: str) -> str:
    return "\n".join(line for name, line in IMPORTS.items() if name in text)


def _head(project: Project, begun: Start) -> str:
    """What it is and what it does, as comments."""
    name, is_short = rows.short(project.name), project.options.precision == "float32"
    said = [
        f"{name}: a {project.network} network, written by VisualNN",
        "",
        "It needs nothing but Python." if is_typed(project) else f"It needs nothing but Python: python {PROGRAM}",
        "It gives the answers of VisualNN to the last digit, then trains on the same rows in the same order.",
        *([SLOW] if project.network.parameter_count * project.data.rows > QUICK else []),
        *([words.WIDENED] if is_short else []),
        start.words(project, begun),
        *rows.recipe_words(project.data),
    ]
    return "\n".join(f"# {line}".rstrip() for line in said)


# -- numbers -----------------------------------------------------------------------------------------------------------


def _numbers(followed: Trace, made: Listing) -> str:
    """The weights and biases."""
    if made.by_name:
        return named_numbers(followed, made.plan.names)
    lines = list(_by_layer(followed.network, followed.parameters))
    return "\n".join(["# Weights, a line for each number that comes in, and biases", *lines])


def _by_layer(network: Network, values: Vector, prefix: str = "") -> Iterator[str]:
    for layer, (w, b) in enumerate(network.views(values), start=1):
        yield from (f"{prefix}w{layer} = {_matrix(w)}", f"{prefix}b{layer} = {b.tolist()!r}")


def _matrix(values: Matrix) -> str:
    """A list of lists, each on its line."""
    return "\n".join(["[", *(f"{INDENT}{row!r}," for row in values.tolist()), "]"])


def _mask(followed: Trace, plan: Plan) -> str:
    """What is switched off, where the lines do not say it themselves."""
    if followed.mask is None or plan.named:
        return ""
    lines, views = ["# What is switched off: 0"], followed.network.views(followed.mask.parameters)
    for layer in sorted(plan.cut_layers):
        w, b = views[layer]
        lines += [f"kept_w{layer + 1} = {_matrix(w)}", f"kept_b{layer + 1} = {b.tolist()!r}"]
    columns = followed.mask.columns(followed.network)
    return "\n".join([*lines, *(f"heard{c} = {columns[c].tolist()!r}" for c in sorted(plan.silent_columns))])


def _data(project: Project, by_name: bool) -> str:
    """The rows: as numbers, or how they are read."""
    data, inputs = project.data, project.network.inputs
    what = "inputs and answers" if by_name else "the inputs, and the answers"
    note = f"# The rows: {what} of each"
    if not is_typed(project):
        row = "lambda line: [float(cell) for cell in line]"
        pair = f"lambda line: ([float(cell) for cell in line[:{inputs}]], [float(cell) for cell in line[{inputs}:]])"
        return f"{note}\n{TABLE.format(row=row if by_name else pair)}"
    made = [note, "rows = [", *_typed(data.inputs, data.targets, by_name), "]", "", "tests = ["]
    made += [*_typed(data.test_inputs, data.test_targets, by_name), "]"]
    return "\n".join(made).replace("\n\ntests = [\n]", "\ntests = []").replace("\n\ntests", "\ntests")


def _typed(inputs: Matrix, targets: Matrix, by_name: bool) -> Iterator[str]:
    for x, y in zip(inputs.tolist(), targets.tolist(), strict=True):
        yield f"{INDENT}{(*x, *y) if by_name else (x, y)!r},"


# -- work --------------------------------------------------------------------------------------------------------------


def _learn(made: Listing) -> str:
    text = next(learning(made))
    return text.replace("def learn(x0, y):", "def learn(x0, y, on):", 1) if made.plan.drops else text


def _loss_of(project: Project) -> str:
    """The loss over rows, when nobody sits out."""
    if not turn.drops(project):
        return "def loss_of(chosen):\n    return mean([learn(*row)[0] for row in chosen])"
    everybody = f"[[1.0] * units for units in {project.network.sizes}]"
    return f"def loss_of(chosen):\n    on = {everybody}\n    return mean([learn(*row, on)[0] for row in chosen])"


def _update(followed: Trace, made: Listing) -> Iterator[str]:
    """What the lines of an update call."""
    text = "\n".join(adjusting(made)).strip("\n")
    if text:
        yield text
    if not made.by_name:
        yield update_function(made)
        if made.plan.rule in SLOTS:
            yield STILL


def _memory(project: Project, made: Listing, begun: Start) -> Iterator[str]:
    """What the optimizer remembers, slot by slot."""
    slots = SLOTS.get(made.plan.rule or "", "")
    names = [name for name, _spot in (named if made.by_name else layered).parameters(made.plan)]
    if not slots:
        return
    yield "# What the optimizer remembers"
    if not begun.update:
        still = "0.0" if made.by_name else "still({})"
        yield from (f"{' = '.join(slot + name for slot in slots)} = {still.format(name)}" for name in names)
        return
    for slot, values in zip(slots, begun.memory, strict=True):
        if made.by_name:
            yield from (f"{slot}{name} = {value!r}" for name, value in zip(names, values.tolist(), strict=True))
        else:
            yield from "\n".join(_by_layer(project.network, values, slot)).split("\n")


def _main(project: Project, made: Listing, begun: Start) -> Iterator[str]:
    """What happens when it is run."""
    yield f"sample = {project.sample.tolist()!r}"
    yield 'print("The answer to the sample:", run(*sample))'
    yield ""
    if not start.begins_as_shown(project, begun):
        yield f"# {start.words(project, begun)}"
        yield from _numbers(_followed(project, begun.parameters), made).split("\n")
        yield ""
    yield "# How it learns"
    yield f"epochs = {begun.epochs}"
    yield from turn.constants(project)
    yield from _memory(project, made, begun)
    yield ""
    yield from python_loop.loop(project, made, begun)
    yield ""
    yield 'print("The loss over all rows:", loss_of(rows))'
    if project.data.tests:
        yield 'print("The loss over the test rows:", loss_of(tests))'
    yield 'print("The answer to the sample now:", run(*sample))'
