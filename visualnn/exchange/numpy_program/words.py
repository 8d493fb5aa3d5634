"""README.md: what the project is, how it is started, and in what it equals VisualNN."""

from __future__ import annotations

from visualnn.exchange import rows, turn
from visualnn.exchange.numpy_program.training import MASK, START, WEIGHTS, start_file
from visualnn.exchange.pytorch.words import escaped
from visualnn.exchange.start import Start, words
from visualnn.project import Project
from visualnn.scene.library.columns import has_shortcuts

README = """\
# {name}

The network {network} in NumPy, exported from VisualNN.

## Start

```
pip install -r requirements.txt
python predict.py
python train.py
```

- `predict.py` says what the network answers: for the first rows of the data, or for numbers you give it. After
  training, `python predict.py --trained` uses the new weights.
- `train.py` trains, prints the loss, and writes `trained.npz` and `losses.csv`. `{weights}` stays as it is.

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
        equal=bullets(_equal(project, start)),
    )


def bullets(sentences: list[str]) -> str:
    """Sentences as a list in Markdown."""
    return "\n".join(f"- {sentence}" for sentence in sentences)


def _files(project: Project, start: Start) -> list[str]:
    data = rows.TABLE if rows.is_table(project.data) else rows.ARCHIVE
    made = [
        f"`model.py`: the network, a matrix w of (inputs, outputs) and a vector b for each layer, in `{WEIGHTS}`.",
        f"`data.py` reads `{data}` and says in which order training goes through the rows.",
    ]
    if project.data.scaling is not None:
        made.append(f"`{rows.SCALING}`: the mean and the spread of each column.")
    if start_file(project, start) == START:
        also = ", and what the optimizer remembers" if start.update else ""
        made.append(f"`{START}`: the weights that training begins with{also}.")
    if project.mask is not None:
        made.append(f"`{MASK}`: 0 for what is silent or cut, 1 for all other weights.")
    return made


def _equal(project: Project, start: Start) -> list[str]:
    made = [
        words(project, start),
        "Predictions and losses are the same but for rounding: sums are added up in another order.",
    ]
    if turn.is_shuffled(project):
        made.append("The rows come in the same order: NumPy shuffles them from the same seed.")
    if project.options.precision == "float32":
        made.append("VisualNN trains this network with 32-bit numbers, this program with 64 bits.")
    if project.data.scaling is not None:
        made.append("The network reads scaled numbers, here as there: give `predict.py` scaled ones.")
    if project.mask is not None:
        made.append("What is silent or cut in VisualNN has weight 0 here, and training leaves it so.")
    if has_shortcuts(project.network):
        made.append("Shortcuts add the activations of an earlier layer after the activation function, as there.")
    return made
