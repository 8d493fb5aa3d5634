"""README.md: what the project is, how it is started, and in what it equals VisualNN."""

from __future__ import annotations

from visualnn.exchange import start, turn, words
from visualnn.exchange.numpy_program.training import MASK, START, WEIGHTS, start_file
from visualnn.exchange.start import Start
from visualnn.project import Project

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


def readme(project: Project, begin: Start) -> str:
    """The text of README.md."""
    return README.format(
        name=words.title(project),
        network=words.shape(project),
        weights=WEIGHTS,
        files=words.bullets(_files(project, begin)),
        data=words.data(project),
        equal=words.bullets(_equal(project, begin)),
    )


def _files(project: Project, begin: Start) -> list[str]:
    also = ", and what the optimizer remembers" if begin.update else ""
    has_start = start_file(project, begin) == START
    return [
        f"`model.py`: the network, a matrix w of (inputs, outputs) and a vector b for each layer, in `{WEIGHTS}`.",
        f"`data.py` reads `{words.data_file(project)}` and says in which order training goes through the rows.",
        *words.scaling_file(project),
        *([f"`{START}`: the weights that training begins with{also}."] if has_start else []),
        *words.mask_file(project, MASK),
    ]


def _equal(project: Project, begin: Start) -> list[str]:
    is_short = project.options.precision == "float32"
    return [
        start.words(project, begin),
        words.ROUNDING,
        *([words.ORDER] if turn.is_shuffled(project) else []),
        *([words.WIDENED] if is_short else []),
        *words.alike(project),
    ]
