"""train.py and data.py: the network compiled and fitted as Keras does it."""

from __future__ import annotations

from collections.abc import Iterator

from visualnn.exchange import rows
from visualnn.exchange.keras.model import WEIGHTS
from visualnn.exchange.start import Start, begins_as_shown, epoch_length
from visualnn.project import Project
from visualnn.scene.libraries import keras_training
from visualnn.scene.libraries.columns import LAST, call, indented

START, MASK = "start.npz", "mask.npz"
DATA = '''\
"""The rows: x and y to learn from, x_test and y_test to test on."""

{csv}from pathlib import Path

import numpy as np

{reading}
'''
HEAD = '''\
"""Trains the network on the rows of the data, and keeps what comes of it in model.keras."""

import keras
{layers}
from data import {data}
from model import HERE, build, fill, loaded
'''
KEPT = """\
class Kept(keras.constraints.Constraint):
    \"\"\"Some weights or biases are 0 and stay so.\"\"\"

    def __init__(self, kept):
        self.kept = kept

    def __call__(self, w):
        return w * keras.ops.cast(self.kept, w.dtype)


kept = loaded("mask.npz")"""
END = """\

trained = build()
trained.set_weights(model.get_weights())
trained.save(HERE / "model.keras")
lines = [f"{epoch},{loss!r}" for epoch, loss in enumerate(history.history["loss"], 1)]
(HERE / "losses.csv").write_text("\\n".join(["epoch,loss", *lines, ""]), encoding="utf-8")
print("The network is in model.keras, the losses in losses.csv.")
"""


def data_program(project: Project) -> str:
    """The text of data.py."""
    table = rows.is_table(project.data)
    return DATA.format(csv="import csv\n" if table else "", reading="\n".join(rows.reading(project.data)))


def epochs(project: Project, start: Start) -> int:
    """How many are left."""
    return max(1, start.epochs - start.update // epoch_length(project))


def program(project: Project, start: Start) -> str:
    """The text of train.py."""
    fitted = keras_training.lines(project, epochs(project, start))
    made = [_line(line) for line in fitted]
    names = "x, y" + (", x_test, y_test" if "x_test" in "\n".join(made) else "")
    layers = "from keras import layers\n" if _is_special(project) else ""
    return "\n".join([HEAD.format(data=names, layers=layers), *_model(project, start), *made]) + "\n" + END


def _line(line: str) -> str:
    """A line of the library's, as this program needs it."""
    line = line.replace('"float64"', "keras.config.floatx()")  # which is another one on some backends
    return f"history = {line}" if line.startswith("model.fit(") else line


def _is_special(project: Project) -> bool:
    """Whether layers learn under conditions."""
    return project.mask is not None or project.options.l1 > 0 or project.options.l2 > 0


def _model(project: Project, start: Start) -> Iterator[str]:
    """The network with its first weights."""
    logits = ["logits=True"] if project.options.loss in LAST else []
    special = ["dense"] if _is_special(project) else []
    yield from _dense(project) if special else ()
    arguments = ", ".join([*special, *logits])
    yield f'model = fill(build({arguments}), loaded("{WEIGHTS if begins_as_shown(project, start) else START}"))'


def _dense(project: Project) -> Iterator[str]:
    """The layers while they learn: what pulls at their weights, and what holds them."""
    options, arguments = project.options, ["units", "activation", "name=name"]
    if project.mask is not None:
        yield from ["", *KEPT.split("\n")]
    if options.l1 or options.l2:
        yield from ["# Keras shows the loss and its penalty.", *_penalty(project)]
        arguments.append("kernel_regularizer=penalty")
    body = []
    if project.mask is not None:
        body.append('w, b = kept[int(name.removeprefix("layer")) - 1]')
        arguments += ["kernel_constraint=Kept(w)", "bias_constraint=Kept(b)"]
    yield from ["", "", "def dense(units, activation, name):", *indented(body)]
    yield from [*indented(call("layers.Dense", arguments, "return ")), "", ""]


def _penalty(project: Project) -> list[str]:
    return call("keras.regularizers.L1L2", [repr(project.options.l1), repr(project.options.l2)], "penalty = ")
