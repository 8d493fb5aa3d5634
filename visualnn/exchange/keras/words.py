"""README.md: what the project is, how it is started, and in what it equals VisualNN."""

from __future__ import annotations

from visualnn.exchange import rows, turn
from visualnn.exchange.keras.model import WEIGHTS
from visualnn.exchange.keras.training import MASK, START
from visualnn.exchange.numpy_program.words import bullets
from visualnn.exchange.pytorch.words import escaped
from visualnn.exchange.start import Start, begins_as_shown, words
from visualnn.project import Project
from visualnn.scene.library.columns import has_shortcuts
from visualnn.scene.library.keras_training import changes_rate

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


def readme(project: Project, start: Start) -> str:
    """The text of README.md."""
    return README.format(
        name=escaped(rows.short(project.name)) or str(project.network),
        network=project.network,
        weights=WEIGHTS,
        files=bullets(_files(project, start)),
        data=bullets([escaped(sentence) for sentence in rows.recipe_words(project.data)]),
        equal=bullets([*_equal(project, start), *_differs(project, start)]),
    )


def _files(project: Project, start: Start) -> list[str]:
    data = rows.TABLE if rows.is_table(project.data) else rows.ARCHIVE
    made = [
        f"`model.py`: the network. `{WEIGHTS}`: its weights w (inputs, outputs) and biases b, layer by layer.",
        f"`data.py` reads `{data}`.",
    ]
    if project.data.scaling is not None:
        made.append(f"`{rows.SCALING}`: the mean and the spread of each column.")
    if not begins_as_shown(project, start):
        made.append(f"`{START}`: the weights that training begins with.")
    if project.mask is not None:
        made.append(f"`{MASK}`: 0 for what is silent or cut, 1 for all other weights.")
    return made


def _equal(project: Project, start: Start) -> list[str]:
    made = [words(project, start)]
    if project.options.precision == "float64":
        made.append("Predictions are the same but for rounding. Keras rounds to 32 bits except on TensorFlow.")
    else:
        made.append("Predictions are the same but for rounding to 32 bits.")
    if not (turn.is_shuffled(project) or turn.drops(project) or start.update or arithmetic(project)):
        made.append("So are the losses, for every update uses all rows.")
    if turn.is_shuffled(project):
        made.append("Keras mixes the rows its own way, so losses are alike, but not the same.")
    if project.data.scaling is not None:
        made.append("The network reads scaled numbers, here as there: give `predict.py` scaled ones.")
    if project.mask is not None:
        made.append("What is silent or cut in VisualNN has weight 0 here, and training leaves it so.")
    if has_shortcuts(project.network):
        made.append("Shortcuts add the activations of an earlier layer after the activation function, as there.")
    return made


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


def _differs(project: Project, start: Start) -> list[str]:
    """What is otherwise in Keras."""
    options, made = project.options, arithmetic(project)
    if start.update:
        made.append("What the optimizer remembers of the updates so far is not taken along, nor is its schedule.")
    if turn.drops(project):
        made.append("Dropout silences other neurons than in VisualNN, so losses are alike, but not the same.")
    if options.l1 or options.l2:
        made.append("Keras shows the loss with its penalty, VisualNN without.")
    return made
