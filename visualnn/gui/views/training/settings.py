"""All settings, one a row: how each is read from options, written into new ones, and when it matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from visualnn.gui.widgets.number_field import Steps
from visualnn.nn.functions import losses_for
from visualnn.nn.initializers import SCALED
from visualnn.nn.options import Options
from visualnn.scene.names import (
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    PERIODS,
    PRECISIONS,
    SCHEDULES,
    Names,
)
from visualnn.scene.scales import tick_text

BATCH_SIZES = (1, 4, 16, 32, 64, 128, 256, 512, 1024)
GOALS = (0.1, 0.01, 0.001, 1e-4, 1e-6, 1e-8, 1e-10)
SHARES = (0.1, 0.01, 0.001, 1e-4, 1e-5)  # of weight decay and penalties
NORMS = (10.0, 5.0, 1.0, 0.5, 0.1)
FOR_CLASSES = ("hinge",)  # of what would fit the output, this makes sense for the targets 0 and 1 only
ALL, NONE = "all", "none"
RATE = Steps(1e-6, 100.0, 0.01, is_log=True)
WHOLE = Steps(0, 999_999, 1, is_whole=True)
PERIOD = Steps(1, 999_999, 10, is_whole=True)
SHARE = Steps(0.0, 0.95, 0.01)
FACTOR = Steps(0.01, 1.0, 0.01)
SCALE = Steps(0.0, 10.0, 0.01)
BETA = Steps(0.0, 0.9999, 0.001)
EPSILON = Steps(1e-12, 1.0, 0.01, is_log=True)
EPOCHS = (1, 5, 10, 20, 50, 100, 200, 500, 1000)
PATIENCES = (5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Table:
    """What is trained: some settings depend on it."""

    rows: int = 1
    tests: int = 0  # rows held back
    output: str = "linear"  # the output activation
    classification: bool = False


Choices = list[tuple[str, str]]  # key and label


def always(_options: Options) -> bool:
    """This matters, whatever else is set."""
    return True


@dataclass(frozen=True)
class Setting:
    """A row: a number where there are `steps`, else a choice. `name` is its label and, in the undo menu, its edit."""

    name: str
    get: Callable[[Options], Any]  # a number, or a key
    put: Callable[[Options, Any], Options]
    tip: Callable[[Options], str]
    steps: Steps | None = None
    choices: Callable[[Options, Table], Choices] = lambda _options, _table: []
    matters: Callable[[Options], bool] = always
    needs_tests: bool = False  # there is nothing to choose where no rows are held back


def field_of(name: str) -> tuple[Callable[[Options], Any], Callable[[Options, Any], Options]]:
    """How an option of this name is read and written; a dot leads into the optimizer or the schedule."""
    part, _, inner = name.rpartition(".")

    def get(options: Options) -> Any:
        return getattr(getattr(options, part) if part else options, inner)

    def put(options: Options, value: Any) -> Options:
        if not part:
            return replace(options, **{inner: value})
        return replace(options, **{part: replace(getattr(options, part), **{inner: value})})

    return get, put


def number(name: str, field: str, steps: Steps, tip: str = "", **more: Any) -> Setting:
    """A number to be dragged or typed."""
    get, put = field_of(field)

    def put_number(options: Options, value: float) -> Options:
        return put(options, int(value) if steps.is_whole else value)

    return Setting(name, get, put_number, more.pop("tips", lambda _options: tip), steps, **more)


def named(name: str, field: str, names: Names, **more: Any) -> Setting:
    """One of several names, with the spelling of the libraries as its tip."""
    get, put = field_of(field)
    labels = [(key, label) for key, (label, _) in names.items()]
    choices = more.pop("choices", lambda _options, _table: labels)
    return Setting(name, get, more.pop("put", put), lambda o: names[get(o)][1], choices=choices, **more)


def amount(
    name: str, field: str, usual: tuple[float, ...], tip: str, none: str = "none", off: float | None = 0.0
) -> Setting:
    """One of the usual amounts, the present one, or none of it, which the options call `off`."""
    get, put = field_of(field)

    def choices(options: Options, _table: Table) -> Choices:
        present = get(options)
        found = sorted({*usual, *(() if present == off else (present,))}, reverse=True)
        return [(NONE, none), *((repr(v), tick_text(v)) for v in found)]

    def key(options: Options) -> str:
        return NONE if get(options) == off else repr(get(options))

    def put_key(options: Options, key: str) -> Options:
        return put(options, off if key == NONE else float(key))

    return Setting(name, key, put_key, lambda _options: tip, choices=choices)


def counted(name: str, field: str, usual: tuple[int, ...], tip: str, **more: Any) -> Setting:
    """One of the usual counts, the present one, or never."""
    get, put = field_of(field)

    def choices(options: Options, _table: Table) -> Choices:
        found = sorted({*usual, *(() if get(options) is None else (get(options),))})
        return [(NONE, "never"), *((str(count), f"{count:,} epochs" if count > 1 else "1 epoch") for count in found)]

    def key(options: Options) -> str:
        return NONE if get(options) is None else str(get(options))

    def put_key(options: Options, key: str) -> Options:
        return put(options, None if key == NONE else int(key))

    return Setting(name, key, put_key, lambda _options: tip, choices=choices, **more)


def uses(*optimizers: str) -> Callable[[Options], bool]:
    """Whether one of these optimizers is chosen."""
    return lambda options: options.optimizer.name in optimizers


def _with_optimizer(options: Options, name: str) -> Options:
    return replace(options, optimizer=options.optimizer.renamed(name))


def _with_initializer(options: Options, name: str) -> Options:
    size = options.initializer_scale  # equal weights may be negative, bounds and spreads may not
    return replace(options, initializer=name, initializer_scale=size if name == "constant" else abs(size))


def _batch_choices(options: Options, table: Table) -> Choices:
    own = options.batch_size
    sizes = {s for s in (*BATCH_SIZES, *(() if own is None else (own,))) if s < table.rows}
    return [(ALL, f"all {table.rows:,}"), *((str(s), f"{s:,}") for s in sorted(sizes))]


def _with_batch(options: Options, key: str) -> Options:
    return replace(options, batch_size=None if key == ALL else int(key))


def _loss_choices(options: Options, table: Table) -> Choices:
    fitting = [name for name in losses_for(table.output) if table.classification or name not in FOR_CLASSES]
    return [(name, LOSSES[name][0]) for name in dict.fromkeys((*fitting, options.loss))]


FIRST = (
    named("Optimizer", "optimizer.name", OPTIMIZERS, put=_with_optimizer),
    number("Learning rate", "optimizer.rate", RATE),
    Setting(
        "Batch size",
        lambda options: str(options.batch_size or ALL),
        _with_batch,
        lambda _options: "Rows per update. PyTorch and Keras: batch_size",
        choices=_batch_choices,
    ),
)
MORE = (
    named("First weights", "initializer", INITIALIZERS, put=_with_initializer),
    number(
        "Their size",
        "initializer_scale",
        SCALE,
        "The largest of uniform, the spread of normal, the value of equal weights.",
        matters=lambda options: options.initializer in SCALED,
    ),
    number("Seed", "seed", WHOLE, "Other seeds give other random weights, and another order of the rows."),
    number(
        "Momentum",
        "optimizer.momentum",
        SHARE,
        "How much of the last step is made again, µ. torch.optim.SGD(momentum=0.9)",
        matters=uses("momentum", "nesterov"),
    ),
    number(
        "Beta 1",
        "optimizer.beta1",
        BETA,
        "How long the mean of the slopes remembers, β₁. torch.optim.Adam(betas=(0.9, 0.999))",
        matters=uses("adam", "adamw", "nadam", "lion"),
    ),
    number(
        "Beta 2",
        "optimizer.beta2",
        BETA,
        "How long the mean of the squared slopes remembers, β₂. torch.optim.Adam(betas=(0.9, 0.999))",
        matters=uses("adam", "adamw", "nadam", "lion"),
    ),
    number(
        "Rho",
        "optimizer.rho",
        BETA,
        "How long the mean of the squared slopes remembers, ρ. torch.optim.RMSprop(alpha=0.99)",
        matters=uses("rmsprop"),
    ),
    number(
        "Epsilon",
        "optimizer.eps",
        EPSILON,
        "Added to what a step is divided by, ε, so that nothing is divided by 0. torch: eps",
        matters=uses("adagrad", "rmsprop", "adam", "adamw", "nadam"),
    ),
    named("Loss", "loss", LOSSES, choices=_loss_choices),
    named("Schedule", "schedule.name", SCHEDULES),
    number(
        "Period",
        "schedule.period",
        PERIOD,
        tips=lambda options: PERIODS.get(options.schedule.name, ""),
        matters=lambda options: options.schedule.name in PERIODS,
    ),
    number(
        "Patience",
        "schedule.patience",
        WHOLE,
        "Epochs without a better loss until the learning rate falls.",
        matters=lambda options: options.schedule.name == "plateau",
    ),
    number(
        "Factor",
        "schedule.gamma",
        FACTOR,
        "What the learning rate is multiplied with when it falls. PyTorch: gamma, or factor",
        matters=lambda options: options.schedule.name in ("step", "exponential", "plateau"),
    ),
    number(
        "Lowest factor",
        "schedule.floor",
        SHARE,
        "The learning rate never falls below this times its full size. torch: eta_min, min_lr",
        matters=lambda options: options.schedule.name != "constant",
    ),
    number("Warmup", "schedule.warmup", WHOLE, "Updates in which the learning rate rises to its full size."),
    amount(
        "Weight decay", "optimizer.weight_decay", SHARES, "Shrinks every weight by this times the rate, each update."
    ),
    amount("L1 penalty", "l1", SHARES, "Pulls every weight to 0 with the same force. keras.regularizers.L1"),
    amount("L2 penalty", "l2", SHARES, "Pulls weights to 0, large ones harder. keras.regularizers.L2"),
    number(
        "Dropout",
        "dropout",
        SHARE,
        "The share of hidden neurons that are silent in each update. torch.nn.Dropout · keras.layers.Dropout",
    ),
    amount(
        "Clip norm",
        "clip_norm",
        NORMS,
        "Shortens a gradient that is longer. torch.nn.utils.clip_grad_norm_ · Keras clipnorm",
        off=None,
    ),
    amount(
        "Clip value",
        "clip_value",
        NORMS,
        "Cuts each number of the gradient at this. torch.nn.utils.clip_grad_value_ · Keras clipvalue",
        off=None,
    ),
    amount("Stop at loss", "goal", GOALS, "Training pauses by itself below this loss.", "never", None),
    counted("Stop after", "epochs", EPOCHS, "Training pauses by itself after so many passes through the rows."),
    counted(
        "Stop early",
        "patience",
        PATIENCES,
        "Training pauses when no test loss has been better than the best for so long. Keras EarlyStopping(patience)",
        needs_tests=True,
    ),
    named("Precision", "precision", PRECISIONS),  # the last, above the device that it depends on
)
