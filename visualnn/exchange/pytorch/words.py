"""README.md: what the project is, how it is started, and in what it equals VisualNN."""

from __future__ import annotations

from visualnn.exchange import words
from visualnn.exchange.pytorch import loop, numbers
from visualnn.exchange.pytorch.network import MASK, MODEL
from visualnn.exchange.start import Start
from visualnn.nn.functions import HUBER_DELTA
from visualnn.project import Project
from visualnn.scene.libraries.columns import batch_of, count, is_whole
from visualnn.scene.names import LABELS

README = """\
# {name}

The network {network} as a PyTorch project, exported from VisualNN.

## Start

```
pip install -r requirements.txt
python predict.py
python train.py
torchrun --nproc-per-node 2 train.py
```

- `predict.py` says what the network answers: for the first rows of the data, or for numbers you give it, such as
  `python predict.py {sample}`. After training, `python predict.py --trained` uses the new weights.
- `train.py` trains, prints the loss, at the end that over all rows too, and writes `trained.safetensors` and, with all
  digits of the loss before each update, `losses.csv`. `{model}` stays as it is.
- `torchrun` does the same with several processes. On several machines start on each of them, with the same files:
  `torchrun --nnodes 2 --nproc-per-node 1 --rdzv-backend c10d --rdzv-endpoint FIRST_MACHINE:29500 train.py`

A process takes a GPU where its machine has one for each of its processes, else they all take the processor.

## Files

{files}

## Data

{data}

## Training

{training}

## What equals VisualNN

{equal}
"""
LOSSES = {
    "mse": "Mean squared error",
    "mae": "Mean absolute error",
    "huber": f"Huber's loss with δ = {HUBER_DELTA:g}",
    "hinge": "Hinge loss; the classes 0 and 1 count as −1 and 1",
    "binary_cross_entropy": "Binary cross-entropy",
    "cross_entropy": "Cross-entropy",
}
MOST_SHOWN = 4  # inputs of the example


def readme(project: Project, start: Start) -> str:
    """The text of README.md."""
    return README.format(
        name=words.title(project),
        network=words.shape(project),
        sample=_sample(project),
        model=MODEL,
        files=words.bullets(_files(project, start)),
        data=words.data(project),
        training=words.bullets(_training(project, start)),
        equal=words.bullets(_equal(project)),
    )


def _sample(project: Project) -> str:
    values = [f"{value:g}" for value in project.sample[:MOST_SHOWN]]
    return " ".join(values) + (" …" if project.sample.size > MOST_SHOWN else "")


def _files(project: Project, start: Start) -> list[str]:
    made = [
        f"`model.py`: the network. `{MODEL}`: its weights, with 64 bits, under the names of PyTorch's state dict.",
        f"`data.py` reads `{words.data_file(project)}` and says in which order training goes through the rows.",
        *words.scaling_file(project),
    ]
    if numbers.begins_elsewhere(project, start):
        made.append(f"`{numbers.START}`: the weights that training begins with, the random ones of the seed.")
    if numbers.has_memory(project, start):
        made.append(f"`{numbers.MEMORY}`: what the optimizer remembers of the updates so far.")
    return [*made, *words.mask_file(project, MASK)]


def _training(project: Project, start: Start) -> list[str]:
    options = project.options
    batch = "all rows" if is_whole(project) else count(batch_of(project), "row")
    made = [
        f"{LOSSES[options.loss]}: the mean over {_mean(project)}. Each update uses {batch}.",
        f"{LABELS['optimizer'][options.optimizer.name]} with a learning rate of {options.optimizer.rate:g}"
        + (", which changes as it goes on." if loop.is_scheduled(project) else "."),
    ]
    if start.update:
        made.append(f"It goes on after the {count(start.update, 'update')} that were made in VisualNN.")
    those = ", those in VisualNN among them" if start.update else ""
    made.append(
        f"It ends after {count(start.epochs, 'epoch')} at the latest{those}. Change `EPOCHS` in `train.py` for more."
    )
    if options.goal is not None:
        made.append(f"It ends where the loss is below {options.goal:g}: `GOAL` in `train.py`.")
    if loop.waits(project):
        made.append(f"It ends where no test loss was better for {count(options.patience or 0, 'epoch')}.")
    if options.l1 or options.l2:
        made.append("Penalties pull the weights, not the biases; the loss that is shown is without them.")
    return made


def _mean(project: Project) -> str:
    return "the rows of the update" + ("" if project.options.loss == "cross_entropy" else " and the outputs")


def _equal(project: Project) -> list[str]:
    """What is the same, and what is not and why."""
    options = project.options
    made = [words.ROUNDING]
    if not is_whole(project):
        made.append(words.ORDER)
    if options.precision == "float32":
        made.append("Training computes with 32 bits, where rounding shows in the seventh digit and grows.")
    if "hard_sigmoid" in project.network.activations:
        made.append("The slope of PyTorch's hard sigmoid is 1/6 with 32 bits: losses differ from the eighth digit on.")
    if options.dropout:
        made.append(words.DROPOUT)
    return [*made, *words.alike(project)]
