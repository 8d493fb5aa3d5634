"""model.py and predict.py: the network in NumPy with the weights of a file, and its answers to numbers."""

from __future__ import annotations

from collections.abc import Iterator

from visualnn.exchange import answers
from visualnn.exchange.numpy_program.functions import listed, needed, written
from visualnn.exchange.turn import drops
from visualnn.project import Project

MODEL = '''\
"""The network {network} in NumPy."""

{imports}


{functions}


{settings}


def loaded(name, prefix=""):
    """The weights and biases of a file beside this one: w1, b1, w2, b2 and so on; w is (inputs, outputs)."""
    with np.load(Path(__file__).with_name(name), allow_pickle=False) as file:
        return [file[f"{{prefix}}{{kind}}{{layer}}"] for layer in range(1, len(ACTIVATIONS) + 1) for kind in "wb"]


def forward(parameters, x{gates}):
    """The sums z of every layer, and the activations a of every column, the inputs first: (rows, units)."""
    z, a = [], [x]
    for w, b, activation in zip(parameters[::2], parameters[1::2], ACTIVATIONS):
        z.append(a[-1] @ w + b)
        a.append(activation(z[-1]))
{changes}    return z, a


def answers(parameters, x):
    """What the network says for rows of inputs."""
    return forward(parameters, x)[1][-1]
'''
IMPORTS = ("from pathlib import Path", "", "import numpy as np")
COLUMN = "        column = len(a) - 1\n"
SHORTCUT = """\
        if column in SHORTCUTS:
            a[-1] = a[-1] + a[SHORTCUTS[column]]
"""
SILENCE = """\
        if column in SILENT:
            a[-1][:, SILENT[column]] = 0.0
"""
GATE = """\
        if gates is not None and gates[column] is not None:  # neurons that sit out
            a[-1] = a[-1] * gates[column]
"""
PREDICT = '''\
"""What the network says.

    python predict.py 1.5 2             for these inputs, one row or several
    python predict.py                   for the first rows of the data
    python predict.py --trained 1.5 2   with the weights that train.py has made
"""

import sys
from pathlib import Path

import numpy as np

import data
from model import answers, loaded

INPUTS = {inputs}
SHOWN = 10  # rows of the data
{classes}

def main(words):
    file = "trained.npz" if words[:1] == ["--trained"] else "weights.npz"
    if not Path(__file__).with_name(file).is_file():
        sys.exit(f"There is no {{file}} yet: python train.py makes it.")
    try:
        numbers = [float(word) for word in words if word != "--trained"]
    except ValueError as error:
        sys.exit(f"That is not a number: {{error}}")
    if len(numbers) % INPUTS:
        sys.exit(f"A row has {{INPUTS}} numbers, not {{len(numbers)}}.")
    x = np.array(numbers).reshape(-1, INPUTS) if numbers else data.x[:SHOWN]
{told}


if __name__ == "__main__":
    main(sys.argv[1:])
'''


def program(project: Project) -> str:
    """The text of model.py."""
    functions = written(names(project))
    return MODEL.format(
        network=project.network,
        imports="\n".join([*(["import math"] if "math." in functions else []), *IMPORTS]),
        functions=functions,
        settings="\n".join(_settings(project)),
        gates=", gates=None" if drops(project) else "",
        changes=_changes(project),
    )


def names(project: Project) -> list[str]:
    """The functions that the model has."""
    return needed(" ".join(project.network.activations))


def shortcuts(project: Project) -> dict[int, int]:
    """Which column is added to the activations of another."""
    return {column: source for column, source in enumerate(project.network.shortcuts) if source is not None}


def silent(project: Project) -> dict[int, list[int]]:
    """The hidden neurons that must be silenced: their weights are 0, but a shortcut would bring what they say."""
    columns = sorted({column for column, _neuron in project.silent if column}) if shortcuts(project) else []
    return {c: sorted(neuron for column, neuron in project.silent if column == c) for c in columns}


def _settings(project: Project) -> Iterator[str]:
    yield f"ACTIVATIONS = {listed(project.network.activations)}  # of each layer"
    if shortcuts(project):
        yield f"SHORTCUTS = {shortcuts(project)}  # which column is added to the activations of which"
    if silent(project):
        yield f"SILENT = {silent(project)}  # the neurons of each column that say nothing"


def _changes(project: Project) -> str:
    """What is done to the activations of a column before they are passed on."""
    made = [SHORTCUT] if shortcuts(project) else []
    made += [SILENCE] if silent(project) else []
    made += [GATE] if drops(project) else []
    return "".join([COLUMN, *made]) if made else ""


def predict_program(project: Project) -> str:
    """The text of predict.py."""
    told = answers.told(project, "answers(loaded(file), x)")
    return PREDICT.format(inputs=project.network.inputs, classes=answers.classes(project), told=told)
