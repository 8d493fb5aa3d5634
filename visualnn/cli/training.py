"""``visualnn train``: training without a window."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from visualnn.cli.arguments import DOCUMENT, Parser, WrongUseError, batch, check_target, opened, positive, whole
from visualnn.cli.output import say, say_json
from visualnn.nn.errors import VisualNNError

if TYPE_CHECKING:
    from visualnn.nn.training import Options, Training
    from visualnn.project import Project

DEFAULT_EPOCHS = 500
MAX_UPDATES = 100_000_000
OVERHEAD_S, BLAS_GAIN_S = 40e-6, 1.3e-9  # of the readable kernel: an update's, and one parameter's in one row
LOADING_S = 1.0  # what loading the compiled kernel may cost
CHUNK_S = 0.05  # between two steps of the progress bar

TRAIN_HELP = """\
Trains a network without a window, from fresh random weights. What is not given is as the file says.

With --json, “loss” holds the loss before each update over the rows of that update, and at last the loss over all rows
after the final update: “loss[0]” is before the first update, and one value follows for each update."""
TRAIN_EXAMPLES = """\
examples:
  visualnn train adder --epochs 500
  visualnn train xor --optimizer sgd --rate 0.5 --seed 7 --out mine.vnn
  visualnn train mine.vnn --continue --epochs 1000 --json"""


def train(name: str, arguments: list[str]) -> int:
    """``visualnn train FILE|EXAMPLE``: trains without a window."""
    options = _train_parser(name).parse_args(arguments)
    if options.continued and options.initializer:
        raise WrongUseError("--initializer is for fresh weights and cannot go with --continue.")
    if options.out is not None:
        check_target(options.out, ".vnn")
    project = opened(options.document)
    chosen = _chosen(project, options)
    training = _training(project, chosen, options.epochs, continued=options.continued)
    _run(training, options.epochs * training.epoch_length)
    final = training.full_loss()
    losses = [*training.snapshot().curve.losses.tolist(), final]
    diverged = not all(map(isfinite, losses)) or training.updates < options.epochs * training.epoch_length
    if options.json:
        say_json({"loss": losses, "updates": training.updates, "seed": chosen.seed, "final_loss": final})
    if diverged:
        advice = "nothing was saved, try" if options.out else "try"
        raise VisualNNError(
            f"The loss was no longer a finite number after {_count(training.updates, 'update')}; "
            f"{advice} a smaller --rate than {chosen.optimizer.rate:g}."
        )
    trained = replace(project, options=chosen).with_parameters(training.parameters)
    if options.out:
        from visualnn.files.native import write

        write(options.out, trained)
    if not options.json:
        _say_summary(trained, training, losses, options)
    return 0


def _train_parser(name: str) -> Parser:
    from visualnn.nn.functions import LOSSES
    from visualnn.nn.initializers import INITIALIZERS
    from visualnn.nn.optimizers import OPTIMIZERS

    parser = Parser(name, TRAIN_HELP, TRAIN_EXAMPLES)
    add = parser.add_argument
    add("document", metavar=DOCUMENT, help="a .vnn file or a built-in example")
    add("--epochs", metavar="N", type=whole(1), default=DEFAULT_EPOCHS, help=f"default: {DEFAULT_EPOCHS}")
    add("--optimizer", choices=OPTIMIZERS)
    add("--rate", metavar="R", type=positive, help="the learning rate, a number above 0")
    add("--batch", metavar="all|N", type=batch, help="how many rows make one update")
    add("--seed", metavar="N", type=whole(0, 2**63 - 1), help="of the random weights and the order of the rows")
    add("--initializer", choices=INITIALIZERS, help="how the random weights are drawn")
    add("--loss", choices=LOSSES)
    add("--continue", dest="continued", action="store_true", help="start from the file's weights")
    add("--out", metavar="F.vnn", type=Path, help="save the trained network")
    add("--json", action="store_true", help="print one object: loss, updates, seed, final_loss")
    return parser


def _chosen(project: Project, options: argparse.Namespace) -> Options:
    """The document's training options with what the command line says otherwise."""
    given = {key: value for key in ("seed", "initializer", "loss") if (value := getattr(options, key)) is not None}
    rule = {key: value for key, value in (("name", options.optimizer), ("rate", options.rate)) if value is not None}
    if options.batch is not None:
        given["batch_size"] = options.batch or None
    chosen = replace(project.options, optimizer=replace(project.options.optimizer, **rule), **given)
    from visualnn.nn.functions import losses_for

    fitting = losses_for(project.network.activations[-1])
    if options.loss is not None and options.loss not in fitting:
        output = project.network.activations[-1]
        raise WrongUseError(f"the loss {options.loss} does not fit a {output} output; use {' or '.join(fitting)}.")
    return chosen


def _training(project: Project, chosen: Options, epochs: int, *, continued: bool) -> Training:
    """A training that never stops at a goal, on the kernel that will be done sooner."""
    from visualnn.nn.training import Training

    start = project.parameters if continued else None
    endless = replace(chosen, goal=None)
    training = Training(project.network, project.data, endless, start, curve_capacity=None)
    updates = epochs * training.epoch_length
    if updates > MAX_UPDATES:
        raise WrongUseError(f"{epochs:,} epochs are {updates:,} updates; the limit is {MAX_UPDATES:,}.")
    if _is_long(updates, min(chosen.batch_size or project.data.rows, project.data.rows), project):
        from visualnn.nn.kernels import choose

        choose.load()
    return training


def _is_long(updates: int, batch: int, project: Project) -> bool:
    """Whether the compiled kernel saves more than loading it costs: it has no overhead, but no BLAS either."""
    saved = updates * (OVERHEAD_S - BLAS_GAIN_S * batch * project.network.parameter_count)
    return saved > LOADING_S


def _run(training: Training, updates: int) -> None:
    """All updates, in pieces short enough for the progress bar, or until the loss is no longer finite."""
    piece = 1
    with _progress(updates) as advance:
        while training.updates < updates:
            before, start = training.updates, perf_counter()
            training.run(min(piece, updates - before))
            advance(training.updates - before)
            if training.updates - before < min(piece, updates - before):
                return
            if perf_counter() - start < CHUNK_S:
                piece *= 2


@contextmanager
def _progress(updates: int) -> Iterator[Callable[[int], object]]:
    """What to call with the number of updates done: a bar on a terminal, nothing otherwise."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda count: None
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread beside us: updates come often enough
    with tqdm(total=updates, unit=" updates", leave=False, dynamic_ncols=True) as bar:
        yield bar.update


def _say_summary(trained: Project, training: Training, losses: list[float], options: argparse.Namespace) -> None:
    chosen = trained.options
    rows = trained.data.rows
    batches = f"all {rows} rows" if training.epoch_length == 1 else f"batches of {chosen.batch_size} rows"
    say(f"{trained.name} ({trained.network}): {_count(options.epochs, 'epoch')}, {_count(training.updates, 'update')}")
    say(f"{chosen.optimizer.name}, rate {chosen.optimizer.rate:g}, {chosen.loss}, {batches}, seed {chosen.seed}")
    say(f"loss {losses[0]:.6g} → {losses[-1]:.6g}")
    if trained.data.classification:
        say(f"{_right_rows(trained)} of {rows} rows right")
    if options.out:
        say(f"saved as {options.out}")


def _right_rows(project: Project) -> int:
    """How many rows are put into their class: on the right side of one half, or the largest output."""
    from visualnn.nn.kernels.reference import forward

    answers = forward(project.network, project.parameters, project.data.inputs)[1][-1]
    targets = project.data.targets
    if project.network.outputs > 1:
        return int((answers.argmax(axis=1) == targets.argmax(axis=1)).sum())
    return int(((answers > 0.5) == (targets > 0.5)).sum())


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'s' * (number != 1)}"
