"""One plain sentence about a run: how far it is and what the loss is doing."""

from __future__ import annotations

import numpy as np

from visualnn.nn.options import Options
from visualnn.nn.trace import Trace
from visualnn.nn.training import Snapshot, Stop
from visualnn.project import Project
from visualnn.scene.formula import Part, Sentence, precise, short, signed, telling, value, words

LOOK_BACK = 10  # a loss is falling if it is below what it was a tenth of the run ago
STEADY = 0.01  # relative change below which a loss counts as standing still


def sentence(
    project: Project,
    snapshot: Snapshot,
    trace: Trace,
    running: bool,
    fresh: bool = True,
    right: tuple[int, int] | None = None,
) -> Sentence:
    """What the subtitle says in Train mode.

    `trace` is the stage's sample through the run's weights; `fresh` says that the run began at random weights; so many
    of so many rows to learn from are `right` where there are classes and that is known of this moment.
    """
    if snapshot.stop is Stop.DIVERGED:
        return words(f"Training stopped: after update {snapshot.update:,} the loss is no longer a number.")
    if snapshot.looks_back and not running:
        return _looking_back(project, snapshot, trace)
    if snapshot.update == 0:
        return _at_start(project, trace, running, fresh)
    loss = Part(_loss_text(snapshot.loss), "text")
    size = project.options.batch_size
    name = "batch loss" if size is not None and size < project.data.rows else "loss"
    if snapshot.stop is Stop.GOAL and not running:
        return (
            Part(f"Trained: after {snapshot.update:,} updates the {name} is "),
            loss,
            Part(". "),
            *_says(project, trace),
        )
    if snapshot.stop is Stop.EARLY and not running:
        said = "The test loss got no better: training stopped early, at update "
        return words(f"{said}{snapshot.update:,}.")
    trend = _trend(snapshot)
    unit = f"Update {snapshot.update:,}: {name} "
    counted = () if right is None else _counted(project, *right)
    if running:
        return Part(unit), loss, Part(f" and {trend}." if trend else "."), *counted
    return Part(unit), loss, Part("."), *(counted or (Part(" "), *_says(project, trace)))


def _looking_back(project: Project, snapshot: Snapshot, trace: Trace) -> Sentence:
    """Which moment of the past is looked at."""
    loss = Part(_loss_text(snapshot.loss), "text")
    return Part(f"Looking back at update {snapshot.update:,}: loss "), loss, Part(". "), *_says(project, trace)


def first_weights(options: Options) -> str:
    """Where a run begins that does not go on from another."""
    match options.initializer:
        case "zeros":
            return "All weights are 0"
        case "constant":
            return f"All weights are {short(options.initializer_scale, 6)}"
    return f"Random weights, seed {options.seed}"


def _counted(project: Project, right: int, rows: int) -> Sentence:
    counted = Part(f"{right:,} of {rows:,}", "text")
    return Part(" "), counted, Part(f" training {_thing(project)}s are right.")


def _loss_text(loss: float) -> str:
    return precise(loss)


def _at_start(project: Project, trace: Trace, running: bool, fresh: bool) -> Sentence:
    if running:
        return (Part("Training starts."),)
    start = f"{first_weights(project.options)}. " if fresh else "Training starts from these weights. "
    return (Part(start), *_says(project, trace), Part(" Press play to train."))


def _says(project: Project, trace: Trace) -> Sentence:
    """2 + 2 = 3.99, or the answer to the sample."""
    out = float(trace.output[0])
    if project.data.rule == "sum":
        x = [float(v) for v in trace.x]
        left = " + ".join([short(x[0]), *(signed(short(v)) for v in x[1:])])
        return words(f"It says {left} = {{}}.", value(out, telling(out)))
    if project.data.classification and trace.output.size == 1:
        return words(f"For this {_thing(project)} it says {{}}.", value(out, precise(out)))
    if trace.output.size > 1:
        best = int(np.argmax(trace.output))
        classes = project.data.classes if len(project.data.classes) == trace.output.size else project.names[-1]
        return words(f"Its strongest answer is {classes[best]}: {{}}.", value(float(trace.output[best])))
    return words("It says {}.", value(out))


def _thing(project: Project) -> str:
    """What one row is."""
    data = project.data
    if data.image or data.texts:
        return "picture" if data.image else "review"
    return "point" if project.network.inputs == 2 else "row"


def _trend(snapshot: Snapshot) -> str:
    losses = snapshot.curve.losses
    if len(losses) < 3:
        return ""
    back = max(1, len(losses) // LOOK_BACK)
    before = float(losses[-1 - back])
    if abs(snapshot.loss - before) <= STEADY * abs(before):
        return "hardly moving"
    return "falling" if snapshot.loss < before else "rising"
