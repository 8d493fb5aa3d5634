"""``visualnn train``: training without a window."""

from __future__ import annotations

import argparse
from dataclasses import replace
from math import ceil, inf, isfinite, nan
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from visualnn.cli import devices
from visualnn.cli.arguments import (
    DOCUMENT,
    DOCUMENT_HELP,
    Parser,
    WrongUseError,
    batch,
    check_target,
    opened_work,
    positive,
    whole,
)
from visualnn.cli.continuing import begun, finished, fresh, left
from visualnn.cli.output import say, say_json, tell
from visualnn.cli.progress import progress
from visualnn.nn.device import PRECISION
from visualnn.nn.errors import VisualNNError

if TYPE_CHECKING:
    from visualnn.nn.device import Device
    from visualnn.nn.options import Options
    from visualnn.nn.training import Training
    from visualnn.project import Project
    from visualnn.runs import Run
    from visualnn.work import Work

DEFAULT_EPOCHS = 500
MAX_UPDATES = 100_000_000
OVERHEAD_S, BLAS_GAIN_S = 40e-6, 1.3e-9  # of the readable kernel: an update's, and one parameter's in one row
LOADING_S = 1.0  # what loading the compiled kernel may cost
KEPT_MOMENTS = 64  # of a training, in its file
CHUNK_S, GPU_CHUNK_S = 0.05, 0.25  # between two steps of the progress bar

TRAIN_HELP = """\
Trains a network without a window, from fresh random weights. What is not given is as the file says.

With --json, “loss” holds the loss before each update over the rows of that update, and at last the loss over all rows
after the final update: “loss[0]” is before the first update, and one value follows for each update.

--out keeps the run too, so that it can be gone on with, here with --continue or in the window, as if it had never
stopped. Options that make another run, like another optimizer, begin one with the weights of the file.

With --device cuda a GPU computes, in float32. Where it fails on the way, the processor goes on from before."""
TRAIN_EXAMPLES = """\
examples:
  visualnn train adder --epochs 500
  visualnn train xor --optimizer sgd --rate 0.5 --seed 7 --out mine.vnn
  visualnn train mine.vnn --continue --epochs 1000 --json
  visualnn train 784-128-10 --device cuda"""


def train(name: str, arguments: list[str]) -> int:
    """``visualnn train FILE|EXAMPLE|SHAPE``: trains without a window."""
    options = _train_parser(name).parse_args(arguments)
    if options.continued and options.initializer:
        raise WrongUseError("--initializer is for fresh weights and cannot go with --continue.")
    if options.out is not None:
        check_target(options.out, ".vnn")
    device = devices.wanted(options)
    work = opened_work(options.document)
    project = replace(work.project, options=_chosen(work.project, options))
    run = _gone_on_with(work, project.options) if options.continued else None
    training = _training(project, run, options, device)
    devices.load(device)
    device, first = devices.used(device, training.task), training.updates
    left_at = _run(training, options.epochs * training.epoch_length, remembers=options.out is not None)
    _check_calm(training, first, options)
    after = finished(work, project, training, run)
    if options.out:
        from visualnn.files.native import write

        write(options.out, after)
    if not options.json:
        lines = _beginning(work, run, options)
        if options.device:
            lines.append(devices.place(device, left_at))
        _say_summary(after.project, _losses(training, first), options, lines)
    return 0


def _check_calm(training: Training, first: int, options: argparse.Namespace) -> None:
    """Prints the object that was asked for. Raises `VisualNNError` where a loss is no longer a finite number."""
    losses, updates = _losses(training, first), training.updates - first
    if options.json:
        numbers: dict[str, Any] = {"updates": updates, "seed": training.options.seed, "final_loss": losses[-1]}
        if options.device:
            numbers["device"] = training.device.name
        say_json({"loss": losses, **numbers})
    if not all(map(isfinite, losses)) or updates < options.epochs * training.epoch_length:
        advice = "nothing was saved, try" if options.out else "try"
        raise VisualNNError(
            f"The loss was no longer a finite number after {_count(updates, 'update')}; "
            f"{advice} a smaller --rate than {training.rate:g}."
        )


def _losses(training: Training, first: int) -> list[float]:
    """Before each update since the first, and over all rows at last."""
    return [*training.snapshot().curve.losses[first:].tolist(), training.full_loss()]


def _gone_on_with(work: Work, chosen: Options) -> Run | None:
    """The run that led to the weights; None where there is none, or these options make it another one."""
    from visualnn.nn.options import same_run

    run = left(work)
    return run if run is not None and same_run(run.options, chosen) else None


def _beginning(work: Work, run: Run | None, options: argparse.Namespace) -> list[str]:
    """Where a training that was to go on begins, in a line."""
    if not options.continued:
        return []
    if run is not None:
        return [f"goes on after {_count(run.update, 'update')} of run {run.number}, {run.name}"]
    why = "no run leads to them" if left(work) is None else "other options make another run"
    return [f"begins with the weights of the file: {why}"]


def _train_parser(name: str) -> Parser:
    from visualnn.nn.functions import LOSSES
    from visualnn.nn.initializers import INITIALIZERS
    from visualnn.nn.optimizers import OPTIMIZERS

    parser = Parser(name, TRAIN_HELP, TRAIN_EXAMPLES)
    add = parser.add_argument
    add("document", metavar=DOCUMENT, help=DOCUMENT_HELP)
    add("--epochs", metavar="N", type=whole(1), default=DEFAULT_EPOCHS, help=f"default: {DEFAULT_EPOCHS}")
    add("--optimizer", choices=OPTIMIZERS, help="with its usual constants, if it is not that of the file")
    add("--rate", metavar="R", type=positive, help="the learning rate, a number above 0")
    add("--batch", metavar="all|N", type=batch, help="how many rows make one update")
    add("--seed", metavar="N", type=whole(0, 2**63 - 1), help="of the random weights and the order of the rows")
    add("--initializer", choices=INITIALIZERS, help="how the random weights are drawn")
    add("--loss", choices=LOSSES)
    _add_refinements(parser)
    add("--continue", dest="continued", action="store_true", help="go on with the file's run, or from its weights")
    add("--out", metavar="F.vnn", type=Path, help="save the trained network")
    add("--json", action="store_true", help="print one object: loss, updates, seed, final_loss")
    return parser


def _add_refinements(parser: Parser) -> None:
    """The options that are rarely given."""
    from visualnn.nn.options import PRECISIONS
    from visualnn.nn.schedule import SCHEDULES

    add = parser.add_argument
    add("--schedule", choices=SCHEDULES, help="how the learning rate changes by itself")
    add("--period", metavar="N", type=whole(1), help="updates in which the schedule does its work")
    add("--warmup", metavar="N", type=whole(0), help="updates in which the learning rate rises to its full size")
    add("--weight-decay", metavar="X", type=_from_zero, help="how much each update shrinks the weights, times the rate")
    add("--l1", metavar="X", type=_from_zero, help="penalty on the size of the weights")
    add("--l2", metavar="X", type=_from_zero, help="penalty on the squares of the weights")
    add("--dropout", metavar="X", type=_share, help="which share of the hidden neurons is silent in each update")
    add("--clip-norm", metavar="off|X", type=_limit, help="the greatest length of the gradient")
    add("--precision", choices=PRECISIONS, help="exact or fast")
    devices.add_device(parser)


def _from_zero(text: str) -> float:
    """A finite number from 0."""
    value = _number(text)
    if not 0 <= value < inf:
        raise argparse.ArgumentTypeError(f"must be a number from 0, not {text.strip()}")
    return value


def _share(text: str) -> float:
    """A number from 0 to below 1."""
    value = _number(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"must be at least 0 and below 1, not {text.strip()}")
    return value


def _limit(text: str) -> float:
    """A number above 0; 0 for none."""
    return 0.0 if text == "off" else positive(text)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return nan


def _chosen(project: Project, options: argparse.Namespace) -> Options:
    """The document's training options with what the command line says otherwise."""
    before = project.options
    given = _given(options, "seed", "initializer", "loss", "l1", "l2", "dropout", "precision")
    if options.batch is not None:
        given["batch_size"] = options.batch or None
    if options.clip_norm is not None:
        given["clip_norm"] = options.clip_norm or None
    given["schedule"] = replace(before.schedule, **_given(options, "period", "warmup", name="schedule"))
    rule = before.optimizer
    if options.optimizer not in (None, rule.name):
        rule = rule.renamed(options.optimizer)
    if options.device == "cuda":
        given["precision"] = PRECISION
    given["optimizer"] = replace(rule, **_given(options, "rate", "weight_decay"))
    _check_loss(project, options.loss)
    return replace(before, **given)


def _given(options: argparse.Namespace, *names: str, **renamed: str) -> dict[str, Any]:
    """What the command line says, by the names of the fields it is for."""
    pairs = {**{name: name for name in names}, **renamed}
    return {field: getattr(options, name) for field, name in pairs.items() if getattr(options, name) is not None}


def _check_loss(project: Project, loss: str | None) -> None:
    """Raises `WrongUseError` if a loss that was asked for does not fit."""
    from visualnn.nn.functions import losses_for

    output = project.network.activations[-1]
    fitting = losses_for(output)
    if loss is not None and loss not in fitting:
        raise WrongUseError(f"the loss {loss} does not fit a {output} output; use {' or '.join(fitting)}.")


def _training(project: Project, run: Run | None, options: argparse.Namespace, device: Device) -> Training:
    """A training that never stops at a goal."""
    start, epochs = project.parameters if options.continued else fresh(project, project.options), options.epochs
    endless = replace(project.options, goal=None, epochs=None, patience=None)
    training = begun(project, endless, start, run, device=device)
    updates = epochs * training.epoch_length
    if training.updates + updates > MAX_UPDATES:
        before = f" after {_count(training.updates, 'update')}" if training.updates else ""
        raise WrongUseError(f"{epochs:,} epochs are {updates:,} updates{before}; the limit is {MAX_UPDATES:,}.")
    return training


def _readable(training: Training) -> float:
    """How many updates of a run the readable kernel does: the compiled one would have saved what loading it costs.

    It has no overhead, but no BLAS either. So it depends on nothing but its number how an update is rounded, however
    often a run was left and gone on with.
    """
    saved = OVERHEAD_S - BLAS_GAIN_S * training.task.batch * training.network.parameter_count
    return ceil(LOADING_S / saved) if saved > 0 else inf


def _run(training: Training, updates: int, *, remembers: bool) -> int | None:
    """All updates, in pieces short enough for the progress bar, or until the loss is no longer finite.

    The update at which a GPU has failed, if it has.
    """
    first, switch, piece, left_at = training.updates, 0 if training.on_gpu else _readable(training), 1, None
    every = -(-updates // KEPT_MOMENTS) if remembers else updates
    with progress(updates, "updates", "on the GPU" if training.on_gpu else "") as advance:
        while training.updates < first + updates:
            before, start = training.updates, perf_counter()
            if before >= switch and not training.on_gpu:
                _load(training)
            if remembers and (before - first) % every == 0:
                training.remember()
            count = min(piece, every - (before - first) % every, first + updates - before)
            count = count if before >= switch else int(min(count, switch - before))
            training.run(count)
            advance(training.updates - before)
            if training.notice and left_at is None:
                left_at = before
                tell(training.notice, 0)
            if training.updates - before < count:
                break
            if perf_counter() - start < (GPU_CHUNK_S if training.on_gpu else CHUNK_S):
                piece *= 2
    return left_at


def _load(training: Training) -> None:
    """Has the compiled kernel take over."""
    from visualnn.nn.kernels import choose

    if not choose.loaded(training.task):
        choose.load(choose.kind_of(training.network, training.options))


def _say_summary(trained: Project, losses: list[float], options: argparse.Namespace, beginning: list[str]) -> None:
    chosen, updates = trained.options, len(losses) - 1
    rows = trained.data.rows
    batches = f"all {rows} rows" if updates == options.epochs else f"batches of {chosen.batch_size} rows"
    say(f"{trained.name} ({trained.network}): {_count(options.epochs, 'epoch')}, {_count(updates, 'update')}")
    say(f"{chosen.optimizer.name}, rate {chosen.optimizer.rate:g}, {chosen.loss}, {batches}, seed {chosen.seed}")
    for line in beginning:
        say(line)
    say(f"loss {losses[0]:.6g} → {losses[-1]:.6g}")
    if trained.data.classification:
        say(f"{_right_rows(trained)} of {rows} rows right")
    if options.out:
        say(f"saved as {options.out}")


def _right_rows(project: Project) -> int:
    """How many rows are put into their class."""
    from visualnn.nn import metrics

    answers = metrics.predict(project.network, project.parameters, project.data.inputs, project.mask)
    return int(metrics.is_right(answers, project.data.targets, project.options.loss).sum())


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'s' * (number != 1)}"
