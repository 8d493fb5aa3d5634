"""Loss, optimizer and training in Keras."""

from __future__ import annotations

from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule
from visualnn.project import Project
from visualnn.scene.libraries.columns import LAST, batch_of, call, indented, is_whole

LOSSES = {
    "mse": "MeanSquaredError()",
    "mae": "MeanAbsoluteError()",
    "huber": "Huber()",
    "hinge": "Hinge()",
    "binary_cross_entropy": "BinaryCrossentropy(from_logits=True)",
    "cross_entropy": "CategoricalCrossentropy(from_logits=True)",
}
NOTES = {  # where Keras' arithmetic differs
    "adagrad": "# Epsilon is under the root: squared.",
    "rmsprop": "# Epsilon is under the root: squared.",
    "adam": "# Epsilon weighs more at first.",
    "adamw": "# Epsilon weighs more at first.",
    "nadam": "# Keras looks ahead otherwise.",
}
VELOCITY = "# Its velocity remembers old rates."
GOAL = """
class Goal(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs):
        if logs["loss"] < {goal!r}:
            self.model.stop_training = True


"""


def lines(project: Project, epochs: int) -> list[str]:
    """Everything after the model."""
    options = project.options
    return [
        "",
        *_rate(options),
        *_optimizer(options),
        *_loss(options.loss),
        "model.compile(optimizer, loss)",
        "",
        *([] if options.goal is None else GOAL.format(goal=options.goal).removesuffix("\n").split("\n")),
        *_fit(project, epochs),
    ]


def _loss(name: str) -> list[str]:
    inside = LAST.get(name)
    note = [f"# The output's {inside} is in it."] if inside else []
    kind, _, argument = LOSSES[name].removesuffix(")").partition("(")
    return [*note, *call(f"keras.losses.{kind}", [argument] if argument else [], "loss = ")]


# -- rate --------------------------------------------------------------------------------------------------------------


def _rate(options: Options) -> list[str]:
    """The schedule, none where the rate stays or falls on a plateau."""
    schedule, rate = options.schedule, options.optimizer.rate
    if schedule.name == "plateau" or (schedule.name == "constant" and not schedule.warmup):
        return []
    named = _named(schedule)
    if named:
        return call(f"keras.optimizers.schedules.{named[0]}", [repr(rate), *named[1:]], "rate = ")
    head = "class Rate(keras.optimizers.schedules.LearningRateSchedule):"
    return [
        "",
        head,
        "    def __call__(self, step):",
        f'        t = keras.ops.cast(step, "{options.precision}")',
        *indented(_factor(schedule), 2),
        f"        return {rate!r} * factor",
        "",
        "",
        "rate = Rate()",
    ]


def _named(schedule: Schedule) -> list[str]:
    """Keras' schedule that does exactly this, if there is one; like ours they count updates."""
    if schedule.warmup or (schedule.floor and schedule.name != "cosine"):
        return []
    match schedule.name:
        case "cosine":
            return ["CosineDecay", str(schedule.period), f"alpha={schedule.floor!r}"]
        case "step":
            return ["ExponentialDecay", str(schedule.period), repr(schedule.gamma), "staircase=True"]
    return ["ExponentialDecay", str(schedule.period), repr(schedule.gamma)]


def _factor(schedule: Schedule) -> list[str]:
    gamma, period, floor = repr(schedule.gamma), schedule.period, repr(schedule.floor)
    made = {
        "constant": ["factor = 1.0"],
        "step": [f"factor = keras.ops.maximum({floor}, {gamma} ** (t // {period}))"],
        "exponential": [f"factor = keras.ops.maximum({floor}, {gamma} ** (t / {period}))"],
        "cosine": [
            f"done = keras.ops.minimum(t, {period}) / {period}",
            "wave = 0.5 * (1.0 + keras.ops.cos(3.141592653589793 * done))",
            f"factor = {floor} + {1.0 - schedule.floor!r} * wave" if schedule.floor else "factor = wave",
        ],
    }[schedule.name]
    warm = f"factor = factor * keras.ops.minimum(1.0, (t + 1) / {schedule.warmup})"
    return [*made, *([warm] if schedule.warmup else [])]


def changes_rate(schedule: Schedule) -> bool:
    """Whether the rate does not stay as it is."""
    return schedule.name != "constant" or schedule.warmup > 0


# -- optimizer ---------------------------------------------------------------------------------------------------------


def _optimizer(options: Options) -> list[str]:
    optimizer, schedule = options.optimizer, options.schedule
    name, arguments = _arguments(optimizer)
    has_schedule = schedule.name not in ("constant", "plateau") or (schedule.name == "constant" and schedule.warmup)
    rate = "rate" if has_schedule else repr(optimizer.rate)
    decay = [f"weight_decay={optimizer.weight_decay!r}"] if optimizer.weight_decay or name == "AdamW" else []
    notes = [NOTES[optimizer.name]] if optimizer.name in NOTES else []
    notes += [VELOCITY] if optimizer.name in ("momentum", "nesterov") and changes_rate(schedule) else []
    if options.clip_value is not None and options.clip_norm is not None:
        notes += ["# Keras clips in one way only:", f"# no clipvalue={options.clip_value!r}"]
    arguments = [f"learning_rate={rate}", *arguments, *decay, *_clipping(options)]
    return [*notes, *call(f"keras.optimizers.{name}", arguments, "optimizer = ")]


def _arguments(optimizer: Optimizer) -> tuple[str, list[str]]:
    """The name of the class, and its constants."""
    betas = [f"beta_1={optimizer.beta1!r}", f"beta_2={optimizer.beta2!r}"]
    epsilon, momentum = f"epsilon={optimizer.eps!r}", f"momentum={optimizer.momentum!r}"
    match optimizer.name:
        case "momentum":
            return "SGD", [momentum]
        case "nesterov":
            return "SGD", [momentum, "nesterov=True"]
        case "adagrad":
            return "Adagrad", ["initial_accumulator_value=0.0", f"{epsilon}**2"]
        case "rmsprop":
            return "RMSprop", [f"rho={optimizer.rho!r}", f"{epsilon}**2"]
        case "lion":
            return "Lion", betas
        case "adam" | "adamw" | "nadam":
            return {"adam": "Adam", "adamw": "AdamW", "nadam": "Nadam"}[optimizer.name], [*betas, epsilon]
    return "SGD", []


def _clipping(options: Options) -> list[str]:
    if options.clip_norm is not None:
        return [f"global_clipnorm={options.clip_norm!r}"]
    return [] if options.clip_value is None else [f"clipvalue={options.clip_value!r}"]


# -- fit ---------------------------------------------------------------------------------------------------------------


def _fit(project: Project, epochs: int) -> list[str]:
    options, held = project.options, project.data.tests
    callbacks = _callbacks(options)
    arguments = ["x", "y", f"batch_size={batch_of(project)}", f"epochs={epochs}"]
    arguments += ["validation_data=(x_test, y_test)"] if held or options.patience is not None else []
    arguments += ["callbacks=callbacks"] if callbacks else []
    order = [] if is_whole(project) else ["# Keras mixes the rows its own way."]
    notes = _notes(options)
    made = ["callbacks = [", *indented([line for each in callbacks for line in each]), "]"] if callbacks else []
    return [*notes, *made, *order, *call("model.fit", arguments)]


def _notes(options: Options) -> list[str]:
    notes: list[str] = []
    if options.schedule.name == "plateau":
        notes += ["# min_delta is an amount, here a share."]
        notes += ["# The warm-up is left out."] if options.schedule.warmup else []
    if options.goal is not None:
        notes += ["# Goal: of the mean loss of the epoch so far,", "# after the update."]
    return notes


def _callbacks(options: Options) -> list[list[str]]:
    made: list[list[str]] = []
    schedule = options.schedule
    if schedule.name == "plateau":
        arguments = [
            'monitor="loss"',
            f"factor={schedule.gamma!r}",
            f"patience={schedule.patience + 1}",
            "min_delta=0.0",
            f"min_lr={schedule.floor * options.optimizer.rate!r}",
        ]
        made.append(_closed(call("keras.callbacks.ReduceLROnPlateau", arguments)))
    if options.patience is not None:
        arguments = ['monitor="val_loss"', f"patience={options.patience}"]
        made.append(_closed(call("keras.callbacks.EarlyStopping", arguments)))
    if options.goal is not None:
        made.append(["Goal(),"])
    return made


def _closed(lines: list[str]) -> list[str]:
    return [*lines[:-1], lines[-1] + ","]
