"""What every update of a program says besides its slopes: the rate, what a schedule remembers, and when all ends.

The lines are the same in plain Python and in NumPy. `t` counts updates from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from visualnn.exchange.start import Start
from visualnn.nn.options import Options
from visualnn.nn.schedule import BAD_EPOCHS, BEST, BETTER, EPOCH_LOSS, FACTOR, MU_PRODUCT, Schedule
from visualnn.project import Project
from visualnn.scene.code.rules import CONSTANTS, FIX1, FIX2, NADAM

REPORT = """\
curve.append(loss)
if (t - 1) % max(1, updates // 20) == 0:
    print(f"update {t:,}: loss {loss:.6g}")"""


def batch_size(project: Project) -> int:
    """Rows of an update."""
    return min(project.options.batch_size or project.data.rows, project.data.rows)


def is_shuffled(project: Project) -> bool:
    """Whether an update uses some of the rows only."""
    return batch_size(project) < project.data.rows


def drops(project: Project) -> bool:
    """Whether neurons sit out."""
    return project.options.dropout > 0 and len(project.network.layers) > 1


def constants(project: Project) -> list[str]:
    """The numbers that stay the same all the time."""
    options, optimizer = project.options, project.options.optimizer
    made = [f"goal = {options.goal!r}  # the loss below which it ends"] if options.goal is not None else []
    made += [f"batch_size = {batch_size(project)}"] if is_shuffled(project) else []
    made += [f"dropout = {options.dropout!r}"] if drops(project) else []
    made += [f"rate = {optimizer.rate!r}"]
    made += [f"{name} = {getattr(optimizer, name)!r}" for name in CONSTANTS.get(optimizer.name, ())]
    made += [f"weight_decay = {optimizer.weight_decay!r}"] if optimizer.weight_decay else []
    chosen = {name: getattr(options, name) for name in ("l1", "l2", "clip_value", "clip_norm")}
    return made + [f"{name} = {float(value)!r}" for name, value in chosen.items() if value]


def functions(options: Options) -> list[str]:
    """What the lines of `rate` call."""
    made = [text for text in [factor(options.schedule)] if text]
    return [*made, *(["\n".join(NADAM[:2])] if options.optimizer.name == "nadam" else [])]


def factor(schedule: Schedule) -> str:
    """The function that gives the share of the learning rate in update t; "" where it stays as it is, or waits."""
    gamma, period, floor = repr(schedule.gamma), schedule.period, repr(schedule.floor)
    rules = {
        "step": f"max({floor}, {gamma} ** ((t - 1) // {period}))",
        "exponential": f"max({floor}, {gamma} ** ((t - 1) / {period}))",
        "cosine": f"{floor} + (1 - {floor}) * 0.5 * (1 + math.cos(math.pi * min(t - 1, {period}) / {period}))",
    }
    warm = f"min(1.0, t / {schedule.warmup})" if schedule.warmup else ""
    rule = rules.get(schedule.name, "")
    if not (rule or warm):
        return ""
    both = f"{warm} * ({rule})" if rule and warm else rule or warm
    return f"def factor(t):  # of the learning rate in update t\n    return {both}"


def before(options: Options, start: Start) -> Iterator[str]:
    """What is remembered from update to update, apart from the optimizer's memory."""
    scalars = start.scalars.tolist()
    if options.optimizer.name == "nadam":
        yield f"product = {scalars[MU_PRODUCT]!r}"
    if options.schedule.name == "plateau":
        lowest = repr(scalars[BEST]) if isfinite(scalars[BEST]) else "math.inf"
        yield f"level, lowest, waited = {scalars[FACTOR]!r}, {lowest}, {int(scalars[BAD_EPOCHS])}  # of the rate"
        yield f"added = {scalars[EPOCH_LOSS]!r}"
    if options.patience is not None:
        yield "best, worse = math.inf, 0  # of the loss over the test rows"


def ends(options: Options) -> Iterator[str]:
    """What ends the loop before an update."""
    yield "if not math.isfinite(loss):"
    yield '    print("The loss is no longer a finite number: try a smaller rate.")'
    yield "    break"
    if options.goal is not None:
        yield "if loss < goal:"
        yield '    print(f"The loss is below the goal before update {t:,}.")'
        yield "    break"


def rate(options: Options) -> Iterator[str]:
    """The rate of this update, and what follows from it and from how many there were."""
    schedule, optimizer = options.schedule, options.optimizer
    shares = ["level"] if schedule.name == "plateau" else []
    shares += ["factor(t)"] if factor(schedule) else []
    if shares:
        yield f"rate = {' * '.join([repr(optimizer.rate), *shares])}"
    if optimizer.weight_decay:
        yield "shrink = 1 - rate*weight_decay"
    if optimizer.name in ("adam", "adamw"):
        yield from (FIX1, FIX2)
    if optimizer.name == "nadam":
        yield "product *= look_ahead(t)"
        yield from NADAM[5:]


def after(options: Options) -> Iterator[str]:
    """The plateau rule, which looks at the mean loss of an epoch."""
    schedule = options.schedule
    if schedule.name != "plateau":
        return
    yield "added += loss"
    yield "if t % per_epoch == 0:"
    yield "    average, added = added / per_epoch, 0.0"
    yield f"    waited = 0 if average < lowest * {1.0 - BETTER!r} else waited + 1"
    yield "    lowest = average if waited == 0 else lowest"
    yield f"    if waited > {schedule.patience}:"
    yield f"        level, waited = max({schedule.floor!r}, level * {schedule.gamma!r}), 0"


def patience(project: Project, test_loss: str) -> Iterator[str]:
    """The end of an epoch, where the loss over the test rows may end it all; `test_loss` gives it."""
    options = project.options
    if options.patience is None or not project.data.tests:
        return
    yield "if t % per_epoch == 0:"
    yield f"    test = {test_loss}"
    yield "    worse = 0 if test < best else worse + 1"
    yield "    best = min(best, test)"
    yield f"    if worse >= {options.patience}:"
    yield '        print(f"The test loss has not been better for {worse} epochs, after update {t:,}.")'
    yield "        break"
