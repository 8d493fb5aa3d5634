"""train.py and data.py: the same rows in the same order, the same slopes, the same updates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from visualnn.exchange import rows, turn
from visualnn.exchange.numpy_program import model
from visualnn.exchange.numpy_program.functions import listed, loss, loss_slope, needed, written
from visualnn.exchange.start import Start, begins_as_shown
from visualnn.nn.penalties import NORM_EPS
from visualnn.project import Project
from visualnn.scene.code.plan import Plan
from visualnn.scene.code.rules import SLOTS, rule_lines
from visualnn.scene.libraries.columns import indented

WEIGHTS, START, MASK = "weights.npz", "start.npz", "mask.npz"
DATA = '''\
"""The rows, and in which order training goes through them."""

{csv}from pathlib import Path

import numpy as np

{reading}


def batches():
    """The rows of each update, epoch after epoch, as VisualNN takes them."""
{order}'''
WHOLE = """\
    while True:
        yield np.arange(len(x))
"""
SHUFFLED = """\
    rng = np.random.default_rng({seed:_})
    while True:
        order = rng.permutation(len(x))
        yield from (order[first : first + {batch}] for first in range(0, len(x), {batch}))
"""
HEAD = '''\
"""Trains the network as VisualNN does: the same rows in the same order, the same arithmetic."""

{imports}

{constants}
'''
GRADIENT = '''\
def gradient(parameters, x, y{gates}):
    """The loss over these rows, and how it reacts to each weight and bias."""
    z, a = forward(parameters, x{gates})
    slopes = []
{brought}    dz = loss_slope(z[-1], a[-1], y)  # of the sums of a layer
    for layer in reversed(range(len(z))):
        slopes[:0] = [a[layer].T @ dz, dz.sum(axis=0)]
        if layer:
            da = dz @ parameters[2 * layer].T  # of the activations of the layer before
{changes}            dz = da * SLOPES[layer - 1](z[layer - 1], {own})
    return losses(z[-1], a[-1], y).mean(), slopes'''
BROUGHT = "    brought = {}  # by shortcuts to earlier columns\n"
ADDED = "            da = da + brought.pop(layer, 0.0)\n"
SILENCED = """\
            if layer in SILENT:
                da[:, SILENT[layer]] = 0.0
"""
GATED = """\
            if gates is not None:
                da = da * gates[layer]
"""
BRINGS = """\
            if layer in SHORTCUTS:
                brought[SHORTCUTS[layer]] = brought.get(SHORTCUTS[layer], 0.0) + da
"""
DROPPED = '''\
def mixed(x):
    """A hash of 32 bits: who sits out is random, and yet the same as in VisualNN."""
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def dropped(t, count):
    """What the activations of each column are multiplied with in update t: 0 for the neurons that sit out."""
    word = ({seed} * 0x9E3779B97F4A7C15 + (t - 1) * 0xD1B54A32D192ED03) % 2**64
    key = mixed(np.array([(word ^ word >> 32) % 2**32], dtype=np.uint32))
    of_row = np.arange(count, dtype=np.uint32)[:, None] * np.uint32(0x85EBCA6B)
    gates, first = [None], {inputs}
    for units in {hidden}:
        numbers = np.arange(first, first + units, dtype=np.uint32) * np.uint32(0x9E3779B9)
        gates.append((mixed(numbers + of_row + key) >= np.uint32(dropout * 2**32)) / (1.0 - dropout))
        first += units
    return [*gates, None]'''
LOSS_OF = '''\
def loss_of(parameters, x, y):
    """The loss over rows{note}."""
    z, a = forward(parameters, x)
    return losses(z[-1], a[-1], y).mean()'''
TRAIN = '''\
def train():
    """The weights and biases after all updates, and the loss before each."""
{before}
    for t in range({first}, updates + 1):
{body}
    return parameters, curve


if __name__ == "__main__":
    parameters, curve = train()
    for name, x, y in (("all", data.x, data.y), ("the test", data.x_test, data.y_test)):
        if len(x):
            print(f"loss over {{name}} rows: {{loss_of(parameters, x, y):.6g}}")
    named = {{f"{{'wb'[i % 2]}}{{i // 2 + 1}}": values for i, values in enumerate(parameters)}}
    np.savez(Path(__file__).with_name("trained.npz"), **named)
    lines = [f"{{t}},{{loss!r}}" for t, loss in enumerate(map(float, curve), {first})]
    Path(__file__).with_name("losses.csv").write_text("\\n".join(["update,loss", *lines, ""]), encoding="utf-8")
    print("The weights are in trained.npz, the losses in losses.csv.")
'''


def data_program(project: Project) -> str:
    """The text of data.py."""
    order = SHUFFLED.format(seed=10_000 + project.options.seed, batch=turn.batch_size(project))
    return DATA.format(
        csv="import csv\n" if rows.is_table(project.data) else "",
        reading="\n".join(rows.reading(project.data)),
        order=order if turn.is_shuffled(project) else WHOLE,
    )


def program(project: Project, start: Start) -> str:
    """The text of train.py."""
    options = project.options
    slope = loss_slope(options.loss, project.network.activations[-1])
    slopes = needed(" ".join([*_slopes(project), slope]))
    own = [name for name in slopes if name not in model.names(project)]
    parts = [
        *([written(own)] if own else []),
        f"SLOPES = {listed(_slopes(project))}  # of the activations of each hidden layer",
        loss(options.loss),
        slope,
        _gradient(project),
        LOSS_OF.format(note=", when nobody sits out" if turn.drops(project) else ""),
        *([_dropped(project)] if turn.drops(project) else []),
        *turn.functions(options),
        _train(project, start),
    ]
    text = "\n\n\n".join(parts)
    constants = "\n".join([f"epochs = {start.epochs}", *turn.constants(project)])
    return HEAD.format(imports=_imports(text, model.names(project)), constants=constants) + "\n\n" + text


def _imports(text: str, known: list[str]) -> str:
    """The modules that are used, and what of the model is."""
    used = set(re.findall(r"[A-Za-z_]+", text))
    modules = [f"import {name}" for name in ("itertools", "math") if f"{name}." in text]
    names = [name for name in ("SHORTCUTS", "SILENT") if name in used] + ["forward", "loaded"]
    names += [name for name in known if name in used]
    if "ACTIVATIONS[" in text:
        names.append("ACTIVATIONS")
    ours = ["import data", f"from model import {', '.join(sorted(names))}"]
    return "\n".join([*modules, "from pathlib import Path", "", "import numpy as np", "", *ours])


def _slopes(project: Project) -> list[str]:
    return [f"{name}_slope" for name in project.network.activations[:-1]]


def _gradient(project: Project) -> str:
    shortcuts, drops = bool(model.shortcuts(project)), turn.drops(project)
    changes = [ADDED] if shortcuts else []
    changes += [SILENCED] if model.silent(project) else []
    changes += [GATED] if drops else []
    changes += [BRINGS] if shortcuts else []
    again = "ACTIVATIONS[layer - 1](z[layer - 1])"  # what is passed on is something else
    return GRADIENT.format(
        gates=", gates" if drops else "",
        brought=BROUGHT if shortcuts else "",
        changes="".join(changes),
        own=again if shortcuts or drops else "a[layer]",
    )


def _dropped(project: Project) -> str:
    network = project.network
    return DROPPED.format(seed=project.options.seed, inputs=network.inputs, hidden=network.sizes[1:-1])


# -- the loop ----------------------------------------------------------------------------------------------------------


def _train(project: Project, start: Start) -> str:
    before = [*_begun(project, start), *turn.before(project.options, start)]
    body = [*_learned(project), *turn.ends(project.options), *turn.rate(project.options), *_adjusted(project)]
    body += ["for i, g in enumerate(slopes):", *indented(list(_moved(project))), *turn.after(project.options)]
    body += turn.patience(project, "loss_of(parameters, data.x_test, data.y_test)")
    text = {"before": "\n".join(indented(before)), "body": "\n".join(indented(body, 2))}
    return TRAIN.format(first=start.update + 1, **text)


def start_file(project: Project, start: Start) -> str:
    """Where the weights are that training begins with."""
    return WEIGHTS if begins_as_shown(project, start) and not start.update else START


def _begun(project: Project, start: Start) -> Iterator[str]:
    """What there is before the first update."""
    file, whole = start_file(project, start), not turn.is_shuffled(project)
    yield f'parameters, curve = loaded("{file}"), []'
    for slot in SLOTS.get(project.options.optimizer.name, ""):
        kept = f'loaded("{file}", "{slot}")' if start.update else "[np.zeros_like(w) for w in parameters]"
        yield f"{slot} = {kept}  # what the optimizer remembers"
    if project.mask is not None:
        yield f'kept = loaded("{MASK}")  # 0 for what is switched off'
    yield (
        f"order = itertools.islice(data.batches(), {start.update}, None)" if start.update else "order = data.batches()"
    )
    yield f"per_epoch = {1 if whole else '-(-len(data.x) // batch_size)'}  # updates"
    yield "updates = epochs * per_epoch"


def _learned(project: Project) -> Iterator[str]:
    gates = ", dropped(t, len(rows))" if turn.drops(project) else ""
    yield "rows = next(order)"
    yield f"loss, slopes = gradient(parameters, data.x[rows], data.y[rows]{gates})"
    yield from turn.REPORT.split("\n")


def _adjusted(project: Project) -> Iterator[str]:
    """Penalties, what is switched off, and clipping."""
    options = project.options
    terms = [*([" + l1 * np.sign(w)"] if options.l1 else []), *([" + 2 * l2 * w"] if options.l2 else [])]
    if terms:
        yield "for i, w in list(enumerate(parameters))[::2]:  # penalties on weights, not on biases"
        yield f"    slopes[i] = slopes[i]{''.join(terms)}"
    if project.mask is not None:
        yield "slopes = [g * on for g, on in zip(slopes, kept)]"
    if options.clip_value is not None:
        yield "slopes = [np.clip(g, -clip_value, clip_value) for g in slopes]"
    if options.clip_norm is not None:
        yield "norm = math.sqrt(sum((g * g).sum() for g in slopes))"
        yield f"slopes = [g * min(1.0, clip_norm / (norm + {NORM_EPS})) for g in slopes]"


def _moved(project: Project) -> Iterator[str]:
    """The optimizer's lines for one array."""
    optimizer = project.options.optimizer
    plan = Plan(project.network, (), project.options.loss, optimizer.name, decays=optimizer.weight_decay > 0)
    slots = {slot: f"{slot}[i]" for slot in SLOTS.get(optimizer.name, "")}
    for _slot, text in rule_lines(plan, "parameters[i]", "g", slots):
        yield text.replace("sqrt(", "np.sqrt(").replace("sign(", "np.sign(")
