"""The function `train` of train.py: what each update does, and what ends a run.

Every process takes its share of a batch. The mean that DistributedDataParallel makes of the slopes is the slope of the
whole batch, because each process multiplies its part of the loss by their number; a penalty is the same everywhere.
"""

from __future__ import annotations

import math

from visualnn.exchange.pytorch.network import MASK
from visualnn.exchange.start import Start, epoch_length
from visualnn.nn.options import Options
from visualnn.nn.schedule import BAD_EPOCHS, BEST, BETTER, EPOCH_LOSS, FACTOR, Schedule
from visualnn.project import Project
from visualnn.scene.libraries.columns import indented
from visualnn.scene.libraries.torch_training import DECAY, DECOUPLED

LINES = 20  # that a run prints
PATIENT = """\
model.eval()
with torch.no_grad():
    rows = own(np.arange(len(x_test)))
    test = everywhere({loss})
model.train()
best, worse = (test, 0) if test < best else (best, worse + 1)
if worse >= PATIENCE:
    return losses, f"{{t + 1}} updates: the test loss is no longer better."
"""
PLATEAU = """\
mean, total = total / len(batches), 0.0
lowest, bad = (mean, 0) if mean < lowest * (1 - {better!r}) else (lowest, bad + 1)
if bad > {patience}:
    scale, bad = max({floor!r}, scale * {gamma!r}), 0
"""


def is_scheduled(project: Project) -> bool:
    """Whether the rate changes by itself."""
    schedule = project.options.schedule
    return schedule.name != "constant" or bool(schedule.warmup)


def waits(project: Project) -> bool:
    """Whether a test loss that does not get better ends the run."""
    return project.options.patience is not None and project.data.tests > 0


def every(project: Project, start: Start) -> str:
    """Updates from one printed loss to the next, as Python."""
    length = epoch_length(project)
    count = "EPOCHS" if length == 1 else f"EPOCHS * {length}"
    return f"max(1, {f'({count} - FIRST)' if start.update else count} // {LINES})"


def lines(project: Project, start: Start) -> str:
    """The text of the function."""
    given = "model, net, optimizer, x, y" + (", x_test, y_test" if waits(project) else "")
    epoch = [
        *(["if (epoch + 1) * len(batches) <= FIRST:", "    continue"] if start.update else []),
        "for t, rows in enumerate(batches, epoch * len(batches)):",
        *indented(_update(project, start)),
        *_after_epoch(project),
    ]
    body = [
        '"""Update after update: the loss before each, over the rows that it uses, and what ended it."""',
        "losses = []",
        *_before(project, start),
        "for epoch, batches in zip(range(EPOCHS), data.epochs()):",
        *indented(epoch),
        'return losses, f"{EPOCHS} epochs are done."',
    ]
    return "\n".join([f"def train({given}):", *indented(body), ""])


def _before(project: Project, start: Start) -> list[str]:
    options = project.options
    made = ["weights = [w for w in model.parameters() if w.dim() > 1]  # no biases"] if options.l1 or options.l2 else []
    if project.mask is not None:
        made.append(f'keep = load_file(HERE / "{MASK}")  # 0 for what is switched off')
    if waits(project):
        made.append("best, worse = math.inf, 0")
    if options.schedule.name == "plateau":
        scale, lowest, total = (number(float(start.scalars[place])) for place in (FACTOR, BEST, EPOCH_LOSS))
        made.append(f"scale, lowest, bad, total = {scale}, {lowest}, {int(start.scalars[BAD_EPOCHS])}, {total}")
    return made


def number(value: float) -> str:
    """A float as Python reads it."""
    return repr(value) if math.isfinite(value) else f'float("{value}")'


def _update(project: Project, start: Start) -> list[str]:
    """One batch."""
    options = project.options
    return [
        *(["if t < FIRST:", "    continue"] if start.update else []),
        "part = own(rows)",
        f"loss = {share(options, 'net(x[part])', 'y[part]', 'rows')}",
        "losses.append(everywhere(loss.detach().clone()))",
        "if RANK == 0 and t % EVERY == 0:",
        '    print(f"update {t}: loss {losses[-1]:.6g}")',
        "if not math.isfinite(losses[-1]):",
        '    return losses, f"{t} updates: the loss is no longer a finite number."',
        *_goal(options),
        *_rate(options.schedule),
        "optimizer.zero_grad()",
        *_penalty(options),
        *_changed(project),
        "optimizer.step()",
        *(["total += losses[-1]"] if options.schedule.name == "plateau" else []),
    ]


def share(options: Options, said: str, answers: str, rows: str) -> str:
    """A share of the mean loss over rows."""
    count = f"len({rows})" if options.loss == "cross_entropy" else f"(len({rows}) * OUTPUTS)"
    return f"loss_of({said}, {answers}) / {count}"


def _goal(options: Options) -> list[str]:
    if options.goal is None:
        return []
    return ["if losses[-1] < GOAL:", '    return losses, f"{t} updates: the loss is below {GOAL}."']


def _rate(schedule: Schedule) -> list[str]:
    if schedule.name == "plateau":
        warm = f" * min(1.0, (t + 1) / {schedule.warmup})" if schedule.warmup else ""
        return [f'optimizer.param_groups[0]["lr"] = RATE * scale{warm}']
    if schedule.name == "constant" and not schedule.warmup:
        return []
    return ['optimizer.param_groups[0]["lr"] = RATE * factor(t)']


def _penalty(options: Options) -> list[str]:
    """The backward pass."""
    terms = [f"{options.l1!r} * sum(w.abs().sum() for w in weights)"] if options.l1 else []
    terms += [f"{options.l2!r} * sum((w**2).sum() for w in weights)"] if options.l2 else []
    note = "  # the mean over all processes is taken of the slopes"
    if not terms:
        return [f"(WORLD * loss).backward(){note}"]
    return [f"penalty = {' + '.join(terms)}", f"(WORLD * loss + penalty).backward(){note}"]


def _changed(project: Project) -> list[str]:
    """What is done to the slopes and weights before a step."""
    options = project.options
    made = []
    if project.mask is not None:
        made += ["for name, w in model.named_parameters():", "    w.grad *= keep[name].to(w)"]
    if options.clip_value is not None:
        made.append(f"nn.utils.clip_grad_value_(model.parameters(), {number(options.clip_value)})")
    if options.clip_norm is not None:
        made.append(f"nn.utils.clip_grad_norm_(model.parameters(), {number(options.clip_norm)})")
    rule = options.optimizer
    if rule.weight_decay and rule.name not in DECOUPLED:
        made += DECAY.format(decay=rule.weight_decay).split("\n")
    return made


def _after_epoch(project: Project) -> list[str]:
    options, schedule = project.options, project.options.schedule
    made = []
    if schedule.name == "plateau":
        constants = {"better": BETTER, "patience": schedule.patience, "floor": schedule.floor, "gamma": schedule.gamma}
        made += PLATEAU.format(**constants).splitlines()
    if waits(project):
        made += PATIENT.format(loss=share(options, "model(x_test[rows])", "y_test[rows]", "x_test")).splitlines()
    return made
