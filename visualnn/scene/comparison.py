"""Runs beside each other: what differs between them, what they are called, and their small curves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from visualnn.nn.curve import CurveView
from visualnn.nn.dataset import Dataset
from visualnn.nn.initializers import SCALED
from visualnn.nn.network import Vector
from visualnn.nn.optimizers import DEFAULTS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.recipes import SOURCES
from visualnn.runs import Run
from visualnn.scene.curves import TITLES
from visualnn.scene.scales import tick_text
from visualnn.scene.series import thinned

Labels = Mapping[str, Mapping[str, str]]  # "optimizer", "loss", "initializer", "schedule", "precision": name to label
NOTHING = "—"  # a setting that this run does not have
MOMENTUM, MOMENTS = ("momentum", "nesterov"), ("adam", "adamw", "nadam", "lion")
ROOTED = ("adagrad", "rmsprop", "adam", "adamw", "nadam")


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of the comparison: what it is about, and what each run has."""

    label: str
    values: tuple[str, ...]

    def sentence(self) -> str:
        """In words, for who listens."""
        return f"{self.label}: {', '.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about a run that may differ. `usual` goes without saying where other runs do not have it at all."""

    label: str
    text: Callable[[Run, Labels], str | None]  # None: it does not matter for this run
    usual: Callable[[Run], str] | None = None


def differences(runs: Sequence[Run], labels: Labels) -> tuple[Difference, ...]:
    """What is not the same for all of these runs: every option, the network, the data, and where they began."""
    found = []
    for fact in FACTS:
        texts = [fact.text(run, labels) for run in runs]
        if _differ(runs, fact, texts):
            found.append(Difference(fact.label, tuple(NOTHING if text is None else text for text in texts)))
    if not any(each.label in DATA for each in found) and not all(_same_data(runs[0], run) for run in runs[1:]):
        values = [run.data_name if _same_data(runs[0], run) else "other rows" for run in runs]
        found.insert(0, Difference("Data", tuple(values)))
    return tuple(found)


def _same_data(a: Run, b: Run) -> bool:
    """Whether two runs learned from the same numbers, as far as that is known."""
    if a.project is None or b.project is None or a.project.data is b.project.data:
        return True
    one, other = a.project.data, b.project.data
    parts = ("inputs", "targets", "test_inputs", "test_targets")
    return all(np.array_equal(getattr(one, part), getattr(other, part)) for part in parts)


def _differ(runs: Sequence[Run], fact: Fact, texts: Sequence[str | None]) -> bool:
    known = [(run, text) for run, text in zip(runs, texts, strict=True) if text is not None]
    if len({text for _run, text in known}) > 1:
        return True
    if not known or len(known) == len(texts):
        return False
    return fact.usual is None or any(text != fact.usual(run) for run, text in known)


def default_name(options: Options, labels: Labels) -> str:
    """What a run is called that nobody has named: Adam 0.02, seed 3."""
    optimizer = options.optimizer
    return f"{_label(labels, 'optimizer', optimizer.name)} {tick_text(optimizer.rate)}, seed {options.seed}"


def length_text(run: Run) -> str:
    """How long a run was: 236 epochs, 1,240 updates."""
    updates = f"{run.update:,} update{'' if run.update == 1 else 's'}"
    if run.epoch_length == 1:
        return updates
    epochs = run.update // run.epoch_length
    return f"{epochs:,} epoch{'' if epochs == 1 else 's'}, {updates}"


def branch_text(run: Run) -> str:
    """Where a run branched from; "" if it began by itself."""
    return "" if run.parent is None else f"Branched at update {run.branched_at:,} of run {run.parent}"


def small_curve(curve: CurveView, columns: int) -> Vector:
    """The losses as points (x, y) between 0 and 1, y upwards and logarithmic; a NaN is a gap. (0, 2) without two."""
    losses = np.where(curve.losses > 0, curve.losses, np.nan)
    known = losses[np.isfinite(losses)]
    if known.size < 2:
        return np.empty((0, 2))
    updates = curve.updates
    x, y = thinned(updates, np.log10(losses), float(updates[-1]), columns)
    low, high = float(np.nanmin(y)), float(np.nanmax(y))
    height = (y - low) / (high - low) if high > low else np.where(np.isnan(y), np.nan, 0.5)
    return np.column_stack([x / float(updates[-1]), height])


def last_known(values: Vector) -> float | None:
    """The newest of the values that were measured; None if there are none."""
    known = values[~np.isnan(values)]
    return float(known[-1]) if known.size else None


# -- facts -------------------------------------------------------------------------------------------------------------


def _label(labels: Labels, kind: str, name: str) -> str:
    return labels.get(kind, {}).get(name, name)


def _named(label: str, kind: str, field: str) -> Fact:
    """One of several names."""
    get = attrgetter(field)
    return Fact(label, lambda run, labels: _label(labels, kind, get(run.options)))


def _always(_options: Options) -> bool:
    return True


def _number(label: str, field: str, none: str = "none", matters: Callable[[Options], bool] = _always) -> Fact:
    """A number, or a word for having none."""
    get = attrgetter(field)

    def text(run: Run, _labels: Labels) -> str | None:
        return _amount(get(run.options), none) if matters(run.options) else None

    def usual(run: Run) -> str:
        fresh = Optimizer(run.options.optimizer.name, **DEFAULTS.get(run.options.optimizer.name, {}))
        return _amount(get(Options(fresh)), none)

    return Fact(label, text, usual)


def _amount(value: Any, none: str) -> str:
    if value is None:
        return none
    return tick_text(value) if isinstance(value, float) else f"{value:,}"


def _uses(*optimizers: str) -> Callable[[Options], bool]:
    return lambda options: options.optimizer.name in optimizers


def _follows(*schedules: str) -> Callable[[Options], bool]:
    return lambda options: options.schedule.name in schedules


def _rate(run: Run, _labels: Labels) -> str:
    """The rate it began with, and what it was changed to."""
    changes = [rate for _update, rate in run.rate_changes] or [run.options.optimizer.rate]
    return ", then ".join(tick_text(rate) for rate in changes)


def _activations(run: Run, _labels: Labels) -> str:
    titles = [TITLES[name][0] for name in run.network.activations]
    hidden, last = list(dict.fromkeys(titles[:-1])), titles[-1]
    return ", ".join([*hidden[:3], *(["…"] if len(hidden) > 3 else []), last])


def _shortcut(run: Run, _labels: Labels) -> str:
    return f"over {run.network.shortcut}" if run.network.shortcut else "none"


def _start(run: Run, _labels: Labels) -> str:
    return "its first weights" if run.parent is None else f"update {run.branched_at:,} of run {run.parent}"


def _of_data(label: str, get: Callable[[Dataset], str | None]) -> Fact:
    """Something about the rows; not of a run whose data are not known."""
    return Fact(label, lambda run, _labels: None if run.project is None else get(run.project.data))


def _of_recipe(label: str, field: str) -> Fact:
    """Something that was chosen about rows that a recipe made, or that its source has by itself."""

    def get(data: Dataset) -> str | None:
        recipe = data.recipe
        value = None if recipe is None else getattr(recipe, field)
        if value is None and recipe is not None:
            value = getattr(SOURCES[recipe.name], field)
        return None if value is None else _amount(value, NOTHING)

    return _of_data(label, get)


FACTS = (
    Fact("Start", _start),
    Fact("Data", lambda run, _labels: run.data_name),
    _of_data("Rows", lambda data: f"{data.rows:,}"),
    _of_data("Test rows", lambda data: f"{data.tests:,}"),
    _of_data("Scaled", lambda data: "yes" if data.scaling is not None else "no"),
    _of_recipe("Noise", "noise"),
    _of_recipe("Data seed", "seed"),
    Fact("Network", lambda run, _labels: str(run.network)),
    Fact("Activations", _activations),
    Fact("Shortcuts", _shortcut),
    _named("Optimizer", "optimizer", "optimizer.name"),
    Fact("Learning rate", _rate),
    _number("Momentum", "optimizer.momentum", matters=_uses(*MOMENTUM)),
    _number("Beta 1", "optimizer.beta1", matters=_uses(*MOMENTS)),
    _number("Beta 2", "optimizer.beta2", matters=_uses(*MOMENTS)),
    _number("Rho", "optimizer.rho", matters=_uses("rmsprop")),
    _number("Epsilon", "optimizer.eps", matters=_uses(*ROOTED)),
    _number("Weight decay", "optimizer.weight_decay"),
    _number("Batch size", "batch_size", "all rows"),
    _named("Loss", "loss", "loss"),
    _named("First weights", "initializer", "initializer"),
    _number("Their size", "initializer_scale", matters=lambda options: options.initializer in SCALED),
    _number("Seed", "seed"),
    _named("Schedule", "schedule", "schedule.name"),
    _number("Period", "schedule.period", matters=_follows("step", "exponential", "cosine")),
    _number("Factor", "schedule.gamma", matters=_follows("step", "exponential", "plateau")),
    _number("Plateau after", "schedule.patience", matters=_follows("plateau")),
    _number("Lowest factor", "schedule.floor", matters=_follows("step", "exponential", "cosine", "plateau")),
    _number("Warmup", "schedule.warmup"),
    _number("L1 penalty", "l1"),
    _number("L2 penalty", "l2"),
    _number("Dropout", "dropout"),
    _number("Clip value", "clip_value"),
    _number("Clip norm", "clip_norm"),
    _named("Precision", "precision", "precision"),
    _number("Stop at loss", "goal", "never"),
    _number("Stop after epochs", "epochs", "never"),
    _number("Early stopping", "patience", "never"),
)
DATA = ("Data", "Rows", "Test rows", "Scaled", "Noise", "Data seed")
