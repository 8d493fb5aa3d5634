"""The update in the Inspector: the slope, the optimizer's arithmetic, before and after."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.formulas import amount, computed, rounds_to
from tests.scene.samples import adder, adder_trace
from tests.scene.test_chain import at, worked_card
from visualnn.files import examples
from visualnn.nn.network import neuron_names
from visualnn.nn.optimizers import MEMORY_SLOTS, OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.trace import Batch, Trace, trace
from visualnn.scene.formula import plain
from visualnn.scene.frame import Place
from visualnn.scene.inspection import inspect
from visualnn.scene.timeline import Timeline

B_TO_C = Place("weight", 1, 0, 1)


def test_adam_on_the_worked_card():
    shown = at(worked_card(name="adam"), "update_weight", B_TO_C)
    assert [(row.label, plain(row.below), row.result.text) for row in shown.rows] == [
        ("Slope of the loss", "", "−1.20"),
        ("First moment m", "0.9 × 0 + 0.1 × (−1.2)", "−0.1200"),
        ("Second moment v", "0.999 × 0 + 0.001 × (−1.2)²", "0.00144"),
        ("m̂, corrected", "−0.12 ÷ (1 − 0.9¹)", "−1.2000"),
        ("v̂, corrected", "0.00144 ÷ (1 − 0.999¹)", "1.4400"),
        ("Step", "0.02 × (−1.2) ÷ (√1.44 + 1e−8)", "−0.0200"),
        ("Before", "", "1.000"),
        ("Change", "", "0.020"),
    ]
    assert (shown.subtitle, shown.total.label, shown.total.result.text) == ("Adam", "After", "1.020")


@pytest.mark.parametrize(("rate", "answer"), [(0.01, 3.99669701), (0.02, 4.00380962), (0.1, 4.0608)])
def test_the_same_inputs_are_run_again(rate, answer):
    project = adder()
    optimizer, target = Optimizer("sgd", rate), np.array([4.0])
    made = trace(project.network, project.parameters, np.array([2.0, 2.0]), target=target, optimizer=optimizer)
    shown = at(made, "update_bias", Place("bias", 2, 0))
    assert shown.outlook.title == "Same inputs again"
    before, after = (amount(part.text) for part in shown.outlook.formula if part.role == "text")
    assert before == pytest.approx((3.9895875278 - 4) ** 2, rel=5e-3)
    assert after == pytest.approx((answer - 4) ** 2, rel=5e-3)
    assert at(made, "update_bias", Place("bias", 1, 0)).outlook is None


def test_penalties_and_clipping_stand_before_the_step():
    project = examples.load("backprop")
    options = Options(Optimizer("sgd", 0.02), l1=0.5, l2=0.25, clip_value=0.04, clip_norm=0.1)
    batch = Batch(np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([[3.0], [4.0]]))
    made = trace(project.network, project.parameters, batch=batch, options=options)
    shown = at(made, "update_weight", B_TO_C)
    assert [row.label for row in shown.rows] == [
        "Slope of this row",
        "Mean of 2 rows",
        "With the L1 penalty",
        "With the L2 penalty",
        "Clipped",
        "All slopes clipped",
        "Step",
        "Before",
        "Change",
    ]
    step = next(row for row in shown.rows if row.label == "Step")
    assert amount(step.exact) == options.optimizer.rate * made.gradient[made.network.weight_index(0, 1, 0)]


def test_a_chosen_parameter_has_its_chain_until_its_update():
    made, place = worked_card(), B_TO_C
    timeline, names = Timeline(made.network, "mse"), neuron_names(made.network)
    before, at_work, after = (inspect(made, names, place, timeline.step(number)) for number in (43, 44, 50))
    assert before.outlook.title == "Next: the update"
    assert [row.label for row in at_work.rows][-2:] == ["Before", "Change"]
    assert after == at_work


def test_every_parameter_is_shown_before_and_after() -> None:
    traced = adder_trace()
    timeline = Timeline(traced.network, "mse")
    for number in range(43, 56):
        step = timeline.step(number)
        shown = inspect(traced, neuron_names(traced.network), step.place, step)
        before, change = shown.rows[-2:]
        assert traced.updated is not None
        assert shown.total is not None
        assert amount(before.exact) in traced.parameters
        assert amount(shown.total.exact) in traced.updated
        if shown.total.equal == "=":
            whole = amount(before.result.text) + amount(change.result.text)
            assert rounds_to(whole, shown.total.result.text)


@st.composite
def updates(draw: st.DrawFn) -> Trace:
    project, name = examples.load("backprop"), draw(st.sampled_from(OPTIMIZERS))
    random = np.random.default_rng(draw(st.integers(0, 99)))
    decay, l1, clip = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    optimizer = Optimizer(name, draw(st.sampled_from((0.02, 0.003))), weight_decay=0.01 * decay)
    options = Options(optimizer, l1=0.01 * l1, l2=0.02 * l1, clip_value=0.3 if clip else None)
    count = project.network.parameter_count
    return trace(
        project.network,
        random.normal(size=count),
        random.normal(size=2),
        target=random.normal(size=1),
        options=options,
        memory=np.abs(random.normal(0, 0.1, (MEMORY_SLOTS[name], count))),
        update=draw(st.integers(1, 30)),
    )


@given(updates())
def test_equal_is_true_in_every_line(made):
    timeline = Timeline(made.network, "mse")
    for number in range(43, 56):
        step = timeline.step(number)
        for row in inspect(made, neuron_names(made.network), step.place, step).rows:
            formula = (*row.factors, *row.below)
            if row.equal == "=" and formula:
                assert rounds_to(computed(formula), row.result.text), (plain(formula), row.result.text)
