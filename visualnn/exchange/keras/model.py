"""model.py and predict.py: the network in Keras with the weights of a file, and its answers to numbers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from visualnn.exchange import answers
from visualnn.exchange.numpy_program.model import shortcuts, silent
from visualnn.exchange.turn import drops
from visualnn.nn.functions import LEAK
from visualnn.project import Project
from visualnn.scene.libraries.columns import LAST, indented

WEIGHTS = "weights.npz"
MODEL = '''\
"""The network {network} in Keras, and how its weights are read."""

from pathlib import Path

import keras
import numpy as np
from keras import layers

HERE = Path(__file__).parent
# Units and activation of each layer
LAYERS = {layers}
{settings}
{floatx}


def build({arguments}):
    """The network{said}."""
{body}


def loaded(file):
    """The weights and biases of a file beside this one, layer by layer."""
    with np.load(HERE / file, allow_pickle=False) as arrays:
        return [[arrays[f"w{{number}}"], arrays[f"b{{number}}"]] for number in range(1, len(LAYERS) + 1)]


def fill(model, weights):
    """Gives a network its weights; the same network."""
    for number, arrays in enumerate(weights, 1):
        model.get_layer(f"layer{{number}}").set_weights(arrays)
    return model
'''
FLOATX = {
    "float64": """\
# Keras counts with 64 bits on TensorFlow only.
keras.config.set_floatx("float64" if keras.config.backend() == "tensorflow" else "float32")""",
    "float32": 'keras.config.set_floatx("float32")',
}
LOGITS = ["if logits and number == len(LAYERS):", '    activation = "linear"']
SHORTCUT = ["if number in SHORTCUTS:", "    a = layers.add([a, columns[SHORTCUTS[number]]])"]
SILENCE = [
    "if number in SILENT:",
    "    a = layers.Rescaling([float(unit not in SILENT[number]) for unit in range(units)])(a)",
]
PREDICT = '''\
"""What the network says.

    python predict.py 1.5 2             for these inputs, one row or several
    python predict.py                   for the first rows of the data
    python predict.py --trained 1.5 2   with the weights that train.py has made
"""

import sys

import keras
import numpy as np

import data
from model import HERE, build, fill, loaded

INPUTS = {inputs}
SHOWN = 10  # rows of the data
{classes}

def main(words):
    trained, file = words[:1] == ["--trained"], HERE / "model.keras"
    if trained and not file.is_file():
        sys.exit("There is no model.keras yet: python train.py makes it.")
    try:
        numbers = [float(word) for word in words if word != "--trained"]
    except ValueError as error:
        sys.exit(f"That is not a number: {{error}}")
    if len(numbers) % INPUTS:
        sys.exit(f"A row has {{INPUTS}} numbers, not {{len(numbers)}}.")
    model = keras.saving.load_model(file) if trained else fill(build(), loaded("weights.npz"))
    x = np.array(numbers).reshape(-1, INPUTS) if numbers else data.x[:SHOWN]
{told}


if __name__ == "__main__":
    main(sys.argv[1:])
'''


def program(project: Project) -> str:
    """The text of model.py."""
    contained = LAST.get(project.options.loss)
    return MODEL.format(
        network=project.network,
        layers=_layers(project),
        settings="".join(f"{line}\n" for line in _settings(project)),
        floatx=FLOATX[project.options.precision],
        arguments="dense=layers.Dense" + (", logits=False" if contained else ""),
        said=f"; with `logits` without its last {contained}, which the loss contains" if contained else "",
        body="\n".join(indented(_body(project))),
    )


def predict_program(project: Project) -> str:
    """The text of predict.py."""
    told = answers.told(project, "model.predict(x, verbose=0)")
    return PREDICT.format(inputs=project.network.inputs, classes=answers.classes(project), told=told)


def _layers(project: Project) -> str:
    """A list; of neighbours that are the same, one and their number."""
    every = [(layer.units, layer.activation) for layer in project.network.layers]
    alike = [(layer, len(list(group))) for layer, group in groupby(every)]
    short = " + ".join(f"[{layer}]" + (f" * {count}" if count > 1 else "") for layer, count in alike)
    return min(str(every), short, key=len).replace("'", '"')


def _settings(project: Project) -> Iterator[str]:
    if shortcuts(project):
        yield f"SHORTCUTS = {shortcuts(project)}  # which column is added to the activations of which"
    if silent(project):
        yield f"SILENT = {silent(project)}  # the neurons of each column that say nothing"


def _body(project: Project) -> list[str]:
    """How the layers are put together: one after the other, or with some added up."""
    adds, leaky = bool(shortcuts(project)), "leaky_relu" in project.network.activations
    loop = [*(LOGITS if project.options.loss in LAST else []), *_layer(adds=adds, leaky=leaky)]
    if adds:
        loop += SHORTCUT
        loop += SILENCE if silent(project) else []
    if drops(project):
        loop += ["if number < len(LAYERS):", "    " + _put(f"layers.Dropout({project.options.dropout!r})", adds=adds)]
    first = f"keras.Input(({project.network.inputs},))"
    start = f"columns = [{first}]" if adds else f"model = keras.Sequential([{first}])"
    loop += ["columns.append(a)"] if adds else []
    end = "return keras.Model(columns[0], columns[-1])" if adds else "return model"
    return [start, "for number, (units, activation) in enumerate(LAYERS, 1):", *indented(loop), end]


def _layer(*, adds: bool, leaky: bool) -> list[str]:
    """A layer with its activation."""
    name = 'None if activation == "leaky_relu" else activation' if leaky else "activation"
    made = f'dense(units, {name}, name=f"layer{{number}}")'
    lines = [f"a = {made}(columns[-1])" if adds else f"model.add({made})"]
    slope = _put(f"layers.LeakyReLU(negative_slope={LEAK})", adds=adds)
    return [
        *lines,
        *(['if activation == "leaky_relu":  # Keras\' own has another slope', f"    {slope}"] if leaky else []),
    ]


def _put(layer: str, *, adds: bool) -> str:
    return f"a = {layer}(a)" if adds else f"model.add({layer})"
