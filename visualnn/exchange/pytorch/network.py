"""model.py and predict.py: the network in PyTorch with the weights of a file, and its answers to numbers."""

from __future__ import annotations

from visualnn.exchange import answers
from visualnn.exchange.rows import short
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.project import Project
from visualnn.scene.libraries.columns import has_shortcuts, indented, landings, said
from visualnn.scene.libraries.torch_model import dropped, layers, modules

MODEL, MASK = "model.safetensors", "mask.safetensors"
HEAD = '''\
"""The network {network}."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

HERE = Path(__file__).resolve().parent
INPUTS, OUTPUTS = {inputs}, {outputs}
'''
TAIL = '''\
def loaded(file, dtype=torch.float64):
    """The network with the weights of a file beside this one."""
    model = network().to(dtype)
    model.load_state_dict(load_file(HERE / file))
    return model


def answers(model, x):
    """What the network says for rows of inputs.{note}"""
    model.eval()
    with torch.no_grad():
        return {answer}
'''
NOTE = "\n\n    The {activation} of the output is not part of the model: while it learns, the loss contains it.\n    "
ANSWERS = {
    "binary_cross_entropy": ("sigmoid", "torch.sigmoid(model(x))"),
    "cross_entropy": ("softmax", "torch.softmax(model(x), dim=1)"),
}
SHORTCUTS = """\
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([
{layers}
        ])

    def forward(self, x):
        x = [x]  # the columns so far
        for c, layer in enumerate(self.layers, 1):
            a = layer(x[-1])
            if c in {landings}:
                a = a + x[c - {shortcut}]
{silenced}            x.append({dropped})
        return x[-1]


def network():
    return Network()
"""
SILENCED = """\
            if c in SILENT:
                a = a.index_fill(1, torch.tensor(SILENT[c], device=a.device), 0.0)
"""
PREDICT = '''\
"""What the network says.

    python predict.py 1.5 2             for these inputs, one row or several
    python predict.py                   for the first rows of the data
    python predict.py --trained 1.5 2   with the weights that train.py has made
"""

import sys

import torch

import data
from model import HERE, INPUTS, answers, loaded

SHOWN = 10  # rows of the data
{classes}

def main(words):
    file = "trained.safetensors" if words[:1] == ["--trained"] else "model.safetensors"
    if not (HERE / file).is_file():
        sys.exit(f"There is no {{file}} yet: python train.py makes it.")
    try:
        numbers = [float(word) for word in words if word != "--trained"]
    except ValueError as error:
        sys.exit(f"That is not a number: {{error}}")
    if len(numbers) % INPUTS:
        sys.exit(f"A row has {{INPUTS}} numbers, not {{len(numbers)}}.")
    x = torch.tensor(numbers, dtype=torch.float64).reshape(-1, INPUTS)
    if not numbers:
        x = torch.from_numpy(data.x[:SHOWN])
{told}


if __name__ == "__main__":
    main(sys.argv[1:])
'''


def program(project: Project) -> str:
    """The text of model.py."""
    network, options = project.network, project.options
    activation, answer = ANSWERS.get(options.loss, ("", "model(x)"))
    parts = [
        HEAD.format(network=short(str(network)), inputs=network.inputs, outputs=network.outputs),
        *_silent(project),
        "\n\n",
        _with_shortcuts(project) if has_shortcuts(network) else _plain(network, options),
        "\n\n",
        TAIL.format(answer=answer, note=NOTE.format(activation=activation) if activation else ""),
    ]
    return "".join(parts)


def predict_program(project: Project) -> str:
    """The text of predict.py."""
    told = answers.told(project, "answers(loaded(file), x)")
    return PREDICT.format(classes=answers.classes(project), told=told)


def layer_names(project: Project) -> list[str]:
    """What PyTorch calls the linear layers of this model: ``0``, ``2``, or ``layers.0.0``."""
    network, options = project.network, project.options
    activations = said(network, options)
    if has_shortcuts(network):
        return [f"layers.{i}{'' if name == 'linear' else '.0'}" for i, name in enumerate(activations)]
    names, place = [], 0
    for activation in activations:
        names.append(str(place))
        place += 1 + (activation != "linear") + bool(options.dropout)
    return names


def _plain(network: Network, options: Options) -> str:
    parts = ["return nn.Sequential(", *indented(modules(network, options)), ")"]
    return "\n".join(["def network():", *indented(parts), ""])


def _with_shortcuts(project: Project) -> str:
    network, options = project.network, project.options
    return SHORTCUTS.format(
        layers="\n".join(indented(layers(network, options), 3)),
        landings=landings(network),
        shortcut=network.shortcut,
        silenced=SILENCED if _silent(project) else "",
        dropped=dropped(network, options),
    )


def _silent(project: Project) -> list[str]:
    """The hidden neurons that have to be silenced: their weights are 0, but what they say goes through shortcuts."""
    columns = sorted({column for column, _neuron in project.silent if column})
    if not columns or not has_shortcuts(project.network):
        return []
    found = {c: sorted(neuron for column, neuron in project.silent if column == c) for c in columns}
    return [f"SILENT = {found!r}  # the neurons of a column that say 0\n"]
