"""The numbers beside the lines are those of the steps, whatever is shown: one by one, in loops or as arrays."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given

from tests.scene.samples import adder
from tests.scene.test_code_program import Lesson, lessons
from visualnn.files import examples
from visualnn.nn.network import Network, neuron_names
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.trace import trace
from visualnn.scene.code import FORMS, Listing, computed, listing, valued_lines
from visualnn.scene.code.values import spot_of
from visualnn.scene.sentences import Story
from visualnn.scene.steps import StepRecord, records
from visualnn.scene.timeline import Timeline


def story_of(lesson: Lesson) -> Story:
    taught = lesson.trace
    timeline = Timeline(lesson.network, lesson.options.loss, taught.batch is not None)
    return Story(taught, timeline, neuron_names(lesson.network))


def beside(made: Listing, story: Story, record: StepRecord) -> float | None:
    """The number that a step makes beside its line, None if it makes none yet."""
    step = story.timeline.step(record.number)
    placed = made.at(step.phase, story.timeline)
    index = placed.lit(step)
    assert index is not None
    spot, ready = spot_of(placed.lines[index], step, placed.due[index])
    if ready != record.number:
        return None
    value = computed(story.trace, spot)
    return value if isinstance(value, float) else float(value[step.neuron])


@given(lessons())
@pytest.mark.parametrize("form", FORMS)
def test_the_number_beside_a_line_is_that_of_its_step(form: str, lesson: Lesson) -> None:
    story = story_of(lesson)
    made = listing(story.trace, story.names, form)
    found = [(record, beside(made, story, record)) for record in records(story)]
    assert all(value in (None, record.value) for record, value in found)
    ends = [record.kind for record, value in found if value is not None]
    assert {"loss", "slope_weight", "slope_bias", "update_weight", "update_bias"} <= set(ends)
    if form == "numpy":
        counts = Counter(record.kind for record, _value in found)
        assert all(ends.count(kind) == counts[kind] for kind in ("bias", "miss", "slope_weight", "update_weight"))


@given(lessons())
@pytest.mark.parametrize("form", FORMS)
def test_one_line_is_lit_in_every_step_and_at_the_end_of_a_phase_all_is_known(form: str, lesson: Lesson) -> None:
    story = story_of(lesson)
    made, end = listing(story.trace, story.names, form), 0
    for _phase, steps in story.timeline.phases:
        for number in (end + 1, end + steps):
            lines = valued_lines(made, story.trace, story.timeline, number, 2)
            assert sum(line.lit for line in lines) == 1
        assert not any(line.value == "…" for line in lines)
        end += steps


def shown(form: str, t: float, rule: str = "sgd") -> list[tuple[str, str]]:
    project = examples.load("backprop")
    options = Options(Optimizer(rule, 0.02))
    taught = trace(project.network, project.parameters, project.sample, target=np.array([3.0]), options=options)
    timeline, made = Timeline(project.network, "mse"), listing(taught, project.names, form)
    return [(line.line.text, line.value) for line in valued_lines(made, taught, timeline, t, 2)]


def test_the_worked_card_in_plain_python() -> None:
    assert shown("python", 22) == [("miss = f - y", "−0.50"), ("loss = miss*miss", "0.25")]
    backward = shown("python", 35)
    assert backward[0] == ("df = 2*(f - y)", "−1.00")
    assert backward[5] == ("dc = df*wcf * (c > 0)", "−0.60")
    assert backward[9:11] == [("dwbc = dc * b", "−1.20"), ("dwad = dd * a", "…")]
    assert shown("python", 44)[:3] == [
        ("wac -= rate * dwac", "0.512"),
        ("wbc -= rate * dwbc", "1.024"),
        ("wad -= rate * dwad", "…"),
    ]
    assert shown("python", 55)[-1] == ("loss_after = learn(*row)[0]", "0.0383")


def test_the_worked_card_with_arrays() -> None:
    assert shown("numpy", 35) == [
        ("d2 = 2*miss", "[−1.00]"),
        ("dw2 = x1[:, None] * d2", "3×1"),
        ("db2 = d2", "[−1.00]"),
        ("d1 = add_up(d2, w2.T) * (x1 > 0)", "[−0.60, …, −0.50]"),
        ("dw1 = x0[:, None] * d1", "[1, 0] −1.20"),
        ("db1 = d1", "…"),
    ]


@pytest.mark.parametrize(
    ("form", "step", "line", "value"),
    [
        ("numpy", 6, 1, "[1] …"),  # one product is not the sum
        ("numpy", 9, 1, "[1] −0.50"),
        ("numpy", 14, 1, "[2.50, …, 2.00]"),
        ("numpy", 10, 2, "[1] 0.00"),
        ("numpy", 29, 3, "[1] …"),
        ("numpy", 32, 3, "[1] 0.00"),
        ("numpy", 33, 3, "[−0.60, …, −0.50]"),
    ],
)
def test_beside_a_line_for_a_layer_stands_which_number_is_worked_on(form, step, line, value) -> None:
    assert shown(form, step)[line + (step < 21)][1] == value


def test_adam_is_written_out_for_every_weight() -> None:
    assert shown("python", 43, "adam")[:4] == [
        ("mwac = beta1*mwac + (1 - beta1)*dwac", "−0.0600"),
        ("vwac = beta2*vwac + (1 - beta2)*dwac*dwac", "0.000360"),
        ("wac -= rate * (mwac/fix1) / (sqrt(vwac/fix2) + eps)", "0.520"),
        ("mwbc = beta1*mwbc + (1 - beta1)*dwbc", "…"),
    ]


def test_lines_stay_the_same_while_numbers_change() -> None:
    project = adder()
    first = listing(trace(project.network, project.parameters, project.sample), project.names)
    other = listing(trace(project.network, 2 * project.parameters, project.sample), project.names)
    assert first.run is other.run


def test_a_wide_network_has_a_line_for_a_layer() -> None:
    network = Network.of(64, 32, 10, output="softmax")
    lesson = Lesson(network, Options(Optimizer("sgd"), "cross_entropy"), 1)
    made = listing(lesson.trace, neuron_names(network))
    assert [line.text for line in made.backward] == [
        "d2 = [p - t for p, t in zip(x2, y)]",
        "dw2 = outer(x1, d2)",
        "db2 = d2",
        "d1 = [s * (p > 0) for s, p in zip(back(d2, w2), x1)]",
        "dw1 = outer(x0, d1)",
        "db1 = d1",
    ]


def test_of_a_very_deep_network_the_lines_around_the_lit_one_are_shown() -> None:
    network = Network.of(*[3] * 1001)
    lesson = Lesson(network, Options(Optimizer("sgd")), 1)
    timeline, made = Timeline(network, "mse"), listing(lesson.trace, neuron_names(network))
    lines = valued_lines(made, lesson.trace, timeline, timeline.forward_length // 2, 2)
    texts = [line.line.text for line in lines]
    (lit,) = (index for index, line in enumerate(lines) if line.lit)
    assert texts[lit].strip().startswith(("x500", "z500"))
    assert texts[0].startswith("    # ")
    assert texts[-1].startswith("    # ")
    assert sum(int(texts[at].split()[1].replace(",", "")) for at in (0, -1)) + len(texts) - 2 == len(made.run)
