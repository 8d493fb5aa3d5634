"""One frozen record for each step, which the subtitle, the step list, the code pane, CSV and JSON all render."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from visualnn.nn.passes import overflowing
from visualnn.scene.formula import Part, Sentence
from visualnn.scene.frame import Place
from visualnn.scene.sentences import Story, parameter_index, sentence, weight_name
from visualnn.scene.timeline import Phase, Step
from visualnn.scene.workings import working


@dataclass(frozen=True, slots=True)
class StepRecord:
    """What one step does. `value` is what it computes, in an update the parameter after it; `before` that before."""

    number: int  # from 1
    phase: Phase
    kind: str
    place: Place
    name: str  # of what the place is about: a→c, c, bias of c, loss
    value: float
    before: float | None
    formula: Sentence
    sentence: Sentence


@overflowing
def record(story: Story, number: int) -> StepRecord:
    """Step 1 … len(story.timeline). Raises IndexError outside."""
    step = story.timeline.step(number)
    value, before = _numbers(story, step)
    answers = number == story.timeline.forward_length
    line = working(story.trace, story.names, step, answers=answers)
    return StepRecord(
        number,
        step.phase,
        step.kind,
        step.place,
        step_name(story, step),
        value + 0.0,
        before,
        line,
        _said(story, number),
    )  # + 0.0: no −0


def _said(story: Story, number: int) -> Sentence:
    """What the subtitle says; at the end of the update first of the last parameter, and then of the loss."""
    if number == len(story.timeline) and story.trace.updated is not None:
        return (*sentence(story, number - 0.5), Part(" "), *sentence(story, number))
    return sentence(story, number)


def records(story: Story) -> Iterator[StepRecord]:
    """All of them, in order."""
    for number in range(1, len(story.timeline) + 1):
        yield record(story, number)


def step_name(story: Story, step: Step) -> str:
    """What a step is about: a weight a→c, a neuron c, a bias, or the loss."""
    if step.kind in ("loss", "mean"):
        return "loss"
    if step.source is not None:
        return weight_name(story, step.layer, step.source, step.neuron)
    name = story.names[step.layer + 1][step.neuron]
    return f"bias of {name}" if step.place.kind == "bias" else name


def _numbers(story: Story, step: Step) -> tuple[float, float | None]:
    """What a step computes, and in the update what was there before."""
    trace = story.trace
    if step.phase == "Forward":
        return _forward(story, step), None
    if step.phase == "Loss":
        return _loss(story, step), None
    if step.phase == "Backward":
        return _slope(story, step), None
    assert trace.updated is not None
    index = parameter_index(trace.network, step)
    return float(trace.updated[index]), float(trace.parameters[index])


def _forward(story: Story, step: Step) -> float:
    layer, n = story.trace.layers[step.layer], step.neuron
    if step.kind == "multiply":
        i = step.source or 0
        return float(layer.x[i] * layer.w[i, n])
    values = {"sum": layer.total, "bias": layer.z, "activate": layer.f, "shortcut": layer.a}
    return float(values[step.kind][n])


def _loss(story: Story, step: Step) -> float:
    trace = story.trace
    assert trace.target is not None
    assert trace.loss is not None
    if step.kind == "miss":
        return float(trace.output[step.neuron] - trace.target[step.neuron])
    return trace.loss if step.kind == "loss" else float(trace.mean_loss or 0.0)


def _slope(story: Story, step: Step) -> float:
    slopes, n = story.trace.slopes[step.layer], step.neuron
    match step.kind:
        case "slope_output" | "slope_neuron":
            return float(slopes.da[n])
        case "slope_gate":
            return float(slopes.dz[n])
        case "slope_bias":
            return float(slopes.db[n])
    return slopes.of_weight(step.source or 0, n)
