"""One plain sentence for every operation, with the numbers of this very pass."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from visualnn.nn.by_hand import CROSS_ENTROPIES
from visualnn.nn.network import Network
from visualnn.nn.passes import overflowing
from visualnn.nn.trace import Trace
from visualnn.project import Project
from visualnn.scene.curves import TITLES
from visualnn.scene.formula import (
    Part,
    Sentence,
    percent,
    precise,
    product_parts,
    short,
    signed,
    step_words,
    summable,
    telling,
    unlike,
    value,
    words,
)
from visualnn.scene.misses import loss_sentence
from visualnn.scene.timeline import Phase, Step, Timeline
from visualnn.scene.updates import next_update


@dataclass(frozen=True, eq=False)
class Story:
    """What the sentences need to know: the pass, its names, and whether the task is adding."""

    trace: Trace
    timeline: Timeline
    names: tuple[tuple[str, ...], ...]
    adding: bool = False
    classification: bool = False
    classes: tuple[str, ...] = ()  # what the outputs stand for


def story_of(project: Project, trace: Trace, timeline: Timeline | None = None) -> Story:
    """What there is to say of a trace of a project."""
    if timeline is None:
        loss = None if trace.target is None else trace.loss_name
        timeline = Timeline(trace.network, loss, trace.batch is not None)
    data = project.data
    return Story(trace, timeline, project.titles, data.rule == "sum", data.classification, data.classes)


@overflowing
def sentence(story: Story, t: float, *, flowing: bool = False) -> Sentence:
    """What happens at moment t; `flowing`: by whole layers, where these can be seen at work."""
    if flowing and story.timeline.flows_at(t):
        step = story.timeline.step(ceil(t))
        return layer_sentence(story.trace.network, step.layer, step.phase)
    step_number = min(len(story.timeline), ceil(t))
    if step_number == 0:
        return _opening(story)
    step = story.timeline.step(step_number)
    match step.phase:
        case "Forward":
            return _forward(story, step)
        case "Loss":
            return _loss(story, step)
        case "Backward":
            return _backward(story, step)
        case "Update":
            if t >= len(story.timeline):
                return run_again(story.trace)
            return _update(story, step)


def _opening(story: Story) -> Sentence:
    inputs = [value(float(v), short(float(v))) for v in story.trace.x[:4]]
    if len(inputs) == 1:
        return words("The input is {}. Press play to follow it.", *inputs)
    if story.trace.x.size > 4:
        return (Part(f"{story.trace.x.size} inputs wait. Press play to follow them."),)
    listed = ", ".join(["{}"] * (len(inputs) - 1)) + " and {}"
    return words(f"The inputs are {listed}. Press play to follow them.", *inputs)


def layer_sentence(network: Network, layer: int, phase: Phase = "Forward") -> Sentence:
    """What a whole layer does at once."""
    units, inputs = network.sizes[layer + 1], network.sizes[layer]
    hidden = "Hidden layer" if len(network.layers) == 2 else f"Hidden layer {layer + 1}"
    title = "Output" if layer == len(network.layers) - 1 else hidden
    weights = f"{_counted(units * inputs, 'weight')} and {_counted(units, 'bias', 'biases')}"
    if phase == "Backward":
        return (Part(f"{title}: slopes come back to {weights}."),)
    if phase == "Update":
        return (Part(f"{title}: {weights} take their step."),)
    each = "" if units == 1 else " each"
    then = "" if network.activations[layer] == "linear" else f", then {TITLES[network.activations[layer]][0]}"
    return (Part(f"{title}: {_counted(units, 'sum')} of {_counted(inputs, 'product')}{each}{then}."),)


def _counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _forward(story: Story, step: Step) -> Sentence:
    layer = story.trace.layers[step.layer]
    n = step.neuron
    name = story.names[step.layer + 1][n]
    match step.kind:
        case "multiply":
            i = step.source or 0
            decimals = summable(layer.products[:, n], float(layer.total[n]))
            a, w, p = product_parts(float(layer.x[i]), float(layer.w[i, n]), decimals)
            return words("{} times its weight {} makes {}.", a, w, p)
        case "sum":
            return words(f"Neuron {name} adds them up: {{}}.", value(float(layer.total[n])))
        case "bias":
            if step.number == story.timeline.forward_length:
                return answer(story)
            return words("The bias {} moves the sum to {}.", value(float(layer.b[n])), value(float(layer.z[n])))
        case _:
            if step.number == story.timeline.forward_length:
                return answer(story)
            return _passing_on(story, step, name)


def _passing_on(story: Story, step: Step, name: str) -> Sentence:
    """What becomes of a sum before it leaves its neuron."""
    if step.kind == "activate":
        return _activation(story, step, name)
    layer, source = story.trace.layers[step.layer], story.trace.network.shortcuts[step.layer + 1]
    assert layer.shortcut is not None
    assert source is not None
    added, a = float(layer.shortcut[step.neuron]), float(layer.a[step.neuron])
    giver = story.names[source][step.neuron]
    return words(f"The shortcut from {giver} adds {{}}: {name} passes on {{}}.", value(added), value(a))


def _activation(story: Story, step: Step, name: str) -> Sentence:
    layer = story.trace.layers[step.layer]
    z, f = float(layer.z[step.neuron]), float(layer.f[step.neuron])
    kind = story.trace.network.activations[step.layer]
    if kind == "relu":
        if z > 0:
            return words("ReLU lets {} through unchanged.", value(z))
        then = "" if layer.shortcut is not None else f": neuron {name} passes nothing on"
        return words(f"ReLU clips {{}} to {{}}{then}.", value(z), Part("0", "text"))
    if f == z:
        return words(f"{TITLES[kind][0]} lets {{}} through unchanged.", value(z))
    return words(f"{TITLES[kind][0]} turns {{}} into {{}}.", value(z), value(f, precise(f)))


def answer(story: Story) -> Sentence:
    """The network's answer in words."""
    x, out = story.trace.x, [float(v) for v in story.trace.output]
    if story.adding:
        sum_text = " + ".join([short(float(x[0])), *(signed(short(float(v))) for v in x[1:])])
        return words(f"The network says {sum_text} = {{}}.", value(out[0], telling(out[0])))
    if len(out) == 1:
        if story.classification and story.trace.network.activations[-1] == "sigmoid":
            return words("The network is {} sure that this is blue.", Part(percent(out[0]), "text"))
        return words("The network says {}.", value(out[0]))
    best = max(range(len(out)), key=out.__getitem__)
    if len(story.classes) == len(out) and story.trace.network.activations[-1] == "softmax":
        return words(
            "The network says {}: {} sure.", Part(story.classes[best], "accent"), Part(percent(out[best]), "text")
        )
    name = story.names[-1][best]
    return words(f"The strongest answer is {name}: {{}}.", value(out[best], precise(out[best])))


def _loss(story: Story, step: Step) -> Sentence:
    if step.kind == "mean":
        mean = story.trace.mean_loss
        assert mean is not None
        return words(f"The mean over {story.trace.rows} rows is the loss: {{}}.", _small(mean))
    words_of_row = loss_sentence(story.trace, None if step.kind == "loss" else step.neuron)
    if story.trace.batch is None or step.kind != "loss":
        return words_of_row
    return tuple(Part(part.text.replace("the loss", "this row’s loss"), part.role) for part in words_of_row)


def _small(v: float) -> Part:
    return value(v, precise(v))


def weight_name(story: Story, layer: int, source: int, neuron: int) -> str:
    """b→c"""
    return f"{story.names[layer][source]}→{story.names[layer + 1][neuron]}"


def _backward(story: Story, step: Step) -> Sentence:
    slopes = story.trace.slopes[step.layer]
    n, name = step.neuron, story.names[step.layer + 1][step.neuron]
    match step.kind:
        case "slope_output":
            what = "output" if story.trace.network.outputs == 1 else f"output {name}"
            if story.trace.loss_name in CROSS_ENTROPIES:
                what = f"sum at {name}"
            return _reaction(f"A larger {what}", float(slopes.da[n]), would=True)
        case "slope_neuron":
            return _reaction(f"A larger output of neuron {name}", float(slopes.da[n]), would=True)
        case "slope_gate":
            return _gate(story, step)
        case "slope_bias":
            return _of_parameter(story, step, f"A larger bias of {name}", float(slopes.db[n]))
    weight = weight_name(story, step.layer, step.source or 0, n)
    return _of_parameter(story, step, f"A larger weight {weight}", slopes.of_weight(step.source or 0, n))


def _of_parameter(story: Story, step: Step, subject: str, slope: float) -> Sentence:
    """How the loss reacts; in a batch that of this row, and then their mean, which may react the other way."""
    trace = story.trace
    if trace.batch is None:
        return _reaction(subject, slope)
    assert trace.mean_gradient is not None
    mean = float(trace.mean_gradient[parameter_index(trace.network, step)])
    moves = "lowers" if mean < 0 else "raises" if mean else "does not move"
    over_all = words(f" Over all {trace.rows} rows it {moves} the loss: {{}}.", _small(mean))
    return _reaction(subject, slope, loss="this row’s loss") + over_all


def _reaction(subject: str, slope: float, would: bool = False, loss: str = "the loss") -> Sentence:
    if slope == 0:
        thing = subject.removeprefix("A larger ")
        return (Part(f"The {thing} does not matter for this row: slope "), Part("0", "zero"), Part("."))
    verb = ("would lower" if would else "lowers") if slope < 0 else ("would raise" if would else "raises")
    return words(f"{subject} {verb} {loss}: slope {{}}.", _small(slope))


def _gate(story: Story, step: Step) -> Sentence:
    slopes, layer = story.trace.slopes[step.layer], story.trace.layers[step.layer]
    kind = story.trace.network.activations[step.layer]
    da, dz, title = float(slopes.da[step.neuron]), float(slopes.dz[step.neuron]), TITLES[kind][0]
    if da == 0:
        return (Part(f"No slope arrives at {title} here."),)
    if kind == "relu":
        if layer.z[step.neuron] > 0:
            return words("ReLU was open here: the slope {} passes through.", _small(dz))
        return (Part("ReLU was closed here, so no slope gets through."),)
    if da == dz:
        return words(f"{title} was open here: the slope {{}} passes through.", _small(dz))
    if dz == 0:
        return (Part(f"{title} is level here, so no slope gets through."),)
    if 0 < dz / da < 1:
        return words(f"{title} lets {{}} of the slope {{}} through.", _small(dz), _small(da))
    return words(f"{title} turns the slope {{}} into {{}}.", _small(da), _small(dz))


def _update(story: Story, step: Step) -> Sentence:
    trace = story.trace
    assert trace.gradient is not None
    assert trace.updated is not None
    assert trace.optimizer is not None
    index = parameter_index(trace.network, step)
    if step.source is None:
        what = f"The bias of {story.names[step.layer + 1][step.neuron]}"
    else:
        what = f"Weight {weight_name(story, step.layer, step.source, step.neuron)}"
    before, after = float(trace.parameters[index]), float(trace.updated[index])
    how = step_words(trace.optimizer)
    if before == after:
        why = "its slope is 0" if trace.gradient[index] == 0 else "the step is too small"
        return words(f"{what} stays at {{}}: {why}.", value(before, unlike(before, before)))
    outlook = next_update(trace, index)
    assert outlook is not None
    first, *_, last = outlook.formula
    if first.text == last.text:
        return words(f"{what} moves by {{}}, hardly at all: {how}.", _small(after - before))
    return words(f"{what} goes from {{}} to {{}}: {how}.", first, last)


def run_again(trace: Trace) -> Sentence:
    """The loss of the same rows before the update and after it."""
    before, after = trace.mean_loss, trace.loss_after
    assert before is not None
    assert after is not None
    if after == before:
        return words("Same inputs again: the loss stays at {}.", _small(after))
    falls = "the loss falls" if after < before else "too large a step, the loss rises"
    digits = next((d for d in range(3, 17) if precise(before, d) != precise(after, d)), 3)
    texts = value(before, precise(before, digits)), value(after, precise(after, digits))
    return words(f"Same inputs again: {falls} from {{}} to {{}}.", *texts)


def parameter_index(network: Network, step: Step) -> int:
    """Which of the flat parameters a step of the backward pass or the update is about."""
    return network.parameter_index(step.layer, step.neuron, step.source)
