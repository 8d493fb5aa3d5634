"""Every number of every step is the reference's, and the lines that work it out can be checked by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.nn.problems import Problem, problems
from tests.scene.samples import adder, adder_story
from visualnn.files import examples
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.network import neuron_names
from visualnn.nn.optimizers import DEFAULTS, OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.trace import Batch, Trace, trace
from visualnn.nn.training import Training
from visualnn.project import Project
from visualnn.scene.formula import plain
from visualnn.scene.sentences import Story, sentence
from visualnn.scene.steps import StepRecord, record, records
from visualnn.scene.timeline import Timeline

RULES = st.builds(
    lambda name, rate: Optimizer("sgd", rate).renamed(name) if DEFAULTS.get(name) is None else Optimizer(name, rate),
    st.sampled_from(OPTIMIZERS),
    st.sampled_from((0.5, 0.02, 1e-3)),
)


def story_of(made: Trace) -> Story:
    names = neuron_names(made.network, tuple(f"x{i + 1}" for i in range(made.network.inputs)))
    return Story(made, Timeline(made.network, made.loss_name, made.batch is not None), names)


def story_of_document(project: Project) -> Story:
    made = trace(project.network, project.parameters, project.sample, target=project.answer, options=project.options)
    return Story(made, Timeline(project.network, project.options.loss), project.names, project.data.rule == "sum")


@st.composite
def stories(draw: st.DrawFn) -> Story:
    problem: Problem = draw(problems(max_units=4, max_rows=5))
    network, parameters, data, loss = problem
    options = Options(optimizer=draw(RULES), loss=loss, l1=draw(st.sampled_from((0.0, 0.01))), clip_norm=5.0)
    if draw(st.booleans()):
        batch = Batch(data.inputs, data.targets, draw(st.integers(0, data.rows - 1)))
        return story_of(trace(network, parameters, batch=batch, options=options))
    return story_of(trace(network, parameters, data.inputs[0], target=data.targets[0], options=options))


@given(stories())
def test_every_number_is_that_of_the_reference(story: Story) -> None:
    made, told = story.trace, list(records(story))
    assert [each.number for each in told] == list(range(1, len(story.timeline) + 1))
    x = made.x[None] if made.batch is None else made.batch.inputs
    y = made.target[None] if made.batch is None else made.batch.targets
    z, a = reference.forward(made.network, made.parameters, made.x[None])
    loss, mean = reference.gradient(made.network, made.parameters, x, y, made.loss_name)
    _row_loss, own = reference.gradient(made.network, made.parameters, made.x[None], made.target[None], made.loss_name)
    task = Task.of(made.network, made.options, _rows(x, y))
    _loss, g = reference.batch_gradient(task, made.parameters, slice(None), 0)
    close = {"rtol": 1e-9, "atol": 1e-9}
    for each in told:
        layer, n, i = each.place.column - 1, each.place.neuron, each.place.source
        index = None if each.phase in ("Forward", "Loss") else _index(made, each)
        match each.kind:
            case "multiply":
                np.testing.assert_allclose(each.value, a[layer][0, i] * made.layers[layer].w[i, n], **close)
            case "bias":
                np.testing.assert_allclose(each.value, z[layer][0, n], **close)
            case "activate" if made.network.shortcuts[layer + 1] is None:
                np.testing.assert_allclose(each.value, a[layer + 1][0, n], **close)
            case "mean":
                np.testing.assert_allclose(each.value, loss, **close)
            case "slope_weight" | "slope_bias":
                np.testing.assert_allclose(each.value, own[index], **close)
                np.testing.assert_allclose(made.mean_gradient[index], mean[index], **close)
                np.testing.assert_allclose(made.gradient[index], g[index], **close)
            case "update_weight" | "update_bias":
                assert (each.before, each.value) == (made.parameters[index], made.updated[index])


def _rows(x: np.ndarray, y: np.ndarray):
    from visualnn.nn.data import Dataset

    return Dataset("rows", x.copy(), y.copy(), ())


def _index(made: Trace, each: StepRecord) -> int:
    place = each.place
    if place.source is None:
        return made.network.bias_index(place.column - 1, place.neuron)
    return made.network.weight_index(place.column - 1, place.source, place.neuron)


@given(problems(max_units=4), RULES, st.integers(1, 4), st.integers(1, 12))
def test_updates_one_after_the_other_are_those_of_the_training(
    problem: Problem, rule: Optimizer, updates: int, rows: int
) -> None:
    """Each from where the training stands; a slope of almost nothing may have either sign, where only that counts."""
    network, parameters, data, loss = problem
    options = Options(optimizer=rule, loss=loss, batch_size=rows, l2=0.01, clip_value=2.0)
    training = Training(network, data, options, parameters)
    for update in range(1, updates + 1):
        w, memory, picked = training.parameters.copy(), training.memory.copy(), training.next_rows()
        batch = Batch(data.inputs[picked], data.targets[picked])
        made = trace(network, w, batch=batch, options=options, memory=memory, update=update)
        assume(np.abs(made.gradient).max() < 1e6)
        training.run(1)
        np.testing.assert_allclose(made.memory_after, training.memory, rtol=1e-7, atol=1e-9)
        pushed = rule.beta1 * memory[0] + (1 - rule.beta1) * made.gradient if rule.name == "lion" else made.gradient
        sure = (np.abs(pushed) > 1e-6) | (rule.name in ("sgd", "momentum", "nesterov"))
        np.testing.assert_allclose(made.updated[sure], training.parameters[sure], rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", ["adder", "backprop", "xor", "circles"])
def test_a_line_with_an_equals_sign_can_be_checked_by_hand(name: str) -> None:
    checked = 0
    for each in records(story_of_document(examples.load(name))):
        line = plain(each.formula)
        found = _by_hand(line)
        if found is not None:
            left, right = found
            assert left.quantize(Decimal(right), ROUND_HALF_EVEN) == Decimal(right), (name, line)
            checked += 1
    assert checked > 40


@given(stories())
def test_every_line_with_an_equals_sign_can_be_checked_by_hand(story: Story) -> None:
    for each in records(story):
        line = re.sub(r" \(\d+ others\)", "", plain(each.formula))
        found = _by_hand(line)
        if found is not None:
            left, right = found
            assert abs(left - Decimal(right)) <= Decimal(1).scaleb(Decimal(right).as_tuple().exponent) * Decimal(
                "0.5001"
            ), line


def _by_hand(line: str) -> tuple[Decimal, str] | None:
    """What the left side of a line of plain arithmetic comes to, and its right side."""
    left, equal, right = line.partition(" = ")
    if not equal or not re.fullmatch(r"[−0-9.,×+÷²() e]+", left) or not re.fullmatch(r"[−0-9.,e]+", right):
        return None
    code = left.replace("²", "**2").replace("×", "*").replace("÷", "/").replace("−", "-").replace(",", "")
    code = re.sub(r"\d+(?:\.\d+)?(?:e-?\d+)?", lambda number: f"Decimal('{number[0]}')", code)
    return eval(code, {"Decimal": Decimal}), right.replace("−", "-").replace(",", "")


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (7, "2 × (−0.895) = −1.79"),
        (10, "max(0, −1.83) = 0"),
        (20, "4.03 × 0.794 + 0 × 1.17 + 3.27 × 0.241 = 3.99"),
        (21, "3.9896 − 4 = −0.0104"),
        (22, "(−0.010412)² = 0.000108"),
        (23, "2 × (3.9896 − 4) = −0.0208"),
        (28, "−0.0208 × 0.794 = −0.0165"),
        (43, "0.991 − (−0.100) = 1.091"),
        (55, "−0.00000929 − (−0.100) = 0.100"),
    ],
)
def test_the_lines_of_the_article(number: int, line: str) -> None:
    assert plain(record(adder_story(), number).formula) == line


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (23, "2 × (2.5 − 3) = −1.00"),
        (28, "−1 × 0.6 = −0.60"),
        (32, "−0.8 × 0 = 0.00"),
        (35, "−0.6 × 2 = −1.20"),
        (44, "1.000 − 0.02 × (−1.20) = 1.024"),
    ],
)
def test_the_lines_of_the_worked_card(number: int, line: str) -> None:
    assert plain(record(story_of_document(examples.load("backprop")), number).formula) == line


def test_a_record_says_what_the_subtitle_says() -> None:
    story = adder_story()
    *others, last = records(story)
    for each in others:
        assert each.sentence == sentence(story, each.number)
    at_the_end = plain(last.sentence)
    assert at_the_end == f"{plain(sentence(story, last.number - 0.5))} {plain(sentence(story, last.number))}"


def test_a_wide_sum_is_written_with_its_strongest_terms() -> None:
    project = examples.load("digits")
    story = story_of_document(project)
    number = story.timeline.find("sum", 0, 3)
    line = plain(record(story, number).formula)
    assert re.fullmatch(r".* \(61 others\) [=≈] .*", line)
    assert _by_hand(line.replace(" (61 others)", ""))[0] is not None


def test_the_mean_over_rows_is_a_step_of_its_own() -> None:
    project = adder()
    batch = Batch(np.array([[2.0, 2.0], [1.0, 2.0]]), np.array([[4.0], [3.0]]), 1)
    made = trace(project.network, project.parameters, batch=batch, options=project.options)
    story = Story(made, Timeline(project.network, "mse", batched=True), project.names, adding=True)
    assert len(story.timeline) == 56
    mean = record(story, 23)
    assert (mean.kind, mean.name, mean.value) == ("mean", "loss", made.mean_loss)
    assert mean.value == (made.batch_losses[0] + made.batch_losses[1]) / 2
    assert plain(mean.sentence) == "The mean over 2 rows is the loss: 0.0000963."
    weight = record(story, story.timeline.find("slope_weight", 1, 0))
    assert "Over all 2 rows it lowers the loss: −0.0699." in plain(weight.sentence)


def test_a_step_too_small_to_be_seen_is_not_said_to_go_anywhere() -> None:
    project = examples.load("backprop")
    options = replace(project.options, optimizer=Optimizer("sgd", rate=1e-12))
    made = trace(project.network, project.parameters, project.sample, target=project.answer, options=options)
    story = Story(made, Timeline(project.network, "mse"), project.names, adding=True)
    assert plain(record(story, 44).sentence).startswith("Weight b→c moves by 1.20e−12, hardly at all")
