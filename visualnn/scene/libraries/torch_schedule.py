"""How the rate changes by itself, in PyTorch."""

from __future__ import annotations

from visualnn.nn.options import Options
from visualnn.nn.schedule import BETTER, Schedule
from visualnn.project import Project
from visualnn.scene.libraries.columns import batch_of, call, indented

SCHEDULERS = "torch.optim.lr_scheduler"


def lines(options: Options) -> list[str]:
    """The scheduler, none where the rate stays."""
    schedule = options.schedule
    if schedule.name == "plateau":
        return _plateau(schedule, options.optimizer.rate)
    if schedule.name == "constant" and not schedule.warmup:
        return []
    note = "# Counted in updates, not in epochs."
    named = _named(schedule)
    if named:
        return [note, *call(f"{SCHEDULERS}.{named[0]}", ["optimizer", *named[1:]], "schedule = ")]
    made = call(f"{SCHEDULERS}.LambdaLR", ["optimizer", "factor"], "schedule = ")
    return ["", "", "def factor(t):  # t: updates done", *indented(factor(schedule)), "", "", note, *made]


def _named(schedule: Schedule) -> tuple[str, ...]:
    """The scheduler that does exactly this, if there is one."""
    if schedule.warmup or schedule.floor:
        return ()
    if schedule.name == "step":
        return ("StepLR", f"step_size={schedule.period}", f"gamma={schedule.gamma!r}")
    if schedule.name == "exponential":
        return ("ExponentialLR", f"gamma={schedule.gamma!r} ** (1 / {schedule.period})")
    return ()


def factor(schedule: Schedule) -> list[str]:
    """The body of a function of t, the updates done: what the rate is multiplied with."""
    warm = f"min(1.0, (t + 1) / {schedule.warmup}) * " if schedule.warmup else ""
    floor, period = f"{schedule.floor!r}", schedule.period
    match schedule.name:
        case "step":
            return [f"return {warm}max({floor}, {schedule.gamma!r} ** (t // {period}))"]
        case "exponential":
            return [f"return {warm}max({floor}, {schedule.gamma!r} ** (t / {period}))"]
        case "cosine":
            return [
                "# CosineAnnealingLR rises again.",
                f"done = min(t, {period}) / {period}",
                "wave = 0.5 * (1.0 + math.cos(math.pi * done))",
                f"return {warm}({floor} + {1.0 - schedule.floor!r} * wave)" if schedule.floor else f"return {warm}wave",
            ]
    return [f"return {warm.removesuffix(' * ')}"]


def _plateau(schedule: Schedule, rate: float) -> list[str]:
    arguments = [
        "optimizer",
        f"factor={schedule.gamma!r}",
        f"patience={schedule.patience}",
        f"threshold={BETTER!r}",
        f"min_lr={schedule.floor * rate!r}",
        "eps=0.0",
    ]
    note = ["# The warm-up is left out:", "# this scheduler sets the rate alone."] if schedule.warmup else []
    return [*note, *call(f"{SCHEDULERS}.ReduceLROnPlateau", arguments, "schedule = ")]


def after_update(options: Options) -> list[str]:
    """What follows every update."""
    has_schedule = options.schedule.name != "constant" or bool(options.schedule.warmup)
    return ["schedule.step()"] if has_schedule and not by_epoch(options) else []


def by_epoch(options: Options) -> bool:
    """Whether the rate depends on the losses of whole epochs."""
    return options.schedule.name == "plateau"


def after_epoch(options: Options, project: Project) -> list[str]:
    """What follows every epoch."""
    if not by_epoch(options):
        return []
    batches = -(-project.data.rows // batch_of(project))
    return [f"schedule.step(total / {batches})" if batches > 1 else "schedule.step(total)"]
