"""README.md: what the project is, how it is started, and in what it equals VisualNN."""

from __future__ import annotations

from visualnn.exchange import start, turn, words
from visualnn.exchange.keras.model import WEIGHTS
from visualnn.exchange.keras.training import MASK, START
from visualnn.exchange.start import Start, begins_as_shown
from visualnn.project import Project
from visualnn.scene.libraries.keras_training import changes_rate

README = """\
# {name}

The network {network} as a project for Keras 3, exported from VisualNN.

## Start

```
pip install -r requirements.txt
python predict.py
python train.py
```

With JAX or PyTorch in place of TensorFlow: `pip install keras jax`, then `KERAS_BACKEND=jax python train.py`; or
`pip install keras torch`, then `KERAS_BACKEND=torch python train.py`.

- `predict.py` says what the network answers: for the first rows of the data, or for numbers you give it. After
  training, `python predict.py --trained` uses the new weights.
- `train.py` trains, and writes `model.keras` and `losses.csv`. `{weights}` stays as it is.

## Files

{files}

## Data

{data}

## What equals VisualNN

{equal}
"""


def readme(project: Project, begin: Start) -> str:
    """The text of README.md."""
    return README.format(
        name=words.title(project),
        network=words.shape(project),
        weights=WEIGHTS,
        files=words.bullets(_files(project, begin)),
        data=words.data(project),
        equal=words.bullets([*_equal(project, begin), *_differs(project, begin)]),
    )


def _files(project: Project, begin: Start) -> list[str]:
    as_shown = begins_as_shown(project, begin)
    return [
        f"`model.py`: the network. `{WEIGHTS}`: its weights w (inputs, outputs) and biases b, layer by layer.",
        f"`data.py` reads `{words.data_file(project)}`.",
        *words.scaling_file(project),
        *([] if as_shown else [f"`{START}`: the weights that training begins with."]),
        *words.mask_file(project, MASK),
    ]


def _equal(project: Project, begin: Start) -> list[str]:
    made = [start.words(project, begin)]
    if project.options.precision == "float64":
        made.append("Predictions are the same but for rounding. Keras rounds to 32 bits except on TensorFlow.")
    else:
        made.append("Predictions are the same but for rounding to 32 bits.")
    if not (turn.is_shuffled(project) or turn.drops(project) or begin.update or arithmetic(project)):
        made.append("So are the losses, for every update uses all rows.")
    if turn.is_shuffled(project):
        made.append("Keras mixes the rows its own way, so losses are alike, but not the same.")
    return [*made, *words.alike(project)]


EPSILON = "Keras adds epsilon elsewhere in {}, so losses drift apart a little."
ARITHMETIC = {  # of the optimizers
    "adagrad": EPSILON.format("Adagrad"),
    "rmsprop": EPSILON.format("RMSprop"),
    "adam": EPSILON.format("Adam"),
    "adamw": EPSILON.format("AdamW"),
    "nadam": "Keras' Nadam looks ahead by another formula.",
}


def arithmetic(project: Project) -> list[str]:
    """What Keras counts otherwise even where nothing is left to chance, so that its losses are others."""
    options, made = project.options, []
    rule, schedule = options.optimizer.name, options.schedule
    if rule in ARITHMETIC:
        made.append(ARITHMETIC[rule])
    if rule in ("momentum", "nesterov") and changes_rate(schedule):
        made.append("The velocity of Keras' SGD remembers the learning rates of earlier updates.")
    if schedule.name == "plateau":
        made.append("Keras' plateau rule counts a loss as better by other amounts, and knows no warm-up.")
    if options.clip_value is not None and options.clip_norm is not None:
        made.append("Keras clips the gradient in one way only: by its length.")
    if project.mask is not None and options.clip_norm is not None:
        made.append("The slopes of what is cut count for the length of the gradient in Keras.")
    return made


def _differs(project: Project, begin: Start) -> list[str]:
    """What is otherwise in Keras."""
    options, made = project.options, arithmetic(project)
    if begin.update:
        made.append("What the optimizer remembers of the updates so far is not taken along, nor is its schedule.")
    if turn.drops(project):
        made.append(words.DROPOUT)
    if options.l1 or options.l2:
        made.append("Keras shows the loss with its penalty, VisualNN without.")
    return made
